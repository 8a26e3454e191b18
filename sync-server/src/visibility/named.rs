use saddlebag_records::access::{Grant, Namer, named_grants};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::gather::Gathered;
use crate::store::{ReadTx, RecordRow, StoreError};

/// Whether who sees a record of this kind may see what it names too.
pub(super) fn opens_what_it_names(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
    )
}

fn may_be_named(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Household | RecordKind::Consent | RecordKind::Camp
    )
}

/// The grants that a record has because others name it, or the household that brings it along.
pub(super) fn named(tx: &dyn ReadTx, row: &RecordRow, gathered: &Gathered) -> Result<Vec<Grant>, StoreError> {
    if !may_be_named(row.kind) {
        return Ok(Vec::new());
    }
    let mut namers = Vec::new();
    for named in [Some(row.id), gathered.brought_by].into_iter().flatten() {
        for namer in tx.references_to(named)? {
            let Some(namer) = tx.record(namer)?.filter(|namer| opens_what_it_names(namer.kind)) else {
                continue;
            };
            let grants: Vec<Grant> = tx.grants(namer.id)?.into_iter().map(|row| row.grant).collect();
            namers.push((namer.kind, namer.ended_ms, grants));
        }
    }
    let namers: Vec<_> = namers
        .iter()
        .map(|(kind, ended_ms, grants)| Namer {
            kind: *kind,
            ended_ms: *ended_ms,
            grants,
        })
        .collect();
    Ok(named_grants(row.kind, gathered.season_ends_ms, &namers))
}

/// What must be asked again when who sees a namer of this record changes: the record itself and, of a household,
/// its camps and consents.
pub(super) fn hanging_on(tx: &dyn ReadTx, named: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let Some(row) = tx.record(named)?.filter(|row| may_be_named(row.kind)) else {
        return Ok(Vec::new());
    };
    let mut hanging = vec![named];
    if row.kind == RecordKind::Household {
        for other in tx.references_to(named)? {
            let brought = |row: &RecordRow| matches!(row.kind, RecordKind::Camp | RecordKind::Consent);
            hanging.extend(tx.record(other)?.filter(brought).map(|row| row.id));
        }
    }
    Ok(hanging)
}
