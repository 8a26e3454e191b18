//! Plans: one document a record, its changes, and what it says. Nothing is kept in memory between transactions.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::{ChangeHeader, PlanView, fields_touched, trial};

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
    let mut statement =
        connection.prepare_cached("SELECT snapshot, snapshot_hash FROM plans WHERE record = ?1")?;
    let stored: Option<(Vec<u8>, [u8; 32])> = statement
        .query_row([record.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
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
    let Some(kind) = statement.query_row([record.0], |row| row.get(0)).optional()? else {
        return Ok(None);
    };
    let kind = RecordKind::from_number(kind).ok_or(Error::Damaged("a plan's kind"))?;
    let changes = changes(connection, record)?;
    let changes: Vec<&[u8]> = changes.iter().map(|change| change.bytes.as_slice()).collect();
    let tried = trial(kind, None, Sender::County, &changes).map_err(|_| Error::Damaged("a plan"))?;
    Ok(Some((tried.snapshot, tried.view)))
}

/// Whether this installation wrote in the record's plan.
pub(crate) fn is_written_here(connection: &Connection, record: RecordId) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM plan_changes WHERE record = ?1 AND actor IN (SELECT actor FROM actors)",
    )?;
    Ok(statement.exists([record.0])?)
}

/// Stores the document and what it says.
pub(crate) fn save(
    connection: &Connection,
    record: RecordId,
    snapshot: &[u8],
    view: &PlanView,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO plans (record, kind, view, snapshot, snapshot_hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET view = ?3, snapshot = ?4, snapshot_hash = ?5",
    )?;
    let hash = *blake3::hash(snapshot).as_bytes();
    statement.execute(params![
        record.0,
        view.kind as u8,
        view.to_bytes(),
        snapshot,
        hash
    ])?;
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
    kind: RecordKind,
    header: &ChangeHeader,
    bytes: &[u8],
    state: State,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO plan_changes (record, actor, seq, kind, hash, bytes, max_op, state, position)
         VALUES (?1, ?2, ?3, ?8, ?4, ?5, ?6, ?7, 0)
         ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![
        record.0,
        header.actor.0,
        count(header.seq),
        header.hash.0,
        bytes,
        count(header.max_op),
        state,
        kind as u8
    ])?;
    Ok(())
}

/// The changes of a plan, each actor's in order; those that are not what was written are left out.
pub(crate) fn changes(connection: &Connection, record: RecordId) -> Result<Vec<StoredChange>> {
    let mut statement = connection.prepare_cached(
        "SELECT actor, seq, hash, bytes, state FROM plan_changes WHERE record = ?1 ORDER BY actor, seq",
    )?;
    let mut rows = statement.query([record.0])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let (hash, bytes): ([u8; 32], Vec<u8>) = (row.get(2)?, row.get(3)?);
        // The name of a change is the hash of its bytes, so reading the header checks both.
        if ChangeHeader::read(&bytes).is_ok_and(|header| header.hash.0 == hash) {
            let seq = super::column::uncount(row.get(1)?);
            changes.push(StoredChange {
                actor: ActorId(row.get(0)?),
                seq,
                bytes,
                state: row.get(4)?,
            });
        } else {
            tracing::warn!(%record, "a damaged plan change was left out");
        }
    }
    Ok(changes)
}

/// The records that have plan changes which the county has not confirmed.
pub(crate) fn records_with_unsent(connection: &Connection) -> Result<BTreeSet<RecordId>> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT record FROM plan_changes WHERE state = 0")?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// How many changes of a record's plan the county has not confirmed.
pub(crate) fn unsent_of(connection: &Connection, record: RecordId) -> Result<u32> {
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM plan_changes WHERE record = ?1 AND state = 0")?;
    Ok(statement.query_row([record.0], |row| row.get(0))?)
}

/// One change and its record's kind; none where it is not here or damaged.
pub(crate) fn change(
    connection: &Connection,
    record: RecordId,
    actor: ActorId,
    seq: u64,
) -> Result<Option<(RecordKind, Vec<u8>)>> {
    let mut statement = connection.prepare_cached(
        "SELECT hash, bytes, kind FROM plan_changes WHERE record = ?1 AND actor = ?2 AND seq = ?3",
    )?;
    let mut rows = statement.query(params![record.0, actor.0, count(seq)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (hash, bytes): ([u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?);
    let kind = RecordKind::from_number(row.get(2)?);
    let is_whole = ChangeHeader::read(&bytes).is_ok_and(|header| header.hash.0 == hash);
    Ok(kind.filter(|_| is_whole).map(|kind| (kind, bytes)))
}

/// Notes how far a change has come.
pub(crate) fn change_came(
    connection: &Connection,
    record: RecordId,
    actor: ActorId,
    seq: u64,
    state: State,
    position: u64,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE plan_changes SET state = ?4, position = ?5 WHERE record = ?1 AND actor = ?2 AND seq = ?3",
    )?;
    statement.execute(params![record.0, actor.0, count(seq), state, count(position)])?;
    Ok(())
}

/// Takes an actor's changes from this one on out of their rows. They and the record's kind; none where there are none.
pub(crate) fn drop_from(
    connection: &Connection,
    record: RecordId,
    actor: ActorId,
    seq: u64,
) -> Result<Option<(RecordKind, Vec<Vec<u8>>)>> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM plan_changes WHERE record = ?1 AND actor = ?2 AND seq >= ?3 RETURNING kind, bytes",
    )?;
    let rows = statement.query_map(params![record.0, actor.0, count(seq)], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let gone: Vec<(u8, Vec<u8>)> = rows.collect::<rusqlite::Result<_>>()?;
    let kind = gone.first().and_then(|(kind, _)| RecordKind::from_number(*kind));
    Ok(kind.map(|kind| (kind, gone.into_iter().map(|(_, bytes)| bytes).collect())))
}

/// The names of the fields that these changes wrote.
pub(crate) fn fields_of(kind: RecordKind, changes: &[Vec<u8>]) -> BTreeSet<String> {
    let changes: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let touched = fields_touched(kind, None, &changes).unwrap_or_default();
    touched
        .into_iter()
        .flatten()
        .flat_map(|touched| touched.fields)
        .collect()
}

/// Makes a plan anew of the changes that are left.
pub(crate) fn rebuild(connection: &Connection, record: RecordId) -> Result<()> {
    match rebuilt(connection, record)? {
        Some((snapshot, view)) => save(connection, record, &snapshot, &view),
        None => Ok(()),
    }
}

/// Keeps a change that hangs on others which have not come, or of a record of a kind that a later version knows.
pub(crate) fn wait(connection: &Connection, record: RecordId, kind: u8, bytes: &[u8]) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO waiting_changes (record, hash, kind, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![record.0, *blake3::hash(bytes).as_bytes(), kind, bytes])?;
    Ok(())
}

/// Takes the changes of a record that waited.
pub(crate) fn take_waiting(connection: &Connection, record: RecordId) -> Result<Vec<Vec<u8>>> {
    let mut statement =
        connection.prepare_cached("DELETE FROM waiting_changes WHERE record = ?1 RETURNING bytes")?;
    let waited = statement.query_map([record.0], |row| row.get(0))?;
    Ok(waited.collect::<rusqlite::Result<_>>()?)
}
