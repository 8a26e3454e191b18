use rusqlite::{Row, params};
use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::changes::head;
use super::sum::Sum;
use super::tx::{Columns, Tx, int, number};
use crate::store::{
    ChangeHead, FactRow, Fate, Held, HeldId, HeldItem, HeldState, Moment, NewHeldChange, ReadHeld, Seq,
    SideKey, StoreError, What, WriteHeld,
};

/// What every held item has.
pub(super) struct NewHeld<'a> {
    pub(super) record: RecordId,
    pub(super) state: HeldState,
    pub(super) reason: &'a str,
    pub(super) by: DeviceNumber,
    pub(super) bytes: &'a [u8],
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT held.id, held.record, state, reason, by_device, received_ms, looked_at_ms, bytes, sum,
                held_fact.author, held_fact.n, held_fact.hash, held_fact.running,
                held_change.actor, held_change.actor_seq, held_change.hash, held_change.start_op, held_change.max_op,
                held_side.author, held_side.n, held_side.name, held_side.ordinal
            FROM held
            LEFT JOIN held_fact ON held_fact.held = held.id
            LEFT JOIN held_change ON held_change.held = held.id
            LEFT JOIN held_side ON held_side.held = held.id ",
            $rest
        )
    };
}

pub(super) use select;

pub(super) fn held(row: &Row<'_>) -> Result<Held, StoreError> {
    let held = Held {
        id: HeldId(row.uint(0)?),
        record: row.record(1)?,
        state: state(row, 2)?,
        reason: row.get(3)?,
        by: row.number(4)?,
        received_ms: row.get(5)?,
        looked_at_ms: row.get(6)?,
        bytes: row.get(7)?,
        item: item(row)?,
    };
    sum(held.record, held.by, held.received_ms, &held.bytes).check(row.get(8)?, "held")?;
    Ok(held)
}

fn item(row: &Row<'_>) -> Result<HeldItem, StoreError> {
    let is = |at: usize| Ok::<_, StoreError>(row.get::<_, Option<i64>>(at)?.is_some());
    if is(9)? {
        let (id, hash, running) = (row.fact_id(9)?, FactHash(row.get(11)?), row.get(12)?);
        return Ok(HeldItem::Fact { id, hash, running });
    }
    if is(14)? {
        return head(row, 13).map(HeldItem::Change);
    }
    if is(18)? {
        let key = SideKey {
            fact: row.fact_id(18)?,
            name: row.get(20)?,
            ordinal: row.get(21)?,
        };
        return Ok(HeldItem::Side(key));
    }
    Err(StoreError::Damaged("held"))
}

fn state(row: &Row<'_>, at: usize) -> Result<HeldState, StoreError> {
    HeldState::from_number(row.get(at)?).ok_or(StoreError::Damaged("held"))
}

/// State and reason in two columns.
pub(super) fn held_fate(row: &Row<'_>, at: usize) -> Result<Fate, StoreError> {
    Ok(Fate::Held {
        state: state(row, at)?,
        reason: row.get(at + 1)?,
    })
}

fn sum(record: RecordId, by: DeviceNumber, received_ms: i64, bytes: &[u8]) -> Sum {
    Sum::new()
        .bytes(&record.0)
        .int(number(by))
        .int(received_ms)
        .bytes(bytes)
}

impl<M> ReadHeld for Tx<'_, M> {
    fn held(&self, id: HeldId) -> Result<Option<Held>, StoreError> {
        self.one(select!("WHERE held.id = ?1"), [int(id.0)], held)
    }

    fn held_list(&self, state: HeldState, after: HeldId, limit: usize) -> Result<Vec<Held>, StoreError> {
        self.sound(
            select!("WHERE state = ?1 AND held.id > ?2 ORDER BY held.id"),
            params![state as u8, int(after.0)],
            limit,
            held,
        )
    }

    fn held_of(&self, record: RecordId) -> Result<Vec<Held>, StoreError> {
        self.all(
            select!("WHERE held.record = ?1 ORDER BY held.id"),
            [record.0],
            held,
        )
    }

    fn unseen_since(&self, state: HeldState) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT min(received_ms) FROM held WHERE state = ?1 AND looked_at_ms IS NULL
            AND NOT EXISTS (SELECT 1 FROM held_side WHERE held_side.held = held.id)";
        Ok(self.one(sql, [state as u8], |row| Ok(row.get(0)?))?.flatten())
    }

    fn held_bytes(&self, by: DeviceNumber) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(length(bytes)), 0) FROM held WHERE by_device = ?1";
        Ok(self.one(sql, [number(by)], |row| row.uint(0))?.unwrap_or(0))
    }
}

