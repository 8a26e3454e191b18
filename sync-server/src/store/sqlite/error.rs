use std::sync::Arc;

use rusqlite::Error;
use rusqlite::ffi;

use crate::store::StoreError;

/// What a full disk looks like: on a full file system, under a file size limit (`RLIMIT_FSIZE`), and where the
/// shared index of the log cannot grow.
const FULL: [i32; 3] = [
    ffi::SQLITE_FULL,
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_SHMSIZE,
];

/// What SQLite says, with its most common code, of a table that is called otherwise.
const NO_SUCH: &str = "no such ";

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::SqliteFailure(failure, _) if FULL.contains(&failure.extended_code) => Self::Full,
            Error::SqliteFailure(failure, Some(said))
                if failure.extended_code == ffi::SQLITE_ERROR && said.starts_with(NO_SUCH) =>
            {
                Self::Damaged("schema")
            }
            Error::SqliteFailure(failure, _) => match failure.extended_code & 0xFF {
                ffi::SQLITE_CONSTRAINT => Self::Conflict("given twice"),
                ffi::SQLITE_CORRUPT => Self::Damaged("file"),
                ffi::SQLITE_NOTADB => Self::NotACounty,
                _ => Self::Failed(Arc::from(error.to_string())),
            },
            // Every statement is tried by a test: one that does not fit meets a schema that is not as it was written.
            Error::SqlInputError { .. } => Self::Damaged("schema"),
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..) => Self::Damaged("row"),
            _ => Self::Failed(Arc::from(error.to_string())),
        }
    }
}
