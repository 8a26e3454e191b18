use rusqlite::{Params, Row, params};
use saddlebag_records::fact::{Fact, FactHash, SideValue};
use saddlebag_records::id::{FactId, RecordId};

use super::tx::{Columns, Tx, int, number};
use super::{changes, check, facts, sides};
use crate::store::{
    ChangeHead, ChangeRow, DamagedRow, FactRow, LostName, Moment, PlanRow, ReadSetAside, SetAside, SideKey,
    SideRow, StoreError, WriteSetAside,
};

impl<M> ReadSetAside for Tx<'_, M> {
    fn set_aside(&self) -> Result<Vec<SetAside>, StoreError> {
        // Asked at every sync: from what is set aside, which is nothing, to its row.
        let sql = "SELECT record, author, author, n FROM set_aside_fact CROSS JOIN fact USING (seq)
            UNION SELECT record, side_value.author, side_value.author, side_value.n
            FROM set_aside_side CROSS JOIN side_value USING (author, n, name, ordinal)";
        let mut found = self.all(sql, [], |row| named(row, || Ok(LostName::Fact(row.fact_id(2)?))))?;
        let sql = "SELECT record, by_device, actor, actor_seq
            FROM set_aside_change CROSS JOIN plan_change USING (seq) ORDER BY seq";
        found.extend(self.all(sql, [], |row| {
            named(row, || Ok(LostName::Change(row.actor(2)?, row.uint(3)?)))
        })?);
        Ok(found.into_iter().flatten().collect())
    }

    fn set_aside_count(&self) -> Result<u64, StoreError> {
        let sql = "SELECT (SELECT count(*) FROM set_aside_fact) + (SELECT count(*) FROM set_aside_change)
            + (SELECT count(*) FROM set_aside_side)";
        Ok(self.one(sql, [], |row| row.uint(0))?.unwrap_or(0))
    }
}

/// None where the bit that flipped stands in the name itself: nobody can be asked for that.
fn named(
    row: &Row<'_>,
    name: impl FnOnce() -> Result<LostName, StoreError>,
) -> Result<Option<SetAside>, StoreError> {
    let read = || {
        let (record, by) = (row.record(0)?, row.number(1)?);
        let name = name()?;
        Ok(Some(SetAside { record, by, name }))
    };
    readable(read())
}

/// Of a row that is damaged, what nobody can give again; none where that cannot be read either.
fn readable<T>(read: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(StoreError::Damaged(_)) => Ok(None),
        read => read,
    }
}

impl Tx<'_, Moment> {
    fn put_aside(&self, row: &DamagedRow) -> Result<(), StoreError> {
        let now_ms = self.moment.ms;
        match row {
            DamagedRow::Fact(seq) => self.run(
                "INSERT OR IGNORE INTO set_aside_fact (seq, found_ms, bytes)
                 SELECT seq, ?2, coalesce(CAST(bytes AS BLOB), x'') FROM fact WHERE seq = ?1",
                params![int(seq.0), now_ms],
            ),
            DamagedRow::Change(seq) => self.run(
                "INSERT OR IGNORE INTO set_aside_change (seq, found_ms, bytes)
                 SELECT seq, ?2, coalesce(CAST(bytes AS BLOB), x'') FROM plan_change WHERE seq = ?1",
                params![int(seq.0), now_ms],
            ),
            DamagedRow::Side(key) => self.run(
                "INSERT OR IGNORE INTO set_aside_side (author, n, name, ordinal, found_ms, bytes)
                 SELECT author, n, name, ordinal, ?5, coalesce(CAST(value AS BLOB), x'') FROM side_value
                 WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4",
                params![
                    number(key.fact.device),
                    int(key.fact.n),
                    key.name,
                    key.ordinal,
                    now_ms
                ],
            ),
            DamagedRow::Plan(_) => Ok(0),
        }
        .map(drop)
    }

    /// Takes back what is sound by now, such as in a file that was brought back, and what is gone. Each is looked at
    /// here: that it is not named is no sign, for not all that is damaged is.
    fn keep_aside(&self, rows: &[DamagedRow]) -> Result<(), StoreError> {
        let all = self.all("SELECT seq FROM set_aside_fact", [], |row| row.seq(0))?;
        for seq in all {
            let sql = facts::select!("WHERE seq = ?1");
            let is_sound = || self.is_sound(sql, [int(seq.0)], |row| check::fact(row).map(drop));
            if !rows.contains(&DamagedRow::Fact(seq)) && is_sound()? {
                self.run("DELETE FROM set_aside_fact WHERE seq = ?1", [int(seq.0)])?;
            }
        }
        let all = self.all("SELECT seq FROM set_aside_change", [], |row| row.seq(0))?;
        for seq in all {
            let sql = changes::select!("WHERE seq = ?1");
            let is_sound = || self.is_sound(sql, [int(seq.0)], |row| changes::change(row).map(drop));
            if !rows.contains(&DamagedRow::Change(seq)) && is_sound()? {
                self.run("DELETE FROM set_aside_change WHERE seq = ?1", [int(seq.0)])?;
            }
        }
        let sql = "SELECT author, n, name, ordinal FROM set_aside_side";
        let all = self.all(sql, [], |row| {
            let read = || {
                Ok(Some(SideKey {
                    fact: row.fact_id(0)?,
                    name: row.get(2)?,
                    ordinal: row.get(3)?,
                }))
            };
            readable(read())
        })?;
        for key in all.into_iter().flatten() {
            let sql = sides::select!("WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4");
            let params = params![number(key.fact.device), int(key.fact.n), key.name, key.ordinal];
            let is_sound = || self.is_sound(sql, params, |row| sides::side(row).map(drop));
            if !rows.contains(&DamagedRow::Side(key)) && is_sound()? {
                self.mended_side(key)?;
            }
        }
        Ok(())
    }

    /// Whether this row is as it was written, or gone.
    fn is_sound(
        &self,
        sql: &'static str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<bool, StoreError> {
        let found = self.one(sql, params, |row| readable(read(row).map(Some)))?;
        Ok(found.is_none_or(|read| read.is_some()))
    }

    fn mended_side(&self, key: SideKey) -> Result<(), StoreError> {
        let sql = "DELETE FROM set_aside_side WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4";
        let params = params![number(key.fact.device), int(key.fact.n), key.name, key.ordinal];
        self.run(sql, params).map(drop)
    }

    fn sides_aside(&self, fact: FactId, name: u8) -> Result<Vec<SideKey>, StoreError> {
        let sql = "SELECT ordinal FROM set_aside_side WHERE author = ?1 AND n = ?2 AND name = ?3";
        self.all(sql, params![number(fact.device), int(fact.n), name], |row| {
            Ok(SideKey {
                fact,
                name,
                ordinal: row.get(0)?,
            })
        })
    }
}

