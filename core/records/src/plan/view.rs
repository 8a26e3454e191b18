//! A plan as it is read: its fields, and where people wrote different things apart.

mod bytes;
mod read;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

pub use bytes::BadView;

use super::value::{Item, ItemId, PlanValue};
use crate::id::{ActorId, PersonId, RecordId};
use crate::kind::RecordKind;
use crate::position::Position;

/// Everything that a plan says at one moment. Equal sets of changes give equal views, in any order of arrival.
///
/// It is stored beside the plan ([`to_bytes`](Self::to_bytes)), so that nothing loads a plan to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct PlanView {
    /// The record's kind.
    pub kind: RecordKind,
    /// The fields that hold something, by name. Notes, lists and maps that are empty are left out.
    pub fields: BTreeMap<String, PlanValue>,
    /// Where different values were written apart and nobody settled it yet.
    pub conflicts: Vec<Conflict>,
    /// Root keys of a newer version, kept and carried.
    #[serde(serialize_with = "keys")]
    #[specta(type = Vec<String>)]
    pub unknown: BTreeMap<String, Opaque>,
}

/// A place in a plan where different values were written apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Conflict {
    /// Where.
    #[serde(flatten)]
    pub at: ConflictPlace,
    /// The values; the first is the one that stands everywhere until somebody settles it.
    pub values: Vec<Written>,
}

/// Where a conflict is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
pub struct ConflictPlace {
    /// The field.
    pub field: String,
    /// The item in it, if it has items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The field of the item, or the key in a map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A value and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Written {
    /// The value.
    pub value: PlanValue,
    /// The actor that wrote it.
    pub actor: ActorId,
}

/// Something that a newer version wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opaque {
    /// A note, a list, a map or items.
    Object,
    /// A plain value: its Automerge type number and bytes.
    Scalar(u8, Vec<u8>),
}

fn keys<S: Serializer>(unknown: &BTreeMap<String, Opaque>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(unknown.keys())
}

impl PlanView {
    /// What a new plan of this kind says: nothing.
    pub fn empty(kind: RecordKind) -> Self {
        Self {
            kind,
            fields: BTreeMap::new(),
            conflicts: Vec::new(),
            unknown: BTreeMap::new(),
        }
    }

    /// What the field of this name holds.
    pub fn get(&self, name: &str) -> Option<&PlanValue> {
        self.fields.get(name)
    }

    /// A plain text or a note.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            PlanValue::Text(text) | PlanValue::Note(text) => Some(text),
            _ => None,
        }
    }

    /// An integer.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            PlanValue::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// An integer that is not negative: a number, fen, a code.
    pub fn uint(&self, name: &str) -> Option<u64> {
        u64::try_from(self.int(name)?).ok()
    }

    /// True or false.
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            PlanValue::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A record.
    pub fn record(&self, name: &str) -> Option<RecordId> {
        match self.get(name)? {
            PlanValue::Record(record) => Some(*record),
            _ => None,
        }
    }

    /// A person.
    pub fn person(&self, name: &str) -> Option<PersonId> {
        match self.get(name)? {
            PlanValue::Person(person) => Some(*person),
            _ => None,
        }
    }

    /// A position.
    pub fn position(&self, name: &str) -> Option<Position> {
        match self.get(name)? {
            PlanValue::Position(position) => Some(*position),
            _ => None,
        }
    }

    /// The plain values of a list.
    pub fn list(&self, name: &str) -> &[PlanValue] {
        match self.get(name) {
            Some(PlanValue::List(values)) => values,
            _ => &[],
        }
    }

    /// The plain value at a key of a map.
    pub fn entry(&self, name: &str, key: &str) -> Option<&PlanValue> {
        match self.get(name)? {
            PlanValue::Map(values) => values.get(key),
            _ => None,
        }
    }

    /// The texts of a map, by key: names by language, for one.
    pub fn texts(&self, name: &str) -> BTreeMap<String, String> {
        let Some(PlanValue::Map(values)) = self.get(name) else {
            return BTreeMap::new();
        };
        let texts = values.iter().filter_map(|(key, value)| match value {
            PlanValue::Text(text) => Some((key.clone(), text.clone())),
            _ => None,
        });
        texts.collect()
    }

    /// The items of a list.
    pub fn items(&self, name: &str) -> &[Item] {
        match self.get(name) {
            Some(PlanValue::Items(items)) => items,
            _ => &[],
        }
    }

    /// Whether different values stand in the field.
    pub fn is_contested(&self, name: &str) -> bool {
        self.conflicts.iter().any(|conflict| conflict.at.field == name)
    }
}
