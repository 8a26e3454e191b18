//! Which facts count, and for which record: each once, whatever it is called and however often it came.

use std::collections::{BTreeMap, HashMap};

use crate::fact::{Fact, FactKind, field};
use crate::id::{FactId, RecordId};
use crate::order::Order;

/// Some facts, of one record or of several, without what does not count.
///
/// - A fact that came twice, or that was written anew after its device forked (`was`), counts once.
/// - A fact that a `corrected` names never counts; a `corrected` itself cannot be voided.
/// - Facts parted from their record by `belongs_to` count for the other one, and a record joined to another by
///   `same_as` counts with it: hand in the facts of all of them.
///
/// Nothing here asks for the order of facts, so it serves one record and a whole county alike.
#[derive(Clone, Debug)]
pub struct Counted<'a> {
    facts: BTreeMap<FactId, Entry<'a>>,
    /// The other names under which facts came, and the names that stand for them here.
    names: HashMap<FactId, FactId>,
    parted: BTreeMap<FactId, RecordId>,
    joined: BTreeMap<RecordId, RecordId>,
    torn: Vec<Torn>,
}

#[derive(Clone, Debug)]
struct Entry<'a> {
    fact: &'a Fact,
    after: Vec<FactId>,
    voided: bool,
}

/// Facts that send one thing to two records.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Torn {
    pub(crate) record: RecordId,
    pub(crate) facts: Vec<FactId>,
}

impl<'a> Counted<'a> {
    /// What counts of these facts, in any sequence and with any repeats.
    pub fn of(facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut by_id: BTreeMap<FactId, &'a Fact> = BTreeMap::new();
        for fact in facts {
            let kept = by_id.entry(fact.id).or_insert(fact);
            // Two facts under one name are a fork that admission missed: all devices keep the same one.
            if *kept != fact && fact.encode() < kept.encode() {
                *kept = fact;
            }
        }
        let names = names(&by_id);
        let mut counted = Self {
            facts: BTreeMap::new(),
            names,
            parted: BTreeMap::new(),
            joined: BTreeMap::new(),
            torn: Vec::new(),
        };
        // A copy adds nothing to the fact that it was: its `after` could turn the order around.
        let first = by_id.values().filter(|fact| counted.name(fact.id) == fact.id);
        let entries = first.map(|fact| {
            let after = fact.after.iter().map(|id| counted.name(*id)).collect();
            (
                fact.id,
                Entry {
                    fact,
                    after,
                    voided: false,
                },
            )
        });
        counted.facts = entries.collect();
        counted.void(|correction, target, _| correction.record == target.record);
        counted.link();
        // Somebody who looks at a parted or joined fact in its new place may correct it there.
        counted.void(|correction, target, homes| {
            !is_link(target.kind) && homes.home(correction) == homes.home(target)
        });
        counted
    }

    /// The name that a fact has here, if it came under another one too.
    pub fn name(&self, id: FactId) -> FactId {
        self.names.get(&id).copied().unwrap_or(id)
    }

    /// The record that this one was joined to, or it itself.
    pub fn root(&self, record: RecordId) -> RecordId {
        let mut path = vec![record];
        loop {
            let last = path.last().copied().unwrap_or(record);
            let Some(next) = self.joined.get(&last) else {
                return last;
            };
            if let Some(at) = path.iter().position(|seen| seen == next) {
                // Joined in a ring: the smallest stands for all, everywhere.
                return path.split_off(at).into_iter().min().unwrap_or(record);
            }
            path.push(*next);
        }
    }

