use std::io;
use std::path::PathBuf;

use crate::county::{CountyError, is_full};
use crate::store::StoreError;

/// Why a backup was not taken, not read, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Another one of the same county is being taken.
    #[error("a backup is being taken")]
    Running,
    /// The key file holds no key.
    #[error("{}: no key", .0.display())]
    NoKey(PathBuf),
    /// The backup is sealed to another key.
    #[error("{}: another key", .0.display())]
    OtherKey(PathBuf),
    /// The file is no backup, or not as it was written.
    #[error("{}: {what}", .0.display(), what = .1)]
    Damaged(PathBuf, &'static str),
    /// A newer version wrote it.
    #[error("{}: of a newer version", .0.display())]
    FromTheFuture(PathBuf),
    /// A county is to be restored as if its journal were lost, and it is not.
    #[error("{}: a journal", .0.display())]
    JournalThere(PathBuf),
    /// The county.
    #[error(transparent)]
    County(#[from] CountyError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk.
    #[error("{}: {what}", .0.display(), what = .1)]
    Disk(PathBuf, io::Error),
}

impl BackupError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Running => "backup_running",
            Self::NoKey(_) => "backup_no_key",
            Self::OtherKey(_) => "backup_other_key",
            Self::Damaged(..) => "backup_damaged",
            Self::FromTheFuture(_) => "backup_from_the_future",
            Self::JournalThere(_) => "journal_there",
            Self::County(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Disk(_, error) => match error.kind() {
                io::ErrorKind::NotFound => "no_such_file",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "folder_not_writable",
                _ if is_full(error) => "store_full",
                _ => "disk_failed",
            },
        }
    }
}
