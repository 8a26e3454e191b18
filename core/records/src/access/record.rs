use std::collections::BTreeSet;

use super::Role;
use crate::id::{PersonId, RecordId};
use crate::kind::RecordKind;

/// Somebody of the county, as far as seeing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// The person.
    pub person: PersonId,
    /// What they do.
    pub role: Role,
    /// Their station, where they have one.
    pub station: Option<RecordId>,
}

/// The making of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creation {
    /// Who made it.
    pub by: Who,
    /// When, as the county judges it: UTC milliseconds.
    pub at_ms: i64,
}

/// A handing-over that no fact voids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handing {
    /// Who wrote it.
    pub by: PersonId,
    /// To whom.
    pub to: Who,
    /// Whether the parcel has not moved since: nobody took it over, scanned it in, delivered it, ….
    pub stands: bool,
}

/// A delivery scanned by somebody who was not given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Who scanned it.
    pub who: Who,
    /// The station at which it lay then by the word of somebody else: one's own scan is no evidence.
    pub lay_at: Option<RecordId>,
}

/// What a colleague's entry says of whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColleagueTies {
    /// Their role.
    pub role: Role,
    /// Their station.
    pub station: Option<RecordId>,
    /// The people of that station.
    pub station_people: Vec<Who>,
    /// Whose mentor they are.
    pub mentees: Vec<Who>,
}

/// All that decides who sees a record. Order and repetition within the lists mean nothing.
///
/// Times are UTC milliseconds as the county judges them, never later than it heard of the fact: a phone whose
/// clock is 20 years ahead must not keep a record visible for 20 years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordForAccess {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its making, where the county knows it.
    pub created: Option<Creation>,
    /// When it ended; none while it is open. A hand-in and a count end when their settlement closes, a colleague
    /// when they leave.
    pub ended_ms: Option<i64>,
    /// To whom the plan assigns it.
    pub assignee: Option<Who>,
    /// Who has it in their bag (several, where that is in question), or accepted the errand.
    pub holders: Vec<Who>,
    /// Its handings-over.
    pub handings: Vec<Handing>,
    /// By whom it was scanned without having been given.
    pub scans: Vec<Scan>,
    /// For whom a clerk or dispatcher confirmed that they have it.
    pub confirmed: Vec<Who>,
    /// To whom it was ever shown, clerks and dispatchers who wrote in it among them.
    pub given: Vec<PersonId>,
    /// Who wrote a fact that ended it and is not voided.
    pub ended_by: Vec<Who>,
    /// Whose unsettled money is in it.
    pub unsettled: Vec<Who>,
    /// Whose route passes the drop point at which it waits overdue.
    pub next_there: Vec<Who>,
    /// The stations that it is bound for, at, or from; of a hand-in and a count, where the cash was counted.
    pub stations: Vec<RecordId>,
    /// Of a hand-in and a count: whose cash it is; of a pass of cash: its two couriers.
    pub cash_of: Vec<Who>,
    /// Of a hand-in and a count: whether the other one of the same number is there.
    pub matched: bool,
    /// Of a colleague: whom they work with.
    pub colleague: Option<ColleagueTies>,
}

impl RecordForAccess {
    /// A record of which nothing else is known.
    pub fn new(id: RecordId, kind: RecordKind) -> Self {
        Self {
            id,
            kind,
            created: None,
            ended_ms: None,
            assignee: None,
            holders: vec![],
            handings: vec![],
            scans: vec![],
            confirmed: vec![],
            given: vec![],
            ended_by: vec![],
            unsettled: vec![],
            next_there: vec![],
            stations: vec![],
            cash_of: vec![],
            matched: false,
            colleague: None,
        }
    }

    /// The scans that open it: it lay unassigned at the scanner's station.
    pub(super) fn good_scans(&self) -> impl Iterator<Item = Who> {
        let at_home = |scan: &&Scan| scan.lay_at.is_some() && scan.lay_at == scan.who.station;
        self.scans
            .iter()
            .filter(at_home)
            .map(|scan| scan.who)
            .filter(|who| self.is_nobody_elses(who))
    }

    /// Those for whom it was confirmed, unless it was assigned to somebody else since.
    pub(super) fn still_confirmed(&self) -> impl Iterator<Item = Who> {
        self.confirmed
            .iter()
            .copied()
            .filter(|who| self.is_nobody_elses(who))
    }

    fn is_nobody_elses(&self, who: &Who) -> bool {
        self.assignee.is_none_or(|assignee| assignee.person == who.person)
    }

    /// Whose word about the record opens it to them or to others. A delivery's id can be made from any waybill,
    /// so what a phone writes in one that it was never given, its own custody included, opens nothing.
    pub(super) fn trusted(&self) -> BTreeSet<PersonId> {
        let known = self
            .assignee
            .into_iter()
            .chain(self.good_scans())
            .chain(self.still_confirmed());
        let mut trusted: BTreeSet<_> = known
            .map(|who| who.person)
            .chain(self.given.iter().copied())
            .collect();
        loop {
            let next = self
                .handings
                .iter()
                .find(|handing| trusted.contains(&handing.by) && !trusted.contains(&handing.to.person));
            match next {
                Some(handing) => trusted.insert(handing.to.person),
                None => return trusted,
            };
        }
    }
}
