//! Every replica and the county agree on what both may see.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::cash::cash;
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::status::{About, Authors, Holder, Status, status};
use saddlebag_replica::{Replica, Why};

use super::sight::Sights;
use super::{Evidence, Findings};
use crate::fleet::courier::Phone;
use crate::fleet::ledger::{Named, first_name};
use crate::fleet::phone_store::Shown;

/// Compares facts, plan, status and discrepancies of every record on every phone with the county's, and the cash that
/// each courier owes.
pub(crate) fn check(evidence: &Evidence<'_>, sights: &Sights<'_>, found: &mut Findings) -> Result<()> {
    let county = evidence.county;
    let by_record = county.by_record();
    let statuses: BTreeMap<RecordId, Status> = county
        .records
        .iter()
        .map(|(record, kind)| {
            let about = About {
                record: *record,
                kind: *kind,
                plan: county.plans.get(record),
                authors: &county.authors,
            };
            (
                *record,
                status(&about, by_record.get(record).into_iter().flatten().copied()),
            )
        })
        .collect();
    let ledger = cash(county.facts.values().map(|admitted| &admitted.fact))?;
    for phone in evidence.phones {
        let person = evidence.names.person(phone.who)?;
        let held = Held::of(phone, person)?;
        let sight = sights.of(phone.who)?;
        for (record, shown) in held.shown.iter().filter(|(record, _)| sight.of(**record)) {
            let here = by_record.get(record).map_or(&[][..], Vec::as_slice);
            for differs in held.differs(*record, shown, statuses.get(record), here, evidence) {
                found.disagrees(format!(
                    "{} and the county: {} {record}: {differs}",
                    phone.name(),
                    shown.kind.name()
                ));
            }
        }
        for record in sight.certain() {
            if !held.shown.contains_key(&record) {
                let kind = county.records.get(&record);
                found.disagrees(format!(
                    "{} does not have {kind:?} {record}, which is theirs",
                    phone.name()
                ));
            }
        }
        // A parcel that a phone scanned and was never given shows there what that phone wrote of it, and no more.
        let known = on_todays_stops(&phone.replica)?
            .into_iter()
            .filter(|record| sight.of(*record));
        for record in known {
            let status = statuses.get(&record);
            if status.is_some_and(|status| is_in_anothers_bag(status, &county.authors, person)) {
                found.disagrees(format!(
                    "{} is to bring {record}, which somebody else has",
                    phone.name()
                ));
            }
        }
        if phone.who.is_courier() {
            let (owed, by_county) = (phone.replica.cash()?.owed_fen, ledger.owed(person)?);
            if owed != by_county {
                found.disagrees(format!(
                    "{} owes {owed} fen by the phone, {by_county} by the county",
                    phone.name()
                ));
            }
        }
    }
    Ok(())
}

/// What a phone tells its person to bring, to collect or to do.
fn on_todays_stops(replica: &Replica) -> Result<Vec<RecordId>> {
    let stops = replica.today()?.stops;
    let items = stops.into_iter().flat_map(|stop| stop.items);
    let theirs = items.filter(|item| item.why == Why::Mine);
    Ok(theirs.map(|item| item.item.record).collect())
}

/// Whether others have it with them, and nobody handed it to this person.
fn is_in_anothers_bag(status: &Status, authors: &Authors, person: PersonId) -> bool {
    let is_another = |holder: &Holder| match holder {
        Holder::Device(device) => authors.person(*device) != Some(person),
        Holder::Place(_) => false,
    };
    let is_on_its_way = status
        .handings
        .iter()
        .any(|handing| handing.stands && handing.to == person);
    !status.holders.is_empty() && status.holders.iter().all(is_another) && !is_on_its_way
}

/// What a phone holds and shows.
struct Held {
    shown: BTreeMap<RecordId, Shown>,
    facts: BTreeMap<RecordId, Vec<Fact>>,
    plans: BTreeMap<RecordId, saddlebag_records::plan::PlanView>,
    authors: Authors,
}

impl Held {
    fn of(phone: &Phone, person: PersonId) -> Result<Self> {
        let mut authors = phone.store.authors()?;
        authors.extend(
            phone
                .store
                .own_numbers()?
                .into_iter()
                .map(|number| (number, person)),
        );
        let mut facts: BTreeMap<RecordId, Vec<Fact>> = BTreeMap::new();
        for held in phone.store.facts()? {
            facts.entry(held.fact.record).or_default().push(held.fact);
        }
        Ok(Self {
            shown: phone.store.shown()?,
            facts,
            plans: phone.store.plans()?,
            authors: Authors(authors),
        })
    }

    fn differs(
        &self,
        record: RecordId,
        shown: &Shown,
        county: Option<&Status>,
        county_facts: &[&Fact],
        evidence: &Evidence<'_>,
    ) -> Vec<String> {
        let mut differs = Vec::new();
        let Some(county) = county else {
            return vec!["the county does not have it".to_owned()];
        };
        let state = serde_json::to_value(&county.state).ok();
        let name = state
            .as_ref()
            .and_then(|state| state.get("state")?.as_str())
            .unwrap_or_default();
        if name != shown.status {
            differs.push(format!(
                "it shows {}, the county's facts say {name}",
                shown.status
            ));
        }
        if county.discrepancies.len() as u64 != shown.discrepancies {
            differs.push(format!(
                "{} discrepancies against {:?}",
                shown.discrepancies, county.discrepancies
            ));
        }
        let facts = self.facts.get(&record).map_or(&[][..], Vec::as_slice);
        let (here, there) = (names(facts), names(county_facts.iter().copied()));
        let some = |names: Vec<&Named>| format!("{} ({:?})", names.len(), names.first().map(|(id, _)| *id));
        let missing: Vec<&Named> = there.difference(&here).collect();
        let more: Vec<&Named> = here.difference(&there).collect();
        if !missing.is_empty() || !more.is_empty() {
            differs.push(format!(
                "{} facts are missing, {} are the phone's alone",
                some(missing),
                some(more)
            ));
        }
        if self.plans.get(&record) != evidence.county.plans.get(&record) {
            let has = if self.plans.contains_key(&record) {
                "the plans differ"
            } else {
                "the plan is missing"
            };
            differs.push(has.to_owned());
        }
        let about = About {
            record,
            kind: shown.kind,
            plan: self.plans.get(&record),
            authors: &self.authors,
        };
        if differs.is_empty() && status(&about, by_their_names_at_the_county(facts, county_facts)) != *county
        {
            differs.push("the status differs in its details".to_owned());
        }
        differs
    }
}

/// The facts of a phone, each as the county has it: under which of its names a fact is known makes no difference to
/// anybody, but stands in the details of a status.
fn by_their_names_at_the_county<'a>(facts: &'a [Fact], county: &[&'a Fact]) -> Vec<&'a Fact> {
    let there: BTreeMap<Named, &Fact> = county
        .iter()
        .map(|fact| (first_name(fact, fact.hash()), *fact))
        .collect();
    let as_there = |fact: &'a Fact| there.get(&first_name(fact, fact.hash())).copied().unwrap_or(fact);
    facts.iter().map(as_there).collect()
}

/// What these facts were called first. A phone may have written one again under another number while the county had it
/// already from another phone of its person: both have the fact, and each counts it once, whichever of its names they
/// have it by.
fn names<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> BTreeSet<Named> {
    facts
        .into_iter()
        .map(|fact| first_name(fact, fact.hash()))
        .collect()
}
