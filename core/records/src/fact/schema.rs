use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::body::fact_id;
use super::{Body, FactKind};
use crate::cbor::Value;
use crate::kind::RecordKind;

/// The most that one fact can move, in fen (PRODUCT.md, "Money").
pub const MAX_FEN: u64 = 10_000_000;

const FACTS: &str = include_str!("../../codes/facts.toml");
const MAX_GRAMS: u64 = 1_000_000;
const MAX_TENTHS: i64 = 1000;
const MAX_UINT: u64 = 1 << 53;
const MAX_LISTED_FACTS: usize = 64;

/// What a field may hold (`codes/facts.toml` says what each means).
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FieldType {
    Party,
    Record,
    Fact,
    Facts,
    Fen,
    Grams,
    Tenths,
    Time,
    Uint,
    Bool,
    Text(usize),
    Sealed(usize),
    Bytes(usize),
    Code(String),
}

/// A field of facts. Its key means the same in every kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key in a body.
    pub key: u64,
    /// Its name in code and in the API.
    pub name: String,
    /// What it may hold.
    pub holds: FieldType,
}

/// A kind of fact: its name and fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindSchema {
    /// Its number.
    pub kind: FactKind,
    /// Its name within the record's kind.
    pub name: String,
    /// Its fields and whether each must be there.
    pub fields: Vec<(Field, Required)>,
}

/// Whether a field must be there.
pub type Required = bool;

/// Why a fact of a known kind is not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A field that must be there is not.
    #[error("field {0} is missing")]
    Missing(u64),
    /// A field holds what it may not.
    #[error("field {0} is out of its range")]
    OutOfRange(u64),
    /// Version 1 of a kind has no such field.
    #[error("field {0} does not belong here")]
    Foreign(u64),
}

#[derive(Deserialize)]
struct File {
    field: Vec<FileField>,
    record: BTreeMap<String, FileRecord>,
}

#[derive(Deserialize)]
struct FileField {
    key: u64,
    name: String,
    r#type: String,
}

#[derive(Deserialize)]
struct FileRecord {
    facts: Vec<(u8, String, String)>,
}

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let fields = file().field.into_iter();
    fields
        .map(|f| Field {
            key: f.key,
            holds: field_type(&f.r#type),
            name: f.name,
        })
        .collect()
});

static SCHEMAS: LazyLock<Vec<KindSchema>> = LazyLock::new(|| {
    let mut schemas: Vec<_> = file()
        .record
        .into_iter()
        .filter_map(|(name, record)| Some((RecordKind::from_name(&name)?, record.facts)))
        .flat_map(|(record, facts)| {
            facts.into_iter().map(move |(number, name, fields)| KindSchema {
                kind: FactKind::new(record, number),
                name,
                fields: fields.split_whitespace().filter_map(listed_field).collect(),
            })
        })
        .collect();
    schemas.sort_by_key(|schema| schema.kind);
    schemas
});

/// Every field, in the order of the list.
pub fn fields() -> &'static [Field] {
    &FIELDS
}

/// Every kind of fact, in the order of its number.
pub fn schemas() -> &'static [KindSchema] {
    &SCHEMAS
}

/// The kind's name and fields, if this version knows it.
pub fn schema_of(kind: FactKind) -> Option<&'static KindSchema> {
    let at = SCHEMAS.binary_search_by_key(&kind, |schema| schema.kind).ok()?;
    SCHEMAS.get(at)
}

/// The list is part of the program: a test reads all of it, so what fails here fails there first.
#[allow(clippy::expect_used)]
fn file() -> File {
    toml::from_str(FACTS).expect("codes/facts.toml is well formed")
}

#[allow(clippy::panic)]
fn field_type(text: &str) -> FieldType {
    let (name, argument) = text.split_once(':').unwrap_or((text, ""));
    let number = || argument.parse().unwrap_or(0);
    match name {
        "party" => FieldType::Party,
        "record" => FieldType::Record,
        "fact" => FieldType::Fact,
        "facts" => FieldType::Facts,
        "fen" => FieldType::Fen,
        "grams" => FieldType::Grams,
        "tenths" => FieldType::Tenths,
        "time" => FieldType::Time,
        "uint" => FieldType::Uint,
        "bool" => FieldType::Bool,
        "text" => FieldType::Text(number()),
        "sealed" => FieldType::Sealed(number()),
        "bytes" => FieldType::Bytes(number()),
        "code" => FieldType::Code(argument.to_owned()),
        other => panic!("codes/facts.toml: no field type {other}"),
    }
}

#[allow(clippy::panic)]
fn listed_field(name: &str) -> Option<(Field, Required)> {
    let (name, required) = name.strip_suffix('?').map_or((name, true), |name| (name, false));
    let field = FIELDS.iter().find(|field| field.name == name);
    Some((
        field
            .unwrap_or_else(|| panic!("codes/facts.toml: no field {name}"))
            .clone(),
        required,
    ))
}

impl KindSchema {
    /// Whether the body is fit for version 1 of this kind. Codes that are newer than this version fit.
    pub fn check(&self, body: &Body) -> Result<(), Unfit> {
        for (field, required) in &self.fields {
            match body.get(field.key) {
                None if *required => return Err(Unfit::Missing(field.key)),
                Some(value) if !field.holds.fits(value) => return Err(Unfit::OutOfRange(field.key)),
                _ => {}
            }
        }
        match body
            .iter()
            .find(|(key, _)| !self.fields.iter().any(|(field, _)| field.key == *key))
        {
            Some((key, _)) => Err(Unfit::Foreign(key)),
            None => Ok(()),
        }
    }

    /// Whether it says from whom to whom how much money went.
    pub fn moves_money(&self) -> bool {
        ["from", "to", "fen"]
            .iter()
            .all(|name| self.fields.iter().any(|(field, _)| field.name == *name))
    }
}

impl FieldType {
    /// Whether the value is of this type and in its range.
    pub fn fits(&self, value: &Value) -> bool {
        let uint_to = |most| value.as_uint().is_some_and(|n| n <= most);
        let bytes_of = |n| value.as_bytes().is_some_and(|bytes| bytes.len() == n);
        match self {
            Self::Party | Self::Record => bytes_of(16),
            Self::Fact => fact_id(value).is_some(),
            Self::Facts => value.as_array().is_some_and(|facts| {
                facts.len() <= MAX_LISTED_FACTS && facts.iter().all(|fact| fact_id(fact).is_some())
            }),
            Self::Fen => uint_to(MAX_FEN),
            Self::Grams => uint_to(MAX_GRAMS),
            Self::Tenths => value
                .as_int()
                .is_some_and(|t| (-MAX_TENTHS..=MAX_TENTHS).contains(&t)),
            Self::Time => value.as_int().is_some(),
            Self::Uint => uint_to(MAX_UINT),
            Self::Bool => value.as_bool().is_some(),
            Self::Text(most) => value.as_text().is_some_and(|text| text.chars().count() <= *most),
            Self::Sealed(most) => value.as_bytes().is_some_and(|bytes| bytes.len() <= *most),
            Self::Bytes(n) => bytes_of(*n),
            Self::Code(_) => uint_to(u16::MAX.into()),
        }
    }
}
