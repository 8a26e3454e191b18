use rusqlite::{Row, params};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::held::NewHeld;
use super::sum::Sum;
use super::tx::{Columns, Tx, int, number, rows};
use crate::store::{
    FactRow, Fate, Moment, NewSide, ReadFacts, ReadSides, Seq, SideAt, SideKey, SideRow, SideTaken,
    StoreError, What, WriteSides,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, record, author, n, name, ordinal, value, sum FROM side_value ",
            $rest
        )
    };
}

pub(super) use select;

/// Side values of a record that came after their facts, in a range of positions.
pub(super) const SELECT_LATER_SIDES: &str = select!(
    "WHERE record = ?1 AND seq > ?2 AND seq < ?3 AND NOT EXISTS (SELECT 1 FROM fact WHERE fact.seq = side_value.seq)
     ORDER BY seq LIMIT ?4"
);

pub(super) fn side(row: &Row<'_>) -> Result<SideRow, StoreError> {
    let side = SideRow {
        seq: row.seq(0)?,
        record: row.record(1)?,
        key: key(row)?,
        value: row.get(6)?,
    };
    sum(&side).check(row.get(7)?, "side value")?;
    Ok(side)
}

/// Its key alone, which can be read of most that are damaged.
pub(super) fn key(row: &Row<'_>) -> Result<SideKey, StoreError> {
    Ok(SideKey {
        fact: row.fact_id(2)?,
        name: row.get(4)?,
        ordinal: row.get(5)?,
    })
}

pub(super) fn sum(side: &SideRow) -> Sum {
    Sum::new()
        .int(number(side.key.fact.device))
        .int(int(side.key.fact.n))
        .int(side.key.name.into())
        .int(side.key.ordinal.into())
        .bytes(&side.record.0)
        .int(int(side.seq.0))
        .bytes(&side.value)
}

impl<M> Tx<'_, M> {
    /// The side values that came with a fact and still exist.
    pub(super) fn sides_with(&self, fact: &FactRow) -> Result<Vec<SideRow>, StoreError> {
        let params = params![number(fact.id.device), int(fact.id.n), int(fact.seq.0)];
        self.all(
            select!("WHERE author = ?1 AND n = ?2 AND seq = ?3 ORDER BY name, ordinal"),
            params,
            side,
        )
    }
}

impl<M> ReadSides for Tx<'_, M> {
    fn sides(&self, record: RecordId) -> Result<Vec<SideRow>, StoreError> {
        let mut sides = self.all(select!("WHERE record = ?1"), [record.0], side)?;
        sides.sort_unstable_by_key(|side| side.key);
        Ok(sides)
    }

    fn side_keys(&self, record: RecordId) -> Result<Vec<SideKey>, StoreError> {
        let sql = "SELECT seq, record, author, n, name, ordinal FROM side_value WHERE record = ?1";
        let mut keys = self.all(sql, [record.0], key)?;
        keys.sort_unstable();
        Ok(keys)
    }

    fn sides_named(&self, name: u8, after: (Seq, u8), limit: usize) -> Result<Vec<SideAt>, StoreError> {
        let sql = "SELECT seq, record, author, n, ordinal FROM side_value
            WHERE name = ?1 AND (seq, ordinal) > (?2, ?3) ORDER BY seq, ordinal LIMIT ?4";
        let params = params![name, int(after.0.0), after.1, rows(limit)];
        self.all(sql, params, |row| {
            let key = SideKey {
                fact: row.fact_id(2)?,
                name,
                ordinal: row.get(4)?,
            };
            Ok(SideAt {
                seq: row.seq(0)?,
                record: row.record(1)?,
                key,
            })
        })
    }
}

impl Tx<'_, Moment> {
    pub(super) fn insert_side(
        &self,
        key: SideKey,
        record: RecordId,
        seq: Seq,
        value: &[u8],
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR FAIL INTO side_value (author, n, name, ordinal, record, seq, value, sum)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let row = SideRow {
            seq,
            record,
            key,
            value: value.to_vec(),
        };
        let (author, n) = (number(key.fact.device), int(key.fact.n));
        let sum = sum(&row).take();
        let params = params![author, n, key.name, key.ordinal, record.0, int(seq.0), value, sum];
        self.run(sql, params).map(drop)
    }

    /// What is already there under this key.
    fn known_side(&self, key: SideKey, value: &[u8]) -> Result<Option<SideTaken>, StoreError> {
        let at = params![number(key.fact.device), int(key.fact.n), key.name, key.ordinal];
        let sql = "SELECT 1 FROM side_removed WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4";
        if self.exists(sql, at)? {
            return Ok(Some(SideTaken::Removed));
        }
        let sql = "SELECT value FROM side_value WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4
            UNION ALL SELECT bytes FROM held_side JOIN held ON held.id = held_side.held
            WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4";
        let known: Option<Vec<u8>> = self.one(sql, at, |row| Ok(row.get(0)?))?;
        Ok(known.map(|known| {
            if known == value {
                SideTaken::Known
            } else {
                SideTaken::Differs
            }
        }))
    }

    /// The record, state and reason of a held fact.
    fn hold_side_of(&self, key: SideKey, by: DeviceNumber, value: &[u8]) -> Result<SideTaken, StoreError> {
        let fact = key.fact;
        let sql = "SELECT record, state, reason FROM held_fact JOIN held ON held.id = held_fact.held
            WHERE author = ?1 AND n = ?2";
        let held = self.one(sql, params![number(fact.device), int(fact.n)], |row| {
            Ok((row.record(0)?, super::held::held_fate(row, 1)?))
        })?;
        let Some((record, Fate::Held { state, reason })) = held else {
            return Ok(SideTaken::NoFact);
        };
        self.insert_held_side(
            key,
            &NewHeld {
                record,
                state,
                reason: &reason,
                by,
                bytes: value,
            },
        )?;
        Ok(SideTaken::Held)
    }
}

impl WriteSides for Tx<'_, Moment> {
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
        if let Some(known) = self.known_side(key, &side.value)? {
            return Ok(known);
        }
        let Some(row) = self.fact(fact)? else {
            return self.hold_side_of(key, by, &side.value);
        };
        let seq = self.log_item(row.record, What::Side)?;
        self.insert_side(key, row.record, seq, &side.value)?;
        Ok(SideTaken::Appended(seq))
    }

    fn remove_side(&mut self, key: SideKey) -> Result<Option<Seq>, StoreError> {
        let (author, n) = (number(key.fact.device), int(key.fact.n));
        let sql = "DELETE FROM side_value WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4
            RETURNING record";
        let record = self.one(sql, params![author, n, key.name, key.ordinal], |row| {
            row.record(0)
        })?;
        let Some(record) = record else { return Ok(None) };
        let seq = self.log_item(record, What::SideRemoved)?;
        let sql = "INSERT OR FAIL INTO side_removed (seq, author, n, name, ordinal, record)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(
            sql,
            params![int(seq.0), author, n, key.name, key.ordinal, record.0],
        )?;
        Ok(Some(seq))
    }
}
