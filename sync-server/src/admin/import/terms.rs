use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};

use super::{Imported, ImportedId, Named};
use crate::act::{Act, Part};
use crate::admin::key::Keys;
use crate::admin::sheet::{BadCell, CsvFile, RefusedRow, Row};
use crate::admin::{AdminError, code, value};
use crate::county::County;
use crate::plans::view_of;
use crate::store::{ReadTx, StoreError};

const MUST: &[&str] = &["carrier", "place", "last_leg", "valid_from"];
const MAY: &[&str] = &["fee_fen"];

/// Terms of a carrier for one place, from one time on.
struct Terms {
    key: String,
    carrier: Named,
    place: Named,
    item: ItemId,
    values: BTreeMap<String, PlanValue>,
}

/// Adds terms of cooperation to carriers' plans. Terms that are there already stay as they are.
pub fn import_terms(county: &County, by: PersonId, file: &CsvFile) -> Result<Imported, AdminError> {
    let (rows, mut refused) = file.read(MUST, MAY)?.parse(|row| terms(county, row));
    let mut seen = BTreeSet::new();
    let mut ids = Vec::new();
    let mut new: BTreeMap<RecordId, Vec<PlanEdit>> = BTreeMap::new();
    county.store().read_blocking(|tx| {
        for (line, row) in rows {
            if !seen.insert(row.item) {
                refused.push(RefusedRow {
                    line,
                    column: None,
                    code: value::TWICE.to_owned(),
                });
            } else if let Some(column) = missing(tx, [&row.carrier, &row.place])? {
                refused.push(RefusedRow {
                    line,
                    column: Some(column.to_owned()),
                    code: code::NO_RECORD.to_owned(),
                });
            } else {
                let plan = view_of(tx, row.carrier.id)?;
                let there =
                    plan.is_some_and(|plan| plan.items("terms").iter().any(|item| item.id == row.item));
                ids.push(ImportedId {
                    line,
                    key: row.key,
                    id: row.carrier.id,
                    new: !there,
                });
                if !there {
                    let add = PlanEdit::AddItem {
                        field: "terms".to_owned(),
                        item: row.item,
                        values: row.values,
                    };
                    new.entry(row.carrier.id).or_default().push(add);
                }
            }
        }
        Ok::<_, StoreError>(())
    })?;
    refused.sort_by_key(|row| row.line);
    let added = new.values().map(Vec::len).sum();
    for (carrier, edits) in new {
        let part = Part {
            record: carrier,
            kind: RecordKind::Carrier,
            facts: Vec::new(),
            edits,
        };
        county.act(by, Act { parts: vec![part] })?;
    }
    Ok(Imported {
        added,
        known: ids.len() - added,
        refused,
        ids: Some(ids),
    })
}

fn terms(county: &County, row: &Row<'_>) -> Result<Terms, BadCell> {
    let named = |column, kind| {
        Named::in_cell(county, row, column, kind)?.ok_or(BadCell {
            column,
            code: "missing",
        })
    };
    let carrier = named("carrier", RecordKind::Carrier)?;
    let place = named("place", RecordKind::Place)?;
    let from = row.need("valid_from", value::time_ms)?;
    let mut values = BTreeMap::from([
        ("place".to_owned(), place.id.into()),
        (
            "last_leg".to_owned(),
            PlanValue::Text(row.need("last_leg", |cell| value::text(cell, 60))?),
        ),
        ("valid_from_ms".to_owned(), from.into()),
    ]);
    let fee = row.read("fee_fen", value::fen)?;
    values.extend(fee.map(|fen| ("fee_fen".to_owned(), fen.into())));
    let words = [place.id.to_string(), from.to_string()];
    let item = Keys(county.keys().id_key()).item(carrier.id, &words.each_ref().map(String::as_str));
    let key = row.cell("carrier").unwrap_or_default().to_owned();
    Ok(Terms {
        key,
        carrier,
        place,
        item: ItemId(item),
        values,
    })
}

fn missing(tx: &dyn ReadTx, named: [&Named; 2]) -> Result<Option<&'static str>, StoreError> {
    for named in named {
        if tx
            .record(named.id)?
            .is_none_or(|record| record.kind != named.kind)
        {
            return Ok(Some(named.column));
        }
    }
    Ok(None)
}
