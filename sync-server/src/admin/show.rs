//! One record, whole.

use std::collections::BTreeMap;

use saddlebag_records::access::may_see_side;
use saddlebag_records::cbor::Value;
use saddlebag_records::fact::{Fact, SideName, fields};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::position::Position;
use saddlebag_records::status::Status;
use serde::Serialize;

use super::looking::{Looking, sees};
use super::record::Record;
use super::{AdminError, find, value};
use crate::county::County;
use crate::store::{ReadTx, StoreError};

/// A record as somebody of the county sees it.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: &'static str,
    /// What it is.
    pub status: Status,
    /// What ought to happen.
    pub plan: Option<serde_json::Value>,
    /// What happened, in the order of its admission.
    pub facts: Vec<ShownFact>,
}

/// A fact as it is shown.
#[derive(Debug, Serialize)]
pub struct ShownFact {
    /// Its name.
    pub fact: FactId,
    /// What kind of thing happened.
    pub kind: String,
    /// When, UTC milliseconds by the clock of whoever wrote it.
    pub at_ms: i64,
    /// Whether that clock was sure.
    pub sure: bool,
    /// The facts of this record that its writer saw as latest.
    pub after: Vec<FactId>,
    /// Its fields, by name.
    pub body: BTreeMap<String, serde_json::Value>,
    /// What hangs on it and is theirs to see, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sides: BTreeMap<String, Vec<String>>,
}

/// Shows a record to somebody whose it is to see, and writes that down.
pub fn show(county: &County, looking: &Looking, record: &str) -> Result<Shown, AdminError> {
    let row = county.store().read_blocking(|tx| {
        let row = find::record(county, tx, record)?;
        sees(tx, &looking.person, row.id)?;
        Ok::<_, AdminError>(row)
    })?;
    looking.note(county, "record_shown", Some(row.id))?;
    county.store().read_blocking(|tx| {
        let record = Record::read(tx, row)?;
        let mut sides = sides(tx, looking, &record)?;
        let facts = record
            .facts
            .iter()
            .map(|fact| shown(fact, sides.remove(&fact.id).unwrap_or_default()));
        Ok(Shown {
            record: row.id,
            kind: row.kind.name(),
            facts: facts.collect(),
            status: record.status,
            plan: record.plan.map(|plan| in_degrees(serde_json::json!(plan))),
        })
    })
}

/// The same with every position in degrees.
fn in_degrees(plan: serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match plan {
        Json::Array(values) => values.into_iter().map(in_degrees).collect(),
        Json::Object(fields) => match serde_json::from_value::<Position>(Json::Object(fields.clone())) {
            Ok(position) => value::shown_position(position).into(),
            Err(_) => Json::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, in_degrees(value)))
                    .collect(),
            ),
        },
        plain => plain,
    }
}

type Sides = BTreeMap<String, Vec<String>>;

fn sides(tx: &dyn ReadTx, looking: &Looking, record: &Record) -> Result<BTreeMap<FactId, Sides>, StoreError> {
    let person = &looking.person;
    let audiences = saddlebag_records::access::audiences_of(person.role, person.id, person.station);
    let grants = tx.grants(record.row.id)?;
    let mut sides: BTreeMap<FactId, Sides> = BTreeMap::new();
    for side in tx.sides(record.row.id)? {
        let Some(name) = SideName::from_number(side.key.name) else {
            continue;
        };
        let mut theirs = grants
            .iter()
            .filter(|row| audiences.contains(&row.grant.audience));
        if theirs.any(|row| may_see_side(person.role, &row.grant, name, record.row.kind)) {
            let of_fact = sides.entry(side.key.fact).or_default();
            of_fact
                .entry(name.name().to_owned())
                .or_default()
                .push(side_text(name, &side.value));
        }
    }
    Ok(sides)
}

fn side_text(name: SideName, bytes: &[u8]) -> String {
    let shown = match name {
        SideName::Phone => return String::from_utf8_lossy(bytes).into_owned(),
        SideName::Position => found(bytes),
        _ => None,
    };
    shown.map_or_else(
        || hex::encode(bytes),
        |(position, metres)| format!("{} ±{metres} m", value::shown_position(position)),
    )
}

/// A fact's position and how far off it may be, in metres.
pub(super) fn found(side: &[u8]) -> Option<(Position, u16)> {
    let (at, accuracy) = side.split_first_chunk::<8>()?;
    let metres = u16::from_be_bytes(accuracy.try_into().ok()?);
    Some((Position::from_bytes(*at)?, metres))
}

pub(super) fn shown(fact: &Fact, sides: Sides) -> ShownFact {
    let name_of = |key| {
        fields()
            .iter()
            .find(|field| field.key == key)
            .map(|field| field.name.clone())
    };
    ShownFact {
        fact: fact.id,
        kind: fact.kind.to_string(),
        at_ms: fact.stamp.hlc_ms,
        sure: fact.stamp.source.is_sure(),
        after: fact.after.clone(),
        body: fact
            .body
            .iter()
            .map(|(key, value)| (name_of(key).unwrap_or_else(|| key.to_string()), json(value)))
            .collect(),
        sides,
    }
}

/// A field's value: ids as they are written elsewhere, other bytes in hexadecimal.
fn json(value: &Value) -> serde_json::Value {
    if let Some(bytes) = value.as_bytes() {
        let id = RecordId::from_slice(bytes).map(|id| id.to_string());
        return id.unwrap_or_else(|_| hex::encode(bytes)).into();
    }
    if let Some(values) = value.as_array() {
        if let [device, n] = values
            && let (Some(device), Some(n)) = (device.as_uint(), n.as_uint())
        {
            return FactId::new(DeviceNumber(device), n).to_string().into();
        }
        return values.iter().map(json).collect::<Vec<_>>().into();
    }
    if let Some(text) = value.as_text() {
        return text.into();
    }
    if let Some(flag) = value.as_bool() {
        return flag.into();
    }
    let number = value.as_int().map(serde_json::Value::from);
    number
        .or_else(|| value.as_uint().map(Into::into))
        .unwrap_or(serde_json::Value::Null)
}
