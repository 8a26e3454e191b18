//! Edits that fill every field of a plan.

use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::{Field, FieldType, PlanSchema, ScalarType};
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_records::position::Position;

/// Edits that fill every field of the kind with something that differs with `n`.
pub(super) fn fill_all(kind: RecordKind, n: u8) -> Vec<PlanEdit> {
    let fields = PlanSchema::of(kind).map_or(&[][..], |schema| &schema.fields);
    fields.iter().flat_map(|field| fill(field, n)).collect()
}

fn fill(field: &Field, n: u8) -> Vec<PlanEdit> {
    let name = field.name.clone();
    match &field.holds {
        FieldType::Scalar(holds) => vec![PlanEdit::Set {
            field: name,
            value: scalar(holds, n),
        }],
        FieldType::Note => vec![PlanEdit::ReplaceNote {
            field: name,
            text: format!("桥东，第 {n} 家"),
        }],
        FieldType::List(holds) => {
            let add = |n| PlanEdit::Add {
                field: name.clone(),
                value: scalar(holds, n),
            };
            vec![add(n), add(n.wrapping_add(1))]
        }
        FieldType::Map(holds) => vec![PlanEdit::SetEntry {
            field: name,
            key: "zh-Hans".into(),
            value: scalar(holds, n),
        }],
        FieldType::Items(fields) => {
            let values = fields.iter().filter_map(|field| match &field.holds {
                FieldType::Scalar(holds) => Some((field.name.clone(), scalar(holds, n))),
                _ => None,
            });
            vec![PlanEdit::AddItem {
                field: name,
                item: ItemId([n; 8]),
                values: values.collect(),
            }]
        }
    }
}

/// A value of this type. Generated.
fn scalar(holds: &ScalarType, n: u8) -> PlanValue {
    let text = |text: String| PlanValue::Text(text);
    match holds {
        ScalarType::Text(most) => text(format!("示例 {n}").chars().take(*most).collect()),
        ScalarType::Texts(_) => PlanValue::Texts(vec![format!("a{n}"), format!("b{n}")]),
        ScalarType::Bool => PlanValue::Bool(n.is_multiple_of(2)),
        ScalarType::TimeMs => PlanValue::Integer(1_795_000_000_000 + i64::from(n) * 3_600_000),
        ScalarType::Uint | ScalarType::Fen | ScalarType::Tenths | ScalarType::Code(_) => {
            PlanValue::Integer(i64::from(n))
        }
        ScalarType::Record(_) => PlanValue::Record(RecordId([n; 16])),
        ScalarType::Person => PlanValue::Person(PersonId([n; 16])),
        ScalarType::Position => PlanValue::Position(Position {
            lat_e7: 480_000_000 + i32::from(n),
            lon_e7: 860_000_000,
        }),
        ScalarType::Photo => PlanValue::Photo([n; 32]),
    }
}
