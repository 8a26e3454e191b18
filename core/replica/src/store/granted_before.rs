//! What the county showed this device before it began to read the log from the start: whoever reads so is never told what
//! left meanwhile.

use rusqlite::Connection;
use saddlebag_records::id::RecordId;

use crate::error::Result;

/// All that is granted now must be given again.
pub(crate) fn note(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "INSERT OR IGNORE INTO granted_before SELECT record FROM records WHERE granted = 1;
         INSERT OR IGNORE INTO granted_before VALUES (x'');
         DELETE FROM granted_before WHERE record = x'01';",
    )?;
    Ok(())
}

/// This device brought something while it read. The county gives nobody back what they brought just now, so a record of
/// which it had nothing before is not given, seen or not.
pub(crate) fn brought(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR IGNORE INTO granted_before SELECT x'01' WHERE EXISTS (SELECT 1 FROM granted_before)",
    )?;
    statement.execute([])?;
    Ok(())
}

/// Whether what was not given again may be what this device brought itself while it read: then it must read once more.
pub(crate) fn may_be_brought(connection: &Connection) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM granted_before AS lacking WHERE length(record) = 16
            AND EXISTS (SELECT 1 FROM granted_before WHERE record = x'01')
            AND (EXISTS (SELECT 1 FROM facts WHERE record = lacking.record AND position > 0)
                OR EXISTS (SELECT 1 FROM plan_changes WHERE record = lacking.record AND position > 0))",
    )?;
    Ok(statement.exists([])?)
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
         WHERE length(record) = 16 AND NOT EXISTS (SELECT 1 FROM granted_before WHERE record = x'')",
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
