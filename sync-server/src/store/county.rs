//! The county itself: its epochs, backups, audit log.

use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId, RecordId};

use super::{DamagedRow, Seq, StoreError};

/// What the county is, from its founding on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct County {
    /// Its id: device tokens begin with it.
    pub id: CountyId,
    /// When it was founded, UTC milliseconds.
    pub founded_ms: i64,
    /// No row of the log at or below it is kept.
    pub log_floor: Seq,
}

/// A life of the county's log: founding starts the first, every restore another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// Its random name, which stands in cursors.
    pub name: [u8; 8],
    /// The number under which the county's own people write in this epoch.
    pub own_device: DeviceNumber,
    /// Their Automerge actor in this epoch.
    pub own_actor: ActorId,
    /// The last row of the log before it.
    pub after: Seq,
    /// When it started, UTC milliseconds.
    pub started_ms: i64,
}

/// A finished backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The last row of the log in it: the watermark.
    pub covers: Seq,
    /// When it was taken, UTC milliseconds.
    pub taken_ms: i64,
}

/// Something that is done with personal data (PRODUCT.md, "Privacy" 11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// When, UTC milliseconds.
    pub ms: i64,
    /// Who; `None` for the county's own working.
    pub who: Option<PersonId>,
    /// What was done, a stable code.
    pub what: String,
    /// To which record, if to one.
    pub record: Option<RecordId>,
    /// Why, in their words or as a code.
    pub why: String,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records.
    pub records: u64,
    /// Admitted facts.
    pub facts: u64,
    /// Admitted plan changes.
    pub plan_changes: u64,
    /// Held items that wait for something.
    pub waiting: u64,
    /// Held items in quarantine.
    pub quarantined: u64,
    /// Held items of records that retention has forgotten.
    pub late: u64,
    /// Devices of any state.
    pub devices: u64,
    /// Forgotten records.
    pub tombstones: u64,
}

/// What a look at every row of a county's file came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Whether SQLite's own check finds nothing.
    pub file_is_sound: bool,
    /// Rows that do not match their sum or their hash.
    pub damaged: u64,
    /// Those of them that can be given again.
    pub rows: Vec<DamagedRow>,
    /// Counts of rows, by table and by whom they are of, that are not what was written.
    pub tallies_that_differ: u64,
    /// The county; none before its founding.
    pub county: Option<CountyId>,
    /// The current epoch's name.
    pub epoch: Option<[u8; 8]>,
    /// The newest row of the log.
    pub head: Seq,
    /// Records.
    pub records: u64,
    /// Admitted facts.
    pub facts: u64,
    /// Admitted plan changes.
    pub plan_changes: u64,
    /// Plans.
    pub plans: u64,
    /// Side values.
    pub side_values: u64,
    /// Held items.
    pub held: u64,
}

impl Checked {
    /// Whether all of it is as it was written.
    pub fn is_sound(&self) -> bool {
        self.amiss() == 0
    }

    /// What is not as it was written: rows, counts of rows, the file itself.
    pub fn amiss(&self) -> u64 {
        self.damaged + self.tallies_that_differ + u64::from(!self.file_is_sound)
    }
}

/// Reading about the county.
pub trait ReadCounty {
    /// The county; `None` before its founding.
    fn county(&self) -> Result<Option<County>, StoreError>;
    /// Every epoch, the current one last.
    fn epochs(&self) -> Result<Vec<Epoch>, StoreError>;
    /// The current epoch; `None` before the founding.
    fn epoch(&self) -> Result<Option<Epoch>, StoreError> {
        Ok(self.epochs()?.pop())
    }
    /// The highest device number that was ever given; 0 before the founding.
    fn last_device(&self) -> Result<DeviceNumber, StoreError>;
    /// Every backup, the newest last.
    fn backups(&self) -> Result<Vec<Backup>, StoreError>;
    /// The audit log after this entry (0 for the start), oldest first, with each entry's number.
    fn audit(&self, after: u64, limit: usize) -> Result<Vec<(u64, Audit)>, StoreError>;
    /// The number of the newest entry of the audit log; 0 while it is empty.
    fn audit_head(&self) -> Result<u64, StoreError>;
    /// How many there were of what is not kept, by name, in the order of the names.
    fn tallies(&self) -> Result<Vec<(String, u64)>, StoreError>;
    /// What somebody owed by records that were forgotten, in fen; negative where it was owed to them.
    fn cash_carried(&self, person: PersonId) -> Result<i64, StoreError>;
    /// How much there is, for metrics. Looks at every row's index entry: some milliseconds in a large county.
    fn counts(&self) -> Result<Counts, StoreError>;
}

/// Writing about the county.
pub trait WriteCounty {
    /// Founds the county, once. The log is empty, the first device number is 1.
    fn found_county(&mut self, id: CountyId) -> Result<(), StoreError>;
    /// Starts an epoch whose `own_device` was taken by [`Self::take_device_number`].
    fn start_epoch(
        &mut self,
        name: [u8; 8],
        own_device: DeviceNumber,
        own_actor: ActorId,
    ) -> Result<(), StoreError>;
    /// A device number that was never given before. It is used up even if nobody enrols with it.
    fn take_device_number(&mut self) -> Result<DeviceNumber, StoreError>;
    /// Makes numbers up to `last` count as given, as the journal of a lost county says.
    fn skip_device_numbers(&mut self, last: DeviceNumber) -> Result<(), StoreError>;
    /// Notes a finished backup that covers the log up to this row.
    fn note_backup(&mut self, covers: Seq) -> Result<(), StoreError>;
    /// Adds to the audit log.
    fn append_audit(
        &mut self,
        who: Option<PersonId>,
        what: &str,
        record: Option<RecordId>,
        why: &str,
    ) -> Result<(), StoreError>;
    /// Drops audit entries older than this, and says how many (retention).
    fn drop_audit(&mut self, before_ms: i64) -> Result<u64, StoreError>;
    /// Counts so many more under this name.
    fn tally(&mut self, name: &str, more: u64) -> Result<(), StoreError>;
    /// Adds to what is carried on of what somebody owed by records that are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a sum beyond 64 bits.
    fn carry_cash(&mut self, person: PersonId, fen: i64) -> Result<(), StoreError>;
}
