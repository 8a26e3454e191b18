//! How ids stand in columns: sixteen bytes, or an empty blob where there is none.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};

/// An id, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) Option<[u8; 16]>);

impl Id {
    pub(crate) fn record(self) -> Option<RecordId> {
        self.0.map(RecordId)
    }

    pub(crate) fn person(self) -> Option<PersonId> {
        self.0.map(PersonId)
    }
}

impl From<RecordId> for Id {
    fn from(id: RecordId) -> Self {
        Self(Some(id.0))
    }
}

impl From<Option<RecordId>> for Id {
    fn from(id: Option<RecordId>) -> Self {
        Self(id.map(|id| id.0))
    }
}

impl From<Option<PersonId>> for Id {
    fn from(id: Option<PersonId>) -> Self {
        Self(id.map(|id| id.0))
    }
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_ref().map_or(&[][..], |id| &id[..])))
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_blob()? {
            [] => Ok(Self(None)),
            bytes => bytes
                .try_into()
                .map(|id| Self(Some(id)))
                .map_err(|_| FromSqlError::InvalidType),
        }
    }
}

/// A device number: SQLite has signed integers alone, so it is stored as the one with the same bits.
pub(crate) fn signed(device: DeviceNumber) -> i64 {
    device.0.cast_signed()
}

/// The device number that [`signed`] stored.
pub(crate) fn device(stored: i64) -> DeviceNumber {
    DeviceNumber(stored.cast_unsigned())
}

/// A counter as SQLite stores it. Counters start at 1 and never come near 2^63.
pub(crate) fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The counter that [`count`] stored.
pub(crate) fn uncount(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