    /// The facts that count for a record, of kinds that this version knows, by their ids.
    pub fn facts_of(&self, record: RecordId) -> impl Iterator<Item = &'a Fact> {
        self.facts().filter(move |fact| self.home(fact) == record)
    }

    /// All facts that count, of kinds that this version knows, by their ids.
    pub fn facts(&self) -> impl Iterator<Item = &'a Fact> {
        let counts = |entry: &&Entry<'a>| !entry.voided && entry.fact.kind.is_known();
        self.facts.values().filter(counts).map(|entry| entry.fact)
    }

    /// All facts by the names that they have here, those that do not count too.
    pub(crate) fn all(&self) -> BTreeMap<FactId, &'a Fact> {
        self.facts.iter().map(|(id, entry)| (*id, entry.fact)).collect()
    }

    /// The order of all of these facts: for those of one record and what was joined to it or parted from it.
    pub fn order(&self) -> Order {
        Order::of(self.facts.iter().map(|(id, entry)| (*id, entry.after.clone())))
    }

    /// The facts that join a record to two others, or part a fact from it to two others.
    pub(crate) fn torn(&self, record: RecordId) -> impl Iterator<Item = &Torn> {
        self.torn.iter().filter(move |torn| torn.record == record)
    }

    /// The record that a fact counts for.
    pub(crate) fn home(&self, fact: &Fact) -> RecordId {
        self.root(self.parted.get(&fact.id).copied().unwrap_or(fact.record))
    }

    fn void(&mut self, may: impl Fn(&Fact, &Fact, &Self) -> bool) {
        let corrections = self
            .facts
            .values()
            .map(|entry| entry.fact)
            .filter(|fact| is_correction(fact.kind));
        let voided = corrections.filter_map(|correction| {
            let target = self
                .facts
                .get(&self.name(correction.body.fact(field::FACT)?))?
                .fact;
            let same_kind = correction.kind.record() == target.kind.record();
            (same_kind && !is_correction(target.kind) && may(correction, target, self)).then_some(target.id)
        });
        for id in voided.collect::<Vec<_>>() {
            if let Some(entry) = self.facts.get_mut(&id) {
                entry.voided = true;
            }
        }
    }

    fn link(&mut self) {
        let mut joins: BTreeMap<RecordId, BTreeMap<RecordId, FactId>> = BTreeMap::new();
        let mut partings: BTreeMap<(RecordId, FactId), BTreeMap<RecordId, FactId>> = BTreeMap::new();
        for fact in self.facts().filter(|fact| is_link(fact.kind)) {
            let Some(to) = fact.body.record(field::RECORD).filter(|to| *to != fact.record) else {
                continue;
            };
            if is_join(fact.kind) {
                joins.entry(fact.record).or_default().entry(to).or_insert(fact.id);
            }
            for id in fact.body.facts(field::FACTS).into_iter().flatten() {
                let parted = self.facts.get(&self.name(id)).map(|entry| entry.fact);
                let parted = parted.filter(|parted| {
                    parted.record == fact.record && !is_about_facts(parted.kind) && !is_link(parted.kind)
                });
                if let Some(parted) = parted {
                    partings
                        .entry((fact.record, parted.id))
                        .or_default()
                        .entry(to)
                        .or_insert(fact.id);
                }
            }
        }
        let mut torn = Vec::new();
        let mut one = |record: RecordId, targets: &BTreeMap<RecordId, FactId>| {
            if targets.len() > 1 {
                let mut facts: Vec<_> = targets.values().copied().collect();
                facts.sort_unstable();
                torn.push(Torn { record, facts });
            }
            targets.keys().next().copied()
        };
        let joined = joins
            .iter()
            .filter_map(|(from, to)| Some((*from, one(*from, to)?)))
            .collect();
        let parted = partings
            .iter()
            .filter_map(|((record, fact), to)| Some((*fact, one(*record, to)?)))
            .collect();
        torn.sort();
        torn.dedup();
        (self.joined, self.parted, self.torn) = (joined, parted, torn);
    }
}

/// The facts of a correction or a closing: they follow what they name and are parted from nothing.
fn is_about_facts(kind: FactKind) -> bool {
    is_correction(kind) || kind.is_closing()
}

fn is_correction(kind: FactKind) -> bool {
    kind.is_known() && kind.is_correction()
}

fn is_join(kind: FactKind) -> bool {
    use crate::fact::kinds::{delivery, household};
    [delivery::SAME_AS, household::SAME_AS].contains(&kind)
}

/// Whether such a fact joins its record to another, or parts facts to it.
pub(crate) fn is_link(kind: FactKind) -> bool {
    is_join(kind) || kind == crate::fact::kinds::delivery::BELONGS_TO
}

/// Under which name each fact is known that came, or was, under several.
///
/// A fact that was written anew counts as the first one, where that is here with the hash and the kind that
/// `was` says: so nobody can put other words into a fact by claiming that theirs was it.
fn names(facts: &BTreeMap<FactId, &Fact>) -> HashMap<FactId, FactId> {
    let mut names = HashMap::new();
    let mut copies: BTreeMap<_, Vec<&Fact>> = BTreeMap::new();
    for fact in facts.values() {
        if let Some(was) = fact.was {
            copies
                .entry((was.id, was.hash, fact.record, fact.kind))
                .or_default()
                .push(fact);
        }
    }
    for ((id, hash, record, kind), copies) in copies {
        let first = facts.get(&id);
        let same = first.filter(|fact| fact.record == record && fact.kind == kind && fact.hash() == hash);
        let Some(name) = same.or(copies.first()).map(|fact| fact.id) else {
            continue;
        };
        for copy in copies.iter().filter(|copy| copy.id != name) {
            names.insert(copy.id, name);
        }
        if first.is_none() {
            names.entry(id).or_insert(name);
        }
    }
    // Written anew twice: a name that stands for another one.
    let last = |mut name: FactId| {
        for _ in 0..names.len() {
            match names.get(&name) {
                Some(next) => name = *next,
                None => break,
            }
        }
        name
    };
    names.keys().map(|id| (*id, last(*id))).collect()
}
