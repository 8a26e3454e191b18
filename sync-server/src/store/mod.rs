//! The county's store: everything that the county knows, in one place with one writer.
//!
//! # What every backend promises
//!
//! 1. **One writer.** Jobs run one at a time, those of one device, and those of the county itself, in the order in which
//!    they were handed over. Whose jobs took little of the writer's time lately may go before others.
//! 2. **All or nothing.** A job that answers `Err`, or panics, leaves nothing behind and hurts no other job.
//! 3. **A job sees all that earlier jobs wrote**, also what is not durable yet. So no answer, not even an
//!    error, leaves the store before all that it may rest on is durable: if the commit fails, every job of it
//!    is answered with the commit's error and nothing of any is kept.
//! 4. **Answered means durable**: after `commit` with `synchronous=FULL` (the memory backend has no disk).
//!    A caller that goes away takes no answer, and its job is done all the same: jobs must be idempotent.
//! 5. **Readers see one moment**: what was committed when the read began, until it ends. They never wait for
//!    the writer, nor it for them. A read that begins after an answer sees what it answered.
//! 6. **The log has no gaps**: rows are numbered from 1 in the order of admission; a job that failed leaves
//!    no hole. Numbers of devices, held items and audit entries rise and are never given twice, but may skip.
//! 7. **Damage is found when it is read**: bytes that do not match their hash are [`StoreError::Damaged`], or
//!    [`Item::Damaged`] in a page, and are never returned.
//! 8. **A verb that answers an error may have done half**: its job must answer an error too.
//! 9. **A full disk** ([`StoreError::Full`]) refuses the jobs of that commit; the writer lives on.
//!
//! Time and randomness come in with each job as its [`Moment`]; the store has neither clock nor dice.
//! What takes long (the trial of a plan change) is done outside the writer, against a read; the job then
//! compares what it read ([`RecordRow::version`], [`ChangePush::tried_at`]) and writes only if it still holds.

mod changes;
mod county;
mod devices;
mod error;
mod facts;
mod grants;
mod held;
mod job;
mod log;
mod memory;
mod people;
mod recall;
mod records;
mod set_aside;
mod sides;
mod sqlite;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use saddlebag_records::id::DeviceNumber;

pub use changes::{ChangeHead, ChangePush, ChangeRow, ChangesTaken, ReadChanges, WriteChanges};
pub use county::{Audit, Backup, Checked, Counts, County, Epoch, ReadCounty, WriteCounty};
pub use devices::{
    Announced, Author, Device, DeviceState, KeptAnswer, NewDevice, OneTimeNumber, ReadDevices, Touch,
    WriteDevices,
};
pub use error::StoreError;
pub use facts::{FactPush, FactRow, Fate, NewFact, Number, ReadFacts, WriteFacts};
pub use grants::{GrantDiff, GrantRow, ReadGrants, WriteGrants};
pub use held::{Held, HeldId, HeldItem, HeldState, NewHeldChange, ReadHeld, WriteHeld};
pub use job::Answer;
use job::{Job, Pending};
pub use log::{Item, LogRow, ReadLog, Seq, What, WriteLog};
pub use people::{EnrolmentCode, Membership, Person, ReadPeople, WritePeople};
pub use recall::{Recall, Recalled};
pub use records::{ForgetReason, NewRecord, PlanRow, ReadRecords, RecordRow, Tombstone, WriteRecords};
pub use set_aside::{DamagedRow, LostName, ReadSetAside, SetAside, WriteSetAside};
pub use sides::{NewSide, ReadSides, SideAt, SideKey, SideRow, SideTaken, WriteSides};

/// One moment of the county, to read.
pub trait ReadTx:
    ReadCounty
    + ReadPeople
    + ReadDevices
    + ReadRecords
    + ReadFacts
    + ReadChanges
    + ReadSides
    + ReadHeld
    + ReadGrants
    + ReadLog
    + ReadSetAside
{
}

impl<T> ReadTx for T where
    T: ReadCounty
        + ReadPeople
        + ReadDevices
        + ReadRecords
        + ReadFacts
        + ReadChanges
        + ReadSides
        + ReadHeld
        + ReadGrants
        + ReadLog
        + ReadSetAside
{
}

/// The county at the end of all jobs so far, to read and write.
pub trait WriteTx:
    ReadTx
    + WriteCounty
    + WritePeople
    + WriteDevices
    + WriteRecords
    + WriteFacts
    + WriteChanges
    + WriteSides
    + WriteHeld
    + WriteGrants
    + WriteLog
    + WriteSetAside
    + Recall
{
}

impl<T> WriteTx for T where
    T: ReadTx
        + WriteCounty
        + WritePeople
        + WriteDevices
        + WriteRecords
        + WriteFacts
        + WriteChanges
        + WriteSides
        + WriteHeld
        + WriteGrants
        + WriteLog
        + WriteSetAside
        + Recall
{
}

