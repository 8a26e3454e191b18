//! Whose devices wrote the facts.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::status::Authors;

use super::column::signed;
use super::identity;
use crate::error::Result;
use crate::project::Reader;

/// The authors of these facts, as far as they are known.
pub(crate) fn of<'a>(
    connection: &Connection,
    reader: &Reader,
    facts: impl IntoIterator<Item = &'a Fact>,
) -> Result<Authors> {
    let devices: BTreeSet<DeviceNumber> = facts.into_iter().map(|fact| fact.id.device).collect();
    let mut authors = Authors::default();
    let mut known = connection.prepare_cached("SELECT person FROM authors WHERE device = ?1")?;
    for device in devices {
        let author = match device == reader.device || identity::is_own(connection, device)? {
            true => Some(reader.person),
            false => known
                .query_row([signed(device)], |row| row.get(0).map(PersonId))
                .optional()?,
        };
        if let Some(author) = author {
            authors.0.insert(device, author);
        }
    }
    Ok(authors)
}

/// Remembers whose device this is. The records that are to be read anew for it: those with facts of that device, where
/// the news is one.
pub(crate) fn learn(
    connection: &Connection,
    device: DeviceNumber,
    person: PersonId,
) -> Result<Vec<RecordId>> {
    let mut set = connection.prepare_cached(
        "INSERT INTO authors (device, person) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET person = ?2 WHERE person <> ?2",
    )?;
    if set.execute(params![signed(device), person.0])? == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached("SELECT DISTINCT record FROM facts WHERE device = ?1")?;
    let records = statement.query_map([signed(device)], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}
