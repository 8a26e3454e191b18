use rusqlite::{Row, params};
use saddlebag_records::id::{ActorId, RecordId};

use super::sum::Sum;
use super::tx::{Columns, Tx, int, number};
use crate::store::{
    ChangeHead, ChangePush, ChangeRow, ChangesTaken, Moment, ReadChanges, StoreError, What, WriteChanges,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, record, actor, actor_seq, hash, start_op, max_op, by_device, received_ms, bytes, sum \
             FROM plan_change ",
            $rest
        )
    };
}
pub(super) use select;

pub(super) fn change(row: &Row<'_>) -> Result<ChangeRow, StoreError> {
    let change = ChangeRow {
        seq: row.seq(0)?,
        record: row.record(1)?,
        head: head(row, 2)?,
        by: row.number(7)?,
        received_ms: row.get(8)?,
        bytes: row.get(9)?,
    };
    sum(&change).check(row.get(10)?, "plan change")?;
    Ok(change)
}

/// A head in five columns.
pub(super) fn head(row: &Row<'_>, at: usize) -> Result<ChangeHead, StoreError> {
    Ok(ChangeHead {
        actor: row.actor(at)?,
        actor_seq: row.uint(at + 1)?,
        hash: row.get(at + 2)?,
        start_op: row.uint(at + 3)?,
        max_op: row.uint(at + 4)?,
    })
}

pub(super) fn sum(change: &ChangeRow) -> Sum {
    let head = &change.head;
    Sum::new()
        .int(int(change.seq.0))
        .bytes(&change.record.0)
        .bytes(&head.actor.0)
        .int(int(head.actor_seq))
        .bytes(&head.hash)
        .int(int(head.start_op))
        .int(int(head.max_op))
        .int(number(change.by))
        .int(change.received_ms)
        .bytes(&change.bytes)
}

impl<M> ReadChanges for Tx<'_, M> {
    fn changes(&self, record: RecordId) -> Result<Vec<ChangeRow>, StoreError> {
        self.all(select!("WHERE record = ?1 ORDER BY seq"), [record.0], change)
    }

    fn change_heads(&self, record: RecordId) -> Result<Vec<ChangeHead>, StoreError> {
        let sql =
            "SELECT actor, actor_seq, hash, start_op, max_op FROM plan_change WHERE record = ?1 ORDER BY seq";
        self.all(sql, [record.0], |row| head(row, 0))
    }

    fn change(
        &self,
        record: RecordId,
        actor: ActorId,
        actor_seq: u64,
    ) -> Result<Option<ChangeRow>, StoreError> {
        let params = params![record.0, actor.0, int(actor_seq)];
        self.one(
            select!("WHERE record = ?1 AND actor = ?2 AND actor_seq = ?3"),
            params,
            change,
        )
    }
}

impl Tx<'_, Moment> {
    fn insert_change(&self, row: &ChangeRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO plan_change (seq, record, actor, actor_seq, hash, start_op, max_op, by_device,
            received_ms, bytes, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let (head, by, sum) = (&row.head, number(row.by), sum(row).take());
        let params = params![
            int(row.seq.0),
            row.record.0,
            head.actor.0,
            int(head.actor_seq),
            head.hash,
            int(head.start_op),
            int(head.max_op),
            by,
            row.received_ms,
            row.bytes,
            sum,
        ];
        self.run(sql, params)?;
        self.count("plan_change", &[&by, &sum])
    }
}

impl WriteChanges for Tx<'_, Moment> {
    fn append_changes(&mut self, push: &ChangePush) -> Result<ChangesTaken, StoreError> {
        let (count, bytes) = self.plan_size(push.record)?;
        if count != push.tried_at {
            return Ok(ChangesTaken::Stale);
        }
        let mut seqs = Vec::with_capacity(push.changes.len());
        for (head, chunk) in &push.changes {
            let seq = self.log_item(push.record, What::Change)?;
            seqs.push(seq);
            self.insert_change(&ChangeRow {
                seq,
                record: push.record,
                head: *head,
                by: push.by,
                received_ms: self.moment.ms,
                bytes: chunk.clone(),
            })?;
        }
        self.put_plan(push.record, &push.plan_after(count, bytes))?;
        Ok(ChangesTaken::Appended(seqs))
    }
}
