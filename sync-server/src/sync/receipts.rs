use saddlebag_protocol::{FactReceipt, Outcome};
use saddlebag_records::id::FactId;

use crate::store::{Fate, HeldState};

/// The code of a fact whose record was forgotten for a person, among those of facts that are not kept.
pub(super) const GONE: &str = "gone";

/// What a device is told of a fact.
pub(super) fn outcome_of(fate: &Fate) -> Outcome {
    match fate {
        Fate::Admitted => Outcome::Admitted,
        Fate::Held { state, .. } => Outcome::Held(held_as(*state).to_owned()),
        Fate::NotKept { code } if code == GONE => Outcome::Gone,
        Fate::NotKept { code } => Outcome::Refused(code.clone()),
    }
}

/// The reason in a receipt. Why exactly is for the county's people.
pub(super) fn held_as(state: HeldState) -> &'static str {
    match state {
        HeldState::Waiting => "waiting",
        HeldState::Quarantined => "quarantined",
        HeldState::Late => "late",
    }
}

/// Receipts of facts, in ranges.
#[derive(Default)]
pub(super) struct FactReceipts(Vec<FactReceipt>);

impl FactReceipts {
    /// Adds one; of an author they come in the order of n.
    pub(super) fn add(&mut self, id: FactId, outcome: Outcome) {
        if let Some(last) = self.0.last_mut()
            && last.device == id.device.0
            && last.to.checked_add(1) == Some(id.n)
            && last.outcome == outcome
        {
            last.to = id.n;
            return;
        }
        self.0.push(FactReceipt {
            device: id.device.0,
            from: id.n,
            to: id.n,
            outcome,
        });
    }

    pub(super) fn into_vec(self) -> Vec<FactReceipt> {
        self.0
    }
}
