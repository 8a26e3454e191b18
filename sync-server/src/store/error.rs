use std::sync::Arc;

/// What went wrong below the rules. Cloned to every job of a commit that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The disk is full: nothing of the job is kept, the store goes on, later jobs may succeed. HTTP 507.
    #[error("the disk is full")]
    Full,
    /// Stored bytes do not match their hash, or a row cannot be what it says. Never served.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// The file was written by a newer version. It was left untouched.
    #[error("the county's file is of version {found}, this program knows {known}")]
    FromTheFuture {
        /// The version of the file.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The file is a database, but not a county's. It was left untouched.
    #[error("not a county's file")]
    NotACounty,
    /// There is no file, or on creating one there already is.
    #[error("the county's file is missing, or already there")]
    Misplaced,
    /// The caller broke a rule of the store: a gap in a counter, a name given twice, a record that is not there.
    #[error("against a rule of the store: {0}")]
    Conflict(&'static str),
    /// The job panicked; nothing of it is kept.
    #[error("a job panicked")]
    Panicked,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// The disk or the database failed in another way.
    #[error("the database failed: {0}")]
    Failed(Arc<str>),
}

impl StoreError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full => "store_full",
            Self::Damaged(_) => "store_damaged",
            Self::FromTheFuture { .. } => "store_from_the_future",
            Self::NotACounty => "store_not_a_county",
            Self::Misplaced => "store_misplaced",
            Self::Conflict(_) => "store_conflict",
            Self::Panicked => "store_panicked",
            Self::Closed => "store_closed",
            Self::Failed(_) => "store_failed",
        }
    }
}
