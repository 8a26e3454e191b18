//! A phone's store, read behind its replica's back.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OpenFlags, Row};
use saddlebag_records::fact::{Fact, FactHash, SideName};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_replica::{State, StoreKey};

/// How long a row that somebody else writes is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A phone's store, to be read.
pub(crate) struct PhoneStore(Connection);

/// A fact as it lies on a phone.
#[derive(Clone, Debug)]
pub(crate) struct HeldFact {
    pub(crate) fact: Fact,
    pub(crate) hash: FactHash,
    pub(crate) state: State,
}

/// A plan change as it lies on a phone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HeldChange {
    pub(crate) record: RecordId,
    pub(crate) actor: ActorId,
    pub(crate) seq: u64,
    pub(crate) hash: [u8; 32],
}

/// What a phone's lists show of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) kind: RecordKind,
    pub(crate) status: String,
    pub(crate) discrepancies: u64,
}

/// A side value on a phone.
#[derive(Clone, Debug)]
pub(crate) struct HeldSide {
    pub(crate) record: RecordId,
    pub(crate) fact: FactId,
    pub(crate) name: Option<SideName>,
}

impl PhoneStore {
    /// Opens the store in a phone's folder.
    pub(crate) fn open(folder: &Path, key: &StoreKey) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(folder.join("records.db"), flags)?;
        connection.execute_batch(&format!(
            "PRAGMA key = \"x'{}'\"; PRAGMA query_only = 1",
            hex::encode(key.0)
        ))?;
        Ok(Self(connection))
    }

    fn all<T>(&self, sql: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([], read)?;
        rows.collect::<rusqlite::Result<_>>()
            .with_context(|| sql.to_owned())
    }

    /// Reads several things of one moment: the phone may be taking an answer in.
    pub(crate) fn at_once<T>(&self, read: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        let reading = self.0.unchecked_transaction()?;
        let read = read(self)?;
        reading.commit()?;
        Ok(read)
    }

    /// The key that ids are derived with.
    pub(crate) fn id_key(&self) -> Result<[u8; 32]> {
        Ok(self
            .0
            .query_row("SELECT id_key FROM identity", [], |row| row.get(0))?)
    }

    /// The numbers under which this phone writes: one-time numbers in use among them, and 0, under which waits what has
    /// none yet.
    pub(crate) fn own_numbers(&self) -> Result<Vec<DeviceNumber>> {
        self.all(
            "SELECT device FROM device_numbers UNION ALL SELECT number FROM one_time_numbers WHERE record <> x''
             UNION ALL SELECT 0",
            |row| device(row, 0),
        )
    }

    /// Every one-time number that it was given.
    pub(crate) fn one_time_numbers(&self) -> Result<Vec<DeviceNumber>> {
        self.all("SELECT number FROM one_time_numbers", |row| device(row, 0))
    }

    /// Its facts of these numbers that are not in `known` yet.
    pub(crate) fn facts_beyond(&self, known: &BTreeMap<DeviceNumber, u64>) -> Result<Vec<HeldFact>> {
        let mut statement = self
            .0
            .prepare_cached("SELECT bytes, hash, state FROM facts WHERE device = ?1 AND n > ?2 ORDER BY n")?;
        let mut found = Vec::new();
        for number in self.own_numbers()? {
            let beyond = known.get(&number).copied().unwrap_or(0);
            let rows = statement.query_map((number.0.cast_signed(), beyond.cast_signed()), held_fact)?;
            for row in rows {
                found.push(row?.context("a phone's own fact cannot be read")?);
            }
        }
        Ok(found)
    }

    /// All facts that it holds.
    pub(crate) fn facts(&self) -> Result<Vec<HeldFact>> {
        Ok(self
            .all("SELECT bytes, hash, state FROM facts", held_fact)?
            .into_iter()
            .flatten()
            .collect())
    }

    /// Its plan changes that the county has not confirmed.
    pub(crate) fn unsent_changes(&self) -> Result<Vec<HeldChange>> {
        self.all(
            "SELECT record, actor, seq, hash FROM plan_changes WHERE state <= 1",
            |row| {
                Ok(HeldChange {
                    record: RecordId(row.get(0)?),
                    actor: ActorId(row.get(1)?),
                    seq: row.get::<_, i64>(2)?.cast_unsigned(),
                    hash: row.get(3)?,
                })
            },
        )
    }

    /// The records in whose plans it holds changes of other actors than its own.
    pub(crate) fn foreign_changes(&self) -> Result<Vec<RecordId>> {
        let sql = "SELECT DISTINCT record FROM plan_changes WHERE actor NOT IN (SELECT actor FROM actors)";
        self.all(sql, |row| Ok(RecordId(row.get(0)?)))
    }

    /// The records whose edits the county did not take, as the person is shown.
    pub(crate) fn edits_not_taken(&self) -> Result<Vec<RecordId>> {
        self.all("SELECT record FROM refused_edits", |row| {
            Ok(RecordId(row.get(0)?))
        })
    }

    /// What its lists show.
    pub(crate) fn shown(&self) -> Result<BTreeMap<RecordId, Shown>> {
        let rows = self.all("SELECT record, kind, status, discrepancies FROM records", |row| {
            let kind = RecordKind::from_number(row.get(1)?);
            let shown = kind.map(|kind| {
                Ok::<_, rusqlite::Error>(Shown {
                    kind,
                    status: row.get(2)?,
                    discrepancies: row.get::<_, i64>(3)?.cast_unsigned(),
                })
            });
            Ok(shown
                .transpose()?
                .map(|shown| Ok::<_, rusqlite::Error>((RecordId(row.get(0)?), shown))))
        })?;
        rows.into_iter()
            .flatten()
            .map(|row| row.map_err(Into::into))
            .collect()
    }

    /// Its plans.
    pub(crate) fn plans(&self) -> Result<BTreeMap<RecordId, PlanView>> {
        let rows: Vec<(RecordId, Vec<u8>)> = self.all("SELECT record, view FROM plans", |row| {
            Ok((RecordId(row.get(0)?), row.get(1)?))
        })?;
        rows.into_iter()
            .map(|(record, view)| Ok((record, PlanView::from_bytes(&view)?)))
            .collect()
    }

    /// Its side values.
    pub(crate) fn side_values(&self) -> Result<Vec<HeldSide>> {
        self.all("SELECT record, device, n, name FROM side_values", |row| {
            Ok(HeldSide {
                record: RecordId(row.get(0)?),
                fact: FactId::new(device(row, 1)?, row.get::<_, i64>(2)?.cast_unsigned()),
                name: SideName::from_number(row.get(3)?),
            })
        })
    }

    /// Whose devices it was told of.
    pub(crate) fn authors(&self) -> Result<BTreeMap<DeviceNumber, PersonId>> {
        let rows = self.all("SELECT device, person FROM authors", |row| {
            Ok((device(row, 0)?, PersonId(row.get(1)?)))
        })?;
        Ok(rows.into_iter().collect())
    }
}

/// From now on a phone takes its person for one of another role, as a phone does whose rules are not the county's.
pub(crate) fn takes_its_person_for(role: &str, folder: &Path, key: &StoreKey) -> Result<()> {
    let connection = Connection::open(folder.join("records.db"))?;
    connection.busy_timeout(PATIENCE)?;
    connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(key.0)))?;
    connection.execute("UPDATE identity SET role = ?1", [role])?;
    Ok(())
}

fn device(row: &Row<'_>, at: usize) -> rusqlite::Result<DeviceNumber> {
    Ok(DeviceNumber(row.get::<_, i64>(at)?.cast_unsigned()))
}

/// A row of `bytes, hash, state`; none where the bytes are no fact or not those of the hash.
fn held_fact(row: &Row<'_>) -> rusqlite::Result<Option<HeldFact>> {
    let bytes: Vec<u8> = row.get(0)?;
    let hash = FactHash(row.get(1)?);
    let state = row.get(2)?;
    let fact = Fact::decode(&bytes).ok().filter(|_| FactHash::of(&bytes) == hash);
    Ok(fact.map(|fact| HeldFact { fact, hash, state }))
}
