//! Side values: written once with the fact that they hang on, gone when the county says so.

use rusqlite::{Connection, params};
use saddlebag_records::fact::{SideName, SideValue};
use saddlebag_records::id::{FactId, RecordId};

use super::column::{count, device, signed, uncount};
use crate::error::Result;

/// Stores a side value; one that is here under the same name stays.
pub(crate) fn insert(connection: &Connection, side: &SideValue) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO side_values (record, device, n, name, value) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?;
    statement.execute(params![
        side.record.0,
        signed(side.fact.device),
        count(side.fact.n),
        side.name as u8,
        side.value
    ])?;
    Ok(())
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

/// The fact whose side value this is, if there is one. Reads all of them: for what happens after a power cut alone.
pub(crate) fn naming(
    connection: &Connection,
    name: SideName,
    value: &[u8],
) -> Result<Option<(RecordId, FactId)>> {
    let mut statement = connection
        .prepare_cached("SELECT record, device, n FROM side_values WHERE name = ?1 AND value = ?2 LIMIT 1")?;
    let mut rows = statement.query(params![name as u8, value])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((
        RecordId(row.get(0)?),
        FactId::new(device(row.get(1)?), uncount(row.get(2)?)),
    )))
}

/// Removes one side value.
pub(crate) fn remove(connection: &Connection, record: RecordId, fact: FactId, name: u8) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM side_values WHERE record = ?1 AND device = ?2 AND n = ?3 AND name = ?4",
    )?;
    statement.execute(params![record.0, signed(fact.device), count(fact.n), name])?;
    Ok(())
}
