//! Counts of rows, and sums of their hashes, by which a row that went missing or is not as it was written is noticed:
//! its own sum tells nothing where the row itself is gone, or has none.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::mark::Mark;
use crate::store::StoreError;

/// Tables whose rows are counted apart, and by which column: by whom they were written, and who reads them.
const PARTS: [(&str, &str); 6] = [
    ("fact", "author"),
    ("plan_change", "by_device"),
    ("side_value", "author"),
    ("log_reader", "audience"),
    ("granted", "audience"),
    ("membership", "audience"),
];
/// Tables whose column `sum` stands for the whole row. That of `held` leaves out what changes.
const SUMMED: [&str; 4] = ["fact", "plan_change", "side_value", "record_plan"];
/// Tables whose new rows are noted by whoever adds them ([`Tallies::added`]), not by a trigger: see [`NOTES`].
const BY_HAND: [&str; 3] = ["fact", "log", "plan_change"];
/// Where the writer's triggers note every row that came or went, until the tallies are settled: the table's place in the
/// list, 1 or -1, the part, and the columns that are counted. A job that is taken back takes its notes back.
///
/// They call no function, and what touches one row says `OR FAIL`: where a statement has a trigger and may be taken back
/// alone, SQLite copies each page that it changes, and on letting go of the copies walks through all that the job made
/// before, which took half the time of a push. That is also so wherever it must make sure itself that a key is an integer:
/// so some tables' new rows are noted by hand.
const NOTES: &str = "row_note";
/// What the commits are counted under.
const COMMITS: &str = "commit";

/// How many rows, and the sum of their hashes. Of any order, and each row can be taken out again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    rows: i64,
    sum: i64,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self {
            rows: self.rows.wrapping_add(other.rows),
            sum: self.sum.wrapping_add(other.sum),
        }
    }

    fn of_row<'a>(columns: impl Iterator<Item = ValueRef<'a>>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for column in columns {
            match column {
                ValueRef::Null => hasher.update(&[0]),
                ValueRef::Integer(integer) => hasher.update(&[1]).update(&integer.to_be_bytes()),
                ValueRef::Real(real) => hasher.update(&[2]).update(&real.to_be_bytes()),
                ValueRef::Text(bytes) => hasher.update(&[3]).update(&length(bytes)).update(bytes),
                ValueRef::Blob(bytes) => hasher.update(&[4]).update(&length(bytes)).update(bytes),
            };
        }
        let mut sum = [0; 8];
        hasher.finalize_xof().fill(&mut sum);
        Self {
            rows: 1,
            sum: i64::from_be_bytes(sum),
        }
    }

    fn taken_out(self) -> Self {
        Self {
            rows: self.rows.wrapping_neg(),
            sum: self.sum.wrapping_neg(),
        }
    }
}

fn length(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_be_bytes()
}

/// A table, and how its rows are counted.
#[derive(Debug)]
struct Counted {
    name: String,
    part: Option<&'static str>,
    columns: Vec<String>,
}

impl Counted {
    /// Every table that there is, but for the tallies themselves: whatever a later migration adds is counted too.
    fn all(conn: &Connection) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
            AND name <> 'row_tally' ORDER BY name";
        let names = strings(conn, sql, "")?;
        names.into_iter().map(|name| Self::of(conn, name)).collect()
    }

    fn of(conn: &Connection, name: String) -> Result<Self, StoreError> {
        let part = PARTS
            .iter()
            .find(|(table, _)| *table == name)
            .map(|(_, part)| *part);
        let columns = if SUMMED.contains(&name.as_str()) {
            vec!["sum".to_owned()]
        } else {
            strings(conn, "SELECT name FROM pragma_table_info(?1)", &name)?
        };
        Ok(Self { name, part, columns })
    }

    /// The columns of a row, its part first.
    fn row(&self, of: &str) -> String {
        let column = |column: &str| format!("{of}\"{column}\"");
        let part = self.part.map_or_else(|| "NULL".to_owned(), column);
        let columns = self.columns.iter().map(|name| column(name));
        std::iter::once(part)
            .chain(columns)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The first columns of a note, as many as it takes.
    fn note(&self) -> String {
        let columns = (0..self.columns.len()).map(|at| format!(", c{at}"));
        format!("{NOTES} (place, sign, part{})", columns.collect::<String>())
    }

    fn triggers(&self, at: usize) -> String {
        let name = &self.name;
        let note = self.note();
        let take =
            |of: &str, sign: i32| format!("INSERT INTO {note} VALUES ({at}, {sign}, {});", self.row(of));
        let trigger = |when: &str, does: String| {
            format!("CREATE TEMP TRIGGER \"{name} {when}\" AFTER {when} ON main.\"{name}\" BEGIN {does} END;")
        };
        let (new, old) = (take("NEW.", 1), take("OLD.", -1));
        let inserted = match BY_HAND.contains(&name.as_str()) {
            true => String::new(),
            false => trigger("INSERT", new.clone()),
        };
        [
            inserted,
            trigger("DELETE", old.clone()),
            trigger("UPDATE", old + &new),
        ]
        .concat()
    }
}

