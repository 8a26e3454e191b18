//! Deliveries, as couriers see them.

use std::collections::BTreeSet;

use saddlebag_records::fact::{Fact, field};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;

use super::Sights;
use crate::county::DAY_MS;
use crate::fleet::checker::custody::Custody;
use crate::fleet::clocks::MINUTE_MS;
use crate::fleet::world::Who;

impl Sights<'_> {
    /// Assigned to them, in their bag, handed to them, brought to its end by them, with money of theirs in it, found at
    /// their station when it was nobody's, theirs by the dispatcher's word, or overdue where they pass next.
    pub(super) fn carries(
        &self,
        who: Who,
        person: PersonId,
        record: RecordId,
        plan: Option<&PlanView>,
    ) -> bool {
        let assignee = plan.and_then(|plan| plan.person("assignee"));
        if assignee == Some(person) {
            return true;
        }
        let custody = self.custody(record);
        let confirmed = self
            .told
            .confirmed
            .get(&record)
            .is_some_and(|people| people.contains(&person));
        let found = confirmed || assignee.is_none() && self.lay_at_station_of(who, person, custody);
        // Having the number of a parcel gives nobody a right to it: somebody who had it must have given it.
        let mut given: BTreeSet<PersonId> = self.told.assigned.get(&record).cloned().unwrap_or_default();
        given.extend(found.then_some(person));
        let untold = |given: &BTreeSet<PersonId>| {
            let mut handings = custody.handings.iter();
            handings
                .find(|(by, to)| given.contains(by) && !given.contains(to))
                .map(|(_, to)| *to)
        };
        while let Some(to) = untold(&given) {
            given.insert(to);
        }
        let handed = custody
            .handed
            .iter()
            .any(|(by, to)| *to == person && given.contains(by));
        found
            || handed
            || given.contains(&person) && custody.concerns(person)
            || self.passes_overdue(person, custody)
    }

    /// Whether somebody else scanned it in at this courier's station, and this courier scanned it too.
    fn lay_at_station_of(&self, who: Who, person: PersonId, custody: &Custody<'_>) -> bool {
        let Some(station) = self.told.station_of(who) else {
            return false;
        };
        let writer = |fact: &Fact| self.evidence.county.writer(fact);
        let lies =
            |fact: &&Fact| fact.body.record(field::PLACE) == Some(station) && writer(fact) != Some(person);
        custody.facts.iter().any(lies) && custody.facts.iter().any(|fact| writer(fact) == Some(person))
    }

    /// Whether it waits at a drop point past its keeping days, and this courier has something to bring there.
    fn passes_overdue(&self, person: PersonId, custody: &Custody<'_>) -> bool {
        let Some((place, since_ms)) = custody.waits else {
            return false;
        };
        let county = self.evidence.county;
        let keeping_days = county
            .plans
            .get(&place)
            .and_then(|plan| plan.int("keeping_days"))
            .unwrap_or(0);
        // The server's clock goes on for the minutes that syncing takes.
        let overdue = since_ms + keeping_days * DAY_MS <= self.evidence.now_ms + 10 * MINUTE_MS;
        let goes_there = |(record, kind): (&RecordId, &RecordKind)| {
            let carried = matches!(
                kind,
                RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
            );
            let plan = county
                .plans
                .get(record)
                .filter(|_| carried && self.open.contains(record));
            plan.is_some_and(|plan| {
                plan.record("place") == Some(place) && plan.person("assignee") == Some(person)
            })
        };
        overdue && county.records.iter().any(goes_there)
    }
}
