//! 办理: public problems as triage released them, from the first word to the visit that asks how it went.

use saddlebag_records::clock::due_at_ms;
use saddlebag_records::codes::{CodeList, tip_kind};
use saddlebag_records::fact::{Body, FactKind, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::status::{Phase, State, case, tip};
use serde::Serialize;

use super::record::{Record, each};
use super::{AdminError, code, find, looking, names, tips, value};
use crate::act::{Act, Draft, Part};
use crate::county::County;
use crate::store::{Person, ReadTx};

/// What triage releases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Triage<'a> {
    /// The tip that it came as.
    pub tip: Option<&'a str>,
    /// Its kind, by name; the tip's own where none is named.
    pub kind: Option<&'a str>,
    /// Who decides, by name.
    pub tier: &'a str,
    /// A place; the tip's own where none is named.
    pub place: Option<&'a str>,
    /// The text that everybody may read. A tip's text is never taken over by itself.
    pub text: Option<&'a str>,
    /// What the tip's reporter is told, beside that it became a case.
    pub answer: Option<&'a str>,
}

/// What a tip says of itself.
#[derive(Default)]
struct Reported {
    tip: Option<RecordId>,
    kind: Option<u16>,
    place: Option<RecordId>,
}

/// Makes a case, and tells the tip's reporter.
///
/// # Errors
/// `wrong_state` for a tip that became a case already; `bad_value` for a kind that is missing, or `other`: what is
/// released has a kind.
pub fn new(county: &County, by: &Person, triage: Triage<'_>) -> Result<RecordId, AdminError> {
    let bad = |field: &str, why: &str| AdminError::new(code::BAD_VALUE, format!("{field}: {why}"));
    let (reported, place) = county.store().read_blocking(|tx| {
        let place = triage
            .place
            .map(|place| find::of_kind(county, tx, RecordKind::Place, place))
            .transpose()?;
        let tip = triage.tip.map(|tip| reported(county, tx, tip)).transpose()?;
        Ok::<_, AdminError>((tip.unwrap_or_default(), place.map(|place| place.id)))
    })?;
    let named = triage
        .kind
        .map(|kind| value::code(kind, "tip_kind").map_err(|why| bad("kind", why)))
        .transpose()?;
    let kind = named.or(reported.kind).filter(|kind| *kind != tip_kind::OTHER);
    let kind = kind.ok_or_else(|| bad("kind", "missing"))?;
    let tier = value::code(triage.tier, "case_tier").map_err(|why| bad("tier", why))?;
    let text = triage
        .text
        .map(|text| value::text(text, 200).map_err(|why| bad("text", why)))
        .transpose()?;

    let id = super::fresh_id(county);
    let mut edits = vec![
        PlanEdit::set("kind", i64::from(kind)),
        PlanEdit::set("tier", i64::from(tier)),
        PlanEdit::set("due_ms", due_ms(county, tier)),
    ];
    edits.extend(
        place
            .or(reported.place)
            .map(|place| PlanEdit::set("place", place)),
    );
    edits.extend(text.as_deref().map(|text| PlanEdit::set("text", text)));
    let body = Body::new().with(field::TIP_KIND, kind).with(field::TIER, tier);
    let triaged = vec![Draft::new(kinds::case::TRIAGED, body)];
    let mut parts = vec![Part {
        record: id,
        kind: RecordKind::Case,
        facts: triaged,
        edits,
    }];
    let told = reported
        .tip
        .map(|tip| tips::answered(tip, triage.answer.unwrap_or_default(), Some(id)));
    parts.extend(told);
    county.act(by.id, Act { parts })?;
    Ok(id)
}

fn reported(county: &County, tx: &dyn ReadTx, tip: &str) -> Result<Reported, AdminError> {
    let row = find::of_kind(county, tx, RecordKind::Tip, tip)?;
    let record = Record::read(tx, row)?;
    if matches!(
        record.status.state,
        State::Tip(tip::State::Answered { case: Some(_) })
    ) {
        return Err(AdminError::new(code::WRONG_STATE, "the tip became a case"));
    }
    let reported = record.facts.iter().find(|fact| fact.kind == kinds::tip::REPORTED);
    let kind = reported.and_then(|fact| fact.body.uint(field::TIP_KIND));
    Ok(Reported {
        tip: Some(row.id),
        kind: kind.and_then(|kind| u16::try_from(kind).ok()),
        place: reported.and_then(|fact| fact.body.record(field::PLACE)),
    })
}

