//! 同意: what somebody agreed to.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::{field, kinds::consent as kind};
use crate::plan::PlanView;

/// Whether a consent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "ConsentState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It was given.
    Given {
        /// A code of `how_consent_given`.
        how: Option<u64>,
    },
    /// It was withdrawn.
    Withdrawn,
}

impl State {
    /// Whether it covers anything at this moment (UTC milliseconds): given, and not past the end that its plan sets.
    pub fn holds_at(&self, plan: Option<&PlanView>, now_ms: i64) -> bool {
        let until = plan.and_then(|plan| plan.int("until_ms"));
        matches!(self, Self::Given { .. }) && until.is_none_or(|until| now_ms <= until)
    }
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&[kind::GIVEN, kind::WITHDRAWN]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::GIVEN) => State::Given {
            how: shown.and_then(|fact| fact.body.uint(field::GIVEN_HOW)),
        },
        Some(kind::WITHDRAWN) => State::Withdrawn,
        _ => State::Planned,
    };
    let phase = if state == State::Withdrawn {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::Consent(state), phase).ended_by(shown)
}
