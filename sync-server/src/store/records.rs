//! Records, the plans they have now, and what names them.

use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::waybill::Waybill;

use super::{Seq, StoreError};

/// A record as the county knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Its id.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The number of its first writer; a one-time number for a tip or an appeal.
    pub creator: DeviceNumber,
    /// The person behind it, unless the number is a one-time number.
    pub creator_person: Option<PersonId>,
    /// When the county first heard of it, UTC milliseconds.
    pub created_ms: i64,
    /// The row of the log of its newest item: it rises with every item that is admitted.
    pub version: Seq,
    /// When it ended as its status says, UTC milliseconds; `None` while it is open.
    pub ended_ms: Option<i64>,
}

/// A record that the county has not heard of before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// Its id.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The number of its first writer.
    pub creator: DeviceNumber,
    /// The person behind it, unless the number is a one-time number.
    pub creator_person: Option<PersonId>,
}

/// A plan as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// How many changes it has, the golden start not counted: what a trial compares.
    pub change_count: u64,
    /// The bytes of those changes together.
    pub change_bytes: u64,
    /// The whole plan, saved.
    pub snapshot: Vec<u8>,
    /// What the rules read of it, as CBOR.
    pub view: Vec<u8>,
}

/// Why a record was forgotten. The number is frozen: it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ForgetReason {
    /// Its time was over: what comes late is held.
    Retention = 1,
    /// Somebody asked to be forgotten: what comes late is dropped and counted.
    Person = 2,
}

impl ForgetReason {
    /// The reason with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Retention, Self::Person]
            .into_iter()
            .find(|reason| *reason as u8 == number)
    }
}

/// What is left of a forgotten record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Why.
    pub reason: ForgetReason,
    /// When, UTC milliseconds.
    pub ms: i64,
}

/// Reading records.
pub trait ReadRecords {
    /// The record with this id.
    fn record(&self, id: RecordId) -> Result<Option<RecordRow>, StoreError>;
    /// Records of a kind after this id (`None` for the start), in the order of their ids.
    fn records(
        &self,
        kind: RecordKind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError>;
    /// The records under a waybill number, with their generations, the highest last.
    fn records_by_waybill(&self, waybill: &Waybill) -> Result<Vec<(u32, RecordId)>, StoreError>;
    /// Records that ended before this, those that ended first coming first.
    fn records_ended(&self, before_ms: i64, limit: usize) -> Result<Vec<RecordRow>, StoreError>;
    /// The plan; `None` for a record whose plan nobody has touched.
    fn plan(&self, record: RecordId) -> Result<Option<PlanRow>, StoreError>;
    /// The records that this one names, in the order of their ids.
    fn references_from(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError>;
    /// The records that name this one, in the order of their ids.
    fn references_to(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError>;
    /// What is left of a record, if it was forgotten.
    fn tombstone(&self, record: RecordId) -> Result<Option<Tombstone>, StoreError>;
    /// What is left of every record that was forgotten, in the order of their ids.
    fn tombstones(&self) -> Result<Vec<(RecordId, Tombstone)>, StoreError>;
}

/// Writing records.
pub trait WriteRecords {
    /// Adds a record, open; false if it was there already.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a forgotten one: nothing revives it.
    fn add_record(&mut self, record: &NewRecord) -> Result<bool, StoreError>;
    /// Notes when a record ended, or that it is open.
    fn set_ended(&mut self, record: RecordId, ended_ms: Option<i64>) -> Result<(), StoreError>;
    /// Notes that a record goes under this waybill number.
    fn put_waybill(&mut self, waybill: &Waybill, generation: u32, record: RecordId)
    -> Result<(), StoreError>;
    /// Replaces what the rules read of a plan, which must be there: an upgrade may read it differently.
    fn put_plan_view(&mut self, record: RecordId, view: &[u8]) -> Result<(), StoreError>;
    /// Replaces the records that this one names.
    fn put_references(&mut self, record: RecordId, names: &[RecordId]) -> Result<(), StoreError>;
    /// Deletes a record and all that is in it, held or not, and leaves a tombstone and, for each fact, its
    /// number. Every audience that it was ever granted to reads so in the log. `None` if it is not there and
    /// never was; the tombstone is left all the same.
    fn forget_record(&mut self, record: RecordId, reason: ForgetReason) -> Result<Option<Seq>, StoreError>;
}
