use std::collections::BTreeSet;

use rusqlite::{Row, params};
use saddlebag_records::access::Audience;
use saddlebag_records::id::{PersonId, RecordId};

use super::sides::{SELECT_LATER_SIDES, side};
use super::tx::{Columns, Tx, int, rows};
use super::{changes, facts};
use crate::store::{Item, LogRow, Moment, ReadLog, Seq, SideKey, StoreError, What, WriteLog};

impl<M> Tx<'_, M> {
    fn head(&self) -> Result<i64, StoreError> {
        if let Some(head) = self.head.get() {
            return Ok(head);
        }
        let head = self.one("SELECT max(seq) FROM log", [], |row| {
            Ok(row.get::<_, Option<i64>>(0)?)
        })?;
        let head = head.flatten().unwrap_or(0);
        self.head.set(Some(head));
        Ok(head)
    }

    /// Damage is a value here: one bad row must not keep others from being served.
    fn found(&self, seq: Seq, item: Result<Option<Item>, StoreError>) -> Result<Option<Item>, StoreError> {
        match item {
            Err(StoreError::Damaged(_)) => Ok(Some(Item::Damaged(seq))),
            other => other,
        }
    }

    fn fact_item(&self, seq: Seq) -> Result<Option<Item>, StoreError> {
        let sql = facts::select!("WHERE seq = ?1");
        let Some(fact) = self.one(sql, [int(seq.0)], facts::fact)? else {
            return Ok(None);
        };
        let sides = self.sides_with(&fact)?;
        Ok(Some(Item::Fact(fact, sides)))
    }

    fn removed_item(&self, seq: Seq) -> Result<Option<Item>, StoreError> {
        let sql = "SELECT author, n, name, ordinal FROM side_removed WHERE seq = ?1";
        self.one(sql, [int(seq.0)], |row| {
            let key = SideKey {
                fact: row.fact_id(0)?,
                name: row.get(2)?,
                ordinal: row.get(3)?,
            };
            Ok(Item::SideRemoved(key))
        })
    }
}

impl<M> ReadLog for Tx<'_, M> {
    fn log_head(&self) -> Result<Seq, StoreError> {
        u64::try_from(self.head()?)
            .map(Seq)
            .map_err(|_| StoreError::Damaged("log"))
    }

    fn log_nonce(&self, seq: Seq) -> Result<Option<[u8; 8]>, StoreError> {
        self.one("SELECT nonce FROM log WHERE seq = ?1", [int(seq.0)], |row| {
            Ok(row.get(0)?)
        })
    }

    fn log_page(&self, audiences: &[Audience], after: Seq, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        let mut seqs = BTreeSet::new();
        for audience in audiences {
            let sql = "SELECT seq FROM log_reader WHERE audience = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
            let params = params![audience.to_bytes(), int(after.0), rows(limit)];
            seqs.extend(self.all(sql, params, |row| Ok(row.get::<_, i64>(0)?))?);
        }
        let sql = "SELECT seq, nonce, record, what, logged_ms FROM log WHERE seq = ?1";
        let page = seqs
            .into_iter()
            .take(limit)
            .map(|seq| self.one(sql, [seq], log_row));
        page.map(|row| row?.ok_or(StoreError::Damaged("log"))).collect()
    }

    fn log_rows(&self, after: Seq, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        let sql = "SELECT seq, nonce, record, what, logged_ms FROM log WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        self.all(sql, params![int(after.0), rows(limit)], log_row)
    }

    fn item(&self, row: &LogRow) -> Result<Option<Item>, StoreError> {
        let seq = int(row.seq.0);
        let item = match row.what {
            What::Fact => self.fact_item(row.seq),
            What::Change => {
                let change = self.one(changes::select!("WHERE seq = ?1"), [seq], changes::change);
                change.map(|change| change.map(Item::Change))
            }
            What::Side => {
                let side = self.one(
                    SELECT_LATER_SIDES,
                    params![row.record.0, seq - 1, seq + 1, 1],
                    side,
                );
                side.map(|side| side.map(Item::Side))
            }
            What::SideRemoved => self.removed_item(row.seq),
            What::Joined | What::Left => {
                let sql = "SELECT audience FROM log_membership WHERE seq = ?1";
                self.one(sql, [seq], |row| row.audience(0).map(Item::Audience))
            }
            What::Grant | What::Removal | What::Forget | What::Sides => Ok(None),
        };
        self.found(row.seq, item)
    }

    fn items(
        &self,
        record: RecordId,
        after: Seq,
        below: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Item)>, StoreError> {
        let range = params![record.0, int(after.0), int(below.0), rows(limit)];
        let key = |row: &Row<'_>| row.seq(0);
        let sql = "SELECT seq FROM fact WHERE record = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4";
        let facts = self.all(sql, range, key)?;
        let sql =
            "SELECT seq FROM plan_change WHERE record = ?1 AND seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4";
        let changes = self.all(sql, range, key)?;
        let sides = self.all(SELECT_LATER_SIDES, range, key)?;
        let mut rows: Vec<_> = facts.into_iter().map(|seq| (seq, What::Fact)).collect();
        rows.extend(changes.into_iter().map(|seq| (seq, What::Change)));
        rows.extend(sides.into_iter().map(|seq| (seq, What::Side)));
        rows.sort_unstable_by_key(|(seq, _)| *seq);
        let mut items = Vec::new();
        for (seq, what) in rows.into_iter().take(limit) {
            let item = self.item(&LogRow {
                seq,
                nonce: [0; 8],
                record,
                what,
                ms: 0,
            })?;
            items.extend(item.map(|item| (seq, item)));
        }
        Ok(items)
    }

    fn log_before(&self, ms: i64) -> Result<Seq, StoreError> {
        let newest = self.one("SELECT max(seq) FROM log WHERE logged_ms < ?1", [ms], |row| {
            row.get::<_, Option<i64>>(0)?.map(|_| row.seq(0)).transpose()
        })?;
        Ok(newest.flatten().unwrap_or(Seq::START))
    }
}

