//! A change as rows, and back.

use crate::id::ActorId;
use crate::plan::chunk::{ChangeHash, Chunk};
use crate::plan::op::{self, Action, Key, Op, OpRef, Scalar};

/// An operation's name, whatever change it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpId {
    pub(super) actor: ActorId,
    pub(super) ctr: u64,
}

/// The object that a row writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Root,
    Golden(u64),
    Id(OpId),
}

/// Where in a list or text a row writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Head,
    /// The operation before this row's first.
    Before,
    Id(OpId),
}

/// What a row does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What<'a> {
    Set(&'a str, Scalar<'a>),
    Delete(&'a str),
    InsertText(Place, String),
    InsertValue(Place, Scalar<'a>),
    InsertMap(Place),
    DeletePlace(Place),
}

/// One operation, or one stretch of inserted text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row<'a> {
    pub(super) object: Object,
    pub(super) what: What<'a>,
    pub(super) preds: Vec<OpId>,
}

/// A change without what the receiver works out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LeanChange<'a> {
    pub(super) actor: ActorId,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) deps: Vec<ChangeHash>,
    pub(super) rows: Vec<Row<'a>>,
}

impl<'a> LeanChange<'a> {
    /// The rows of a change; none where it has operations that rows cannot say.
    pub(super) fn of(chunk: &Chunk<'a>, ops: &[Op<'a>]) -> Option<Self> {
        let mut rows: Vec<Row<'a>> = Vec::new();
        for (op, counter) in ops.iter().zip(chunk.start_op..) {
            let before = OpId {
                actor: chunk.actor,
                ctr: counter.checked_sub(1)?,
            };
            let row = row(chunk, op, before)?;
            match (rows.last_mut(), &row) {
                (
                    Some(Row {
                        object,
                        what: What::InsertText(_, text),
                        ..
                    }),
                    Row {
                        object: same,
                        what: What::InsertText(Place::Before, more),
                        ..
                    },
                ) if object == same => text.push_str(more),
                _ => rows.push(row),
            }
        }
        let Chunk {
            actor,
            seq,
            start_op,
            ref deps,
            ..
        } = *chunk;
        Some(Self {
            actor,
            seq,
            start_op,
            deps: deps.clone(),
            rows,
        })
    }

    /// The counter of its last operation.
    pub(super) fn max_op(&self) -> u64 {
        self.start_op + self.rows.iter().map(Row::ops).sum::<u64>() - 1
    }

    /// The chunk that it stands for.
    pub(super) fn chunk(&self) -> Vec<u8> {
        let mut others: Vec<ActorId> = Vec::new();
        for actor in self.rows.iter().flat_map(Row::ids).map(|id| id.actor) {
            if actor != self.actor && !others.contains(&actor) {
                others.push(actor);
            }
        }
        others.sort_unstable();
        let place = |id: OpId| {
            let other = others.iter().position(|other| *other == id.actor);
            OpRef {
                ctr: id.ctr,
                actor: other.map_or(0, |n| n as u64 + 1),
            }
        };
        let mut ops: Vec<Op<'_>> = Vec::new();
        for row in &self.rows {
            let before = || OpRef {
                ctr: self.start_op + ops.len() as u64 - 1,
                actor: 0,
            };
            let key = |at: &Place| match at {
                Place::Head => Key::Head,
                Place::Before => Key::Elem(before()),
                Place::Id(id) => Key::Elem(place(*id)),
            };
            let (key, insert, action, value) = match &row.what {
                What::Set(key, value) => (Key::Prop(key), false, Action::Set, *value),
                What::Delete(key) => (Key::Prop(key), false, Action::Delete, Scalar::Null),
                What::InsertText(at, _) => (key(at), true, Action::Set, Scalar::Null),
                What::InsertValue(at, value) => (key(at), true, Action::Set, *value),
                What::InsertMap(at) => (key(at), true, Action::MakeMap, Scalar::Null),
                What::DeletePlace(at) => (key(at), false, Action::Delete, Scalar::Null),
            };
            let obj = match row.object {
                Object::Root => None,
                Object::Golden(ctr) => Some(place(OpId {
                    actor: ActorId::ZERO,
                    ctr,
                })),
                Object::Id(id) => Some(place(id)),
            };
            let preds = row.preds.iter().map(|pred| place(*pred)).collect();
            let op = Op {
                obj,
                key,
                insert,
                action,
                value,
                preds,
            };
            let What::InsertText(_, text) = &row.what else {
                ops.push(op);
                continue;
            };
            for (start, c) in text.char_indices() {
                let value = Scalar::Str(text.get(start..start + c.len_utf8()).unwrap_or(""));
                let after = OpRef {
                    ctr: self.start_op + ops.len() as u64 - 1,
                    actor: 0,
                };
                let key = if start == 0 { op.key } else { Key::Elem(after) };
                ops.push(Op {
                    key,
                    value,
                    ..op.clone()
                });
            }
        }
        let written = op::write(&ops);
        let chunk = Chunk {
            hash: ChangeHash([0; 32]),
            deps: self.deps.clone(),
            actor: self.actor,
            others,
            seq: self.seq,
            start_op: self.start_op,
            columns: written.as_columns(),
        };
        chunk.write()
    }
}

