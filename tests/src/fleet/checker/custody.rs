//! Who has what, by the facts: the checker's own reading, apart from the rules of `records`.

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::fact::{Fact, FactKind, field, kinds::delivery, kinds::errand, kinds::pickup};
use saddlebag_records::id::{FactId, PersonId, RecordId};

use super::county_file::CountyFile;

/// Facts after which their writer has it with them.
const IN_HAND: [FactKind; 9] = [
    delivery::LOADED_OUT,
    delivery::TAKEN_OVER,
    delivery::ATTEMPTED,
    delivery::REFUSED,
    delivery::HANDED_OVER,
    pickup::COLLECTED,
    pickup::REFUSED_BY_CARRIER,
    errand::ACCEPTED,
    errand::BOUGHT,
];

/// Facts that end it.
const ENDS: [FactKind; 9] = [
    delivery::DELIVERED,
    delivery::DELIVERED_TO_PROXY,
    delivery::COLLECTED,
    delivery::RETURNED_TO_SENDER,
    pickup::HANDED_TO_CARRIER,
    pickup::PROHIBITED_REFUSED,
    pickup::SPOILED,
    pickup::ARRIVED,
    errand::DELIVERED_AND_CONFIRMED,
];

/// Facts after which it is somewhere else.
const ELSEWHERE: [FactKind; 4] = [
    delivery::SCANNED_IN,
    delivery::PLACED_AT_DROP_POINT,
    delivery::UNCOLLECTED,
    delivery::RETURNED_TO_STATION,
];

/// Where a record is, and who had it.
#[derive(Default)]
pub(crate) struct Custody<'a> {
    /// The facts that count.
    pub(crate) facts: Vec<&'a Fact>,
    /// Whoever may have it with them, by the latest word of it.
    pub(crate) holders: BTreeSet<PersonId>,
    /// Whoever was handed it and has not taken it yet, after the giver.
    pub(crate) handed: BTreeSet<(PersonId, PersonId)>,
    /// Every handing over that counts: from whom, to whom.
    pub(crate) handings: BTreeSet<(PersonId, PersonId)>,
    /// Whoever brought it to its end.
    pub(crate) ended_by: BTreeSet<PersonId>,
    /// Whoever gave or took money in it.
    pub(crate) parties: BTreeSet<PersonId>,
    /// The place where it waits, and since when, UTC milliseconds.
    pub(crate) waits: Option<(RecordId, i64)>,
}

impl<'a> Custody<'a> {
    /// By these facts of one record.
    pub(crate) fn of(county: &CountyFile, facts: &[&'a Fact]) -> Self {
        let counting = counting(county, facts);
        let moves = |fact: &&&Fact| {
            let kinds = [&IN_HAND[..], &ENDS, &ELSEWHERE];
            kinds.iter().any(|kinds| kinds.contains(&fact.kind))
        };
        let moving: Vec<&Fact> = counting.iter().filter(moves).copied().collect();
        let before = everything_before(county, facts);
        let overtaken: BTreeSet<FactId> = moving
            .iter()
            .filter_map(|fact| before.get(&fact.id))
            .flatten()
            .copied()
            .collect();
        let latest: Vec<&Fact> = moving
            .into_iter()
            .filter(|fact| !overtaken.contains(&fact.id))
            .collect();

        let handing = |fact: &&&Fact| {
            let is = fact.kind == delivery::HANDED_OVER;
            is.then(|| Some((county.writer(fact)?, fact.body.person(field::TO)?)))
                .flatten()
        };
        let writers = |facts: &[&Fact], kinds: &[FactKind]| {
            let of_kinds = facts.iter().filter(|fact| kinds.contains(&fact.kind));
            of_kinds.filter_map(|fact| county.writer(fact)).collect()
        };
        let money = counting
            .iter()
            .filter(|fact| fact.body.uint(field::FEN).is_some());
        let parties = money.flat_map(|fact| [field::FROM, field::TO].map(|key| fact.body.person(key)));
        let waiting = latest
            .iter()
            .filter(|fact| fact.kind == delivery::PLACED_AT_DROP_POINT);
        Self {
            holders: writers(&latest, &IN_HAND),
            handed: latest.iter().filter_map(|fact| handing(&fact)).collect(),
            handings: counting.iter().filter_map(|fact| handing(&fact)).collect(),
            ended_by: writers(&counting, &ENDS),
            parties: parties.flatten().collect(),
            waits: waiting
                .filter_map(|fact| Some((fact.body.record(field::PLACE)?, fact.stamp.hlc_ms)))
                .next(),
            facts: counting,
        }
    }

    /// Whoever had it, by their own word or by their money in it.
    pub(crate) fn concerns(&self, person: PersonId) -> bool {
        [&self.holders, &self.ended_by, &self.parties]
            .iter()
            .any(|people| people.contains(&person))
    }
}

/// The facts that nothing voids and no closing sets aside.
fn counting<'a>(county: &CountyFile, facts: &[&'a Fact]) -> Vec<&'a Fact> {
    let named = |id: FactId| county.named(id);
    let mut out: BTreeSet<FactId> = BTreeSet::new();
    for fact in facts {
        if fact.kind.is_correction() {
            out.extend(fact.body.fact(field::FACT).map(named));
        }
        if fact.kind.is_closing()
            && let Some(stands) = fact.body.fact(field::STANDS).map(named)
        {
            let set_aside = fact.body.facts(field::FACTS).into_iter().flatten().map(named);
            out.extend(set_aside.filter(|id| *id != stands));
        }
    }
    facts
        .iter()
        .copied()
        .filter(|fact| !out.contains(&fact.id))
        .collect()
}

/// For each fact all that came before it.
fn everything_before(county: &CountyFile, facts: &[&Fact]) -> BTreeMap<FactId, BTreeSet<FactId>> {
    let named = |fact: &&Fact| fact.after.iter().map(|id| county.named(*id)).collect();
    let after: BTreeMap<FactId, Vec<FactId>> = facts.iter().map(|fact| (fact.id, named(fact))).collect();
    let before = |id: &FactId| {
        let mut seen = BTreeSet::new();
        let mut left: Vec<FactId> = after.get(id).into_iter().flatten().copied().collect();
        while let Some(id) = left.pop() {
            if seen.insert(id) {
                left.extend(after.get(&id).into_iter().flatten());
            }
        }
        seen
    };
    after.keys().map(|id| (*id, before(id))).collect()
}