fn log_row(row: &Row<'_>) -> Result<LogRow, StoreError> {
    Ok(LogRow {
        seq: row.seq(0)?,
        nonce: row.get(1)?,
        record: row.record(2)?,
        what: What::from_number(row.get(3)?).ok_or(StoreError::Damaged("log"))?,
        ms: row.get(4)?,
    })
}

impl Tx<'_, Moment> {
    /// The next row of the log, for these readers.
    pub(super) fn log<'a>(
        &self,
        record: RecordId,
        what: What,
        readers: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Seq, StoreError> {
        let seq = self.head()? + 1;
        let sql = "INSERT INTO log (seq, nonce, record, what, logged_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(
            sql,
            params![seq, self.moment.nonce, record.0, what as u8, self.moment.ms],
        )?;
        self.count(
            "log",
            params![
                None::<i64>,
                seq,
                self.moment.nonce,
                record.0,
                what as u8,
                self.moment.ms
            ],
        )?;
        self.head.set(Some(seq));
        for reader in readers {
            self.run(
                "INSERT OR FAIL INTO log_reader (audience, seq) VALUES (?1, ?2)",
                params![reader, seq],
            )?;
        }
        self.log_head()
    }

    pub(super) fn log_for(
        &self,
        record: RecordId,
        what: What,
        readers: &[Audience],
    ) -> Result<Seq, StoreError> {
        let readers: Vec<_> = readers.iter().map(|audience| audience.to_bytes()).collect();
        self.log(record, what, readers.iter().map(Vec::as_slice))
    }

    pub(super) fn log_membership(
        &self,
        person: PersonId,
        what: What,
        audience: Audience,
    ) -> Result<Seq, StoreError> {
        let seq = self.log_for(person.into(), what, &[Audience::Person(person)])?;
        let sql = "INSERT OR FAIL INTO log_membership (seq, audience) VALUES (?1, ?2)";
        self.run(sql, params![int(seq.0), audience.to_bytes()])?;
        Ok(seq)
    }
}

impl WriteLog for Tx<'_, Moment> {
    fn prune_log(&mut self, up_to: Seq) -> Result<u64, StoreError> {
        // The newest row tells where the next one goes.
        let floor = int(up_to.0).min(self.head()? - 1);
        let sql = "UPDATE county SET log_floor = max(log_floor, ?1)";
        self.run_one(sql, [floor.max(0)], "county")?;
        let mut audience = Vec::new();
        let next = "SELECT min(audience) FROM log_reader WHERE audience > ?1";
        while let Some(Some(found)) =
            self.one(next, [&audience], |row| Ok(row.get::<_, Option<Vec<u8>>>(0)?))?
        {
            self.run(
                "DELETE FROM log_reader WHERE audience = ?1 AND seq <= ?2",
                params![found, floor],
            )?;
            audience = found;
        }
        self.run("DELETE FROM log_membership WHERE seq <= ?1", [floor])?;
        self.run("DELETE FROM log WHERE seq <= ?1", [floor])
    }
}
