//! Records that left this phone.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_protocol::ForgetReason;
use saddlebag_records::id::RecordId;

use crate::error::Result;

fn number(reason: ForgetReason) -> u8 {
    match reason {
        ForgetReason::NoLongerVisible => 0,
        ForgetReason::Retention => 1,
        ForgetReason::Person => 2,
    }
}

/// Remembers that a record left, and whether something that this phone wrote in it is still kept.
pub(crate) fn set(
    connection: &Connection,
    record: RecordId,
    reason: ForgetReason,
    sealed: bool,
) -> Result<()> {
    let mut statement = connection
        .prepare_cached("INSERT OR REPLACE INTO tombstones (record, reason, sealed) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![record.0, number(reason), sealed])?;
    Ok(())
}

/// The record is here again.
pub(crate) fn lift(connection: &Connection, record: RecordId) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM tombstones WHERE record = ?1")?
        .execute([record.0])?;
    Ok(())
}

/// Whether the record left, and if so, whether it was destroyed because it was about a person.
pub(crate) fn left(connection: &Connection, record: RecordId) -> Result<Option<bool>> {
    let mut statement = connection.prepare_cached("SELECT reason FROM tombstones WHERE record = ?1")?;
    let reason: Option<u8> = statement.query_row([record.0], |row| row.get(0)).optional()?;
    Ok(reason.map(|reason| reason == number(ForgetReason::Person)))
}

/// Whether the record was destroyed because it was about a person.
pub(crate) fn is_destroyed(connection: &Connection, record: RecordId) -> Result<bool> {
    Ok(left(connection, record)? == Some(true))
}

/// Records that left, with something still kept.
pub(crate) fn sealed(connection: &Connection) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT record FROM tombstones WHERE sealed = 1")?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// Nothing of it is kept any more.
pub(crate) fn unsealed(connection: &Connection, record: RecordId) -> Result<()> {
    connection
        .prepare_cached("UPDATE tombstones SET sealed = 0 WHERE record = ?1")?
        .execute([record.0])?;
    Ok(())
}
