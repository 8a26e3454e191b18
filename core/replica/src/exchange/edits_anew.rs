use std::collections::BTreeSet;

use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{EditError, PlanEdit, claimed, edit, edits_between};
use serde_json::{Map, Value};

use super::answer::Applying;
use super::pending::PendingChange;
use crate::error::Result;
use crate::store::own::AskFor;
use crate::store::plans::{self, TakenOut};
use crate::store::state::State;
use crate::store::{forks, identity, refused_edits};

/// The county has another change of the same actor under the same number.
pub(super) const NAME_TAKEN: &str = "plan_change_sequence_reused";
/// An edit of what was no longer theirs.
pub(super) const SUPERSEDED: &str = "superseded";

impl Applying<'_> {
    /// The actor under which edits are made anew: one that this answer brought nothing about.
    fn fresh_actor(&mut self) -> Result<ActorId> {
        if let Some(actor) = self.fresh_actor {
            return Ok(actor);
        }
        let actor = ActorId(self.random());
        identity::add_actor(self.connection, actor, false)?;
        self.fresh_actor = Some(actor);
        Ok(actor)
    }

    /// The county has another change under the name of one of ours: a copy of this device made it. Ours is taken out, with
    /// all that was built on it, and the same edits are made anew under a fresh actor, beside what the copy wrote.
    pub(super) fn make_anew(&mut self, record: RecordId, actor: ActorId, seq: u64) -> Result<()> {
        if !self.has_parted_since(actor)? {
            self.own.asks_for_number.get_or_insert(AskFor::EditMetAnother);
        }
        let Some(out) = plans::take_out(self.connection, record, actor, seq)? else {
            return Ok(());
        };
        self.touch(record);
        let fields = out.fields.union(&out.built).cloned().collect();
        let made = self.edit_again(&out, record, &fields)?;
        let device = identity::author(self.connection)?.device;
        forks::written_again(self.connection, device, 0, made)
    }

    /// Whether this device took another number since it edited under this actor, and with it another actor. Then the copy
    /// that edited under it, too, has the old number. Where a refusal alone made the other actor, after there was a copy
    /// again, the next fact tells of that copy.
    fn has_parted_since(&self, actor: ActorId) -> Result<bool> {
        let is_of_before = identity::actor(self.connection)? != actor;
        Ok(is_of_before && identity::device_numbers(self.connection)?.len() > 1)
    }

    /// Edits these fields again as they were edited by what was taken out. What cannot be is told to the person. How many
    /// edits were made.
    fn edit_again(&mut self, out: &TakenOut, record: RecordId, fields: &BTreeSet<String>) -> Result<u64> {
        let fresh = self.fresh_actor()?;
        let Some((with, without)) = &out.plan else {
            if !fields.is_empty() {
                self.tell_refused(out, fields, record, NAME_TAKEN)?;
            }
            return Ok(0);
        };
        let mut made = 0;
        for one in edits_between(without, with, fields) {
            match self.edit_as(out.kind, record, fresh, &one)? {
                Ok(()) => made += 1,
                Err(error) => {
                    let field = BTreeSet::from([one.field().to_owned()]);
                    self.tell_refused(out, &field, record, error.code())?;
                }
            }
        }
        Ok(made)
    }

    fn edit_as(
        &self,
        kind: RecordKind,
        record: RecordId,
        actor: ActorId,
        one: &PlanEdit,
    ) -> Result<std::result::Result<(), EditError>> {
        let snapshot = plans::snapshot(self.connection, record)?;
        let edited = match edit(kind, snapshot.as_deref(), actor, std::slice::from_ref(one)) {
            Ok(Some(edited)) => edited,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error)),
        };
        let (header, change) = (&edited.header, &edited.change);
        plans::insert_change(self.connection, record, kind, header, change, State::Local)?;
        plans::save(self.connection, record, &edited.snapshot, &edited.view)?;
        Ok(Ok(()))
    }

    /// Makes anew what the county's changes contradict.
    pub(super) fn make_way(&mut self, record: RecordId, changes: &[&[u8]]) -> Result<()> {
        for bytes in changes {
            let Some((actor, seq)) = claimed(bytes) else {
                continue;
            };
            let ours = plans::change(self.connection, record, actor, seq)?;
            if ours.is_some_and(|(_, ours)| ours != *bytes) && identity::is_own_actor(self.connection, actor)?
            {
                self.make_anew(record, actor, seq)?;
            }
        }
        Ok(())
    }

    /// The county's plan stands. A change that it did not take is taken out, and the person is told what it wrote. What
    /// was built on it cannot arrive either: it is told too where the record is somebody else's by now; else other fields
    /// are edited again, under a fresh actor.
    pub(super) fn give_up(&mut self, change: &PendingChange, code: &str) -> Result<()> {
        let (record, actor, seq) = (change.change.record, change.actor, change.seq);
        // A refused actor is never edited under again: its next change would hang on one that nobody has.
        self.fresh_actor()?;
        let Some(out) = plans::take_out(self.connection, record, actor, seq)? else {
            return Ok(());
        };
        self.touch(record);
        if code == SUPERSEDED {
            let fields = out.fields.union(&out.built).cloned().collect();
            return self.tell_refused(&out, &fields, record, code);
        }
        self.tell_refused(&out, &out.fields, record, code)?;
        self.edit_again(&out, record, &out.built).map(drop)
    }

    fn tell_refused(
        &self,
        out: &TakenOut,
        fields: &BTreeSet<String>,
        record: RecordId,
        code: &str,
    ) -> Result<()> {
        let written = fields.iter().map(|field| {
            let value = out.plan.as_ref().and_then(|(with, _)| with.get(field));
            let value = value
                .and_then(|value| serde_json::to_value(value).ok())
                .unwrap_or(Value::Null);
            (field.clone(), value)
        });
        let edit = Value::Object(written.collect::<Map<_, _>>()).to_string();
        refused_edits::add(self.connection, record, &edit, code, self.now_ms())
    }
}