impl Row<'_> {
    pub(super) fn ops(&self) -> u64 {
        match &self.what {
            What::InsertText(_, text) => text.chars().count() as u64,
            _ => 1,
        }
    }

    /// How many bytes its value takes in the change.
    pub(super) fn value_bytes(&self) -> usize {
        match &self.what {
            What::Set(key, Scalar::Str(text)) => key.len() + text.len(),
            What::Set(key, Scalar::Bytes(bytes)) => key.len() + bytes.len(),
            What::InsertValue(_, Scalar::Str(text)) => text.len(),
            What::InsertValue(_, Scalar::Bytes(bytes)) => bytes.len(),
            What::InsertText(_, text) => text.len(),
            What::Set(key, _) | What::Delete(key) => key.len(),
            _ => 0,
        }
    }

    pub(super) fn place(&self) -> Option<Place> {
        match self.what {
            What::Set(..) | What::Delete(_) => None,
            What::InsertText(at, _)
            | What::InsertValue(at, _)
            | What::InsertMap(at)
            | What::DeletePlace(at) => Some(at),
        }
    }

    /// Every operation that it names, golden objects too.
    fn ids(&self) -> impl Iterator<Item = OpId> {
        let object = match self.object {
            Object::Root => None,
            Object::Golden(ctr) => Some(OpId {
                actor: ActorId::ZERO,
                ctr,
            }),
            Object::Id(id) => Some(id),
        };
        let place = match self.place() {
            Some(Place::Id(id)) => Some(id),
            _ => None,
        };
        object.into_iter().chain(place).chain(self.preds.iter().copied())
    }
}

fn row<'a>(chunk: &Chunk<'a>, op: &Op<'a>, before: OpId) -> Option<Row<'a>> {
    let id = |named: OpRef| {
        let actor = match named.actor.checked_sub(1) {
            None => chunk.actor,
            Some(other) => *chunk.others.get(usize::try_from(other).ok()?)?,
        };
        Some(OpId {
            actor,
            ctr: named.ctr,
        })
    };
    let object = match op.obj {
        None => Object::Root,
        Some(obj) => match id(obj)? {
            OpId {
                actor: ActorId::ZERO,
                ctr,
            } => Object::Golden(ctr),
            id => Object::Id(id),
        },
    };
    let place = match op.key {
        Key::Prop(_) => None,
        Key::Head => Some(Place::Head),
        Key::Elem(elem) => match id(elem)? {
            elem if elem == before => Some(Place::Before),
            elem => Some(Place::Id(elem)),
        },
    };
    let what = match (op.key, place, op.insert, op.action, op.value) {
        (Key::Prop(key), _, false, Action::Set, value) => What::Set(key, value),
        (Key::Prop(key), _, false, Action::Delete, Scalar::Null) => What::Delete(key),
        (_, Some(at), true, Action::Set, Scalar::Str(text))
            if text.chars().count() == 1 && op.preds.is_empty() =>
        {
            What::InsertText(at, text.to_owned())
        }
        (_, Some(at), true, Action::Set, value) => What::InsertValue(at, value),
        (_, Some(at), true, Action::MakeMap, Scalar::Null) => What::InsertMap(at),
        (_, Some(at), false, Action::Delete, Scalar::Null) => What::DeletePlace(at),
        _ => return None,
    };
    let preds = op.preds.iter().map(|pred| id(*pred)).collect::<Option<_>>()?;
    Some(Row { object, what, preds })
}
