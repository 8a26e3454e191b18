use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Chain, Fact, FactHash, SideValue, field, schema_of};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::status::latest;

use super::{ActError, Draft, facts_of};
use crate::county::County;
use crate::store::{FactPush, Fate, NewFact, StoreError, WriteTx};
use crate::sync::{Judge, Sender};

/// The county's own number, writing on.
pub(super) struct Author<'a> {
    sender: &'a Sender,
    last: u64,
    chain: Chain,
    stamp: Stamp,
    judge: Judge<'a>,
}

impl<'a> Author<'a> {
    pub(super) fn begin(tx: &dyn WriteTx, county: &County, sender: &'a Sender) -> Result<Self, StoreError> {
        let author = tx.author(sender.number)?;
        let mut stamp = Stamp {
            hlc_ms: county.now_ms(),
            hlc_count: 0,
            source: ClockSource::County,
        };
        // Later than all that it wrote, even if the machine's clock was set back since.
        let last = tx
            .facts_by(sender.number, author.fact_count, author.fact_count)?
            .pop();
        if let Some(last) = last.and_then(|row| Fact::decode(&row.bytes).ok())
            && last.stamp.hlc_ms >= stamp.hlc_ms
        {
            stamp = after(last.stamp);
        }
        Ok(Self {
            sender,
            last: author.fact_count,
            chain: Chain::from_bytes(author.chain),
            stamp,
            judge: Judge::new(sender),
        })
    }

    /// Writes a fact, if the rules take it.
    pub(super) fn write(
        &mut self,
        tx: &mut dyn WriteTx,
        record: RecordId,
        draft: &Draft,
    ) -> Result<(FactId, Fate), ActError> {
        let id = FactId::new(self.sender.number, self.last + 1);
        let mut body = draft.body.clone();
        let has_by = schema_of(draft.kind)
            .is_some_and(|schema| schema.fields.iter().any(|(its, _)| its.key == field::BY));
        if has_by && body.get(field::BY).is_none() {
            body = body.with(field::BY, self.sender.person);
        }
        let fact = Fact {
            id,
            record,
            kind: draft.kind,
            version: 1,
            after: latest(&facts_of(tx, record)?),
            stamp: self.stamp,
            observed: None,
            was: None,
            body,
        };
        let bytes = fact.encode();
        let hash = FactHash::of(&bytes);
        let sides = draft.sides.iter().map(|(name, value)| SideValue {
            record,
            fact: id,
            name: *name,
            value: value.clone(),
        });
        let sides: Vec<_> = sides.collect();
        let judged = self
            .judge
            .judge(tx, &fact, bytes.len(), &sides.iter().collect::<Vec<_>>())?;
        if judged.fate != Fate::Admitted {
            return Ok((id, judged.fate));
        }
        self.chain = self.chain.then(&hash);
        self.last += 1;
        self.stamp = after(self.stamp);
        tx.append_facts(&FactPush {
            author: self.sender.number,
            by: self.sender.number,
            chain: self.chain.to_bytes(),
            facts: vec![NewFact {
                n: id.n,
                record,
                kind: fact.kind,
                hash,
                running: self.chain.running_hash(),
                was: None,
                bytes,
                sides: judged.sides,
                fate: Fate::Admitted,
            }],
        })?;
        Ok((id, Fate::Admitted))
    }
}

fn after(stamp: Stamp) -> Stamp {
    match stamp.hlc_count.checked_add(1) {
        Some(hlc_count) => Stamp { hlc_count, ..stamp },
        None => Stamp {
            hlc_ms: stamp.hlc_ms + 1,
            hlc_count: 0,
            ..stamp
        },
    }
}
