use saddlebag_records::id::PersonId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};

use super::{Imported, Named, NewRecord, own_key, run};
use crate::act::Part;
use crate::admin::sheet::{BadCell, CsvFile, Row};
use crate::admin::{AdminError, value};
use crate::county::County;

const MUST: &[&str] = &["key", "household", "season", "valid_from", "valid_until"];
const MAY: &[&str] = &["latitude", "longitude", "landmark", "directions"];
const MAX_DIRECTIONS: usize = 1000;

/// Adds camps.
pub fn import_camps(county: &County, by: PersonId, file: &CsvFile) -> Result<Imported, AdminError> {
    let (rows, refused) = file.read(MUST, MAY)?.parse(|row| camp(county, row));
    run(county, by, RecordKind::Camp, rows, refused)
}

fn camp(county: &County, row: &Row<'_>) -> Result<NewRecord, BadCell> {
    let (key, id) = own_key(county, row, RecordKind::Camp)?;
    let household = Named::in_cell(county, row, "household", RecordKind::Household)?.ok_or(BadCell {
        column: "household",
        code: "missing",
    })?;
    let season = row.need("season", |cell| value::code(cell, "season"))?;
    let from_ms = row.need("valid_from", value::time_ms)?;
    let until_ms = row.need("valid_until", value::time_ms)?;
    if until_ms <= from_ms {
        return Err(BadCell {
            column: "valid_until",
            code: "out_of_range",
        });
    }
    let mut edits = vec![
        PlanEdit::set("household", household.id),
        PlanEdit::set("season", i64::from(season)),
        PlanEdit::set("valid_from_ms", from_ms),
        PlanEdit::set("valid_until_ms", until_ms),
    ];
    edits.extend(
        row.position()?
            .map(|position| PlanEdit::set("position", position)),
    );
    edits.extend(
        row.text("landmark", 100)?
            .map(|word| PlanEdit::set("landmark", PlanValue::Text(word))),
    );
    edits.extend(
        row.text("directions", MAX_DIRECTIONS)?
            .map(|text| PlanEdit::note("directions", &text)),
    );
    let part = Part {
        record: id,
        kind: RecordKind::Camp,
        facts: Vec::new(),
        edits,
    };
    Ok(NewRecord {
        key,
        names: vec![household],
        part,
    })
}
