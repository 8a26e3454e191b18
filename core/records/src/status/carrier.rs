//! 承运人: a carrier.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::kinds::carrier as kind;

/// Whether a carrier works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It works here.
    Opened,
    /// It does not work here any more.
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
    Status::new(super::State::Carrier(state), phase).ended_by(shown)
}