/// When a case of this tier that begins now is due, UTC milliseconds.
fn due_ms(county: &County, tier: u16) -> i64 {
    let tier = CodeList::get("case_tier").and_then(|tiers| tiers.entry(tier));
    let days = tier
        .and_then(|tier| tier.number("working_days"))
        .and_then(|days| u16::try_from(days).ok());
    due_at_ms(county.now_ms(), days.unwrap_or(0))
}

/// What becomes of a case.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// A body is in charge, until a time (UTC milliseconds) or for its tier's working days from now.
    Assigned {
        /// The body, at most 60 characters.
        body: &'a str,
        /// Until when.
        due_ms: Option<i64>,
    },
    /// The body in charge has done something.
    Handled {
        /// What, at most 1,000 characters.
        answer: &'a str,
    },
    /// Somebody who did not handle it went there again.
    FollowedUp {
        /// Whether it is mended.
        satisfied: bool,
        /// What was seen.
        text: Option<&'a str>,
    },
    /// It does not satisfy.
    EnteredUnsatisfied,
    /// It goes into another round.
    Reopened {
        /// Why.
        text: Option<&'a str>,
    },
    /// It is done.
    Closed,
    /// It is none.
    Rejected {
        /// A code of `reject_reason`.
        reason: u16,
    },
    /// Another case stands for it.
    Merged {
        /// That case.
        into: RecordId,
    },
}

impl Step<'_> {
    fn kind(&self) -> FactKind {
        match self {
            Self::Assigned { .. } => kinds::case::ASSIGNED,
            Self::Handled { .. } => kinds::case::HANDLED,
            Self::FollowedUp { .. } => kinds::case::FOLLOWED_UP,
            Self::EnteredUnsatisfied => kinds::case::ENTERED_UNSATISFIED,
            Self::Reopened { .. } => kinds::case::REOPENED,
            Self::Closed => kinds::case::CLOSED,
            Self::Rejected { .. } => kinds::case::REJECTED,
            Self::Merged { .. } => kinds::case::MERGED,
        }
    }

    /// Whether it is a step from here. What couriers saw in the meantime is never in the way of the county's own words.
    fn may_follow(&self, stage: &case::Stage) -> bool {
        use case::Stage as S;
        match self {
            Self::Assigned { .. } => !matches!(stage, S::Closed | S::Merged { .. } | S::Rejected { .. }),
            Self::Handled { .. } => matches!(stage, S::Assigned | S::Handled),
            Self::FollowedUp { .. } => matches!(stage, S::Handled | S::FollowedUp { .. }),
            Self::EnteredUnsatisfied => matches!(
                stage,
                S::FollowedUp {
                    satisfied: Some(false)
                }
            ),
            Self::Reopened { .. } => {
                matches!(
                    stage,
                    S::EnteredUnsatisfied | S::Closed | S::FollowedUp { .. } | S::Rejected { .. }
                )
            }
            // Every case gets an answer, and a visit by somebody who did not handle it.
            Self::Closed => matches!(
                stage,
                S::FollowedUp {
                    satisfied: Some(true)
                }
            ),
            Self::Rejected { .. } | Self::Merged { .. } => {
                !matches!(stage, S::Closed | S::Merged { .. } | S::Rejected { .. })
            }
        }
    }

    fn body(&self, due_ms: Option<i64>) -> Body {
        let body = Body::new();
        let with = |body: Body, key, text: Option<&str>| match text {
            Some(text) => body.with(key, text),
            None => body,
        };
        match self {
            Self::Assigned { body: to, .. } => body
                .with(field::BODY, *to)
                .with(field::DUE, due_ms.unwrap_or_default()),
            Self::Handled { answer } => body.with(field::ANSWER, *answer),
            Self::FollowedUp { satisfied, text } => {
                with(body.with(field::SATISFIED, *satisfied), field::TEXT, *text)
            }
            Self::Reopened { text } => with(body, field::TEXT, *text),
            Self::Rejected { reason } => body.with(field::REJECT_REASON, *reason),
            Self::Merged { into } => body.with(field::RECORD, *into),
            Self::EnteredUnsatisfied | Self::Closed => body,
        }
    }
}

