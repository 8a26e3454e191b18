//! Looks at every row of a county's file: SQLite's own check sees a third of flipped bits, the rows' sums the rest.

use std::path::Path;

use rusqlite::{Connection, Row};
use saddlebag_records::fact::FactHash;

use super::migrations::recognise;
use super::tx::{Columns, Tx};
use super::{changes, connection, facts, held, records, sides, tally};
use crate::store::{Checked, DamagedRow, FactRow, ReadCounty, ReadLog, StoreError};

/// The most damaged rows that are named: a file with more is to be restored.
const MOST_NAMED: usize = 1_000;

/// Checks a file as it stands at one moment.
pub(super) fn check(file: &Path) -> Result<Checked, StoreError> {
    let conn = connection::reader(file)?;
    // One moment of it, where it is written to meanwhile.
    conn.execute_batch("BEGIN")?;
    recognise(&conn)?;
    let mut checked = Checked::default();
    let sound: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    checked.file_is_sound = sound == "ok";
    checked.facts = each(&conn, &mut checked, facts::select!(""), |row| {
        Look::at(|| Ok(DamagedRow::Fact(row.seq(0)?)), fact(row).map(drop))
    })?;
    checked.plan_changes = each(&conn, &mut checked, changes::select!(""), |row| {
        Look::at(
            || Ok(DamagedRow::Change(row.seq(0)?)),
            changes::change(row).map(drop),
        )
    })?;
    checked.side_values = each(&conn, &mut checked, sides::select!(""), |row| {
        Look::at(
            || sides::key(row).map(DamagedRow::Side),
            sides::side(row).map(drop),
        )
    })?;
    checked.plans = each(&conn, &mut checked, records::SELECT_PLANS, |row| {
        let plan = row.record(5).and_then(|record| records::plan(record, row));
        Look::at(|| row.record(5).map(DamagedRow::Plan), plan.map(drop))
    })?;
    checked.held = each(&conn, &mut checked, held::select!(""), |row| {
        Look::at(|| Err(StoreError::Damaged("held")), held::held(row).map(drop))
    })?;
    checked.tallies_that_differ = tally::that_differ(&conn)?;
    let tx = Tx::new(&conn, ());
    checked.records = tx.counts()?.records;
    checked.head = tx.log_head()?;
    checked.county = tx.county()?.map(|county| county.id);
    checked.epoch = tx.epoch()?.map(|epoch| epoch.name);
    Ok(checked)
}

/// A fact whose row and whose bytes are what was written.
pub(super) fn fact(row: &Row<'_>) -> Result<FactRow, StoreError> {
    let fact = facts::fact(row)?;
    match FactHash::of(&fact.bytes) == fact.hash {
        true => Ok(fact),
        false => Err(StoreError::Damaged("fact")),
    }
}

/// What a look at one row came to.
enum Look {
    Sound,
    /// Its name, where it can be given again by it.
    Damaged(Option<DamagedRow>),
}

impl Look {
    fn at(
        name: impl FnOnce() -> Result<DamagedRow, StoreError>,
        read: Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        match read {
            Ok(()) => Ok(Self::Sound),
            Err(StoreError::Damaged(_)) => Ok(Self::Damaged(name().ok())),
            Err(error) => Err(error),
        }
    }
}

/// Looks at each row of a table, one at a time, counts them, and notes those that are damaged.
fn each(
    conn: &Connection,
    checked: &mut Checked,
    sql: &str,
    look: impl Fn(&Row<'_>) -> Result<Look, StoreError>,
) -> Result<u64, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        if let Look::Damaged(name) = look(row)? {
            checked.damaged += 1;
            checked
                .rows
                .extend(name.filter(|_| checked.rows.len() < MOST_NAMED));
        }
    }
    Ok(count)
}
