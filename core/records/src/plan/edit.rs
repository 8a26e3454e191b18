//! Editing a plan: one call, one change.

mod apply;

use std::collections::BTreeMap;

pub(super) use apply::difference;
use automerge::Automerge;
use automerge::transaction::CommitOptions;

use super::change::{ChangeHeader, SoundChange};
use super::chunk::{ChangeHash, MAX_DEPENDENCIES};
use super::document::Document;
use super::quiet::catch;
use super::refusal::GuardRefusal;
use super::trial::{MAX_PLAN_BYTES, MAX_PLAN_CHANGES, MAX_PLAN_OPS};
use super::value::{ItemId, PlanValue};
use super::view::PlanView;
use crate::id::ActorId;
use crate::kind::RecordKind;

/// One thing to do to a plan. Fields are named as in `codes/plans.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PlanEdit {
    /// Writes a plain value. Where values stand against each other, this settles it.
    Set { field: String, value: PlanValue },
    /// Takes a plain value away.
    Clear { field: String },
    /// Deletes `delete` characters (Unicode scalar values) of a note at `at` and puts `insert` there.
    SpliceNote {
        field: String,
        at: usize,
        delete: usize,
        insert: String,
    },
    /// Makes a note read `text`, keeping what others wrote apart in the parts that stay.
    ReplaceNote { field: String, text: String },
    /// Adds a plain value to a list.
    Add { field: String, value: PlanValue },
    /// Takes a plain value out of a list.
    Remove { field: String, value: PlanValue },
    /// Writes a plain value at a key of a map.
    SetEntry {
        field: String,
        key: String,
        value: PlanValue,
    },
    /// Takes a key out of a map.
    ClearEntry { field: String, key: String },
    /// Adds an item at the end. Its name is 8 random bytes.
    AddItem {
        field: String,
        item: ItemId,
        values: BTreeMap<String, PlanValue>,
    },
    /// Takes an item away.
    RemoveItem { field: String, item: ItemId },
    /// Writes a plain value in an item.
    SetInItem {
        field: String,
        item: ItemId,
        name: String,
        value: PlanValue,
    },
    /// Takes a plain value out of an item.
    ClearInItem {
        field: String,
        item: ItemId,
        name: String,
    },
}

impl PlanEdit {
    /// The field that it writes.
    pub fn field(&self) -> &str {
        match self {
            Self::Set { field, .. }
            | Self::Clear { field }
            | Self::SpliceNote { field, .. }
            | Self::ReplaceNote { field, .. }
            | Self::Add { field, .. }
            | Self::Remove { field, .. }
            | Self::SetEntry { field, .. }
            | Self::ClearEntry { field, .. }
            | Self::AddItem { field, .. }
            | Self::RemoveItem { field, .. }
            | Self::SetInItem { field, .. }
            | Self::ClearInItem { field, .. } => field,
        }
    }

    /// Writes a plain value.
    pub fn set(field: &str, value: impl Into<PlanValue>) -> Self {
        Self::Set {
            field: field.to_owned(),
            value: value.into(),
        }
    }

    /// Makes a note read `text`.
    pub fn note(field: &str, text: &str) -> Self {
        Self::ReplaceNote {
            field: field.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// A plan after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The change, a plain chunk, to be stored and sent.
    pub change: Vec<u8>,
    /// What the change says of itself.
    pub header: ChangeHeader,
    /// The plan, to be stored.
    pub snapshot: Vec<u8>,
    /// What it says.
    pub view: PlanView,
    /// The names of the fields that were written, sorted.
    pub fields: Vec<String>,
}

/// Why a plan was not edited. Nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A record of this kind has no plan.
    #[error("a record of this kind has no plan")]
    NoPlan,
    /// No plan of this kind has the field, or no item of it has.
    #[error("no such field: {0}")]
    NoSuchField(String),
    /// The field cannot hold the value, or the edit is one for another type of field.
    #[error("the field cannot hold this: {0}")]
    NotOfItsType(String),
    /// The item is not in the list, or already is.
    #[error("no such item, or one of that name already: {0}")]
    Item(ItemId),
    /// Beyond the end of a note.
    #[error("beyond the end of the note")]
    OutOfRange,
    /// The field's object comes with a later start, which this plan does not have yet.
    #[error("the plan is too old for the field: {0}")]
    NotStarted(String),
    /// The zero actor edits nothing.
    #[error("the zero actor edits nothing")]
    ZeroActor,
    /// The change would be larger than a change may be: edit less at once.
    #[error("too much for one change")]
    ChangeTooLarge,
    /// The plan would be larger than a plan may be.
    #[error("the plan is full")]
    PlanTooLarge,
    /// The stored plan cannot be read.
    #[error("the saved plan is damaged")]
    Damaged,
}

impl EditError {
    /// The stable codes of these errors.
    pub const CODES: [&str; 10] = [
        "plan_kind_without_plan",
        "plan_no_such_field",
        "plan_field_type",
        "plan_item",
        "plan_note_range",
        "plan_not_started",
        "plan_zero_actor",
        "plan_change_too_large",
        "plan_too_large",
        "plan_damaged",
    ];

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPlan => "plan_kind_without_plan",
            Self::NoSuchField(_) => "plan_no_such_field",
            Self::NotOfItsType(_) => "plan_field_type",
            Self::Item(_) => "plan_item",
            Self::OutOfRange => "plan_note_range",
            Self::NotStarted(_) => "plan_not_started",
            Self::ZeroActor => "plan_zero_actor",
            Self::ChangeTooLarge => "plan_change_too_large",
            Self::PlanTooLarge => "plan_too_large",
            Self::Damaged => "plan_damaged",
        }
    }
}

