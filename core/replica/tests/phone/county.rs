//! A county that takes all and shows all to everybody: for what happens on phones.

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_protocol::{Cursor, FactReceipt, Forget, ForgetReason, Outcome, Receipts, RemovedSide};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Fact, FactKind, SideName, SideValue};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, edit};
use saddlebag_replica::{Answer, Applied, AuthorOf, PageContent, Pending, Told};

use crate::a_phone::{EPOCH, MORNING_MS, Phone};

/// The county's own device.
pub(crate) const COUNTY: DeviceNumber = DeviceNumber(900);

#[derive(Clone, Default)]
pub(crate) struct County {
    rows: Vec<PageContent>,
    next_n: u64,
    plans: BTreeMap<RecordId, Vec<u8>>,
    facts: BTreeMap<FactId, Fact>,
    authors: BTreeMap<DeviceNumber, AuthorOf>,
    hidden: BTreeSet<RecordId>,
    pub(crate) watermark: u64,
    pub(crate) one_time: Vec<u64>,
}

/// A page with facts alone.
pub(crate) fn page_of(facts: Vec<Fact>) -> PageContent {
    PageContent {
        facts: Batch {
            facts,
            side: Vec::new(),
        },
        ..PageContent::default()
    }
}

impl County {
    /// The number of its log's last row.
    pub(crate) fn position(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The rows of its log.
    pub(crate) fn pages(&self) -> &[PageContent] {
        &self.rows
    }

    /// Writes something into a record, with its plan.
    pub(crate) fn write(&mut self, record: RecordId, edits: &[PlanEdit], fact: Option<(FactKind, Body)>) {
        let kind = fact
            .as_ref()
            .and_then(|(kind, _)| kind.record())
            .unwrap_or(RecordKind::Delivery);
        self.write_as(kind, record, edits, fact, Vec::new());
    }

    /// The same for a record of this kind, with side values on the fact.
    pub(crate) fn write_as(
        &mut self,
        kind: RecordKind,
        record: RecordId,
        edits: &[PlanEdit],
        fact: Option<(FactKind, Body)>,
        side: Vec<(SideName, Vec<u8>)>,
    ) {
        self.hidden.remove(&record);
        let mut page = PageContent::default();
        let plan = self.plans.get(&record).map(Vec::as_slice);
        let edited = || edit(kind, plan, ActorId([0xc0; 16]), edits).unwrap();
        if let Some(edited) = (!edits.is_empty()).then(edited).flatten() {
            self.plans.insert(record, edited.snapshot);
            page.changes.push(WireChange {
                record,
                kind,
                bytes: edited.change,
            });
        }
        if let Some((kind, body)) = fact {
            let after =
                saddlebag_records::status::latest(self.facts.values().filter(|fact| fact.record == record));
            self.next_n += 1;
            let fact = Fact {
                id: FactId::new(COUNTY, self.next_n),
                record,
                kind,
                version: 1,
                after,
                stamp: Stamp {
                    hlc_ms: MORNING_MS,
                    hlc_count: 0,
                    source: ClockSource::County,
                },
                observed: None,
                was: None,
                body,
            };
            let of_fact = |(name, value)| SideValue {
                record,
                fact: fact.id,
                name,
                value,
            };
            page.facts.side = side.into_iter().map(of_fact).collect();
            self.facts.insert(fact.id, fact.clone());
            page.facts.facts.push(fact);
        }
        self.rows.push(page);
    }

    /// Sends a record off all phones.
    pub(crate) fn forget(&mut self, record: RecordId, reason: ForgetReason) {
        self.hidden.insert(record);
        let forget = vec![Forget {
            record: record.0,
            reason,
        }];
        self.rows.push(PageContent {
            forget,
            ..PageContent::default()
        });
    }

    /// Takes a side value off all phones.
    pub(crate) fn remove_side(&mut self, record: RecordId, fact: FactId, name: SideName) {
        let removed = RemovedSide {
            record: record.0,
            device: fact.device.0,
            n: fact.n,
            name: name as u8,
        };
        self.rows.push(PageContent {
            removed_side: vec![removed],
            ..PageContent::default()
        });
    }

    /// A whole exchange with a phone, until there is nothing more to send.
    pub(crate) fn sync(&mut self, phone: &Phone) -> Applied {
        loop {
            let pending = phone.pending(usize::MAX).unwrap();
            let receipts = self.take(phone, &pending);
            let applied = self.answer(phone, &pending, &receipts);
            if phone.pending(usize::MAX).unwrap().is_empty() {
                return applied;
            }
        }
    }

    /// Takes a push; the receipts say that all of it was admitted.
    pub(crate) fn take(&mut self, phone: &Phone, pending: &Pending) -> Receipts {
        self.authors.insert(
            phone.device(),
            AuthorOf {
                device: phone.device(),
                person: phone.person,
            },
        );
        let mut receipts = Receipts::default();
        for fact in &pending.facts {
            if self.facts.insert(fact.id, fact.clone()).is_none() {
                let side = pending
                    .side
                    .iter()
                    .filter(|side| side.fact == fact.id)
                    .cloned()
                    .collect();
                if !self.hidden.contains(&fact.record) {
                    let facts = Batch {
                        facts: vec![fact.clone()],
                        side,
                    };
                    let authors = self.authors.get(&fact.id.device).copied().into_iter().collect();
                    self.rows.push(PageContent {
                        facts,
                        authors,
                        ..PageContent::default()
                    });
                }
            }
            let (device, from, to) = (fact.id.device.0, fact.id.n, fact.id.n);
            receipts.facts.push(FactReceipt {
                device,
                from,
                to,
                outcome: Outcome::Admitted,
            });
        }
        for change in &pending.changes {
            let changes = vec![change.change.clone()];
            self.rows.push(PageContent {
                changes,
                ..PageContent::default()
            });
        }
        receipts
    }

    /// Answers with these receipts and all that the phone has not read.
    pub(crate) fn answer(&self, phone: &Phone, pending: &Pending, receipts: &Receipts) -> Applied {
        let asking = phone.asking("test 1", None, &[]).unwrap();
        let read = asking.cursor.map_or(0, |cursor| cursor.seq as usize);
        let mut page = PageContent::default();
        let again = asking.again.iter().flat_map(|again| &again.facts);
        let again: Vec<_> = again
            .map(|name| FactId::new(DeviceNumber(name.author), name.n))
            .collect();
        let given = self.rows[..read].iter().flat_map(|row| &row.facts.facts);
        let given = given.filter(|fact| again.contains(&fact.id));
        page.facts.facts.extend(given.cloned());
        for row in &self.rows[read..] {
            page.authors.extend(&row.authors);
            page.facts.facts.extend(row.facts.facts.iter().cloned());
            page.facts.side.extend(row.facts.side.iter().cloned());
            page.changes.extend(row.changes.iter().cloned());
            page.forget.extend(&row.forget);
            page.removed_side.extend(&row.removed_side);
        }
        let cursor = Cursor {
            epoch: EPOCH,
            seq: self.position(),
            nonce: [0; 8],
            within: 0,
        };
        let answer = Answer {
            county_time_ms: phone.shows().wall_ms,
            receipts: Some((pending, receipts)),
            page,
            cursor: Some(cursor),
            position: self.position(),
            watermark: self.watermark,
            one_time: self.one_time.clone(),
            told: Told::from(&asking),
            ..Answer::default()
        };
        phone.apply(&answer).unwrap()
    }
}
