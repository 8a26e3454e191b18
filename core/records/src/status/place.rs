//! A station, drop point, rest station or transfer ground.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::kinds::place as kind;

/// Whether a place is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It is open.
    Opened,
    /// It is closed for good.
    Closed,
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&[kind::OPENED, kind::CLOSED]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::OPENED) => State::Opened,
        Some(kind::CLOSED) => State::Closed,
        _ => State::Planned,
    };
    let phase = if state == State::Closed {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::Place(state), phase).ended_by(shown)
}
