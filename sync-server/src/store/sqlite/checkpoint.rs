//! Moving the log into the file, beside the writer.

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use crate::store::StoreError;

/// How many rows the writer writes between two checkpoints: some thousand pages.
pub(super) const ROWS: u64 = 4_000;
/// From how many pages on the writer is held up for a moment, so that the log can begin anew. Under a load
/// without a gap it would grow for ever.
const LONG_LOG: i64 = 16_384;

/// Checkpoints once for every hint, until the writer is gone. While `quiet` is held somebody reads for long.
pub(super) fn run(conn: &Connection, hints: &Receiver<()>, quiet: &Mutex<()>) {
    while hints.recv().is_ok() {
        if let Err(error) = checkpoint(conn, quiet) {
            tracing::warn!(code = error.code(), "checkpoint failed");
        }
    }
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
