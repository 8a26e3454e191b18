//! Plans: one document a record, its changes, and what it says. Nothing is kept in memory between transactions.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::{ChangeHeader, PlanView, trial};

use super::column::count;
use super::state::State;
use crate::error::{Error, Result};

/// What the record's plan says; none where it has no plan.
pub(crate) fn view(connection: &Connection, record: RecordId) -> Result<Option<PlanView>> {
    let mut statement = connection.prepare_cached("SELECT view FROM plans WHERE record = ?1")?;
    let mut rows = statement.query([record.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    match PlanView::from_bytes(row.get_ref(0)?.as_blob().unwrap_or_default()) {
        Ok(view) => Ok(Some(view)),
        Err(_) => rebuilt(connection, record).map(|plan| plan.map(|(_, view)| view)),
    }
}

/// The record's document, its hash checked; none where it has no plan. A damaged one is made anew of its changes.
pub(crate) fn snapshot(connection: &Connection, record: RecordId) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT snapshot, snapshot_hash FROM plans WHERE record = ?1")?;
    let stored: Option<(Vec<u8>, [u8; 32])> =
        statement.query_row([record.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match stored {
        Some((snapshot, hash)) if *blake3::hash(&snapshot).as_bytes() != hash => {
            tracing::warn!(%record, "a damaged plan is made anew of its changes");
            Ok(rebuilt(connection, record)?.map(|(snapshot, _)| snapshot))
        }
        stored => Ok(stored.map(|(snapshot, _)| snapshot)),
    }
}

fn rebuilt(connection: &Connection, record: RecordId) -> Result<Option<(Vec<u8>, PlanView)>> {
    let mut statement = connection.prepare_cached("SELECT kind FROM plans WHERE record = ?1")?;
    let Some(kind) = statement.query_row([record.0], |row| row.get(0)).optional()? else { return Ok(None) };
    let kind = RecordKind::from_number(kind).ok_or(Error::Damaged("a plan's kind"))?;
    let changes = changes(connection, record)?;
    let changes: Vec<&[u8]> = changes.iter().map(|change| change.bytes.as_slice()).collect();
    let tried = trial(kind, None, Sender::County, &changes).map_err(|_| Error::Damaged("a plan"))?;
    Ok(Some((tried.snapshot, tried.view)))
}

/// Stores the document and what it says.
pub(crate) fn save(connection: &Connection, record: RecordId, snapshot: &[u8], view: &PlanView) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO plans (record, kind, view, snapshot, snapshot_hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET view = ?3, snapshot = ?4, snapshot_hash = ?5",
    )?;
    let hash = *blake3::hash(snapshot).as_bytes();
    statement.execute(params![record.0, view.kind as u8, view.to_bytes(), snapshot, hash])?;
    Ok(())
}

/// A change of a plan, as it lies in its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredChange {
    pub(crate) actor: ActorId,
    pub(crate) seq: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) state: State,
}

/// Stores a change that was admitted to the plan.
pub(crate) fn insert_change(
    connection: &Connection,
    record: RecordId,
    header: &ChangeHeader,
    bytes: &[u8],
    state: State,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO plan_changes (record, actor, seq, hash, bytes, max_op, state, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
         ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![
        record.0,
        header.actor.0,
        count(header.seq),
        header.hash.0,
        bytes,
        count(header.max_op),
        state
    ])?;
    Ok(())
}

/// The changes of a plan, each actor's in order; those that are not what was written are left out.
pub(crate) fn changes(connection: &Connection, record: RecordId) -> Result<Vec<StoredChange>> {
    let mut statement = connection
        .prepare_cached("SELECT actor, seq, hash, bytes, state FROM plan_changes WHERE record = ?1 ORDER BY actor, seq")?;
    let mut rows = statement.query([record.0])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let (hash, bytes): ([u8; 32], Vec<u8>) = (row.get(2)?, row.get(3)?);
        // The name of a change is the hash of its bytes, so reading the header checks both.
        if ChangeHeader::read(&bytes).is_ok_and(|header| header.hash.0 == hash) {
            let seq = super::column::uncount(row.get(1)?);
            changes.push(StoredChange { actor: ActorId(row.get(0)?), seq, bytes, state: row.get(4)? });
        } else {
            tracing::warn!(%record, "a damaged plan change was left out");
        }
    }
    Ok(changes)
}

/// The records that have plan changes which the county has not confirmed.
pub(crate) fn records_with_unsent(connection: &Connection) -> Result<BTreeSet<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT record FROM plan_changes WHERE state <= 1")?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// How many changes of a record's plan the county has not confirmed.
pub(crate) fn unsent_of(connection: &Connection, record: RecordId) -> Result<u32> {
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM plan_changes WHERE record = ?1 AND state <= 1")?;
    Ok(statement.query_row([record.0], |row| row.get(0))?)
}
