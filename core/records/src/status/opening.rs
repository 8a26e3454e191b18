//! Places and carriers: opened, and closed for good.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::kinds::{carrier, place};

/// Whether a place is open, or a carrier works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "OpeningState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It is open, or works here.
    Opened,
    /// It is closed, or does not work here any more.
    Closed,
}

pub(super) fn read(reading: &Reading<'_>, of_kind: fn(State) -> super::State) -> Status {
    let shown = reading.furthest(&[place::OPENED, carrier::OPENED, place::CLOSED, carrier::CLOSED]);
    let state = match shown.map(|fact| fact.kind) {
        Some(place::OPENED | carrier::OPENED) => State::Opened,
        Some(place::CLOSED | carrier::CLOSED) => State::Closed,
        _ => State::Planned,
    };
    let phase = if state == State::Closed {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(of_kind(state), phase).ended_by(shown)
}
