//! Side values: what has a shorter life, or fewer readers, than its record.

use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{Seq, StoreError};

/// A side value as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideRow {
    /// The row of the log that brought it: its fact's, or one of its own if it came later.
    pub seq: Seq,
    /// The record.
    pub record: RecordId,
    /// Which it is.
    pub key: SideKey,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// Which side value: it is written once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SideKey {
    /// The fact that it hangs on.
    pub fact: FactId,
    /// A number of [`SideName`](saddlebag_records::fact::SideName).
    pub name: u8,
    /// Which of several of this name on this fact, from 0.
    pub ordinal: u8,
}

/// Where a side value is, without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideAt {
    /// The row of the log that brought it.
    pub seq: Seq,
    /// The record.
    pub record: RecordId,
    /// Which it is.
    pub key: SideKey,
}

/// A side value that comes in with its fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSide {
    /// A number of [`SideName`](saddlebag_records::fact::SideName).
    pub name: u8,
    /// Which of several of this name on this fact, from 0.
    pub ordinal: u8,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// What became of a side value that came after its fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideTaken {
    /// It is in.
    Appended(Seq),
    /// Its fact is held, and so is it.
    Held,
    /// It was there already, with the same bytes.
    Known,
    /// There is one with other bytes; that one stays.
    Differs,
    /// There was one; it was removed and does not come back.
    Removed,
    /// Its fact is not kept, or not here.
    NoFact,
}

/// Reading side values.
pub trait ReadSides {
    /// The side values of a record, in the order of their facts, names and ordinals.
    fn sides(&self, record: RecordId) -> Result<Vec<SideRow>, StoreError>;
    /// Their keys alone, in the same order: also of those whose bytes are damaged.
    fn side_keys(&self, record: RecordId) -> Result<Vec<SideKey>, StoreError>;
    /// Where side values of this name are after this position and ordinal, whatever their records, the oldest first.
    fn sides_named(&self, name: u8, after: (Seq, u8), limit: usize) -> Result<Vec<SideAt>, StoreError>;
}

/// Writing side values. What is admitted or removed gets a row of the log, read by every audience that the
/// record is granted to at that moment, and bumps the record's version.
pub trait WriteSides {
    /// Takes a side value that comes after its fact.
    fn append_side(
        &mut self,
        fact: FactId,
        by: DeviceNumber,
        side: &NewSide,
    ) -> Result<SideTaken, StoreError>;
    /// Removes a side value for good; `None` if there is none.
    fn remove_side(&mut self, side: SideKey) -> Result<Option<Seq>, StoreError>;
}
