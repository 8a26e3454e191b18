use saddlebag_records::id::{PersonId, RecordId};

use super::empty_log;
use super::records::{Group, forget_in};
use crate::county::County;
use crate::store::{ForgetReason, StoreError, WriteTx};

/// Destroys records because they are about a person: everywhere, at once, whatever else holds. The auditor's log has who
/// did it.
///
/// # Errors
/// Every [`StoreError`].
pub(crate) fn destroy(
    county: &County,
    by: PersonId,
    records: Vec<RecordId>,
    what: &'static str,
) -> Result<(), StoreError> {
    let its = county.clone();
    county.own(move |tx: &mut dyn WriteTx| {
        for record in &records {
            tx.append_audit(Some(by), what, Some(*record), "")?;
        }
        let group = Group::of(tx, records, ForgetReason::Person)?;
        forget_in(tx, &its, &[group])
    })?;
    empty_log(county)
}
