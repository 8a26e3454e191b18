//! Looking whether a county is as it was written: each night, and when an operator asks.

use serde::Serialize;

use crate::county::County;
use crate::store::{Checked, StoreError};

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
    let checked = match county.store().look_at_all() {
        Ok(checked) => checked,
        // So much damage that the look itself ends at it.
        Err(StoreError::Damaged(_) | StoreError::NotACounty | StoreError::FromTheFuture { .. }) => {
            Checked::default()
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
    Ok(Scrubbed {
        sound: checked.is_sound(),
        damaged: checked.damaged,
        counts: checked.tallies_that_differ,
        file: checked.file_is_sound,
        facts: checked.facts,
        plan_changes: checked.plan_changes,
        side_values: checked.side_values,
    })
}
