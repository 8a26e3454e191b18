//! A plan as an Automerge document.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use automerge::{Automerge, Change, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::change::ChangeHeader;
use super::chunk::ChangeHash;
use super::guard::PlanHistory;
use super::op::Scalar;
use super::schema::KIND_KEY;
use super::start::{Golden, starts};
use crate::id::ActorId;
use crate::kind::RecordKind;

/// A plan that is not what was saved, or not a plan of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the saved plan is damaged")]
pub struct DamagedPlan;

/// A new plan of each kind that has one, to be copied.
static STARTED: LazyLock<BTreeMap<RecordKind, Automerge>> = LazyLock::new(|| {
    let started = |kind: RecordKind| {
        let mut document = Document {
            kind,
            inner: Automerge::new(),
        };
        document.add_start(starts(kind).first()?).ok()?;
        document.is_intact().then_some((kind, document.inner))
    };
    RecordKind::ALL.into_iter().filter_map(started).collect()
});

/// A loaded plan.
pub(crate) struct Document {
    pub(crate) kind: RecordKind,
    pub(crate) inner: Automerge,
}

impl Document {
    /// The plan in this snapshot, or a new one. May panic on a damaged snapshot, as Automerge may.
    pub(crate) fn open(kind: RecordKind, snapshot: Option<&[u8]>) -> Result<Self, DamagedPlan> {
        let Some(snapshot) = snapshot else {
            let inner = STARTED.get(&kind).ok_or(DamagedPlan)?.clone();
            return Ok(Self { kind, inner });
        };
        let inner = Automerge::load(snapshot).map_err(|_| DamagedPlan)?;
        let document = Self { kind, inner };
        if document.is_intact() {
            Ok(document)
        } else {
            Err(DamagedPlan)
        }
    }

    /// Adds a golden start that is not there yet.
    pub(crate) fn add_start(&mut self, golden: &Golden) -> Result<(), DamagedPlan> {
        self.apply([golden.bytes.as_slice()])
    }

    pub(crate) fn contains(&self, change: &ChangeHash) -> bool {
        self.inner
            .get_change_meta_by_hash(&automerge::ChangeHash(change.0))
            .is_some()
    }

    /// Applies changes that hang on nothing that is missing.
    pub(crate) fn apply<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<(), DamagedPlan> {
        let changes = changes
            .into_iter()
            .map(Change::try_from)
            .collect::<Result<Vec<_>, _>>();
        self.inner
            .apply_changes(changes.map_err(|_| DamagedPlan)?)
            .map_err(|_| DamagedPlan)?;
        if self.inner.get_missing_deps(&[]).is_empty() {
            Ok(())
        } else {
            Err(DamagedPlan)
        }
    }

    /// The saved plan. Not deflated: so loading never inflates, and its length is the same everywhere.
    pub(crate) fn save(&self) -> Vec<u8> {
        self.inner.save_nocompress()
    }

    pub(crate) fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> = self
            .inner
            .get_heads()
            .into_iter()
            .map(|head| ChangeHash(head.0))
            .collect();
        heads.sort_unstable();
        heads
    }

    /// Every change of the plan, its starts too.
    pub(crate) fn headers(&self) -> Vec<ChangeHeader> {
        let changes = self.inner.get_changes_meta(&[]).into_iter();
        let header = |change: automerge::ChangeMetadata<'_>| {
            Some(ChangeHeader {
                hash: ChangeHash(change.hash.0),
                actor: ActorId::from_slice(change.actor.to_bytes()).ok()?,
                seq: change.seq,
                start_op: change.start_op,
                ops: change.max_op + 1 - change.start_op,
                max_op: change.max_op,
                deps: change.deps.iter().map(|dep| ChangeHash(dep.0)).collect(),
            })
        };
        changes.filter_map(header).collect()
    }

    pub(crate) fn history(headers: &[ChangeHeader]) -> PlanHistory {
        let mut history = PlanHistory::new();
        headers.iter().for_each(|header| history.add(header));
        history
    }

    /// Whether the root holds what its starts made, and no other object.
    pub(crate) fn is_intact(&self) -> bool {
        let present = || {
            starts(self.kind)
                .iter()
                .filter(|golden| self.contains(&golden.hash))
        };
        let made = present().flat_map(|golden| golden.objects());
        let objects_stand = made.into_iter().all(|(counter, key)| {
            self.inner.get_all(ROOT, key).is_ok_and(
                |values| matches!(values.as_slice(), [(Value::Object(_), id)] if object_is(id, counter)),
            )
        });
        let no_other_object = self.inner.map_range(ROOT, ..).all(|entry| {
            let values = self.inner.get_all(ROOT, entry.key.as_ref()).unwrap_or_default();
            let object = |value: &(Value<'_>, ObjId)| value.0.is_object();
            !values.iter().any(object)
                || matches!(values.as_slice(), [(_, id)] if writer(id) == ActorId::ZERO)
        });
        let kind = self.inner.get_all(ROOT, KIND_KEY).unwrap_or_default();
        let kind_stands =
            matches!(kind.as_slice(), [(value, _)] if value.as_i64() == Some(i64::from(self.kind as u8)));
        objects_stand && no_other_object && kind_stands && present().next().is_some()
    }
}

fn object_is(id: &ObjId, counter: u64) -> bool {
    matches!(id, ObjId::Id(made, ..) if *made == counter) && writer(id) == ActorId::ZERO
}

/// Who wrote the operation with this id.
pub(crate) fn writer(id: &ObjId) -> ActorId {
    match id {
        ObjId::Root => ActorId::ZERO,
        ObjId::Id(_, actor, _) => ActorId::from_slice(actor.to_bytes()).unwrap_or(ActorId::ZERO),
    }
}

/// The scalar in a document's value; none for an object, or for a scalar that no plan uses.
pub(crate) fn scalar<'a>(value: &'a Value<'_>) -> Option<Scalar<'a>> {
    let Value::Scalar(value) = value else { return None };
    Some(match value.as_ref() {
        ScalarValue::Null => Scalar::Null,
        ScalarValue::Boolean(value) => Scalar::Bool(*value),
        ScalarValue::Uint(value) => Scalar::Uint(*value),
        ScalarValue::Int(value) => Scalar::Int(*value),
        ScalarValue::F64(value) => Scalar::F64(*value),
        ScalarValue::Str(text) => Scalar::Str(text),
        ScalarValue::Bytes(bytes) => Scalar::Bytes(bytes),
        ScalarValue::Timestamp(value) => Scalar::Timestamp(*value),
        _ => return None,
    })
}

/// The id of the object at a root key of this type.
pub(crate) fn root_object(document: &Automerge, key: &str, is: ObjType) -> Option<ObjId> {
    match document.get(ROOT, key) {
        Ok(Some((Value::Object(object), id))) if object == is => Some(id),
        _ => None,
    }
}
