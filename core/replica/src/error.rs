mod codes;

use saddlebag_records::cash::CashError;
use saddlebag_records::fact::Unfit;
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::pin::PinError;
use saddlebag_records::plan::EditError;
use saddlebag_records::tip_text::TipTextRefusal;

/// Why a verb could not be carried out. Nothing was changed. What is to be expected in a day's work is a value of
/// the verb's own result instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is not a database under this key: the key is wrong, or the file is damaged at its very start.
    #[error("the key does not open the database: it is another store's, or the file is damaged at its start")]
    WrongKey,
    /// A newer app wrote this database.
    #[error("the database is of version {found}, and this app knows versions up to {known}")]
    FutureDatabase {
        /// The version of the file.
        found: u32,
        /// The latest version that this app knows.
        known: u32,
    },
    /// The device belongs to no county yet.
    #[error("not enrolled")]
    NotEnrolled,
    /// The device belongs to another county, or to another person.
    #[error("enrolled elsewhere")]
    EnrolledElsewhere,
    /// The record is not on this phone.
    #[error("no such record here: {0}")]
    UnknownRecord(RecordId),
    /// The fact is not on this phone.
    #[error("no such fact here: {0}")]
    UnknownFact(FactId),
    /// The route has no such stop.
    #[error("no such stop on the route")]
    UnknownStop,
    /// Facts of this kind are not about records of that kind, or this version does not know the kind.
    #[error("no such fact about such a record")]
    UnknownKind,
    /// A fact of this kind has no field of this name.
    #[error("no such field of such a fact: {0}")]
    UnknownField(String),
    /// What a field is told to hold cannot be read as what it holds.
    #[error("a field cannot be read: {0}")]
    UnreadableField(String),
    /// A field of the fact is missing, out of range or foreign to it.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// A side value does not have the form that its name asks for, or stands twice.
    #[error("a side value is malformed")]
    UnfitSideValue,
    /// The fact would be longer than a fact may be, or follow more facts than one can name.
    #[error("the fact is too long")]
    TooLong,
    /// This person's role never writes that, or not about what somebody else wrote. The code is the county's own.
    #[error("not theirs to write: {0}")]
    NotTheirs(&'static str),
    /// Words that others read hold what they may not.
    #[error(transparent)]
    Words(#[from] TipTextRefusal),
    /// Cash or a parcel goes to a colleague, never to oneself.
    #[error("it goes to whoever has it")]
    ToOneself,
    /// This colleague's role never takes cash, so the giver would owe it for good.
    #[error("they take no cash")]
    TakesNoCash,
    /// The plan cannot be edited so.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// It is no PIN.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// Sums of money overflow.
    #[error(transparent)]
    Cash(#[from] CashError),
    /// Everything that was here was destroyed, as the county ordered.
    #[error("everything here was destroyed, as the county ordered")]
    Wiped,
    /// What answered is not the county, or said what no county says.
    #[error("what came is no answer of a county")]
    ForeignAnswer,
    /// The app itself failed.
    #[error("the app itself failed")]
    Panicked,
    /// Another process, or another handle, has been writing for longer than this one could wait.
    #[error("another process is writing")]
    Busy,
    /// There is no room left.
    #[error("the disk is full")]
    DiskFull,
    /// The folder of the store, or the disk that it lies on, may not be written to.
    #[error("the folder may not be written to")]
    FolderNotWritable,
    /// The store could not do what it was asked.
    #[error("store: {0}")]
    Store(rusqlite::Error),
    /// A folder or file could not be read or written.
    #[error(transparent)]
    Io(std::io::Error),
    /// The store is damaged, or holds what this version cannot read.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
}

/// A first page that is none, or that another key wrote.
pub(crate) const NOT_A_DATABASE: &str = "not a database";

/// What a verb gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The stable code of this error: callers match on it, never on the text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongKey => "wrong_key",
            Self::FutureDatabase { .. } => "future_database",
            Self::NotEnrolled => "not_enrolled",
            Self::EnrolledElsewhere => "enrolled_elsewhere",
            Self::UnknownRecord(_) => "unknown_record",
            Self::UnknownFact(_) => "unknown_fact",
            Self::UnknownStop => "unknown_stop",
            Self::UnknownKind => "unknown_kind",
            Self::UnknownField(_) => "unknown_field",
            Self::UnreadableField(_) => "unreadable_field",
            Self::Unfit(_) => "unfit_fact",
            Self::UnfitSideValue => "unfit_side_value",
            Self::TooLong => "fact_too_long",
            Self::NotTheirs(code) => code,
            Self::ToOneself => "to_oneself",
            Self::TakesNoCash => "takes_no_cash",
            Self::Words(refusal) => refusal.code(),
            Self::Edit(error) => error.code(),
            Self::Pin(error) => error.code(),
            Self::Cash(error) => error.code(),
            Self::Wiped => "wiped",
            Self::ForeignAnswer => "foreign_server",
            Self::Panicked => "internal_app",
            Self::Busy => "busy",
            Self::DiskFull => "disk_full",
            Self::FolderNotWritable => "folder_not_writable",
            Self::Store(_) => "store",
            Self::Io(_) => "io",
            Self::Damaged(_) => "damaged",
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        // A full file system, a file size limit, and no room for the log's index.
        const NO_ROOM: [i32; 3] = [
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_SHMSIZE,
            ffi::SQLITE_IOERR_SHMMAP,
        ];
        const TORN: [i32; 3] = [
            ffi::SQLITE_IOERR_SHORT_READ,
            ffi::SQLITE_IOERR_DATA,
            ffi::SQLITE_IOERR_CORRUPTFS,
        ];
        let extended = error.sqlite_error().map_or(0, |e| e.extended_code);
        match extended & 0xff {
            ffi::SQLITE_NOTADB => Self::Damaged(NOT_A_DATABASE),
            ffi::SQLITE_CORRUPT => Self::Damaged("a page of the database"),
            ffi::SQLITE_IOERR if TORN.contains(&extended) => Self::Damaged("the database ends too early"),
            ffi::SQLITE_FULL => Self::DiskFull,
            ffi::SQLITE_IOERR if NO_ROOM.contains(&extended) => Self::DiskFull,
            ffi::SQLITE_READONLY | ffi::SQLITE_PERM => Self::FolderNotWritable,
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Self::Busy,
            _ => Self::Store(error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Self::DiskFull,
            ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Self::FolderNotWritable,
            _ => Self::Io(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use rusqlite::ffi;

    use super::Error;

    /// A disk that failed, and was made read-only under an open store, says so at the next write.
    #[test]
    fn what_may_not_be_written_to_is_told_from_what_failed() {
        let of = |code| Error::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for code in [
            ffi::SQLITE_READONLY,
            ffi::SQLITE_READONLY_DIRECTORY,
            ffi::SQLITE_READONLY_CANTINIT,
            ffi::SQLITE_PERM,
        ] {
            assert_eq!(of(code).code(), "folder_not_writable");
        }
        assert_eq!(of(ffi::SQLITE_IOERR_READ).code(), "store");
        for kind in [ErrorKind::ReadOnlyFilesystem, ErrorKind::PermissionDenied] {
            assert_eq!(
                Error::from(std::io::Error::from(kind)).code(),
                "folder_not_writable"
            );
        }
    }
}
