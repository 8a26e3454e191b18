//! Facts, by the record that they are about and by who wrote them.

use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{HeldState, NewSide, Seq, StoreError};

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

/// Reading facts.
pub trait ReadFacts {
    /// An admitted fact.
    fn fact(&self, id: FactId) -> Result<Option<FactRow>, StoreError>;
    /// The admitted facts of a record, in the order of their admission.
    fn facts(&self, record: RecordId) -> Result<Vec<FactRow>, StoreError>;
    /// How many of them there are.
    fn fact_count(&self, record: RecordId) -> Result<usize, StoreError>;
    /// The admitted facts of an author from one n to another, both included, in their order.
    fn facts_by(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<FactRow>, StoreError>;
    /// What is known of an author's numbers from one n to another, both included, in their order.
    fn numbers(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<Number>, StoreError>;
    /// The first 8 bytes of the author's running hash up to and with fact n; `None` for an n not yet reached.
    /// At 0 it is zeros.
    fn running_at(&self, author: DeviceNumber, n: u64) -> Result<Option<[u8; 8]>, StoreError>;
    /// The admitted fact that says that it was once called so.
    fn fact_once_called(&self, was: &Was) -> Result<Option<FactId>, StoreError>;
}

/// Writing facts. Each admitted one gets a row of the log, read by every audience that the record is granted to
/// at that moment, and bumps the record's version.
pub trait WriteFacts {
    /// Takes the next facts of an author. The answer has a row of the log for each that was admitted.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a gap or a number already used, a record that is not there, or a `was`
    /// that is already said.
    fn append_facts(&mut self, push: &FactPush) -> Result<Vec<Option<Seq>>, StoreError>;
}

impl FactPush {
    /// Counters have no gaps: the first fact follows the author's highest n, the others each other.
    pub(super) fn check_numbers(&self, fact_count: u64) -> Result<(), StoreError> {
        let mut expected = (fact_count + 1)..;
        if self.facts.iter().all(|fact| expected.next() == Some(fact.n)) {
            Ok(())
        } else {
            Err(StoreError::Conflict("fact number"))
        }
    }
}

/// The first 8 bytes of a hash.
pub(super) fn start(hash: &FactHash) -> [u8; 8] {
    hash.0.first_chunk().copied().unwrap_or_default()
}
