//! Plans as the county keeps them.

use saddlebag_records::access::Relation;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::trial::{Verdict, trial};
use saddlebag_records::plan::{ChangeHeader, PlanView, guard};
use saddlebag_records::waybill::Waybill;

use crate::store::{ChangeHead, ChangePush, ChangesTaken, PlanRow, ReadTx, RecordRow, StoreError, WriteTx};
use crate::sync::Sender;

/// Changes of one plan that are fit to be kept.
#[derive(Clone, Debug)]
pub(crate) struct FitChanges {
    pub(crate) record: RecordId,
    pub(crate) kind: RecordKind,
    /// How many changes the plan had when they were tried.
    pub(crate) tried_at: u64,
    /// In the order in which they apply.
    pub(crate) changes: Vec<FitChange>,
    pub(crate) snapshot: Vec<u8>,
    pub(crate) view: PlanView,
}

/// A change that is fit to be kept.
#[derive(Clone, Debug)]
pub(crate) struct FitChange {
    pub(crate) head: ChangeHead,
    /// The device that brought it.
    pub(crate) by: DeviceNumber,
    pub(crate) bytes: Vec<u8>,
}

/// How many changes a record's plan has.
pub(crate) fn change_count(tx: &dyn ReadTx, record: RecordId) -> Result<u64, StoreError> {
    Ok(tx.plan(record)?.map_or(0, |plan| plan.change_count))
}

/// Keeps them. The plan must be as it was at their trial.
pub(crate) fn append(tx: &mut dyn WriteTx, fit: FitChanges) -> Result<(), StoreError> {
    let view = fit.view.to_bytes();
    let mut tried_at = fit.tried_at;
    // What was held comes in with what it waited for, and each with whoever brought it.
    for run in fit.changes.chunk_by(|a, b| a.by == b.by) {
        let Some(by) = run.first().map(|change| change.by) else {
            continue;
        };
        let taken = tx.append_changes(&ChangePush {
            record: fit.record,
            by,
            tried_at,
            changes: run
                .iter()
                .map(|change| (change.head, change.bytes.clone()))
                .collect(),
            snapshot: fit.snapshot.clone(),
            view: view.clone(),
        })?;
        if taken == ChangesTaken::Stale {
            return Err(StoreError::Conflict("a plan changed within a job"));
        }
        tried_at += run.len() as u64;
    }
    if fit.kind == RecordKind::Delivery {
        note_waybill(tx, fit.record, &fit.view)?;
    }
    Ok(())
}

/// A delivery is found by its waybill.
fn note_waybill(tx: &mut dyn WriteTx, record: RecordId, view: &PlanView) -> Result<(), StoreError> {
    let waybill = view.text("waybill").and_then(|text| Waybill::parse(text).ok());
    let Some(waybill) = waybill else { return Ok(()) };
    let generation = view
        .uint("generation")
        .and_then(|generation| u32::try_from(generation).ok());
    tx.put_waybill(&waybill, generation.unwrap_or(0), record)
}

pub(crate) fn head_of(header: &ChangeHeader) -> ChangeHead {
    ChangeHead {
        actor: header.actor,
        actor_seq: header.seq,
        hash: header.hash.0,
        start_op: header.start_op,
        max_op: header.max_op,
    }
}

/// A plan made anew of its changes; none where not all of them come together.
pub(crate) fn of_changes(tx: &dyn ReadTx, record: RecordId) -> Result<Option<PlanRow>, StoreError> {
    let Some(row) = tx.record(record)? else {
        return Ok(None);
    };
    let changes = tx.changes(record)?;
    let chunks: Vec<&[u8]> = changes.iter().map(|change| change.bytes.as_slice()).collect();
    let Ok(tried) = trial(row.kind, None, guard::Sender::County, &chunks) else {
        return Ok(None);
    };
    let is_in = |verdict: &Verdict| matches!(verdict, Verdict::Admitted(_) | Verdict::Known(_));
    Ok(tried.verdicts.iter().all(is_in).then(|| PlanRow {
        change_count: chunks.len() as u64,
        change_bytes: chunks.iter().map(|chunk| chunk.len() as u64).sum(),
        snapshot: tried.snapshot,
        view: tried.view.to_bytes(),
    }))
}

/// What a record's plan says; none for one that nobody has touched.
pub(crate) fn view_of(tx: &dyn ReadTx, record: RecordId) -> Result<Option<PlanView>, StoreError> {
    tx.plan(record)?.as_ref().map(view_in).transpose()
}

/// What a plan says.
pub(crate) fn view_in(plan: &PlanRow) -> Result<PlanView, StoreError> {
    PlanView::from_bytes(&plan.view).map_err(|_| StoreError::Damaged("plan view"))
}

/// How the sender's person stands to a record whose plan they edit.
pub(crate) fn relation(
    tx: &dyn ReadTx,
    sender: &Sender,
    record: RecordId,
    row: Option<&RecordRow>,
    plan: Option<&PlanView>,
) -> Result<Relation, StoreError> {
    let assignee: Option<PersonId> = plan.and_then(|plan| plan.person("assignee"));
    Ok(Relation {
        ever_given: tx.ever_saw(&sender.ever_audiences(), record)?,
        created: row.is_none_or(|row| sender.created(row, sender.number)),
        given_now: tx.sees(&sender.audiences(), record)?,
        assigned_now: assignee == Some(sender.person),
        assigned_to_another: assignee.is_some_and(|assignee| assignee != sender.person),
        ..Relation::default()
    })
}
