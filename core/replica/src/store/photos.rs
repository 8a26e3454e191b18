//! Photos, in a database of their own. A photo is committed first, the fact that names it after.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::id::{FactId, RecordId};
use serde::{Deserialize, Serialize};

use super::column::{Id, count, signed};
use super::state::State;
use crate::error::Result;

/// How a photo is sent: the lanes go one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Lane {
    /// A receipt: what an errand cost.
    Receipt = 0,
    /// A small copy of a photo.
    Thumbnail = 1,
    /// The photo itself.
    Photo = 2,
}

/// Keeps a photo. Its name is the BLAKE3 of its bytes; one that is here already stays as it is.
pub(crate) fn keep(connection: &Connection, lane: Lane, bytes: &[u8], taken_ms: i64) -> Result<[u8; 32]> {
    let hash = *blake3::hash(bytes).as_bytes();
    let mut statement = connection.prepare_cached(
        "INSERT INTO photos (hash, record, device, n, lane, state, taken_ms, length, bytes)
         VALUES (?1, x'', 0, 0, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?;
    let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    statement.execute(params![hash, lane as u8, State::Local, taken_ms, length, bytes])?;
    Ok(hash)
}

/// Says which fact names a photo.
pub(crate) fn belongs_to(
    connection: &Connection,
    hash: &[u8; 32],
    record: RecordId,
    fact: FactId,
) -> Result<()> {
    let mut statement =
        connection.prepare_cached("UPDATE photos SET record = ?2, device = ?3, n = ?4 WHERE hash = ?1")?;
    statement.execute(params![
        hash,
        Id::from(record),
        signed(fact.device),
        count(fact.n)
    ])?;
    Ok(())
}

/// A photo's bytes, checked against its name; none where it is not here, or is not what was kept.
pub(crate) fn bytes(connection: &Connection, hash: &[u8; 32]) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM photos WHERE hash = ?1")?;
    let bytes: Option<Vec<u8>> = statement.query_row([hash], |row| row.get(0)).optional()?;
    Ok(bytes.filter(|bytes| blake3::hash(bytes).as_bytes() == hash))
}

/// How many photos the county has not confirmed, and their bytes.
pub(crate) fn unsent(connection: &Connection) -> Result<(u64, u64)> {
    let mut statement =
        connection.prepare_cached("SELECT count(*), coalesce(sum(length), 0) FROM photos WHERE state = 0")?;
    Ok(statement.query_row([], |row| {
        Ok((
            row.get::<_, i64>(0)?.cast_unsigned(),
            row.get::<_, i64>(1)?.cast_unsigned(),
        ))
    })?)
}

/// Photos that no fact is known to name, taken before this, UTC milliseconds.
pub(crate) fn unnamed(connection: &Connection, before_ms: i64) -> Result<Vec<[u8; 32]>> {
    let mut statement = connection.prepare_cached("SELECT hash FROM photos WHERE n = 0 AND taken_ms < ?1")?;
    let found = statement.query_map([before_ms], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Takes a photo away; one that the county has not got only if told so.
pub(crate) fn drop(connection: &Connection, hash: &[u8; 32], unsent_too: bool) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM photos WHERE hash = ?1 AND (state <> 0 OR ?2)")?
        .execute(params![hash, unsent_too])?;
    Ok(())
}

/// The records that photos here belong to.
pub(crate) fn records(connection: &Connection) -> Result<Vec<RecordId>> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT record FROM photos WHERE record <> x''")?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// The photos that belong to a record.
pub(crate) fn of_record(connection: &Connection, record: RecordId) -> Result<Vec<[u8; 32]>> {
    let mut statement = connection.prepare_cached("SELECT hash FROM photos WHERE record = ?1")?;
    let hashes = statement.query_map([record.0], |row| row.get(0))?;
    Ok(hashes.collect::<rusqlite::Result<_>>()?)
}
