use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Params, Row};
use saddlebag_records::access::Cause;
use saddlebag_records::fact::SideName;
use saddlebag_records::id::RecordId;

use super::Folder;

/// What no verb shows, read from the county's database beside the server.
impl Folder {
    fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Vec<T> {
        let file = self.home().join("county.db");
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut rows = file.prepare(sql).unwrap();
        let rows = rows.query_map(params, read).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The county's folder.
    pub(crate) fn home(&self) -> PathBuf {
        let told = self.admin(&["county", "list"]).done();
        let county = told[0]["county"].as_str().unwrap();
        self.data().join("counties").join(county)
    }

    /// The names of a record's side values.
    pub(crate) fn sides(&self, record: &str) -> Vec<&'static str> {
        let record: RecordId = record.parse().unwrap();
        let sql = "SELECT name FROM side_value WHERE record = ?1";
        let names: Vec<u8> = self.rows(sql, [record.0], |row| row.get(0));
        let name = |number: &u8| SideName::from_number(*number).unwrap().name();
        names.iter().map(name).collect()
    }

    /// The records that are shown to somebody because money of theirs in them is not settled.
    pub(crate) fn unsettled(&self) -> Vec<String> {
        let sql = "SELECT DISTINCT record FROM granted WHERE cause = ?1 ORDER BY record";
        self.rows(sql, [Cause::Unsettled as u8], |row| {
            Ok(RecordId(row.get(0)?).to_string())
        })
    }

    /// What is counted of what is not kept.
    pub(crate) fn tallies(&self) -> Vec<(String, i64)> {
        self.rows("SELECT name, count FROM tally ORDER BY name", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// How many records were forgotten.
    pub(crate) fn tombstones(&self) -> i64 {
        self.rows("SELECT count(*) FROM tombstone", [], |row| row.get(0))[0]
    }

    /// Flips a bit in what is stored of a record, in a county that no server has: the rows' sums say so.
    pub(crate) fn damage(database: &Path, column: &str, table: &str, record: &str) {
        let record: RecordId = record.parse().unwrap();
        let file = Connection::open(database).unwrap();
        let sql = format!(
            "UPDATE {table} SET {column} = CAST(X'80' || substr({column}, 2) AS BLOB) WHERE record = ?1"
        );
        assert!(file.execute(&sql, [record.0]).unwrap() > 0);
    }
}
