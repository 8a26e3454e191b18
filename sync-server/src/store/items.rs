//! What a record is made of: facts, plan changes, side values.

use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};

use super::{HeldState, Seq, SideKey, SideRow, StoreError};

/// An admitted fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// Its row of the log.
    pub seq: Seq,
    /// Its name.
    pub id: FactId,
    /// The record.
    pub record: RecordId,
    /// What kind of thing happened.
    pub kind: FactKind,
    /// BLAKE3 of its bytes.
    pub hash: FactHash,
    /// The author's running hash up to and with this fact, its first 8 bytes.
    pub running: [u8; 8],
    /// When the county got it, UTC milliseconds.
    pub received_ms: i64,
    /// Its canonical CBOR.
    pub bytes: Vec<u8>,
}

/// What is decided about a fact that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It counts and is served.
    Admitted,
    /// It is kept and shown to nobody else.
    Held {
        /// For what.
        state: HeldState,
        /// A stable code.
        reason: String,
    },
    /// It is not kept. Its number, the first 8 bytes of its hash and this code are.
    NotKept {
        /// A stable code.
        code: String,
    },
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

/// A fact that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFact {
    /// The author's counter.
    pub n: u64,
    /// The record. It must exist if the fact is admitted.
    pub record: RecordId,
    /// What kind of thing happened.
    pub kind: FactKind,
    /// BLAKE3 of its bytes.
    pub hash: FactHash,
    /// The author's running hash up to and with this fact, its first 8 bytes.
    pub running: [u8; 8],
    /// What it was called before a fork. No other admitted fact may say the same.
    pub was: Option<Was>,
    /// Its canonical CBOR.
    pub bytes: Vec<u8>,
    /// Its side values. They share its fate.
    pub sides: Vec<NewSide>,
    /// What is decided about it.
    pub fate: Fate,
}

/// The new facts of one author in one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactPush {
    /// Under whose number they are.
    pub author: DeviceNumber,
    /// The device that brought them.
    pub by: DeviceNumber,
    /// The author's running hash over all facts up to and with the last of these.
    pub chain: [u8; 32],
    /// The facts; the first follows the author's highest n, the others each other.
    pub facts: Vec<NewFact>,
}

/// What the county knows of one number of an author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The author's counter.
    pub n: u64,
    /// The first 8 bytes of the fact's hash: other bytes under this number mean that its device forked.
    pub hash_start: [u8; 8],
    /// The author's running hash up to and with this fact, its first 8 bytes.
    pub running: [u8; 8],
    /// What became of it.
    pub fate: Fate,
}

/// An admitted plan change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its row of the log.
    pub seq: Seq,
    /// The record.
    pub record: RecordId,
    /// What the guard needs to know of it.
    pub head: ChangeHead,
    /// The device that brought it.
    pub by: DeviceNumber,
    /// When the county got it, UTC milliseconds.
    pub received_ms: i64,
    /// The plain chunk.
    pub bytes: Vec<u8>,
}

/// What the guard needs to know of a plan change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeHead {
    /// Whose change.
    pub actor: ActorId,
    /// The how manyeth of this actor in this record, from 1.
    pub actor_seq: u64,
    /// Its Automerge hash.
    pub hash: [u8; 32],
    /// The counter of its first operation.
    pub start_op: u64,
    /// The counter of its last operation.
    pub max_op: u64,
}

/// Plan changes that passed the guard and the trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePush {
    /// The record, which must exist.
    pub record: RecordId,
    /// The device that brought them.
    pub by: DeviceNumber,
    /// How many changes the plan had when they were tried.
    pub tried_at: u64,
    /// The changes and their plain chunks, in the order in which they apply.
    pub changes: Vec<(ChangeHead, Vec<u8>)>,
    /// The whole plan with them, saved.
    pub snapshot: Vec<u8>,
    /// What the rules read of the plan, as CBOR.
    pub view: Vec<u8>,
}

/// What became of plan changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangesTaken {
    /// They are in; the rows of the log.
    Appended(Vec<Seq>),
    /// The plan has changed since the trial: nothing was done, try again.
    Stale,
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

/// Reading items.
pub trait ReadItems {
    /// An admitted fact.
    fn fact(&self, id: FactId) -> Result<Option<FactRow>, StoreError>;
    /// The admitted facts of a record, in the order of their admission.
    fn facts(&self, record: RecordId) -> Result<Vec<FactRow>, StoreError>;
    /// The admitted facts of an author from one n to another, both included, in their order.
    fn facts_by(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<FactRow>, StoreError>;
    /// What is known of an author's numbers from one n to another, both included, in their order.
    fn numbers(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<Number>, StoreError>;
    /// The first 8 bytes of the author's running hash up to and with fact n; `None` for an n not yet reached.
    /// At 0 it is zeros.
    fn running_at(&self, author: DeviceNumber, n: u64) -> Result<Option<[u8; 8]>, StoreError>;
    /// The admitted fact that says that it was once called so.
    fn fact_once_called(&self, was: &Was) -> Result<Option<FactId>, StoreError>;
    /// The admitted changes of a record's plan, in the order of their admission.
    fn changes(&self, record: RecordId) -> Result<Vec<ChangeRow>, StoreError>;
    /// The same without their bytes.
    fn change_heads(&self, record: RecordId) -> Result<Vec<ChangeHead>, StoreError>;
    /// One admitted change.
    fn change(
        &self,
        record: RecordId,
        actor: ActorId,
        actor_seq: u64,
    ) -> Result<Option<ChangeRow>, StoreError>;
    /// The side values of a record, in the order of their facts, names and ordinals.
    fn sides(&self, record: RecordId) -> Result<Vec<SideRow>, StoreError>;
}

/// Writing items. Each admitted one gets a row of the log, read by every audience that the record is granted
/// to at that moment, and bumps the record's version.
pub trait WriteItems {
    /// Takes the next facts of an author. The answer has a row of the log for each that was admitted.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a gap or a number already used, a record that is not there, or a `was`
    /// that is already said.
    fn append_facts(&mut self, push: &FactPush) -> Result<Vec<Option<Seq>>, StoreError>;
    /// Takes plan changes, if the plan is as it was at their trial.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for an (actor, seq) already there, or a record that is not there.
    fn append_changes(&mut self, push: &ChangePush) -> Result<ChangesTaken, StoreError>;
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
