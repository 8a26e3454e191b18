//! 转款: cash passed from one courier to another.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::cash::pass::{self, Pass};
use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, field};
use crate::id::PersonId;

/// How far a pass of cash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "CashPassState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// One of the two says so; the giver owes it.
    Waiting(Cash),
    /// Both say so; the taker owes it.
    Agreed(Cash),
    /// They do not say the same; the giver owes it.
    Differs,
}

/// From whom to whom how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Cash {
    /// The giver.
    pub from: Option<PersonId>,
    /// The taker.
    pub to: Option<PersonId>,
    /// How much, in fen.
    pub fen: Option<u64>,
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let cash = |fact: &Fact| Cash {
        from: fact.body.person(field::FROM),
        to: fact.body.person(field::TO),
        fen: fact.body.uint(field::FEN),
    };
    let status = |state, phase| Status::new(super::State::CashPass(state), phase);
    match pass::read(&reading.facts, &reading.closings) {
        Pass::Nothing => status(State::Planned, Phase::Open),
        Pass::Waiting(facts) => status(
            facts
                .first()
                .map_or(State::Planned, |fact| State::Waiting(cash(fact))),
            Phase::Open,
        ),
        Pass::Agreed(fact) => status(State::Agreed(cash(fact)), Phase::Ended).ended_by([fact]),
        Pass::Differs(facts) => {
            let mut status = status(State::Differs, Phase::Open);
            let differs = Discrepancy::new(Code::CashPassDiffers, facts.iter().map(|fact| fact.id));
            if !reading.closings.leave_undecided(&differs.facts) {
                status.discrepancies.push(differs);
            }
            status
        }
    }
}
