//! How the last session of syncing ended: one row, none before the first.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use crate::error::Result;

/// How the last session of syncing ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct LastSync {
    /// When, UTC milliseconds, as well as this phone knew.
    pub at_ms: i64,
    /// Why it ended early, as a stable code; none where all was exchanged.
    pub code: Option<String>,
}

pub(crate) fn load(connection: &Connection) -> Result<Option<LastSync>> {
    let mut statement = connection.prepare_cached("SELECT at_ms, code FROM last_sync")?;
    let last = statement.query_row([], |row| {
        let code: String = row.get(1)?;
        Ok(LastSync {
            at_ms: row.get(0)?,
            code: (!code.is_empty()).then_some(code),
        })
    });
    Ok(last.optional()?)
}

pub(crate) fn save(connection: &Connection, at_ms: i64, code: Option<&str>) -> Result<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO last_sync (one, at_ms, code) VALUES (1, ?1, ?2)")?
        .execute(params![at_ms, code.unwrap_or_default()])?;
    Ok(())
}
