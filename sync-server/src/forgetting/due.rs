use std::collections::BTreeSet;

use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::retention::{Due, Hold, Moment, Reason, of_record};

use super::records::{Group, forget};
use super::{AT_A_TIME, Forgotten, PAGE};
use crate::county::County;
use crate::store::{ForgetReason, ReadTx, RecordRow, StoreError};
use crate::visibility::Lives;

/// Forgets the records whose time is over, or who asked for it.
pub(super) fn records(county: &County, now_ms: i64, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    for kind in RecordKind::ALL {
        let mut after = None;
        loop {
            let (last, groups) = county.store().read_blocking(|tx| page(tx, kind, after, now_ms))?;
            for some in groups.chunks(AT_A_TIME) {
                forget(county, some.to_vec(), forgotten)?;
            }
            if last.is_none() {
                break;
            }
            after = last;
        }
    }
    Ok(())
}

/// The next records of a kind, those that are due with all that goes with them.
fn page(
    tx: &dyn ReadTx,
    kind: RecordKind,
    after: Option<RecordId>,
    now_ms: i64,
) -> Result<(Option<RecordId>, Vec<Group>), StoreError> {
    let rows = tx.records(kind, after, PAGE)?;
    let mut finding = Finding {
        lives: Lives::at(now_ms),
        now_ms,
        taken: BTreeSet::new(),
    };
    let mut groups = Vec::new();
    for row in rows.iter().filter(|row| may_be_due(row, now_ms)) {
        // What is damaged stays: nobody knows what it is. It must not keep others from being forgotten.
        match finding.group(tx, row) {
            Ok(group) => groups.extend(group),
            Err(StoreError::Damaged(what)) => {
                tracing::error!(
                    what,
                    "damaged: it was not asked whether a record is to be forgotten"
                );
            }
            Err(error) => return Err(error),
        }
    }
    Ok((rows.last().map(|row| row.id), groups))
}

/// Whether it is worth a closer look, by its row alone.
fn may_be_due(row: &RecordRow, now_ms: i64) -> bool {
    let Some(kept) = of_record(row.kind) else {
        return false;
    };
    let over = |from_ms: i64| kept.county.ends_ms(from_ms).is_some_and(|ends| ends <= now_ms);
    match kept.from {
        Moment::Ended | Moment::Settled => row.ended_ms.is_some_and(over),
        Moment::Used => row.ended_ms.is_some() || over(row.created_ms),
        _ => true,
    }
}

struct Finding {
    lives: Lives,
    now_ms: i64,
    /// Those that go with one that was looked at before.
    taken: BTreeSet<RecordId>,
}

impl Finding {
    /// What goes with this record, if all of it may go now.
    fn group(&mut self, tx: &dyn ReadTx, row: &RecordRow) -> Result<Option<Group>, StoreError> {
        if self.taken.contains(&row.id) {
            return Ok(None);
        }
        let life = self.lives.of(tx, row)?;
        let Due::At { ms, reason } = life.due else {
            return Ok(None);
        };
        if ms > self.now_ms {
            return Ok(None);
        }
        let mut records = BTreeSet::new();
        for record in life.together {
            if record != row.id && !self.may_go_along(tx, record, reason)? {
                return Ok(None);
            }
            records.insert(record);
            if row.kind == RecordKind::Household && !self.brought_along(tx, record, reason, &mut records)? {
                return Ok(None);
            }
        }
        self.taken.extend(&records);
        let reason = match reason {
            Reason::Retention => ForgetReason::Retention,
            Reason::Person => ForgetReason::Person,
        };
        Group::of(tx, records, reason).map(Some)
    }

    /// Whether another record that counts with one that is due may go too: because it is due itself, or because one of
    /// them asked for it and nothing stands in the way.
    fn may_go_along(
        &mut self,
        tx: &dyn ReadTx,
        record: RecordId,
        reason: Reason,
    ) -> Result<bool, StoreError> {
        let Some(row) = tx.record(record)? else {
            return Ok(true);
        };
        Ok(match self.lives.of(tx, &row)?.due {
            Due::At { ms, .. } => ms <= self.now_ms || reason == Reason::Person,
            Due::Not(Hold::Open) => reason == Reason::Person,
            Due::Not(_) => false,
        })
    }

    /// Adds what is gone with a household: its camps and consents, and where it asked for it what it was helped with.
    /// False where one of them has to wait.
    fn brought_along(
        &mut self,
        tx: &dyn ReadTx,
        household: RecordId,
        reason: Reason,
        records: &mut BTreeSet<RecordId>,
    ) -> Result<bool, StoreError> {
        for namer in tx.references_to(household)? {
            let Some(row) = tx.record(namer)? else { continue };
            match row.kind {
                RecordKind::Camp | RecordKind::Consent => {
                    if matches!(
                        self.lives.of(tx, &row)?.due,
                        Due::Not(Hold::Named | Hold::Unsettled | Hold::Discrepancy)
                    ) {
                        return Ok(false);
                    }
                    records.insert(namer);
                }
                RecordKind::Errand if reason == Reason::Person => {
                    if let Due::At { .. } = self.lives.of(tx, &row)?.due {
                        records.insert(namer);
                    }
                }
                _ => {}
            }
        }
        Ok(true)
    }
}
