//! One record as the rules of its kind read it.

use super::{About, Counted, Credit, Notice};
use crate::discrepancy::{Closings, Code, Discrepancy};
use crate::fact::{Fact, FactKind, field, kinds};
use crate::id::{DeviceNumber, FactId, PersonId, RecordId};
use crate::order::Order;
use crate::plan::PlanView;

pub(crate) struct Reading<'a> {
    pub(crate) about: &'a About<'a>,
    /// The facts that count for the record, of its own kinds, by their ids.
    pub(crate) facts: Vec<&'a Fact>,
    pub(crate) order: Order,
    pub(crate) closings: Closings,
    counted: &'a Counted<'a>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(about: &'a About<'a>, counted: &'a Counted<'a>) -> Self {
        let order = counted.order();
        let own = |fact: &&Fact| fact.kind.record() == Some(about.kind);
        let here = counted
            .facts()
            .filter(|fact| own(fact) && (fact.record == about.record || counted.home(fact) == about.record));
        let closings = Closings::of(counted, &order, &here.collect::<Vec<_>>());
        let facts = counted.facts_of(about.record).filter(own).collect();
        Self {
            about,
            facts,
            order,
            closings,
            counted,
        }
    }

    pub(crate) fn plan(&self) -> Option<&'a PlanView> {
        self.about.plan
    }

    /// The facts of this kind.
    pub(crate) fn all(&self, kind: FactKind) -> impl Iterator<Item = &'a Fact> + Clone {
        self.facts.iter().copied().filter(move |fact| fact.kind == kind)
    }

    pub(crate) fn fact(&self, id: FactId) -> Option<&'a Fact> {
        let at = self.facts.binary_search_by_key(&id, |fact| fact.id).ok()?;
        self.facts.get(at).copied()
    }

    /// The fact that shows, where nothing of these kinds contradicts anything: of the latest, the one whose kind
    /// stands last in the list, and of several of one kind the one with the smallest id.
    pub(crate) fn furthest(&self, kinds: &[FactKind]) -> Option<&'a Fact> {
        self.furthest_of(kinds, |_| true)
    }

    /// The same, but of some facts alone.
    pub(crate) fn furthest_of(
        &self,
        kinds: &[FactKind],
        counts: impl Fn(&&Fact) -> bool,
    ) -> Option<&'a Fact> {
        let of_kinds = self
            .facts
            .iter()
            .filter(|fact| kinds.contains(&fact.kind) && counts(fact));
        let latest = self.order.heads(of_kinds.map(|fact| fact.id));
        let rank = |fact: &&Fact| kinds.iter().position(|kind| *kind == fact.kind);
        latest
            .into_iter()
            .rev()
            .filter_map(|id| self.fact(id))
            .max_by_key(rank)
    }

    /// The name that a fact has here, if it came under another one too.
    pub(crate) fn name(&self, id: FactId) -> FactId {
        self.counted.name(id)
    }

    /// Whose device wrote a fact, or for whom the county's own device wrote it.
    pub(crate) fn writer(&self, fact: &Fact) -> Writer {
        match fact
            .body
            .person(field::BY)
            .or(self.about.authors.person(fact.id.device))
        {
            Some(person) => Writer::Person(person),
            None => Writer::Device(fact.id.device),
        }
    }

    pub(crate) fn author(&self, fact: &Fact) -> Option<PersonId> {
        self.about.authors.person(fact.id.device)
    }

    /// What is credited to somebody else than the plan assigns.
    pub(crate) fn done_by_another(&self, credits: &[Credit]) -> Option<Notice> {
        let credit = credits.first()?;
        let assigned = self.plan()?.person("assignee")?;
        let by = self.about.authors.person(credit.device)?;
        (by != assigned).then_some(Notice::DoneByAnother {
            fact: credit.fact,
            assigned,
        })
    }

    /// The record that this one was joined to, and the facts that joined it.
    pub(crate) fn joined(&self) -> Option<(RecordId, Vec<&'a Fact>)> {
        let root = self.counted.root(self.about.record);
        let joins = self.counted.facts().filter(|fact| {
            fact.record == self.about.record
                && [kinds::delivery::SAME_AS, kinds::household::SAME_AS].contains(&fact.kind)
        });
        (root != self.about.record).then(|| (root, joins.collect()))
    }

    /// A matter beside the two facts that the table knows, unless it was closed.
    pub(crate) fn unless_closed(&self, discrepancy: Discrepancy) -> Option<Discrepancy> {
        (!self.closings.closes(&discrepancy.facts)).then_some(discrepancy)
    }

    /// Facts that join or part to two records.
    pub(crate) fn torn(&self) -> impl Iterator<Item = Discrepancy> {
        self.counted.torn(self.about.record).filter_map(|torn| {
            let parts = torn.facts.iter().any(|id| {
                self.counted
                    .facts()
                    .any(|fact| fact.id == *id && fact.kind == kinds::delivery::BELONGS_TO)
            });
            let code = if parts {
                Code::PartedToTwo
            } else {
                Code::JoinedToTwo
            };
            self.unless_closed(Discrepancy::new(code, torn.facts.iter().copied()))
        })
    }
}

/// Who wrote a fact, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    Person(PersonId),
    Device(DeviceNumber),
}
