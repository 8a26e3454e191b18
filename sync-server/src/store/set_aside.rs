//! Rows that were found damaged. Such a row stays where it is, so that its name, its place in the log and its author's
//! chain do; nothing reads it, its bytes lie apart for the operator, and it waits for who holds it sound to give it again.

use saddlebag_records::fact::{Fact, SideValue};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};

use super::{ChangeHead, PlanRow, Seq, SideKey, StoreError};

/// A row that does not match its sum, by the key of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamagedRow {
    /// A fact.
    Fact(Seq),
    /// A plan change.
    Change(Seq),
    /// A side value.
    Side(SideKey),
    /// A plan, which follows from its changes.
    Plan(RecordId),
}

/// Something that is damaged and waits to be given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAside {
    /// The record.
    pub record: RecordId,
    /// By which number it came in.
    pub by: DeviceNumber,
    /// What it is.
    pub name: LostName,
}

/// The name of what is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LostName {
    /// A fact, or a side value that hangs on it.
    Fact(FactId),
    /// A plan change: its actor, and the how manyeth of it in the record.
    Change(ActorId, u64),
}

/// Reading what is set aside.
pub trait ReadSetAside {
    /// What waits to be given again, each name once: facts first. What has no name any more is passed over.
    fn set_aside(&self) -> Result<Vec<SetAside>, StoreError>;
    /// How many rows are set aside, also those that have no name any more.
    fn set_aside_count(&self) -> Result<u64, StoreError>;
}

/// Setting aside, and mending. Mending brings the row back byte for byte, or does nothing: it goes by the sum that was
/// written with the row.
pub trait WriteSetAside {
    /// Sets these rows aside, but for plans, and lets go of those that are sound or gone by now. How many are set aside.
    fn put_set_aside(&mut self, rows: &[DamagedRow]) -> Result<u64, StoreError>;
    /// Takes the bytes of a fact that is set aside, if they are what was written. Whether they were.
    fn mend_fact(&mut self, fact: &Fact) -> Result<bool, StoreError>;
    /// The same of a side value.
    fn mend_side(&mut self, side: &SideValue) -> Result<bool, StoreError>;
    /// The same of a plan change, a plain chunk.
    fn mend_change(&mut self, record: RecordId, head: &ChangeHead, bytes: &[u8]) -> Result<bool, StoreError>;
    /// Puts a plan that was made anew in the place of a damaged one, if it has as many changes as there are.
    fn mend_plan(&mut self, record: RecordId, plan: &PlanRow) -> Result<bool, StoreError>;
}
