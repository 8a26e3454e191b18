use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::{Row, params};
use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::held::{NewHeld, held_fate};
use super::sum::Sum;
use super::tx::{Columns, Tx, int, number};
use crate::store::facts::start;
use crate::store::{
    FactPush, FactRow, Fate, HeldState, Moment, NewFact, Number, ReadDevices, ReadFacts, Seq, SideKey,
    StoreError, What, WriteFacts,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, author, n, record, kind, hash, running, received_ms, bytes, sum FROM fact ",
            $rest
        )
    };
}
pub(super) use select;

pub(super) fn fact(row: &Row<'_>) -> Result<FactRow, StoreError> {
    let fact = FactRow {
        seq: row.seq(0)?,
        id: row.fact_id(1)?,
        record: row.record(3)?,
        kind: FactKind(row.get(4)?),
        hash: FactHash(row.get(5)?),
        running: row.get(6)?,
        received_ms: row.get(7)?,
        bytes: row.get(8)?,
    };
    sum(&fact).check(row.get(9)?, "fact")?;
    Ok(fact)
}

pub(super) fn sum(fact: &FactRow) -> Sum {
    Sum::new()
        .int(int(fact.seq.0))
        .int(number(fact.id.device))
        .int(int(fact.id.n))
        .bytes(&fact.record.0)
        .int(fact.kind.0.into())
        .bytes(&fact.hash.0)
        .bytes(&fact.running)
        .int(fact.received_ms)
        .bytes(&fact.bytes)
}

impl<M> ReadFacts for Tx<'_, M> {
    fn fact(&self, id: FactId) -> Result<Option<FactRow>, StoreError> {
        let params = params![number(id.device), int(id.n)];
        self.one(select!("WHERE author = ?1 AND n = ?2"), params, fact)
    }

    fn facts(&self, record: RecordId) -> Result<Vec<FactRow>, StoreError> {
        self.all(select!("WHERE record = ?1 ORDER BY seq"), [record.0], fact)
    }

    fn fact_count(&self, record: RecordId) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM fact WHERE record = ?1";
        let count = self.one(sql, [record.0], |row| row.uint(0))?;
        Ok(usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX))
    }

    fn facts_by(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<FactRow>, StoreError> {
        let params = params![number(author), int(from), int(to)];
        self.all(
            select!("WHERE author = ?1 AND n BETWEEN ?2 AND ?3 ORDER BY n"),
            params,
            fact,
        )
    }

    fn numbers(&self, author: DeviceNumber, from: u64, to: u64) -> Result<Vec<Number>, StoreError> {
        let range = params![number(author), int(from), int(to)];
        let sql = "SELECT n, substr(hash, 1, 8), running FROM fact WHERE author = ?1 AND n BETWEEN ?2 AND ?3";
        let mut numbers = self.all(sql, range, |row| known(row, Fate::Admitted))?;
        let sql = "SELECT n, substr(hash, 1, 8), running, state, reason FROM held_fact
            JOIN held ON held.id = held_fact.held WHERE author = ?1 AND n BETWEEN ?2 AND ?3";
        numbers.extend(self.all(sql, range, |row| known(row, held_fate(row, 3)?))?);
        let sql =
            "SELECT n, hash_start, running, code FROM fact_number WHERE author = ?1 AND n BETWEEN ?2 AND ?3";
        numbers.extend(self.all(sql, range, |row| known(row, Fate::NotKept { code: row.get(3)? }))?);
        numbers.sort_unstable_by_key(|number| number.n);
        Ok(numbers)
    }

    fn running_at(&self, author: DeviceNumber, n: u64) -> Result<Option<[u8; 8]>, StoreError> {
        if n == 0 {
            return Ok(Some([0; 8]));
        }
        let sql = "SELECT running FROM fact WHERE author = ?1 AND n = ?2
            UNION ALL SELECT running FROM held_fact WHERE author = ?1 AND n = ?2
            UNION ALL SELECT running FROM fact_number WHERE author = ?1 AND n = ?2";
        self.one(sql, params![number(author), int(n)], |row| Ok(row.get(0)?))
    }

    fn fact_once_called(&self, was: &Was) -> Result<Option<FactId>, StoreError> {
        let sql = "SELECT fact.author, fact.n FROM fact_was JOIN fact ON fact.seq = fact_was.fact_seq
            WHERE fact_was.author = ?1 AND fact_was.n = ?2 AND fact_was.hash = ?3";
        let params = params![number(was.id.device), int(was.id.n), was.hash.0];
        self.one(sql, params, |row| row.fact_id(0))
    }
}

fn known(row: &Row<'_>, fate: Fate) -> Result<Number, StoreError> {
    Ok(Number {
        n: row.uint(0)?,
        hash_start: row.get(1)?,
        running: row.get(2)?,
        fate,
    })
}

