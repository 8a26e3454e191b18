//! 办理: a public problem, as triage released it.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use super::{Notice, Phase, Status};
use crate::fact::{Fact, FactKind, field, kinds::case as kind};
use crate::id::RecordId;

/// How far a case is, and who is to do what until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "CaseState")]
pub struct State {
    /// How far it is.
    #[serde(flatten)]
    pub stage: Stage,
    /// The how manyeth round of handling, from 1.
    pub round: u32,
    /// A code of `case_tier`: the plan's, else triage's.
    pub tier: Option<u64>,
    /// Who is in charge: the plan's word, else that of whoever assigned it.
    pub body: Option<String>,
    /// When an answer is due, UTC milliseconds: likewise.
    pub due_ms: Option<i64>,
}

/// How far a case is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename = "CaseStage", tag = "state", rename_all = "snake_case")]
pub enum Stage {
    /// Nothing happened yet.
    Planned,
    /// Triage gave it a kind and a tier.
    Triaged,
    /// A body is in charge.
    Assigned,
    /// The body in charge has an answer.
    Handled,
    /// Somebody who did not handle it asked how it went.
    FollowedUp {
        /// Whether it satisfies.
        satisfied: Option<bool>,
    },
    /// It is done.
    Closed,
    /// It does not satisfy: it is in the unsatisfied register (不满意台账).
    EnteredUnsatisfied,
    /// It goes into another round.
    Reopened,
    /// It goes on as another case.
    Merged {
        /// That case.
        record: Option<RecordId>,
    },
    /// It is none.
    Rejected {
        /// A code of `reject_reason`.
        reason: Option<u64>,
    },
}

/// From the least to the furthest: of words written apart, the later of these shows.
const STAGES: [FactKind; 9] = [
    kind::TRIAGED,
    kind::ASSIGNED,
    kind::HANDLED,
    kind::FOLLOWED_UP,
    kind::CLOSED,
    kind::ENTERED_UNSATISFIED,
    kind::REOPENED,
    kind::MERGED,
    kind::REJECTED,
];

pub(super) fn read(reading: &Reading<'_>) -> Status {
    let shown = reading.furthest_of(&STAGES, |fact| !is_by_handler(reading, fact));
    let stage = shown.map_or(Stage::Planned, stage);
    let phase = match stage {
        Stage::Closed | Stage::Merged { .. } | Stage::Rejected { .. } => Phase::Ended,
        _ => Phase::Open,
    };
    let mut status = Status::new(super::State::Case(state(reading, stage)), phase).ended_by(shown);
    let by_handler = reading.facts.iter().filter(|fact| is_by_handler(reading, fact));
    let notices = by_handler.map(|fact| Notice::FollowedUpByHandler { fact: fact.id });
    status.notices.extend(notices);
    status
}

fn stage(shown: &Fact) -> Stage {
    match shown.kind {
        kind::TRIAGED => Stage::Triaged,
        kind::ASSIGNED => Stage::Assigned,
        kind::HANDLED => Stage::Handled,
        kind::FOLLOWED_UP => Stage::FollowedUp {
            satisfied: shown.body.bool(field::SATISFIED),
        },
        kind::CLOSED => Stage::Closed,
        kind::ENTERED_UNSATISFIED => Stage::EnteredUnsatisfied,
        kind::REOPENED => Stage::Reopened,
        kind::MERGED => Stage::Merged {
            record: shown.body.record(field::RECORD),
        },
        kind::REJECTED => Stage::Rejected {
            reason: shown.body.uint(field::REJECT_REASON),
        },
        _ => Stage::Planned,
    }
}

fn state(reading: &Reading<'_>, stage: Stage) -> State {
    let plan = reading.plan();
    let triaged = reading.furthest(&[kind::TRIAGED]);
    let assigned = reading.furthest(&[kind::ASSIGNED]);
    let body = plan.and_then(|plan| plan.text("body"));
    let tier = plan.and_then(|plan| plan.uint("tier"));
    let due = plan.and_then(|plan| plan.int("due_ms"));
    let reopened: Vec<_> = reading.all(kind::REOPENED).map(|fact| fact.id).collect();
    State {
        stage,
        round: u32::try_from(reading.order.longest_chain(&reopened))
            .unwrap_or(u32::MAX)
            .saturating_add(1),
        tier: tier.or_else(|| triaged?.body.uint(field::TIER)),
        body: body
            .or_else(|| assigned?.body.text(field::BODY))
            .map(str::to_owned),
        due_ms: due.or_else(|| assigned?.body.int(field::DUE)),
    }
}

/// The last follow-up that counts.
pub(crate) fn last_visit<'a>(reading: &Reading<'a>) -> Option<&'a Fact> {
    reading.furthest_of(&[kind::FOLLOWED_UP], |fact| !is_by_handler(reading, fact))
}

/// Whether it is a follow-up by whoever had handled the case: such a visit does not count.
fn is_by_handler(reading: &Reading<'_>, visit: &Fact) -> bool {
    let had_handled = |handled: &Fact| {
        reading.writer(handled) == reading.writer(visit) && !reading.order.is_before(visit.id, handled.id)
    };
    visit.kind == kind::FOLLOWED_UP && reading.all(kind::HANDLED).any(had_handled)
}
