//! What a plan's fields hold.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use super::change::ITEM_NAME_BYTES;
use super::op::Scalar;
use super::schema::{Field, FieldType, ScalarType};
use crate::id::{PersonId, RecordId};
use crate::position::Position;

/// The name of an item: random bytes, so that facts can name it too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, specta::Type)]
#[specta(type = String)]
pub struct ItemId(pub [u8; ITEM_NAME_BYTES]);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A named entry of a list such as a shopping list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename = "PlanItem")]
pub struct Item {
    /// Its name.
    pub id: ItemId,
    /// Its fields, by name.
    #[serde(flatten)]
    pub values: BTreeMap<String, PlanValue>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(untagged)]
pub enum PlanValue {
    /// A plain text.
    Text(String),
    /// Several texts, replaced as a whole. None of them holds a line feed.
    Texts(Vec<String>),
    /// An integer in the unit of its field: a number, fen, tenths of a degree, milliseconds, a code.
    Integer(i64),
    /// True or false.
    Bool(bool),
    /// A record.
    Record(RecordId),
    /// A person.
    Person(PersonId),
    /// A position.
    Position(Position),
    /// A photo: the BLAKE3 hash of what the phone sends.
    Photo(
        #[serde(serialize_with = "as_hex")]
        #[specta(type = String)]
        [u8; 32],
    ),
    /// Collaborative text.
    Note(String),
    /// A set of plain values, in the order in which they were added.
    List(Vec<PlanValue>),
    /// Plain values by a short text.
    Map(BTreeMap<String, PlanValue>),
    /// Named entries, in order.
    Items(Vec<Item>),
}

impl From<&str> for PlanValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for PlanValue {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<RecordId> for PlanValue {
    fn from(record: RecordId) -> Self {
        Self::Record(record)
    }
}

impl From<PersonId> for PlanValue {
    fn from(person: PersonId) -> Self {
        Self::Person(person)
    }
}

impl From<Position> for PlanValue {
    fn from(position: Position) -> Self {
        Self::Position(position)
    }
}

fn as_hex<S: Serializer>(hash: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

impl ScalarType {
    /// Whether the scalar is of this type and in its range.
    pub(crate) fn fits(&self, value: &Scalar<'_>) -> bool {
        self.value(value).is_some()
    }

    /// The value that the scalar stands for, if it is of this type and in its range.
    pub(crate) fn value(&self, scalar: &Scalar<'_>) -> Option<PlanValue> {
        let integer = |value: i64| {
            self.range()?
                .contains(&value)
                .then_some(PlanValue::Integer(value))
        };
        let id = |bytes: &[u8]| RecordId::from_slice(bytes).ok();
        match (self, scalar) {
            (_, Scalar::Int(value)) => integer(*value),
            (_, Scalar::Uint(value)) => integer(i64::try_from(*value).ok()?),
            (Self::Bool, Scalar::Bool(value)) => Some(PlanValue::Bool(*value)),
            (Self::Text(most), Scalar::Str(text)) if text.chars().count() <= *most => {
                Some(PlanValue::Text((*text).to_owned()))
            }
            (Self::Texts(most), Scalar::Str(text)) if text.chars().count() <= *most => {
                let lines = text.split('\n').filter(|line| !line.is_empty());
                Some(PlanValue::Texts(lines.map(str::to_owned).collect()))
            }
            (Self::Record(_), Scalar::Bytes(bytes)) => id(bytes).map(PlanValue::Record),
            (Self::Person, Scalar::Bytes(bytes)) => id(bytes).map(|id| PlanValue::Person(id.into())),
            (Self::Position, Scalar::Bytes(bytes)) => {
                Position::from_bytes((*bytes).try_into().ok()?).map(PlanValue::Position)
            }
            (Self::Photo, Scalar::Bytes(bytes)) => Some(PlanValue::Photo((*bytes).try_into().ok()?)),
            _ => None,
        }
    }

    /// The value as it is written in a plan, if it is of this type and in its range.
    pub(crate) fn written(&self, value: &PlanValue) -> Option<Written> {
        let written = match (self, value) {
            (Self::Text(_), PlanValue::Text(text)) => Written::Str(text.clone()),
            (Self::Texts(_), PlanValue::Texts(texts))
                if texts.iter().all(|text| !text.is_empty() && !text.contains('\n')) =>
            {
                Written::Str(texts.join("\n"))
            }
            (Self::Bool, PlanValue::Bool(value)) => Written::Bool(*value),
            (Self::Record(_), PlanValue::Record(record)) => Written::Bytes(record.0.to_vec()),
            (Self::Person, PlanValue::Person(person)) => Written::Bytes(person.0.to_vec()),
            (Self::Position, PlanValue::Position(position)) => Written::Bytes(position.to_bytes().to_vec()),
            (Self::Photo, PlanValue::Photo(hash)) => Written::Bytes(hash.to_vec()),
            (_, PlanValue::Integer(value)) => Written::Int(*value),
            _ => return None,
        };
        self.fits(&written.as_scalar()).then_some(written)
    }
}

impl FieldType {
    /// Whether a field of this type may hold the value.
    pub fn may_hold(&self, value: &PlanValue) -> bool {
        let plain = |holds: &ScalarType, value| holds.written(value).is_some();
        match (self, value) {
            (Self::Scalar(holds), value) => plain(holds, value),
            (Self::Note, PlanValue::Note(_)) => true,
            (Self::List(holds), PlanValue::List(values)) => values.iter().all(|value| plain(holds, value)),
            (Self::Map(holds), PlanValue::Map(values)) => values.values().all(|value| plain(holds, value)),
            (Self::Items(fields), PlanValue::Items(items)) => items.iter().all(|item| {
                let field = |name: &String| fields.iter().find(|field: &&Field| field.name == *name);
                item.values
                    .iter()
                    .all(|(name, value)| field(name).is_some_and(|f| f.holds.may_hold(value)))
            }),
            _ => false,
        }
    }
}

/// A plain value as a plan writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Str(String),
    Int(i64),
    Bool(bool),
    Bytes(Vec<u8>),
}

impl Written {
    pub(crate) fn as_scalar(&self) -> Scalar<'_> {
        match self {
            Self::Str(text) => Scalar::Str(text),
            Self::Int(value) => Scalar::Int(*value),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Bytes(bytes) => Scalar::Bytes(bytes),
        }
    }
}
