//! 交款 and 点款: cash handed in, and counted by somebody who does not see the other sum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cash::{distinct_sums, fen, moves_cash};
use crate::discrepancy::Closings;
use crate::fact::{Fact, field, kinds};
use crate::id::{FactId, PersonId, RecordId};
use crate::status::Counted;

/// A hand-in and its count: they meet by courier and number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Settlement {
    /// Who handed in.
    pub courier: PersonId,
    /// The how manyeth hand-in of theirs.
    pub number: u64,
    /// What they say that they handed in, in fen.
    pub handed_in: Option<i64>,
    /// What was counted, in fen.
    pub counted: Option<i64>,
    /// Whether a difference was explained.
    pub explained: bool,
    /// Whether it is closed: once the sums were equal or the difference was explained, for good. A later
    /// correction is a difference in the next one.
    pub closed: bool,
    /// The records of the hand-in and the count, sorted.
    pub records: Vec<RecordId>,
    handed_in_by: Option<FactId>,
    counted_by: Option<FactId>,
}

impl Settlement {
    /// Whether both sums are there, are not the same, and nobody explained it.
    pub fn differs(&self) -> bool {
        !self.closed && self.handed_in.is_some() && self.counted.is_some()
    }

    /// The facts that say the two sums.
    pub(crate) fn facts(&self) -> impl Iterator<Item = FactId> {
        self.handed_in_by.into_iter().chain(self.counted_by)
    }
}

#[derive(Default)]
struct Words<'a> {
    handed_in: Vec<Word<'a>>,
    counted: Vec<Word<'a>>,
    explained: bool,
}

struct Word<'a> {
    fact: &'a Fact,
    /// Neither voided nor set aside.
    counts: bool,
}

/// Every settlement in the facts of hand-ins and counts, by their records, and the fact by which its cash moves; while
/// it is open, the one that says best what was handed in.
pub(super) fn all<'a>(records: &BTreeMap<RecordId, Vec<&'a Fact>>) -> Vec<(Settlement, Option<&'a Fact>)> {
    let mut words: BTreeMap<(PersonId, u64), Words<'a>> = BTreeMap::new();
    for facts in records.values() {
        read_record(facts, &mut words);
    }
    words
        .into_iter()
        .map(|((courier, number), words)| words.settle(courier, number))
        .collect()
}

fn read_record<'a>(facts: &[&'a Fact], words: &mut BTreeMap<(PersonId, u64), Words<'a>>) {
    let counted = Counted::of(facts.iter().copied());
    let order = counted.order();
    let closings = Closings::of(&counted, &order, &counted.facts().collect::<Vec<_>>());
    let standing: Vec<FactId> = counted
        .facts()
        .map(|fact| fact.id)
        .filter(|id| !closings.set_aside(*id))
        .collect();
    let all = counted.all();
    // Once explained, explained for good: a closed settlement is never reopened.
    let explained = all
        .values()
        .any(|fact| fact.kind == kinds::count::DIFFERENCE_EXPLAINED);
    for fact in all.values().filter(|fact| moves_cash(fact)) {
        let (Some(courier), Some(number)) = (fact.body.person(field::FROM), fact.body.uint(field::NUMBER))
        else {
            continue;
        };
        let entry = words.entry((courier, number)).or_default();
        let word = Word {
            fact,
            counts: standing.contains(&fact.id),
        };
        if fact.kind == kinds::count::COUNTED {
            entry.counted.push(word);
            entry.explained |= explained;
        } else {
            entry.handed_in.push(word);
        }
    }
}

impl<'a> Words<'a> {
    fn settle(self, courier: PersonId, number: u64) -> (Settlement, Option<&'a Fact>) {
        // What was equal once closed it, even if one of the two was voided since.
        let equal = self.counted.iter().any(|count| {
            self.handed_in
                .iter()
                .any(|hand_in| fen(hand_in.fact) == fen(count.fact))
        });
        let explained = self.explained && !self.counted.is_empty();
        let closed = equal || explained;
        let handed_in = counting(&self.handed_in);
        let counted = counting(&self.counted);
        let agreeing = counted
            .iter()
            .find(|count| handed_in.iter().any(|fact| fen(fact) == fen(count)));
        let count = agreeing.or(counted.first()).copied();
        let hand_in = handed_in.iter().find(|fact| Some(fen(fact)) == count.map(fen));
        let hand_in = hand_in.or(handed_in.first()).copied();
        let mut records: Vec<_> = self
            .handed_in
            .iter()
            .chain(&self.counted)
            .map(|word| word.fact.record)
            .collect();
        records.sort_unstable();
        records.dedup();
        let settlement = Settlement {
            courier,
            number,
            handed_in: hand_in.and_then(fen),
            counted: count.and_then(fen),
            explained,
            closed,
            records,
            handed_in_by: hand_in.map(|fact| fact.id),
            counted_by: count.map(|fact| fact.id),
        };
        (settlement, if closed { count } else { hand_in.or(count) })
    }
}

fn counting<'a>(words: &[Word<'a>]) -> Vec<&'a Fact> {
    words
        .iter()
        .filter(|word| word.counts)
        .map(|word| word.fact)
        .collect()
}

/// Whether facts under one number do not say the same.
pub(crate) fn differ<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> bool {
    distinct_sums(facts).len() > 1
}
