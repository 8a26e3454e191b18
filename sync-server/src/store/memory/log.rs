use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use saddlebag_records::access::Audience;
use saddlebag_records::id::{PersonId, RecordId};

use super::State;
use crate::store::{Item, LogRow, ReadLog, Seq, StoreError, What, WriteLog};

impl ReadLog for State {
    fn log_head(&self) -> Result<Seq, StoreError> {
        Ok(self.log.last_key_value().map_or(Seq::START, |(seq, _)| *seq))
    }

    fn log_nonce(&self, seq: Seq) -> Result<Option<[u8; 8]>, StoreError> {
        Ok(self.log.get(&seq).map(|row| row.nonce))
    }

    fn log_page(&self, audiences: &[Audience], after: Seq, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        let read = |row: &LogRow| {
            audiences
                .iter()
                .any(|audience| self.log_readers.contains(&(*audience, row.seq)))
        };
        let rows = self.log.range((Excluded(after), Unbounded)).map(|(_, row)| *row);
        Ok(rows.filter(read).take(limit).collect())
    }

    fn log_rows(&self, after: Seq, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        let rows = self.log.range((Excluded(after), Unbounded)).map(|(_, row)| *row);
        Ok(rows.take(limit).collect())
    }

    fn item(&self, row: &LogRow) -> Result<Option<Item>, StoreError> {
        let seq = row.seq;
        Ok(match row.what {
            What::Fact => self.facts.values().find(|fact| fact.seq == seq).map(|fact| {
                let sides = self
                    .sides
                    .values()
                    .filter(|side| side.key.fact == fact.id && side.seq == seq);
                Item::Fact(fact.clone(), sides.cloned().collect())
            }),
            What::Change => self.changes.get(&seq).cloned().map(Item::Change),
            What::Side => self
                .sides
                .values()
                .find(|side| side.seq == seq)
                .cloned()
                .map(Item::Side),
            What::SideRemoved => {
                let mut removed = self.removed_sides.iter();
                removed
                    .find(|(_, (_, at))| *at == seq)
                    .map(|(key, _)| Item::SideRemoved(*key))
            }
            What::Joined | What::Left => self.log_memberships.get(&seq).copied().map(Item::Audience),
            What::Grant | What::Removal | What::Forget | What::Sides => None,
        })
    }

    fn items(
        &self,
        record: RecordId,
        after: Seq,
        below: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Item)>, StoreError> {
        let facts = self
            .facts
            .values()
            .filter(|fact| fact.record == record)
            .map(|fact| (fact.seq, What::Fact));
        let changes = self.changes.values().filter(|change| change.record == record);
        let sides = self.sides.values().filter(|side| side.record == record);
        let brought: BTreeSet<_> = facts.clone().map(|(seq, _)| seq).collect();
        let later = sides
            .filter(|side| !brought.contains(&side.seq))
            .map(|side| (side.seq, What::Side));
        let mut rows: Vec<_> = facts
            .chain(changes.map(|change| (change.seq, What::Change)))
            .chain(later)
            .collect();
        rows.retain(|(seq, _)| *seq > after && *seq < below);
        rows.sort_by_key(|(seq, _)| *seq);
        let items = rows.into_iter().take(limit).map(|(seq, what)| {
            let item = self.item(&LogRow {
                seq,
                nonce: [0; 8],
                record,
                what,
                ms: 0,
            })?;
            Ok(item.map(|item| (seq, item)))
        });
        items.filter_map(Result::transpose).collect()
    }

    fn log_before(&self, ms: i64) -> Result<Seq, StoreError> {
        let older = self.log.values().filter(|row| row.ms < ms);
        Ok(older.map(|row| row.seq).max().unwrap_or_default())
    }
}

impl State {
    /// The next row of the log, for these readers.
    pub(super) fn log(
        &mut self,
        record: RecordId,
        what: What,
        readers: impl IntoIterator<Item = Audience>,
    ) -> Seq {
        let head = self.log.last_key_value().map_or(0, |(seq, _)| seq.0);
        let seq = Seq(head + 1);
        let row = LogRow {
            seq,
            nonce: self.moment.nonce,
            record,
            what,
            ms: self.moment.ms,
        };
        self.log.insert(seq, row);
        self.log_readers
            .extend(readers.into_iter().map(|audience| (audience, seq)));
        seq
    }

    /// The next row of the log for all who see the record.
    pub(super) fn log_item(&mut self, record: RecordId, what: What) -> Result<Seq, StoreError> {
        self.record_mut(record)?;
        let readers: Vec<_> = self
            .granted
            .values()
            .filter(|row| row.record == record)
            .map(|row| row.grant.audience)
            .collect();
        let seq = self.log(record, what, readers);
        self.record_mut(record)?.version = seq;
        Ok(seq)
    }

    pub(super) fn log_membership(&mut self, person: PersonId, what: What, audience: Audience) -> Seq {
        let seq = self.log(person.into(), what, [Audience::Person(person)]);
        self.log_memberships.insert(seq, audience);
        seq
    }
}

impl WriteLog for State {
    fn prune_log(&mut self, up_to: Seq) -> Result<u64, StoreError> {
        // The newest row tells where the next one goes.
        let floor = up_to.min(Seq(self.log_head()?.0.saturating_sub(1)));
        let county = self.county.as_mut().ok_or(StoreError::Conflict("county"))?;
        county.log_floor = county.log_floor.max(floor);
        let before = self.log.len();
        self.log.retain(|seq, _| *seq > floor);
        self.log_readers.retain(|(_, seq)| *seq > floor);
        self.log_memberships.retain(|seq, _| *seq > floor);
        Ok((before - self.log.len()) as u64)
    }
}
