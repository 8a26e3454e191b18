//! The operations of a change, read from and written to Automerge's columns.
//!
//! Reading is bounded before anything is expanded: a run length counts against [`MAX_OPS`] the moment that it is
//! read, so 69 bytes that claim 20 million operations cost nothing.

mod column;

use column::{
    Runs, booleans, deltas, strings, uints, write_booleans, write_deltas, write_strings, write_uints,
};

use super::chunk::{Chunk, Columns};
use super::refusal::GuardRefusal;
use crate::leb128::{Reader, write_int, write_uint};

/// The most operations that one change may hold.
pub const MAX_OPS: usize = 10_000;

/// Who made an operation, by position (0 the change's author, then the change's other actors), and its counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OpRef {
    pub(crate) ctr: u64,
    pub(crate) actor: u64,
}

/// Where in its object an operation writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Prop(&'a str),
    Head,
    Elem(OpRef),
}

/// What an operation does. The numbers are Automerge's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    MakeMap = 0,
    Set = 1,
    MakeList = 2,
    Delete = 3,
    MakeText = 4,
}

/// A scalar in an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    Uint(u64),
    Int(i64),
    F64(f64),
    Str(&'a str),
    Bytes(&'a [u8]),
    Timestamp(i64),
}

/// One operation of a change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Op<'a> {
    /// The object that it writes to; none is the root.
    pub(crate) obj: Option<OpRef>,
    pub(crate) key: Key<'a>,
    pub(crate) insert: bool,
    pub(crate) action: Action,
    pub(crate) value: Scalar<'a>,
    pub(crate) preds: Vec<OpRef>,
}

impl Action {
    pub(crate) fn from_number(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::MakeMap,
            1 => Self::Set,
            2 => Self::MakeList,
            3 => Self::Delete,
            4 => Self::MakeText,
            _ => return None,
        })
    }

    pub(crate) fn makes_object(self) -> bool {
        matches!(self, Self::MakeMap | Self::MakeList | Self::MakeText)
    }
}

/// The operations of a change.
pub(crate) fn read<'a>(chunk: &Chunk<'a>) -> Result<Vec<Op<'a>>, GuardRefusal> {
    let columns = &chunk.columns;
    let mut action = uints(columns.action, MAX_OPS)?;
    let count = action.len();
    if count == 0 {
        return Err(GuardRefusal::OpCount);
    }
    let mut keys = Keys {
        actor: uints(columns.key_actor, MAX_OPS)?.for_ops(count)?,
        ctr: deltas(columns.key_ctr, MAX_OPS)?.for_ops(count)?,
        prop: strings(columns.key_str, MAX_OPS)?.for_ops(count)?,
    };
    let mut obj_actor = uints(columns.obj_actor, MAX_OPS)?.for_ops(count)?;
    let mut obj_ctr = uints(columns.obj_ctr, MAX_OPS)?.for_ops(count)?;
    let mut insert = booleans(columns.insert, MAX_OPS)?.for_ops(count)?;
    let mut value_meta = uints(columns.value_meta, MAX_OPS)?.for_ops(count)?;
    let mut value = Reader::new(columns.value);
    let mut pred_count = uints(columns.pred_count, MAX_OPS)?.for_ops(count)?;
    let mut preds = Preds {
        actor: uints(columns.pred_actor, MAX_OPS)?,
        ctr: deltas(columns.pred_ctr, MAX_OPS)?,
    };
    let mut ops = Vec::with_capacity(count);
    for _ in 0..count {
        let obj = match (obj_actor.row(), obj_ctr.row()) {
            (None, None) => None,
            (Some(actor), Some(ctr)) => Some(op_ref(actor, ctr)?),
            _ => return Err(GuardRefusal::Malformed),
        };
        let meta = value_meta.row().unwrap_or(0);
        ops.push(Op {
            obj,
            key: keys.take()?,
            insert: insert.row().unwrap_or(false),
            action: action
                .row()
                .and_then(Action::from_number)
                .ok_or(GuardRefusal::Action)?,
            value: Scalar::read(meta & 0xf, value.take(meta >> 4)?)?,
            preds: preds.take(pred_count.row().unwrap_or(0))?,
        });
    }
    let all_read = value.is_empty() && preds.actor.next().is_none() && preds.ctr.next().is_none();
    if all_read {
        Ok(ops)
    } else {
        Err(GuardRefusal::Malformed)
    }
}

struct Keys<'a> {
    actor: Runs<u64>,
    ctr: Runs<i64>,
    prop: Runs<&'a str>,
}

impl<'a> Keys<'a> {
    fn take(&mut self) -> Result<Key<'a>, GuardRefusal> {
        match (self.prop.row(), self.actor.row(), self.ctr.row()) {
            (Some(prop), None, None) => Ok(Key::Prop(prop)),
            (None, None, Some(0)) => Ok(Key::Head),
            (None, Some(actor), Some(ctr)) => Ok(Key::Elem(op_ref(actor, counter(ctr)?)?)),
            _ => Err(GuardRefusal::Malformed),
        }
    }
}

struct Preds {
    actor: Runs<u64>,
    ctr: Runs<i64>,
}

