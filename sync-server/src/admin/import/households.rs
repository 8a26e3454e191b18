use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::PersonId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};

use super::{Imported, Named, NewRecord, own_key, phone_side, run};
use crate::act::{Draft, Part};
use crate::admin::sheet::{BadCell, CsvFile, Row};
use crate::admin::{AdminError, value};
use crate::county::County;

const MUST: &[&str] = &["key", "name"];
const MAY: &[&str] = &[
    "name_in_chinese",
    "language",
    "phones",
    "drop_point",
    // Where they are registered: in the file for its readers, not kept.
    "village",
    "station",
];
const MAX_NAME: usize = 60;

/// Adds households.
pub fn import_households(county: &County, by: PersonId, file: &CsvFile) -> Result<Imported, AdminError> {
    let (rows, refused) = file.read(MUST, MAY)?.parse(|row| household(county, row));
    run(county, by, RecordKind::Household, rows, refused)
}

fn household(county: &County, row: &Row<'_>) -> Result<NewRecord, BadCell> {
    let (key, id) = own_key(county, row, RecordKind::Household)?;
    let mut name = row.need("name", |cell| value::text(cell, MAX_NAME))?;
    // A courier who reads one script alone finds and greets them all the same.
    if let Some(chinese) = row
        .text("name_in_chinese", MAX_NAME)?
        .filter(|chinese| *chinese != name)
    {
        name = value::text(&format!("{name} {chinese}"), MAX_NAME).map_err(|code| BadCell {
            column: "name_in_chinese",
            code,
        })?;
    }
    let mut edits = vec![PlanEdit::set("name", PlanValue::Text(name))];
    let language = row.read("language", value::language)?;
    edits.extend(language.map(|language| PlanEdit::set("language", PlanValue::Text(language))));
    let drop_point = Named::in_cell(county, row, "drop_point", RecordKind::Place)?;
    edits.extend(
        drop_point
            .as_ref()
            .map(|place| PlanEdit::set("drop_point", place.id)),
    );

    let phones = |cell: &str| cell.split(';').map(|phone| value::phone(phone.trim())).collect();
    let phones: Vec<String> = row.read("phones", phones)?.unwrap_or_default();
    // One number a fact: each can turn out wrong by itself.
    let given = phones.iter().map(|phone| Draft {
        kind: kinds::household::PHONE_GIVEN,
        body: Body::new(),
        sides: phone_side(Some(phone)),
    });
    let facts = [Draft::new(kinds::household::REGISTERED, Body::new())]
        .into_iter()
        .chain(given)
        .collect();
    let part = Part {
        record: id,
        kind: RecordKind::Household,
        facts,
        edits,
    };
    Ok(NewRecord {
        key,
        names: drop_point.into_iter().collect(),
        part,
    })
}
