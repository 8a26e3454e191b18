//! What the county's own people do, at the command line or the console: facts and plan edits under the county's own
//! number and actor, judged by the same rules as a device's.

mod author;

use std::collections::BTreeSet;

use saddlebag_records::access::{Verdict, may_create, may_edit_plan};
use saddlebag_records::fact::{Body, Fact, FactKind, SideName};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{EditError, PlanEdit, PlanValue, edit};
use saddlebag_records::tip_text;

use crate::county::County;
use crate::plans::{self, FitChange, FitChanges};
use crate::store::{Fate, NewRecord, StoreError, WriteTx};
use crate::sync::Sender;
use crate::visibility;
use author::Author;

/// What somebody does: all of it, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// In one record after the other. A record that is not there is begun, where they may.
    pub parts: Vec<Part>,
}

/// What somebody does in one record: facts first, then the plan.
#[derive(Clone, Debug)]
pub struct Part {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// What happened.
    pub facts: Vec<Draft>,
    /// What ought to happen.
    pub edits: Vec<PlanEdit>,
}

/// A fact to be written. Its number, time and `after` are the county's to give, and its `by` is whoever acts, where
/// the kind has one and the body names nobody.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What kind of thing happened.
    pub kind: FactKind,
    /// Its fields.
    pub body: Body,
    /// Its side values.
    pub sides: Vec<(SideName, Vec<u8>)>,
}

/// What an act wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acted {
    /// Its facts, in the order of its drafts.
    pub facts: Vec<FactId>,
    /// Whether any plan changed.
    pub edited: bool,
}

/// Why an act was not carried out. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// Nobody of the county, or somebody who has left.
    #[error("nobody of the county acts")]
    Nobody,
    /// The rules do not take it, with their stable code.
    #[error("refused: {code}")]
    Refused {
        /// In which record.
        record: RecordId,
        /// The code.
        code: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActError {
    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Nobody => "nobody",
            Self::Refused { code, .. } => code,
            Self::Store(error) => error.code(),
        }
    }
}

impl Draft {
    /// A fact without side values.
    pub fn new(kind: FactKind, body: Body) -> Self {
        Self {
            kind,
            body,
            sides: Vec::new(),
        }
    }
}

impl County {
    /// Does what a person of the county does. Durable when it returns.
    pub fn act(&self, by: PersonId, act: Act) -> Result<Acted, ActError> {
        let its = self.clone();
        let job = move |tx: &mut dyn WriteTx| {
            let person = tx
                .person(by)?
                .filter(|person| person.active)
                .ok_or(ActError::Nobody)?;
            let own = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?;
            let sender = Sender::of_county(tx, own.own_device, by, person.role)?;
            act_in(tx, &its, &sender, &act)
        };
        self.own(job)
    }
}

/// The same within a job of the writer.
pub(crate) fn act_in(
    tx: &mut dyn WriteTx,
    county: &County,
    sender: &Sender,
    act: &Act,
) -> Result<Acted, ActError> {
    let mut acted = Acted::default();
    let mut author = Author::begin(tx, county, sender)?;
    for part in &act.parts {
        check_released(part)?;
        for draft in &part.facts {
            let (id, fate) = author.write(tx, part.record, draft)?;
            match fate {
                Fate::Admitted => acted.facts.push(id),
                Fate::Held { reason: code, .. } | Fate::NotKept { code } => {
                    return Err(ActError::Refused {
                        record: part.record,
                        code,
                    });
                }
            }
        }
        if !part.edits.is_empty() {
            acted.edited |= edit_plan(tx, sender, part)?;
        }
    }
    let touched: BTreeSet<RecordId> = act.parts.iter().map(|part| part.record).collect();
    visibility::refresh(tx, county.now_ms(), touched)?;
    Ok(acted)
}

/// What is released to all names nobody: a case's plan holds no number that a tip may not hold (PRODUCT.md, privacy
/// rules 3 and 5). Its facts are judged like everybody's.
fn check_released(part: &Part) -> Result<(), ActError> {
    let edits = part.edits.iter().filter_map(|edit| match edit {
        PlanEdit::Set {
            value: PlanValue::Text(text),
            ..
        }
        | PlanEdit::ReplaceNote { text, .. } => Some(text.as_str()),
        _ => None,
    });
    edits
        .filter(|_| part.kind == RecordKind::Case)
        .try_for_each(tip_text::check_numbers)
        .map_err(|refusal| ActError::Refused {
            record: part.record,
            code: refusal.code().to_owned(),
        })
}

fn edit_plan(tx: &mut dyn WriteTx, sender: &Sender, part: &Part) -> Result<bool, ActError> {
    let refused = |code: &str| ActError::Refused {
        record: part.record,
        code: code.to_owned(),
    };
    let row = tx.record(part.record)?;
    if row.is_some_and(|row| row.kind != part.kind) {
        return Err(refused("fact_of_other_kind"));
    }
    if tx.tombstone(part.record)?.is_some() {
        return Err(refused("gone"));
    }
    let plan = tx.plan(part.record)?;
    let view = plans::view_of(tx, part.record)?;
    let relation = plans::relation(tx, sender, part.record, row.as_ref(), view.as_ref())?;
    if row.is_none() {
        if !may_create(sender.role, part.kind) {
            return Err(refused("may_not_create"));
        }
        tx.add_record(&NewRecord {
            id: part.record,
            kind: part.kind,
            creator: sender.number,
            creator_person: Some(sender.person),
        })?;
    }
    let actor = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.own_actor;
    let snapshot = plan.as_ref().map(|plan| plan.snapshot.as_slice());
    let edited = edit(part.kind, snapshot, actor, &part.edits).map_err(|error| match error {
        EditError::Damaged => ActError::Store(StoreError::Damaged("plan")),
        error => refused(error.code()),
    })?;
    let Some(edited) = edited else { return Ok(false) };
    let fields: Vec<&str> = edited.fields.iter().map(String::as_str).collect();
    match may_edit_plan(sender.role, part.kind, &fields, relation) {
        Verdict::Admit => {}
        Verdict::Refuse(refusal) => return Err(refused(refusal.code())),
        Verdict::Hold => return Err(refused("newer_field")),
        Verdict::Superseded => return Err(refused("superseded")),
    }
    // The writer is this job's alone: the plan cannot have changed since it was read.
    plans::append(
        tx,
        FitChanges {
            record: part.record,
            kind: part.kind,
            tried_at: plan.as_ref().map_or(0, |plan| plan.change_count),
            changes: vec![FitChange {
                head: plans::head_of(&edited.header),
                by: sender.number,
                bytes: edited.change,
            }],
            snapshot: edited.snapshot,
            view: edited.view,
        },
    )?;
    Ok(true)
}

/// A record's admitted facts.
fn facts_of(tx: &dyn WriteTx, record: RecordId) -> Result<Vec<Fact>, StoreError> {
    let rows = tx.facts(record)?;
    rows.iter()
        .map(|row| Fact::decode(&row.bytes).map_err(|_| StoreError::Damaged("fact")))
        .collect()
}
