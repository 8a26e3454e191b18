//! Golden starts: the first change of every plan, the same everywhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::chunk::{ChangeHash, Chunk};
use super::op;
use super::schema::{Field, PlanSchema};
use crate::kind::RecordKind;

/// A change of the zero actor that begins a plan, or brings the objects of a later version. It is never sent
/// among devices that know it: every document begins with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Golden {
    /// The chunk.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: ChangeHash,
    /// Its sequence number, from 1.
    pub seq: u64,
    /// The counter of its last operation.
    pub max_op: u64,
    /// The root objects that it makes: each one's counter and key.
    objects: Vec<(u64, String)>,
}

static STARTS: LazyLock<BTreeMap<RecordKind, Vec<Golden>>> = LazyLock::new(|| {
    let golden = |schema: &PlanSchema| {
        schema
            .starts
            .iter()
            .filter_map(|bytes| Golden::read(bytes))
            .collect()
    };
    PlanSchema::all()
        .map(|schema| (schema.kind, golden(schema)))
        .collect()
});

/// The golden starts of a kind that this version knows, oldest first; empty for a kind without a plan.
pub fn starts(kind: RecordKind) -> &'static [Golden] {
    STARTS.get(&kind).map_or(&[], Vec::as_slice)
}

/// The first golden start of a kind, if it has a plan.
pub fn start(kind: RecordKind) -> Option<&'static Golden> {
    starts(kind).first()
}

/// The field whose root object has this counter (its actor is zero).
pub(crate) fn field_of_object(schema: &'static PlanSchema, counter: u64) -> Option<&'static Field> {
    let mut objects = starts(schema.kind).iter().flat_map(|golden| &golden.objects);
    let (_, key) = objects.find(|(made, _)| *made == counter)?;
    schema.field_by_key(key)
}

impl Golden {
    fn read(bytes: &[u8]) -> Option<Self> {
        let chunk = Chunk::read(bytes).ok()?;
        let ops = op::read(&chunk).ok()?;
        let counters = chunk.start_op..;
        let objects = counters.zip(&ops).filter_map(|(counter, op)| match op.key {
            op::Key::Prop(key) if op.action.makes_object() => Some((counter, key.to_owned())),
            _ => None,
        });
        Some(Self {
            objects: objects.collect(),
            bytes: bytes.to_vec(),
            hash: chunk.hash,
            seq: chunk.seq,
            max_op: chunk.start_op + ops.len() as u64 - 1,
        })
    }

    /// The keys of the root objects that it makes, with their operation counters.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (u64, &str)> {
        self.objects.iter().map(|(counter, key)| (*counter, key.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{Automerge, ObjType, ROOT};

    use super::*;
    use crate::plan::schema::{FieldType, KIND_KEY};

    /// What start 1 of a kind says, made by Automerge.
    fn made(schema: &PlanSchema) -> Vec<u8> {
        let mut document = Automerge::new().with_actor(automerge::ActorId::from([0; 16]));
        let mut transaction = document.transaction();
        transaction
            .put(ROOT, KIND_KEY, i64::from(schema.kind as u8))
            .unwrap();
        for field in &schema.fields {
            let object = match field.holds {
                FieldType::Scalar(_) => continue,
                FieldType::Note => ObjType::Text,
                FieldType::List(_) | FieldType::Items(_) => ObjType::List,
                FieldType::Map(_) => ObjType::Map,
            };
            transaction.put_object(ROOT, field.key.as_str(), object).unwrap();
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        document.get_changes(&[])[0].raw_bytes().to_vec()
    }

    #[test]
    fn a_start_makes_the_objects_that_the_schema_names() {
        let mut differ = false;
        for schema in PlanSchema::all() {
            let made = made(schema);
            if schema.starts.first() != Some(&made) {
                println!("{}: starts = [\"{}\"]", schema.kind.name(), hex::encode(made));
                differ = true;
            }
            assert_eq!(
                starts(schema.kind).len(),
                schema.starts.len(),
                "{:?}",
                schema.kind
            );
        }
        assert!(!differ, "a start does not say what its schema says");
    }
}
