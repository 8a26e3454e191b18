//! Moving the log into the file, beside the writer.

use std::path::Path;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use super::connection::checkpointer;
use crate::store::StoreError;

/// How many rows the writer writes between two checkpoints: some thousand pages.
pub(super) const ROWS: u64 = 4_000;
/// From how many pages on the writer is held up for a moment, so that the log can begin anew. Under a load
/// without a gap it would grow for ever.
const LONG_LOG: i64 = 16_384;

/// How long the writer may be held up for the log to be emptied.
const PATIENCE: Duration = Duration::from_secs(5);

/// Checkpoints once for every hint, until the writer is gone. While `quiet` is held somebody reads for long.
pub(super) fn run(conn: &Connection, hints: &Receiver<()>, quiet: &Mutex<()>, alone: &Mutex<()>) {
    while hints.recv().is_ok() {
        let _alone = alone.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = checkpoint(conn, quiet) {
            tracing::warn!(code = error.code(), "checkpoint failed");
        }
    }
}

/// Moves all of the log into the file and leaves it empty: what was deleted stands in its pages of before. Says whether
/// nobody was in the way. `alone`: of two that checkpoint at a time SQLite refuses one at once.
pub(super) fn empty(file: &Path, quiet: &Mutex<()>, alone: &Mutex<()>) -> Result<bool, StoreError> {
    let _quiet = quiet.lock().unwrap_or_else(PoisonError::into_inner);
    let _alone = alone.lock().unwrap_or_else(PoisonError::into_inner);
    let conn = checkpointer(file)?;
    // Most of it beside the writer, so that it waits for the rest alone; and not for long, should somebody read.
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    conn.busy_timeout(PATIENCE)?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

fn checkpoint(conn: &Connection, quiet: &Mutex<()>) -> Result<(), StoreError> {
    let pages: i64 = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))?;
    if pages > LONG_LOG
        && let Ok(_quiet) = quiet.try_lock()
    {
        conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))?;
    }
    Ok(())
}
