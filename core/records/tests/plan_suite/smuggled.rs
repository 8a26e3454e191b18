//! Operations that claim to replace what stands somewhere else.
//!
//! Who may write is checked field by field ([`fields_touched`] looks at where an operation writes), so an operation
//! must not take anything away in another field through the list of operations that it replaces.
//!
//! [`fields_touched`]: saddlebag_records::plan::fields_touched

use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::schema::{FieldType, PlanSchema};
use saddlebag_records::plan::{ChangeHeader, GuardRefusal, ItemId, PlanEdit, Verdict};

use crate::kit::*;

/// Single operations on a plan that [`fill_all`] filled: one for each sort of place that can be written.
fn single_operations(kind: RecordKind) -> Vec<PlanEdit> {
    let mut edits = Vec::new();
    for field in &PlanSchema::of(kind).unwrap().fields {
        let name = field.name.clone();
        match &field.holds {
            FieldType::Scalar(holds) => {
                edits.push(PlanEdit::Set {
                    field: name.clone(),
                    value: scalar(holds, 9),
                });
                edits.push(PlanEdit::Clear { field: name });
            }
            FieldType::Note => {
                edits.push(PlanEdit::SpliceNote {
                    field: name,
                    at: 1,
                    delete: 1,
                    insert: String::new(),
                });
            }
            FieldType::List(holds) => edits.push(PlanEdit::Remove {
                field: name,
                value: scalar(holds, 1),
            }),
            FieldType::Map(holds) => {
                edits.push(PlanEdit::SetEntry {
                    field: name,
                    key: "zh-Hans".into(),
                    value: scalar(holds, 9),
                });
            }
            FieldType::Items(fields) => {
                let item = ItemId([1; 8]);
                edits.push(PlanEdit::RemoveItem {
                    field: name.clone(),
                    item,
                });
                let FieldType::Scalar(holds) = &fields[0].holds else {
                    continue;
                };
                let (of_item, value) = (fields[0].name.clone(), scalar(holds, 9));
                edits.push(PlanEdit::SetInItem {
                    field: name,
                    item,
                    name: of_item,
                    value,
                });
            }
        }
    }
    edits
}

/// What the one operation of a change replaces, written anew: operations of the county.
fn replace(change: &[u8], counters: &[u64]) -> Vec<u8> {
    let mut forged = Forged::take_apart(change);
    let county = forged.others.len() as u8;
    assert_eq!(
        forged.column(0x71),
        &[0x7f, county],
        "its one predecessor is the county's"
    );
    *forged.column(0x70) = vec![0x7f, counters.len() as u8];
    *forged.column(0x71) = if counters.len() == 2 {
        vec![2, county]
    } else {
        vec![0x7f, county]
    };
    *forged.column(0x73) = match counters {
        [first, second] if second == &(first * 2) => [vec![2], signed(*first)].concat(),
        [first, second] => [vec![0x7e], signed(*first), signed(second - first)].concat(),
        counters => [vec![0x7f], signed(counters[0])].concat(),
    };
    forged.put_together()
}

fn signed(value: u64) -> Vec<u8> {
    let low = (value & 0x7f) as u8;
    if value < 64 {
        vec![low]
    } else {
        vec![low | 0x80, (value >> 7) as u8]
    }
}

#[test]
fn an_operation_replaces_nothing_anywhere_else() {
    let (mut tried, mut admitted) = (0, Vec::new());
    for kind in [RecordKind::Errand, RecordKind::Place] {
        let mut county = Copy::new(kind, 1);
        let filled = county.edit(&fill_all(kind, 1)).unwrap();
        for edit in single_operations(kind) {
            let mut courier = Copy::new(kind, 7);
            courier.pull(std::slice::from_ref(&filled.change));
            let honest = courier.clone().edit(std::slice::from_ref(&edit)).unwrap().change;
            let own = (1..=filled.header.max_op).find(|counter| replace(&honest, &[*counter]) == honest);
            let own = own.expect("it replaces one operation of the county");
            for other in (1..=filled.header.max_op).filter(|other| *other != own) {
                for replaced in [vec![other], vec![own.min(other), own.max(other)]] {
                    tried += 1;
                    if !matches!(courier.verdict(&replace(&honest, &replaced)), Verdict::Refused(_)) {
                        admitted.push((kind, edit.clone(), replaced));
                    }
                }
            }
        }
    }
    assert!(tried > 1_000);
    assert!(
        admitted.is_empty(),
        "{} of {tried}: {:?}",
        admitted.len(),
        &admitted[..admitted.len().min(8)]
    );
}

#[test]
fn an_operation_names_nothing_that_its_change_does_not_hang_on() {
    let kind = RecordKind::Delivery;
    let mut county = Copy::new(kind, 1);
    county.edit(&[PlanEdit::set("order", 1)]);
    let mut courier = Copy::new(kind, 7);
    let created = county.written.clone();
    courier.pull(&created);
    // The county writes again while the courier is away; the courier's change names that very operation.
    let apart = county.edit(&[PlanEdit::set("order", 2)]).unwrap();
    let honest = courier
        .edit(&[PlanEdit::set("name", "示例"), PlanEdit::set("order", 3)])
        .unwrap()
        .change;
    let mut forged = Forged::take_apart(&honest);
    assert_eq!(forged.column(0x73), &signed_run(created_counter(&created[0])));
    *forged.column(0x73) = signed_run(apart.header.start_op);
    forged.start_op = apart.header.start_op + 1;
    let verdicts = county.trial(Sender::County, &[forged.put_together()]).verdicts;
    assert_refused(&verdicts[0], GuardRefusal::Reference);
    assert!(matches!(county.pull(&[honest])[0], Verdict::Admitted(_)));
}

fn created_counter(change: &[u8]) -> u64 {
    ChangeHeader::read(change).unwrap().start_op
}

fn signed_run(value: u64) -> Vec<u8> {
    [vec![0x7f], signed(value)].concat()
}
