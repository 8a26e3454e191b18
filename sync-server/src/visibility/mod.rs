//! Who sees a record: asked again whenever something of it, or of what names it, changes.

mod gather;
mod named;

use std::collections::BTreeSet;

use saddlebag_records::access::{Grant, grants};
use saddlebag_records::id::RecordId;

use crate::store::{StoreError, WriteTx};
use gather::Gathered;

/// Asks again who sees these records, and those that hang on them, and writes in the log what changed.
pub(crate) fn refresh(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    touched: impl IntoIterator<Item = RecordId>,
) -> Result<(), StoreError> {
    let mut hanging = BTreeSet::new();
    for record in touched {
        refresh_one(tx, now_ms, record, &mut hanging)?;
    }
    let mut further = BTreeSet::new();
    for record in hanging {
        refresh_one(tx, now_ms, record, &mut further)?;
    }
    debug_assert!(
        further.is_empty(),
        "what hangs on a record has nothing hanging on it"
    );
    Ok(())
}

/// Asks again about records whose grants have ended by now.
pub(crate) fn sweep(tx: &mut dyn WriteTx, now_ms: i64, limit: usize) -> Result<bool, StoreError> {
    let expired = tx.expired_grants(now_ms, limit)?;
    let more = expired.len() == limit;
    refresh(tx, now_ms, expired)?;
    Ok(more)
}

fn refresh_one(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    record: RecordId,
    hanging: &mut BTreeSet<RecordId>,
) -> Result<(), StoreError> {
    let Some(row) = tx.record(record)? else {
        return Ok(());
    };
    let gathered = gather::gather(tx, &row)?;
    let mut wanted = grants(&gathered.about);
    wanted.extend(named::named(tx, &row, &gathered)?);
    wanted.retain(|grant| grant.holds_at(now_ms));
    wanted.sort();

    let Gathered {
        about, references, ..
    } = gathered;
    let held: Vec<Grant> = tx.grants(record)?.into_iter().map(|row| row.grant).collect();
    let named_before = tx.references_from(record)?;
    let changed = held != wanted || row.ended_ms != about.ended_ms || named_before != references;
    if row.ended_ms != about.ended_ms {
        tx.set_ended(record, about.ended_ms)?;
    }
    if named_before != references {
        tx.put_references(record, &references)?;
    }
    if held != wanted {
        let by_waybill = |grant: &&Grant| grant.cause.is_by_waybill() && !held.contains(grant);
        if wanted.iter().any(|grant| by_waybill(&grant)) {
            tx.append_audit(None, "granted_by_waybill", Some(record), "")?;
        }
        tx.replace_grants(record, &wanted)?;
    }
    if changed && named::opens_what_it_names(row.kind) {
        for other in named_before
            .into_iter()
            .chain(references)
            .collect::<BTreeSet<_>>()
        {
            hanging.extend(named::hanging_on(tx, other)?);
        }
    }
    Ok(())
}
