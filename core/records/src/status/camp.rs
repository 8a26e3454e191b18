//! 转场点: where a household stays in a season.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::kinds::camp as kind;

/// Whether somebody stays at a camp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "CampState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// The household stays there.
    MovedIn,
    /// The household went on.
    MovedOn,
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&[kind::MOVED_IN, kind::MOVED_ON]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::MOVED_IN) => State::MovedIn,
        Some(kind::MOVED_ON) => State::MovedOn,
        _ => State::Planned,
    };
    let phase = if state == State::MovedOn {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::Camp(state), phase).ended_by(shown)
}
