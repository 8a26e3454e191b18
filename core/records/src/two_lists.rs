//! The two lists: what was asked (诉求清单) and how it is being handled (办理清单).
//!
//! Tips, through their cases, and appeals run the same closed loop: received, triaged, assigned, handled, followed up
//! by somebody who did not handle it, and where it does not satisfy, entered in the register and done again.

use serde::{Deserialize, Serialize};

use crate::clock::due_at_ms;
use crate::codes::CodeList;
use crate::fact::{Fact, FactKind, field, kinds};
use crate::id::RecordId;
use crate::kind::RecordKind;
use crate::status::reading::Reading;
use crate::status::{About, Counted, State, appeal, case, status, tip};

/// A tip, case or appeal with all of its facts.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// The record.
    pub about: About<'a>,
    /// Its facts.
    pub facts: &'a [Fact],
    /// Of a tip: the case that triage made of it, which then stands in the lists in its place, unless the tip's
    /// reporter reopened it.
    pub case: Option<RecordId>,
}

/// Both lists, the overdue first, then by when an answer is due, then by when it was received.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TwoLists {
    /// What was asked: everything, with how far it is.
    pub requests: Vec<Entry>,
    /// What somebody is, or was, in charge of.
    pub handling: Vec<Entry>,
}

/// A line of the lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Entry {
    /// The record.
    pub record: RecordId,
    /// Tip, case or appeal.
    pub kind: RecordKind,
    /// How far it is.
    pub stage: Stage,
    /// The how manyeth round, from 1.
    pub round: u32,
    /// What it is about: a code of `tip_kind`, or of an appeal of `appeal_kind`.
    pub about: Option<u64>,
    /// A code of `case_tier`.
    pub tier: Option<u64>,
    /// Who is in charge.
    pub body: Option<String>,
    /// When it was received, UTC milliseconds by its writer's clock.
    pub received_ms: i64,
    /// When an answer is due, UTC milliseconds: as set, else by the working days of its tier. None without a tier.
    pub due_ms: Option<i64>,
    /// Whether it is due and not answered.
    pub overdue: bool,
    /// What the last follow-up that counts found.
    pub satisfied: Option<bool>,
    /// Whether it stands in the unsatisfied register (不满意台账): entered there, or not satisfied at the last
    /// follow-up, until it is closed.
    pub unsatisfied: bool,
}

/// How far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It waits for triage, or for the liaison.
    Received,
    /// It waits for somebody to be in charge.
    Triaged,
    /// Somebody is in charge.
    Assigned,
    /// There is an answer; it waits for a follow-up by somebody who did not handle it.
    Handled,
    /// It was followed up.
    FollowedUp,
    /// It does not satisfy.
    Unsatisfied,
    /// It goes into another round.
    Reopened,
    /// It is done, went on as another case, was rejected or withdrawn.
    Closed,
}

/// The two lists of what one may see, at `now_ms` (UTC milliseconds). Records of other kinds, and those of which no
/// fact is there, are left out.
pub fn two_lists<'a>(heard: impl IntoIterator<Item = Heard<'a>>, now_ms: i64) -> TwoLists {
    let mut entries: Vec<_> = heard
        .into_iter()
        .filter_map(|heard| {
            let found = entry(&heard.about, heard.facts, now_ms)?;
            (heard.case.is_none() || found.0.stage == Stage::Reopened).then_some(found)
        })
        .collect();
    entries.sort_by_key(|(entry, _)| {
        let due = entry.due_ms.unwrap_or(i64::MAX);
        (!entry.overdue, due, entry.received_ms, entry.record)
    });
    let handling = entries.iter().filter(|(_, in_charge)| *in_charge);
    TwoLists {
        handling: handling.map(|(entry, _)| entry.clone()).collect(),
        requests: entries.into_iter().map(|(entry, _)| entry).collect(),
    }
}

