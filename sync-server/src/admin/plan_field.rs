//! One field of a record's plan.

use std::collections::BTreeMap;

use saddlebag_records::codes::CodeList;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::{Field, FieldType, PlanSchema, ScalarType};
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue, PlanView};
use saddlebag_records::position::Position;
use saddlebag_records::waybill::Waybill;
use serde::Serialize;

use super::key::Keys;
use super::{AdminError, code, find, value};
use crate::act::{Act, Part};
use crate::county::County;
use crate::plans::view_of;

/// What to do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// Write this value. Of a map, the field is `FIELD.KEY`.
    Set(&'a str),
    /// Take the value away.
    Clear,
    /// Add this value to a list.
    Add(&'a str),
    /// Take this value out of a list.
    Remove(&'a str),
}

/// Whether anything changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The record.
    pub record: RecordId,
    /// Whether its plan changed.
    pub changed: bool,
}

/// Changes one field of a record's plan.
///
/// # Errors
/// `plan_no_such_field`; `bad_value` for a value that the field cannot hold; those of the rules.
pub fn change(
    county: &County,
    by: PersonId,
    record: &str,
    field: &str,
    change: Change<'_>,
) -> Result<Changed, AdminError> {
    let (row, edit) = county.store().read_blocking(|tx| {
        let row = find::record(county, tx, record)?;
        let items = Items {
            county,
            record: row.id,
            plan: view_of(tx, row.id)?,
        };
        Ok::<_, AdminError>((row, edit(&items, row.kind, field, change)?))
    })?;
    let part = Part {
        record: row.id,
        kind: row.kind,
        facts: Vec::new(),
        edits: vec![edit],
    };
    let acted = county.act(by, Act { parts: vec![part] })?;
    Ok(Changed {
        record: row.id,
        changed: acted.edited,
    })
}

/// What the items of a record's plan are told apart by.
struct Items<'a> {
    county: &'a County,
    record: RecordId,
    plan: Option<PlanView>,
}

impl Items<'_> {
    /// An item as a word: its first field, and others as `;NAME=VALUE`. One that begins alike has the same name, so that
    /// it is added once.
    fn add(&self, list: &Field, holds: &[Field], word: &str) -> Result<PlanEdit, AdminError> {
        let mut values = BTreeMap::new();
        for (at, part) in word.split(';').enumerate() {
            let (field, word) = match part.split_once('=') {
                Some((name, word)) => (holds.iter().find(|field| field.name == name.trim()), word),
                None => (holds.first().filter(|_| at == 0), part),
            };
            let field = field.ok_or_else(|| self.bad(list, holds))?;
            let FieldType::Scalar(holds) = &field.holds else {
                return Err(self.bad(list, holds));
            };
            let value = value_of(self.county, holds, word.trim());
            let value = value.map_err(|why| {
                AdminError::new(code::BAD_VALUE, format!("{}.{}: {why}", list.name, field.name))
            })?;
            values.insert(field.name.clone(), value);
        }
        let first = holds.first().and_then(|first| values.get(&first.name));
        let first = match first.ok_or_else(|| self.bad(list, holds))? {
            // As an import names it.
            PlanValue::Record(record) => record.to_string(),
            other => format!("{other:?}"),
        };
        Ok(PlanEdit::AddItem {
            field: list.name.clone(),
            item: ItemId(Keys(self.county.keys().id_key()).item(self.record, &[&first])),
            values,
        })
    }

    /// The item that begins with this word.
    fn remove(&self, list: &Field, holds: &[Field], word: &str) -> Result<PlanEdit, AdminError> {
        let bad = || self.bad(list, holds);
        let first = holds.first().ok_or_else(bad)?;
        let FieldType::Scalar(scalar) = &first.holds else {
            return Err(bad());
        };
        let value = value_of(self.county, scalar, word.trim());
        let value = value.map_err(|why| {
            AdminError::new(code::BAD_VALUE, format!("{}.{}: {why}", list.name, first.name))
        })?;
        let items = self.plan.as_ref().map_or(&[][..], |plan| plan.items(&list.name));
        let found = items
            .iter()
            .find(|item| item.values.get(&first.name) == Some(&value));
        let found = found.ok_or_else(|| {
            AdminError::new(
                code::BAD_VALUE,
                format!("{}: no item begins with {word}", list.name),
            )
        })?;
        Ok(PlanEdit::RemoveItem {
            field: list.name.clone(),
            item: found.id,
        })
    }

    fn bad(&self, list: &Field, holds: &[Field]) -> AdminError {
        let names: Vec<&str> = holds.iter().map(|field| field.name.as_str()).collect();
        let about = format!("{}: write {}", list.name, names.join("=…;") + "=…");
        AdminError::new(code::BAD_VALUE, about)
    }
}

