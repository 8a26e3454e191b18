//! The least that the same rows could cost: one table, one writer, many pushes a commit, FULL.

use std::time::Instant;

use anyhow::Result;
use rusqlite::{Connection, params};
use saddlebag_records::fact::{Fact, FactHash};

use crate::county::BATCH;

/// Facts a second. `at_once`: pushes of one commit.
pub(crate) fn rows_a_second(facts: &[Fact], at_once: usize) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let mut connection = Connection::open(folder.path().join("floor.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         CREATE TABLE fact (seq INTEGER PRIMARY KEY, author INTEGER NOT NULL, n INTEGER NOT NULL, record BLOB NOT NULL,
            kind INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
         CREATE UNIQUE INDEX name ON fact (author, n); CREATE INDEX of_record ON fact (record);",
    )?;
    let rows: Vec<_> = facts.iter().map(|fact| (fact, fact.encode())).collect();
    let begun = Instant::now();
    for commit in rows.chunks(BATCH * at_once) {
        let transaction = connection.transaction()?;
        {
            let sql =
                "INSERT INTO fact (author, n, record, kind, hash, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let mut insert = transaction.prepare_cached(sql)?;
            for (fact, bytes) in commit {
                let (author, n) = (fact.id.device.0.cast_signed(), fact.id.n.cast_signed());
                insert.execute(params![
                    author,
                    n,
                    fact.record.0,
                    fact.kind.0,
                    FactHash::of(bytes).0,
                    bytes
                ])?;
            }
        }
        transaction.commit()?;
    }
    Ok(rows.len() as f64 / begun.elapsed().as_secs_f64())
}
