//! A view as CBOR, as it is stored beside its plan.
//!
//! `[kind, {field key: value}, [[field, item or null, key or null, [[value, actor], …]], …], {unknown key: null or
//! [type number, bytes]}]`. Values are written as their fields' types say; the keys are those of the document, so
//! that a name can change and a stored view stays readable.

use std::collections::BTreeMap;

use minicbor::data::Type;
use minicbor::encode::{Error, Write};
use minicbor::{Decoder, Encoder};

use super::{Conflict, ConflictPlace, Opaque, PlanView, Written};
use crate::id::ActorId;
use crate::kind::RecordKind;
use crate::plan::schema::{Field, FieldType, PlanSchema, ScalarType};
use crate::plan::value::{Item, ItemId, PlanValue, Written as Plain};

/// Bytes that are no view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stored view of a plan")]
pub struct BadView;

impl From<minicbor::decode::Error> for BadView {
    fn from(_: minicbor::decode::Error) -> Self {
        Self
    }
}

impl PlanView {
    /// The view as it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // Writing to a vector cannot fail, and every value is one that its field may hold.
        let written = PlanSchema::of(self.kind).map(|schema| self.write(schema, &mut Encoder::new(&mut out)));
        debug_assert!(matches!(written, Some(Ok(()))), "a view that cannot be stored");
        out
    }

    /// The view in these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadView> {
        let mut from = Decoder::new(bytes);
        let view = Self::read_bytes(&mut from)?;
        if from.position() == bytes.len() {
            Ok(view)
        } else {
            Err(BadView)
        }
    }

    fn write<W: Write>(&self, schema: &PlanSchema, to: &mut Encoder<W>) -> Result<(), Error<W::Error>> {
        to.array(4)?.u8(self.kind as u8)?;
        write_map(to, &schema.fields, &self.fields)?;
        to.array(self.conflicts.len() as u64)?;
        for conflict in &self.conflicts {
            write_conflict(to, schema, conflict)?;
        }
        to.map(self.unknown.len() as u64)?;
        for (key, opaque) in &self.unknown {
            to.str(key)?;
            match opaque {
                Opaque::Object => to.null()?,
                Opaque::Scalar(type_number, bytes) => to.array(2)?.u8(*type_number)?.bytes(bytes)?,
            };
        }
        Ok(())
    }

    fn read_bytes(from: &mut Decoder<'_>) -> Result<Self, BadView> {
        expect_array(from, 4)?;
        let kind = RecordKind::from_number(from.u8()?).ok_or(BadView)?;
        let schema = PlanSchema::of(kind).ok_or(BadView)?;
        let fields = read_map(from, &schema.fields)?;
        let conflicts = from.array()?.ok_or(BadView)?;
        let conflicts = (0..conflicts)
            .map(|_| read_conflict(from, schema))
            .collect::<Result<_, _>>()?;
        let mut unknown = BTreeMap::new();
        for _ in 0..from.map()?.ok_or(BadView)? {
            let key = from.str()?.to_owned();
            let scalar = or_null(from, |from| {
                expect_array(from, 2)?;
                Ok(Opaque::Scalar(from.u8()?, from.bytes()?.to_vec()))
            })?;
            unknown.insert(key, scalar.unwrap_or(Opaque::Object));
        }
        Ok(Self {
            kind,
            fields,
            conflicts,
            unknown,
        })
    }
}

fn expect_array(from: &mut Decoder<'_>, length: u64) -> Result<(), BadView> {
    if from.array()? == Some(length) {
        Ok(())
    } else {
        Err(BadView)
    }
}

fn write_map<W: Write>(
    to: &mut Encoder<W>,
    fields: &[Field],
    values: &BTreeMap<String, PlanValue>,
) -> Result<(), Error<W::Error>> {
    let present = || {
        fields
            .iter()
            .filter_map(|field| Some((field, values.get(&field.name)?)))
    };
    to.map(present().count() as u64)?;
    for (field, value) in present() {
        to.str(&field.key)?;
        write_value(to, &field.holds, value)?;
    }
    Ok(())
}

fn read_map(from: &mut Decoder<'_>, fields: &[Field]) -> Result<BTreeMap<String, PlanValue>, BadView> {
    let mut values = BTreeMap::new();
    for _ in 0..from.map()?.ok_or(BadView)? {
        let key = from.str()?;
        let field = fields.iter().find(|field| field.key == key).ok_or(BadView)?;
        values.insert(field.name.clone(), read_value(from, &field.holds)?);
    }
    Ok(values)
}

fn write_value<W: Write>(
    to: &mut Encoder<W>,
    holds: &FieldType,
    value: &PlanValue,
) -> Result<(), Error<W::Error>> {
    match (holds, value) {
        (FieldType::Scalar(holds), value) => write_plain(to, holds, value)?,
        (FieldType::Note, PlanValue::Note(text)) => drop(to.str(text)?),
        (FieldType::List(holds), PlanValue::List(values)) => {
            to.array(values.len() as u64)?;
            values
                .iter()
                .try_for_each(|value| write_plain(to, holds, value))?;
        }
        (FieldType::Map(holds), PlanValue::Map(values)) => {
            to.map(values.len() as u64)?;
            for (key, value) in values {
                to.str(key)?;
                write_plain(to, holds, value)?;
            }
        }
        (FieldType::Items(fields), PlanValue::Items(items)) => {
            to.array(items.len() as u64)?;
            for item in items {
                to.array(2)?.bytes(&item.id.0)?;
                write_map(to, fields, &item.values)?;
            }
        }
        _ => return Err(Error::message("a value that its field may not hold")),
    }
    Ok(())
}

