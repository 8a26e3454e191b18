//! The least that the same rows could cost: the tables, indexes and rows that the facts of a day came to, one writer, many
//! pushes a commit, FULL.

use std::time::Instant;

use anyhow::{Context, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use saddlebag_tests::bench::CountyServer;

use crate::county::BATCH;

/// What a fact leaves behind: itself, its rows of the log and who reads them, its side values. The keys all have the log's
/// number in `seq`.
const TABLES: [&str; 4] = ["fact", "log", "log_reader", "side_value"];

/// The rows of a county's log after a place, and what they brought.
pub(crate) struct Rows {
    schema: Vec<String>,
    /// Of each table, with the rows' numbers in the log.
    tables: Vec<Vec<(i64, Vec<Value>)>>,
}

/// The last row of the county's log.
pub(crate) fn head(server: &CountyServer) -> Result<i64> {
    Ok(server
        .database()?
        .query_row("SELECT max(seq) FROM log", [], |row| row.get(0))?)
}

impl Rows {
    /// All after this row.
    pub(crate) fn after(server: &CountyServer, head: i64) -> Result<Self> {
        let database = server.database()?;
        let (mut schema, mut tables) = (Vec::new(), Vec::new());
        for table in TABLES {
            let sql = "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND sql IS NOT NULL AND type IN ('table', 'index')
                ORDER BY type DESC";
            let mut statement = database.prepare(sql)?;
            let made = statement.query_map([table], |row| row.get::<_, String>(0))?;
            schema.extend(made.collect::<Result<Vec<_>, _>>()?);
            let sql = format!("SELECT seq, * FROM {table} WHERE seq > ?1 ORDER BY seq");
            let mut statement = database.prepare(&sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map([head], |row| {
                let values = (1..columns).map(|at| row.get(at));
                Ok((row.get(0)?, values.collect::<Result<Vec<Value>, _>>()?))
            })?;
            tables.push(rows.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(Self { schema, tables })
    }

    /// Facts a second. `at_once`: pushes of one commit.
    pub(crate) fn facts_a_second(&self, at_once: usize) -> Result<f64> {
        let folder = tempfile::tempdir()?;
        let mut connection = Connection::open(folder.path().join("floor.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;",
        )?;
        connection.execute_batch(&self.schema.join(";"))?;
        let facts = self.tables.first().context("facts")?;
        let mut left: Vec<_> = self.tables.iter().map(Vec::as_slice).collect();
        let begun = Instant::now();
        for commit in facts.chunks(BATCH * at_once) {
            let last = commit.last().context("a fact")?.0;
            let transaction = connection.transaction()?;
            for (table, left) in TABLES.iter().zip(&mut left) {
                let (now, later) = left.split_at(left.partition_point(|(seq, _)| *seq <= last));
                *left = later;
                let Some((_, first)) = now.first() else { continue };
                let places = vec!["?"; first.len()].join(", ");
                let mut insert =
                    transaction.prepare_cached(&format!("INSERT INTO {table} VALUES ({places})"))?;
                for (_, values) in now {
                    insert.execute(params_from_iter(values))?;
                }
            }
            transaction.commit()?;
        }
        Ok(facts.len() as f64 / begun.elapsed().as_secs_f64())
    }
}
