//! The plan fields of each record kind, as `codes/plans.toml` lists them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::kind::RecordKind;

const PLANS: &str = include_str!("../../codes/plans.toml");

/// The root key that holds the record kind's number. The start writes it, and nobody else may.
pub const KIND_KEY: &str = "_";
/// The key of an item's name.
pub const ITEM_KEY: &str = "i";

/// The most that a plan may name as money, in fen (PRODUCT.md, "Money").
pub const MAX_FEN: i64 = 10_000_000;
const MAX_TENTHS: i64 = 1000;
const MAX_UINT: i64 = 1 << 53;
const MAX_CODE: i64 = u16::MAX as i64;

/// What a plain value may be (`codes/plans.toml` says how each is written).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScalarType {
    /// At most so many characters.
    Text(usize),
    /// Several texts, one a line, at most so many characters in all.
    Texts(usize),
    /// 0 to 2^53.
    Uint,
    /// True or false.
    Bool,
    /// 0 to [`MAX_FEN`].
    Fen,
    /// -1000 to 1000 tenths of a degree Celsius.
    Tenths,
    /// UTC milliseconds.
    TimeMs,
    /// A number of this code list.
    Code(String),
    /// A record of one of these kinds.
    Record(Vec<RecordKind>),
    /// A person.
    Person,
    /// Latitude and longitude.
    Position,
    /// A photo's BLAKE3 hash.
    Photo,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One plain value.
    Scalar(ScalarType),
    /// Collaborative text.
    Note,
    /// A set of plain values, in the order in which they were added.
    List(ScalarType),
    /// Plain values by a short text.
    Map(ScalarType),
    /// Named maps of plain values, in an order.
    Items(Vec<Field>),
}

/// A field of a plan, or of an item in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key in the document.
    pub key: String,
    /// Its name in code, tables and the API.
    pub name: String,
    /// What it may hold.
    pub holds: FieldType,
    /// The version of the list that brought it.
    pub since: u32,
}

/// The plan of one record kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanSchema {
    /// The kind.
    pub kind: RecordKind,
    /// Its fields, in the order of the list, which is also the order in which the start makes their objects.
    pub fields: Vec<Field>,
    /// The golden starts, oldest first.
    pub(super) starts: Vec<Vec<u8>>,
}

