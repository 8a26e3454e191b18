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
    /// Those that are not.
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
    let mut present =
        connection.prepare_cached("SELECT hash, state, record FROM facts WHERE device = ?1 AND n = ?2")?;
    let present: Option<([u8; 32], State, [u8; 16])> = present
        .query_row(params![signed(fact.id.device), count(fact.id.n)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    match present {
        None => {
            let row = NewRow {
                fact,
                bytes: &bytes,
                hash: &hash,
                chain_below: &[],
                state: State::County,
            };
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

/// Every fact of a record but those set aside, in the order of their ids. What is found damaged is set aside, so that it
/// is told of and asked for again: no list leaves it out in silence.
pub(crate) fn of_record(connection: &Connection, record: RecordId) -> Result<FactsOfRecord> {
    let facts = read_of_record(connection, record)?;
    if !facts.damaged.is_empty()
        && let Err(error) = set_aside(connection, &facts.damaged)
    {
        // Whoever reads must not fail for it, and comes upon it again.
        tracing::warn!(code = error.code(), "a damaged fact could not be set aside");
    }
    Ok(facts)
}

fn read_of_record(connection: &Connection, record: RecordId) -> Result<FactsOfRecord> {
    let mut statement = connection.prepare_cached(
        "SELECT device, n, hash, bytes, state FROM facts WHERE record = ?1 ORDER BY device, n",
    )?;
    let mut rows = statement.query([record.0])?;
    let mut facts = FactsOfRecord::default();
    while let Some(row) = rows.next()? {
        let state: State = row.get(4)?;
        if state == State::Damaged {
            continue;
        }
        let id = FactId::new(device(row.get(0)?), uncount(row.get(1)?));
        match checked(
            id,
            record,
            row.get(2)?,
            row.get_ref(3)?.as_blob().unwrap_or_default(),
        ) {
            Some((fact, hash)) => facts.sound.push(StoredFact { fact, hash, state }),
            None => facts.damaged.push(id),
        }
    }
    Ok(facts)
}

/// The fact in these bytes, if they are those that were written under this name and hash.
pub(crate) fn checked(
    id: FactId,
    record: RecordId,
    hash: [u8; 32],
    bytes: &[u8],
) -> Option<(Fact, FactHash)> {
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

/// How many facts are set aside.
pub(crate) fn damaged(connection: &Connection) -> Result<u64> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM facts WHERE state = 9")?;
    Ok(statement.query_row([], |row| row.get(0).map(uncount))?)
}

/// The names of facts that are set aside, so many at most.
pub(crate) fn set_aside_names(connection: &Connection, limit: usize) -> Result<Vec<FactId>> {
    let mut statement = connection
        .prepare_cached("SELECT device, n FROM facts WHERE state = 9 ORDER BY device, n LIMIT ?1")?;
    let names = statement.query_map([count(limit as u64)], |row| {
        Ok(FactId::new(device(row.get(0)?), uncount(row.get(1)?)))
    })?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// The record that this fact is about, if the fact is here.
pub(crate) fn record_of(connection: &Connection, id: FactId) -> Result<Option<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT record FROM facts WHERE device = ?1 AND n = ?2")?;
    let record = statement.query_row(params![signed(id.device), count(id.n)], |row| {
        row.get(0).map(RecordId)
    });
    Ok(record.optional()?)
}

/// Whether a fact waits for a one-time number.
pub(crate) fn any_waiting(connection: &Connection) -> Result<bool> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM facts WHERE device = ?1")?
        .exists([signed(WAITING)])?)
}

/// An author's facts that have come so far, in the order of their counters; those that are damaged are left out.
pub(crate) fn of_author(connection: &Connection, author: DeviceNumber, state: State) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    for row in of_author_from(connection, author, 0)? {
        let stored = one(connection, row.record, author, row.n)?;
        facts.extend(
            stored
                .filter(|stored| stored.state == state)
                .map(|stored| stored.fact),
        );
    }
    Ok(facts)
}

/// A fact's counter and its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NamedRow {
    pub(crate) n: u64,
    pub(crate) record: RecordId,
}

