use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use saddlebag_records::fact::{Fact, field, kinds};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::status::{About, Authors, Phase, Status, status};

use super::contents::{Contents, Told};
use super::{Known, People};
use crate::store::{ReadTx, RecordRow, StoreError};

const DAY_MS: i64 = 86_400_000;
/// How far back a phone's word on when something ended is taken: a phone may be away for a month.
const AWAY_MS: i64 = 30 * DAY_MS;
/// The most records that are joined to one, directly or by others.
pub(super) const MOST_JOINED: usize = 16;

/// The facts that count for a record: its own and those of the records that are joined to it.
pub(in crate::visibility) struct Story {
    record: RecordId,
    kind: RecordKind,
    facts: BTreeMap<FactId, Arc<Told>>,
    joined: BTreeSet<RecordId>,
    authors: Authors,
}

impl Story {
    pub(in crate::visibility) fn of(
        tx: &dyn ReadTx,
        known: &mut Known,
        row: &RecordRow,
    ) -> Result<Self, StoreError> {
        let mut story = Self {
            record: row.id,
            kind: row.kind,
            facts: BTreeMap::new(),
            joined: BTreeSet::new(),
            authors: Authors::default(),
        };
        story.read(tx, &mut known.contents, row.id)?;
        if matches!(row.kind, RecordKind::Delivery | RecordKind::Household) {
            story.join(tx, known)?;
        }
        let devices: BTreeSet<_> = story.facts.keys().map(|id| id.device).collect();
        for device in devices {
            let person = known.people.of(tx, device)?;
            story.authors.0.extend(person.map(|person| (device, person)));
        }
        Ok(story)
    }

    fn read(&mut self, tx: &dyn ReadTx, contents: &mut Contents, record: RecordId) -> Result<(), StoreError> {
        let facts = contents.facts(tx, record)?;
        self.facts
            .extend(facts.iter().map(|told| (told.fact.id, Arc::clone(told))));
        Ok(())
    }

    /// Reads the records that this one is joined to or was parted from, in both directions.
    fn join(&mut self, tx: &dyn ReadTx, known: &mut Known) -> Result<(), StoreError> {
        let mut open = vec![self.record];
        while let Some(record) = open.pop() {
            let mut near: BTreeSet<_> = self
                .facts()
                .filter(|fact| fact.record == record)
                .filter_map(link)
                .collect();
            near.extend(known.named.alike(tx, record, self.kind)?);
            for other in near {
                if other != self.record && self.joined.len() < MOST_JOINED && self.joined.insert(other) {
                    self.read(tx, &mut known.contents, other)?;
                    open.push(other);
                }
            }
        }
        Ok(())
    }

    pub(in crate::visibility) fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.values().map(|told| &told.fact)
    }

    pub(in crate::visibility) fn joined(&self) -> &BTreeSet<RecordId> {
        &self.joined
    }

    /// When the county got a fact, UTC milliseconds.
    pub(in crate::visibility) fn received_ms(&self, fact: FactId) -> Option<i64> {
        self.facts.get(&fact).map(|told| told.received_ms)
    }

    pub(in crate::visibility) fn status(&self, plan: Option<&PlanView>) -> Status {
        self.status_of(plan, |_| true)
    }

    /// What it would be if only these facts were there.
    pub(super) fn status_of(&self, plan: Option<&PlanView>, counts: impl Fn(&Fact) -> bool) -> Status {
        let about = About {
            record: self.record,
            kind: self.kind,
            plan,
            authors: &self.authors,
        };
        status(&about, self.facts().filter(|fact| counts(fact)))
    }

    /// When it ended as the county judges it: by the phone's clock, but not later than the county heard of it, and
    /// not a month before.
    pub(super) fn ended_ms(&self, status: &Status) -> Option<i64> {
        if status.phase != Phase::Ended || !status.discrepancies.is_empty() {
            return None;
        }
        let ends = status.ended_by.iter().filter_map(|id| self.facts.get(id));
        ends.map(|told| {
            told.fact
                .stamp
                .hlc_ms
                .clamp(told.received_ms.saturating_sub(AWAY_MS), told.received_ms)
        })
        .max()
    }

    /// Who wrote a fact, or for whom the county's own number did.
    pub(super) fn writer(
        &self,
        tx: &dyn ReadTx,
        people: &mut People,
        id: FactId,
    ) -> Result<Option<PersonId>, StoreError> {
        if let Some(person) = people.of(tx, id.device)? {
            return Ok(Some(person));
        }
        Ok(self
            .facts
            .get(&id)
            .and_then(|told| told.fact.body.person(field::BY)))
    }
}

/// The record that a fact joins its own to, or parts facts to.
pub(super) fn link(fact: &Fact) -> Option<RecordId> {
    let links = [
        kinds::delivery::SAME_AS,
        kinds::delivery::BELONGS_TO,
        kinds::household::SAME_AS,
    ]
    .contains(&fact.kind);
    fact.body.record(field::RECORD).filter(|_| links)
}
