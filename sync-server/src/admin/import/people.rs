use saddlebag_records::access::Role;
use saddlebag_records::id::PersonId;
use saddlebag_records::kind::RecordKind;

use super::{Imported, Named, NewRecord, Ready, own_key, there};
use crate::act::Part;
use crate::admin::sheet::{BadCell, CsvFile, Row};
use crate::admin::{AdminError, value};
use crate::county::County;
use crate::people::{By, Colleague, join};

const MUST: &[&str] = &["key", "role", "name"];
const MAY: &[&str] = &[
    "station", "phone", "mentor", // What they speak: in the file for its readers, not kept.
    "language",
];

/// Adds people.
pub fn import_people(county: &County, by: PersonId, file: &CsvFile) -> Result<Imported, AdminError> {
    let (rows, refused) = file.read(MUST, MAY)?.parse(|row| somebody(county, row));
    let colleagues: Vec<_> = rows
        .iter()
        .map(|(line, (colleague, _))| (*line, colleague.clone()))
        .collect();
    let rows: Vec<_> = rows.into_iter().map(|(line, (_, row))| (line, row)).collect();
    let known = there(county, &rows)?;
    let imported = Ready::check(county, RecordKind::Colleague, rows, known, refused)?.told();
    let new = |line: u64| {
        imported
            .ids
            .iter()
            .flatten()
            .find(|row| row.line == line && row.new)
    };
    for (line, colleague) in colleagues {
        if let Some(row) = new(line) {
            join(county, By::Admin(by), row.id.into(), colleague)?;
        }
    }
    Ok(imported)
}

fn somebody(county: &County, row: &Row<'_>) -> Result<(Colleague, NewRecord), BadCell> {
    let (key, id) = own_key(county, row, RecordKind::Colleague)?;
    let station = Named::in_cell(county, row, "station", RecordKind::Place)?;
    let mentor = Named::in_cell(county, row, "mentor", RecordKind::Colleague)?;
    let colleague = Colleague {
        name: row.need("name", |cell| value::text(cell, 60))?,
        role: row.need("role", |cell| Role::from_name(cell).ok_or("no_such_code"))?,
        station: station.as_ref().map(|named| named.id),
        mentor: mentor.as_ref().map(|named| named.id.into()),
        phone: row.read("phone", value::phone)?,
    };
    let names = station.into_iter().chain(mentor).collect();
    // Joining writes it.
    let part = Part {
        record: id,
        kind: RecordKind::Colleague,
        facts: Vec::new(),
        edits: Vec::new(),
    };
    Ok((colleague, NewRecord { key, names, part }))
}
