//! Looking at personal data: only at what is one's own to see, and never without leaving a word in the auditor's log.

use saddlebag_records::access::{Cause, Role, Until, audiences_of, visible_until};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

use super::{AdminError, code};
use crate::county::County;
use crate::store::{Person, ReadTx, StoreError};

/// Who looks, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looking {
    /// Who.
    pub person: Person,
    /// Why, in their words.
    pub why: String,
}

impl Looking {
    /// Writes it down. What is shown after this was written down before.
    pub fn note(&self, county: &County, what: &str, record: Option<RecordId>) -> Result<(), AdminError> {
        note(county, self.person.id, what, record, &self.why)
    }
}

/// Writes into the auditor's log.
pub(super) fn note(
    county: &County,
    who: PersonId,
    what: &str,
    record: Option<RecordId>,
    why: &str,
) -> Result<(), AdminError> {
    let (what, why) = (what.to_owned(), why.to_owned());
    let noted: Result<(), StoreError> = county.own(move |tx| tx.append_audit(Some(who), &what, record, &why));
    noted.map_err(AdminError::from)
}

/// Refuses whoever does not see all records of this kind by their role.
pub(super) fn sees_all(person: &Person, kind: RecordKind) -> Result<(), AdminError> {
    if sees_kind(person.role, kind) {
        Ok(())
    } else {
        Err(AdminError::new(code::ROLE, person.role.name()))
    }
}

/// Whether somebody of this role sees all records of the kind.
pub(super) fn sees_kind(role: Role, kind: RecordKind) -> bool {
    visible_until(role, kind, Cause::Office) != Until::Never
}

/// Refuses whoever does not see this record now.
pub(super) fn sees(tx: &dyn ReadTx, person: &Person, record: RecordId) -> Result<(), AdminError> {
    let audiences = audiences_of(person.role, person.id, person.station);
    let sees = tx.sees(&audiences, record)?;
    sees.then_some(())
        .ok_or_else(|| AdminError::new(code::NOT_SEEN, record))
}

/// Refuses whoever has none of these roles.
pub(super) fn has_role(person: &Person, roles: &[Role]) -> Result<(), AdminError> {
    let has = roles.contains(&person.role);
    has.then_some(())
        .ok_or_else(|| AdminError::new(code::ROLE, person.role.name()))
}
