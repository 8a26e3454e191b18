//! Plan edits that the county did not take.

use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use serde::Serialize;

use crate::error::{Error, Result};

/// An edit that the county did not take. The county's plan stands.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct RefusedEdit {
    /// Its number, by which it is marked as seen.
    pub id: i64,
    /// The record.
    pub record: RecordId,
    /// What was written, by field.
    pub edit: serde_json::Value,
    /// Why, as a stable code; `superseded` where it was no longer this person's to make.
    pub code: String,
    /// When this phone heard of it, UTC milliseconds.
    pub at_ms: i64,
}

/// Keeps what was not taken. `edit`: JSON.
pub(crate) fn add(
    connection: &Connection,
    record: RecordId,
    edit: &str,
    code: &str,
    at_ms: i64,
) -> Result<()> {
    let mut statement = connection
        .prepare_cached("INSERT INTO refused_edits (record, edit, code, at_ms) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![record.0, edit, code, at_ms])?;
    Ok(())
}

/// Those that the person has not seen, oldest first.
pub(crate) fn unseen(connection: &Connection) -> Result<Vec<RefusedEdit>> {
    let mut statement =
        connection.prepare_cached("SELECT id, record, edit, code, at_ms FROM refused_edits ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut edits = Vec::new();
    while let Some(row) = rows.next()? {
        let edit = row.get_ref(2)?.as_str().unwrap_or_default();
        edits.push(RefusedEdit {
            id: row.get(0)?,
            record: RecordId(row.get(1)?),
            edit: serde_json::from_str(edit).map_err(|_| Error::Damaged("a refused edit"))?,
            code: row.get(3)?,
            at_ms: row.get(4)?,
        });
    }
    Ok(edits)
}

/// The person has seen it, and it goes.
pub(crate) fn seen(connection: &Connection, id: i64) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM refused_edits WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}
