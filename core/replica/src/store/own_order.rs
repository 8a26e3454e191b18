//! The order that this person gave to what they may not order in its plan.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::id::RecordId;

use crate::error::Result;

/// Its place on the route, if it was given one here.
pub(crate) fn of(connection: &Connection, record: RecordId) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT route_order FROM own_order WHERE record = ?1")?;
    Ok(statement.query_row([record.0], |row| row.get(0)).optional()?)
}

/// Gives it this place.
pub(crate) fn set(connection: &Connection, record: RecordId, order: i64) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO own_order (record, route_order) VALUES (?1, ?2)")?
        .execute(params![record.0, order])?;
    Ok(())
}
