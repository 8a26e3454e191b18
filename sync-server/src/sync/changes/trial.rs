use std::collections::HashSet;

use saddlebag_records::access::{Verdict as Word, may_edit_plan};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender as Author;
use saddlebag_records::plan::trial::{Verdict, trial};
use saddlebag_records::plan::{ChangeHash, ChangeHeader, GuardRefusal, PlanView, fields_touched};

use super::{Incoming, NEWER, code};
use crate::plans::{self, FitChange, FitChanges, head_of};
use crate::store::{Held, HeldId, HeldItem, HeldState, PlanRow, ReadTx, RecordRow, StoreError};
use crate::sync::sender::Sender;

/// The changes of one plan, from a push and from those that were held, on their way through the rules and the trial.
pub(super) struct Trial<'a> {
    incoming: &'a Incoming,
    kind: RecordKind,
    entries: Vec<Entry>,
    tried_at: u64,
    snapshot: Vec<u8>,
    view: PlanView,
}

struct Entry {
    bytes: Vec<u8>,
    held: Option<Held>,
    /// None until it is said.
    said: Option<Said>,
}

/// What becomes of a change.
pub(super) enum Said {
    /// It is part of the plan now.
    Admitted(ChangeHeader),
    /// It was before.
    Known,
    /// It was no longer theirs to make.
    Superseded,
    /// It writes a field that a newer version may know.
    Newer(ChangeHeader),
    /// It hangs on changes that are not here.
    Waiting(ChangeHeader),
    /// It is not taken.
    Refused(String),
    /// There was no time for it.
    Later,
}

impl<'a> Trial<'a> {
    pub(super) fn of(
        tx: &dyn ReadTx,
        sender: &Sender,
        mut actors: Vec<ActorId>,
        row: Option<&RecordRow>,
        incoming: &'a Incoming,
        kind: RecordKind,
    ) -> Result<Self, StoreError> {
        let plan = tx.plan(incoming.record)?;
        let snapshot = plan.as_ref().map(|plan| plan.snapshot.as_slice());
        let mut entries = entries(tx, incoming, &actors)?;
        actors.extend(
            entries
                .iter()
                .filter_map(|entry| Some(actor_of(entry.held.as_ref()?))),
        );
        let judged = JudgedBy { sender, row, kind };
        judge_fields(tx, judged, incoming.record, plan.as_ref(), &mut entries)?;

        let open: Vec<_> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.said.is_none())
            .collect();
        let bytes: Vec<&[u8]> = open.iter().map(|(_, entry)| entry.bytes.as_slice()).collect();
        let places: Vec<usize> = open.iter().map(|(place, _)| *place).collect();
        let outcome = trial(kind, snapshot, Author::Device(&actors), &bytes)
            .map_err(|_| StoreError::Damaged("plan"))?;
        let mut missing: Vec<(usize, Vec<ChangeHash>)> = Vec::new();
        for (place, verdict) in places.into_iter().zip(outcome.verdicts) {
            let said = match verdict {
                Verdict::Admitted(header) => Said::Admitted(header),
                Verdict::Known(_) => Said::Known,
                Verdict::Refused(refusal) => Said::Refused(refusal.code().to_owned()),
                Verdict::Later => Said::Later,
                Verdict::Waiting { header, missing: its } => {
                    missing.push((place, its));
                    Said::Waiting(header)
                }
            };
            if let Some(entry) = entries.get_mut(place) {
                entry.said = Some(said);
            }
        }
        orphan(&mut entries, missing);
        Ok(Self {
            incoming,
            kind,
            entries,
            tried_at: plan.as_ref().map_or(0, |plan| plan.change_count),
            snapshot: outcome.snapshot,
            view: outcome.view,
        })
    }

    /// What becomes of the changes of the push, in their order.
    pub(super) fn of_push(&self) -> impl Iterator<Item = &Said> {
        let of_push = self.entries.iter().filter(|entry| entry.held.is_none());
        of_push.map(|entry| entry.said.as_ref().unwrap_or(&Said::Later))
    }

    /// How many changes the plan had.
    pub(super) fn tried_at(&self) -> u64 {
        self.tried_at
    }

    /// The held changes that are part of the plan now.
    pub(super) fn released(&self) -> Vec<HeldId> {
        let released = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.said, Some(Said::Admitted(_))));
        released
            .filter_map(|entry| entry.held.as_ref().map(|held| held.id))
            .collect()
    }

    /// What is to be kept of it.
    pub(super) fn fit(self, sender: &Sender) -> Option<FitChanges> {
        let mut changes: Vec<FitChange> = Vec::new();
        for entry in self.entries {
            if let Some(Said::Admitted(header)) = &entry.said {
                changes.push(FitChange {
                    head: head_of(header),
                    by: entry.held.as_ref().map_or(sender.number, |held| held.by),
                    bytes: entry.bytes,
                });
            }
        }
        // What a change hangs on ends below its first operation.
        changes.sort_by_key(|change| (change.head.start_op, change.head.actor, change.head.actor_seq));
        (!changes.is_empty()).then_some(FitChanges {
            record: self.incoming.record,
            kind: self.kind,
            tried_at: self.tried_at,
            changes,
            snapshot: self.snapshot,
            view: self.view,
        })
    }
}

