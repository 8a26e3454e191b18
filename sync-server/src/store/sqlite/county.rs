use rusqlite::{Row, params};
use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId, RecordId};

use super::tx::{Columns, Tx, int, number, rows};
use crate::store::{
    Audit, Backup, Counts, County, Epoch, HeldState, Moment, ReadCounty, ReadLog, Seq, StoreError,
    WriteCounty,
};

impl<M> ReadCounty for Tx<'_, M> {
    fn county(&self) -> Result<Option<County>, StoreError> {
        self.one("SELECT id, founded_ms, log_floor FROM county", [], |row| {
            Ok(County {
                id: CountyId(row.get(0)?),
                founded_ms: row.get(1)?,
                log_floor: row.seq(2)?,
            })
        })
    }

    fn epochs(&self) -> Result<Vec<Epoch>, StoreError> {
        let sql = "SELECT name, own_device, own_actor, after_seq, started_ms FROM epoch ORDER BY id";
        self.all(sql, [], |row| {
            Ok(Epoch {
                name: row.get(0)?,
                own_device: row.number(1)?,
                own_actor: row.actor(2)?,
                after: row.seq(3)?,
                started_ms: row.get(4)?,
            })
        })
    }

    fn last_device(&self) -> Result<DeviceNumber, StoreError> {
        let last = self.one("SELECT last_device FROM county", [], |row| row.number(0))?;
        Ok(last.unwrap_or(DeviceNumber(0)))
    }

    fn audit_head(&self) -> Result<u64, StoreError> {
        let head = self.one("SELECT coalesce(max(id), 0) FROM audit", [], |row| row.uint(0))?;
        Ok(head.unwrap_or(0))
    }

    fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        self.all("SELECT covers_seq, taken_ms FROM backup ORDER BY id", [], |row| {
            Ok(Backup {
                covers: row.seq(0)?,
                taken_ms: row.get(1)?,
            })
        })
    }

    fn audit(&self, after: u64, limit: usize) -> Result<Vec<(u64, Audit)>, StoreError> {
        let sql =
            "SELECT id, done_ms, person, action, record, why FROM audit WHERE id > ?1 ORDER BY id LIMIT ?2";
        self.all(sql, params![int(after), rows(limit)], |row| {
            Ok((row.uint(0)?, audit(row)?))
        })
    }

    fn tallies(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.all("SELECT name, count FROM tally ORDER BY name", [], |row| {
            Ok((row.get(0)?, row.uint(1)?))
        })
    }

    fn cash_carried(&self, person: PersonId) -> Result<i64, StoreError> {
        let sql = "SELECT fen FROM cash_carried WHERE person = ?1";
        Ok(self.one(sql, [person.0], |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        let count = |sql| Ok::<_, StoreError>(self.one(sql, [], |row| row.uint(0))?.unwrap_or(0));
        let held = |state: HeldState| {
            let sql = "SELECT count(*) FROM held WHERE state = ?1";
            Ok::<_, StoreError>(self.one(sql, [state as u8], |row| row.uint(0))?.unwrap_or(0))
        };
        Ok(Counts {
            records: count("SELECT count(*) FROM record")?,
            facts: count("SELECT count(*) FROM fact")?,
            plan_changes: count("SELECT count(*) FROM plan_change")?,
            waiting: held(HeldState::Waiting)?,
            quarantined: held(HeldState::Quarantined)?,
            late: held(HeldState::Late)?,
            devices: count("SELECT count(*) FROM device")?,
            tombstones: count("SELECT count(*) FROM tombstone")?,
        })
    }
}

fn audit(row: &Row<'_>) -> Result<Audit, StoreError> {
    let record: Option<[u8; 16]> = row.get(4)?;
    let person: Option<[u8; 16]> = row.get(2)?;
    Ok(Audit {
        ms: row.get(1)?,
        who: person.map(PersonId),
        what: row.get(3)?,
        record: record.map(RecordId),
        why: row.get(5)?,
    })
}

impl WriteCounty for Tx<'_, Moment> {
    fn found_county(&mut self, id: CountyId) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO county (only_row, id, founded_ms, last_device, log_floor) VALUES (1, ?1, ?2, 0, 0)";
        self.run(sql, params![id.0, self.moment.ms]).map(drop)
    }

    fn start_epoch(
        &mut self,
        name: [u8; 8],
        own_device: DeviceNumber,
        own_actor: ActorId,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO epoch (name, own_device, own_actor, after_seq, started_ms)
            VALUES (?1, ?2, ?3, ?4, ?5)";
        let after = int(self.log_head()?.0);
        self.run(
            sql,
            params![name, number(own_device), own_actor.0, after, self.moment.ms],
        )
        .map(drop)
    }

    fn take_device_number(&mut self) -> Result<DeviceNumber, StoreError> {
        let sql = "UPDATE county SET last_device = last_device + 1 RETURNING last_device";
        self.one(sql, [], |row| row.number(0))?
            .ok_or(StoreError::Conflict("county"))
    }

    fn skip_device_numbers(&mut self, last: DeviceNumber) -> Result<(), StoreError> {
        if last.is_one_time() {
            return Err(StoreError::Conflict("one-time number"));
        }
        let sql = "UPDATE county SET last_device = max(last_device, ?1)";
        self.run_one(sql, [number(last)], "county")
    }

    fn note_backup(&mut self, covers: Seq) -> Result<(), StoreError> {
        let sql = "INSERT INTO backup (covers_seq, taken_ms) VALUES (?1, ?2)";
        self.run(sql, params![int(covers.0), self.moment.ms]).map(drop)
    }

    fn append_audit(
        &mut self,
        who: Option<PersonId>,
        what: &str,
        record: Option<RecordId>,
        why: &str,
    ) -> Result<(), StoreError> {
        let sql =
            "INSERT OR FAIL INTO audit (done_ms, person, action, record, why) VALUES (?1, ?2, ?3, ?4, ?5)";
        let (person, record) = (who.map(|who| who.0), record.map(|record| record.0));
        self.run(sql, params![self.moment.ms, person, what, record, why])
            .map(drop)
    }

    fn drop_audit(&mut self, before_ms: i64) -> Result<u64, StoreError> {
        self.run("DELETE FROM audit WHERE done_ms < ?1", [before_ms])
    }

    fn tally(&mut self, name: &str, more: u64) -> Result<(), StoreError> {
        let sql = "INSERT INTO tally (name, count) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET count = count + excluded.count";
        self.run(sql, params![name, int(more)]).map(drop)
    }

    fn carry_cash(&mut self, person: PersonId, fen: i64) -> Result<(), StoreError> {
        let sum = self.cash_carried(person)?.checked_add(fen);
        let sum = sum.ok_or(StoreError::Conflict("sums of money"))?;
        let sql = "INSERT OR REPLACE INTO cash_carried (person, fen) VALUES (?1, ?2)";
        self.run(sql, params![person.0, sum]).map(drop)
    }
}
