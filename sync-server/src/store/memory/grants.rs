use std::collections::BTreeSet;

use saddlebag_records::access::{Audience, Grant};
use saddlebag_records::id::RecordId;

use super::State;
use crate::store::grants::Replacement;
use crate::store::{GrantDiff, GrantRow, ReadGrants, Seq, StoreError, What, WriteGrants};

impl ReadGrants for State {
    fn grants(&self, record: RecordId) -> Result<Vec<GrantRow>, StoreError> {
        Ok(self
            .granted
            .values()
            .filter(|row| row.record == record)
            .copied()
            .collect())
    }

    fn granted_to(
        &self,
        audiences: &[Audience],
        after: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, RecordId)>, StoreError> {
        let theirs = self
            .granted
            .values()
            .filter(|row| audiences.contains(&row.grant.audience));
        let seen: BTreeSet<_> = theirs.map(|row| (row.since, row.record)).collect();
        Ok(seen
            .into_iter()
            .filter(|(since, _)| *since > after)
            .take(limit)
            .collect())
    }

    fn sees(&self, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError> {
        let mut grants = self.granted.values();
        Ok(grants.any(|row| row.record == record && audiences.contains(&row.grant.audience)))
    }

    fn ever_saw(&self, audiences: &[Audience], record: RecordId) -> Result<bool, StoreError> {
        Ok(audiences
            .iter()
            .any(|audience| self.ever_granted.contains(&(record, *audience))))
    }

    fn expired_grants(&self, now_ms: i64, limit: usize) -> Result<Vec<RecordId>, StoreError> {
        let over = self.granted.values().filter(|row| !row.grant.holds_at(now_ms));
        let records: BTreeSet<_> = over.map(|row| row.record).collect();
        Ok(records.into_iter().take(limit).collect())
    }
}

impl State {
    fn tell(
        &mut self,
        record: RecordId,
        what: What,
        audiences: Vec<Audience>,
    ) -> Option<(Seq, Vec<Audience>)> {
        if audiences.is_empty() {
            return None;
        }
        Some((self.log(record, what, audiences.iter().copied()), audiences))
    }
}

impl WriteGrants for State {
    fn replace_grants(&mut self, record: RecordId, wanted: &[Grant]) -> Result<GrantDiff, StoreError> {
        let kind = self.record_mut(record)?.kind;
        let Replacement {
            rows,
            appeared,
            vanished,
            mut changed,
        } = Replacement::of(kind, &self.grants(record)?, wanted);
        if !self.sides.values().any(|side| side.record == record) {
            changed.clear();
        }
        self.ever_granted
            .extend(appeared.iter().map(|audience| (record, *audience)));
        let diff = GrantDiff {
            appeared: self.tell(record, What::Grant, appeared),
            vanished: self.tell(record, What::Removal, vanished),
            changed: self.tell(record, What::Sides, changed),
        };
        self.granted.retain(|(of, ..), _| *of != record);
        let new = diff.appeared.as_ref().map(|(seq, _)| *seq);
        for (grant, since) in rows {
            let since = since.or(new).unwrap_or_default();
            let key = (record, grant.audience, grant.cause);
            self.granted.insert(key, GrantRow { record, grant, since });
        }
        Ok(diff)
    }

    fn grant_anew(&mut self, record: RecordId) -> Result<(), StoreError> {
        let grants = self.granted.values().filter(|row| row.record == record);
        let readers: BTreeSet<_> = grants.map(|row| row.grant.audience).collect();
        if readers.is_empty() {
            return Ok(());
        }
        self.log(record, What::Removal, readers.iter().copied());
        let seq = self.log(record, What::Grant, readers);
        for row in self.granted.values_mut().filter(|row| row.record == record) {
            row.since = seq;
        }
        Ok(())
    }
}
