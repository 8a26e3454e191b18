//! That this device goes on under another number.

use rusqlite::{Connection, params};
use saddlebag_records::id::DeviceNumber;
use serde::Serialize;

use super::column::{count, device, signed, uncount};
use crate::error::Result;

/// Why a device goes on under another number. The number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum WhyForked {
    /// It was restored from an older copy, or there is a copy of it.
    Copied = 0,
    /// A fact of its own was lost before the county had it: those after it cannot follow under the same number.
    FactLost = 1,
    /// The county was restored and does not know which numbers it gave.
    CountyRestored = 2,
}

impl WhyForked {
    fn from_number(number: u8) -> Self {
        match number {
            1 => Self::FactLost,
            2 => Self::CountyRestored,
            _ => Self::Copied,
        }
    }
}

/// That this device goes on under another number. Nothing is lost by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct ForkNotice {
    /// Its number, by which it is marked as seen.
    pub id: i64,
    /// The number that this device had.
    pub was: DeviceNumber,
    /// The number that it has now.
    pub device: DeviceNumber,
    /// Why.
    pub why: WhyForked,
    /// When the county said so, UTC milliseconds by its clock.
    pub at_ms: i64,
    /// Facts that were written again under the new number.
    pub facts: u64,
    /// Edits of plans that were made again.
    pub edits: u64,
}

/// Keeps it until the person has seen it, with what was written again so far.
pub(crate) fn add(
    connection: &Connection,
    (was, now): (DeviceNumber, DeviceNumber),
    why: WhyForked,
    at_ms: i64,
) -> Result<()> {
    let numbers = params![signed(was), signed(now), why as u8, at_ms];
    let known = connection
        .prepare_cached("UPDATE forks SET device = ?2, why = ?3, at_ms = ?4 WHERE was = ?1 AND device = ?1")?
        .execute(numbers)?;
    if known == 0 {
        connection
            .prepare_cached(
                "INSERT INTO forks (was, device, why, at_ms, facts, edits) VALUES (?1, ?2, ?3, ?4, 0, 0)",
            )?
            .execute(numbers)?;
    }
    Ok(())
}

/// So many more facts and edits are written again: because of the last one, or of one that is to come and of which
/// nobody is told before.
pub(crate) fn written_again(
    connection: &Connection,
    device: DeviceNumber,
    facts: u64,
    edits: u64,
) -> Result<()> {
    let more = params![signed(device), count(facts), count(edits)];
    let known = connection
        .prepare_cached("UPDATE forks SET facts = facts + ?2, edits = edits + ?3 WHERE device = ?1")?
        .execute(more)?;
    if known == 0 {
        connection
            .prepare_cached(
                "INSERT INTO forks (was, device, why, at_ms, facts, edits) VALUES (?1, ?1, 0, 0, ?2, ?3)",
            )?
            .execute(more)?;
    }
    Ok(())
}
/// Those that the person has not seen, oldest first.
pub(crate) fn unseen(connection: &Connection) -> Result<Vec<ForkNotice>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, was, device, why, at_ms, facts, edits FROM forks WHERE was <> device ORDER BY id",
    )?;
    let notices = statement.query_map([], |row| {
        Ok(ForkNotice {
            id: row.get(0)?,
            was: device(row.get(1)?),
            device: device(row.get(2)?),
            why: WhyForked::from_number(row.get(3)?),
            at_ms: row.get(4)?,
            facts: uncount(row.get(5)?),
            edits: uncount(row.get(6)?),
        })
    })?;
    Ok(notices.collect::<rusqlite::Result<_>>()?)
}

/// The person has seen it, and it goes.
pub(crate) fn seen(connection: &Connection, id: i64) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM forks WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}
