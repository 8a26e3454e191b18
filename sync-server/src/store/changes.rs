//! Plan changes.

use saddlebag_records::id::{ActorId, DeviceNumber, RecordId};

use super::{PlanRow, Seq, StoreError};

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

/// Reading plan changes.
pub trait ReadChanges {
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
}

/// Writing plan changes. Each gets a row of the log, read by every audience that the record is granted to at
/// that moment, and bumps the record's version.
pub trait WriteChanges {
    /// Takes plan changes, if the plan is as it was at their trial.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for an (actor, seq) already there, or a record that is not there.
    fn append_changes(&mut self, push: &ChangePush) -> Result<ChangesTaken, StoreError>;
}

impl ChangePush {
    /// The plan with these changes in it, when it had so many of so many bytes.
    pub(super) fn plan_after(&self, count: u64, bytes: u64) -> PlanRow {
        PlanRow {
            change_count: count + self.changes.len() as u64,
            change_bytes: bytes
                + self
                    .changes
                    .iter()
                    .map(|(_, chunk)| chunk.len() as u64)
                    .sum::<u64>(),
            snapshot: self.snapshot.clone(),
            view: self.view.clone(),
        }
    }
}
