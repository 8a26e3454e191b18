//! What was edited between two states of a plan, so that it can be edited anew.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::{PlanEdit, difference};
use super::value::{Item, PlanValue};
use super::view::PlanView;

/// The most characters that one of the edits puts into a note or takes out of it: well below what one change may hold.
const MAX_CHARACTERS: usize = 2_000;

/// The edits that make these fields of `before` read as in `after`, each small enough for a change of its own: one for a
/// field, an entry, an item or a value of a list; several for a long note.
pub fn edits_between(before: &PlanView, after: &PlanView, fields: &BTreeSet<String>) -> Vec<PlanEdit> {
    let mut edits = Vec::new();
    for field in fields {
        let values = (before.get(field), after.get(field));
        let settled = before.is_contested(field) && !after.is_contested(field);
        if values.0 != values.1 || settled {
            of_field(field, values, &mut edits);
        }
    }
    edits
}

fn of_field(name: &str, values: (Option<&PlanValue>, Option<&PlanValue>), edits: &mut Vec<PlanEdit>) {
    let field = name.to_owned();
    match values.1.or(values.0) {
        None => {}
        Some(PlanValue::Note(_)) => {
            let text = |value: Option<&PlanValue>| match value {
                Some(PlanValue::Note(text)) => text.clone(),
                _ => String::new(),
            };
            of_note(name, &text(values.0), &text(values.1), edits);
        }
        Some(PlanValue::List(_)) => {
            let (before, after) = (list(values.0), list(values.1));
            let gone = before.iter().filter(|value| !after.contains(value));
            edits.extend(gone.map(|value| PlanEdit::Remove {
                field: field.clone(),
                value: value.clone(),
            }));
            let new = after.iter().filter(|value| !before.contains(value));
            edits.extend(new.map(|value| PlanEdit::Add {
                field: field.clone(),
                value: value.clone(),
            }));
        }
        Some(PlanValue::Map(_)) => {
            let (before, after) = (map(values.0), map(values.1));
            let gone = before.keys().filter(|key| !after.contains_key(*key));
            edits.extend(gone.map(|key| PlanEdit::ClearEntry {
                field: field.clone(),
                key: key.clone(),
            }));
            let new = after
                .iter()
                .filter(|(key, value)| before.get(*key) != Some(value));
            edits.extend(new.map(|(key, value)| PlanEdit::SetEntry {
                field: field.clone(),
                key: key.clone(),
                value: value.clone(),
            }));
        }
        Some(PlanValue::Items(_)) => of_items(name, items(values.0), items(values.1), edits),
        Some(_) => edits.push(match values.1 {
            Some(value) => PlanEdit::Set {
                field,
                value: value.clone(),
            },
            None => PlanEdit::Clear { field },
        }),
    }
}

fn of_note(name: &str, before: &str, after: &str, edits: &mut Vec<PlanEdit>) {
    let (at, mut delete, insert) = difference(before, after);
    let insert: Vec<char> = insert.chars().collect();
    let mut splice = |at, delete, insert: &[char]| {
        edits.push(PlanEdit::SpliceNote {
            field: name.to_owned(),
            at,
            delete,
            insert: insert.iter().collect(),
        });
    };
    while delete > 0 {
        let some = delete.min(MAX_CHARACTERS);
        splice(at, some, &[]);
        delete -= some;
    }
    for (place, some) in insert.chunks(MAX_CHARACTERS).enumerate() {
        splice(at + place * MAX_CHARACTERS, 0, some);
    }
}

fn of_items(name: &str, before: &[Item], after: &[Item], edits: &mut Vec<PlanEdit>) {
    let field = || name.to_owned();
    let was = |item: &Item| before.iter().find(|was| was.id == item.id);
    let gone = before
        .iter()
        .filter(|was| !after.iter().any(|item| item.id == was.id));
    edits.extend(gone.map(|item| PlanEdit::RemoveItem {
        field: field(),
        item: item.id,
    }));
    for item in after {
        let Some(was) = was(item) else {
            edits.push(PlanEdit::AddItem {
                field: field(),
                item: item.id,
                values: item.values.clone(),
            });
            continue;
        };
        let gone = was.values.keys().filter(|key| !item.values.contains_key(*key));
        edits.extend(gone.map(|key| PlanEdit::ClearInItem {
            field: field(),
            item: item.id,
            name: key.clone(),
        }));
        let new = item
            .values
            .iter()
            .filter(|(key, value)| was.values.get(*key) != Some(value));
        edits.extend(new.map(|(key, value)| PlanEdit::SetInItem {
            field: field(),
            item: item.id,
            name: key.clone(),
            value: value.clone(),
        }));
    }
}

fn list(value: Option<&PlanValue>) -> &[PlanValue] {
    match value {
        Some(PlanValue::List(values)) => values,
        _ => &[],
    }
}

fn items(value: Option<&PlanValue>) -> &[Item] {
    match value {
        Some(PlanValue::Items(items)) => items,
        _ => &[],
    }
}

fn map(value: Option<&PlanValue>) -> BTreeMap<String, PlanValue> {
    match value {
        Some(PlanValue::Map(values)) => values.clone(),
        _ => BTreeMap::new(),
    }
}
