//! Looking whether a county is as it was written: each night, and when an operator asks.

use saddlebag_records::id::RecordId;
use serde::Serialize;

use crate::county::{Counties, County};
use crate::store::{Checked, DamagedRow, PlanRow, StoreError, WriteTx};
use crate::{plans, visibility};

/// What a look at every row of a county came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Scrubbed {
    /// Whether all of it is as it was written.
    pub sound: bool,
    /// Rows that do not match their hashes.
    pub damaged: u64,
    /// Counts of rows, by table and by device or reader, that are not what was written: rows are missing, or were changed.
    pub counts: u64,
    /// Whether SQLite's own check finds nothing.
    pub file: bool,
    /// Rows that are set aside until a phone that holds them gives them again.
    pub set_aside: u64,
    /// Facts that were looked at.
    pub facts: u64,
    /// Plan changes that were looked at.
    pub plan_changes: u64,
    /// Side values that were looked at.
    pub side_values: u64,
}

/// Looks at every row of a county, beside the server that serves it, and raises or ends its alarm. Takes as long as reading
/// all of it does.
///
/// # Errors
/// Where it could not be looked at, but for damage.
pub fn scrub(county: &County) -> Result<Scrubbed, StoreError> {
    let (checked, saw_all) = match county.store().look_at_all() {
        Ok(checked) => (checked, true),
        // So much damage that the look itself ends at it.
        Err(StoreError::Damaged(_) | StoreError::NotACounty | StoreError::FromTheFuture { .. }) => {
            (Checked::default(), false)
        }
        Err(error) => return Err(error),
    };
    if checked.is_sound() {
        county.damage().end();
    } else {
        county.damage().raise();
        let (damaged, counts) = (checked.damaged, checked.tallies_that_differ);
        tracing::error!(
            damaged,
            counts,
            file = checked.file_is_sound,
            "the county is damaged"
        );
    }
    make_plans_anew(county, &checked.rows);
    Ok(Scrubbed {
        sound: checked.is_sound(),
        damaged: checked.damaged,
        set_aside: match saw_all {
            true => set_aside(county, checked.rows),
            false => count(county),
        },
        counts: checked.tallies_that_differ,
        file: checked.file_is_sound,
        facts: checked.facts,
        plan_changes: checked.plan_changes,
        side_values: checked.side_values,
    })
}

/// Scrubs every county where somebody came upon something damaged, so that it is set aside and asked for again.
pub fn scrub_what_was_read(counties: &Counties) {
    for county in counties.all() {
        if county.damage().is_to_be_looked_into()
            && let Err(error) = scrub(&county)
        {
            tracing::error!(code = error.code(), "a scrub failed");
        }
    }
}

/// Sets aside what was found, and asks no more for what is sound by now. How many rows are set aside.
fn set_aside(county: &County, rows: Vec<DamagedRow>) -> u64 {
    if rows.is_empty() && count(county) == 0 {
        return 0;
    }
    let put = move |tx: &mut dyn WriteTx| tx.put_set_aside(&rows);
    match county.store().write(county.moment(), put).wait() {
        Ok(count) => count,
        Err(error) => {
            // The next scrub tries again: the alarm is raised all the same.
            tracing::error!(code = error.code(), "what is damaged could not be set aside");
            count(county)
        }
    }
}

/// How many rows are set aside, as far as that can be read.
fn count(county: &County) -> u64 {
    let count = county.store().read_blocking(|tx| tx.set_aside_count());
    count.unwrap_or_else(|error| {
        tracing::error!(code = error.code(), "what is set aside cannot be counted");
        0
    })
}

/// Makes damaged plans anew of their changes, as far as those are sound. The next scrub finds them so.
fn make_plans_anew(county: &County, rows: &[DamagedRow]) {
    for row in rows {
        let DamagedRow::Plan(record) = *row else { continue };
        let made = county
            .store()
            .read_blocking(|tx| plans::of_changes(tx, record))
            .and_then(|plan| put(county, record, plan));
        match made {
            Ok(true) => tracing::warn!("a damaged plan was made anew of its changes"),
            Ok(false) => tracing::error!("a damaged plan cannot be made anew"),
            Err(error) => tracing::error!(code = error.code(), "a damaged plan cannot be made anew"),
        }
    }
}

fn put(county: &County, record: RecordId, plan: Option<PlanRow>) -> Result<bool, StoreError> {
    let Some(plan) = plan else { return Ok(false) };
    let its = county.clone();
    let job = move |tx: &mut dyn WriteTx| {
        let mended = tx.mend_plan(record, &plan)?;
        visibility::refresh(tx, its.now_ms(), mended.then_some(record))?;
        Ok(mended)
    };
    county.store().write(county.moment(), job).wait()
}
