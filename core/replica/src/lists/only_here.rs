use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use serde::Serialize;
use std::collections::BTreeSet;

use super::item::{Item, items};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::column::{count, signed};
use crate::store::facts::WAITING;
use crate::store::own::Own;
use crate::store::state::State;
use crate::store::{identity, photos, plans};

/// What is on this phone alone: what would be lost if it fell into the river now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct OnlyHere {
    /// Records in which something waits to be sent.
    pub records: u64,
    /// Facts that wait.
    pub facts: u64,
    /// Edits of plans that wait.
    pub edits: u64,
    /// Facts that the county did not take. They stay on this phone alone, and go nowhere.
    pub not_taken: u64,
    /// Records with such a fact in which nothing waits.
    pub not_taken_records: u64,
    /// Photos.
    pub photos: u64,
    /// Their bytes.
    pub photo_bytes: u64,
    /// Tips and appeals that wait for a one-time number; their facts are counted above.
    pub waiting_for_a_number: u64,
    /// When the county last answered, UTC milliseconds by its own clock.
    pub county_answered_ms: Option<i64>,
}

impl Replica {
    /// What is only on this phone.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn only_here(&self) -> Result<OnlyHere> {
        let mut only = self.read(|connection| {
            let mut records = BTreeSet::new();
            let mut only = OnlyHere::default();
            for (record, facts) in unsent_facts(connection, self.surroundings().built_ms)? {
                records.insert(record);
                only.facts += facts;
            }
            only.edits = connection
                .prepare_cached("SELECT count(*) FROM plan_changes WHERE state = 0")?
                .query_row([], |row| row.get::<_, i64>(0))
                .map(i64::cast_unsigned)?;
            records.extend(plans::records_with_unsent(connection)?);
            only.records = records.len() as u64;
            for (record, facts) in refused_facts(connection)? {
                only.not_taken += facts;
                only.not_taken_records += u64::from(!records.contains(&record));
            }
            only.waiting_for_a_number = connection
                .prepare_cached("SELECT count(DISTINCT record) FROM facts WHERE device = ?1")?
                .query_row([signed(WAITING)], |row| row.get::<_, i64>(0))
                .map(i64::cast_unsigned)?;
            only.county_answered_ms = crate::store::exchange::answered_ms(connection)?;
            Ok(only)
        })?;
        (only.photos, only.photo_bytes) = self.read_photos(photos::unsent)?;
        Ok(only)
    }

    /// The records in which something is on this phone alone: not sent yet, or a fact that the county did not take.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn unsent(&self) -> Result<Vec<Item>> {
        self.read(|connection| {
            let mut records = plans::records_with_unsent(connection)?;
            let facts = unsent_facts(connection, self.surroundings().built_ms)?;
            let refused = refused_facts(connection)?;
            records.extend(facts.into_iter().chain(refused).map(|(record, _)| record));
            let mut found = Vec::with_capacity(records.len());
            for record in records {
                found.extend(items(connection, "record = ?1", params![record.0])?);
            }
            Ok(found)
        })
    }
}

/// The records with facts that the county has not confirmed, and how many. Only the end of the device's own facts, and
/// the few under one-time numbers, are looked at.
fn unsent_facts(connection: &Connection, built_ms: i64) -> Result<Vec<(RecordId, u64)>> {
    if identity::identity(connection)?.is_none() {
        return Ok(Vec::new());
    }
    let own = Own::load(connection, built_ms)?;
    let author = identity::author(connection)?;
    let mut statement = connection.prepare_cached(
        "SELECT record, count(*) FROM (
            SELECT record, state FROM facts WHERE device = ?1 AND n >= ?2
            UNION ALL SELECT record, state FROM facts WHERE device = ?3
            UNION ALL SELECT facts.record, state FROM one_time_numbers AS own CROSS JOIN facts
                ON facts.device = own.number WHERE own.record <> x''
         ) WHERE state = 0 GROUP BY record",
    )?;
    let rows = statement.query_map(
        params![signed(author.device), count(own.first_unsent), signed(WAITING)],
        |row| Ok((RecordId(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned())),
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The records with facts that the county did not take, and how many, whether the person has seen that or not.
fn refused_facts(connection: &Connection) -> Result<Vec<(RecordId, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, count(*) FROM fact_verdicts CROSS JOIN facts USING (device, n) WHERE state = ?1
         GROUP BY record",
    )?;
    let rows = statement.query_map([State::Refused], |row| {
        Ok((RecordId(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
