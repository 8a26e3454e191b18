//! Facts: rows that are written once. Only how far they have come ever changes.

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::fact::{Fact, FactHash};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::column::{count, device, signed, uncount};
use super::state::State;
use crate::error::Result;

/// The author of a tip or an appeal that waits for a one-time number. No county gives number 0 to a device.
pub(crate) const WAITING: DeviceNumber = DeviceNumber(0);

/// A fact and how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredFact {
    pub(crate) fact: Fact,
    pub(crate) hash: FactHash,
    pub(crate) state: State,
}

/// The facts of a record, each with its hash checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct FactsOfRecord {
    /// Those that are what was written.
    pub(crate) sound: Vec<StoredFact>,
    /// Those that are not, and are not yet set aside.
    pub(crate) damaged: Vec<FactId>,
}

impl FactsOfRecord {
    /// The facts alone.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        self.sound.iter().map(|stored| stored.fact.clone()).collect()
    }
}

/// What storing a fact came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// It is new here.
    New,
    /// The same fact was here.
    Known,
    /// Another fact has this name: the one that was here stays.
    Contradicts,
}

/// A fact as it goes into its row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewRow<'a> {
    pub(crate) fact: &'a Fact,
    pub(crate) bytes: &'a [u8],
    pub(crate) hash: &'a FactHash,
    /// Of own facts: the running hash over those before.
    pub(crate) chain_below: &'a [u8],
    pub(crate) state: State,
}

/// Stores a fact that this device writes now; its name is new.
pub(crate) fn insert(connection: &Connection, row: &NewRow<'_>) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO facts (record, device, n, hash, bytes, chain_below, state, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
    )?;
    statement.execute(params![
        row.fact.record.0,
        signed(row.fact.id.device),
        count(row.fact.id.n),
        row.hash.0,
        row.bytes,
        row.chain_below,
        row.state,
    ])?;
    Ok(())
}

/// Stores a fact that came from elsewhere; a damaged copy is replaced by it.
pub(crate) fn receive(connection: &Connection, fact: &Fact) -> Result<Stored> {
    let bytes = fact.encode();
    let hash = FactHash::of(&bytes);
    let mut present = connection.prepare_cached("SELECT hash, state, record FROM facts WHERE device = ?1 AND n = ?2")?;
    let present: Option<([u8; 32], State, [u8; 16])> = present
        .query_row(params![signed(fact.id.device), count(fact.id.n)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    match present {
        None => {
            let row =
                NewRow { fact, bytes: &bytes, hash: &hash, chain_below: &[], state: State::County };
            insert(connection, &row)?;
            Ok(Stored::New)
        }
        Some((_, State::Damaged, record)) if record == fact.record.0 => {
            let mut mend = connection.prepare_cached(
                "UPDATE facts SET hash = ?3, bytes = ?4, state = ?5 WHERE device = ?1 AND n = ?2",
            )?;
            mend.execute(params![
                signed(fact.id.device),
                count(fact.id.n),
                hash.0,
                bytes,
                State::County
            ])?;
            Ok(Stored::New)
        }
        Some((known, ..)) if known == hash.0 => Ok(Stored::Known),
        Some(_) => Ok(Stored::Contradicts),
    }
}

/// Every fact of a record but those set aside, in the order of their ids.
pub(crate) fn of_record(connection: &Connection, record: RecordId) -> Result<FactsOfRecord> {
    let mut statement = connection
        .prepare_cached("SELECT device, n, hash, bytes, state FROM facts WHERE record = ?1 ORDER BY device, n")?;
    let mut rows = statement.query([record.0])?;
    let mut facts = FactsOfRecord::default();
    while let Some(row) = rows.next()? {
        let state: State = row.get(4)?;
        if state == State::Damaged {
            continue;
        }
        let id = FactId::new(device(row.get(0)?), uncount(row.get(1)?));
        match checked(id, record, row.get(2)?, row.get_ref(3)?.as_blob().unwrap_or_default()) {
            Some((fact, hash)) => facts.sound.push(StoredFact { fact, hash, state }),
            None => facts.damaged.push(id),
        }
    }
    Ok(facts)
}

/// The fact in these bytes, if they are those that were written under this name and hash.
fn checked(id: FactId, record: RecordId, hash: [u8; 32], bytes: &[u8]) -> Option<(Fact, FactHash)> {
    let found = FactHash::of(bytes);
    let fact = Fact::decode(bytes).ok().filter(|_| found.0 == hash)?;
    (fact.id == id && fact.record == record).then_some((fact, found))
}

/// Sets damaged facts aside: nothing reads them any more, and a copy from elsewhere takes their place.
pub(crate) fn set_aside(connection: &Connection, damaged: &[FactId]) -> Result<()> {
    let mut statement =
        connection.prepare_cached("UPDATE facts SET state = ?3 WHERE device = ?1 AND n = ?2")?;
    for id in damaged {
        tracing::warn!(fact = %id, "a damaged fact was set aside");
        statement.execute(params![signed(id.device), count(id.n), State::Damaged])?;
    }
    Ok(())
}

/// The record that this fact is about, if the fact is here.
pub(crate) fn record_of(connection: &Connection, id: FactId) -> Result<Option<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT record FROM facts WHERE device = ?1 AND n = ?2")?;
    let record = statement.query_row(params![signed(id.device), count(id.n)], |row| row.get(0).map(RecordId));
    Ok(record.optional()?)
}
