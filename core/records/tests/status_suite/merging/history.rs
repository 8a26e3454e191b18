//! Histories that several devices write apart: honest, mistaken and hostile.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use saddlebag_records::fact::kinds::{delivery, household};
use saddlebag_records::fact::{Body, Fact, FactKind, Was, field, schemas};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::latest;

use crate::story::{fact, person, place};

/// The record that it is about, and two that facts may be parted to or that may be joined to it.
pub(crate) const RECORDS: [RecordId; 3] = [RecordId([20; 16]), RecordId([21; 16]), RecordId([22; 16])];

/// Something that a device does.
#[derive(Clone, Debug)]
struct Step {
    device: u64,
    /// Whom it hears from before.
    hears: Option<u64>,
    /// Fact kinds, by their place in the list; some are what no version knows.
    kind: Index,
    record: u8,
    /// Written anew, as after a fork, instead.
    anew: bool,
    /// Follows what it likes instead of what it saw.
    hostile: bool,
    small: u8,
    names: [Index; 3],
}

fn step() -> impl Strategy<Value = Step> {
    let who = (1u64..5, proptest::option::of(1u64..5), any::<Index>(), 0u8..12);
    let how = (
        prop::bool::weighted(0.08),
        prop::bool::weighted(0.08),
        any::<u8>(),
        any::<[Index; 3]>(),
    );
    (who, how).prop_map(
        |((device, hears, kind, record), (anew, hostile, small, names))| Step {
            device,
            hears,
            kind,
            record,
            anew,
            hostile,
            small,
            names,
        },
    )
}

/// Facts that four devices write of records of one kind.
pub(crate) fn history(kind: RecordKind, most: usize) -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::vec(step(), 0..most).prop_map(move |steps| {
        let mut facts: Vec<Fact> = Vec::new();
        let mut known: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for step in steps {
            let heard = step
                .hears
                .and_then(|from| known.get(&from))
                .cloned()
                .unwrap_or_default();
            known.entry(step.device).or_default().extend(heard);
            let seen: Vec<Fact> = known
                .get(&step.device)
                .unwrap()
                .iter()
                .map(|at| facts[*at].clone())
                .collect();
            let n = facts.len() as u64 + 1;
            facts.push(written(kind, &step, n, &seen, &facts));
            known.entry(step.device).or_default().push(facts.len() - 1);
        }
        facts
    })
}

fn written(kind: RecordKind, step: &Step, n: u64, seen: &[Fact], all: &[Fact]) -> Fact {
    if step.anew && !seen.is_empty() {
        let first = &seen[step.names[0].index(seen.len())];
        let mut copy = first.clone();
        copy.id = FactId::new(DeviceNumber(step.device + 30), n);
        copy.was = Some(Was {
            id: first.id,
            hash: first.hash(),
        });
        return copy;
    }
    let kinds = kinds_of(kind);
    let kind = kinds[step.kind.index(kinds.len())];
    // Most of the time it is about the first record.
    let record = RECORDS[usize::from(step.record.saturating_sub(9))];
    let after = match step.hostile {
        true => step
            .names
            .iter()
            .map(|at| FactId::new(DeviceNumber(step.device), at.index(20) as u64 + 1))
            .collect(),
        false => latest(seen.iter().filter(|fact| fact.record == record)),
    };
    let named = |at: &Index| {
        all.get(at.index(all.len() + 1))
            .map_or(FactId::new(DeviceNumber(9), 9), |fact| fact.id)
    };
    let body = Body::new()
        .with(field::FROM, person(1 + step.small % 3))
        .with(field::TO, person(1 + (step.small / 3) % 4))
        .with(field::FEN, 100 * u64::from(1 + step.small % 2))
        .with(field::PLACE, place(step.small % 2))
        .with(field::ITEM, vec![step.small % 2; 8])
        .with(field::WAYBILL, format!("SF100000000{}", step.small % 2))
        .with(field::NUMBER, 1u64)
        .with(field::SATISFIED, step.small.is_multiple_of(2))
        .with(field::REASON, 1u64)
        .with(field::TEMPERATURE, 10i64)
        .with(field::RECORD, RECORDS[usize::from(step.small) % 3])
        .with(field::FACT, named(&step.names[0]))
        .with(field::FACTS, step.names.iter().map(named).collect::<Vec<_>>());
    let body = if step.small.is_multiple_of(3) {
        body.with(field::STANDS, named(&step.names[1]))
    } else {
        body
    };
    let mut after: Vec<FactId> = after;
    after.dedup();
    let mut fact = fact(record, step.device, n, kind, &after, body);
    fact.stamp.hlc_ms += i64::from(step.small) * 1_000_000_007;
    fact
}

/// Every kind that can happen to a record, and two that no version knows. Links and closings are rarer than the rest.
pub(crate) fn kinds_of(record: RecordKind) -> Vec<FactKind> {
    let known = schemas()
        .iter()
        .map(|schema| schema.kind)
        .filter(|kind| kind.record() == Some(record));
    let usual = known.clone().filter(|kind| !is_link(*kind));
    known
        .chain(usual.clone())
        .chain(usual)
        .chain([FactKind::new(record, 99), FactKind::new(record, 249)])
        .collect()
}

/// Whether such facts join or part records.
pub(crate) fn is_link(kind: FactKind) -> bool {
    [delivery::SAME_AS, delivery::BELONGS_TO, household::SAME_AS].contains(&kind)
}
