use std::collections::BTreeSet;

use rusqlite::{Row, params};
use saddlebag_records::access::{Audience, Cause, Grant};
use saddlebag_records::id::RecordId;

use super::tx::{Columns, Tx, int, rows};
use crate::store::grants::Replacement;
use crate::store::{
    GrantDiff, GrantRow, Moment, ReadGrants, ReadRecords, Seq, StoreError, What, WriteGrants,
};

impl<M> ReadGrants for Tx<'_, M> {
    fn grants(&self, record: RecordId) -> Result<Vec<GrantRow>, StoreError> {
        let sql = "SELECT record, audience, cause, open, until_ms, since_seq FROM granted WHERE record = ?1
            ORDER BY audience, cause";
        self.all(sql, [record.0], grant_row)
    }

    fn granted_to(
        &self,
        audiences: &[Audience],
        after: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, RecordId)>, StoreError> {
        let mut seen = BTreeSet::new();
        for audience in audiences {
            let sql = "SELECT DISTINCT since_seq, record FROM granted WHERE audience = ?1 AND since_seq > ?2
                ORDER BY since_seq LIMIT ?3";
            let params = params![audience.to_bytes(), int(after.0), rows(limit)];
            seen.extend(self.all(sql, params, |row| Ok((row.seq(0)?, row.record(1)?)))?);
        }
        Ok(seen.into_iter().take(limit).collect())
    }

    fn sees(&self, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError> {
        self.any(
            "SELECT 1 FROM granted WHERE record = ?1 AND audience = ?2",
            audiences,
            record,
        )
    }

    fn ever_saw(&self, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError> {
        self.any(
            "SELECT 1 FROM ever_granted WHERE record = ?1 AND audience = ?2",
            audiences,
            record,
        )
    }

    fn expired_grants(&self, now_ms: i64, limit: usize) -> Result<Vec<RecordId>, StoreError> {
        let sql = "SELECT DISTINCT record FROM granted WHERE until_ms <= ?1 ORDER BY record LIMIT ?2";
        self.all(sql, params![now_ms, rows(limit)], |row| row.record(0))
    }
}

impl<M> Tx<'_, M> {
    fn any(&self, sql: &'static str, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError> {
        // One's own name stands last, and most of what one sees is seen by it.
        for audience in audiences.iter().rev() {
            if self.exists(sql, params![record.0, audience.to_bytes()])? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn grant_row(row: &Row<'_>) -> Result<GrantRow, StoreError> {
    Ok(GrantRow {
        record: row.record(0)?,
        grant: Grant {
            audience: row.audience(1)?,
            cause: Cause::from_number(row.get(2)?).ok_or(StoreError::Damaged("cause"))?,
            open: row.get(3)?,
            until_ms: row.get(4)?,
        },
        since: row.seq(5)?,
    })
}

impl Tx<'_, Moment> {
    /// A row of the log for these audiences, if there are any.
    fn tell(
        &self,
        record: RecordId,
        what: What,
        audiences: Vec<Audience>,
    ) -> Result<Option<(Seq, Vec<Audience>)>, StoreError> {
        if audiences.is_empty() {
            return Ok(None);
        }
        let seq = self.log_for(record, what, &audiences)?;
        Ok(Some((seq, audiences)))
    }

    fn put_grant(&self, record: RecordId, grant: &Grant, since: Seq) -> Result<(), StoreError> {
        let sql = "INSERT OR FAIL INTO granted (record, audience, cause, open, until_ms, since_seq)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (audience, cause) = (grant.audience.to_bytes(), grant.cause as u8);
        let params = params![
            record.0,
            audience,
            cause,
            grant.open,
            grant.until_ms,
            int(since.0)
        ];
        self.run(sql, params).map(drop)
    }

    /// The same grant with another end. All of a record's change when it ends: what they are found by stays as it is.
    fn change_grant(&self, record: RecordId, grant: &Grant) -> Result<(), StoreError> {
        let sql = "UPDATE OR FAIL granted SET open = ?4, until_ms = ?5 WHERE record = ?1 AND audience = ?2 AND cause = ?3";
        let (audience, cause) = (grant.audience.to_bytes(), grant.cause as u8);
        self.run(
            sql,
            params![record.0, audience, cause, grant.open, grant.until_ms],
        )
        .map(drop)
    }
}

impl WriteGrants for Tx<'_, Moment> {
    fn replace_grants(&mut self, record: RecordId, wanted: &[Grant]) -> Result<GrantDiff, StoreError> {
        let kind = self.record(record)?.ok_or(StoreError::Conflict("record"))?.kind;
        let now = self.grants(record)?;
        let Replacement {
            rows,
            appeared,
            vanished,
            mut changed,
        } = Replacement::of(kind, &now, wanted);
        if !changed.is_empty() && !self.exists("SELECT 1 FROM side_value WHERE record = ?1", [record.0])? {
            changed.clear();
        }
        for audience in &appeared {
            let sql = "INSERT OR IGNORE INTO ever_granted (record, audience) VALUES (?1, ?2)";
            self.run(sql, params![record.0, audience.to_bytes()])?;
        }
        let diff = GrantDiff {
            appeared: self.tell(record, What::Grant, appeared)?,
            vanished: self.tell(record, What::Removal, vanished)?,
            changed: self.tell(record, What::Sides, changed)?,
        };
        let key = |grant: &Grant| (grant.audience, grant.cause);
        let kept: BTreeSet<_> = rows.iter().map(|(grant, _)| key(grant)).collect();
        for old in now.iter().filter(|old| !kept.contains(&key(&old.grant))) {
            let sql = "DELETE FROM granted WHERE record = ?1 AND audience = ?2 AND cause = ?3";
            self.run(
                sql,
                params![record.0, old.grant.audience.to_bytes(), old.grant.cause as u8],
            )?;
        }
        let new = diff.appeared.as_ref().map(|(seq, _)| *seq);
        for (grant, since) in rows
            .iter()
            .filter(|(grant, _)| !now.iter().any(|old| old.grant == *grant))
        {
            if now.iter().any(|old| key(&old.grant) == key(grant)) {
                self.change_grant(record, grant)?;
            } else {
                let since = since.or(new).ok_or(StoreError::Damaged("grant"))?;
                self.put_grant(record, grant, since)?;
            }
        }
        Ok(diff)
    }

    fn grant_anew(&mut self, record: RecordId) -> Result<(), StoreError> {
        let readers = self.readers(record)?;
        if readers.is_empty() {
            return Ok(());
        }
        self.log(record, What::Removal, readers.iter().map(Vec::as_slice))?;
        let seq = self.log(record, What::Grant, readers.iter().map(Vec::as_slice))?;
        let sql = "UPDATE granted SET since_seq = ?2 WHERE record = ?1";
        self.run(sql, params![record.0, int(seq.0)]).map(drop)
    }
}
