//! One change that is sound in itself: frame, columns and every operation judged without the plan it belongs to.

use std::collections::BTreeSet;

use super::chunk::{ChangeHash, Chunk};
use super::op::{self, Action, Key, Op, OpRef, Scalar};
use super::refusal::GuardRefusal;
use super::schema::{Field, FieldType, ITEM_KEY, KIND_KEY, PlanSchema, ScalarType};
use super::start;
use crate::id::ActorId;
use crate::kind::RecordKind;

/// The longest key of a map, in bytes.
pub(crate) const MAX_KEY_BYTES: usize = 16;

/// What a change says of itself, as it is stored beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeHeader {
    /// Its name.
    pub hash: ChangeHash,
    /// Who wrote it.
    pub actor: ActorId,
    /// The how manyeth change of its actor in this plan, from 1.
    pub seq: u64,
    /// The counter of its first operation.
    pub start_op: u64,
    /// How many operations it holds.
    pub ops: u64,
    /// The counter of its last operation.
    pub max_op: u64,
    /// The changes that it depends on directly.
    pub deps: Vec<ChangeHash>,
}

impl ChangeHeader {
    /// The header of a change that was judged before, such as one's own from a row; checks no more than that it
    /// can be read.
    pub fn read(bytes: &[u8]) -> Result<Self, GuardRefusal> {
        let chunk = Chunk::read(bytes)?;
        let ops = op::read(&chunk)?.len() as u64;
        Ok(Self::new(&chunk, ops))
    }

    fn new(chunk: &Chunk<'_>, ops: u64) -> Self {
        Self {
            hash: chunk.hash,
            actor: chunk.actor,
            seq: chunk.seq,
            start_op: chunk.start_op,
            ops,
            max_op: chunk.start_op + ops - 1,
            deps: chunk.deps.clone(),
        }
    }
}

/// What an operation writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Root,
    /// The root object of a field.
    Object(&'static Field),
    /// An item that this change adds to a field.
    NewItem(&'static Field, &'static [Field]),
    /// A root object of a start that this version does not know.
    NewerObject,
    /// An item that another change made, or nothing at all: the plan knows.
    Elsewhere(ActorId, u64),
}

/// A change whose every operation may stand in a plan of this kind.
#[derive(Clone, Debug)]
pub(crate) struct SoundChange<'a> {
    pub(crate) schema: &'static PlanSchema,
    pub(crate) header: ChangeHeader,
    pub(crate) chunk: Chunk<'a>,
    pub(crate) ops: Vec<Op<'a>>,
}

impl<'a> SoundChange<'a> {
    pub(crate) fn read(kind: RecordKind, bytes: &'a [u8]) -> Result<Self, GuardRefusal> {
        let schema = PlanSchema::of(kind).ok_or(GuardRefusal::NoPlan)?;
        let chunk = Chunk::read(bytes)?;
        let ops = op::read(&chunk)?;
        let header = ChangeHeader::new(&chunk, ops.len() as u64);
        let change = Self {
            schema,
            header,
            chunk,
            ops,
        };
        // A start is judged by its hash, or as a whole where it is newer than this version.
        if change.header.actor != ActorId::ZERO {
            change.check_ops()?;
        }
        // Where the columns are not what Automerge writes, a saved plan cannot give the change back.
        let written = op::write(&change.ops);
        if written.as_columns() == change.chunk.columns {
            Ok(change)
        } else {
            Err(GuardRefusal::NotCanonical)
        }
    }

    fn check_ops(&self) -> Result<(), GuardRefusal> {
        for (op, counter) in self.ops.iter().zip(self.header.start_op..) {
            self.check_references(op, counter)?;
            match self.target(op)? {
                Target::Root => self.check_root(op)?,
                Target::Object(field) => check_object(op, &field.holds)?,
                Target::NewItem(_, fields) => check_new_item(op, fields)?,
                Target::NewerObject => check_newer(op)?,
                Target::Elsewhere(..) => check_item(op, None)?,
            }
        }
        Ok(())
    }

