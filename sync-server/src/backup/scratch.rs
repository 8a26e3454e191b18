use std::path::{Path, PathBuf};

use super::BackupError;
use crate::county::{clear, make_private};

/// A folder in which a backup lies unpacked, as readable as the county itself. It goes when this is dropped, however that
/// comes, but for what was given another name by then.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes it, without what one that was killed left there.
    pub(super) fn at(path: PathBuf) -> Result<Self, BackupError> {
        let made = clear(&path).and_then(|()| make_private(&path));
        made.map_err(|error| BackupError::Disk(path.clone(), error))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = clear(&self.0) {
            tracing::error!(%error, "what was unpacked of a backup could not be removed");
        }
    }
}
