//! 共性问题: a common issue that cases link to.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::kinds::common_issue as kind;

/// How far a common issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "CommonIssueState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It was found.
    Opened,
    /// Something was done about it.
    MeasureTaken,
    /// It is settled.
    Closed,
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&[kind::OPENED, kind::MEASURE_TAKEN, kind::CLOSED]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::OPENED) => State::Opened,
        Some(kind::MEASURE_TAKEN) => State::MeasureTaken,
        Some(kind::CLOSED) => State::Closed,
        _ => State::Planned,
    };
    let phase = if state == State::Closed {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::CommonIssue(state), phase).ended_by(shown)
}