fn edit(
    items: &Items<'_>,
    kind: RecordKind,
    field: &str,
    change: Change<'_>,
) -> Result<PlanEdit, AdminError> {
    let county = items.county;
    let no_such = || AdminError::new("plan_no_such_field", field);
    let (name, key) = field
        .split_once('.')
        .map_or((field, None), |(name, key)| (name, Some(key.to_owned())));
    let schema =
        PlanSchema::of(kind).ok_or_else(|| AdminError::new("plan_kind_without_plan", kind.name()))?;
    let known: &Field = schema.field(name).ok_or_else(no_such)?;
    let field = name.to_owned();
    let read = |holds: &ScalarType, word: &str| {
        let value = match name {
            "waybill" => Waybill::parse(word)
                .map(|waybill| PlanValue::from(waybill.as_str()))
                .map_err(|e| e.code()),
            "flags" if value::number(word, i64::MAX).is_err() => {
                code_of("delivery_flag", word).map(PlanValue::from)
            }
            _ => value_of(county, holds, word),
        };
        value.map_err(|why| AdminError::new(code::BAD_VALUE, format!("{name}: {why}")))
    };
    Ok(match (&known.holds, change, key) {
        (FieldType::Scalar(holds), Change::Set(word), None) => PlanEdit::Set {
            value: read(holds, word)?,
            field,
        },
        (FieldType::Scalar(_), Change::Clear, None) => PlanEdit::Clear { field },
        (FieldType::Note, Change::Set(text), None) => PlanEdit::ReplaceNote {
            text: text.to_owned(),
            field,
        },
        (FieldType::Note, Change::Clear, None) => PlanEdit::ReplaceNote {
            text: String::new(),
            field,
        },
        (FieldType::Map(holds), Change::Set(word), Some(key)) => PlanEdit::SetEntry {
            value: read(holds, word)?,
            field,
            key,
        },
        (FieldType::Map(_), Change::Clear, Some(key)) => PlanEdit::ClearEntry { field, key },
        (FieldType::List(holds), Change::Add(word), None) => PlanEdit::Add {
            value: read(holds, word)?,
            field,
        },
        (FieldType::List(holds), Change::Remove(word), None) => PlanEdit::Remove {
            value: read(holds, word)?,
            field,
        },
        (FieldType::Items(holds), Change::Add(word), None) => items.add(known, holds, word)?,
        (FieldType::Items(holds), Change::Remove(word), None) => items.remove(known, holds, word)?,
        _ => return Err(no_such()),
    })
}

/// What a word means in a field of this type.
fn value_of(county: &County, holds: &ScalarType, word: &str) -> Result<PlanValue, &'static str> {
    let integer = |number: i64| Ok(PlanValue::Integer(number));
    match holds {
        ScalarType::Text(most) => Ok(PlanValue::Text(value::text(word, *most)?)),
        ScalarType::Texts(_) => Ok(PlanValue::Texts(word.lines().map(str::to_owned).collect())),
        ScalarType::Uint => integer(value::number(word, 1 << 53)?),
        ScalarType::Bool => word.parse().map(PlanValue::Bool).map_err(|_| "true or false"),
        ScalarType::Fen => integer(value::fen(word)?),
        ScalarType::Tenths => integer(word.parse().map_err(|_| "bad_number")?),
        ScalarType::TimeMs => integer(value::time_ms(word)?),
        ScalarType::Code(list) => integer(code_of(list, word)?),
        ScalarType::Record(kinds) => record_of(county, kinds, word).map(PlanValue::Record),
        ScalarType::Person => {
            find::meant(county, RecordKind::Colleague, word).map(|id| PlanValue::Person(id.into()))
        }
        ScalarType::Position => {
            let (lat, lon) = word.split_once(',').ok_or("bad_degrees")?;
            let (lat_e7, lon_e7) = (value::degrees(lat.trim(), 90)?, value::degrees(lon.trim(), 180)?);
            Ok(PlanValue::Position(Position { lat_e7, lon_e7 }))
        }
        ScalarType::Photo => Err("photos come from phones"),
    }
}

/// A code by its name; bits are parted by `;`.
fn code_of(list: &str, word: &str) -> Result<i64, &'static str> {
    if CodeList::get(list).is_some_and(CodeList::is_bits) {
        return word.split(';').try_fold(0, |bits, word| {
            Ok(bits | i64::from(value::code(word.trim(), list)?))
        });
    }
    value::code(word, list).map(i64::from)
}

/// A record by its id, or by a key that stands for one of the first kind.
fn record_of(county: &County, kinds: &[RecordKind], word: &str) -> Result<RecordId, &'static str> {
    let there = |id: RecordId| county.store().read_blocking(|tx| tx.record(id));
    let meant = kinds
        .iter()
        .filter_map(|kind| find::meant(county, *kind, word).ok().map(|id| (id, kind)));
    for (id, kind) in meant {
        if there(id).ok().flatten().is_some_and(|row| row.kind == *kind) {
            return Ok(id);
        }
    }
    Err(code::NO_RECORD)
}
