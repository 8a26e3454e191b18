//! The PIN: one row, none without one.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::clock::Observed;
use saddlebag_records::pin::PinHash;

use super::column::{count, uncount};
use crate::error::Result;

/// A PIN, and how often it was typed wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredPin {
    pub(crate) salt: [u8; 16],
    pub(crate) hash: PinHash,
    /// Wrong ones in a row.
    pub(crate) tries: u32,
    pub(crate) wait: Wait,
}

/// How long was to be waited from a moment on. No wall clock has a part in it: it can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    ms: u64,
    /// The moment, by the monotonic clock of this boot.
    mono_ms: u64,
    boot: u64,
}

impl Wait {
    /// So many milliseconds from now on.
    pub(crate) fn from(now: &Observed, ms: u64) -> Self {
        Self {
            ms,
            mono_ms: now.mono_ms,
            boot: now.boot,
        }
    }

    /// How much of it is left, in milliseconds. In another boot what passed since that boot began counts; how long the
    /// phone was off cannot be known, and does not.
    pub(crate) fn left(&self, now: &Observed) -> u64 {
        let passed = if now.boot == self.boot {
            now.mono_ms.saturating_sub(self.mono_ms)
        } else {
            now.mono_ms
        };
        self.ms.saturating_sub(passed)
    }
}

pub(crate) fn load(connection: &Connection) -> Result<Option<StoredPin>> {
    let mut statement =
        connection.prepare_cached("SELECT salt, hash, tries, wait_ms, mono_ms, boot FROM pin")?;
    let pin = statement.query_row([], |row| {
        Ok(StoredPin {
            salt: row.get(0)?,
            hash: PinHash(row.get(1)?),
            tries: row.get(2)?,
            wait: Wait {
                ms: uncount(row.get(3)?),
                mono_ms: uncount(row.get(4)?),
                boot: row.get::<_, i64>(5)?.cast_unsigned(),
            },
        })
    });
    Ok(pin.optional()?)
}

pub(crate) fn save(connection: &Connection, pin: &StoredPin) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO pin (one, salt, hash, tries, wait_ms, mono_ms, boot)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        pin.salt,
        pin.hash.0,
        pin.tries,
        count(pin.wait.ms),
        count(pin.wait.mono_ms),
        pin.wait.boot.cast_signed(),
    ])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection) -> Result<()> {
    connection.prepare_cached("DELETE FROM pin")?.execute([])?;
    Ok(())
}