impl Tx<'_, Moment> {
    pub(super) fn insert_held(&self, new: &NewHeld<'_>) -> Result<i64, StoreError> {
        let sql = "INSERT OR FAIL INTO held (record, state, reason, by_device, received_ms, bytes, sum)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (by, ms) = (number(new.by), self.moment.ms);
        let sum = sum(new.record, new.by, ms, new.bytes).take();
        self.run(
            sql,
            params![new.record.0, new.state as u8, new.reason, by, ms, new.bytes, sum],
        )?;
        Ok(self.last_key())
    }

    pub(super) fn insert_held_side(&self, key: SideKey, new: &NewHeld<'_>) -> Result<(), StoreError> {
        let held = self.insert_held(new)?;
        let sql =
            "INSERT OR FAIL INTO held_side (author, n, name, ordinal, held) VALUES (?1, ?2, ?3, ?4, ?5)";
        let (author, n) = (number(key.fact.device), int(key.fact.n));
        self.run(sql, params![author, n, key.name, key.ordinal, held])
            .map(drop)
    }

    fn wanted_held(&self, id: HeldId) -> Result<Held, StoreError> {
        self.held(id)?.ok_or(StoreError::Conflict("held"))
    }

    fn held_sides_of(&self, fact: FactId) -> Result<Vec<Held>, StoreError> {
        let params = params![number(fact.device), int(fact.n)];
        self.all(
            select!("WHERE held_side.author = ?1 AND held_side.n = ?2 ORDER BY held.id"),
            params,
            held,
        )
    }

    pub(super) fn delete_held(&self, id: HeldId) -> Result<(), StoreError> {
        let id = [int(id.0)];
        self.run("DELETE FROM held_fact WHERE held = ?1", id)?;
        self.run("DELETE FROM held_change WHERE held = ?1", id)?;
        self.run("DELETE FROM held_side WHERE held = ?1", id)?;
        self.run("DELETE FROM held WHERE id = ?1", id).map(drop)
    }

    fn insert_held_change(&self, held: i64, record: RecordId, head: &ChangeHead) -> Result<(), StoreError> {
        let sql = "INSERT OR FAIL INTO held_change (record, actor, actor_seq, held, hash, start_op, max_op)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (start, max) = (int(head.start_op), int(head.max_op));
        let params = params![
            record.0,
            head.actor.0,
            int(head.actor_seq),
            held,
            head.hash,
            start,
            max
        ];
        self.run(sql, params).map(drop)
    }
}

impl WriteHeld for Tx<'_, Moment> {
    fn hold_change(&mut self, change: &NewHeldChange) -> Result<bool, StoreError> {
        let head = &change.head;
        let sql = "SELECT 1 FROM held_change WHERE record = ?1 AND actor = ?2 AND actor_seq = ?3";
        if self.exists(sql, params![change.record.0, head.actor.0, int(head.actor_seq)])? {
            return Ok(false);
        }
        let NewHeldChange {
            record, state, by, ..
        } = *change;
        let held = self.insert_held(&NewHeld {
            record,
            state,
            reason: &change.reason,
            by,
            bytes: &change.bytes,
        })?;
        self.insert_held_change(held, record, head)?;
        Ok(true)
    }

    fn look_at_held(&mut self, id: HeldId) -> Result<(), StoreError> {
        let sql = "UPDATE held SET looked_at_ms = coalesce(looked_at_ms, ?2) WHERE id = ?1";
        self.run_one(sql, params![int(id.0), self.moment.ms], "held")
    }

    fn admit_held_fact(&mut self, id: HeldId, kind: FactKind, was: Option<Was>) -> Result<Seq, StoreError> {
        let held = self.wanted_held(id)?;
        let HeldItem::Fact {
            id: name,
            hash,
            running,
        } = held.item
        else {
            return Err(StoreError::Conflict("held"));
        };
        let seq = self.log_item(held.record, What::Fact)?;
        let row = FactRow {
            seq,
            id: name,
            record: held.record,
            kind,
            hash,
            running,
            received_ms: held.received_ms,
            bytes: held.bytes,
        };
        self.insert_fact(&row, was.as_ref())?;
        for side in self.held_sides_of(name)? {
            if let HeldItem::Side(key) = side.item {
                self.insert_side(key, held.record, seq, &side.bytes)?;
            }
            self.delete_held(side.id)?;
        }
        self.delete_held(id)?;
        Ok(seq)
    }

    fn take_held_change(&mut self, id: HeldId) -> Result<Held, StoreError> {
        let held = self.wanted_held(id)?;
        if !matches!(held.item, HeldItem::Change(_)) {
            return Err(StoreError::Conflict("held"));
        }
        self.delete_held(id)?;
        Ok(held)
    }

    fn drop_held(&mut self, id: HeldId, code: &str) -> Result<(), StoreError> {
        let held = self.wanted_held(id)?;
        if let HeldItem::Fact {
            id: name,
            hash,
            running,
        } = held.item
        {
            self.insert_fact_number(name, &hash, running, code)?;
            for side in self.held_sides_of(name)? {
                self.delete_held(side.id)?;
            }
        }
        self.delete_held(id)
    }
}
