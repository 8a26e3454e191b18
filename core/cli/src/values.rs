//! What is typed on a command line, read by the types of `codes/facts.toml` and `codes/plans.toml`.

use std::collections::BTreeMap;

use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{Body, FactKind, FieldType, schema_of};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::{FieldType as PlanType, PlanSchema, ScalarType};
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_records::position::Position;
use saddlebag_replica::{DraftValue, Fix, Replica, body_by_name};

use crate::failure::Failure;

fn usage(text: impl Into<String>) -> Failure {
    Failure::Usage(text.into())
}

/// The record of this id or waybill number; `me` is the person.
pub(crate) fn record(replica: &Replica, text: &str) -> Result<RecordId, Failure> {
    if text == "me" {
        return Ok(replica
            .identity()?
            .ok_or(saddlebag_replica::Error::NotEnrolled)?
            .person
            .id
            .into());
    }
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    replica.by_waybill(text)?.ok_or_else(|| {
        let text = format!("no record here has the id or waybill number {text}");
        Failure::Outcome("unknown_record", text)
    })
}

/// The station that is named, or the person's own.
pub(crate) fn station(replica: &Replica, text: Option<String>) -> Result<RecordId, Failure> {
    if let Some(text) = text {
        return record(replica, &text);
    }
    let identity = replica.identity()?.ok_or(saddlebag_replica::Error::NotEnrolled)?;
    let own = identity.person.station;
    own.ok_or_else(|| usage("you belong to no station: name one with --station"))
}

fn split(pair: &str) -> Result<(&str, &str), Failure> {
    pair.split_once('=')
        .ok_or_else(|| usage(format!("{pair}: write FIELD=VALUE")))
}

fn code(list: &str, text: &str) -> Result<u16, Failure> {
    let known = CodeList::get(list).and_then(|list| list.code(text));
    known
        .or_else(|| text.parse().ok())
        .ok_or_else(|| usage(format!("{text} is no code of {list}")))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse()
        .map_err(|_| usage(format!("{text} is not such a number")))
}

/// The fields of a fact. A record may be named by its waybill number too.
pub(crate) fn body(replica: &Replica, kind: FactKind, pairs: &[String]) -> Result<Body, Failure> {
    let schema = schema_of(kind).ok_or_else(|| usage(format!("no fact {kind}")))?;
    let mut fields = BTreeMap::new();
    for pair in pairs {
        let (name, text) = split(pair)?;
        let field = schema
            .fields
            .iter()
            .map(|(field, _)| field)
            .find(|field| field.name == name);
        let text = match field.map(|field| &field.holds) {
            Some(FieldType::Party | FieldType::Record) => record(replica, text)?.to_string(),
            _ => text.to_owned(),
        };
        fields.insert(name.to_owned(), DraftValue::Text(text));
    }
    body_by_name(kind, &fields).map_err(|error| usage(format!("{kind}: {error}")))
}

/// The edits of a plan's plain fields and notes.
pub(crate) fn edits(replica: &Replica, kind: RecordKind, pairs: &[String]) -> Result<Vec<PlanEdit>, Failure> {
    let schema = PlanSchema::of(kind).ok_or_else(|| usage(format!("a {} has no plan", kind.name())))?;
    let edit = |pair: &String| {
        let (name, text) = split(pair)?;
        let field = schema
            .field(name)
            .ok_or_else(|| usage(format!("the plan has no field {name}")))?;
        match &field.holds {
            PlanType::Note => Ok(PlanEdit::note(name, text)),
            PlanType::Scalar(_) if text.is_empty() => Ok(PlanEdit::Clear { field: name.into() }),
            PlanType::Scalar(scalar) => Ok(PlanEdit::Set {
                field: name.into(),
                value: plan_value(replica, scalar, text)?,
            }),
            PlanType::List(scalar) => Ok(PlanEdit::Add {
                field: name.into(),
                value: plan_value(replica, scalar, text)?,
            }),
            PlanType::Map(scalar) => {
                let (key, text) = text
                    .split_once(':')
                    .ok_or_else(|| usage(format!("{name}: write KEY:VALUE")))?;
                let value = plan_value(replica, scalar, text)?;
                Ok(PlanEdit::SetEntry {
                    field: name.into(),
                    key: key.into(),
                    value,
                })
            }
            PlanType::Items(_) => Err(usage(format!("{name} is a list of items, which the app edits"))),
        }
    };
    pairs.iter().map(edit).collect()
}

fn plan_value(replica: &Replica, holds: &ScalarType, text: &str) -> Result<PlanValue, Failure> {
    Ok(match holds {
        ScalarType::Text(_) => PlanValue::Text(text.into()),
        ScalarType::Texts(_) => PlanValue::Texts(text.split(';').map(str::to_owned).collect()),
        ScalarType::Uint | ScalarType::Fen | ScalarType::Tenths | ScalarType::TimeMs => {
            PlanValue::Integer(number(text)?)
        }
        ScalarType::Bool => PlanValue::Bool(number(text)?),
        ScalarType::Code(list) => PlanValue::Integer(code(list, text)?.into()),
        ScalarType::Record(_) => PlanValue::Record(record(replica, text)?),
        ScalarType::Person => PlanValue::Person(PersonId::from(record(replica, text)?)),
        ScalarType::Position | ScalarType::Photo => {
            return Err(usage("positions and photos in a plan come from the app"));
        }
    })
}

/// A position in degrees with its accuracy in metres.
pub(crate) fn fix(text: &str) -> Result<Fix, Failure> {
    let wrong = || usage(format!("{text}: write LATITUDE,LONGITUDE,METRES"));
    let [lat, lon, metres] = text
        .split(',')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| wrong())?;
    let degrees = |text: &str, most: f64| -> Result<i32, Failure> {
        let degrees: f64 = text.trim().parse().map_err(|_| wrong())?;
        if degrees.abs() <= most {
            Ok((degrees * 1e7).round() as i32)
        } else {
            Err(wrong())
        }
    };
    let position = Position {
        lat_e7: degrees(lat, 90.0)?,
        lon_e7: degrees(lon, 180.0)?,
    };
    Ok(Fix {
        position,
        accuracy_m: number(metres.trim())?,
    })
}
