//! Who may see what: PRODUCT.md, "Who sees and who writes", read once more, apart from `records::access`.
//!
//! It judges the end of a run of some days, so no time after an end has passed yet: what somebody brought to its end,
//! made, or was shown because an open record named it, is still theirs. Where the facts leave it open who has a
//! parcel, everybody who may have it may see it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::fact::{Fact, SideName, field, schema_of};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_records::status::{About, Phase, status};

use super::Evidence;
use super::custody::Custody;
use crate::fleet::script::{Act, CountyAct, Item};
use crate::fleet::world::{Coming, Who};

/// Code of `consent_scope`: it comes with the errand that names it alone.
const FOR_ERRANDS: u64 = 3;

/// What one person may see.
pub(crate) struct Sight {
    /// Every record, and whether it or one that names it is still open.
    records: BTreeMap<RecordId, bool>,
    /// Deliveries that the plan gives to them.
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
        let (dispatcher, made) = (
            matches!(self.role, Who::Dispatcher(_)),
            self.made.contains(&record),
        );
        match name {
            SideName::PickupCodeHash | SideName::Medicine => open && self.assigned.contains(&record),
            SideName::Phone => match kind {
                RecordKind::Place | RecordKind::Colleague => true,
                RecordKind::Household => !dispatcher && (open || made),
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
    by_record: BTreeMap<RecordId, Vec<&'a Fact>>,
    /// Who made what, by the script.
    makers: BTreeMap<RecordId, Who>,
    /// To whom a parcel was ever assigned, by the script.
    ever_assigned: BTreeMap<RecordId, BTreeSet<PersonId>>,
    /// Whose word about a parcel the dispatcher let stand, by the script.
    confirmed: BTreeMap<RecordId, BTreeSet<PersonId>>,
}

impl<'a> Sights<'a> {
    pub(crate) fn new(evidence: &'a Evidence<'a>) -> Result<Self> {
        let names = evidence.names;
        let mut makers = BTreeMap::new();
        for step in &evidence.script.steps {
            let made = match &step.act {
                Act::Create { item, .. }
                | Act::Consent { item, .. }
                | Act::Register { item, .. }
                | Act::Camp { item, .. }
                | Act::Tip { item, .. }
                | Act::Appeal { item, .. }
                | Act::Pass { item, .. } => *item,
                Act::HandIn { courier, .. } => Item::HandIn(*courier, 1),
                Act::Count { courier, number, .. } => Item::Count(*courier, *number),
                _ => continue,
            };
            makers.insert(names.record(made)?, step.who);
        }
        let mut ever_assigned: BTreeMap<RecordId, BTreeSet<PersonId>> = BTreeMap::new();
        let mut assign = |parcel: usize, to: Who| {
            ever_assigned
                .entry(names.record(Item::Parcel(parcel))?)
                .or_default()
                .insert(names.person(to)?);
            anyhow::Ok(())
        };
        for (index, parcel) in evidence.world.parcels.iter().enumerate() {
            if let Coming::Assigned(courier) = parcel.coming {
                assign(index, Who::Courier(courier))?;
            }
        }
        let mut confirmed: BTreeMap<RecordId, BTreeSet<PersonId>> = BTreeMap::new();
        for step in &evidence.script.county {
            match step.act {
                CountyAct::Assign { parcel, to } => assign(parcel, to)?,
                CountyAct::Close { parcel, stands } => {
                    let wrote = evidence
                        .script
                        .steps
                        .iter()
                        .find(|step| step.id == stands)
                        .map(|step| step.who);
                    let person = wrote.map(|who| names.person(who)).transpose()?;
                    confirmed
                        .entry(names.record(Item::Parcel(parcel))?)
                        .or_default()
                        .extend(person);
                }
                _ => {}
            }
        }
        Ok(Self {
            evidence,
            by_record: evidence.county.by_record(),
            makers,
            ever_assigned,
            confirmed,
        })
    }

    /// What somebody may see.
    pub(crate) fn of(&self, who: Who) -> Result<Sight> {
        let county = self.evidence.county;
        let person = self.evidence.names.person(who)?;
        let mut sight = Sight {
            records: BTreeMap::new(),
            assigned: BTreeSet::new(),
            made: BTreeSet::new(),
            role: who,
        };
        for (record, kind) in &county.records {
            let plan = county.plans.get(record);
            if plan.and_then(|plan| plan.person("assignee")) == Some(person) {
                sight.assigned.insert(*record);
            }
            // Finding a parcel's waybill makes nothing theirs.
            if *kind != RecordKind::Delivery && self.makers.get(record) == Some(&who) {
                sight.made.insert(*record);
            }
            if self.by_itself(who, person, *record, *kind, plan) {
                sight.records.insert(*record, self.is_open(*record, *kind));
            }
        }
        if matches!(who, Who::Courier(_) | Who::Clerk(_)) {
            self.add_named(&mut sight);
        }
        Ok(sight)
    }

    fn is_open(&self, record: RecordId, kind: RecordKind) -> bool {
        let county = self.evidence.county;
        let about = About {
            record,
            kind,
            plan: county.plans.get(&record),
            authors: &county.authors,
        };
        let status = status(&about, self.facts(record).iter().copied());
        status.phase != Phase::Ended || status.ended_at_ms.is_none()
    }

    fn facts(&self, record: RecordId) -> &[&'a Fact] {
        self.by_record.get(&record).map_or(&[], Vec::as_slice)
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
        let made = self.makers.get(&record) == Some(&who);
        match (who, kind) {
            (
                Who::Courier(_) | Who::Clerk(_) | Who::Dispatcher(_),
                Kind::Place | Kind::Carrier | Kind::Case | Kind::CommonIssue,
            ) => true,
            (Who::Dispatcher(_), kind) => kind != Kind::Appeal,
            (Who::Liaison, kind) => kind == Kind::Appeal,
            (Who::Auditor, _) => false,
            (Who::Admin, kind) => matches!(kind, Kind::Place | Kind::Carrier | Kind::Colleague),
            (_, Kind::Colleague) => self.knows_colleague(who, person, record),
            (Who::Courier(_), Kind::Delivery) => self.carries(who, person, record, plan),
            (Who::Courier(_), Kind::Pickup | Kind::Errand) => {
                let custody = Custody::of(self.evidence.county, self.facts(record));
                made || plan.and_then(|plan| plan.person("assignee")) == Some(person)
                    || custody.holders().contains(&person)
                    || custody.ended_by().contains(&person)
                    || custody.has_money_of(person)
            }
            (Who::Courier(_), Kind::CashPass) => {
                made || Custody::of(self.evidence.county, self.facts(record)).has_money_of(person)
            }
            (Who::Courier(_), Kind::HandIn) => made,
            (Who::Courier(courier), Kind::Count) => {
                self.is_matched(courier) && self.names(record, Item::Count(courier, 1))
            }
            (Who::Courier(_), _) => made,
            (Who::Clerk(_), Kind::Delivery | Kind::Pickup | Kind::Errand) => {
                self.is_at_station(who, record, plan)
            }
            (Who::Clerk(_), Kind::Count) => made,
            (Who::Clerk(_), Kind::HandIn) => self.hand_in_counted_by(who, record),
            (Who::Clerk(_), Kind::Tip | Kind::Appeal | Kind::CashPass) => false,
            // Households, consents and camps that somebody of the station made.
            (Who::Clerk(_), _) => self.maker_is_of_station(who, record),
        }
    }

    fn names(&self, record: RecordId, item: Item) -> bool {
        self.evidence
            .names
            .record(item)
            .is_ok_and(|named| named == record)
    }

    /// Assigned to them, in their bag, handed to them, brought to its end by them, with money of theirs in it, found at
    /// their station when it was nobody's, or theirs by the dispatcher's word.
    fn carries(&self, who: Who, person: PersonId, record: RecordId, plan: Option<&PlanView>) -> bool {
        let assignee = plan.and_then(|plan| plan.person("assignee"));
        if assignee == Some(person) {
            return true;
        }
        let custody = Custody::of(self.evidence.county, self.facts(record));
        let confirmed = self
            .confirmed
            .get(&record)
            .is_some_and(|people| people.contains(&person));
        let found = confirmed || assignee.is_none() && self.lay_at_station_of(who, &custody);
        // Having the number of a parcel gives nobody a right to it: somebody who had it must have given it.
        let mut given: BTreeSet<PersonId> = self.ever_assigned.get(&record).cloned().unwrap_or_default();
        if found {
            given.insert(person);
        }
        let handings = custody.all_handings();
        while let Some((_, to)) = handings
            .iter()
            .find(|(by, to)| given.contains(by) && !given.contains(to))
        {
            given.insert(*to);
        }
        let handed = custody
            .handed()
            .iter()
            .any(|(by, to)| *to == person && given.contains(by));
        found
            || handed
            || given.contains(&person)
                && (custody.holders().contains(&person)
                    || custody.ended_by().contains(&person)
                    || custody.has_money_of(person))
    }

    /// Whether somebody else scanned it in at this courier's station, and this courier scanned it there.
    fn lay_at_station_of(&self, who: Who, custody: &Custody<'_>) -> bool {
        let Some(station) = self.station_of(who) else {
            return false;
        };
        let Ok(person) = self.evidence.names.person(who) else {
            return false;
        };
        let writer = |fact: &Fact| self.evidence.county.writer(fact);
        let lay =
            |fact: &&&Fact| fact.body.record(field::PLACE) == Some(station) && writer(fact) != Some(person);
        custody.facts().iter().any(|fact| lay(&fact))
            && custody.facts().iter().any(|fact| writer(fact) == Some(person))
    }

    fn station_of(&self, who: Who) -> Option<RecordId> {
        let key = &self
            .evidence
            .world
            .county
            .colleagues
            .iter()
            .find(|colleague| colleague.key == who.key())?
            .station;
        self.evidence
            .names
            .record(Item::Place(self.evidence.world.place(key)))
            .ok()
    }

    fn maker_is_of_station(&self, who: Who, record: RecordId) -> bool {
        let maker = self.makers.get(&record);
        maker.is_some_and(|maker| self.station_of(*maker) == self.station_of(who))
    }

    /// Bound for the station or a place that it serves, at it, carried by somebody of it, or made by them.
    fn is_at_station(&self, who: Who, record: RecordId, plan: Option<&PlanView>) -> bool {
        let Some(station) = self.station_of(who) else {
            return false;
        };
        let is_here = |place: RecordId| {
            let plan = self.evidence.county.plans.get(&place);
            place == station || plan.and_then(|plan| plan.record("station")) == Some(station)
        };
        let of_station = |person: PersonId| {
            let known = self.evidence.names.whos().get(&person).copied();
            known.is_some_and(|other| self.station_of(other) == Some(station))
        };
        let custody = Custody::of(self.evidence.county, self.facts(record));
        plan.and_then(|plan| plan.record("place")).is_some_and(is_here)
            || plan
                .and_then(|plan| plan.person("assignee"))
                .is_some_and(of_station)
            || custody
                .facts()
                .iter()
                .any(|fact| fact.body.record(field::PLACE).is_some_and(is_here))
            || custody
                .facts()
                .iter()
                .any(|fact| self.evidence.county.writer(fact).is_some_and(of_station))
            || self.maker_is_of_station(who, record)
    }

    fn knows_colleague(&self, who: Who, person: PersonId, record: RecordId) -> bool {
        let whos = self.evidence.names.whos();
        let colleagues = &self.evidence.world.county.colleagues;
        let own = colleagues.iter().find(|colleague| colleague.key == who.key());
        let other = whos
            .get(&record.into())
            .and_then(|other| colleagues.iter().find(|c| c.key == other.key()));
        let (Some(own), Some(other)) = (own, other) else {
            return false;
        };
        PersonId::from(record) == person && matches!(who, Who::Courier(_))
            || other.role == "liaison"
            || other.station == own.station
            || matches!(who, Who::Courier(_)) && own.mentor == other.key
    }

    /// Whether hand-in and count of a courier's first number are both there.
    fn is_matched(&self, courier: usize) -> bool {
        let there = |item| {
            self.evidence
                .names
                .record(item)
                .is_ok_and(|record| self.evidence.county.records.contains_key(&record))
        };
        there(Item::HandIn(courier, 1)) && there(Item::Count(courier, 1))
    }

    fn hand_in_counted_by(&self, who: Who, record: RecordId) -> bool {
        (0..self.evidence.world.couriers.len()).any(|courier| {
            self.names(record, Item::HandIn(courier, 1))
                && self.is_matched(courier)
                && self.station_of(Who::Courier(courier)) == self.station_of(who)
        })
    }

    /// What open records of theirs name: households, consents and camps; and a household's camps and consents with it.
    fn add_named(&self, sight: &mut Sight) {
        let county = self.evidence.county;
        let mut named: BTreeMap<RecordId, bool> = BTreeMap::new();
        for (record, open) in &sight.records {
            let opens = matches!(
                county.records.get(record),
                Some(RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand)
            );
            if opens {
                for other in self.named_by(*record) {
                    *named.entry(other).or_default() |= open;
                }
            }
        }
        for (record, plan) in &county.plans {
            let brought = match county.records.get(record) {
                Some(RecordKind::Camp) => true,
                Some(RecordKind::Consent) => plan.uint("to") != Some(FOR_ERRANDS),
                _ => false,
            };
            if let Some(open) = plan
                .record("household")
                .filter(|_| brought)
                .and_then(|home| named.get(&home).copied())
            {
                *named.entry(*record).or_default() |= open;
            }
        }
        for (record, open) in named {
            let kind = county.records.get(&record);
            let past = kind == Some(&RecordKind::Camp) && self.is_past(record);
            if matches!(
                kind,
                Some(RecordKind::Household | RecordKind::Consent | RecordKind::Camp)
            ) && !past
            {
                *sight.records.entry(record).or_default() |= open;
            }
        }
    }

    /// A camp of a season past.
    fn is_past(&self, camp: RecordId) -> bool {
        let until = self
            .evidence
            .county
            .plans
            .get(&camp)
            .and_then(|plan| plan.int("valid_until_ms"));
        until.is_some_and(|until| until <= self.evidence.now_ms)
    }

    fn named_by(&self, record: RecordId) -> BTreeSet<RecordId> {
        let mut named = BTreeSet::new();
        if let Some(plan) = self.evidence.county.plans.get(&record) {
            let apart = plan
                .conflicts
                .iter()
                .flat_map(|conflict| &conflict.values)
                .map(|written| &written.value);
            named.extend(plan.fields.values().chain(apart).filter_map(|value| match value {
                PlanValue::Record(record) => Some(*record),
                _ => None,
            }));
        }
        for fact in self.facts(record) {
            let fields = schema_of(fact.kind).into_iter().flat_map(|schema| &schema.fields);
            named.extend(fields.filter_map(|(field, _)| fact.body.record(field.key)));
        }
        named
    }
}
