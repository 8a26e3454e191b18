//! 同事: somebody who works for the county.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::kinds::colleague as kind;

/// Whether somebody works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "ColleagueState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// They work here.
    Joined,
    /// They left.
    Left,
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&[kind::JOINED, kind::LEFT]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::JOINED) => State::Joined,
        Some(kind::LEFT) => State::Left,
        _ => State::Planned,
    };
    let phase = if state == State::Left {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::Colleague(state), phase).ended_by(shown)
}
