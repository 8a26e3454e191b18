//! The county's SQLite file, read as it lies on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags, Row};
use saddlebag_records::fact::{Fact, FactHash};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::status::Authors;

/// An admitted fact.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    pub(crate) fact: Fact,
    pub(crate) hash: FactHash,
}

/// A plan change's name.
pub(crate) type ChangeName = (RecordId, ActorId, u64);

/// Everything in the county's file that the checker asks for.
pub(crate) struct CountyFile {
    pub(crate) facts: BTreeMap<FactId, Admitted>,
    /// Rows of facts whose bytes are not those of their hash, or no fact.
    pub(crate) damaged: u64,
    pub(crate) held: BTreeMap<FactId, FactHash>,
    /// What facts were called before their devices forked.
    pub(crate) was: BTreeSet<(FactId, FactHash)>,
    /// Facts that are not kept, and why.
    pub(crate) dropped: BTreeMap<FactId, String>,
    pub(crate) changes: BTreeMap<ChangeName, [u8; 32]>,
    pub(crate) held_changes: BTreeMap<ChangeName, [u8; 32]>,
    /// By which name a fact is here whose name of before its device forked is nobody else's here. Others that came after
    /// it, or void it, may name it either way.
    now_called: BTreeMap<FactId, FactId>,
    /// How many numbers were given to phones whose past was not the county's.
    pub(crate) forks: u64,
    /// How much is held, by its reason.
    pub(crate) held_reasons: BTreeMap<String, u64>,
    pub(crate) records: BTreeMap<RecordId, RecordKind>,
    pub(crate) plans: BTreeMap<RecordId, PlanView>,
    /// Whose devices wrote the facts.
    pub(crate) authors: Authors,
    /// Under what the county's own people write.
    pub(crate) own: BTreeSet<DeviceNumber>,
    /// One-time numbers: the device that each stands for, and the record that it was used in.
    pub(crate) one_time: BTreeMap<DeviceNumber, (DeviceNumber, Option<RecordId>)>,
}

impl CountyFile {
    /// Copies the file of a server that is not running and reads the copy, so that the server finds its own as the
    /// kill left it.
    pub(crate) fn read(data: &Path, scratch: &Path) -> Result<Self> {
        let database = database_in(data)?;
        let copy = scratch.join("county-copy.db");
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(with_end(&copy, end));
        }
        fs::copy(&database, &copy)?;
        if with_end(&database, "-wal").exists() {
            fs::copy(with_end(&database, "-wal"), with_end(&copy, "-wal"))?;
        }
        let connection = Connection::open_with_flags(&copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Self::of(&connection)
    }