/// Edits a plan as `actor`: all of `edits` in one change, or nothing. None where they change nothing.
///
/// `snapshot` is the stored plan, none for a record that has no plan yet.
pub fn edit(
    kind: RecordKind,
    snapshot: Option<&[u8]>,
    actor: ActorId,
    edits: &[PlanEdit],
) -> Result<Option<Edited>, EditError> {
    if super::schema::PlanSchema::of(kind).is_none() {
        return Err(EditError::NoPlan);
    }
    if actor == ActorId::ZERO {
        return Err(EditError::ZeroActor);
    }
    catch(|| edit_document(kind, snapshot, actor, edits)).unwrap_or(Err(EditError::Damaged))
}

fn edit_document(
    kind: RecordKind,
    snapshot: Option<&[u8]>,
    actor: ActorId,
    edits: &[PlanEdit],
) -> Result<Option<Edited>, EditError> {
    let mut document = Document::open(kind, snapshot).map_err(|_| EditError::Damaged)?;
    let headers = document.headers();
    let full = headers.len() > MAX_PLAN_CHANGES;
    let Some((change, fields)) = commit(&mut document, &headers, actor, edits)? else {
        return Ok(None);
    };
    let header = match SoundChange::read(kind, &change) {
        Ok(sound) => sound.header,
        Err(GuardRefusal::TooLarge | GuardRefusal::OpCount) => return Err(EditError::ChangeTooLarge),
        Err(_) => return Err(EditError::Damaged),
    };
    let ops = headers.iter().map(|header| header.ops).sum::<u64>() + header.ops;
    let snapshot = document.save();
    if full || ops > MAX_PLAN_OPS || snapshot.len() > MAX_PLAN_BYTES {
        return Err(EditError::PlanTooLarge);
    }
    Ok(Some(Edited {
        change,
        header,
        view: PlanView::read(&document),
        snapshot,
        fields,
    }))
}

/// A change's bytes and the names of the fields that it writes.
type Committed = (Vec<u8>, Vec<String>);

/// Makes the change and brings it into the document.
fn commit(
    document: &mut Document,
    headers: &[ChangeHeader],
    actor: ActorId,
    edits: &[PlanEdit],
) -> Result<Option<Committed>, EditError> {
    let deps = dependencies(document, headers, actor);
    let mut writing = match &deps {
        None => std::mem::take(&mut document.inner),
        Some(deps) => {
            let deps: Vec<_> = deps.iter().map(|dep| automerge::ChangeHash(dep.0)).collect();
            document.inner.fork_at(&deps).map_err(|_| EditError::Damaged)?
        }
    };
    writing.set_actor(automerge::ActorId::from(actor.0));
    let written = write(document.kind, &mut writing, edits);
    let change = written.as_ref().ok().and_then(|fields| {
        let change = writing.get_last_local_change().filter(|_| !fields.is_empty())?;
        Some(change.raw_bytes().to_vec())
    });
    match deps {
        None => document.inner = writing,
        Some(_) => document
            .apply(change.iter().map(Vec::as_slice))
            .map_err(|_| EditError::Damaged)?,
    }
    Ok(change.zip(Some(written?)))
}

fn write(kind: RecordKind, document: &mut Automerge, edits: &[PlanEdit]) -> Result<Vec<String>, EditError> {
    let mut transaction = document.transaction();
    let mut fields = Vec::new();
    for edit in edits {
        match apply::apply(kind, &mut transaction, edit) {
            Ok(true) => fields.push(edit.field().to_owned()),
            Ok(false) => {}
            Err(error) => {
                transaction.rollback();
                return Err(error);
            }
        }
    }
    transaction.commit_with(CommitOptions::default().with_time(0));
    fields.sort_unstable();
    fields.dedup();
    Ok(fields)
}

/// What the change may hang on where the plan has more heads than one change may name: the actor's own latest
/// change and the heads that reach furthest. What it leaves out stays a head for the next edit.
fn dependencies(document: &Document, headers: &[ChangeHeader], actor: ActorId) -> Option<Vec<ChangeHash>> {
    let heads = document.heads();
    let own = headers
        .iter()
        .filter(|header| header.actor == actor)
        .max_by_key(|header| header.seq);
    let own_apart = own.filter(|own| !heads.contains(&own.hash));
    if heads.len() + usize::from(own_apart.is_some()) <= MAX_DEPENDENCIES {
        return None;
    }
    let reach = |hash: &ChangeHash| {
        let header = headers.iter().find(|header| header.hash == *hash);
        (
            header.is_some_and(|header| header.actor == actor),
            header.map(|header| header.max_op),
            *hash,
        )
    };
    let mut chosen = heads;
    chosen.sort_unstable_by_key(|hash| std::cmp::Reverse(reach(hash)));
    chosen.truncate(MAX_DEPENDENCIES - usize::from(own_apart.is_some()));
    chosen.extend(own_apart.map(|own| own.hash));
    Some(chosen)
}