/// Takes a step in a case.
///
/// # Errors
/// `wrong_state` where the case is not where this step leads on from, or the one to merge into stands for nothing itself;
/// `handled_it` for a follow-up by whoever handled it.
pub fn step(county: &County, by: PersonId, case: &str, step: Step<'_>) -> Result<RecordId, AdminError> {
    let (row, state) = county.store().read_blocking(|tx| {
        let row = find::of_kind(county, tx, RecordKind::Case, case)?;
        let record = Record::read(tx, row)?;
        match step {
            Step::Merged { into } => stands(tx, row.id, into)?,
            Step::FollowedUp { .. } => did_not_handle(tx, &record, by)?,
            _ => {}
        }
        Ok::<_, AdminError>((row, state_of(record)))
    })?;
    let state = state.filter(|state| step.may_follow(&state.stage));
    let state = state.ok_or_else(|| AdminError::new(code::WRONG_STATE, row.id))?;
    let mut edits = Vec::new();
    let mut due = None;
    if let Step::Assigned { body, due_ms: wanted } = step {
        let tier = state
            .tier
            .and_then(|tier| u16::try_from(tier).ok())
            .unwrap_or_default();
        let due_ms = wanted.unwrap_or_else(|| due_ms(county, tier));
        edits = vec![PlanEdit::set("body", body), PlanEdit::set("due_ms", due_ms)];
        due = Some(due_ms);
    }
    let facts = vec![Draft::new(step.kind(), step.body(due))];
    let part = Part {
        record: row.id,
        kind: RecordKind::Case,
        facts,
        edits,
    };
    county.act(by, Act { parts: vec![part] })?;
    Ok(row.id)
}

/// Refuses to merge a case into itself, or into one that does not stand: both would be gone from the list.
fn stands(tx: &dyn ReadTx, case: RecordId, into: RecordId) -> Result<(), AdminError> {
    if case == into {
        return Err(AdminError::new(code::BAD_VALUE, "into: the case itself"));
    }
    let row = tx
        .record(into)?
        .ok_or_else(|| AdminError::new(code::NO_RECORD, into))?;
    let stage = state_of(Record::read(tx, row)?).map(|state| state.stage);
    match stage {
        Some(case::Stage::Merged { .. } | case::Stage::Rejected { .. }) | None => {
            Err(AdminError::new(code::WRONG_STATE, into))
        }
        Some(_) => Ok(()),
    }
}

/// Refuses whoever handled the case: their own visit counts for nothing.
fn did_not_handle(tx: &dyn ReadTx, case: &Record, by: PersonId) -> Result<(), AdminError> {
    for fact in case.facts.iter().filter(|fact| fact.kind == kinds::case::HANDLED) {
        let of_device = tx.device(fact.id.device)?.map(|device| device.person);
        if fact.body.person(field::BY).or(of_device) == Some(by) {
            return Err(AdminError::new(code::HANDLED_IT, case.row.id));
        }
    }
    Ok(())
}

/// A case of the handling list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The case.
    pub case: RecordId,
    /// What it is about.
    pub kind: Option<String>,
    /// How far it is, and who is to do what until when.
    #[serde(flatten)]
    pub state: case::State,
    /// Whether it is open and its due time is over.
    pub overdue: bool,
    /// Where.
    pub place: Option<RecordId>,
    /// That place's name.
    pub place_name: Option<String>,
    /// What everybody may read.
    pub text: Option<String>,
}

/// The handling list (办理清单), by due time; with `all` closed ones too.
pub fn list(county: &County, person: &Person, all: bool) -> Result<Vec<Listed>, AdminError> {
    looking::sees_all(person, RecordKind::Case)?;
    let now_ms = county.now_ms();
    county.store().read_blocking(|tx| {
        let mut cases = Vec::new();
        each(tx, RecordKind::Case, |row| {
            let record = Record::read(tx, row)?;
            let is_open = record.status.phase != Phase::Ended;
            let plan = record.plan.clone();
            let plan = plan.as_ref();
            if let Some(state) = state_of(record).filter(|_| all || is_open) {
                let place = plan.and_then(|plan| plan.record("place"));
                cases.push(Listed {
                    case: row.id,
                    kind: plan.and_then(|plan| plan.uint("kind")).map(tips::shown_kind),
                    overdue: is_open && state.due_ms.is_some_and(|due| due < now_ms),
                    state,
                    place,
                    place_name: names::place(tx, place)?,
                    text: plan.and_then(|plan| plan.text("text")).map(str::to_owned),
                });
            }
            Ok::<_, AdminError>(())
        })?;
        cases.sort_by_key(|case| (case.state.due_ms, case.case));
        Ok(cases)
    })
}

fn state_of(record: Record) -> Option<case::State> {
    match record.status.state {
        State::Case(state) => Some(state),
        _ => None,
    }
}
