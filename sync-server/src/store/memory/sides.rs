use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::State;
use crate::store::{
    HeldItem, NewSide, ReadFacts, ReadSides, Seq, SideAt, SideKey, SideRow, SideTaken, StoreError, What,
    WriteSides,
};

impl ReadSides for State {
    fn sides(&self, record: RecordId) -> Result<Vec<SideRow>, StoreError> {
        Ok(self
            .sides
            .values()
            .filter(|side| side.record == record)
            .cloned()
            .collect())
    }

    fn side_keys(&self, record: RecordId) -> Result<Vec<SideKey>, StoreError> {
        Ok(self.sides(record)?.into_iter().map(|side| side.key).collect())
    }

    fn sides_named(&self, name: u8, after: (Seq, u8), limit: usize) -> Result<Vec<SideAt>, StoreError> {
        let named = self.sides.values().filter(|side| side.key.name == name);
        let mut named: Vec<_> = named
            .map(|side| SideAt {
                seq: side.seq,
                record: side.record,
                key: side.key,
            })
            .filter(|side| (side.seq, side.key.ordinal) > after)
            .collect();
        named.sort_by_key(|side| (side.seq, side.key.ordinal));
        named.truncate(limit);
        Ok(named)
    }
}

impl State {
    /// What is already there under this key.
    fn known_side(&self, key: SideKey, value: &[u8]) -> Option<SideTaken> {
        if self.removed_sides.contains_key(&key) {
            return Some(SideTaken::Removed);
        }
        let held = self
            .held
            .values()
            .find(|held| held.item == HeldItem::Side(key))
            .map(|held| &held.bytes);
        let known = self.sides.get(&key).map(|side| &side.value).or(held)?;
        Some(if known == value {
            SideTaken::Known
        } else {
            SideTaken::Differs
        })
    }
}

impl WriteSides for State {
    fn append_side(
        &mut self,
        fact: FactId,
        by: DeviceNumber,
        side: &NewSide,
    ) -> Result<SideTaken, StoreError> {
        let key = SideKey {
            fact,
            name: side.name,
            ordinal: side.ordinal,
        };
        if let Some(known) = self.known_side(key, &side.value) {
            return Ok(known);
        }
        let Some(row) = self.fact(fact)? else {
            return Ok(self.hold_side_of(key, by, &side.value));
        };
        let seq = self.log_item(row.record, What::Side)?;
        self.sides.insert(
            key,
            SideRow {
                seq,
                record: row.record,
                key,
                value: side.value.clone(),
            },
        );
        Ok(SideTaken::Appended(seq))
    }

    fn remove_side(&mut self, key: SideKey) -> Result<Option<Seq>, StoreError> {
        let Some(row) = self.sides.remove(&key) else {
            return Ok(None);
        };
        let seq = self.log_item(row.record, What::SideRemoved)?;
        self.removed_sides.insert(key, (row.record, seq));
        Ok(Some(seq))
    }
}
