use std::collections::HashMap;
use std::collections::hash_map::Entry;

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

/// Whether a record of this kind is seen because others name it.
pub(super) fn may_be_named(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Household | RecordKind::Consent | RecordKind::Camp
    )
}

/// What names a record, and who sees that, read once for a household with all its camps and consents. Good only once
/// everything that names has been asked about.
#[derive(Default)]
pub(super) struct Namers(HashMap<RecordId, Vec<Naming>>);

struct Naming {
    kind: RecordKind,
    ended_ms: Option<i64>,
    grants: Vec<Grant>,
}

impl Namers {
    /// The grants that a record has because others name it, or the household that brings it along.
    pub(super) fn grants(
        &mut self,
        tx: &dyn ReadTx,
        row: &RecordRow,
        gathered: &Gathered,
    ) -> Result<Vec<Grant>, StoreError> {
        let all = [Some(row.id), gathered.brought_by];
        for named in all.into_iter().flatten() {
            if let Entry::Vacant(place) = self.0.entry(named) {
                place.insert(naming(tx, named)?);
            }
        }
        let namers: Vec<_> = all
            .iter()
            .flatten()
            .filter_map(|named| self.0.get(named))
            .flatten()
            .map(|naming| Namer {
                kind: naming.kind,
                ended_ms: naming.ended_ms,
                grants: &naming.grants,
            })
            .collect();
        Ok(named_grants(row.kind, gathered.season_ends_ms, &namers))
    }
}

fn naming(tx: &dyn ReadTx, named: RecordId) -> Result<Vec<Naming>, StoreError> {
    let mut all = Vec::new();
    for namer in tx.references_to(named)? {
        let Some(namer) = tx.record(namer)?.filter(|namer| opens_what_it_names(namer.kind)) else {
            continue;
        };
        all.push(Naming {
            kind: namer.kind,
            ended_ms: namer.ended_ms,
            grants: tx.grants(namer.id)?.into_iter().map(|row| row.grant).collect(),
        });
    }
    Ok(all)
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
