//! What the county showed this device before it began to read the log from the start: whoever reads so is never told what
//! left meanwhile.

use rusqlite::Connection;
use saddlebag_records::id::RecordId;

use crate::error::Result;

/// All that is granted now must be given again.
pub(crate) fn note(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "INSERT OR IGNORE INTO granted_before SELECT record FROM records WHERE granted = 1;
         INSERT OR IGNORE INTO granted_before VALUES (x'');",
    )?;
    Ok(())
}

/// This record was given.
pub(crate) fn given(connection: &Connection, record: RecordId) -> Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM granted_before WHERE record IN (?1, x'')")?;
    statement.execute([record.0])?;
    Ok(())
}

/// What was not given again, once all was read; none where nothing was given at all.
pub(crate) fn not_given_again(connection: &Connection) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare_cached(
        "SELECT record FROM granted_before
         WHERE record <> x'' AND NOT EXISTS (SELECT 1 FROM granted_before WHERE record = x'')",
    )?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// All of it went.
pub(crate) fn clear(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM granted_before")?
        .execute([])?;
    Ok(())
}