fn read_value(from: &mut Decoder<'_>, holds: &FieldType) -> Result<PlanValue, BadView> {
    let array = |from: &mut Decoder<'_>| from.array()?.ok_or(BadView);
    Ok(match holds {
        FieldType::Scalar(holds) => read_plain(from, holds)?,
        FieldType::Note => PlanValue::Note(from.str()?.to_owned()),
        FieldType::List(holds) => {
            let values = (0..array(from)?).map(|_| read_plain(from, holds));
            PlanValue::List(values.collect::<Result<_, _>>()?)
        }
        FieldType::Map(holds) => {
            let entries = (0..from.map()?.ok_or(BadView)?).map(|_| {
                let key = from.str()?.to_owned();
                Ok((key, read_plain(from, holds)?))
            });
            PlanValue::Map(entries.collect::<Result<_, BadView>>()?)
        }
        FieldType::Items(fields) => {
            let items = (0..array(from)?).map(|_| {
                expect_array(from, 2)?;
                let id = ItemId(from.bytes()?.try_into().map_err(|_| BadView)?);
                Ok(Item {
                    id,
                    values: read_map(from, fields)?,
                })
            });
            PlanValue::Items(items.collect::<Result<_, BadView>>()?)
        }
    })
}

fn write_plain<W: Write>(
    to: &mut Encoder<W>,
    holds: &ScalarType,
    value: &PlanValue,
) -> Result<(), Error<W::Error>> {
    let plain = holds
        .written(value)
        .ok_or(Error::message("a value that its field may not hold"))?;
    match plain {
        Plain::Str(text) => to.str(&text)?,
        Plain::Int(value) => to.i64(value)?,
        Plain::Bool(value) => to.bool(value)?,
        Plain::Bytes(bytes) => to.bytes(&bytes)?,
    };
    Ok(())
}

fn read_plain(from: &mut Decoder<'_>, holds: &ScalarType) -> Result<PlanValue, BadView> {
    let plain = match from.datatype()? {
        Type::String => Plain::Str(from.str()?.to_owned()),
        Type::Bool => Plain::Bool(from.bool()?),
        Type::Bytes => Plain::Bytes(from.bytes()?.to_vec()),
        _ => Plain::Int(from.i64()?),
    };
    holds.value(&plain.as_scalar()).ok_or(BadView)
}

/// The type of the value at a place where values can stand against each other.
fn contested<'s>(
    schema: &'s PlanSchema,
    at: &ConflictPlace,
) -> Option<(&'s Field, &'s ScalarType, Option<&'s str>)> {
    let field = schema.field(&at.field)?;
    match (&field.holds, &at.key) {
        (FieldType::Scalar(holds), None) => Some((field, holds, None)),
        (FieldType::Map(holds), Some(_)) => Some((field, holds, None)),
        (FieldType::Items(fields), Some(name)) => {
            let of_item = fields.iter().find(|field| field.name == *name)?;
            let FieldType::Scalar(holds) = &of_item.holds else {
                return None;
            };
            Some((field, holds, Some(&of_item.key)))
        }
        _ => None,
    }
}

fn write_conflict<W: Write>(
    to: &mut Encoder<W>,
    schema: &PlanSchema,
    conflict: &Conflict,
) -> Result<(), Error<W::Error>> {
    let (field, holds, item_key) =
        contested(schema, &conflict.at).ok_or(Error::message("a conflict in no field"))?;
    to.array(4)?.str(&field.key)?;
    match &conflict.at.item {
        Some(item) => to.bytes(&item.0)?,
        None => to.null()?,
    };
    match item_key.or(conflict.at.key.as_deref()) {
        Some(key) => to.str(key)?,
        None => to.null()?,
    };
    to.array(conflict.values.len() as u64)?;
    for written in &conflict.values {
        to.array(2)?;
        write_plain(to, holds, &written.value)?;
        to.bytes(&written.actor.0)?;
    }
    Ok(())
}

fn read_conflict(from: &mut Decoder<'_>, schema: &PlanSchema) -> Result<Conflict, BadView> {
    expect_array(from, 4)?;
    let field = schema.field_by_key(from.str()?).ok_or(BadView)?;
    let item = or_null(from, |from| {
        Ok(ItemId(from.bytes()?.try_into().map_err(|_| BadView)?))
    })?;
    let key = or_null(from, |from| Ok(from.str()?.to_owned()))?;
    let key = match (&field.holds, key) {
        (FieldType::Items(fields), Some(key)) => Some(
            fields
                .iter()
                .find(|field| field.key == key)
                .ok_or(BadView)?
                .name
                .clone(),
        ),
        (_, key) => key,
    };
    let at = ConflictPlace {
        field: field.name.clone(),
        item,
        key,
    };
    let (_, holds, _) = contested(schema, &at).ok_or(BadView)?;
    let values = (0..from.array()?.ok_or(BadView)?).map(|_| {
        expect_array(from, 2)?;
        let value = read_plain(from, holds)?;
        let actor = ActorId::from_slice(from.bytes()?).map_err(|_| BadView)?;
        Ok(Written { value, actor })
    });
    Ok(Conflict {
        values: values.collect::<Result<_, BadView>>()?,
        at,
    })
}

fn or_null<T>(
    from: &mut Decoder<'_>,
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, BadView>,
) -> Result<Option<T>, BadView> {
    if from.datatype()? == Type::Null {
        from.null()?;
        return Ok(None);
    }
    read(from).map(Some)
}
