//! What a record is: computed from its facts and its plan, never stored, the same on every device and in any order
//! of arrival.

pub mod appeal;
pub mod camp;
pub mod case;
pub mod cash_pass;
pub mod colleague;
pub mod common_issue;
pub(crate) mod concurrent;
pub mod consent;
mod contest;
pub mod count;
mod counted;
pub mod delivery;
pub mod errand;
pub mod hand_in;
pub mod household;
mod latest;
pub mod opening;
pub mod pickup;
pub(crate) mod reading;
pub mod tip;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use counted::Counted;
pub(crate) use counted::is_link;
pub use latest::{MAX_LATEST, latest};
use reading::Reading;

use crate::discrepancy::Discrepancy;
use crate::fact::{Fact, FactKind};
use crate::id::{DeviceNumber, FactId, PersonId, RecordId};
use crate::kind::RecordKind;
use crate::plan::PlanView;

/// Which record, and what is known of it beside its facts.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its plan, where it has one and this device holds it.
    pub plan: Option<&'a PlanView>,
    /// Whose devices wrote the facts.
    pub authors: &'a Authors,
}

/// Whose devices wrote the facts: what the county says of every device number in the facts that it serves. All who
/// hold the same facts must hold the same authors, or they disagree about who took over from whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authors(pub BTreeMap<DeviceNumber, PersonId>);

impl Authors {
    /// Whose device it is, if that is known.
    pub fn person(&self, device: DeviceNumber) -> Option<PersonId> {
        self.0.get(&device).copied()
    }
}

/// What a record is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Status {
    /// Its state, by the record's kind.
    #[serde(flatten)]
    pub state: State,
    /// Whether somebody still has something to do.
    pub phase: Phase,
    /// When it ended, UTC milliseconds by the clock of whoever wrote the fact that ended it. None while it is open
    /// or a discrepancy is.
    pub ended_at_ms: Option<i64>,
    /// The facts that ended it, sorted; several where that is in question.
    pub ended_by: Vec<FactId>,
    /// Who has it, sorted; several where that is in question.
    pub holders: Vec<Holder>,
    /// The handings-over, by their facts' ids.
    pub handings: Vec<Handing>,
    /// What somebody should be told, sorted.
    pub notices: Vec<Notice>,
    /// What does not fit together and is not closed, sorted.
    pub discrepancies: Vec<Discrepancy>,
    /// Whose work it was: at most one entry, once it is done.
    pub credits: Vec<Credit>,
}

/// A record's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum State {
    Delivery(delivery::State),
    Pickup(pickup::State),
    Errand(errand::State),
    Tip(tip::State),
    Case(case::State),
    Appeal(appeal::State),
    Household(household::State),
    Consent(consent::State),
    Camp(camp::State),
    Place(opening::State),
    Colleague(colleague::State),
    Carrier(opening::State),
    CashPass(cash_pass::State),
    HandIn(hand_in::State),
    Count(count::State),
    CommonIssue(common_issue::State),
}

/// Whether somebody still has something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Somebody has.
    Open,
    /// It lies at a drop point, neither open nor delivered.
    Waiting,
    /// Nobody has.
    Ended,
}

/// Who or what holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// Whoever this device belongs to has it with them.
    Device(DeviceNumber),
    /// It lies at this place.
    Place(RecordId),
}

impl Holder {
    /// Whether somebody has it with them.
    pub fn is_somebody(&self) -> bool {
        matches!(self, Self::Device(_))
    }
}

/// A handing-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
pub struct Handing {
    /// The fact.
    pub fact: FactId,
    /// To whom.
    pub to: PersonId,
    /// Whether it has not moved since: nobody took it over, scanned it in, delivered it, ….
    pub stands: bool,
}

/// What somebody should be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// A fact does not show, since another one stands that was written apart from it.
    Overruled {
        /// The fact that does not show.
        fact: FactId,
        /// The one that stands.
        by: FactId,
    },
    /// It was cancelled, and moved or ended all the same. While somebody has it: it is to be brought back.
    Cancelled {
        /// The cancelling fact.
        fact: FactId,
    },
    /// Somebody else did it than the plan assigns.
    DoneByAnother {
        /// What they did.
        fact: FactId,
        /// Whom the plan assigns.
        assigned: PersonId,
    },
    /// It was damaged.
    Damaged {
        /// The fact that says so.
        fact: FactId,
    },
    /// A duty of this kind is not recorded, though what it must come before is.
    DutyMissing {
        /// The missing fact's kind.
        duty: FactKind,
    },
    /// Whoever handled a case followed it up too: that visit does not count.
    FollowedUpByHandler {
        /// The follow-up.
        fact: FactId,
    },
}

/// Whose work an ended item was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
pub struct Credit {
    /// The device of whoever did it.
    pub device: DeviceNumber,
    /// The fact that tells of it.
    pub fact: FactId,
}

/// What a record is. `facts` are the record's and those of every record that is joined to it or that facts were
/// parted from, in any sequence and with any repeats; facts of other records do no harm.
pub fn status<'a>(about: &About<'_>, facts: impl IntoIterator<Item = &'a Fact>) -> Status {
    let counted = Counted::of(facts);
    let reading = Reading::of(about, &counted);
    let mut status = match about.kind {
        RecordKind::Delivery => delivery::read(&reading),
        RecordKind::Pickup => pickup::read(&reading),
        RecordKind::Errand => errand::read(&reading),
        RecordKind::Tip => tip::read(&reading),
        RecordKind::Case => case::read(&reading),
        RecordKind::Appeal => appeal::read(&reading),
        RecordKind::Household => household::read(&reading),
        RecordKind::Consent => consent::read(&reading),
        RecordKind::Camp => camp::read(&reading),
        RecordKind::Place => opening::read(&reading, State::Place),
        RecordKind::Colleague => colleague::read(&reading),
        RecordKind::Carrier => opening::read(&reading, State::Carrier),
        RecordKind::CashPass => cash_pass::read(&reading),
        RecordKind::HandIn => hand_in::read(&reading),
        RecordKind::Count => count::read(&reading),
        RecordKind::CommonIssue => common_issue::read(&reading),
    };
    status.discrepancies.extend(reading.torn());
    status.discrepancies.sort();
    status.notices.sort();
    if !status.discrepancies.is_empty() {
        status.ended_at_ms = None;
    }
    status
}

/// What does not fit together in a record and is not closed: [`Status::discrepancies`] alone.
pub fn discrepancies<'a>(about: &About<'_>, facts: impl IntoIterator<Item = &'a Fact>) -> Vec<Discrepancy> {
    status(about, facts).discrepancies
}

/// Whose work an ended record was, at most once: [`Status::credits`] alone.
pub fn credits<'a>(about: &About<'_>, facts: impl IntoIterator<Item = &'a Fact>) -> Vec<Credit> {
    status(about, facts).credits
}

impl Status {
    /// A record in this state, of which nothing else is to be said.
    pub(crate) fn new(state: State, phase: Phase) -> Self {
        Self {
            state,
            phase,
            ended_at_ms: None,
            ended_by: Vec::new(),
            holders: Vec::new(),
            handings: Vec::new(),
            notices: Vec::new(),
            discrepancies: Vec::new(),
            credits: Vec::new(),
        }
    }

    /// A record that one of these facts ended, where it has ended.
    pub(crate) fn ended_by<'a>(mut self, facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        if self.phase == Phase::Ended {
            for fact in facts {
                self.ended_by.push(fact.id);
                self.ended_at_ms = self.ended_at_ms.max(Some(fact.stamp.hlc_ms));
            }
            self.ended_by.sort_unstable();
        }
        self
    }
}
