//! 随手拍: a public problem, as its reporter saw it. Between its reporter and triage alone.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::{field, kinds::tip as kind};
use crate::id::RecordId;

/// How far a tip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "TipState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It waits for triage.
    Reported,
    /// Its reporter has an answer.
    Answered {
        /// The case that came of it.
        case: Option<RecordId>,
    },
    /// The answer does not satisfy its reporter.
    Reopened,
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&[kind::REPORTED, kind::ANSWERED, kind::REOPENED]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::REPORTED) => State::Reported,
        Some(kind::ANSWERED) => State::Answered {
            case: shown.and_then(|fact| fact.body.record(field::CASE)),
        },
        Some(kind::REOPENED) => State::Reopened,
        _ => State::Planned,
    };
    let phase = if matches!(state, State::Answered { .. }) {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::Tip(state), phase).ended_by(shown)
}
