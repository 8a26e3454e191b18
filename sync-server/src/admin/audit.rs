//! The auditor's log: who saw and exported what, and why.

use saddlebag_records::access::Role;
use saddlebag_records::id::{PersonId, RecordId};
use serde::Serialize;

use super::{AdminError, looking};
use crate::county::County;
use crate::store::Person;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its number.
    pub entry: u64,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Who; none for the county's own working.
    pub who: Option<PersonId>,
    /// What was done, a stable code.
    pub what: String,
    /// To which record, if to one.
    pub record: Option<RecordId>,
    /// Why, in their words.
    pub why: String,
}

/// The entries after a number, oldest first, for an auditor.
pub fn list(county: &County, person: &Person, after: u64, limit: usize) -> Result<Vec<Entry>, AdminError> {
    looking::has_role(person, &[Role::Auditor])?;
    let entries = county.store().read_blocking(|tx| tx.audit(after, limit))?;
    let entries = entries.into_iter().map(|(entry, audit)| Entry {
        entry,
        at_ms: audit.ms,
        who: audit.who,
        what: audit.what,
        record: audit.record,
        why: audit.why,
    });
    Ok(entries.collect())
}
