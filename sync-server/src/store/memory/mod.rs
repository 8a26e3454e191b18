//! A county in memory, for tests: the same rules without a disk. Every job works on a copy of the whole county.

mod changes;
mod county;
mod devices;
mod facts;
mod grants;
mod held;
mod log;
mod people;
mod records;
mod set_aside;
mod sides;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use saddlebag_records::access::{Audience, Cause};
use saddlebag_records::fact::FactHash;
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::waybill::Waybill;

use super::job::Job;
use super::{
    Audit, Author, Backend, Backup, ChangeRow, Checked, County, Device, EnrolmentCode, Epoch, FactRow,
    GrantRow, Held, HeldId, KeptAnswer, LogRow, Membership, Moment, Number, OneTimeNumber, Person, PlanRow,
    ReadTx, Recall, Recalled, RecordRow, Seq, SideKey, SideRow, Store, StoreError, Tombstone, Whose,
    WriterCounts,
};

/// What SQLite's unique keys answer.
const GIVEN_TWICE: StoreError = StoreError::Conflict("given twice");

impl Store {
    /// A county in memory: gone with its last handle.
    pub fn in_memory() -> Self {
        Self::new(Memory::default())
    }
}

#[derive(Default)]
struct Memory {
    committed: Mutex<Arc<State>>,
    writer: Mutex<WriterCounts>,
}

impl Backend for Memory {
    fn submit(&self, _: Whose, moment: Moment, mut job: Box<dyn Job>) {
        let mut counts = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::clone(&self.now());
        state.moment = moment;
        if job.run(&mut state) {
            *self.committed.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
            counts.jobs += 1;
        } else {
            counts.failed_jobs += 1;
        }
        counts.commits += 1;
        job.answer(Ok(()));
    }

    fn look(&self, look: &mut dyn FnMut(&dyn ReadTx)) -> Result<(), StoreError> {
        look(self.now().as_ref());
        Ok(())
    }

    fn copy_to(&self, _: &Path) -> Result<(), StoreError> {
        Err(StoreError::Misplaced)
    }

    fn empty_log(&self) -> Result<bool, StoreError> {
        Ok(true)
    }

    fn check(&self) -> Result<Checked, StoreError> {
        Ok(Checked {
            file_is_sound: true,
            ..Checked::default()
        })
    }

    fn damage_seen(&self) -> Arc<AtomicBool> {
        Arc::default()
    }

    fn lacks_commits(&self) -> bool {
        false
    }

    fn counts(&self) -> WriterCounts {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn now(&self) -> Arc<State> {
        Arc::clone(&self.committed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// All that a county knows: a field for each table of `migrations/`.
#[derive(Clone, Default)]
struct State {
    moment: Moment,
    county: Option<County>,
    last_device: u64,
    epochs: Vec<Epoch>,
    backups: Vec<Backup>,
    audit: BTreeMap<u64, Audit>,
    last_audit: u64,
    people: BTreeMap<PersonId, Person>,
    memberships: BTreeMap<(PersonId, Audience), Membership>,
    codes: BTreeMap<[u8; 32], EnrolmentCode>,
    devices: BTreeMap<DeviceNumber, Device>,
    authors: BTreeMap<DeviceNumber, Author>,
    actors: BTreeMap<ActorId, DeviceNumber>,
    one_time_numbers: BTreeMap<DeviceNumber, OneTimeNumber>,
    answers: BTreeMap<Vec<u8>, KeptAnswer>,
    records: BTreeMap<RecordId, RecordRow>,
    waybills: BTreeSet<(Waybill, u32, RecordId)>,
    plans: BTreeMap<RecordId, PlanRow>,
    references: BTreeSet<(RecordId, RecordId)>,
    tombstones: BTreeMap<RecordId, Tombstone>,
    facts: BTreeMap<FactId, FactRow>,
    once_called: BTreeMap<(FactId, FactHash), FactId>,
    not_kept: BTreeMap<FactId, Number>,
    changes: BTreeMap<Seq, ChangeRow>,
    sides: BTreeMap<SideKey, SideRow>,
    removed_sides: BTreeMap<SideKey, (RecordId, Seq)>,
    held: BTreeMap<HeldId, Held>,
    last_held: u64,
    granted: BTreeMap<(RecordId, Audience, Cause), GrantRow>,
    ever_granted: BTreeSet<(RecordId, Audience)>,
    log: BTreeMap<Seq, LogRow>,
    log_readers: BTreeSet<(Audience, Seq)>,
    log_memberships: BTreeMap<Seq, Audience>,
    tallies: BTreeMap<String, u64>,
    cash_carried: BTreeMap<PersonId, i64>,
}

/// Every job begins anew.
impl Recall for State {
    fn recall(&mut self) -> Option<Recalled> {
        None
    }

    fn leave(&mut self, _: Recalled) {}
}

/// A key that must be new.
fn insert_new<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) -> Result<(), StoreError> {
    if map.contains_key(&key) {
        return Err(GIVEN_TWICE);
    }
    map.insert(key, value);
    Ok(())
}
