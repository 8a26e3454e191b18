//! Facts by names, as screens and the command line tell them: the kind and its fields are read by `codes/facts.toml`.

use std::collections::BTreeMap;

use saddlebag_records::cbor::Value;
use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{Body, FactKind, Field, FieldType, SideName, schema_of};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use serde::{Deserialize, Serialize};

use super::tips::Fix;
use crate::act::NewFact;
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::verbs::short_name::named_shortly;

/// A fact by the names of its kind and fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct FactDraft {
    /// The record that it is about.
    pub record: RecordId,
    /// The record's kind and what happened, such as `pickup.weighed`.
    pub kind: String,
    /// Its fields by name.
    pub fields: BTreeMap<String, DraftValue>,
    /// Where it happened.
    pub fix: Option<Fix>,
    /// A signature's strokes, at most 4,096 bytes.
    pub signature: Option<Vec<u8>>,
}

/// What a field is told to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(untagged)]
pub enum DraftValue {
    /// True or false.
    Flag(bool),
    /// An integer in the unit of its field, or a code.
    Number(i64),
    /// A text; the id of a record, a person or a fact; the name of a code; bytes in hexadecimal; or any other value as
    /// it is typed.
    Text(String),
    /// Ids of facts.
    Texts(Vec<String>),
}

impl Replica {
    /// Records facts that are told by names, as one act: all of them or none.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`], [`Error::UnknownField`] and [`Error::UnreadableField`]; else as of [`Replica::record`].
    pub fn record_by_name(&self, drafts: &[FactDraft]) -> Result<Vec<FactId>> {
        self.act(|act| {
            let one = |draft| act.fact(named_shortly(act.connection, new_fact(draft)?)?);
            drafts.iter().map(one).collect()
        })
    }
}

fn new_fact(draft: &FactDraft) -> Result<NewFact> {
    let kind = kind(&draft.kind).ok_or(Error::UnknownKind)?;
    let mut fact = NewFact::new(draft.record, kind, body_by_name(kind, &draft.fields)?).at(draft.fix);
    if let Some(strokes) = &draft.signature {
        fact = fact.with_side(SideName::Signature, strokes.as_slice());
    }
    Ok(fact)
}

fn kind(name: &str) -> Option<FactKind> {
    let (record, what) = name.split_once('.')?;
    FactKind::from_name(RecordKind::from_name(record)?, what)
}

/// The body of a fact of this kind with these fields. Whether they are in their ranges is judged when it is recorded.
///
/// # Errors
///
/// [`Error::UnknownKind`], [`Error::UnknownField`], [`Error::UnreadableField`].
pub fn body_by_name(kind: FactKind, fields: &BTreeMap<String, DraftValue>) -> Result<Body> {
    let schema = schema_of(kind).ok_or(Error::UnknownKind)?;
    let mut body = Body::new();
    for (name, told) in fields {
        let known = schema.fields.iter().find(|(field, _)| field.name == *name);
        let (field, _) = known.ok_or_else(|| Error::UnknownField(name.clone()))?;
        let value = value(field, told).ok_or_else(|| Error::UnreadableField(name.clone()))?;
        body = body.with(field.key, value);
    }
    Ok(body)
}

fn value(field: &Field, told: &DraftValue) -> Option<Value> {
    use DraftValue::{Flag, Number, Text, Texts};
    let facts = |ids: &mut dyn Iterator<Item = &str>| -> Option<Value> {
        let facts: Option<Vec<FactId>> = ids.map(|id| id.parse().ok()).collect();
        Some(facts?.into())
    };
    match (&field.holds, told) {
        (FieldType::Bool, Flag(flag)) => Some(Value::Bool(*flag)),
        (FieldType::Bool, Text(text)) => text.parse().ok().map(Value::Bool),
        (FieldType::Fen | FieldType::Grams | FieldType::Uint, Number(number)) => {
            u64::try_from(*number).ok().map(Value::uint)
        }
        (FieldType::Fen | FieldType::Grams | FieldType::Uint, Text(text)) => {
            text.parse().ok().map(Value::uint)
        }
        (FieldType::Tenths | FieldType::Time, Number(number)) => Some(Value::Int(*number)),
        (FieldType::Tenths | FieldType::Time, Text(text)) => text.parse().ok().map(Value::Int),
        (FieldType::Code(_), Number(code)) => u16::try_from(*code).ok().map(Value::from),
        (FieldType::Code(list), Text(name)) => {
            let known = CodeList::get(list).and_then(|list| list.code(name));
            known.or_else(|| name.parse().ok()).map(Value::from)
        }
        (FieldType::Party | FieldType::Record, Text(id)) => id.parse::<RecordId>().ok().map(Value::from),
        (FieldType::Fact, Text(id)) => id.parse::<FactId>().ok().map(Value::from),
        (FieldType::Facts, Texts(ids)) => facts(&mut ids.iter().map(String::as_str)),
        (FieldType::Facts, Text(ids)) => facts(&mut ids.split(',')),
        (FieldType::Text(_), Text(text)) => Some(Value::Text(text.clone())),
        (FieldType::Sealed(_) | FieldType::Bytes(_), Text(digits)) => {
            hex::decode(digits).ok().map(Value::Bytes)
        }
        _ => None,
    }
}
