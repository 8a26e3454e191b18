//! Every item is credited once to whoever did it, and every fen is counted once: by the script's own ledger.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::fact::{Fact, field, kinds};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::status::{About, status};

use super::{Evidence, Findings};
use crate::fleet::script::Item;
use crate::fleet::world::Who;

/// Compares credits and cash at the county with what the script told.
pub(crate) fn check(evidence: &Evidence<'_>, found: &mut Findings) -> Result<()> {
    let by_record = evidence.county.by_record();
    credits(evidence, &by_record, found)?;
    cash(evidence, &by_record, found)
}

fn credits(
    evidence: &Evidence<'_>,
    by_record: &BTreeMap<RecordId, Vec<&Fact>>,
    found: &mut Findings,
) -> Result<()> {
    let (county, names) = (evidence.county, evidence.names);
    let mut expected: BTreeMap<RecordId, (Item, PersonId)> = BTreeMap::new();
    for (item, courier) in &evidence.script.expected.credits {
        expected.insert(
            names.record(*item)?,
            (*item, names.person(Who::Courier(*courier))?),
        );
    }
    for (record, kind) in &county.records {
        let about = About {
            record: *record,
            kind: *kind,
            plan: county.plans.get(record),
            authors: &county.authors,
        };
        let facts = by_record.get(record).into_iter().flatten().copied();
        let credits = status(&about, facts).credits;
        let wanted = expected.get(record);
        let credited: Vec<Option<PersonId>> = credits
            .iter()
            .map(|credit| {
                county
                    .facts
                    .get(&credit.fact)
                    .and_then(|fact| county.writer(&fact.fact))
            })
            .collect();
        match (credited.as_slice(), wanted) {
            ([], None) => {}
            ([Some(person)], Some((_, wanted))) if person == wanted => {}
            ([], Some((item, _))) => found.lost(format!("the credit for {item:?} ({record})")),
            (several, Some((item, _))) => {
                found.duplicated(format!(
                    "{item:?} ({record}) is credited to {several:?}, not once to who did it"
                ));
            }
            (several, None) => found.duplicated(format!(
                "{kind:?} {record} is credited to {several:?}, and nobody brought it"
            )),
        }
    }
    Ok(())
}

/// Adds up by its own rules what the county's facts say: every fact that moves money and is not voided once, a pass of
/// cash once for its two facts, a hand-in by what was counted.
fn cash(
    evidence: &Evidence<'_>,
    by_record: &BTreeMap<RecordId, Vec<&Fact>>,
    found: &mut Findings,
) -> Result<()> {
    let mut owed: BTreeMap<RecordId, i64> = BTreeMap::new();
    for facts in by_record.values() {
        let voided: BTreeSet<FactId> = facts
            .iter()
            .filter(|fact| fact.kind.is_correction())
            .filter_map(|fact| fact.body.fact(field::FACT))
            .map(|voided| evidence.county.named(voided))
            .collect();
        for fact in facts.iter().filter(|fact| !voided.contains(&fact.id)) {
            // What the taker and the courier who handed in say is the other half of the same movement.
            if [kinds::cash_pass::TAKEN, kinds::hand_in::HANDED_IN].contains(&fact.kind) {
                continue;
            }
            let moved = (
                fact.body.record(field::FROM),
                fact.body.record(field::TO),
                fact.body.uint(field::FEN),
            );
            if let (Some(from), Some(to), Some(fen)) = moved {
                let fen = i64::try_from(fen)?;
                *owed.entry(from).or_default() -= fen;
                *owed.entry(to).or_default() += fen;
            }
        }
    }
    for courier in 0..evidence.world.couriers.len() {
        let person = evidence.names.person(Who::Courier(courier))?;
        let counted = owed.get(&person.into()).copied().unwrap_or(0);
        let told = evidence.script.expected.owed_by(courier);
        if counted != told {
            found.duplicated(format!(
                "courier {courier} owes {counted} fen by the county's facts, {told} by the script"
            ));
        }
    }
    Ok(())
}