/// The changes of the push, and those held that wait for others. What is known, or under an actor that is not the
/// device's, is said already.
fn entries(tx: &dyn ReadTx, incoming: &Incoming, actors: &[ActorId]) -> Result<Vec<Entry>, StoreError> {
    let known: HashSet<[u8; 32]> = tx
        .change_heads(incoming.record)?
        .into_iter()
        .map(|head| head.hash)
        .collect();
    let mut entries = Vec::new();
    for change in &incoming.changes {
        let is_known = || {
            let header = || ChangeHeader::read(&change.bytes);
            !known.is_empty() && header().is_ok_and(|header| known.contains(&header.hash.0))
        };
        let said = if change.actor == ActorId::ZERO {
            Some(Said::Refused(GuardRefusal::ZeroActor.code().to_owned()))
        } else if !actors.contains(&change.actor) {
            Some(Said::Refused(GuardRefusal::ForeignActor.code().to_owned()))
        } else {
            is_known().then_some(Said::Known)
        };
        entries.push(Entry {
            bytes: change.bytes.clone(),
            held: None,
            said,
        });
    }
    for held in waiting_changes(tx, incoming.record)? {
        let again = incoming.changes.iter().any(|change| change.bytes == held.bytes);
        if !again {
            entries.push(Entry {
                bytes: held.bytes.clone(),
                held: Some(held),
                said: None,
            });
        }
    }
    Ok(entries)
}

/// The changes of a plan that wait for others, or for a version that knows them.
pub(super) fn waiting_changes(
    tx: &dyn ReadTx,
    record: RecordId,
) -> Result<impl Iterator<Item = Held>, StoreError> {
    let waits = |held: &Held| {
        held.state == HeldState::Waiting
            && [code::MISSING, NEWER].contains(&&*held.reason)
            && matches!(held.item, HeldItem::Change(_))
    };
    Ok(tx.held_of(record)?.into_iter().filter(waits))
}

fn actor_of(held: &Held) -> ActorId {
    match held.item {
        HeldItem::Change(head) => head.actor,
        _ => ActorId::ZERO,
    }
}

/// Whose changes of what are judged.
struct JudgedBy<'a> {
    sender: &'a Sender,
    row: Option<&'a RecordRow>,
    kind: RecordKind,
}

/// Says of each open change whether its fields are its writer's to edit.
fn judge_fields(
    tx: &dyn ReadTx,
    JudgedBy { sender, row, kind }: JudgedBy<'_>,
    record: RecordId,
    plan: Option<&PlanRow>,
    entries: &mut [Entry],
) -> Result<(), StoreError> {
    let snapshot = plan.map(|plan| plan.snapshot.as_slice());
    let view = plan.map(plans::view_in).transpose()?;
    let bytes: Vec<&[u8]> = entries.iter().map(|entry| entry.bytes.as_slice()).collect();
    let touched = fields_touched(kind, snapshot, &bytes).map_err(|_| StoreError::Damaged("plan"))?;
    let own = plans::relation(tx, sender, record, row, view.as_ref())?;
    for (entry, touched) in entries.iter_mut().zip(touched) {
        // What the guard does not take it says itself, at the trial.
        let Ok(touched) = touched else { continue };
        if entry.said.is_some() {
            continue;
        }
        let (role, relation) = match &entry.held {
            None => (sender.role, own),
            Some(held) => match tx.device(held.by)? {
                Some(device) => {
                    let writer = Sender::of_device(tx, &device)?;
                    let relation = plans::relation(tx, &writer, record, row, view.as_ref())?;
                    (writer.role, relation)
                }
                None => continue,
            },
        };
        let fields: Vec<&str> = touched
            .fields
            .iter()
            .chain(&touched.unknown)
            .map(String::as_str)
            .collect();
        entry.said = match may_edit_plan(role, kind, &fields, relation) {
            Word::Admit => None,
            Word::Superseded => Some(Said::Superseded),
            Word::Refuse(refusal) => Some(Said::Refused(refusal.code().to_owned())),
            Word::Hold => ChangeHeader::read(&entry.bytes).ok().map(Said::Newer),
        };
    }
    Ok(())
}

/// What waits for a change that was not taken will wait in vain: it goes the same way.
fn orphan(entries: &mut [Entry], mut missing: Vec<(usize, Vec<ChangeHash>)>) {
    loop {
        let (mut superseded, mut refused) = (HashSet::new(), HashSet::new());
        for entry in entries.iter() {
            let hash = || ChangeHeader::read(&entry.bytes).ok().map(|header| header.hash);
            match entry.said {
                Some(Said::Superseded) => superseded.extend(hash()),
                Some(Said::Refused(_)) => refused.extend(hash()),
                _ => {}
            }
        }
        let before = missing.len();
        missing.retain(|(place, its)| {
            let said = if its.iter().any(|hash| superseded.contains(hash)) {
                Said::Superseded
            } else if its.iter().any(|hash| refused.contains(hash)) {
                Said::Refused(GuardRefusal::Orphaned.code().to_owned())
            } else {
                return true;
            };
            if let Some(entry) = entries.get_mut(*place) {
                entry.said = Some(said);
            }
            false
        });
        if missing.len() == before {
            return;
        }
    }
}
