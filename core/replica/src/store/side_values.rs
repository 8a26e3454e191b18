//! Side values: written once with the fact that they hang on, gone when the county says so.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::fact::{SideName, SideValue, photos};
use saddlebag_records::id::{FactId, RecordId};

use super::column::{count, device, signed, uncount};
use crate::error::Result;

/// Stores a side value of one's own; one that is here under the same name stays.
pub(crate) fn insert(connection: &Connection, side: &SideValue) -> Result<()> {
    receive(connection, side, 0)
}

/// Stores a side value that came with the county's log up to this row; one that is here under the same name stays.
pub(crate) fn receive(connection: &Connection, side: &SideValue, position: u64) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO side_values (record, device, n, name, value, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![
        side.record.0,
        signed(side.fact.device),
        count(side.fact.n),
        side.name as u8,
        side.value,
        count(position)
    ])?;
    Ok(())
}

/// Removes what came with rows above this one of a log that goes on from it. The records that lost something.
pub(crate) fn drop_above(connection: &Connection, row: u64) -> Result<Vec<RecordId>> {
    let mut statement =
        connection.prepare_cached("DELETE FROM side_values WHERE position > ?1 RETURNING record")?;
    let records = statement.query_map([count(row)], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// The side values of a record, by fact and name. Names that this version does not know are left out.
pub(crate) fn of_record(connection: &Connection, record: RecordId) -> Result<Vec<SideValue>> {
    let mut statement = connection.prepare_cached(
        "SELECT device, n, name, value FROM side_values WHERE record = ?1 ORDER BY device, n, name",
    )?;
    let mut rows = statement.query([record.0])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(name) = SideName::from_number(row.get(2)?) {
            let fact = FactId::new(device(row.get(0)?), uncount(row.get(1)?));
            values.push(SideValue {
                record,
                fact,
                name,
                value: row.get(3)?,
            });
        }
    }
    Ok(values)
}

/// The side values that hang on one fact.
pub(crate) fn of_fact(connection: &Connection, record: RecordId, fact: FactId) -> Result<Vec<SideValue>> {
    let mut statement = connection.prepare_cached(
        "SELECT name, value FROM side_values WHERE record = ?1 AND device = ?2 AND n = ?3 ORDER BY name",
    )?;
    let mut rows = statement.query(params![record.0, signed(fact.device), count(fact.n)])?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(name) = SideName::from_number(row.get(0)?) {
            values.push(SideValue {
                record,
                fact,
                name,
                value: row.get(1)?,
            });
        }
    }
    Ok(values)
}

/// A fact that names this photo, of a record that has not left, if there is one. Reads all side values: for when a
/// photo loses its record, or after a power cut.
pub(crate) fn naming(connection: &Connection, photo: &[u8; 32]) -> Result<Option<(RecordId, FactId)>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, device, n, value FROM side_values
         WHERE name = ?1 AND record NOT IN (SELECT record FROM tombstones)",
    )?;
    let mut rows = statement.query([SideName::Photo as u8])?;
    while let Some(row) = rows.next()? {
        let value = row.get_ref(3)?.as_blob().unwrap_or_default();
        if photos::names(value).is_some_and(|names| names.contains(photo)) {
            let fact = FactId::new(device(row.get(1)?), uncount(row.get(2)?));
            return Ok(Some((RecordId(row.get(0)?), fact)));
        }
    }
    Ok(None)
}

/// Removes one side value. What it was; none where it was not here.
pub(crate) fn remove(
    connection: &Connection,
    record: RecordId,
    fact: FactId,
    name: u8,
) -> Result<Option<Vec<u8>>> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM side_values WHERE record = ?1 AND device = ?2 AND n = ?3 AND name = ?4 RETURNING value",
    )?;
    let at = params![record.0, signed(fact.device), count(fact.n), name];
    Ok(statement.query_row(at, |row| row.get(0)).optional()?)
}
