//! What is kept and shown to nobody: it waits, is in quarantine, or came late.

use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{ChangeHead, Seq, SideKey, StoreError};

/// Why something is held. The number is frozen: it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum HeldState {
    /// For something that will come: a server that knows the kind, a person's word.
    Waiting = 1,
    /// It failed; a person looks at it.
    Quarantined = 2,
    /// Its record was forgotten by retention.
    Late = 3,
}

impl HeldState {
    /// Every state, in the order of its number.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Quarantined, Self::Late];

    /// The state with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| *state as u8 == number)
    }
}

/// The name of a held item, for the people who look at it. Rises; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeldId(pub u64);

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldItem {
    /// A fact.
    Fact {
        /// Its name.
        id: FactId,
        /// BLAKE3 of its bytes.
        hash: FactHash,
        /// The author's running hash up to and with this fact, its first 8 bytes.
        running: [u8; 8],
    },
    /// A plan change.
    Change(ChangeHead),
    /// A side value of a held fact. It goes the way of its fact.
    Side(SideKey),
}

/// A held item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its name.
    pub id: HeldId,
    /// What it is.
    pub item: HeldItem,
    /// The record.
    pub record: RecordId,
    /// Why it is held.
    pub state: HeldState,
    /// The same as a stable code.
    pub reason: String,
    /// The device that brought it.
    pub by: DeviceNumber,
    /// When the county got it, UTC milliseconds.
    pub received_ms: i64,
    /// When a person first looked at it, UTC milliseconds.
    pub looked_at_ms: Option<i64>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A plan change to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHeldChange {
    /// The record; it need not exist.
    pub record: RecordId,
    /// What the guard knows of it.
    pub head: ChangeHead,
    /// Why it is held.
    pub state: HeldState,
    /// The same as a stable code.
    pub reason: String,
    /// The device that brought it.
    pub by: DeviceNumber,
    /// The plain chunk.
    pub bytes: Vec<u8>,
}

/// Reading what is held.
pub trait ReadHeld {
    /// The held item of this name.
    fn held(&self, id: HeldId) -> Result<Option<Held>, StoreError>;
    /// Held items of a state after this one (`HeldId(0)` for the start), in the order of their names.
    fn held_list(&self, state: HeldState, after: HeldId, limit: usize) -> Result<Vec<Held>, StoreError>;
    /// Held items of a record, in the order of their names.
    fn held_of(&self, record: RecordId) -> Result<Vec<Held>, StoreError>;
    /// When the county got the oldest fact or plan change of a state that nobody has looked at, UTC milliseconds.
    fn unseen_since(&self, state: HeldState) -> Result<Option<i64>, StoreError>;
    /// How many bytes of this device are held: a lost one may leave 8 MB.
    fn held_bytes(&self, by: DeviceNumber) -> Result<u64, StoreError>;
}

/// Writing what is held. Facts are held by [`append_facts`](super::WriteFacts::append_facts).
pub trait WriteHeld {
    /// Holds a plan change; false if this (record, actor, seq) is held already.
    fn hold_change(&mut self, change: &NewHeldChange) -> Result<bool, StoreError>;
    /// Notes that a person looked at it, the first time.
    fn look_at_held(&mut self, id: HeldId) -> Result<(), StoreError>;
    /// Admits a held fact and its side values: its record must be there.
    fn admit_held_fact(&mut self, id: HeldId, kind: FactKind, was: Option<Was>) -> Result<Seq, StoreError>;
    /// Takes a held plan change out, to be tried and appended in the same job.
    fn take_held_change(&mut self, id: HeldId) -> Result<Held, StoreError>;
    /// Drops what is held. Of a fact its number stays, with this code; its side values go with it.
    fn drop_held(&mut self, id: HeldId, code: &str) -> Result<(), StoreError>;
}
