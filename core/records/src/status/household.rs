//! 牧户: a household.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::{Fact, field, kinds::household as kind};
use crate::id::{FactId, RecordId};

/// What is known of a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "HouseholdState", tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nothing happened yet.
    Planned,
    /// It is known.
    Registered {
        /// The facts whose phone number is right, sorted.
        phones: Vec<FactId>,
    },
    /// It asked to be forgotten.
    AskedToBeForgotten,
    /// It is another record, made twice.
    SameAs {
        /// The record that it is.
        record: RecordId,
    },
}

pub(super) fn read(reading: &Reading<'_>) -> Status {
    if let Some((record, joins)) = reading.joined() {
        return Status::new(super::State::Household(State::SameAs { record }), Phase::Ended).ended_by(joins);
    }
    let shown = reading.furthest(&[kind::REGISTERED, kind::PHONE_GIVEN, kind::ASKED_TO_BE_FORGOTTEN]);
    let state = match shown.map(|fact| fact.kind) {
        Some(kind::ASKED_TO_BE_FORGOTTEN) => State::AskedToBeForgotten,
        Some(_) => {
            let right = reading
                .all(kind::PHONE_GIVEN)
                .filter(|given| !is_no_longer_right(reading, given));
            State::Registered {
                phones: right.map(|fact| fact.id).collect(),
            }
        }
        None => State::Planned,
    };
    let phase = if state == State::AskedToBeForgotten {
        Phase::Ended
    } else {
        Phase::Open
    };
    Status::new(super::State::Household(state), phase).ended_by(shown)
}

/// Whether a phone number was said to be wrong by its fact, or every number that was known then.
fn is_no_longer_right(reading: &Reading<'_>, given: &Fact) -> bool {
    reading
        .all(kind::PHONE_NO_LONGER_RIGHT)
        .any(|wrong| match wrong.body.fact(field::FACT) {
            Some(fact) => reading.name(fact) == given.id,
            None => reading.order.is_before(given.id, wrong.id),
        })
}
