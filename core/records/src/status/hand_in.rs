//! 交款: cash handed in at a station. What became of it is the ledger's matter: it has the count.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::cash::settlement;
use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, field, kinds::hand_in as kind};

/// Whether cash was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "HandInState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It was, by the courier's word.
    HandedIn {
        /// How much, in fen.
        fen: Option<u64>,
    },
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let words: Vec<&Fact> = reading
        .all(kind::HANDED_IN)
        .filter(|fact| !reading.closings.set_aside(fact.id))
        .collect();
    let state = words.first().map_or(State::Planned, |fact| State::HandedIn {
        fen: fact.body.uint(field::FEN),
    });
    let mut status = Status::new(super::State::HandIn(state), Phase::Open);
    if settlement::differ(words.iter().copied()) {
        let differs = Discrepancy::new(Code::HandInDiffers, words.iter().map(|fact| fact.id));
        status
            .discrepancies
            .extend((!reading.closings.leave_undecided(&differs.facts)).then_some(differs));
    }
    status
}
