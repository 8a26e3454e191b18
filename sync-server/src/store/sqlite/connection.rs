//! Connections and what they are set to.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::migrations::{climb, recognise};
use crate::store::StoreError;

/// More than the statements that this backend has.
const STATEMENTS: usize = 256;
/// How long a connection waits for another's lock. The writer meets one for the last step of a checkpoint.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of the file the writer keeps at hand, as SQLite writes KiB. With the default of 2 MB a commit of many
/// jobs spills into the log before it is done.
const CACHE_KIB: i64 = -65_536;
/// To what the log of a quiet file shrinks, bytes.
const LOG_BYTES: i64 = 64 << 20;

/// Looks at a file and touches nothing, unless it is a county's of a version that this program knows.
pub(super) fn look_at(path: &Path) -> Result<(), StoreError> {
    recognise(&open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// The connection that writes, with every migration done.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Failed("no write-ahead log".into()));
    }
    // NORMAL lost acknowledged data in 57 of 80 simulated power cuts, FULL in none.
    conn.pragma_update(None, "synchronous", "FULL")?;
    #[cfg(feature = "planted-faults")]
    conn.pragma_update(None, "synchronous", crate::fault::synchronous())?;
    // A checkpoint here would stall the writer 160 to 460 ms: another connection does it.
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    // What is deleted is overwritten: forgotten is forgotten.
    conn.pragma_update(None, "secure_delete", true)?;
    climb(&conn)?;
    Ok(conn)
}

/// The connection that moves the log into the file.
pub(super) fn checkpointer(path: &Path) -> Result<Connection, StoreError> {
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(conn)
}

/// A connection that can only read.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn open(path: &Path, mode: OpenFlags) -> Result<Connection, StoreError> {
    if !path.is_file() {
        return Err(StoreError::Misplaced);
    }
    let conn = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(PATIENCE)?;
    // Else a statement whose bound value could make a partial index fit is prepared anew with every new value: two
    // fifths of the writer's time while a large manifest was imported.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(conn)
}