    /// Every operation that is named comes before the one that names it.
    fn check_references(&self, op: &Op<'_>, counter: u64) -> Result<(), GuardRefusal> {
        for named in named(op) {
            let before = if named.actor == 0 {
                counter
            } else {
                self.header.start_op
            };
            if named.ctr >= before || self.actor(named).is_none() {
                return Err(GuardRefusal::Reference);
            }
        }
        let order = |pred: &OpRef| (pred.ctr, self.actor(*pred));
        let sorted = op.preds.is_sorted_by(|a, b| order(a) < order(b));
        if sorted {
            Ok(())
        } else {
            Err(GuardRefusal::Reference)
        }
    }

    /// The operations of other actors that it names.
    pub(crate) fn named_of_others(&self) -> BTreeSet<(ActorId, u64)> {
        let named = self
            .ops
            .iter()
            .flat_map(|op| named(op))
            .filter(|named| named.actor != 0);
        named
            .filter_map(|named| Some((self.actor(named)?, named.ctr)))
            .collect()
    }

    fn actor(&self, named: OpRef) -> Option<ActorId> {
        match named.actor.checked_sub(1) {
            None => Some(self.header.actor),
            Some(other) => self.chunk.others.get(usize::try_from(other).ok()?).copied(),
        }
    }

    /// What the operation writes to.
    pub(crate) fn target(&self, op: &Op<'_>) -> Result<Target, GuardRefusal> {
        let Some(obj) = op.obj else {
            return Ok(Target::Root);
        };
        let actor = self.actor(obj).ok_or(GuardRefusal::Reference)?;
        if actor == ActorId::ZERO {
            let known = start::starts(self.schema.kind)
                .last()
                .map_or(0, |golden| golden.max_op);
            return match start::field_of_object(self.schema, obj.ctr) {
                Some(field) => Ok(Target::Object(field)),
                None if obj.ctr > known => Ok(Target::NewerObject),
                None => Err(GuardRefusal::Reference),
            };
        }
        let Some(own) = obj
            .ctr
            .checked_sub(self.header.start_op)
            .filter(|_| obj.actor == 0)
        else {
            return Ok(Target::Elsewhere(actor, obj.ctr));
        };
        let maker = usize::try_from(own).ok().and_then(|own| self.ops.get(own));
        let maker = maker
            .filter(|op| op.action == Action::MakeMap)
            .ok_or(GuardRefusal::Reference)?;
        // An item is made in a root object alone, so this goes one step deep.
        match self.target_of_maker(maker)? {
            Target::Object(field) => match &field.holds {
                FieldType::Items(fields) => Ok(Target::NewItem(field, fields)),
                _ => Err(GuardRefusal::RootObject),
            },
            Target::NewerObject => Ok(Target::NewerObject),
            _ => Err(GuardRefusal::RootObject),
        }
    }

    fn target_of_maker(&self, maker: &Op<'_>) -> Result<Target, GuardRefusal> {
        let made_in_start = maker.obj.and_then(|obj| self.actor(obj)) == Some(ActorId::ZERO);
        if made_in_start {
            self.target(maker)
        } else {
            Err(GuardRefusal::RootObject)
        }
    }

    fn check_root(&self, op: &Op<'_>) -> Result<(), GuardRefusal> {
        let key = prop(op)?;
        if op.action.makes_object() || key == KIND_KEY {
            return Err(GuardRefusal::RootObject);
        }
        match self.schema.field_by_key(key).map(|field| &field.holds) {
            None => check_value(op, None),
            Some(FieldType::Scalar(holds)) => check_value(op, Some(holds)),
            Some(_) => Err(GuardRefusal::RootObject),
        }
    }
}

/// The operations that an operation names.
fn named(op: &Op<'_>) -> impl Iterator<Item = OpRef> {
    let elem = match op.key {
        Key::Elem(elem) => Some(elem),
        _ => None,
    };
    op.obj.into_iter().chain(elem).chain(op.preds.iter().copied())
}

