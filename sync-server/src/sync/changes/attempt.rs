use saddlebag_protocol::Outcome;
use saddlebag_records::access::may_create;
use saddlebag_records::id::ActorId;
use saddlebag_records::plan::{ChangeHeader, GuardRefusal};

use super::trial::{Said, Trial, waiting_changes};
use super::{Change, Incoming, NEWER, code};
use crate::plans::{FitChanges, head_of};
use crate::store::{ForgetReason, HeldId, HeldState, NewHeldChange, NewRecord, ReadTx, StoreError};
use crate::sync::MOST_HELD;
use crate::sync::receipts::held_as;
use crate::sync::sender::{Sender, Standing};

/// What came of trying the changes of one plan. Nothing is stored yet.
pub(super) struct Attempt {
    pub(super) incoming: Incoming,
    /// What to tell of each change of the push; `Admitted` only if all of this is kept.
    pub(super) outcomes: Vec<Outcome>,
    /// How many changes the plan had when they were tried; none where none was tried.
    pub(super) tried_at: Option<u64>,
    /// The changes that waited then.
    pub(super) waiting: Vec<HeldId>,
    /// What the plan becomes.
    pub(super) fit: Option<FitChanges>,
    /// The record, where these changes begin it.
    pub(super) begins: Option<NewRecord>,
    /// Held changes that have found what they waited for.
    pub(super) released: Vec<HeldId>,
    /// Changes to hold.
    pub(super) hold: Vec<NewHeldChange>,
}

/// `actors`: those under which the sender may write.
pub(super) fn attempt(
    tx: &dyn ReadTx,
    sender: &Sender,
    actors: &[ActorId],
    incoming: &Incoming,
) -> Result<Attempt, StoreError> {
    let mut attempt = Attempt {
        incoming: incoming.clone(),
        outcomes: Vec::new(),
        tried_at: None,
        waiting: waiting_changes(tx, incoming.record)?
            .map(|held| held.id)
            .collect(),
        fit: None,
        begins: None,
        released: Vec::new(),
        hold: Vec::new(),
    };
    let row = tx.record(incoming.record)?;
    if row.is_some_and(|row| Some(row.kind) != incoming.kind) {
        return Ok(attempt.all(|_| Outcome::Refused(code::OTHER_KIND.to_owned())));
    }
    if let Some(tombstone) = tx.tombstone(incoming.record)? {
        return match tombstone.reason {
            ForgetReason::Person => Ok(attempt.all(|_| Outcome::Gone)),
            ForgetReason::Retention => attempt.hold_all(tx, sender, HeldState::Late, code::LATE),
        };
    }
    if sender.standing == Standing::Quarantine {
        return attempt.hold_all(tx, sender, HeldState::Quarantined, code::LOST_DEVICE);
    }
    let Some(kind) = incoming.kind else {
        return attempt.hold_newer(tx, sender, actors);
    };
    if row.is_none() {
        if !may_create(sender.role, kind) {
            return Ok(attempt.all(|_| Outcome::Refused(code::MAY_NOT_CREATE.to_owned())));
        }
        attempt.begins = Some(NewRecord {
            id: incoming.record,
            kind,
            creator: sender.number,
            creator_person: Some(sender.person),
        });
    }
    let trial = Trial::of(tx, sender, actors.to_vec(), row.as_ref(), incoming, kind)?;
    for (change, said) in incoming.changes.iter().zip(trial.of_push()) {
        let outcome = match said {
            Said::Admitted(_) | Said::Known => Outcome::Admitted,
            Said::Superseded => Outcome::Superseded,
            Said::Refused(code) => Outcome::Refused(code.clone()),
            Said::Later => Outcome::Later,
            Said::Newer(header) => attempt.hold(tx, sender, header, change, HeldState::Waiting, NEWER)?,
            Said::Waiting(header) => {
                attempt.hold(tx, sender, header, change, HeldState::Waiting, code::MISSING)?
            }
        };
        attempt.outcomes.push(outcome);
    }
    attempt.tried_at = Some(trial.tried_at());
    attempt.released = trial.released();
    attempt.fit = trial.fit(sender);
    Ok(attempt)
}

impl Attempt {
    fn all(mut self, outcome: impl Fn(&Change) -> Outcome) -> Self {
        self.outcomes = self.incoming.changes.iter().map(outcome).collect();
        self
    }

    fn hold_all(
        mut self,
        tx: &dyn ReadTx,
        sender: &Sender,
        state: HeldState,
        reason: &str,
    ) -> Result<Self, StoreError> {
        for change in self.incoming.changes.clone() {
            let outcome = match ChangeHeader::read(&change.bytes) {
                Ok(header) => self.hold(tx, sender, &header, &change, state, reason)?,
                Err(refusal) => Outcome::Refused(refusal.code().to_owned()),
            };
            self.outcomes.push(outcome);
        }
        Ok(self)
    }

    /// Holds changes of a record of a kind that a later server may know. Who wrote them is all that can be judged.
    fn hold_newer(
        mut self,
        tx: &dyn ReadTx,
        sender: &Sender,
        actors: &[ActorId],
    ) -> Result<Self, StoreError> {
        for change in self.incoming.changes.clone() {
            let outcome = match ChangeHeader::read(&change.bytes) {
                Ok(header) if actors.contains(&header.actor) => {
                    self.hold(tx, sender, &header, &change, HeldState::Waiting, NEWER)?
                }
                Ok(_) => Outcome::Refused(GuardRefusal::ForeignActor.code().to_owned()),
                Err(refusal) => Outcome::Refused(refusal.code().to_owned()),
            };
            self.outcomes.push(outcome);
        }
        Ok(self)
    }

    fn hold(
        &mut self,
        tx: &dyn ReadTx,
        sender: &Sender,
        header: &ChangeHeader,
        change: &Change,
        state: HeldState,
        reason: &str,
    ) -> Result<Outcome, StoreError> {
        let held =
            tx.held_bytes(sender.number)? + self.hold.iter().map(|held| held.bytes.len() as u64).sum::<u64>();
        if held + change.bytes.len() as u64 > MOST_HELD {
            return Ok(Outcome::Refused(code::HELD_FULL.to_owned()));
        }
        self.hold.push(NewHeldChange {
            record: self.incoming.record,
            head: head_of(header),
            state,
            reason: reason.to_owned(),
            by: sender.number,
            bytes: change.bytes.clone(),
        });
        Ok(Outcome::Held(held_as(state).to_owned()))
    }
}