/// The device for which a job is done; none for the county's own working and its people's acts.
pub type Whose = Option<DeviceNumber>;

/// When a job is done, and the random bytes that tell its rows of the log from those of another history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// UTC milliseconds. Every time that the job stores without being told another.
    pub ms: i64,
    /// Drawn for this job alone.
    pub nonce: [u8; 8],
}

/// What the writer has done since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterCounts {
    /// Jobs that were kept.
    pub jobs: u64,
    /// Jobs of which nothing was kept.
    pub failed_jobs: u64,
    /// Commits: at most as many as jobs.
    pub commits: u64,
    /// Commits that failed.
    pub failed_commits: u64,
}

/// What a backend does. Everything else of [`Store`] is the same for all.
pub(crate) trait Backend: Send + Sync {
    /// Hands a job over to the writer.
    fn submit(&self, whose: Whose, moment: Moment, job: Box<dyn Job>);
    /// Calls `look` once with one moment of the county.
    fn look(&self, look: &mut dyn FnMut(&dyn ReadTx)) -> Result<(), StoreError>;
    /// Copies one moment of the county into a new SQLite file, beside the writer.
    fn copy_to(&self, to: &Path) -> Result<(), StoreError>;
    /// Moves the write-ahead log into the file and empties it; false if somebody read for too long meanwhile.
    fn empty_log(&self) -> Result<bool, StoreError>;
    /// Looks at every row, beside the writer.
    fn check(&self) -> Result<Checked, StoreError>;
    /// Set once something was read that is damaged.
    fn damage_seen(&self) -> Arc<AtomicBool>;
    /// Whether commits that were made were not there any more when it was opened.
    fn lacks_commits(&self) -> bool;
    /// What the writer has done.
    fn counts(&self) -> WriterCounts;
}

/// The store of one county. A handle: clones are the same store. It closes with the last one.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
}

impl Store {
    fn new(backend: impl Backend + 'static) -> Self {
        Self {
            backend: Arc::new(backend),
        }
    }

    /// Hands a job of the county itself over, as [`Self::write_for`].
    ///
    /// # Errors
    /// Those of the job, and every [`StoreError`] of the commit.
    pub fn write<T, E>(
        &self,
        moment: Moment,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send + 'static,
    ) -> Answer<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_for(None, moment, job)
    }

    /// Hands a job over. It is queued, and will be done, before this returns; `.await` its answer, or
    /// [`Answer::wait`] for it.
    ///
    /// # Errors
    /// Those of the job, and every [`StoreError`] of the commit.
    pub fn write_for<T, E>(
        &self,
        whose: Whose,
        moment: Moment,
        job: impl FnOnce(&mut dyn WriteTx) -> Result<T, E> + Send + 'static,
    ) -> Answer<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (pending, answer) = Pending::new(job);
        self.backend.submit(whose, moment, Box::new(pending));
        answer
    }

    /// Reads on this thread, which it blocks for as long as that takes.
    ///
    /// # Errors
    /// Those of `look`, and every [`StoreError`] of opening the read.
    pub fn read_blocking<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&dyn ReadTx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut look = Some(look);
        let mut seen = None;
        self.backend
            .look(&mut |tx| seen = look.take().map(|look| look(tx)))?;
        seen.unwrap_or_else(|| Err(StoreError::Closed.into()))
    }

    /// Reads on tokio's pool of blocking threads.
    ///
    /// # Errors
    /// Those of `look`, and every [`StoreError`] of opening the read.
    pub async fn read<T, E>(
        &self,
        look: impl FnOnce(&dyn ReadTx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let store = self.clone();
        let seen = tokio::task::spawn_blocking(move || store.read_blocking(look)).await;
        seen.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
    }

    /// Copies the county, as it stands at one moment, into a new SQLite file that its owner alone can read. Takes as
    /// long as reading all of it does; nobody waits for it, neither the writer nor readers.
    ///
    /// # Errors
    /// [`StoreError::Misplaced`] where there is a file already, and for a county in memory.
    pub fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        self.backend.copy_to(to)
    }

    /// Leaves nothing of what was deleted in the file's write-ahead log. Waits for who is reading; false where one reads
    /// for longer than five seconds.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn empty_log(&self) -> Result<bool, StoreError> {
        self.backend.empty_log()
    }

    /// Looks at every row of one moment of the county, beside the writer and readers.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where it cannot even be gone through.
    pub fn look_at_all(&self) -> Result<Checked, StoreError> {
        self.backend.check()
    }

    /// Set whenever something was read that is damaged; whoever tells of it takes it back.
    pub(crate) fn damage_seen(&self) -> Arc<AtomicBool> {
        self.backend.damage_seen()
    }

    /// Whether the newest commits were not there any more when the store was opened, some of which were acknowledged.
    pub fn lacks_commits(&self) -> bool {
        self.backend.lacks_commits()
    }

    /// What the writer has done since the store was opened.
    pub fn writer_counts(&self) -> WriterCounts {
        self.backend.counts()
    }
}
