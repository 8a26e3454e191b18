//! Who has what, by the facts: the checker's own reading, apart from the rules of `records`.

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::fact::{Fact, FactKind, field, kinds::delivery, kinds::errand, kinds::pickup};
use saddlebag_records::id::{FactId, PersonId};

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

/// Where a record is.
pub(crate) struct Custody<'a> {
    county: &'a CountyFile,
    counting: Vec<&'a Fact>,
    latest: Vec<&'a Fact>,
}

impl<'a> Custody<'a> {
    /// By these facts of one record.
    pub(crate) fn of(county: &'a CountyFile, facts: &[&'a Fact]) -> Self {
        let counting = counting(facts);
        let moves = |fact: &&&Fact| {
            [&IN_HAND[..], &ENDS, &ELSEWHERE]
                .iter()
                .any(|kinds| kinds.contains(&fact.kind))
        };
        let moving: Vec<&Fact> = counting.iter().filter(moves).copied().collect();
        let before = everything_before(facts);
        let overtaken: BTreeSet<FactId> = moving
            .iter()
            .filter_map(|fact| before.get(&fact.id))
            .flatten()
            .copied()
            .collect();
        let latest = moving
            .into_iter()
            .filter(|fact| !overtaken.contains(&fact.id))
            .collect();
        Self {
            county,
            counting,
            latest,
        }
    }

    /// Whoever may have it with them, by the latest word of it.
    pub(crate) fn holders(&self) -> BTreeSet<PersonId> {
        let held = self.latest.iter().filter(|fact| IN_HAND.contains(&fact.kind));
        held.filter_map(|fact| self.county.writer(fact)).collect()
    }

    /// Whoever was handed it and has not taken it yet, with the giver.
    pub(crate) fn handed(&self) -> BTreeSet<(PersonId, PersonId)> {
        let handed = self
            .latest
            .iter()
            .filter(|fact| fact.kind == delivery::HANDED_OVER);
        handed
            .filter_map(|fact| Some((self.county.writer(fact)?, fact.body.person(field::TO)?)))
            .collect()
    }

    /// Every handing over that counts: from whom, to whom.
    pub(crate) fn all_handings(&self) -> Vec<(PersonId, PersonId)> {
        let handed = self
            .counting
            .iter()
            .filter(|fact| fact.kind == delivery::HANDED_OVER);
        handed
            .filter_map(|fact| Some((self.county.writer(fact)?, fact.body.person(field::TO)?)))
            .collect()
    }

    /// Whoever brought it to its end.
    pub(crate) fn ended_by(&self) -> BTreeSet<PersonId> {
        let ends = self.counting.iter().filter(|fact| ENDS.contains(&fact.kind));
        ends.filter_map(|fact| self.county.writer(fact)).collect()
    }

    /// Whoever gave or took money in it.
    pub(crate) fn has_money_of(&self, person: PersonId) -> bool {
        self.counting.iter().any(|fact| {
            fact.body.uint(field::FEN).is_some()
                && [field::FROM, field::TO]
                    .iter()
                    .any(|key| fact.body.person(*key) == Some(person))
        })
    }

    /// The facts that count.
    pub(crate) fn facts(&self) -> &[&'a Fact] {
        &self.counting
    }
}

/// The facts that nothing voids and no closing sets aside.
fn counting<'a>(facts: &[&'a Fact]) -> Vec<&'a Fact> {
    let mut out: BTreeSet<FactId> = BTreeSet::new();
    for fact in facts {
        if fact.kind.is_correction() {
            out.extend(fact.body.fact(field::FACT));
        }
        if fact.kind.is_closing()
            && let Some(stands) = fact.body.fact(field::STANDS)
        {
            out.extend(
                fact.body
                    .facts(field::FACTS)
                    .into_iter()
                    .flatten()
                    .filter(|id| *id != stands),
            );
        }
    }
    facts
        .iter()
        .copied()
        .filter(|fact| !out.contains(&fact.id))
        .collect()
}

/// For each fact all that came before it.
fn everything_before(facts: &[&Fact]) -> BTreeMap<FactId, BTreeSet<FactId>> {
    let after: BTreeMap<FactId, &[FactId]> = facts.iter().map(|fact| (fact.id, &fact.after[..])).collect();
    let before = |id: &FactId| {
        let mut seen = BTreeSet::new();
        let mut left: Vec<FactId> = after.get(id).into_iter().copied().flatten().copied().collect();
        while let Some(id) = left.pop() {
            if seen.insert(id) {
                left.extend(after.get(&id).into_iter().copied().flatten());
            }
        }
        seen
    };
    after.keys().map(|id| (*id, before(id))).collect()
}
