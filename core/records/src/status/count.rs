//! 点款: cash counted by a station that does not see what the courier says.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::cash::settlement;
use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, field, kinds::count as kind};

/// Whether cash was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "CountState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It was.
    Counted {
        /// How much, in fen.
        fen: Option<u64>,
        /// Whether a difference to the hand-in was explained.
        explained: bool,
    },
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let words: Vec<&Fact> = reading
        .all(kind::COUNTED)
        .filter(|fact| !reading.closings.set_aside(fact.id))
        .collect();
    let explained = reading.all(kind::DIFFERENCE_EXPLAINED).next().is_some();
    let state = words.first().map_or(State::Planned, |fact| State::Counted {
        fen: fact.body.uint(field::FEN),
        explained,
    });
    let mut status = Status::new(super::State::Count(state), Phase::Open);
    if settlement::differ(words.iter().copied()) {
        let differs = Discrepancy::new(Code::CountDiffers, words.iter().map(|fact| fact.id));
        status
            .discrepancies
            .extend((!reading.closings.leave_undecided(&differs.facts)).then_some(differs));
    }
    status
}
