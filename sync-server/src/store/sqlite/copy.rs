//! A copy of the file as it stands at one moment, made beside the writer.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::connection::reader;
use crate::store::StoreError;

/// Copies the file into a new one, which its owner alone can read. Free pages stay behind. `quiet` is held meanwhile:
/// a checkpoint that waits for readers would make the writer wait for this one.
pub(super) fn copy(file: &Path, to: &Path, quiet: &Mutex<()>) -> Result<(), StoreError> {
    let name = to.to_str().ok_or(StoreError::Misplaced)?;
    let new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to);
    new.map_err(|_| StoreError::Misplaced)?;
    let _quiet = quiet.lock().unwrap_or_else(PoisonError::into_inner);
    // One statement reads one moment, and never waits for the writer.
    reader(file)?.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}
