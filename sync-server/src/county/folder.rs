use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use saddlebag_records::id::CountyId;

use super::CountyError;

/// The folder that one server owns: `lock`, and below `counties/` a folder for each county.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Locked as long as it is open: the kernel frees it with its holder, however that ends.
    _lock: File,
}

impl DataFolder {
    /// Takes the folder, which is made where there is none. [`CountyError::Locked`] while another process has it.
    pub fn take(path: &Path) -> Result<Self, CountyError> {
        make_private(path)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(CountyError::Locked),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        make_private(&path.join("counties"))?;
        let folder = Self {
            path: path.canonicalize()?,
            _lock: lock,
        };
        // A restore that was killed left a whole county there, as readable as any.
        clear(&folder.restoring())?;
        Ok(folder)
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of a county.
    pub(crate) fn county(&self, id: CountyId) -> PathBuf {
        self.path.join("counties").join(id.to_string())
    }

    /// Where a county is put together before it gets its name.
    pub(crate) fn unfinished(&self, id: CountyId) -> PathBuf {
        self.path.join("counties").join(format!(".unfinished-{id}"))
    }

    /// Where a county is put together from a backup.
    pub(crate) fn restoring(&self) -> PathBuf {
        self.path.join("counties").join(".restoring")
    }

    /// Where what was there of a county goes when it is restored.
    pub(crate) fn aside(&self, id: CountyId, now_ms: i64) -> PathBuf {
        self.path
            .join("counties")
            .join(format!("{}{now_ms}", aside_prefix(id)))
    }

    /// What restores of a county have set aside, the newest last.
    pub(crate) fn set_aside(&self, id: CountyId) -> std::io::Result<Vec<PathBuf>> {
        let mut aside = Vec::new();
        for entry in std::fs::read_dir(self.path.join("counties"))? {
            let entry = entry?;
            let name = entry.file_name();
            if name
                .to_str()
                .is_some_and(|name| name.starts_with(&aside_prefix(id)))
            {
                aside.push(entry.path());
            }
        }
        aside.sort();
        Ok(aside)
    }

    /// The counties of this folder, in the order of their ids.
    pub fn counties(&self) -> Result<Vec<CountyId>, CountyError> {
        let mut ids = Vec::new();
        for entry in std::fs::read_dir(self.path.join("counties"))? {
            ids.extend(
                entry?
                    .file_name()
                    .to_str()
                    .and_then(|name| name.parse::<CountyId>().ok()),
            );
        }
        ids.sort();
        Ok(ids)
    }
}

fn aside_prefix(id: CountyId) -> String {
    format!(".set-aside-{id}-")
}

/// Makes a folder that its owner alone can look into.
pub(crate) fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Removes a folder with all that is in it, where there is one.
pub(crate) fn clear(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Writes a new file that its owner alone can read, and makes it durable. It must not exist.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_folder_of(path)
}

/// Makes a new name in a folder durable.
pub(crate) fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
