use saddlebag_records::fact::{FactHash, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{State, insert_new};
use crate::store::facts::start;
use crate::store::{
    Author, FactPush, FactRow, Fate, HeldItem, NewFact, Number, ReadDevices, ReadFacts, Seq, SideKey,
    SideRow, StoreError, What, WriteFacts,
};

impl ReadFacts for State {
    fn fact(&self, id: FactId) -> Result<Option<FactRow>, StoreError> {
        Ok(self.facts.get(&id).cloned())
    }

    fn facts(&self, record: RecordId) -> Result<Vec<FactRow>, StoreError> {
        let mut facts: Vec<_> = self
            .facts
            .values()
            .filter(|fact| fact.record == record)
            .cloned()
            .collect();
        facts.sort_by_key(|fact| fact.seq);
        Ok(facts)
    }

    fn fact_count(&self, record: RecordId) -> Result<usize, StoreError> {
        Ok(self.facts(record)?.len())
    }

    fn facts_by(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<FactRow>, StoreError> {
        let facts = self.facts.values();
        Ok(facts
            .filter(|fact| within(fact.id, author, from, to))
            .cloned()
            .collect())
    }

    fn numbers(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<Number>, StoreError> {
        let number = |n, hash: &FactHash, running, fate| Number {
            n,
            hash_start: start(hash),
            running,
            fate,
        };
        let facts = self
            .facts
            .values()
            .filter(|fact| within(fact.id, author, from, to));
        let mut numbers: Vec<_> = facts
            .map(|fact| number(fact.id.n, &fact.hash, fact.running, Fate::Admitted))
            .collect();
        numbers.extend(self.held.values().filter_map(|held| match &held.item {
            HeldItem::Fact { id, hash, running } if within(*id, author, from, to) => {
                let fate = Fate::Held {
                    state: held.state,
                    reason: held.reason.clone(),
                };
                Some(number(id.n, hash, *running, fate))
            }
            _ => None,
        }));
        let not_kept = self
            .not_kept
            .iter()
            .filter(|(id, _)| within(**id, author, from, to));
        numbers.extend(not_kept.map(|(_, number)| number.clone()));
        numbers.sort_by_key(|number| number.n);
        Ok(numbers)
    }

    fn running_at(&self, author: DeviceNumber, n: u64) -> Result<Option<[u8; 8]>, StoreError> {
        if n == 0 {
            return Ok(Some([0; 8]));
        }
        Ok(self.numbers(author, n, n)?.first().map(|number| number.running))
    }

    fn fact_once_called(&self, was: &Was) -> Result<Option<FactId>, StoreError> {
        Ok(self.once_called.get(&(was.id, was.hash)).copied())
    }
}

fn within(id: FactId, author: DeviceNumber, from: u64, to: u64) -> bool {
    id.device == author && (from..=to).contains(&id.n)
}

impl State {
    pub(super) fn insert_fact(&mut self, row: FactRow, was: Option<&Was>) -> Result<(), StoreError> {
        if let Some(was) = was {
            insert_new(&mut self.once_called, (was.id, was.hash), row.id)?;
        }
        insert_new(&mut self.facts, row.id, row)
    }

    fn admit(&mut self, id: FactId, fact: &NewFact) -> Result<Seq, StoreError> {
        let seq = self.log_item(fact.record, What::Fact)?;
        let row = FactRow {
            seq,
            id,
            record: fact.record,
            kind: fact.kind,
            hash: fact.hash,
            running: fact.running,
            received_ms: self.moment.ms,
            bytes: fact.bytes.clone(),
        };
        self.insert_fact(row, fact.was.as_ref())?;
        for side in &fact.sides {
            let key = SideKey {
                fact: id,
                name: side.name,
                ordinal: side.ordinal,
            };
            let row = SideRow {
                seq,
                record: fact.record,
                key,
                value: side.value.clone(),
            };
            insert_new(&mut self.sides, key, row)?;
        }
        Ok(seq)
    }
}

impl WriteFacts for State {
    fn append_facts(&mut self, push: &FactPush) -> Result<Vec<Option<Seq>>, StoreError> {
        push.check_numbers(self.author(push.author)?.fact_count)?;
        let Some(last) = push.facts.last() else {
            return Ok(Vec::new());
        };
        let mut seqs = Vec::new();
        for fact in &push.facts {
            let id = FactId::new(push.author, fact.n);
            let seq = match &fact.fate {
                Fate::Admitted => Some(self.admit(id, fact)?),
                Fate::Held { state, reason } => {
                    self.hold_fact(id, fact, push.by, *state, reason)?;
                    None
                }
                Fate::NotKept { code } => {
                    self.leave_number(id, fact.hash, fact.running, code);
                    None
                }
            };
            seqs.push(seq);
        }
        self.authors.insert(
            push.author,
            Author {
                fact_count: last.n,
                chain: push.chain,
            },
        );
        Ok(seqs)
    }
}