/// A record's line, and whether anybody is, or was, in charge of it.
fn entry(about: &About<'_>, facts: &[Fact], now_ms: i64) -> Option<(Entry, bool)> {
    let counted = Counted::of(facts);
    let reading = Reading::of(about, &counted);
    let received_ms = reading.facts.iter().map(|fact| fact.stamp.hlc_ms).min()?;
    let mut entry = Entry {
        record: about.record,
        kind: about.kind,
        stage: Stage::Received,
        round: 1,
        about: None,
        tier: None,
        body: None,
        received_ms,
        due_ms: None,
        overdue: false,
        satisfied: None,
        unsatisfied: false,
    };
    match status(about, facts).state {
        State::Tip(state) => entry.take_tip(&reading, state),
        State::Case(state) => entry.take_case(&reading, state),
        State::Appeal(state) => entry.take_appeal(&reading, &state),
        _ => return None,
    }
    let answered = [Stage::Handled, Stage::FollowedUp, Stage::Closed].contains(&entry.stage);
    entry.overdue = !answered && entry.due_ms.is_some_and(|due_ms| due_ms < now_ms);
    let doubted = entry.stage == Stage::Unsatisfied || entry.satisfied == Some(false);
    entry.unsatisfied = doubted && entry.stage != Stage::Closed;
    let in_charge = reading.facts.iter().any(|fact| TAKES_CHARGE.contains(&fact.kind));
    Some((entry, in_charge))
}

/// What somebody does who is in charge, or makes somebody be.
const TAKES_CHARGE: [FactKind; 7] = [
    kinds::case::ASSIGNED,
    kinds::case::HANDLED,
    kinds::appeal::ADVICE_GIVEN,
    kinds::appeal::MEDIATION_HELD,
    kinds::appeal::SHARED_WITH_BODY,
    kinds::appeal::ANSWERED,
    kinds::appeal::SETTLED,
];

impl Entry {
    fn take_tip(&mut self, reading: &Reading<'_>, state: tip::State) {
        self.about = code(reading, kinds::tip::REPORTED, field::TIP_KIND);
        self.stage = match state {
            tip::State::Planned | tip::State::Reported => Stage::Received,
            tip::State::Answered { .. } => Stage::Closed,
            tip::State::Reopened => Stage::Reopened,
        };
    }

    fn take_case(&mut self, reading: &Reading<'_>, state: case::State) {
        let kind = reading.plan().and_then(|plan| plan.uint("kind"));
        self.about = kind.or_else(|| code(reading, kinds::case::TRIAGED, field::TIP_KIND));
        self.satisfied = case::last_visit(reading).and_then(|fact| fact.body.bool(field::SATISFIED));
        self.stage = match state.stage {
            case::Stage::Planned => Stage::Received,
            case::Stage::Triaged => Stage::Triaged,
            case::Stage::Assigned => Stage::Assigned,
            case::Stage::Handled => Stage::Handled,
            case::Stage::FollowedUp { .. } => Stage::FollowedUp,
            case::Stage::EnteredUnsatisfied => Stage::Unsatisfied,
            case::Stage::Reopened => Stage::Reopened,
            case::Stage::Closed | case::Stage::Merged { .. } | case::Stage::Rejected { .. } => Stage::Closed,
        };
        // A round begins with its triage or its reopening.
        let begun = reading.furthest(&[kinds::case::TRIAGED, kinds::case::REOPENED]);
        let by_tier = || Some(due_at_ms(begun?.stamp.hlc_ms, working_days(state.tier?)?));
        self.due_ms = state.due_ms.or_else(by_tier);
        (self.round, self.tier, self.body) = (state.round, state.tier, state.body);
    }

    fn take_appeal(&mut self, reading: &Reading<'_>, state: &appeal::State) {
        let visit = reading.furthest(&[kinds::appeal::FOLLOWED_UP]);
        self.satisfied = visit.and_then(|fact| fact.body.bool(field::SATISFIED));
        (self.round, self.about) = (state.round, state.appeal_kind);
        self.stage = match state.stage {
            appeal::Stage::Planned | appeal::Stage::Raised => Stage::Received,
            appeal::Stage::AdviceGiven | appeal::Stage::MediationHeld | appeal::Stage::SharedWithBody => {
                Stage::Assigned
            }
            appeal::Stage::Answered | appeal::Stage::Settled { .. } => Stage::Handled,
            appeal::Stage::FollowedUp {
                satisfied: Some(true),
            }
            | appeal::Stage::Withdrawn => Stage::Closed,
            appeal::Stage::FollowedUp { .. } => Stage::FollowedUp,
            appeal::Stage::Reopened => Stage::Reopened,
        };
    }
}

fn code(reading: &Reading<'_>, kind: FactKind, key: u64) -> Option<u64> {
    reading.furthest(&[kind])?.body.uint(key)
}

fn working_days(tier: u64) -> Option<u16> {
    let tier = CodeList::get("case_tier")?.entry(u16::try_from(tier).ok()?)?;
    u16::try_from(tier.number("working_days")?).ok()
}
