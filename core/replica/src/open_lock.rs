//! Who has a store open.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::{Error, Result};
use crate::store::making::owned;

/// Begins with the name of the database, as all that a wipe removes.
const OPEN_LOCK: &str = "records.db.open";

/// Held by everybody who has a store open, and by one alone who puts another in its place. The kernel frees it with its
/// holder.
#[derive(Debug)]
#[must_use = "the store is guarded only while this is held"]
pub(crate) struct OpenLock {
    // Closing the file frees the lock.
    _file: File,
}

impl OpenLock {
    /// For who opens the store beside others.
    pub(crate) fn shared(dir: &Path) -> Result<Self> {
        let file = owned(&dir.join(OPEN_LOCK))?;
        held(file.try_lock_shared())?;
        Ok(Self { _file: file })
    }

    /// For who wants it for themselves.
    pub(crate) fn alone(dir: &Path) -> Result<Self> {
        let file = owned(&dir.join(OPEN_LOCK))?;
        held(file.try_lock())?;
        Ok(Self { _file: file })
    }
}

fn held(lock: Result<(), TryLockError>) -> Result<()> {
    match lock {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::Busy),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
