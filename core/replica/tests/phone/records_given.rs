//! Records as a county gives them.

use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};

use crate::a_phone::person;
use crate::county::County;

pub(crate) fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

pub(crate) fn give(county: &mut County, kind: RecordKind, record: RecordId, edits: &[PlanEdit]) {
    county.write_as(kind, record, edits, None, Vec::new());
}

pub(crate) fn place(county: &mut County, record: RecordId, names: &[(&str, &str)], edits: &[PlanEdit]) {
    let mut all: Vec<PlanEdit> = names
        .iter()
        .map(|(tag, name)| PlanEdit::SetEntry {
            field: "names".to_owned(),
            key: (*tag).to_owned(),
            value: PlanValue::from(*name),
        })
        .collect();
    all.extend_from_slice(edits);
    give(county, RecordKind::Place, record, &all);
}

pub(crate) fn delivery(county: &mut County, number: u8, edits: &[PlanEdit]) -> RecordId {
    let waybill = format!("YT10000000{number}");
    let mut all = vec![
        PlanEdit::set("waybill", waybill.as_str()),
        PlanEdit::set("assignee", person(1)),
    ];
    all.extend_from_slice(edits);
    give(county, RecordKind::Delivery, id(number), &all);
    id(number)
}
