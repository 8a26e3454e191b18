use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// How far something that this device wrote has come. The number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename = "FactState", rename_all = "snake_case")]
#[repr(u8)]
pub enum State {
    /// On this phone alone, for all that it knows: a receipt that was lost comes again.
    Local = 0,
    /// Durable at the county, shown to nobody else there.
    Held = 2,
    /// At the county.
    County = 3,
    /// The county does not keep it.
    Refused = 4,
    /// The county forgot its record.
    Gone = 5,
    /// Its bytes are not those that were written: set aside, to be asked for again.
    Damaged = 9,
}

impl State {
    const ALL: [Self; 6] = [
        Self::Local,
        Self::Held,
        Self::County,
        Self::Refused,
        Self::Gone,
        Self::Damaged,
    ];

    /// Whether the county has not confirmed it, and it is to go there.
    pub fn is_unsent(self) -> bool {
        self == Self::Local
    }

    /// Whether it is on this phone alone: not sent yet, or not taken.
    pub fn is_only_here(self) -> bool {
        matches!(self, Self::Local | Self::Refused)
    }

    /// Whether the county has it for good.
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Held | Self::County)
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as u8))
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let known = Self::ALL.into_iter().find(|state| *state as i64 == number);
        known.ok_or(FromSqlError::OutOfRange(number))
    }
}
