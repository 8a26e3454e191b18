//! The ladder that a county's file climbs at start, by `PRAGMA user_version`.

use rusqlite::Connection;

use crate::store::StoreError;

/// The migrations in their order. A file that has landed is never edited.
pub(super) const MIGRATIONS: [&str; 4] = [
    include_str!("../../../migrations/0001_county.sql"),
    include_str!("../../../migrations/0002_what_forgetting_leaves.sql"),
    include_str!("../../../migrations/0003_tallies.sql"),
    include_str!("../../../migrations/0004_what_is_set_aside.sql"),
];
/// "Sdlb": set by the first migration.
const APPLICATION_ID: i64 = 1_399_090_274;

/// Looks at a file without writing to it.
///
/// # Errors
/// [`StoreError::FromTheFuture`] and [`StoreError::NotACounty`]. An empty database is a county's whose first
/// migration never came to its end.
pub(super) fn recognise(conn: &Connection) -> Result<(), StoreError> {
    let found = version(conn)?;
    let known = MIGRATIONS.len() as i64;
    let application: i64 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let empty = application == 0 && found == 0 && tables == 0;
    if application != APPLICATION_ID && !empty {
        return Err(StoreError::NotACounty);
    }
    if found > known {
        return Err(StoreError::FromTheFuture { found, known });
    }
    Ok(())
}

/// Runs the migrations that a recognised file lacks, one transaction each.
pub(super) fn climb(conn: &Connection) -> Result<(), StoreError> {
    let done = usize::try_from(version(conn)?).unwrap_or(0);
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let step = conn.unchecked_transaction()?;
        step.execute_batch(sql)?;
        // What a step does to rows nobody counts: they are counted anew.
        if step.table_exists(Some("main"), "row_tally")? {
            step.execute("DELETE FROM row_tally", [])?;
        }
        step.pragma_update(None, "user_version", at as i64 + 1)?;
        step.commit()?;
    }
    Ok(())
}

fn version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use saddlebag_records::retention::{What, of_table, rows};

    use super::*;

    /// What has landed stands in counties' files: whoever edits it makes two kinds of the same version.
    #[test]
    fn landed_migrations_are_never_edited() {
        let landed = [
            "81de029b7468e7adc8e762bab22dabdf744543f2eaf1b79019fc5da9930b9912",
            "543cdddf5696e174474ad06bf60810e3ab73a349a6923e07053e495aa0de1309",
            "4d3d076d06adbaf30c84e3be697d4d04f9a2917ef1443506b0f4bda001349b5c",
            "04a10201b065bf484aecf94ac8c9a94eb8ae4230881be92dd2f1dcbd5c3e355f",
        ];
        let hashes = MIGRATIONS.map(|sql| blake3::hash(sql.as_bytes()).to_hex().to_string());
        assert_eq!(hashes, landed);
    }

    #[test]
    fn every_table_is_strict_and_says_what_it_is() {
        let conn = Connection::open_in_memory().unwrap();
        climb(&conn).unwrap();
        recognise(&conn).unwrap();
        let mut strict = conn
            .prepare("SELECT name FROM pragma_table_list WHERE strict = 0")
            .unwrap();
        let loose: Vec<String> = strict
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(loose.iter().all(|name| name.starts_with("sqlite_")), "{loose:?}");
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%(\n  -- %'";
        let mut silent = conn.prepare(sql).unwrap();
        let silent: Vec<String> = silent
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(
            silent.iter().all(|name| name.starts_with("sqlite_")),
            "{silent:?}"
        );
    }

    #[test]
    fn every_table_says_how_long_its_rows_are_kept() {
        let conn = Connection::open_in_memory().unwrap();
        climb(&conn).unwrap();
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut tables = conn.prepare(sql).unwrap();
        let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let tables: BTreeSet<String> = tables.map(Result::unwrap).collect();
        let rows = rows().iter().filter(|row| row.what == What::County);
        let said: BTreeSet<String> = rows
            .map(|row| row.name.split('.').next().unwrap().to_owned())
            .collect();
        assert_eq!(
            tables, said,
            "core/records/rules/retention.csv has a row for each table"
        );
        for state in ["waiting", "quarantined", "late"] {
            assert!(of_table(&format!("held.{state}")).is_some(), "{state}");
        }
    }
}
