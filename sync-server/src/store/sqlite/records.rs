use rusqlite::{Row, params};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::waybill::Waybill;

use super::sum::Sum;
use super::tx::{Columns, Tx, int, number, rows};
use crate::store::{
    ForgetReason, HeldId, Moment, NewRecord, PlanRow, ReadRecords, Recall, RecordRow, Seq, StoreError,
    Tombstone, What, WriteRecords,
};

macro_rules! select_record {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, creator, creator_person, created_ms, version, ended_ms FROM record ",
            $rest
        )
    };
}

impl<M> ReadRecords for Tx<'_, M> {
    fn record(&self, id: RecordId) -> Result<Option<RecordRow>, StoreError> {
        self.one(select_record!("WHERE id = ?1"), [id.0], record)
    }

    fn records(
        &self,
        kind: RecordKind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let after = after.map_or_else(Vec::new, |after| after.0.to_vec());
        let params = params![kind as u8, after, rows(limit)];
        self.all(
            select_record!("WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3"),
            params,
            record,
        )
    }

    fn records_by_waybill(&self, waybill: &Waybill) -> Result<Vec<(u32, RecordId)>, StoreError> {
        let sql = "SELECT generation, record FROM waybill WHERE number = ?1 ORDER BY generation, record";
        self.all(sql, [waybill.as_str()], |row| Ok((row.get(0)?, row.record(1)?)))
    }

    fn records_ended(&self, before_ms: i64, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        let params = params![before_ms, rows(limit)];
        self.all(
            select_record!("WHERE ended_ms < ?1 ORDER BY ended_ms, id LIMIT ?2"),
            params,
            record,
        )
    }

    fn plan(&self, record: RecordId) -> Result<Option<PlanRow>, StoreError> {
        let sql = "SELECT change_count, change_bytes, snapshot, view, sum FROM record_plan WHERE record = ?1";
        self.one(sql, [record.0], |row| plan(record, row))
    }

    fn references_from(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let sql = "SELECT to_record FROM reference WHERE from_record = ?1 ORDER BY to_record";
        self.all(sql, [record.0], |row| row.record(0))
    }

    fn references_to(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let sql = "SELECT from_record FROM reference WHERE to_record = ?1 ORDER BY from_record";
        self.all(sql, [record.0], |row| row.record(0))
    }

    fn tombstone(&self, record: RecordId) -> Result<Option<Tombstone>, StoreError> {
        let sql = "SELECT reason, forgotten_ms FROM tombstone WHERE record = ?1";
        self.one(sql, [record.0], tombstone)
    }

    fn tombstones(&self) -> Result<Vec<(RecordId, Tombstone)>, StoreError> {
        let sql = "SELECT reason, forgotten_ms, record FROM tombstone ORDER BY record";
        self.all(sql, [], |row| Ok((row.record(2)?, tombstone(row)?)))
    }
}

fn tombstone(row: &Row<'_>) -> Result<Tombstone, StoreError> {
    Ok(Tombstone {
        reason: ForgetReason::from_number(row.get(0)?).ok_or(StoreError::Damaged("tombstone"))?,
        ms: row.get(1)?,
    })
}

/// Every plan, with its record last.
pub(super) const SELECT_PLANS: &str =
    "SELECT change_count, change_bytes, snapshot, view, sum, record FROM record_plan";

pub(super) fn plan(record: RecordId, row: &Row<'_>) -> Result<PlanRow, StoreError> {
    let plan = PlanRow {
        change_count: row.uint(0)?,
        change_bytes: row.uint(1)?,
        snapshot: row.get(2)?,
        view: row.get(3)?,
    };
    plan_sum(record, &plan).check(row.get(4)?, "plan")?;
    Ok(plan)
}

fn record(row: &Row<'_>) -> Result<RecordRow, StoreError> {
    let person: Option<[u8; 16]> = row.get(3)?;
    Ok(RecordRow {
        id: row.record(0)?,
        kind: RecordKind::from_number(row.get(1)?).ok_or(StoreError::Damaged("record"))?,
        creator: row.number(2)?,
        creator_person: person.map(PersonId),
        created_ms: row.get(4)?,
        version: row.seq(5)?,
        ended_ms: row.get(6)?,
    })
}

fn plan_sum(record: RecordId, plan: &PlanRow) -> Sum {
    Sum::new()
        .bytes(&record.0)
        .int(int(plan.change_count))
        .int(int(plan.change_bytes))
        .bytes(&plan.snapshot)
        .bytes(&plan.view)
}

