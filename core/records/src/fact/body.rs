use std::collections::BTreeMap;

use crate::cbor::{NotCanonical, Value};
use crate::id::{DeviceNumber, FactId, PersonId, RecordId};

/// The fields of a fact by their keys (`codes/facts.toml`). Fields that this version does not know are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body(BTreeMap<u64, Value>);

impl Body {
    /// A body without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this field set.
    #[must_use]
    pub fn with(mut self, key: u64, value: impl Into<Value>) -> Self {
        self.0.insert(key, value.into());
        self
    }

    /// The field's value.
    pub fn get(&self, key: u64) -> Option<&Value> {
        self.0.get(&key)
    }

    /// Its fields in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &Value)> {
        self.0.iter().map(|(key, value)| (*key, value))
    }

    /// Whether there are no fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An unsigned integer or a code.
    pub fn uint(&self, key: u64) -> Option<u64> {
        self.get(key)?.as_uint()
    }

    /// An integer.
    pub fn int(&self, key: u64) -> Option<i64> {
        self.get(key)?.as_int()
    }

    /// A text.
    pub fn text(&self, key: u64) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// A byte string.
    pub fn bytes(&self, key: u64) -> Option<&[u8]> {
        self.get(key)?.as_bytes()
    }

    /// True or false.
    pub fn bool(&self, key: u64) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// A record or a party.
    pub fn record(&self, key: u64) -> Option<RecordId> {
        RecordId::from_slice(self.bytes(key)?).ok()
    }

    /// A party, where it is a person.
    pub fn person(&self, key: u64) -> Option<PersonId> {
        self.record(key).map(PersonId::from)
    }

    /// A fact's id.
    pub fn fact(&self, key: u64) -> Option<FactId> {
        fact_id(self.get(key)?)
    }

    /// Facts' ids.
    pub fn facts(&self, key: u64) -> Option<Vec<FactId>> {
        self.get(key)?.as_array()?.iter().map(fact_id).collect()
    }

    /// As a CBOR map.
    pub fn to_value(&self) -> Value {
        Value::Map(
            self.0
                .iter()
                .map(|(key, value)| (Value::uint(*key), value.clone()))
                .collect(),
        )
    }

    /// From a CBOR map whose keys are unsigned integers.
    pub fn from_value(value: Value) -> Result<Self, NotCanonical> {
        let Value::Map(entries) = value else {
            return Err(NotCanonical);
        };
        let fields = entries
            .into_iter()
            .map(|(key, value)| key.as_uint().map(|key| (key, value)));
        fields.collect::<Option<_>>().map(Self).ok_or(NotCanonical)
    }
}

pub(super) fn fact_id(value: &Value) -> Option<FactId> {
    match value.as_array()? {
        [device, n] => Some(FactId::new(DeviceNumber(device.as_uint()?), n.as_uint()?)),
        _ => None,
    }
}

impl From<FactId> for Value {
    fn from(id: FactId) -> Self {
        Self::Array(vec![Self::uint(id.device.0), Self::uint(id.n)])
    }
}

impl From<Vec<FactId>> for Value {
    fn from(ids: Vec<FactId>) -> Self {
        Self::Array(ids.into_iter().map(Self::from).collect())
    }
}

impl From<RecordId> for Value {
    fn from(id: RecordId) -> Self {
        Self::Bytes(id.0.to_vec())
    }
}

impl From<PersonId> for Value {
    fn from(id: PersonId) -> Self {
        Self::Bytes(id.0.to_vec())
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Self::uint(n)
    }
}

impl From<u16> for Value {
    fn from(code: u16) -> Self {
        Self::Int(code.into())
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
