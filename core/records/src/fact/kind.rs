use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::schema::{schema_of, schemas};
use crate::kind::RecordKind;

/// What kind of thing happened: the number of the record's kind × 256 + the number within it. Both are
/// frozen; one that this version does not know is kept and carried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, specta::Type)]
#[specta(type = String)]
pub struct FactKind(pub u16);

impl FactKind {
    /// The number of "a fact is voided", the same in every kind of record that has it.
    const CORRECTED: u8 = 250;
    /// The number of "a discrepancy is closed", likewise.
    const DISCREPANCY_CLOSED: u8 = 251;

    /// The fact `number` of records of `record`.
    pub const fn new(record: RecordKind, number: u8) -> Self {
        Self(((record as u16) << 8) | number as u16)
    }

    /// The kind of record that such facts are about, if this version knows it.
    pub fn record(self) -> Option<RecordKind> {
        RecordKind::from_number(self.0.to_be_bytes()[0])
    }

    /// Its number within the record's kind.
    pub fn number(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// Whether this version knows it.
    pub fn is_known(self) -> bool {
        schema_of(self).is_some()
    }

    /// Whether it voids another fact.
    pub fn is_correction(self) -> bool {
        self.number() == Self::CORRECTED
    }

    /// Whether it closes a discrepancy.
    pub fn is_closing(self) -> bool {
        self.number() == Self::DISCREPANCY_CLOSED
    }

    /// The kind `name` of `record`.
    pub fn from_name(record: RecordKind, name: &str) -> Option<Self> {
        schemas()
            .iter()
            .find(|schema| schema.kind.record() == Some(record) && schema.name == name)
            .map(|s| s.kind)
    }
}

impl fmt::Display for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.record(), schema_of(*self)) {
            (Some(record), Some(schema)) => write!(f, "{}.{}", record.name(), schema.name),
            (Some(record), None) => write!(f, "{}.{}", record.name(), self.number()),
            (None, _) => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Debug for FactKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for FactKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FactKind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let kind = match text.split_once('.') {
            Some((record, name)) => RecordKind::from_name(record).and_then(|record| {
                Self::from_name(record, name)
                    .or_else(|| name.parse().ok().map(|number| Self::new(record, number)))
            }),
            None => text.parse().ok().map(Self),
        };
        kind.ok_or_else(|| serde::de::Error::custom("not a kind of fact"))
    }
}
