use std::fs::{File, OpenOptions, TryLockError};

use crate::error::Result;
use crate::replica::Replica;

/// Whoever has this file locked syncs.
pub(crate) const SYNC_LOCK: &str = "sync.lock";

/// The right to sync this folder, held by one holder among all processes. The kernel frees it with its holder, however
/// that one ends; it never runs out by time.
#[derive(Debug)]
#[must_use = "syncing is guarded only while this is held"]
pub struct SyncLock {
    // Closing the file frees the lock.
    _file: File,
}

/// What asking for the right to sync came to.
#[derive(Debug)]
pub enum SyncLocked {
    /// It is ours until dropped.
    Ours(SyncLock),
    /// Another process, or another handle, is syncing.
    Elsewhere,
}

impl Replica {
    /// Asks for the right to sync. Does not wait.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::Error::Io) where the folder cannot be written.
    pub fn sync_lock(&self) -> Result<SyncLocked> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.dir().join(SYNC_LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(SyncLocked::Ours(SyncLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(SyncLocked::Elsewhere),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
