//! How often a wrong pickup code was typed for a parcel, until a fact tells of it.

use rusqlite::{Connection, OptionalExtension};
use saddlebag_records::id::RecordId;

use crate::error::Result;

/// Counts one more. How many it are now.
pub(crate) fn count_one(connection: &Connection, record: RecordId) -> Result<u32> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO wrong_codes (record, tries) VALUES (?1, 1)
         ON CONFLICT DO UPDATE SET tries = tries + 1 RETURNING tries",
    )?;
    Ok(statement.query_row([record.0], |row| row.get(0))?)
}

/// How many it are.
pub(crate) fn of(connection: &Connection, record: RecordId) -> Result<u32> {
    let mut statement = connection.prepare_cached("SELECT tries FROM wrong_codes WHERE record = ?1")?;
    let tries = statement.query_row([record.0], |row| row.get(0));
    Ok(tries.optional()?.unwrap_or(0))
}

/// A fact tells of them.
pub(crate) fn forget(connection: &Connection, record: RecordId) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM wrong_codes WHERE record = ?1")?
        .execute([record.0])?;
    Ok(())
}