impl Tx<'_, Moment> {
    pub(super) fn insert_fact(&self, row: &FactRow, was: Option<&Was>) -> Result<(), StoreError> {
        let sql = "INSERT INTO fact (seq, author, n, record, kind, hash, running, received_ms, bytes, sum)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let (seq, author, sum) = (int(row.seq.0), number(row.id.device), sum(row).take());
        let params = params![
            seq,
            author,
            int(row.id.n),
            row.record.0,
            row.kind.0,
            row.hash.0,
            row.running,
            row.received_ms,
            row.bytes,
            sum,
        ];
        self.run(sql, params)?;
        self.count("fact", &[&author, &sum])?;
        if let Some(was) = was {
            let sql = "INSERT OR FAIL INTO fact_was (author, n, hash, fact_seq) VALUES (?1, ?2, ?3, ?4)";
            self.run(
                sql,
                params![number(was.id.device), int(was.id.n), was.hash.0, seq],
            )?;
        }
        Ok(())
    }

    pub(super) fn insert_fact_number(
        &self,
        id: FactId,
        hash: &FactHash,
        running: [u8; 8],
        code: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR FAIL INTO fact_number (author, n, hash_start, running, code) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(
            sql,
            params![number(id.device), int(id.n), start(hash), running, code],
        )
        .map(drop)
    }

    /// The audiences that read of a record, as they are stored.
    pub(super) fn readers(&self, record: RecordId) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT DISTINCT audience FROM granted WHERE record = ?1";
        self.all(sql, [record.0], |row| Ok(row.get(0)?))
    }

    /// The next row of the log for all who see the record.
    pub(super) fn log_item(&self, record: RecordId, what: What) -> Result<Seq, StoreError> {
        let readers = self.readers(record)?;
        let seq = self.log(record, what, readers.iter().map(Vec::as_slice))?;
        self.set_version(record, seq)?;
        Ok(seq)
    }

    pub(super) fn set_version(&self, record: RecordId, version: Seq) -> Result<(), StoreError> {
        let sql = "UPDATE OR FAIL record SET version = ?2 WHERE id = ?1";
        self.run_one(sql, params![record.0, int(version.0)], "record")
    }

    fn admit(&self, id: FactId, fact: &NewFact, readers: &[Vec<u8>]) -> Result<Seq, StoreError> {
        let seq = self.log(fact.record, What::Fact, readers.iter().map(Vec::as_slice))?;
        let row = FactRow {
            seq,
            id,
            record: fact.record,
            kind: fact.kind,
            hash: fact.hash,
            running: fact.running,
            received_ms: self.moment.ms,
            bytes: fact.bytes.clone(),
        };
        self.insert_fact(&row, fact.was.as_ref())?;
        for side in &fact.sides {
            let key = SideKey {
                fact: id,
                name: side.name,
                ordinal: side.ordinal,
            };
            self.insert_side(key, fact.record, seq, &side.value)?;
        }
        Ok(seq)
    }

    fn hold(
        &self,
        id: FactId,
        fact: &NewFact,
        by: DeviceNumber,
        state: HeldState,
        reason: &str,
    ) -> Result<(), StoreError> {
        let new = |bytes| NewHeld {
            record: fact.record,
            state,
            reason,
            by,
            bytes,
        };
        let held = self.insert_held(&new(&fact.bytes))?;
        let sql =
            "INSERT OR FAIL INTO held_fact (author, n, held, hash, running) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.run(
            sql,
            params![number(id.device), int(id.n), held, fact.hash.0, fact.running],
        )?;
        for side in &fact.sides {
            let key = SideKey {
                fact: id,
                name: side.name,
                ordinal: side.ordinal,
            };
            self.insert_held_side(key, &new(&side.value))?;
        }
        Ok(())
    }
}

impl WriteFacts for Tx<'_, Moment> {
    fn append_facts(&mut self, push: &FactPush) -> Result<Vec<Option<Seq>>, StoreError> {
        push.check_numbers(self.author(push.author)?.fact_count)?;
        let Some(last) = push.facts.last() else {
            return Ok(Vec::new());
        };
        // A batch is mostly about few records: their readers and versions are looked up and set once.
        let mut readers = BTreeMap::new();
        let mut versions = BTreeMap::new();
        let mut seqs = Vec::with_capacity(push.facts.len());
        for fact in &push.facts {
            let id = FactId::new(push.author, fact.n);
            seqs.push(match &fact.fate {
                Fate::Admitted => {
                    let readers = match readers.entry(fact.record) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(unknown) => unknown.insert(self.readers(fact.record)?),
                    };
                    let seq = self.admit(id, fact, readers)?;
                    versions.insert(fact.record, seq);
                    Some(seq)
                }
                Fate::Held { state, reason } => {
                    self.hold(id, fact, push.by, *state, reason)?;
                    None
                }
                Fate::NotKept { code } => {
                    self.insert_fact_number(id, &fact.hash, fact.running, code)?;
                    None
                }
            });
        }
        for (record, version) in versions {
            self.set_version(record, version)?;
        }
        self.update_or_insert(
            "UPDATE OR FAIL author SET fact_count = ?2, chain = ?3 WHERE number = ?1",
            "INSERT OR FAIL INTO author (number, fact_count, chain) VALUES (?1, ?2, ?3)",
            params![number(push.author), int(last.n), push.chain],
        )?;
        Ok(seqs)
    }
}