fn scalar_of_item<'f>(fields: &'f [Field], key: &str) -> Option<&'f ScalarType> {
    match &fields.iter().find(|field| field.key == key)?.holds {
        FieldType::Scalar(holds) => Some(holds),
        _ => None,
    }
}

/// The map key of an operation that inserts nothing.
fn prop<'a>(op: &Op<'a>) -> Result<&'a str, GuardRefusal> {
    match op.key {
        Key::Prop(key) if !op.insert => {
            if (1..=MAX_KEY_BYTES).contains(&key.len()) {
                Ok(key)
            } else {
                Err(GuardRefusal::Key)
            }
        }
        _ => Err(GuardRefusal::Reference),
    }
}

/// A plain value that is set, or a deletion.
fn check_value(op: &Op<'_>, holds: Option<&ScalarType>) -> Result<(), GuardRefusal> {
    match op.action {
        Action::Delete => check_deletion(op),
        Action::Set if holds.is_none_or(|holds| holds.fits(&op.value)) => Ok(()),
        Action::Set => Err(GuardRefusal::FieldType),
        _ => Err(GuardRefusal::RootObject),
    }
}

fn check_deletion(op: &Op<'_>) -> Result<(), GuardRefusal> {
    let sound = !op.insert && op.value == Scalar::Null && !op.preds.is_empty() && op.key != Key::Head;
    if sound {
        Ok(())
    } else {
        Err(GuardRefusal::Reference)
    }
}

fn check_object(op: &Op<'_>, holds: &FieldType) -> Result<(), GuardRefusal> {
    let in_sequence = |holds: &dyn Fn(&Scalar<'_>) -> bool| match op.action {
        Action::Delete => check_deletion(op),
        Action::Set if op.insert && op.preds.is_empty() && holds(&op.value) => Ok(()),
        Action::Set if op.insert => Err(GuardRefusal::FieldType),
        _ => Err(GuardRefusal::RootObject),
    };
    match holds {
        FieldType::Map(holds) => prop(op).and_then(|_| check_value(op, Some(holds))),
        _ if matches!(op.key, Key::Prop(_)) => Err(GuardRefusal::Reference),
        FieldType::Note => {
            in_sequence(&|value| matches!(value, Scalar::Str(text) if text.chars().count() == 1))
        }
        FieldType::List(holds) => in_sequence(&|value| holds.fits(value)),
        FieldType::Items(_) => match op.action {
            Action::MakeMap if op.insert && op.preds.is_empty() && op.value == Scalar::Null => Ok(()),
            Action::Delete => check_deletion(op),
            _ => Err(GuardRefusal::RootObject),
        },
        FieldType::Scalar(_) => Err(GuardRefusal::RootObject),
    }
}

/// An item's name is given in the change that makes it and never again.
fn check_new_item(op: &Op<'_>, fields: &[Field]) -> Result<(), GuardRefusal> {
    let key = prop(op)?;
    if key != ITEM_KEY {
        return check_item(op, scalar_of_item(fields, key));
    }
    let named = matches!(op.value, Scalar::Bytes(name) if name.len() == ITEM_NAME_BYTES);
    if op.action == Action::Set && op.preds.is_empty() && named {
        Ok(())
    } else {
        Err(GuardRefusal::FieldType)
    }
}

fn check_item(op: &Op<'_>, holds: Option<&ScalarType>) -> Result<(), GuardRefusal> {
    if prop(op)? == ITEM_KEY {
        Err(GuardRefusal::RootObject)
    } else {
        check_value(op, holds)
    }
}

/// The length of an item's name.
pub(crate) const ITEM_NAME_BYTES: usize = 8;

/// What may happen to an object that this version does not know: the rules that hold for every version.
fn check_newer(op: &Op<'_>) -> Result<(), GuardRefusal> {
    match op.action {
        Action::MakeMap if op.insert && op.preds.is_empty() && op.value == Scalar::Null => Ok(()),
        Action::Set => Ok(()),
        Action::Delete => check_deletion(op),
        _ => Err(GuardRefusal::RootObject),
    }
}
