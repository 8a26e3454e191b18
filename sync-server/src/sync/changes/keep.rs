use std::collections::BTreeSet;

use saddlebag_protocol::{ChangeReceipt, Outcome};
use saddlebag_records::id::RecordId;

use super::Receipts;
use super::attempt::Attempt;
use super::trial::waiting_changes;
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
        let stands = match still_stands(tx, &attempt) {
            // Damaged since: the next attempt comes upon it.
            Err(StoreError::Damaged(_)) => false,
            stands => stands?,
        };
        if !stands {
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
    // What waits for others would wait in vain for what came while it was tried, and so would what began to wait for this.
    let mut waiting = waiting_changes(tx, record)?;
    if let Some(tried_at) = attempt.tried_at
        && (plans::change_count(tx, record)? != tried_at
            || !waiting.all(|held| attempt.waiting.contains(&held.id)))
    {
        return Ok(false);
    }
    if attempt.fit.is_none() {
        return Ok(true);
    }
    if tx.tombstone(record)?.is_some() {
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

#[cfg(test)]
mod tests {
    use saddlebag_records::id::{ActorId, CountyId, DeviceNumber};
    use saddlebag_records::kind::RecordKind;
    use saddlebag_records::plan::PlanView;

    use super::*;
    use crate::store::{ChangeHead, ChangePush, HeldState, Moment, NewHeldChange, NewRecord, Store};
    use crate::sync::changes::Incoming;

    const RECORD: RecordId = RecordId([7; 16]);
    const OWN: DeviceNumber = DeviceNumber(1);

    fn head(seq: u64) -> ChangeHead {
        ChangeHead {
            actor: ActorId([3; 16]),
            actor_seq: seq,
            hash: [seq as u8; 32],
            start_op: seq,
            max_op: seq,
        }
    }

    /// A change that waits for another one, which came while it was tried, would wait for ever.
    #[test]
    fn what_was_tried_is_tried_again_where_something_came_or_began_to_wait_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("county.db")).unwrap();
        let moment = Moment { ms: 1, nonce: [0; 8] };
        let waits = |tried_at| Attempt {
            incoming: Incoming {
                record: RECORD,
                kind: Some(RecordKind::Delivery),
                changes: Vec::new(),
            },
            outcomes: Vec::new(),
            tried_at: Some(tried_at),
            waiting: Vec::new(),
            fit: None,
            begins: None,
            released: Vec::new(),
            hold: vec![NewHeldChange {
                record: RECORD,
                head: head(2),
                state: HeldState::Waiting,
                reason: super::super::code::MISSING.to_owned(),
                by: OWN,
                bytes: vec![2],
            }],
        };
        let (early, late, last) = (waits(0), waits(1), waits(1));
        let job = move |tx: &mut dyn WriteTx| {
            tx.found_county(CountyId([1; 16]))?;
            let own = tx.take_device_number()?;
            tx.start_epoch([1; 8], own, ActorId([1; 16]))?;
            tx.add_record(&NewRecord {
                id: RECORD,
                kind: RecordKind::Delivery,
                creator: own,
                creator_person: None,
            })?;
            tx.append_changes(&ChangePush {
                record: RECORD,
                by: own,
                tried_at: 0,
                changes: vec![(head(1), vec![1])],
                snapshot: vec![1],
                view: PlanView::empty(RecordKind::Delivery).to_bytes(),
            })?;
            let stale = keep_in(tx, 1, vec![early])?;
            assert_eq!(stale, BTreeSet::from([RECORD]));
            assert!(tx.held_of(RECORD)?.is_empty());
            assert!(keep_in(tx, 1, vec![late])?.is_empty());
            assert_eq!(tx.held_of(RECORD)?.len(), 1);
            assert_eq!(keep_in(tx, 1, vec![last])?, BTreeSet::from([RECORD]));
            Ok::<_, StoreError>(())
        };
        store.write(moment, job).wait().unwrap();
    }
}
