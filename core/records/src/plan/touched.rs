//! Which fields a change writes, so that each can be checked against who may write it.

use std::collections::{BTreeSet, HashMap};

use automerge::{ObjId, ROOT, ReadDoc};

use super::change::{SoundChange, Target};
use super::document::{DamagedPlan, Document};
use super::op::{Key, Op};
use super::quiet::catch;
use super::refusal::GuardRefusal;
use super::schema::{Field, PlanSchema};
use crate::id::ActorId;
use crate::kind::RecordKind;

/// The fields that a change writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldsTouched {
    /// By name.
    pub fields: BTreeSet<String>,
    /// Root keys that this version does not know.
    pub unknown: BTreeSet<String>,
    /// Whether it also writes to something that is neither in the plan nor in the other changes of the call. Such
    /// a change waits or fails at its trial.
    pub elsewhere: bool,
}

/// The fields that each of some changes of one plan writes. Exact: every operation is looked at. The plan is
/// loaded only where a change writes to an item that none of these changes made.
pub fn fields_touched(
    kind: RecordKind,
    snapshot: Option<&[u8]>,
    changes: &[&[u8]],
) -> Result<Vec<Result<FieldsTouched, GuardRefusal>>, DamagedPlan> {
    let changes: Vec<_> = changes
        .iter()
        .map(|bytes| SoundChange::read(kind, bytes))
        .collect();
    let mut items = HashMap::new();
    for change in changes.iter().flatten() {
        items.extend(items_made(change));
    }
    let mut plan = LazyPlan {
        kind,
        snapshot,
        document: None,
    };
    let mut touched = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            Err(refusal) => touched.push(Err(refusal)),
            Ok(change) => touched.push(Ok(touched_by(&change, &items, &mut plan)?)),
        }
    }
    Ok(touched)
}

type ItemsMade = HashMap<(ActorId, u64), &'static Field>;

fn items_made(change: &SoundChange<'_>) -> ItemsMade {
    let ops = (change.header.start_op..)
        .zip(&change.ops)
        .filter(|(_, op)| op.action.makes_object());
    let made = ops.filter_map(|(counter, op)| match change.target(op) {
        Ok(Target::Object(field)) => Some(((change.header.actor, counter), field)),
        _ => None,
    });
    made.collect()
}

fn touched_by(
    change: &SoundChange<'_>,
    items: &ItemsMade,
    plan: &mut LazyPlan<'_>,
) -> Result<FieldsTouched, DamagedPlan> {
    let mut touched = FieldsTouched::default();
    let mut resolved: HashMap<(ActorId, u64), Option<String>> = HashMap::new();
    for op in &change.ops {
        match change.target(op) {
            Ok(Target::Root) => touched.add_key(change.schema, root_key(op)),
            Ok(Target::Object(field) | Target::NewItem(field, _)) => touched.add_field(field),
            Ok(Target::Elsewhere(actor, counter)) => match items.get(&(actor, counter)) {
                Some(field) => touched.add_field(field),
                None => {
                    let key = match resolved.get(&(actor, counter)) {
                        Some(key) => key.clone(),
                        None => plan.root_key_of(actor, counter)?,
                    };
                    touched.add_key(change.schema, key.as_deref());
                    resolved.insert((actor, counter), key);
                }
            },
            Ok(Target::NewerObject) => {
                let counter = op.obj.map_or(0, |obj| obj.ctr);
                touched.add_key(
                    change.schema,
                    plan.root_key_of(ActorId::ZERO, counter)?.as_deref(),
                );
            }
            Err(_) => touched.elsewhere = true,
        }
    }
    Ok(touched)
}

fn root_key<'a>(op: &Op<'a>) -> Option<&'a str> {
    match op.key {
        Key::Prop(key) => Some(key),
        _ => None,
    }
}

impl FieldsTouched {
    fn add_field(&mut self, field: &Field) {
        if !self.fields.contains(&field.name) {
            self.fields.insert(field.name.clone());
        }
    }

    fn add_key(&mut self, schema: &PlanSchema, key: Option<&str>) {
        match key.map(|key| (key, schema.field_by_key(key))) {
            None => self.elsewhere = true,
            Some((_, Some(field))) => self.add_field(field),
            Some((key, None)) => drop(self.unknown.insert(key.to_owned())),
        }
    }
}

/// A plan that is loaded when it is first asked for.
struct LazyPlan<'a> {
    kind: RecordKind,
    snapshot: Option<&'a [u8]>,
    document: Option<Document>,
}

impl LazyPlan<'_> {
    /// The root key that the object with this id is below, if it is in the plan.
    fn root_key_of(&mut self, actor: ActorId, counter: u64) -> Result<Option<String>, DamagedPlan> {
        if self.document.is_none() {
            let (kind, snapshot) = (self.kind, self.snapshot);
            self.document = Some(catch(|| Document::open(kind, snapshot)).unwrap_or(Err(DamagedPlan))?);
        }
        let Some(document) = &self.document else {
            return Err(DamagedPlan);
        };
        let id = ObjId::Id(counter, automerge::ActorId::from(actor.0), 0);
        let path = || document.inner.parents(&id).map(|parents| parents.path()).ok();
        let path = catch(path).flatten().unwrap_or_default();
        Ok(path
            .first()
            .filter(|(object, _)| *object == ROOT)
            .map(|(_, key)| key.to_string()))
    }
}
