//! Canonical CBOR (RFC 8949, section 4.2.1) without floats, tags and indefinite lengths.
//!
//! A value has one encoding alone. Decoding refuses every other, so that equal values are equal bytes and a
//! hash names a value.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// The deepest nesting that decoding follows.
pub const MAX_DEPTH: usize = 8;

/// A CBOR value of the kinds that facts are made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// An integer.
    Int(i64),
    /// An unsigned integer above `i64::MAX`; smaller ones are [`Value::Int`].
    Big(u64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// A map, in the order of its encoded keys.
    Map(Vec<(Value, Value)>),
    /// True or false.
    Bool(bool),
    /// Nothing.
    Null,
}

/// Bytes that are not the canonical encoding of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not canonical CBOR")]
pub struct NotCanonical;

impl From<minicbor::decode::Error> for NotCanonical {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

impl Value {
    /// The unsigned integer with this value.
    pub fn uint(n: u64) -> Self {
        i64::try_from(n).map_or(Self::Big(n), Self::Int)
    }

    /// The map of these entries, put in order.
    pub fn map(mut entries: Vec<(Value, Value)>) -> Self {
        entries.sort_by_cached_key(|(key, _)| key.encode());
        Self::Map(entries)
    }

    /// Its value if it is an unsigned integer.
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Int(n) => u64::try_from(*n).ok(),
            Self::Big(n) => Some(*n),
            _ => None,
        }
    }

    /// Its value if it is an integer within `i64`.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// Its value if it is a byte string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its value if it is a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its value if it is an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Its value if it is true or false.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The canonical encoding.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    /// Appends the canonical encoding.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail: its error type has no value.
        let mut e = Encoder::new(&mut *out);
        let done = match self {
            Self::Int(n) => e.i64(*n).map(drop),
            Self::Big(n) => e.u64(*n).map(drop),
            Self::Bytes(bytes) => e.bytes(bytes).map(drop),
            Self::Text(text) => e.str(text).map(drop),
            Self::Bool(b) => e.bool(*b).map(drop),
            Self::Null => e.null().map(drop),
            Self::Array(items) => {
                let done = e.array(items.len() as u64).map(drop);
                items.iter().for_each(|item| item.encode_into(out));
                done
            }
            Self::Map(entries) => {
                let done = e.map(entries.len() as u64).map(drop);
                for (key, value) in entries {
                    key.encode_into(out);
                    value.encode_into(out);
                }
                done
            }
        };
        debug_assert!(done.is_ok());
    }

    /// The value that these bytes are the canonical encoding of, and of nothing more.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotCanonical> {
        let (value, length) = Self::decode_first(bytes)?;
        if length == bytes.len() {
            Ok(value)
        } else {
            Err(NotCanonical)
        }
    }

    /// The value that these bytes begin with, and the length of its canonical encoding.
    pub fn decode_first(bytes: &[u8]) -> Result<(Self, usize), NotCanonical> {
        let mut decoder = Decoder::new(bytes);
        let value = decode(&mut decoder, MAX_DEPTH)?;
        let length = decoder.position();
        // Comparing with the one encoding catches long integers, unsorted and repeated keys at once.
        let read = bytes.get(..length).ok_or(NotCanonical)?;
        if value.encode() == read && !value.repeats_a_key() {
            Ok((value, length))
        } else {
            Err(NotCanonical)
        }
    }

    fn repeats_a_key(&self) -> bool {
        match self {
            Self::Array(items) => items.iter().any(Self::repeats_a_key),
            Self::Map(entries) => {
                entries
                    .iter()
                    .zip(entries.iter().skip(1))
                    .any(|((a, _), (b, _))| a.encode() >= b.encode())
                    || entries
                        .iter()
                        .any(|(key, value)| key.repeats_a_key() || value.repeats_a_key())
            }
            _ => false,
        }
    }
}

fn decode(d: &mut Decoder<'_>, depth: usize) -> Result<Value, NotCanonical> {
    let depth = depth.checked_sub(1).ok_or(NotCanonical)?;
    match d.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => Ok(Value::uint(d.u64()?)),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => Ok(Value::Int(d.i64()?)),
        Type::Bytes => Ok(Value::Bytes(d.bytes()?.to_vec())),
        Type::String => Ok(Value::Text(d.str()?.to_owned())),
        Type::Bool => Ok(Value::Bool(d.bool()?)),
        Type::Null => d.null().map(|()| Value::Null).map_err(NotCanonical::from),
        // Capacity comes from what is there, never from the announced length.
        Type::Array => {
            let length = d.array()?.ok_or(NotCanonical)?;
            (0..length)
                .map(|_| decode(d, depth))
                .collect::<Result<_, _>>()
                .map(Value::Array)
        }
        Type::Map => {
            let length = d.map()?.ok_or(NotCanonical)?;
            (0..length)
                .map(|_| Ok((decode(d, depth)?, decode(d, depth)?)))
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        _ => Err(NotCanonical),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::Int),
            any::<u64>().prop_map(Value::uint),
            any::<bool>().prop_map(Value::Bool),
            Just(Value::Null),
            ".{0,12}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                proptest::collection::btree_map(inner.clone(), inner, 0..5)
                    .prop_map(|entries| Value::map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_value_survives(value in value()) {
            prop_assert_eq!(Value::decode(&value.encode()), Ok(value));
        }

        #[test]
        fn any_bytes_are_refused_or_canonical(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = Value::decode(&bytes) {
                prop_assert_eq!(value.encode(), bytes);
            }
        }
    }

    #[test]
    fn other_encodings_of_a_value_are_refused() {
        for hex in [
            "1801",                  // 1 in two bytes
            "9f01ff",                // an array without its length
            "a2020001 00",           // keys out of order
            "a201000100",            // a key twice
            "f90000",                // a float
            "c000",                  // a tag
            "0000",                  // something after it
            "818181818181818181 00", // nested too deep
            "9bffffffffffffffff",    // a length that is not there
        ] {
            let bytes = hex::decode(hex.replace(' ', "")).unwrap();
            assert_eq!(Value::decode(&bytes), Err(NotCanonical), "{hex}");
        }
    }
}