impl PlanSchema {
    /// The plan of this kind; tips, appeals and cash passes have none.
    pub fn of(kind: RecordKind) -> Option<&'static Self> {
        SCHEMAS.get(&kind)
    }

    /// Every plan, in the order of the kinds' numbers.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        SCHEMAS.values()
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field with this key in the document.
    pub fn field_by_key(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl FieldType {
    /// Whether the field is an object in the document, which a start makes.
    pub fn is_object(&self) -> bool {
        !matches!(self, Self::Scalar(_))
    }

    /// The type of a field that holds one plain value.
    pub fn as_scalar(&self) -> Option<&ScalarType> {
        match self {
            Self::Scalar(holds) => Some(holds),
            _ => None,
        }
    }
}

impl ScalarType {
    /// The range of an integer of this type; none for what is not an integer.
    pub(super) fn range(&self) -> Option<std::ops::RangeInclusive<i64>> {
        match self {
            Self::Uint => Some(0..=MAX_UINT),
            Self::Fen => Some(0..=MAX_FEN),
            Self::Tenths => Some(-MAX_TENTHS..=MAX_TENTHS),
            Self::TimeMs => Some(-MAX_UINT..=MAX_UINT),
            Self::Code(_) => Some(0..=MAX_CODE),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct File {
    record: BTreeMap<String, FilePlan>,
}

type FileField = (String, String, String, u32);

#[derive(Deserialize)]
struct FilePlan {
    fields: Vec<FileField>,
    #[serde(default)]
    items: BTreeMap<String, Vec<FileField>>,
    starts: Vec<String>,
}

/// The list is part of the program: a test reads all of it, so what fails here fails there first.
#[allow(clippy::expect_used)]
static SCHEMAS: LazyLock<BTreeMap<RecordKind, PlanSchema>> =
    LazyLock::new(|| parse(PLANS).expect("codes/plans.toml is well formed"));

fn parse(text: &str) -> Result<BTreeMap<RecordKind, PlanSchema>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let schema = |(name, plan): (String, FilePlan)| {
        let kind = RecordKind::from_name(&name).ok_or(format!("no record kind {name}"))?;
        let fields = plan
            .fields
            .iter()
            .map(|field| parse_field(field, &plan.items))
            .collect::<Result<_, _>>()?;
        let starts = plan
            .starts
            .iter()
            .map(|start| unhex(start).ok_or(format!("{name}: a start is not hex")));
        Ok((
            kind,
            PlanSchema {
                kind,
                fields,
                starts: starts.collect::<Result<_, _>>()?,
            },
        ))
    };
    file.record.into_iter().map(schema).collect()
}

fn parse_field(
    (key, name, holds, since): &FileField,
    items: &BTreeMap<String, Vec<FileField>>,
) -> Result<Field, String> {
    let holds = match holds.split_once(' ') {
        Some(("list", of)) => FieldType::List(parse_scalar(of)?),
        Some(("map", of)) => FieldType::Map(parse_scalar(of)?),
        _ if holds == "note" => FieldType::Note,
        _ if holds == "items" => {
            let fields = items.get(name).ok_or(format!("{name}: its items are missing"))?;
            let none = BTreeMap::new();
            FieldType::Items(
                fields
                    .iter()
                    .map(|field| parse_field(field, &none))
                    .collect::<Result<_, _>>()?,
            )
        }
        _ => FieldType::Scalar(parse_scalar(holds)?),
    };
    Ok(Field {
        key: key.clone(),
        name: name.clone(),
        holds,
        since: *since,
    })
}

fn parse_scalar(text: &str) -> Result<ScalarType, String> {
    let (name, argument) = text.split_once(':').unwrap_or((text, ""));
    let number = || argument.parse().map_err(|_| format!("{text}: no length"));
    let kinds = || {
        argument
            .split(',')
            .map(|kind| RecordKind::from_name(kind).ok_or(format!("no kind {kind}")))
    };
    Ok(match name {
        "text" => ScalarType::Text(number()?),
        "texts" => ScalarType::Texts(number()?),
        "uint" => ScalarType::Uint,
        "bool" => ScalarType::Bool,
        "fen" => ScalarType::Fen,
        "tenths" => ScalarType::Tenths,
        "time_ms" => ScalarType::TimeMs,
        "code" => ScalarType::Code(argument.to_owned()),
        "record" => ScalarType::Record(kinds().collect::<Result<_, _>>()?),
        "person" => ScalarType::Person,
        "position" => ScalarType::Position,
        "photo" => ScalarType::Photo,
        _ => return Err(format!("no type {text}")),
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_but_three_has_a_plan() {
        let without: Vec<_> = RecordKind::ALL
            .into_iter()
            .filter(|kind| PlanSchema::of(*kind).is_none())
            .collect();
        assert_eq!(
            without,
            [RecordKind::Tip, RecordKind::Appeal, RecordKind::CashPass]
        );
    }

    #[test]
    fn keys_are_short_and_names_are_used_once() {
        for schema in PlanSchema::all() {
            let lists = schema.fields.iter().filter_map(|field| match &field.holds {
                FieldType::Items(fields) => Some(fields),
                _ => None,
            });
            for (fields, reserved) in lists
                .map(|fields| (fields, ITEM_KEY))
                .chain([(&schema.fields, KIND_KEY)])
            {
                for (n, field) in fields.iter().enumerate() {
                    assert!((1..=2).contains(&field.key.len()), "{}", field.name);
                    assert_ne!(field.key, reserved, "{}", field.name);
                    let before = &fields[..n];
                    assert!(
                        before
                            .iter()
                            .all(|other| other.key != field.key && other.name != field.name)
                    );
                }
            }
        }
    }

    #[test]
    fn phones_and_medicine_are_in_no_plan() {
        for field in PlanSchema::all().flat_map(|schema| &schema.fields) {
            for word in ["phone", "mobile", "medicine", "id_number"] {
                assert!(!field.name.contains(word), "{} is a side value", field.name);
            }
        }
    }

    #[test]
    fn every_code_list_is_one() {
        let fields = PlanSchema::all().flat_map(|schema| &schema.fields);
        let scalars = fields.flat_map(|field| match &field.holds {
            FieldType::Scalar(holds) | FieldType::List(holds) | FieldType::Map(holds) => vec![holds],
            FieldType::Items(fields) => fields
                .iter()
                .filter_map(|field| field.holds.as_scalar())
                .collect(),
            FieldType::Note => Vec::new(),
        });
        for scalar in scalars {
            if let ScalarType::Code(list) = scalar {
                assert!(crate::codes::CodeList::get(list).is_some(), "{list}");
            }
        }
    }
}