impl Preds {
    fn take(&mut self, count: u64) -> Result<Vec<OpRef>, GuardRefusal> {
        let mut preds = Vec::new();
        for _ in 0..count {
            match (self.actor.row(), self.ctr.row()) {
                (Some(actor), Some(ctr)) => preds.push(op_ref(actor, counter(ctr)?)?),
                _ => return Err(GuardRefusal::Malformed),
            }
        }
        Ok(preds)
    }
}

fn counter(ctr: i64) -> Result<u64, GuardRefusal> {
    u64::try_from(ctr).map_err(|_| GuardRefusal::Reference)
}

fn op_ref(actor: u64, ctr: u64) -> Result<OpRef, GuardRefusal> {
    if ctr == 0 {
        Err(GuardRefusal::Reference)
    } else {
        Ok(OpRef { ctr, actor })
    }
}

impl<'a> Scalar<'a> {
    /// The scalar of this Automerge type number in these bytes.
    pub(crate) fn read(type_number: u64, bytes: &'a [u8]) -> Result<Self, GuardRefusal> {
        let mut from = Reader::new(bytes);
        let value = match type_number {
            0 => Self::Null,
            1 => Self::Bool(false),
            2 => Self::Bool(true),
            3 => Self::Uint(from.uint()?),
            4 => Self::Int(from.int()?),
            5 => Self::F64(f64::from_le_bytes(from.array()?)),
            6 => Self::Str(text(from.take(bytes.len() as u64)?)?),
            7 => Self::Bytes(from.take(bytes.len() as u64)?),
            9 => Self::Timestamp(from.int()?),
            _ => return Err(GuardRefusal::Action),
        };
        if from.is_empty() {
            Ok(value)
        } else {
            Err(GuardRefusal::Malformed)
        }
    }

    /// Appends the scalar's bytes and returns its Automerge type number.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> u64 {
        match self {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Uint(value) => {
                write_uint(out, *value);
                3
            }
            Self::Int(value) => {
                write_int(out, *value);
                4
            }
            Self::F64(value) => {
                out.extend(value.to_le_bytes());
                5
            }
            Self::Str(value) => {
                out.extend(value.as_bytes());
                6
            }
            Self::Bytes(value) => {
                out.extend(*value);
                7
            }
            Self::Timestamp(value) => {
                write_int(out, *value);
                9
            }
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, GuardRefusal> {
    std::str::from_utf8(bytes).map_err(|_| GuardRefusal::Malformed)
}

/// The columns of some operations, as Automerge writes them.
#[derive(Debug, Default)]
pub(crate) struct WrittenColumns {
    columns: [Vec<u8>; 12],
}

impl WrittenColumns {
    pub(crate) fn as_columns(&self) -> Columns<'_> {
        let [
            obj_actor,
            obj_ctr,
            key_actor,
            key_ctr,
            key_str,
            insert,
            action,
            value_meta,
            value,
            preds @ ..,
        ] = &self.columns;
        let [pred_count, pred_actor, pred_ctr] = preds;
        Columns {
            obj_actor,
            obj_ctr,
            key_actor,
            key_ctr,
            key_str,
            insert,
            action,
            value_meta,
            value,
            pred_count,
            pred_actor,
            pred_ctr,
        }
    }
}

/// The operations' columns. Equal operations give equal bytes, those that Automerge 0.12 writes.
pub(crate) fn write<'a>(ops: &[Op<'a>]) -> WrittenColumns {
    let elem = |op: &Op<'_>| match op.key {
        Key::Elem(elem) => Some(elem),
        _ => None,
    };
    let key_ctr = |op: &Op<'_>| match op.key {
        Key::Prop(_) => None,
        Key::Head => Some(0),
        Key::Elem(elem) => Some(elem.ctr as i64),
    };
    let prop = |op: &Op<'a>| match op.key {
        Key::Prop(prop) => Some(prop),
        _ => None,
    };
    let mut value = Vec::new();
    let metas: Vec<u64> = ops
        .iter()
        .map(|op| {
            let before = value.len();
            let type_number = op.value.write(&mut value);
            ((value.len() - before) as u64) << 4 | type_number
        })
        .collect();
    let preds = || ops.iter().flat_map(|op| &op.preds);
    WrittenColumns {
        columns: [
            write_uints(ops.iter().map(|op| op.obj.map(|obj| obj.actor))),
            write_uints(ops.iter().map(|op| op.obj.map(|obj| obj.ctr))),
            write_uints(ops.iter().map(|op| elem(op).map(|elem| elem.actor))),
            write_deltas(ops.iter().map(key_ctr)),
            write_strings(ops.iter().map(prop)),
            write_booleans(ops.iter().map(|op| op.insert)),
            write_uints(ops.iter().map(|op| Some(op.action as u64))),
            write_uints(metas.iter().copied().map(Some)),
            value,
            write_uints(ops.iter().map(|op| Some(op.preds.len() as u64))),
            write_uints(preds().map(|pred| Some(pred.actor))),
            write_deltas(preds().map(|pred| Some(pred.ctr as i64))),
        ],
    }
}
