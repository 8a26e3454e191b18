use super::{Body, Fact, FactHash, FactKind, Was};
use crate::cbor::{NotCanonical, Value};
use crate::clock::{ClockSource, Observed, Stamp};
use crate::fact::body::fact_id;
use crate::id::{DeviceNumber, FactId, RecordId};

/// The longest fact, encoded.
pub const MAX_FACT_BYTES: usize = 8 * 1024;
/// The most facts that one fact can follow.
pub(super) const MAX_AFTER: usize = 16;

/// Bytes that are no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a fact")]
pub struct BadFact;

impl From<NotCanonical> for BadFact {
    fn from(_: NotCanonical) -> Self {
        Self
    }
}

/// The envelope's keys. Frozen: they stand in stored facts.
mod key {
    pub(super) const DEVICE: i64 = 1;
    pub(super) const N: i64 = 2;
    pub(super) const RECORD: i64 = 3;
    pub(super) const KIND: i64 = 4;
    pub(super) const VERSION: i64 = 5;
    pub(super) const AFTER: i64 = 6;
    pub(super) const STAMP: i64 = 7;
    pub(super) const OBSERVED: i64 = 8;
    pub(super) const WAS: i64 = 9;
    pub(super) const BODY: i64 = 10;
}

impl Fact {
    /// The canonical bytes. What is empty is left out.
    pub fn encode(&self) -> Vec<u8> {
        let mut entries = vec![
            (Value::Int(key::DEVICE), Value::uint(self.id.device.0)),
            (Value::Int(key::N), Value::uint(self.id.n)),
            (Value::Int(key::RECORD), self.record.into()),
            (Value::Int(key::KIND), self.kind.0.into()),
            (Value::Int(key::VERSION), Value::Int(self.version.into())),
        ];
        if !self.after.is_empty() {
            entries.push((Value::Int(key::AFTER), self.after.clone().into()));
        }
        entries.push((Value::Int(key::STAMP), stamp_value(&self.stamp)));
        if let Some(observed) = &self.observed {
            entries.push((Value::Int(key::OBSERVED), observed_value(observed)));
        }
        if let Some(was) = &self.was {
            entries.push((Value::Int(key::WAS), was_value(was)));
        }
        if !self.body.is_empty() {
            entries.push((Value::Int(key::BODY), self.body.to_value()));
        }
        Value::Map(entries).encode()
    }

    /// The fact that these are the canonical bytes of.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadFact> {
        if bytes.len() > MAX_FACT_BYTES {
            return Err(BadFact);
        }
        let Value::Map(entries) = Value::decode(bytes)? else {
            return Err(BadFact);
        };
        let known = key::DEVICE..=key::BODY;
        if entries
            .iter()
            .any(|(key, _)| !key.as_int().is_some_and(|key| known.contains(&key)))
        {
            return Err(BadFact);
        }
        let get = |wanted: i64| {
            entries
                .iter()
                .find(|(key, _)| *key == Value::Int(wanted))
                .map(|(_, v)| v)
        };
        let uint = |wanted| get(wanted).and_then(Value::as_uint).ok_or(BadFact);
        let fact = Self {
            id: FactId::new(DeviceNumber(uint(key::DEVICE)?), uint(key::N)?),
            record: get(key::RECORD)
                .and_then(Value::as_bytes)
                .and_then(|bytes| RecordId::from_slice(bytes).ok())
                .ok_or(BadFact)?,
            kind: FactKind(u16::try_from(uint(key::KIND)?).map_err(|_| BadFact)?),
            version: u8::try_from(uint(key::VERSION)?).map_err(|_| BadFact)?,
            after: get(key::AFTER).map_or(Ok(Vec::new()), |value| after(value).ok_or(BadFact))?,
            stamp: get(key::STAMP).and_then(stamp).ok_or(BadFact)?,
            observed: get(key::OBSERVED)
                .map(|value| observed(value).ok_or(BadFact))
                .transpose()?,
            was: get(key::WAS).map(|value| was(value).ok_or(BadFact)).transpose()?,
            body: get(key::BODY).map_or(Ok(Body::new()), |value| Body::from_value(value.clone()))?,
        };
        // An absent body and an empty one would be two encodings of one fact.
        if fact.body.is_empty() && get(key::BODY).is_some() {
            return Err(BadFact);
        }
        fact.is_whole().then_some(fact).ok_or(BadFact)
    }

    /// BLAKE3 of the canonical bytes.
    pub fn hash(&self) -> FactHash {
        FactHash::of(&self.encode())
    }

    /// What canonical CBOR alone does not say: counters from 1, versions from 1, `after` sorted without
    /// repeats and not naming the fact itself.
    pub(super) fn is_whole(&self) -> bool {
        self.id.n > 0
            && self.version > 0
            && self.after.len() <= MAX_AFTER
            && self.after.is_sorted_by(|a, b| a < b)
            && !self.after.contains(&self.id)
            && self.stamp.hlc_ms >= 0
    }
}

impl FactHash {
    /// The hash of these canonical bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

fn after(value: &Value) -> Option<Vec<FactId>> {
    let ids = value.as_array()?;
    if ids.is_empty() || ids.len() > MAX_AFTER {
        return None;
    }
    ids.iter().map(fact_id).collect()
}

fn stamp_value(stamp: &Stamp) -> Value {
    Value::Array(vec![
        Value::Int(stamp.hlc_ms),
        Value::Int(stamp.hlc_count.into()),
        Value::Int(stamp.source as i64),
    ])
}

fn stamp(value: &Value) -> Option<Stamp> {
    match value.as_array()? {
        [ms, count, source] => Some(Stamp {
            hlc_ms: ms.as_int()?,
            hlc_count: u16::try_from(count.as_int()?).ok()?,
            source: ClockSource::from_number(source.as_uint()?)?,
        }),
        _ => None,
    }
}

pub(super) fn observed_value(observed: &Observed) -> Value {
    let mut parts = vec![
        Value::Int(observed.wall_ms),
        Value::uint(observed.mono_ms),
        Value::uint(observed.boot),
    ];
    parts.extend(observed.satellite_ms.map(Value::Int));
    Value::Array(parts)
}

pub(super) fn observed(value: &Value) -> Option<Observed> {
    let (wall, mono, boot, satellite_ms) = match value.as_array()? {
        [wall, mono, boot] => (wall, mono, boot, None),
        [wall, mono, boot, satellite] => (wall, mono, boot, Some(satellite.as_int()?)),
        _ => return None,
    };
    Some(Observed {
        wall_ms: wall.as_int()?,
        mono_ms: mono.as_uint()?,
        boot: boot.as_uint()?,
        satellite_ms,
    })
}

pub(super) fn was_value(was: &Was) -> Value {
    Value::Array(vec![was.id.into(), Value::Bytes(was.hash.0.to_vec())])
}

pub(super) fn was(value: &Value) -> Option<Was> {
    match value.as_array()? {
        [id, hash] => Some(Was {
            id: fact_id(id)?,
            hash: FactHash(hash.as_bytes()?.try_into().ok()?),
        }),
        _ => None,
    }
}