    fn of(connection: &Connection) -> Result<Self> {
        let rows = all(connection, "SELECT bytes, hash FROM fact", |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, FactHash(row.get(1)?)))
        })?;
        let mut facts = BTreeMap::new();
        let mut damaged = 0;
        for (bytes, hash) in rows {
            match Fact::decode(&bytes).ok().filter(|_| FactHash::of(&bytes) == hash) {
                Some(fact) => drop(facts.insert(fact.id, Admitted { fact, hash })),
                None => damaged += 1,
            }
        }
        let now_called = facts
            .values()
            .filter_map(|admitted: &Admitted| Some((admitted.fact.was?.id, admitted.fact.id)))
            .filter(|(was, _)| !facts.contains_key(was))
            .collect();
        let held = "SELECT author, n, hash FROM held_fact";
        let plans = all(connection, "SELECT record, view FROM record_plan", |row| {
            Ok((RecordId(row.get(0)?), row.get::<_, Vec<u8>>(1)?))
        })?;
        let records = all(connection, "SELECT id, kind FROM record", |row| {
            Ok((RecordId(row.get(0)?), row.get(1)?))
        })?;
        Ok(Self {
            facts,
            now_called,
            forks: all(connection, "SELECT count(replaces) FROM device", |row| {
                Ok(row.get::<_, i64>(0)?.cast_unsigned())
            })?
            .into_iter()
            .sum(),
            damaged,
            held: all(connection, held, |row| Ok((fact_id(row)?, FactHash(row.get(2)?))))?
                .into_iter()
                .collect(),
            was: all(connection, "SELECT author, n, hash FROM fact_was", |row| {
                Ok((fact_id(row)?, FactHash(row.get(2)?)))
            })?
            .into_iter()
            .collect(),
            dropped: all(connection, "SELECT author, n, code FROM fact_number", |row| {
                Ok((fact_id(row)?, row.get(2)?))
            })?
            .into_iter()
            .collect(),
            changes: all(
                connection,
                "SELECT record, actor, actor_seq, hash FROM plan_change",
                change,
            )?
            .into_iter()
            .collect(),
            held_changes: all(
                connection,
                "SELECT record, actor, actor_seq, hash FROM held_change",
                change,
            )?
            .into_iter()
            .collect(),
            held_reasons: all(
                connection,
                "SELECT reason, count(*) FROM held GROUP BY reason",
                |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())),
            )?
            .into_iter()
            .collect(),
            records: records
                .into_iter()
                .filter_map(|(record, kind)| Some((record, RecordKind::from_number(kind)?)))
                .collect(),
            plans: plans
                .into_iter()
                .map(|(record, view)| Ok((record, PlanView::from_bytes(&view)?)))
                .collect::<Result<_>>()?,
            authors: Authors(
                all(connection, "SELECT number, person FROM device", |row| {
                    Ok((device(row, 0)?, PersonId(row.get(1)?)))
                })?
                .into_iter()
                .collect(),
            ),
            own: all(connection, "SELECT own_device FROM epoch", |row| device(row, 0))?
                .into_iter()
                .collect(),
            one_time: all(
                connection,
                "SELECT number, device, record FROM one_time_number",
                |row| {
                    let record = row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId);
                    Ok((device(row, 0)?, (device(row, 1)?, record)))
                },
            )?
            .into_iter()
            .collect(),
        })
    }

    /// Whether the county has this fact, shown or held.
    pub(crate) fn has(&self, id: FactId, hash: FactHash) -> bool {
        let admitted = self.facts.get(&id).is_some_and(|admitted| admitted.hash == hash);
        admitted || self.held.get(&id) == Some(&hash) || self.was.contains(&(id, hash))
    }

    /// The fact that another one names so.
    pub(crate) fn named(&self, name: FactId) -> FactId {
        self.now_called.get(&name).copied().unwrap_or(name)
    }

    /// The facts of each record.
    pub(crate) fn by_record(&self) -> BTreeMap<RecordId, Vec<&Fact>> {
        let mut by_record: BTreeMap<RecordId, Vec<&Fact>> = BTreeMap::new();
        for admitted in self.facts.values() {
            by_record
                .entry(admitted.fact.record)
                .or_default()
                .push(&admitted.fact);
        }
        by_record
    }

    /// Who wrote a fact: the person that it names, else whose device it was, or stands this one-time number for.
    pub(crate) fn writer(&self, fact: &Fact) -> Option<PersonId> {
        let named = fact.body.person(saddlebag_records::fact::field::BY);
        let device = self
            .one_time
            .get(&fact.id.device)
            .map_or(fact.id.device, |(device, _)| *device);
        named.or_else(|| self.authors.person(device))
    }
}

/// The file of the one county in a server's data folder.
fn database_in(data: &Path) -> Result<PathBuf> {
    let counties = data.join("counties");
    let mut found = Vec::new();
    for entry in fs::read_dir(&counties).with_context(|| counties.display().to_string())? {
        let database = entry?.path().join("county.db");
        if database.is_file() {
            found.push(database);
        }
    }
    ensure!(
        found.len() == 1,
        "{} counties in {}",
        found.len(),
        counties.display()
    );
    found.pop().context("one county")
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn all<T>(
    connection: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare(sql).with_context(|| sql.to_owned())?;
    let rows = statement.query_map([], read)?;
    rows.collect::<rusqlite::Result<_>>()
        .with_context(|| sql.to_owned())
}

fn device(row: &Row<'_>, at: usize) -> rusqlite::Result<DeviceNumber> {
    Ok(DeviceNumber(row.get::<_, i64>(at)?.cast_unsigned()))
}

fn fact_id(row: &Row<'_>) -> rusqlite::Result<FactId> {
    Ok(FactId::new(
        device(row, 0)?,
        row.get::<_, i64>(1)?.cast_unsigned(),
    ))
}

fn change(row: &Row<'_>) -> rusqlite::Result<(ChangeName, [u8; 32])> {
    let name = (
        RecordId(row.get(0)?),
        ActorId(row.get(1)?),
        row.get::<_, i64>(2)?.cast_unsigned(),
    );
    Ok((name, row.get(3)?))
}
