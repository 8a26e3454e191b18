//! Who may see what: PRODUCT.md, "Who sees and who writes", read once more, apart from `records::access`.
//!
//! It judges the end of a run of some days, so no time after an end has passed yet: what somebody brought to its end,
//! made, or was shown because an open record named it, is still theirs. Where the facts leave it open who has a
//! parcel, everybody who may have it may see it.

mod carried;
mod named;
mod station;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::fact::{Fact, SideName};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::status::{About, Phase, status};

use super::Evidence;
use super::custody::Custody;
use crate::fleet::script::Item;
use crate::fleet::world::Who;
use told::Told;

/// What one person may see.
pub(crate) struct Sight {
    /// Every record, and whether it or one that names it is still open.
    records: BTreeMap<RecordId, bool>,
    /// Deliveries, pickups and errands that the plan gives to them.
    assigned: BTreeSet<RecordId>,
    /// What they made themselves.
    made: BTreeSet<RecordId>,
    role: Who,
}

impl Sight {
    /// Whether they may see anything of the record that they did not write.
    pub(crate) fn of(&self, record: RecordId) -> bool {
        self.records.contains_key(&record)
    }

    /// Records that are theirs without any doubt: assigned to them and open, or made by them.
    pub(crate) fn certain(&self) -> impl Iterator<Item = RecordId> {
        let open = |record: &&RecordId| self.records.get(record) == Some(&true);
        self.assigned.iter().filter(open).chain(&self.made).copied()
    }

    /// Whether they may see such a side value of a record that they see.
    pub(crate) fn of_side(&self, record: RecordId, kind: RecordKind, name: SideName) -> bool {
        let Some(open) = self.records.get(&record).copied() else {
            return false;
        };
        let dispatcher = matches!(self.role, Who::Dispatcher(_));
        match name {
            SideName::PickupCodeHash | SideName::Medicine => open && self.assigned.contains(&record),
            SideName::Phone => match kind {
                RecordKind::Place | RecordKind::Colleague => true,
                RecordKind::Household => !dispatcher && (open || self.made.contains(&record)),
                _ => !dispatcher && open,
            },
            SideName::Position => kind != RecordKind::Errand,
            SideName::Signature | SideName::Photo => true,
        }
    }
}

/// The whole county as the checker knows it.
pub(crate) struct Sights<'a> {
    evidence: &'a Evidence<'a>,
    told: Told,
    custodies: BTreeMap<RecordId, Custody<'a>>,
    nothing: Custody<'a>,
    /// The records on which somebody still has something to do, or in which something is in question.
    open: BTreeSet<RecordId>,
    by_record: BTreeMap<RecordId, Vec<&'a Fact>>,
}

impl<'a> Sights<'a> {
    pub(crate) fn new(evidence: &'a Evidence<'a>) -> Result<Self> {
        let county = evidence.county;
        let by_record = county.by_record();
        let custodies = by_record
            .iter()
            .map(|(record, facts)| (*record, Custody::of(county, facts)))
            .collect();
        let is_open = |(record, kind): (&RecordId, &RecordKind)| {
            let plan = county.plans.get(record);
            let about = About {
                record: *record,
                kind: *kind,
                plan,
                authors: &county.authors,
            };
            let status = status(&about, by_record.get(record).into_iter().flatten().copied());
            (status.phase != Phase::Ended || status.ended_at_ms.is_none()).then_some(*record)
        };
        Ok(Self {
            open: county.records.iter().filter_map(is_open).collect(),
            evidence,
            told: Told::of(evidence)?,
            custodies,
            nothing: Custody::default(),
            by_record,
        })
    }

    /// What somebody may see.
    pub(crate) fn of(&self, who: Who) -> Result<Sight> {
        let county = self.evidence.county;
        let person = self.evidence.names.person(who)?;
        let (records, assigned, made) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let mut sight = Sight {
            records,
            assigned,
            made,
            role: who,
        };
        for (record, kind) in &county.records {
            let plan = county.plans.get(record);
            if plan.and_then(|plan| plan.person("assignee")) == Some(person) {
                sight.assigned.insert(*record);
            }
            // Finding a parcel's waybill makes nothing theirs.
            if *kind != RecordKind::Delivery && self.told.makers.get(record) == Some(&who) {
                sight.made.insert(*record);
            }
            if self.by_itself(who, person, *record, *kind, plan) {
                sight.records.insert(*record, self.open.contains(record));
            }
        }
        if matches!(who, Who::Courier(_) | Who::Clerk(_)) {
            self.add_named(&mut sight);
        }
        Ok(sight)
    }

    fn custody(&self, record: RecordId) -> &Custody<'a> {
        self.custodies.get(&record).unwrap_or(&self.nothing)
    }

    /// Whether they see it by what it is, not because another record names it.
    fn by_itself(
        &self,
        who: Who,
        person: PersonId,
        record: RecordId,
        kind: RecordKind,
        plan: Option<&PlanView>,
    ) -> bool {
        use RecordKind as Kind;
        let made = self.told.makers.get(&record) == Some(&who);
        let is_public = matches!(kind, Kind::Place | Kind::Carrier | Kind::Case | Kind::CommonIssue);
        match (who, kind) {
            (Who::Courier(_) | Who::Clerk(_) | Who::Dispatcher(_), _) if is_public => true,
            (Who::Dispatcher(_), kind) => kind != Kind::Appeal,
            (Who::Liaison, kind) => kind == Kind::Appeal,
            (Who::Auditor, _) => false,
            (Who::Admin, kind) => matches!(kind, Kind::Place | Kind::Carrier | Kind::Colleague),
            (_, Kind::Colleague) => self.knows_colleague(who, person, record),
            (Who::Courier(_), Kind::Delivery) => self.carries(who, person, record, plan),
            (Who::Courier(_), Kind::Pickup | Kind::Errand | Kind::CashPass) => {
                let assigned = plan.and_then(|plan| plan.person("assignee")) == Some(person);
                made || assigned || self.custody(record).concerns(person)
            }
            (Who::Courier(courier), Kind::Count) => self.is_matched(record, Item::Count(courier, 1), courier),
            (Who::Courier(_), _) => made,
            (Who::Clerk(_), Kind::Delivery | Kind::Pickup | Kind::Errand) => {
                self.is_at_station(who, record, plan)
            }
            (Who::Clerk(_), Kind::Count) => made,
            (Who::Clerk(_), Kind::HandIn) => self.was_handed_in_at(who, record),
            (Who::Clerk(_), Kind::Tip | Kind::Appeal | Kind::CashPass) => false,
            // Households, consents and camps that somebody of the station made.
            (Who::Clerk(_), _) => self.maker_is_of_station(who, record),
        }
    }
}
