use std::collections::BTreeMap;

use crate::fact::{Fact, FactKind, field};
use crate::id::FactId;
use crate::kind::RecordKind;
use crate::order::Order;
use crate::status::Counted;
use crate::status::concurrent::kinds_of;

/// What dispatchers decided about a record's discrepancies.
#[derive(Debug, Default)]
pub(crate) struct Closings {
    closings: Vec<Closing>,
    /// The latest words about each fact: which fact stands, if any.
    latest: BTreeMap<FactId, Vec<Option<FactId>>>,
}

#[derive(Debug)]
struct Closing {
    id: FactId,
    facts: Vec<FactId>,
    /// The fact that stands, one of `facts`.
    stands: Option<FactId>,
}

impl Closings {
    /// The closings among a record's facts, all of which count. A closing lapses when the fact that it lets stand is
    /// voided, and waits for one that did not arrive yet.
    pub(crate) fn of(counted: &Counted<'_>, order: &Order, facts: &[&Fact]) -> Self {
        let closing = |closing: &&Fact| {
            let listed = closing.body.facts(field::FACTS)?;
            let listed: Vec<_> = listed.into_iter().map(|id| counted.name(id)).collect();
            let stands = match closing.body.fact(field::STANDS).map(|id| counted.name(id)) {
                Some(id) => {
                    let at = facts.binary_search_by_key(&id, |fact| fact.id).ok()?;
                    let stands = facts
                        .get(at)
                        .filter(|fact| decides(fact.kind) && listed.contains(&id));
                    stands.map(|fact| fact.id)
                }
                None => None,
            };
            Some(Closing {
                id: closing.id,
                facts: listed,
                stands,
            })
        };
        let closings = facts.iter().filter(|fact| fact.kind.is_closing());
        let closings: Vec<Closing> = closings.filter_map(closing).collect();
        let mut about: BTreeMap<FactId, Vec<&Closing>> = BTreeMap::new();
        for closing in &closings {
            for fact in &closing.facts {
                about.entry(*fact).or_default().push(closing);
            }
        }
        let latest = about.into_iter().map(|(fact, words)| {
            let heads = order.heads(words.iter().map(|closing| closing.id));
            let latest = words.into_iter().filter(|closing| heads.contains(&closing.id));
            (fact, latest.map(|closing| closing.stands).collect())
        });
        Self {
            latest: latest.collect(),
            closings,
        }
    }

    /// Whether a fact was set aside: the latest word about it is that another one stands. Where the latest words
    /// contradict each other, nothing is set aside and the discrepancy is open again.
    pub(crate) fn set_aside(&self, fact: FactId) -> bool {
        let aside = |stands: &Option<FactId>| stands.is_some_and(|stands| stands != fact);
        self.latest
            .get(&fact)
            .is_some_and(|latest| latest.iter().all(aside))
    }

    /// Whether the latest word about a fact is that it stands.
    pub(crate) fn stands(&self, fact: FactId) -> bool {
        self.latest
            .get(&fact)
            .is_some_and(|latest| latest.iter().all(|stands| *stands == Some(fact)))
    }

    /// Whether a contradiction was closed with none of its facts standing.
    pub(crate) fn leave_undecided(&self, facts: &[FactId]) -> bool {
        let undecided = |fact| {
            self.latest
                .get(fact)
                .is_some_and(|latest| latest.iter().all(Option::is_none))
        };
        self.closes(facts) && facts.iter().all(undecided)
    }

    /// Whether a matter was closed, whichever fact stands.
    pub(crate) fn closes(&self, facts: &[FactId]) -> bool {
        let covers = |closing: &Closing| facts.iter().all(|id| closing.facts.contains(id));
        self.closings.iter().any(covers)
    }
}

/// Whether such a fact can stand against others; cash collected, say, cannot.
fn decides(kind: FactKind) -> bool {
    kind.record().is_some_and(|record| match record {
        RecordKind::CashPass | RecordKind::HandIn | RecordKind::Count => true,
        _ => kinds_of(record).contains(&kind),
    })
}