impl WriteSetAside for Tx<'_, Moment> {
    fn put_set_aside(&mut self, rows: &[DamagedRow]) -> Result<u64, StoreError> {
        self.keep_aside(rows)?;
        for row in rows {
            self.put_aside(row)?;
        }
        self.set_aside_count()
    }

    fn mend_fact(&mut self, fact: &Fact) -> Result<bool, StoreError> {
        let sql = "SELECT seq, record, running, received_ms, sum FROM fact
            WHERE author = ?1 AND n = ?2 AND seq IN (SELECT seq FROM set_aside_fact)";
        let name = params![number(fact.id.device), int(fact.id.n)];
        let bytes = fact.encode();
        let kept = readable(self.one(sql, name, |row| {
            let whole = FactRow {
                seq: row.seq(0)?,
                id: fact.id,
                record: row.record(1)?,
                kind: fact.kind,
                hash: FactHash::of(&bytes),
                running: row.get(2)?,
                received_ms: row.get(3)?,
                bytes: bytes.clone(),
            };
            Ok((whole, row.get::<_, [u8; 8]>(4)?))
        }))?;
        let Some((whole, sum)) = kept else {
            return Ok(false);
        };
        if whole.record != fact.record || facts::sum(&whole).take() != sum {
            return Ok(false);
        }
        let seq = int(whole.seq.0);
        self.run(
            "UPDATE fact SET kind = ?2, hash = ?3, bytes = ?4 WHERE seq = ?1",
            params![seq, whole.kind.0, whole.hash.0, whole.bytes],
        )?;
        self.run("DELETE FROM set_aside_fact WHERE seq = ?1", [seq])?;
        Ok(true)
    }

    fn mend_side(&mut self, side: &SideValue) -> Result<bool, StoreError> {
        for key in self.sides_aside(side.fact, side.name as u8)? {
            let sql = "SELECT seq, record, sum FROM side_value
                WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4";
            let (author, n) = (number(key.fact.device), int(key.fact.n));
            let kept = readable(self.one(sql, params![author, n, key.name, key.ordinal], |row| {
                let whole = SideRow {
                    seq: row.seq(0)?,
                    record: row.record(1)?,
                    key,
                    value: side.value.clone(),
                };
                Ok((whole, row.get::<_, [u8; 8]>(2)?))
            }))?;
            let Some((whole, sum)) = kept else { continue };
            if whole.record != side.record || sides::sum(&whole).take() != sum {
                continue;
            }
            let sql = "UPDATE side_value SET value = ?5
                WHERE author = ?1 AND n = ?2 AND name = ?3 AND ordinal = ?4";
            self.run(sql, params![author, n, key.name, key.ordinal, whole.value])?;
            self.mended_side(key)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn mend_change(&mut self, record: RecordId, head: &ChangeHead, bytes: &[u8]) -> Result<bool, StoreError> {
        let sql = "SELECT seq, by_device, received_ms, sum FROM plan_change
            WHERE record = ?1 AND actor = ?2 AND actor_seq = ?3
            AND seq IN (SELECT seq FROM set_aside_change)";
        let name = params![record.0, head.actor.0, int(head.actor_seq)];
        let kept = readable(self.one(sql, name, |row| {
            let whole = ChangeRow {
                seq: row.seq(0)?,
                record,
                head: *head,
                by: row.number(1)?,
                received_ms: row.get(2)?,
                bytes: bytes.to_vec(),
            };
            Ok((whole, row.get::<_, [u8; 8]>(3)?))
        }))?;
        let Some((whole, sum)) = kept else {
            return Ok(false);
        };
        if changes::sum(&whole).take() != sum {
            return Ok(false);
        }
        let seq = int(whole.seq.0);
        self.run(
            "UPDATE plan_change SET hash = ?2, start_op = ?3, max_op = ?4, bytes = ?5 WHERE seq = ?1",
            params![seq, head.hash, int(head.start_op), int(head.max_op), whole.bytes],
        )?;
        self.run("DELETE FROM set_aside_change WHERE seq = ?1", [seq])?;
        Ok(true)
    }

    fn mend_plan(&mut self, record: RecordId, plan: &PlanRow) -> Result<bool, StoreError> {
        let sql = "SELECT count(*) FROM plan_change WHERE record = ?1";
        let count = self.one(sql, [record.0], |row| row.uint(0))?;
        if count != Some(plan.change_count) {
            return Ok(false);
        }
        self.put_plan(record, plan)?;
        Ok(true)
    }
}
