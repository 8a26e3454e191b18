use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::PersonId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};

use super::{Imported, NewRecord, run};
use crate::act::{Draft, Part};
use crate::admin::sheet::{BadCell, CsvFile, Row};
use crate::admin::{AdminError, find, value};
use crate::county::County;

const MUST: &[&str] = &["kuaidi100", "kind", "name"];

/// Adds carriers. Their key is their Kuaidi100 code.
pub fn import_carriers(county: &County, by: PersonId, file: &CsvFile) -> Result<Imported, AdminError> {
    let (rows, refused) = file.read(MUST, &[])?.parse(|row| carrier(county, row));
    run(county, by, RecordKind::Carrier, rows, refused)
}

fn carrier(county: &County, row: &Row<'_>) -> Result<NewRecord, BadCell> {
    let key = row.need("kuaidi100", |cell| {
        value::key(cell).and_then(|key| value::text(key, 30))
    })?;
    let id = find::meant(county, RecordKind::Carrier, &key);
    let id = id.map_err(|code| BadCell {
        column: "kuaidi100",
        code,
    })?;
    let kind = row.need("kind", |cell| value::code(cell, "carrier_kind"))?;
    let edits = vec![
        PlanEdit::set(
            "name",
            PlanValue::Text(row.need("name", |cell| value::text(cell, 60))?),
        ),
        PlanEdit::set("kind", i64::from(kind)),
        PlanEdit::set("kuaidi100", key.as_str()),
    ];
    let opened = Draft::new(kinds::carrier::OPENED, Body::new());
    let part = Part {
        record: id,
        kind: RecordKind::Carrier,
        facts: vec![opened],
        edits,
    };
    Ok(NewRecord {
        key,
        names: Vec::new(),
        part,
    })
}
