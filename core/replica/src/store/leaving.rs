//! That this device is to leave the county.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::leaving::Leaving;

fn row(connection: &Connection) -> Result<Option<(Leaving, bool)>> {
    let mut statement = connection.prepare_cached("SELECT why, ordered FROM leaving")?;
    let row = statement.query_row([], |row| Ok((row.get::<_, u8>(0)?, row.get(1)?)));
    Ok(row
        .optional()?
        .map(|(why, ordered)| (Leaving::from_number(why), ordered)))
}

/// Why it is to leave; none where it is not.
pub(crate) fn told(connection: &Connection) -> Result<Option<Leaving>> {
    Ok(row(connection)?.map(|(why, _)| why))
}

/// Keeps what the county said of it last.
pub(crate) fn note(connection: &Connection, leaving: Option<Leaving>) -> Result<()> {
    if told(connection)? == leaving {
        return Ok(());
    }
    match leaving {
        Some(why) => set(connection, why, false),
        None => Ok(connection.execute("DELETE FROM leaving", []).map(drop)?),
    }
}

/// From now on what is here is being destroyed.
pub(crate) fn set_ordered(connection: &Connection, why: Leaving) -> Result<()> {
    set(connection, why, true)
}

/// Why what is here is being destroyed; none where it is not.
pub(crate) fn ordered(connection: &Connection) -> Result<Option<Leaving>> {
    Ok(row(connection)?
        .filter(|(_, ordered)| *ordered)
        .map(|(why, _)| why))
}

fn set(connection: &Connection, why: Leaving, ordered: bool) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO leaving (one, why, ordered) VALUES (1, ?1, ?2)";
    connection.execute(sql, params![why as u8, ordered])?;
    Ok(())
}
