//! The private halves of the keys to which answers to one's own appeals are sealed.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::id::RecordId;

use crate::error::Result;

pub(crate) fn save(connection: &Connection, record: RecordId, secret: &[u8; 32]) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO answer_keys (record, secret) VALUES (?1, ?2)")?
        .execute(params![record.0, secret])?;
    Ok(())
}

/// The key of this appeal, if this phone raised it.
pub(crate) fn of(connection: &Connection, record: RecordId) -> Result<Option<[u8; 32]>> {
    let mut statement = connection.prepare_cached("SELECT secret FROM answer_keys WHERE record = ?1")?;
    Ok(statement.query_row([record.0], |row| row.get(0)).optional()?)
}
