//! Records that come in files: each row makes one, or finds it there and leaves it as it is.

mod camps;
mod carriers;
mod deliveries;
mod households;
mod people;
mod pickup_codes;
mod places;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::fact::SideName;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use serde::Serialize;

pub use camps::import_camps;
pub use carriers::import_carriers;
pub use deliveries::import_deliveries;
pub use households::import_households;
pub use people::import_people;
pub use places::import_places;
pub use terms::import_terms;

use super::find::meant;
use super::sheet::{BadCell, RefusedRow, Row};
use super::{AdminError, code, value};
use crate::act::{Act, Part};
use crate::county::County;
use crate::store::{ReadTx, StoreError};

/// Rows that are written in one go: enough that the disk does not matter, few enough that phones do not wait.
const AT_ONCE: usize = 64;

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Rows that made something new.
    pub added: usize,
    /// Rows whose record was there already: it stays as it is.
    pub known: usize,
    /// Rows that were not taken.
    pub refused: Vec<RefusedRow>,
    /// The record of each row that was taken, in their order; left out unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<ImportedId>>,
}

/// Which record a row stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportedId {
    /// The line of the file.
    pub line: u64,
    /// What stands for it in files: its key or its waybill number.
    pub key: String,
    /// The record.
    pub id: RecordId,
    /// Whether the row made it.
    pub new: bool,
}

/// A row that can be written.
pub(super) struct NewRecord {
    pub(super) key: String,
    /// What it names, by column: those must be there, or come in the same file.
    pub(super) names: Vec<Named>,
    pub(super) part: Part,
}

impl NewRecord {
    fn id(&self) -> RecordId {
        self.part.record
    }
}

/// A phone number that hangs on a fact, where there is one.
fn phone_side(phone: Option<&str>) -> Vec<(SideName, Vec<u8>)> {
    phone
        .map(|phone| (SideName::Phone, phone.as_bytes().to_vec()))
        .into_iter()
        .collect()
}

/// A record that a row names.
pub(super) struct Named {
    pub(super) column: &'static str,
    pub(super) id: RecordId,
    pub(super) kind: RecordKind,
}

impl Named {
    /// What the cell names; none where it is empty.
    pub(super) fn in_cell(
        county: &County,
        row: &Row<'_>,
        column: &'static str,
        kind: RecordKind,
    ) -> Result<Option<Self>, BadCell> {
        let id = row.read(column, |cell| meant(county, kind, cell))?;
        Ok(id.map(|id| Self { column, id, kind }))
    }
}

/// The cell `key`, and the record of this kind that it stands for.
pub(super) fn own_key(
    county: &County,
    row: &Row<'_>,
    kind: RecordKind,
) -> Result<(String, RecordId), BadCell> {
    let key = row.need("key", value::key)?;
    let id = meant(county, kind, key).map_err(|code| BadCell { column: "key", code })?;
    Ok((key.to_owned(), id))
}

/// Writes the rows whose record is not there yet. `kind` is the kind of all of them.
pub(super) fn run(
    county: &County,
    by: PersonId,
    kind: RecordKind,
    rows: Vec<(u64, NewRecord)>,
    refused: Vec<RefusedRow>,
) -> Result<Imported, AdminError> {
    let known = there(county, &rows)?;
    Ready::check(county, kind, rows, known, refused)?.write(county, by)
}

/// The records of these rows that are there already.
pub(super) fn there(county: &County, rows: &[(u64, NewRecord)]) -> Result<BTreeSet<RecordId>, AdminError> {
    let there = county.store().read_blocking(|tx| {
        let there = rows
            .iter()
            .map(|(_, row)| Ok((row.id(), tx.record(row.id())?.is_some())));
        there.collect::<Result<Vec<_>, StoreError>>()
    })?;
    Ok(there
        .into_iter()
        .filter(|(_, there)| *there)
        .map(|(id, _)| id)
        .collect())
}

/// Rows that can be written.
pub(super) struct Ready {
    rows: Vec<(u64, NewRecord)>,
    known: BTreeSet<RecordId>,
    refused: Vec<RefusedRow>,
}

impl Ready {
    /// Those of the rows that come once and name what is there.
    pub(super) fn check(
        county: &County,
        kind: RecordKind,
        rows: Vec<(u64, NewRecord)>,
        known: BTreeSet<RecordId>,
        mut refused: Vec<RefusedRow>,
    ) -> Result<Self, AdminError> {
        let (mut rows, twice) = once_each(rows);
        refused.extend(twice);
        let missing = county
            .store()
            .read_blocking(|tx| missing(tx, kind, &rows, &known))?;
        refused.extend(missing.iter().map(|(line, column)| RefusedRow {
            line: *line,
            column: Some((*column).to_owned()),
            code: code::NO_RECORD.to_owned(),
        }));
        refused.sort_by_key(|row| row.line);
        rows.retain(|(line, _)| !missing.contains_key(line));
        Ok(Self { rows, known, refused })
    }

    /// What an import of them does.
    pub(super) fn told(&self) -> Imported {
        let ids = self.rows.iter().map(|(line, row)| ImportedId {
            line: *line,
            key: row.key.clone(),
            id: row.id(),
            new: !self.known.contains(&row.id()),
        });
        let ids: Vec<_> = ids.collect();
        let added = ids.iter().filter(|row| row.new).count();
        Imported {
            added,
            known: ids.len() - added,
            refused: self.refused.clone(),
            ids: Some(ids),
        }
    }

    /// Writes them, `AT_ONCE` at a time: what a killed import left out, the next one of the same file brings.
    pub(super) fn write(self, county: &County, by: PersonId) -> Result<Imported, AdminError> {
        let told = self.told();
        let known = self.known;
        let mut new = self
            .rows
            .into_iter()
            .map(|(_, row)| row.part)
            .filter(|part| !known.contains(&part.record));
        loop {
            let parts: Vec<Part> = new.by_ref().take(AT_ONCE).collect();
            if parts.is_empty() {
                return Ok(told);
            }
            county.act(by, Act { parts })?;
        }
    }
}

/// The lines of new rows that name what is neither there nor in the file, and in which column.
fn missing(
    tx: &dyn ReadTx,
    kind: RecordKind,
    rows: &[(u64, NewRecord)],
    known: &BTreeSet<RecordId>,
) -> Result<BTreeMap<u64, &'static str>, StoreError> {
    let in_file: BTreeSet<RecordId> = rows.iter().map(|(_, row)| row.id()).collect();
    let mut missing = BTreeMap::new();
    for (line, row) in rows.iter().filter(|(_, row)| !known.contains(&row.id())) {
        for named in &row.names {
            let comes_too = named.kind == kind && in_file.contains(&named.id);
            if !comes_too
                && tx
                    .record(named.id)?
                    .is_none_or(|record| record.kind != named.kind)
            {
                missing.entry(*line).or_insert(named.column);
            }
        }
    }
    Ok(missing)
}

fn once_each(rows: Vec<(u64, NewRecord)>) -> (Vec<(u64, NewRecord)>, Vec<RefusedRow>) {
    let mut seen = BTreeSet::new();
    let (once, twice): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, row)| seen.insert(row.id()));
    let twice = twice.into_iter().map(|(line, _)| RefusedRow {
        line,
        column: None,
        code: value::TWICE.to_owned(),
    });
    (once, twice.collect())
}
