//! Reading a view out of a document.

use std::collections::BTreeMap;

use automerge::{ObjId, ObjType, Prop, ROOT, ReadDoc, Value};

use super::{Conflict, ConflictPlace, Opaque, PlanView, Written};
use crate::plan::document::{Document, root_object, scalar, writer};
use crate::plan::schema::{Field, FieldType, ITEM_KEY, KIND_KEY, PlanSchema, ScalarType};
use crate::plan::value::{Item, ItemId, PlanValue};

impl PlanView {
    /// What the document says.
    pub(crate) fn read(document: &Document) -> Self {
        let mut reading = Reading {
            document,
            view: Self::empty(document.kind),
        };
        let fields = PlanSchema::of(document.kind).map_or(&[][..], |schema| &schema.fields);
        for field in fields {
            if let Some(value) = reading.field(field) {
                reading.view.fields.insert(field.name.clone(), value);
            }
        }
        for entry in document.inner.map_range(ROOT, ..) {
            let known = fields.iter().any(|field| field.key == entry.key) || entry.key == KIND_KEY;
            if !known {
                let value = document.inner.get(ROOT, entry.key.as_ref()).ok().flatten();
                let opaque = value.map_or(Opaque::Object, |(value, _)| opaque(&value));
                reading.view.unknown.insert(entry.key.into_owned(), opaque);
            }
        }
        reading.view
    }
}

fn opaque(value: &Value<'_>) -> Opaque {
    let mut bytes = Vec::new();
    match scalar(value) {
        Some(scalar) => Opaque::Scalar(scalar.write(&mut bytes) as u8, bytes),
        None => Opaque::Object,
    }
}

struct Reading<'a> {
    document: &'a Document,
    view: PlanView,
}

impl Reading<'_> {
    fn field(&mut self, field: &Field) -> Option<PlanValue> {
        let at = |key: Option<&str>, item| ConflictPlace {
            field: field.name.clone(),
            item,
            key: key.map(str::to_owned),
        };
        let document = &self.document.inner;
        match &field.holds {
            FieldType::Scalar(holds) => self.scalar(&ROOT, field.key.as_str(), holds, at(None, None)),
            FieldType::Note => {
                let text = document
                    .text(root_object(document, &field.key, ObjType::Text)?)
                    .ok()?;
                (!text.is_empty()).then_some(PlanValue::Note(text))
            }
            FieldType::List(holds) => {
                let list = root_object(document, &field.key, ObjType::List)?;
                let mut values: Vec<PlanValue> = Vec::new();
                for (value, _) in document.values(&list) {
                    let value = scalar(&value.to_owned()).and_then(|scalar| holds.value(&scalar));
                    values.extend(value.filter(|value| !values.contains(value)));
                }
                (!values.is_empty()).then_some(PlanValue::List(values))
            }
            FieldType::Map(holds) => {
                let map = root_object(document, &field.key, ObjType::Map)?;
                let mut values = BTreeMap::new();
                for key in document.keys(&map) {
                    if let Some(value) = self.scalar(&map, key.as_str(), holds, at(Some(&key), None)) {
                        values.insert(key, value);
                    }
                }
                (!values.is_empty()).then_some(PlanValue::Map(values))
            }
            FieldType::Items(fields) => {
                let list = root_object(document, &field.key, ObjType::List)?;
                let mut items: Vec<Item> = Vec::new();
                for index in 0..document.length(&list) {
                    let Some(item) = self.item(&list, index, fields, &field.name) else {
                        continue;
                    };
                    if items.iter().all(|other| other.id != item.id) {
                        items.push(item);
                    }
                }
                (!items.is_empty()).then_some(PlanValue::Items(items))
            }
        }
    }

    fn item(&mut self, list: &ObjId, index: usize, fields: &[Field], name: &str) -> Option<Item> {
        let (Value::Object(ObjType::Map), map) = self.document.inner.get(list, index).ok()?? else {
            return None;
        };
        let id = item_id(self.document, &map)?;
        let mut values = BTreeMap::new();
        for field in fields {
            let FieldType::Scalar(holds) = &field.holds else {
                continue;
            };
            let at = ConflictPlace {
                field: name.to_owned(),
                item: Some(id),
                key: Some(field.name.clone()),
            };
            if let Some(value) = self.scalar(&map, field.key.as_str(), holds, at) {
                values.insert(field.name.clone(), value);
            }
        }
        Some(Item { id, values })
    }

    /// The plain value that stands at a key. Different values there are a conflict.
    fn scalar(
        &mut self,
        object: &ObjId,
        key: impl Into<Prop>,
        holds: &ScalarType,
        at: ConflictPlace,
    ) -> Option<PlanValue> {
        let mut values: Vec<Written> = Vec::new();
        let written = self.document.inner.get_all(object, key).ok()?;
        for (value, id) in written.iter().rev() {
            let value = scalar(value).and_then(|scalar| holds.value(&scalar));
            match value {
                Some(value) if values.iter().all(|other| other.value != value) => {
                    values.push(Written {
                        value,
                        actor: writer(id),
                    });
                }
                _ => {}
            }
        }
        let stands = values.first()?.value.clone();
        if values.len() > 1 {
            self.view.conflicts.push(Conflict { at, values });
        }
        Some(stands)
    }
}

/// The name of an item.
pub(crate) fn item_id(document: &Document, item: &ObjId) -> Option<ItemId> {
    let (value, _) = document.inner.get(item, ITEM_KEY).ok()??;
    match scalar(&value)? {
        crate::plan::op::Scalar::Bytes(bytes) => Some(ItemId(bytes.try_into().ok()?)),
        _ => None,
    }
}
