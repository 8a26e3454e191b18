//! Plans: one document a record, its changes, and what it says. Nothing is kept in memory between transactions.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::{ChangeHeader, PlanView, Verdict, fields_touched, trial};

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

/// A change that the county serves is there, whatever was heard of it.
pub(crate) fn known_at_the_county(
    connection: &Connection,
    record: RecordId,
    header: &ChangeHeader,
    position: u64,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE plan_changes SET state = ?4, position = ?5
         WHERE record = ?1 AND actor = ?2 AND seq = ?3 AND state = 0",
    )?;
    let seq = count(header.seq);
    statement.execute(params![
        record.0,
        header.actor.0,
        seq,
        State::County,
        count(position)
    ])?;
    Ok(())
}

/// What was taken out of a plan.
#[derive(Clone, Debug)]
pub(crate) struct TakenOut {
    pub(crate) kind: RecordKind,
    /// The names of the fields that the change wrote.
    pub(crate) fields: BTreeSet<String>,
    /// The names of other fields, which were written by what was built on it.
    pub(crate) built: BTreeSet<String>,
    /// What the plan said with it, and what it says without; none where the plan is not here any more.
    pub(crate) plan: Option<(PlanView, PlanView)>,
}

fn kind_of_change(
    connection: &Connection,
    record: RecordId,
    actor: ActorId,
    seq: u64,
) -> Result<Option<RecordKind>> {
    let mut statement = connection
        .prepare_cached("SELECT kind FROM plan_changes WHERE record = ?1 AND actor = ?2 AND seq >= ?3")?;
    let kind: Option<u8> = statement
        .query_row(params![record.0, actor.0, count(seq)], |row| row.get(0))
        .optional()?;
    Ok(kind.and_then(RecordKind::from_number))
}

/// Takes an actor's changes from this one on out of a plan, and those of this installation that were built on them and
/// are not at the county. None where there are none.
pub(crate) fn take_out(
    connection: &Connection,
    record: RecordId,
    actor: ActorId,
    seq: u64,
) -> Result<Option<TakenOut>> {
    let Some(kind) = kind_of_change(connection, record, actor, seq)? else {
        return Ok(None);
    };
    let (before, snapshot) = (view(connection, record)?, snapshot(connection, record)?);
    let mut statement = connection.prepare_cached(
        "DELETE FROM plan_changes WHERE record = ?1 AND actor = ?2 AND seq >= ?3 RETURNING seq = ?3, bytes",
    )?;
    let gone = statement.query_map(params![record.0, actor.0, count(seq)], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let (first, later): (Vec<(bool, Vec<u8>)>, Vec<_>) = gone
        .collect::<rusqlite::Result<Vec<_>>>()?
        .into_iter()
        .partition(|(is_first, _)| *is_first);
    let mut gone: Vec<Vec<u8>> = first
        .iter()
        .chain(&later)
        .map(|(_, bytes)| bytes.clone())
        .collect();
    gone.extend(take_out_orphans(connection, record, &gone)?);
    let changes: Vec<&[u8]> = gone.iter().map(Vec::as_slice).collect();
    let touched = fields_touched(kind, snapshot.as_deref(), &changes).unwrap_or_default();
    let (mut fields, mut built) = (BTreeSet::new(), BTreeSet::new());
    for (place, touched) in touched.into_iter().enumerate() {
        let of = if place < first.len() {
            &mut fields
        } else {
            &mut built
        };
        of.extend(touched.into_iter().flat_map(|touched| touched.fields));
    }
    built.retain(|field| !fields.contains(field));
    let rebuilt = rebuilt(connection, record)?;
    if let Some((snapshot, after)) = &rebuilt {
        save(connection, record, snapshot, after)?;
    }
    Ok(Some(TakenOut {
        kind,
        fields,
        built,
        plan: before.zip(rebuilt.map(|(_, after)| after)),
    }))
}

/// Takes out what hangs on changes that are gone. The county has none of it, since it has none of those.
fn take_out_orphans(connection: &Connection, record: RecordId, gone: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let hash = |bytes: &[u8]| ChangeHeader::read(bytes).ok().map(|header| header.hash);
    let mut hashes: HashSet<_> = gone.iter().filter_map(|bytes| hash(bytes)).collect();
    let mut left = changes(connection, record)?;
    let mut orphans = Vec::new();
    let mut delete = connection
        .prepare_cached("DELETE FROM plan_changes WHERE record = ?1 AND actor = ?2 AND seq = ?3")?;
    loop {
        let hangs = |change: &StoredChange| {
            ChangeHeader::read(&change.bytes)
                .is_ok_and(|header| header.deps.iter().any(|dep| hashes.contains(dep)))
        };
        let (more, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(hangs);
        if more.is_empty() {
            return Ok(orphans);
        }
        for change in more {
            delete.execute(params![record.0, change.actor.0, count(change.seq)])?;
            hashes.extend(hash(&change.bytes));
            orphans.push(change.bytes);
        }
        left = rest;
    }
}

/// Makes a plan of the changes that are here and no document of. Those that hang on others which are not wait for them.
pub(crate) fn of_changes(connection: &Connection, record: RecordId, kind: RecordKind) -> Result<()> {
    let changes = changes(connection, record)?;
    let bytes: Vec<&[u8]> = changes.iter().map(|change| change.bytes.as_slice()).collect();
    let Ok(tried) = trial(kind, None, Sender::County, &bytes) else {
        return bytes
            .iter()
            .try_for_each(|bytes| wait(connection, record, kind as u8, bytes));
    };
    let mut is_begun = false;
    for (bytes, verdict) in bytes.iter().zip(&tried.verdicts) {
        match verdict {
            Verdict::Admitted(_) | Verdict::Known(_) => is_begun = true,
            Verdict::Waiting { .. } | Verdict::Later => wait(connection, record, kind as u8, bytes)?,
            Verdict::Refused(_) => {}
        }
    }
    if is_begun {
        save(connection, record, &tried.snapshot, &tried.view)?;
    }
    Ok(())
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