impl Tx<'_, Moment> {
    /// How many changes the plan has, and their bytes. Both 0 for a plan that nobody has touched.
    pub(super) fn plan_size(&self, record: RecordId) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT change_count, change_bytes FROM record_plan WHERE record = ?1";
        Ok(self
            .one(sql, [record.0], |row| Ok((row.uint(0)?, row.uint(1)?)))?
            .unwrap_or_default())
    }

    pub(super) fn put_plan(&self, record: RecordId, plan: &PlanRow) -> Result<(), StoreError> {
        let (count, bytes) = (int(plan.change_count), int(plan.change_bytes));
        let sum = plan_sum(record, plan).take();
        self.update_or_insert(
            "UPDATE OR FAIL record_plan SET change_count = ?2, change_bytes = ?3, snapshot = ?4, view = ?5, sum = ?6
            WHERE record = ?1",
            "INSERT OR FAIL INTO record_plan (record, change_count, change_bytes, snapshot, view, sum)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![record.0, count, bytes, plan.snapshot, plan.view, sum],
        )
    }

    /// Deletes everything of a record but its rows of the log, and leaves the numbers of its facts.
    fn empty_record(&self, record: RecordId) -> Result<(), StoreError> {
        let id = [record.0];
        self.run(
            "INSERT INTO fact_number (author, n, hash_start, running, code)
             SELECT author, n, substr(hash, 1, 8), running, 'forgotten' FROM fact WHERE record = ?1
             UNION ALL SELECT author, n, substr(hash, 1, 8), running, 'forgotten' FROM held_fact
             JOIN held ON held.id = held_fact.held WHERE record = ?1",
            id,
        )?;
        for held in self.all("SELECT id FROM held WHERE record = ?1", id, |row| {
            row.uint(0).map(HeldId)
        })? {
            self.delete_held(held)?;
        }
        for sql in [
            "DELETE FROM fact_was WHERE fact_seq IN (SELECT seq FROM fact WHERE record = ?1)",
            "DELETE FROM fact WHERE record = ?1",
            "DELETE FROM plan_change WHERE record = ?1",
            "DELETE FROM record_plan WHERE record = ?1",
            "DELETE FROM side_value WHERE record = ?1",
            "DELETE FROM side_removed WHERE record = ?1",
            "DELETE FROM waybill WHERE record = ?1",
            "DELETE FROM reference WHERE from_record = ?1 OR to_record = ?1",
            "DELETE FROM one_time_number WHERE record = ?1",
            "DELETE FROM granted WHERE record = ?1",
            "DELETE FROM ever_granted WHERE record = ?1",
            "DELETE FROM record WHERE id = ?1",
        ] {
            self.run(sql, id)?;
        }
        Ok(())
    }
}

impl WriteRecords for Tx<'_, Moment> {
    fn add_record(&mut self, new: &NewRecord) -> Result<bool, StoreError> {
        if self.exists("SELECT 1 FROM tombstone WHERE record = ?1", [new.id.0])? {
            return Err(StoreError::Conflict("forgotten"));
        }
        let sql =
            "INSERT OR IGNORE INTO record (id, kind, creator, creator_person, created_ms, version, ended_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, 0, NULL)";
        let person = new.creator_person.map(|person| person.0);
        let params = params![
            new.id.0,
            new.kind as u8,
            number(new.creator),
            person,
            self.moment.ms
        ];
        Ok(self.run(sql, params)? == 1)
    }

    fn set_ended(&mut self, record: RecordId, ended_ms: Option<i64>) -> Result<(), StoreError> {
        let sql = "UPDATE OR FAIL record SET ended_ms = ?2 WHERE id = ?1";
        self.run_one(sql, params![record.0, ended_ms], "record")
    }

    fn put_waybill(
        &mut self,
        waybill: &Waybill,
        generation: u32,
        record: RecordId,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO waybill (number, generation, record) VALUES (?1, ?2, ?3)";
        self.run(sql, params![waybill.as_str(), generation, record.0])
            .map(drop)
    }

    fn put_plan_view(&mut self, record: RecordId, view: &[u8]) -> Result<(), StoreError> {
        let plan = self.plan(record)?.ok_or(StoreError::Conflict("plan"))?;
        self.put_plan(
            record,
            &PlanRow {
                view: view.to_vec(),
                ..plan
            },
        )
    }

    fn put_references(&mut self, record: RecordId, names: &[RecordId]) -> Result<(), StoreError> {
        let known = self.references_from(record)?;
        for gone in known.iter().filter(|known| !names.contains(known)) {
            let sql = "DELETE FROM reference WHERE from_record = ?1 AND to_record = ?2";
            self.run(sql, params![record.0, gone.0])?;
        }
        for new in names.iter().filter(|name| !known.contains(name)) {
            let sql = "INSERT OR IGNORE INTO reference (from_record, to_record) VALUES (?1, ?2)";
            self.run(sql, params![record.0, new.0])?;
        }
        Ok(())
    }

    fn forget_record(&mut self, record: RecordId, reason: ForgetReason) -> Result<Option<Seq>, StoreError> {
        let readers: Vec<Vec<u8>> = self.all(
            "SELECT audience FROM ever_granted WHERE record = ?1",
            [record.0],
            |row| Ok(row.get(0)?),
        )?;
        let known = self.exists("SELECT 1 FROM record WHERE id = ?1", [record.0])?;
        drop(self.recall());
        self.empty_record(record)?;
        // Who asked to be forgotten stays so, whatever retention says later.
        let sql = "INSERT INTO tombstone (record, reason, forgotten_ms) VALUES (?1, ?2, ?3)
            ON CONFLICT (record) DO UPDATE SET reason = max(reason, excluded.reason)";
        self.run(sql, params![record.0, reason as u8, self.moment.ms])?;
        if !known {
            return Ok(None);
        }
        self.log(record, What::Forget, readers.iter().map(Vec::as_slice))
            .map(Some)
    }
}