/// An author's facts from this counter on.
pub(crate) fn of_author_from(connection: &Connection, author: DeviceNumber, n: u64) -> Result<Vec<NamedRow>> {
    let mut statement =
        connection.prepare_cached("SELECT n, record FROM facts WHERE device = ?1 AND n >= ?2 ORDER BY n")?;
    let rows = statement.query_map(params![signed(author), count(n)], |row| {
        Ok(NamedRow {
            n: uncount(row.get(0)?),
            record: RecordId(row.get(1)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first of an author's facts, from this counter on, that the county has not confirmed.
pub(crate) fn first_unsent(connection: &Connection, author: DeviceNumber, from: u64) -> Result<Option<u64>> {
    let mut statement = connection.prepare_cached(
        "SELECT n FROM facts WHERE device = ?1 AND n >= ?2 AND state = 0 ORDER BY n LIMIT 1",
    )?;
    let first = statement.query_row(params![signed(author), count(from)], |row| {
        row.get(0).map(uncount)
    });
    Ok(first.optional()?)
}

/// The first of an author's facts that was damaged before the county had it.
pub(crate) fn first_lost(connection: &Connection, author: DeviceNumber) -> Result<Option<u64>> {
    let mut statement = connection
        .prepare_cached("SELECT min(n) FROM facts WHERE device = ?1 AND state = 9 AND position = 0")?;
    Ok(statement.query_row([signed(author)], |row| {
        Ok(row.get::<_, Option<i64>>(0)?.map(uncount))
    })?)
}

/// Why the county did not take a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) record: RecordId,
    pub(crate) fact: FactId,
    pub(crate) code: String,
}

/// The facts that the county did not take and that the person has not seen.
pub(crate) fn refused(connection: &Connection) -> Result<Vec<Verdict>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, device, n, code FROM fact_verdicts CROSS JOIN facts USING (device, n)
         WHERE state = 4 AND seen = 0 ORDER BY device, n",
    )?;
    let refused = statement.query_map([], |row| {
        Ok(Verdict {
            record: RecordId(row.get(0)?),
            fact: FactId::new(device(row.get(1)?), uncount(row.get(2)?)),
            code: row.get(3)?,
        })
    })?;
    Ok(refused.collect::<rusqlite::Result<_>>()?)
}

/// The person has seen that the county did not take it.
pub(crate) fn refusal_seen(connection: &Connection, fact: FactId) -> Result<()> {
    connection
        .prepare_cached("UPDATE fact_verdicts SET seen = 1 WHERE device = ?1 AND n = ?2")?
        .execute(params![signed(fact.device), count(fact.n)])?;
    Ok(())
}

/// A fact as it is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct OwnFact {
    pub(crate) fact: Fact,
    /// Bytes of its encoding.
    pub(crate) length: usize,
    /// The running hash over those before.
    pub(crate) chain_below: Option<[u8; 8]>,
    pub(crate) state: State,
    /// The row of the county's log that it lies below; 0 for none.
    pub(crate) position: u64,
}

impl OwnFact {
    /// Whether it is not known that the county has it, or below which row of its log.
    pub(crate) fn is_unplaced(&self) -> bool {
        self.state == State::Local || (self.state == State::County && self.position == 0)
    }
}

/// One fact; none where it is not here or damaged.
pub(crate) fn one(
    connection: &Connection,
    record: RecordId,
    author: DeviceNumber,
    n: u64,
) -> Result<Option<OwnFact>> {
    let mut statement = connection.prepare_cached(
        "SELECT hash, bytes, chain_below, state, position FROM facts
         WHERE record = ?1 AND device = ?2 AND n = ?3 AND state <> 9",
    )?;
    let mut rows = statement.query(params![record.0, signed(author), count(n)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let bytes = row.get_ref(1)?.as_blob().unwrap_or_default();
    let found = checked(FactId::new(author, n), record, row.get(0)?, bytes);
    let chain_below = row
        .get_ref(2)?
        .as_blob()
        .ok()
        .and_then(|chain| chain.try_into().ok());
    let (length, state) = (bytes.len(), row.get(3)?);
    let position = uncount(row.get(4)?);
    Ok(found.map(|(fact, _)| OwnFact {
        fact,
        length,
        chain_below,
        state,
        position,
    }))
}

/// Notes how far an author's facts from one counter to another have come. Their records.
pub(crate) fn came(
    connection: &Connection,
    author: DeviceNumber,
    (from, to): (u64, u64),
    state: State,
    position: u64,
) -> Result<Vec<RecordId>> {
    let range = params![signed(author), count(from), count(to)];
    let mut statement = connection
        .prepare_cached("SELECT DISTINCT record FROM facts WHERE device = ?1 AND n BETWEEN ?2 AND ?3")?;
    let records = statement
        .query_map(range, |row| row.get(0).map(RecordId))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update = connection.prepare_cached(
        "UPDATE facts SET state = ?4, position = ?5 WHERE device = ?1 AND n BETWEEN ?2 AND ?3 AND state <> 9",
    )?;
    update.execute(params![
        signed(author),
        count(from),
        count(to),
        state,
        count(position)
    ])?;
    Ok(records)
}

/// Stores a fact under a new name, with its side values.
pub(crate) fn rename(connection: &Connection, was: FactId, fact: &Fact, chain_below: &[u8]) -> Result<()> {
    let bytes = fact.encode();
    let mut rename = connection.prepare_cached(
        "UPDATE facts SET device = ?3, n = ?4, bytes = ?5, hash = ?6, chain_below = ?7 WHERE device = ?1 AND n = ?2",
    )?;
    rename.execute(params![
        signed(was.device),
        count(was.n),
        signed(fact.id.device),
        count(fact.id.n),
        bytes,
        FactHash::of(&bytes).0,
        chain_below
    ])?;
    connection
        .prepare_cached("DELETE FROM fact_verdicts WHERE device = ?1 AND n = ?2")?
        .execute(params![signed(was.device), count(was.n)])?;
    let mut side = connection.prepare_cached(
        "UPDATE side_values SET device = ?4, n = ?5 WHERE record = ?1 AND device = ?2 AND n = ?3",
    )?;
    side.execute(params![
        fact.record.0,
        signed(was.device),
        count(was.n),
        signed(fact.id.device),
        count(fact.id.n)
    ])?;
    Ok(())
}