fn strings(conn: &Connection, sql: &str, param: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let params: &[&dyn rusqlite::ToSql] = if statement.parameter_count() == 0 {
        &[]
    } else {
        &[&param]
    };
    let names = statement.query_map(params, |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Counts what the writer writes.
pub(super) struct Tallies {
    tables: Vec<Counted>,
    /// How rows are noted by hand.
    by_hand: Vec<(&'static str, String)>,
    mark: Mark,
    /// Whether commits that were made are not in the file.
    pub(super) lacks_commits: bool,
    /// Set once something was read that is damaged.
    pub(super) damage_seen: Arc<AtomicBool>,
}

impl Tallies {
    /// Counts from now on whatever is written over this connection, the only one that writes. A file without tallies,
    /// which an earlier version left, or a new one, is counted as it stands.
    pub(super) fn watch(conn: &Connection, mark: Mark) -> Result<Self, StoreError> {
        let tables = Counted::all(conn)?;
        // Else a row that another one replaces would go without a word.
        conn.pragma_update(None, "recursive_triggers", true)?;
        let most = tables.iter().map(|table| table.columns.len()).max().unwrap_or(0);
        let columns: String = (0..most).map(|at| format!(", c{at}")).collect();
        conn.execute_batch(&format!("CREATE TEMP TABLE {NOTES} (place, sign, part{columns})"))?;
        let triggers: String = tables
            .iter()
            .enumerate()
            .map(|(at, table)| table.triggers(at))
            .collect();
        conn.execute_batch(&triggers)?;
        if conn.query_row("SELECT count(*) FROM row_tally", [], |row| row.get::<_, i64>(0))? == 0 {
            count_all(conn, mark.commits)?;
        }
        let lacks_commits = commits(conn)? < mark.commits;
        let by_hand = BY_HAND.into_iter().filter_map(|name| {
            let at = tables.iter().position(|table| table.name == name)?;
            let (note, places) = (
                tables.get(at)?.note(),
                ", ?".repeat(tables.get(at)?.columns.len()),
            );
            Some((name, format!("INSERT INTO {note} VALUES ({at}, 1, ?{places})")))
        });
        Ok(Self {
            by_hand: by_hand.collect(),
            tables,
            mark,
            lacks_commits,
            damage_seen: Arc::default(),
        })
    }

    /// A row was added to one of the tables without a trigger: its part, and the columns that are counted.
    pub(super) fn added(
        &self,
        conn: &Connection,
        table: &'static str,
        part_and_columns: &[&dyn ToSql],
    ) -> Result<(), StoreError> {
        let by_hand = self.by_hand.iter().find(|(name, _)| *name == table);
        let (_, sql) = by_hand.ok_or(StoreError::Conflict("tally of no table"))?;
        conn.prepare_cached(sql)?.execute(part_and_columns)?;
        Ok(())
    }

    /// Writes what the jobs came to, within their transaction.
    pub(super) fn settle(&self, conn: &Connection) -> Result<(), StoreError> {
        let noted = self.noted(conn)?;
        if noted.is_empty() {
            return Ok(());
        }
        for ((at, part), tally) in noted {
            if tally != Tally::default() {
                add(conn, &self.table(at)?.name, &part, tally)?;
            }
        }
        conn.prepare_cached("DELETE FROM temp.row_note")?.execute([])?;
        add(conn, COMMITS, &[], Tally { rows: 1, sum: 0 })
    }

    fn table(&self, at: usize) -> Result<&Counted, StoreError> {
        self.tables
            .get(at)
            .ok_or(StoreError::Conflict("tally of no table"))
    }

    fn noted(&self, conn: &Connection) -> Result<HashMap<(usize, Vec<u8>), Tally>, StoreError> {
        let mut statement = conn.prepare_cached("SELECT * FROM temp.row_note")?;
        let mut rows = statement.query([])?;
        let mut noted = HashMap::new();
        while let Some(row) = rows.next()? {
            let at = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            let last = 3 + self.table(at)?.columns.len();
            let columns: Vec<_> = (3..last).map(|at| row.get_ref(at)).collect::<Result<_, _>>()?;
            let mut tally = Tally::of_row(columns.into_iter());
            if row.get::<_, i64>(1)? < 0 {
                tally = tally.taken_out();
            }
            let key = (at, part_of(row.get_ref(2)?));
            let all: &mut Tally = noted.entry(key).or_default();
            *all = all.and(tally);
        }
        Ok(noted)
    }

    /// The transaction is durable.
    pub(super) fn committed(&self, conn: &Connection) {
        if let Ok(commits) = commits(conn) {
            self.mark.note(commits);
        }
    }
}

/// Counts a file as it stands, which has no tallies yet.
fn count_all(conn: &Connection, commits: u64) -> Result<(), StoreError> {
    let whole = conn.unchecked_transaction()?;
    for ((place, part), tally) in counted(&whole)? {
        add(&whole, &place, &part, tally)?;
    }
    let rows = i64::try_from(commits).unwrap_or(i64::MAX).saturating_add(1);
    add(&whole, COMMITS, &[], Tally { rows, sum: 0 })?;
    Ok(whole.commit()?)
}

fn part_of(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Integer(number) => number.to_be_bytes().to_vec(),
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes.to_vec(),
        ValueRef::Null | ValueRef::Real(_) => Vec::new(),
    }
}

fn add(conn: &Connection, place: &str, part: &[u8], more: Tally) -> Result<(), StoreError> {
    let sql = "SELECT row_count, row_sum FROM row_tally WHERE place = ?1 AND part = ?2";
    let known = conn
        .prepare_cached(sql)?
        .query_row(params![place, part], |row| tally(row, 0))
        .optional()?;
    let all = known.unwrap_or_default().and(more);
    if all == Tally::default() {
        // Nothing stays of whom nothing is there any more.
        let sql = "DELETE FROM row_tally WHERE place = ?1 AND part = ?2";
        conn.prepare_cached(sql)?.execute(params![place, part])?;
        return Ok(());
    }
    let sql = "INSERT INTO row_tally (place, part, row_count, row_sum) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (place, part) DO UPDATE SET row_count = excluded.row_count, row_sum = excluded.row_sum";
    conn.prepare_cached(sql)?
        .execute(params![place, part, all.rows, all.sum])?;
    Ok(())
}

fn tally(row: &Row<'_>, at: usize) -> rusqlite::Result<Tally> {
    Ok(Tally {
        rows: row.get(at)?,
        sum: row.get(at + 1)?,
    })
}

type Found = BTreeMap<(String, Vec<u8>), Tally>;

/// Counts every row of every table.
fn counted(conn: &Connection) -> Result<Found, StoreError> {
    let mut found = Found::new();
    for table in Counted::all(conn)? {
        let sql = format!("SELECT {} FROM main.\"{}\"", table.row(""), table.name);
        let mut statement = conn.prepare(&sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<_> = (1..columns).map(|at| row.get_ref(at)).collect::<Result<_, _>>()?;
            let key = (table.name.clone(), part_of(row.get_ref(0)?));
            let tally = found.entry(key).or_default();
            *tally = tally.and(Tally::of_row(values.into_iter()));
        }
    }
    Ok(found)
}

/// How many tallies are not as they were written, in one moment of the file. None in a file of before there were any.
pub(super) fn that_differ(conn: &Connection) -> Result<u64, StoreError> {
    if !conn.table_exists(Some("main"), "row_tally")? {
        return Ok(0);
    }
    let mut found = counted(conn)?;
    let mut statement =
        conn.prepare("SELECT place, part, row_count, row_sum FROM row_tally WHERE place <> ?1")?;
    let mut rows = statement.query([COMMITS])?;
    let mut differ = 0;
    while let Some(row) = rows.next()? {
        let key = (row.get(0)?, row.get(1)?);
        differ += u64::from(found.remove(&key).unwrap_or_default() != tally(row, 2)?);
    }
    Ok(differ + found.len() as u64)
}

/// How many commits the file has had.
fn commits(conn: &Connection) -> Result<u64, StoreError> {
    let mut statement = conn.prepare_cached("SELECT row_count FROM row_tally WHERE place = ?1")?;
    let commits: Option<i64> = statement.query_row([COMMITS], |row| row.get(0)).optional()?;
    Ok(commits
        .and_then(|commits| u64::try_from(commits).ok())
        .unwrap_or(0))
}
