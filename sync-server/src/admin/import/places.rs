use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::PersonId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};

use super::{Imported, Named, NewRecord, own_key, phone_side, run};
use crate::act::{Draft, Part};
use crate::admin::key::Keys;
use crate::admin::sheet::{BadCell, CsvFile, Row};
use crate::admin::{AdminError, find, value};
use crate::county::County;

const MUST: &[&str] = &["key", "kind", "name"];
const MAY: &[&str] = &[
    "latitude",
    "longitude",
    "station",
    "host",
    "keeper",
    "phone",
    "hours",
    "keeping_days",
    "capacity",
    "services",
    "not_direct",
    // Who administers it: in the file for its readers, not kept.
    "township",
    "village",
    // As an export has it.
    "station_name",
];

/// Adds places.
pub fn import_places(county: &County, by: PersonId, file: &CsvFile) -> Result<Imported, AdminError> {
    let (rows, refused) = file.read(MUST, MAY)?.parse(|row| place(county, row));
    run(county, by, RecordKind::Place, rows, refused)
}

fn place(county: &County, row: &Row<'_>) -> Result<NewRecord, BadCell> {
    let (key, id) = own_key(county, row, RecordKind::Place)?;
    let mut edits = Vec::new();
    let mut set = |field: &str, value: Option<PlanValue>| {
        edits.extend(value.map(|value| PlanEdit::Set {
            field: field.to_owned(),
            value,
        }));
    };
    let kind = row.need("kind", |cell| value::code(cell, "place_kind"))?;
    set("kind", Some(i64::from(kind).into()));
    set("position", row.position()?.map(PlanValue::from));
    set("keeper", row.text("keeper", 60)?.map(PlanValue::Text));
    set("hours", row.text("hours", 100)?.map(PlanValue::Text));
    set(
        "keeping_days",
        row.read("keeping_days", |cell| value::number(cell, 365))?
            .map(PlanValue::from),
    );
    set(
        "capacity",
        row.read("capacity", |cell| value::number(cell, 1_000_000))?
            .map(PlanValue::from),
    );
    set(
        "host",
        row.code("host", "drop_point_host")?
            .map(|host| i64::from(host).into()),
    );
    let station = Named::in_cell(county, row, "station", RecordKind::Place)?;
    set("station", station.as_ref().map(|station| station.id.into()));
    let name = row.need("name", |cell| value::text(cell, 60))?;
    edits.push(PlanEdit::SetEntry {
        field: "names".to_owned(),
        key: language_of(&name).to_owned(),
        value: PlanValue::Text(name),
    });
    for service in row.codes("services", "rest_service")? {
        edits.push(PlanEdit::Add {
            field: "services".to_owned(),
            value: i64::from(service).into(),
        });
    }
    let mut names: Vec<Named> = station.into_iter().collect();
    for (from, reason) in row.read("not_direct", not_direct)?.unwrap_or_default() {
        let from = find::meant(county, RecordKind::Place, from);
        let from = from.map_err(|code| BadCell {
            column: "not_direct",
            code,
        })?;
        edits.push(PlanEdit::AddItem {
            field: "not_direct".to_owned(),
            item: ItemId(Keys(county.keys().id_key()).item(id, &[&from.to_string()])),
            values: [
                ("place".to_owned(), from.into()),
                ("reason".to_owned(), PlanValue::Text(reason)),
            ]
            .into(),
        });
        names.push(Named {
            column: "not_direct",
            id: from,
            kind: RecordKind::Place,
        });
    }
    let phone = row.read("phone", value::phone)?;
    let opened = Draft {
        kind: kinds::place::OPENED,
        body: Body::new(),
        sides: phone_side(phone.as_deref()),
    };
    Ok(NewRecord {
        key,
        names,
        part: Part {
            record: id,
            kind: RecordKind::Place,
            facts: vec![opened],
            edits,
        },
    })
}

/// A key, a space, a reason; several parted by `;`.
fn not_direct(cell: &str) -> Result<Vec<(&str, String)>, &'static str> {
    let ways = cell.split(';').map(|way| {
        let (from, reason) = way.trim().split_once(' ').ok_or("missing")?;
        Ok((from, value::text(reason.trim(), 100)?))
    });
    ways.collect()
}

/// The language that a name is written in, as far as its script tells.
fn language_of(name: &str) -> &'static str {
    if name.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c)) {
        "kk-Arab"
    } else {
        "zh-Hans"
    }
}
