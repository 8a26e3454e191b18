use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use saddlebag_records::access::{Grant, Namer, Openings};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::gather::Gathered;
use crate::store::{ReadTx, RecordRow, StoreError};

/// The most records of which it is kept what names them, and of which it is kept what kind they are.
const MOST: usize = 32_768;
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

/// What names the records that are seen because others name them, read once and then told of what changes: a
/// household is named by all that was ever brought to it.
#[derive(Default)]
pub(super) struct Named {
    kinds: HashMap<RecordId, RecordKind>,
    namers: HashMap<RecordId, Namers>,
}

/// What names a record.
#[derive(Default)]
struct Namers {
    /// What they open; none until it is asked.
    openings: Option<Openings>,
    /// The camps and consents that a household brings along.
    brought: BTreeSet<RecordId>,
    /// The households that are the same as one.
    households: BTreeSet<RecordId>,
}

impl Named {
    /// The grants that a record has because others name it, or the household that brings it along. Good only once
    /// everything that names has been asked about.
    pub(super) fn grants(
        &mut self,
        tx: &dyn ReadTx,
        row: &RecordRow,
        gathered: &Gathered,
    ) -> Result<Vec<Grant>, StoreError> {
        let openings = self.openings(tx, row.id)?.clone();
        let openings = match gathered.brought_by {
            Some(household) => openings.and(self.openings(tx, household)?),
            None => openings,
        };
        Ok(openings.grants(row.kind, gathered.season_ends_ms))
    }

    /// What must be asked again when who sees a namer of this record changes: the record itself and, of a household,
    /// its camps and consents.
    pub(super) fn hanging_on(
        &mut self,
        tx: &dyn ReadTx,
        named: RecordId,
    ) -> Result<Vec<RecordId>, StoreError> {
        let Some(kind) = self.kind(tx, named)?.filter(|kind| may_be_named(*kind)) else {
            return Ok(Vec::new());
        };
        let mut hanging = vec![named];
        if kind == RecordKind::Household {
            hanging.extend(self.namers_of(tx, named)?.brought.iter().copied());
        }
        Ok(hanging)
    }

    /// The records of its own kind that name a record.
    pub(super) fn alike(
        &mut self,
        tx: &dyn ReadTx,
        named: RecordId,
        kind: RecordKind,
    ) -> Result<Vec<RecordId>, StoreError> {
        if kind == RecordKind::Household {
            let namers = self.namers_of(tx, named)?;
            return Ok(namers.households.iter().copied().collect());
        }
        let mut alike = Vec::new();
        for other in tx.references_to(named)? {
            if self.kind(tx, other)? == Some(kind) {
                alike.push(other);
            }
        }
        Ok(alike)
    }

    /// A record names these, and named those before.
    pub(super) fn names(
        &mut self,
        tx: &dyn ReadTx,
        row: &RecordRow,
        before: &[RecordId],
        names: &[RecordId],
    ) -> Result<(), StoreError> {
        let grants = match opens_what_it_names(row.kind) {
            true => tx.grants(row.id)?.into_iter().map(|row| row.grant).collect(),
            false => Vec::new(),
        };
        let namer = namer(row, row.ended_ms, &grants);
        for gone in before.iter().filter(|gone| !names.contains(gone)) {
            if let Some(namers) = self.namers.get_mut(gone) {
                namers.open(Some(&namer), None);
                namers.brought.remove(&row.id);
                namers.households.remove(&row.id);
            }
        }
        for new in names.iter().filter(|new| !before.contains(new)) {
            if let Some(namers) = self.namers.get_mut(new) {
                namers.open(None, Some(&namer));
                namers.bring(row);
            }
        }
        Ok(())
    }

    /// A record that names these ended, or opened again, or others see it: so it was before, and so it is now.
    pub(super) fn seen(&mut self, names: &[RecordId], before: &Namer<'_>, now: &Namer<'_>) {
        for named in names {
            if let Some(namers) = self.namers.get_mut(named) {
                namers.open(Some(before), Some(now));
            }
        }
    }

    fn openings(&mut self, tx: &dyn ReadTx, named: RecordId) -> Result<&Openings, StoreError> {
        let namers = self.namers_of(tx, named)?;
        let openings = match namers.openings.take() {
            Some(known) => known,
            None => openings(tx, named)?,
        };
        Ok(namers.openings.insert(openings))
    }

    fn namers_of(&mut self, tx: &dyn ReadTx, named: RecordId) -> Result<&mut Namers, StoreError> {
        if self.namers.len() >= MOST && !self.namers.contains_key(&named) {
            self.namers.clear();
        }
        Ok(match self.namers.entry(named) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let mut namers = Namers::default();
                for namer in tx.references_to(named)? {
                    if let Some(namer) = tx.record(namer)? {
                        namers.bring(&namer);
                    }
                }
                place.insert(namers)
            }
        })
    }

    /// What kind a record is of; none for one that is not there yet.
    fn kind(&mut self, tx: &dyn ReadTx, record: RecordId) -> Result<Option<RecordKind>, StoreError> {
        if let Some(known) = self.kinds.get(&record) {
            return Ok(Some(*known));
        }
        let kind = tx.record(record)?.map(|row| row.kind);
        if self.kinds.len() >= MOST {
            self.kinds.clear();
        }
        self.kinds.extend(kind.map(|kind| (record, kind)));
        Ok(kind)
    }
}

impl Namers {
    /// One that named it so names it so now.
    fn open(&mut self, before: Option<&Namer<'_>>, now: Option<&Namer<'_>>) {
        let Some(openings) = &mut self.openings else {
            return;
        };
        if before.is_none_or(|before| openings.take(before)) {
            now.into_iter().for_each(|now| openings.add(now));
        } else {
            self.openings = None;
        }
    }

    fn bring(&mut self, namer: &RecordRow) {
        match namer.kind {
            RecordKind::Camp | RecordKind::Consent => drop(self.brought.insert(namer.id)),
            RecordKind::Household => drop(self.households.insert(namer.id)),
            _ => {}
        }
    }
}

/// What all that name a record open.
fn openings(tx: &dyn ReadTx, named: RecordId) -> Result<Openings, StoreError> {
    let mut openings = Openings::default();
    for other in tx.references_to(named)? {
        let Some(row) = tx.record(other)?.filter(|row| opens_what_it_names(row.kind)) else {
            continue;
        };
        let grants: Vec<Grant> = tx.grants(other)?.into_iter().map(|row| row.grant).collect();
        openings.add(&namer(&row, row.ended_ms, &grants));
    }
    Ok(openings)
}

/// A record as it names others.
pub(super) fn namer<'a>(row: &RecordRow, ended_ms: Option<i64>, grants: &'a [Grant]) -> Namer<'a> {
    Namer {
        kind: row.kind,
        ended_ms,
        grants,
    }
}
