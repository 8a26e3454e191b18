//! Looks at every row of a county's file: SQLite's own check sees a third of flipped bits, the rows' sums the rest.

use std::path::Path;

use rusqlite::{Connection, Row};
use saddlebag_records::fact::FactHash;

use super::migrations::recognise;
use super::tx::{Columns, Tx};
use super::{changes, connection, facts, held, records, sides, tally};
use crate::store::{Checked, ReadCounty, ReadLog, StoreError};

/// Checks a file as it stands at one moment.
pub(super) fn check(file: &Path) -> Result<Checked, StoreError> {
    let conn = connection::reader(file)?;
    // One moment of it, where it is written to meanwhile.
    conn.execute_batch("BEGIN")?;
    recognise(&conn)?;
    let mut checked = Checked::default();
    let sound: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    checked.file_is_sound = sound == "ok";
    checked.facts = each(&conn, &mut checked.damaged, facts::select!(""), |row| {
        let fact = facts::fact(row)?;
        matches(FactHash::of(&fact.bytes) == fact.hash)
    })?;
    checked.plan_changes = each(&conn, &mut checked.damaged, changes::select!(""), |row| {
        changes::change(row).map(drop)
    })?;
    checked.side_values = each(&conn, &mut checked.damaged, sides::select!(""), |row| {
        sides::side(row).map(drop)
    })?;
    checked.plans = each(&conn, &mut checked.damaged, records::SELECT_PLANS, |row| {
        records::plan(row.record(5)?, row).map(drop)
    })?;
    checked.held = each(&conn, &mut checked.damaged, held::select!(""), |row| {
        held::held(row).map(drop)
    })?;
    checked.tallies_that_differ = tally::that_differ(&conn)?;
    let tx = Tx::new(&conn, ());
    checked.records = tx.counts()?.records;
    checked.head = tx.log_head()?;
    checked.county = tx.county()?.map(|county| county.id);
    checked.epoch = tx.epoch()?.map(|epoch| epoch.name);
    Ok(checked)
}

fn matches(is: bool) -> Result<(), StoreError> {
    is.then_some(()).ok_or(StoreError::Damaged("fact"))
}

/// Looks at each row of a table, one at a time, counts them, and counts those that are damaged.
fn each(
    conn: &Connection,
    damaged: &mut u64,
    sql: &str,
    look: impl Fn(&Row<'_>) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        match look(row) {
            Err(StoreError::Damaged(_)) => *damaged += 1,
            looked => looked?,
        }
    }
    Ok(count)
}
