use std::collections::BTreeSet;

use saddlebag_protocol::{ChangeReceipt, Outcome};
use saddlebag_records::id::RecordId;

use super::Receipts;
use super::attempt::Attempt;
use crate::county::County;
use crate::failure::Failure;
use crate::plans;
use crate::store::{StoreError, WriteTx};
use crate::sync::sender::Sender;
use crate::visibility;

/// Keeps what the attempts came to, in one job, and adds receipts for what was not admitted. Gives the records whose
/// plans have changed since they were tried: of those nothing was done.
pub(super) fn keep(
    county: &County,
    sender: &Sender,
    attempts: Vec<Attempt>,
    receipts: &mut Vec<ChangeReceipt>,
) -> Result<BTreeSet<RecordId>, Failure> {
    let told: Vec<_> = attempts
        .iter()
        .map(|attempt| (attempt.incoming.clone(), attempt.outcomes.clone()))
        .collect();
    let writes = attempts
        .iter()
        .any(|attempt| attempt.fit.is_some() || !attempt.hold.is_empty());
    let mut stale = BTreeSet::new();
    if writes {
        let now_ms = county.now_ms();
        let job = move |tx: &mut dyn WriteTx| keep_in(tx, now_ms, attempts);
        stale = county
            .store()
            .write_for(Some(sender.number), county.moment(), job)
            .wait()?;
    }
    for (incoming, outcomes) in told
        .iter()
        .filter(|(incoming, _)| !stale.contains(&incoming.record))
    {
        for (change, outcome) in incoming.changes.iter().zip(outcomes) {
            if *outcome != Outcome::Admitted {
                receipts.add(incoming.record, change, outcome.clone());
            }
        }
    }
    Ok(stale)
}

fn keep_in(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    attempts: Vec<Attempt>,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let (mut stale, mut touched) = (BTreeSet::new(), BTreeSet::new());
    for attempt in attempts {
        let record = attempt.incoming.record;
        if !still_stands(tx, &attempt)? {
            stale.insert(record);
            continue;
        }
        if let Some(fit) = attempt.fit {
            if let Some(begins) = &attempt.begins {
                tx.add_record(begins)?;
            }
            for held in &attempt.released {
                tx.take_held_change(*held)?;
            }
            plans::append(tx, fit)?;
            touched.insert(record);
        }
        for change in &attempt.hold {
            tx.hold_change(change)?;
        }
    }
    visibility::refresh(tx, now_ms, touched)?;
    Ok(stale)
}

/// Whether nothing has happened to the record that the attempt did not know.
fn still_stands(tx: &dyn WriteTx, attempt: &Attempt) -> Result<bool, StoreError> {
    let record = attempt.incoming.record;
    let Some(fit) = &attempt.fit else { return Ok(true) };
    if tx.tombstone(record)?.is_some() || !plans::still_holds(tx, fit)? {
        return Ok(false);
    }
    if tx
        .record(record)?
        .is_some_and(|row| Some(row.kind) != attempt.incoming.kind)
    {
        return Ok(false);
    }
    for held in &attempt.released {
        if tx.held(*held)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}
