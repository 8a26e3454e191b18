//! 诉求: a courier's own matter. Its words are sealed to the liaison.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Phase, Status};
use crate::fact::{Fact, FactKind, field, kinds::appeal as kind};

/// How far an appeal is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "AppealState")]
pub struct State {
    /// How far it is.
    #[serde(flatten)]
    pub stage: Stage,
    /// The how manyeth round, from 1.
    pub round: u32,
    /// A code of `appeal_kind`.
    pub appeal_kind: Option<u64>,
}

/// How far an appeal is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "AppealStage", tag = "state", rename_all = "snake_case")]
pub enum Stage {
    /// Nothing happened yet.
    Planned,
    /// It waits for the liaison.
    Raised,
    /// The liaison gave advice.
    AdviceGiven,
    /// A mediation was held.
    MediationHeld,
    /// A body was told what the courier agreed to.
    SharedWithBody,
    /// The courier has an answer.
    Answered,
    /// It is settled.
    Settled {
        /// A code of `appeal_settlement`.
        extent: Option<u64>,
    },
    /// The liaison asked how it went.
    FollowedUp {
        /// Whether it satisfies.
        satisfied: Option<bool>,
    },
    /// It goes into another round.
    Reopened,
    /// The courier withdrew it.
    Withdrawn,
}

/// From the least to the furthest: of words written apart, the later of these shows.
const STAGES: [FactKind; 9] = [
    kind::RAISED,
    kind::ADVICE_GIVEN,
    kind::MEDIATION_HELD,
    kind::SHARED_WITH_BODY,
    kind::ANSWERED,
    kind::SETTLED,
    kind::FOLLOWED_UP,
    kind::REOPENED,
    kind::WITHDRAWN,
];

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest(&STAGES);
    let stage = shown.map_or(Stage::Planned, stage);
    let phase = match stage {
        Stage::FollowedUp {
            satisfied: Some(true),
        }
        | Stage::Withdrawn => Phase::Ended,
        _ => Phase::Open,
    };
    let reopened: Vec<_> = reading.all(kind::REOPENED).map(|fact| fact.id).collect();
    let state = State {
        stage,
        round: u32::try_from(reading.order.longest_chain(&reopened))
            .unwrap_or(u32::MAX)
            .saturating_add(1),
        appeal_kind: reading
            .furthest(&[kind::RAISED])
            .and_then(|fact| fact.body.uint(field::APPEAL_KIND)),
    };
    Status::new(super::State::Appeal(state), phase).ended_by(shown)
}

fn stage(shown: &Fact) -> Stage {
    match shown.kind {
        kind::RAISED => Stage::Raised,
        kind::ADVICE_GIVEN => Stage::AdviceGiven,
        kind::MEDIATION_HELD => Stage::MediationHeld,
        kind::SHARED_WITH_BODY => Stage::SharedWithBody,
        kind::ANSWERED => Stage::Answered,
        kind::SETTLED => Stage::Settled {
            extent: shown.body.uint(field::EXTENT),
        },
        kind::FOLLOWED_UP => Stage::FollowedUp {
            satisfied: shown.body.bool(field::SATISFIED),
        },
        kind::REOPENED => Stage::Reopened,
        kind::WITHDRAWN => Stage::Withdrawn,
        _ => Stage::Planned,
    }
}
