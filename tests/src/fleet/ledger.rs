//! What every phone ever showed as saved, kept outside every replica.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use saddlebag_records::fact::{Fact, FactHash};
use saddlebag_records::id::{DeviceNumber, FactId};

use super::phone_store::{HeldChange, PhoneStore};
use super::world::Who;

/// A fact that a phone showed as saved.
#[derive(Clone, Debug)]
pub(crate) struct SavedFact {
    pub(crate) by: Who,
    pub(crate) fact: Fact,
    pub(crate) hash: FactHash,
    /// When that truly was, UTC milliseconds.
    pub(crate) at_ms: i64,
    /// Whether the phone's clock could not be trusted then.
    pub(crate) may_be_far_off: bool,
}

/// An edit of a plan that a phone showed as saved.
#[derive(Clone, Debug)]
pub(crate) struct SavedChange {
    pub(crate) by: Who,
    pub(crate) change: HeldChange,
}

/// The checker's own list.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) facts: Vec<SavedFact>,
    pub(crate) changes: Vec<SavedChange>,
    /// Whether phones have still to bring again what a restored county lacks.
    pub(crate) county_lacks: bool,
    /// How far each number has written.
    seen: BTreeMap<DeviceNumber, u64>,
    seen_changes: BTreeSet<HeldChange>,
}

/// What a verb of a replica is to have saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saves {
    /// At least one fact.
    Facts,
    /// An edit of a plan.
    Edit,
    /// Nothing that must show.
    Nothing,
}

impl Ledger {
    /// A phone is gone: what it had not sent is nobody's to find any more. What that was, to be read.
    pub(crate) fn goes_with(&mut self, who: Who, store: &PhoneStore) -> Result<Vec<String>> {
        let facts: BTreeSet<FactId> = store
            .facts_beyond(&BTreeMap::new())?
            .into_iter()
            .filter(|held| held.state.is_unsent())
            .map(|held| held.fact.id)
            .collect();
        let changes: BTreeSet<HeldChange> = store.unsent_changes()?.into_iter().collect();
        let mut gone = Vec::new();
        self.facts.retain(|saved| {
            let stays = !facts.contains(&saved.fact.id);
            if !stays {
                gone.push(format!("{} {} of {who:?}", saved.fact.kind, saved.fact.id));
            }
            stays
        });
        self.changes.retain(|saved| {
            let stays = !changes.contains(&saved.change);
            if !stays {
                gone.push(format!("an edit of {} by {who:?}", saved.change.record));
            }
            stays
        });
        Ok(gone)
    }

    /// A verb returned, so the phone shows as saved what its store holds now. Gives the last fact, if there is one.
    pub(crate) fn take_down(
        &mut self,
        by: Who,
        store: &PhoneStore,
        saves: Saves,
        at_ms: i64,
        may_be_far_off: bool,
    ) -> Result<Option<FactId>> {
        let new = store.facts_beyond(&self.seen)?;
        ensure!(
            saves != Saves::Facts || !new.is_empty(),
            "a verb that saves a fact returned, and there is none"
        );
        let last = new.last().map(|held| held.fact.id);
        for held in new {
            let id = held.fact.id;
            let seen = self.seen.entry(id.device).or_default();
            ensure!(id.n == *seen + 1, "{id} follows {seen}");
            *seen = id.n;
            self.facts.push(SavedFact {
                by,
                fact: held.fact,
                hash: held.hash,
                at_ms,
                may_be_far_off,
            });
        }
        let changes = store.unsent_changes()?;
        let before = self.changes.len();
        for change in changes {
            if self.seen_changes.insert(change.clone()) {
                self.changes.push(SavedChange { by, change });
            }
        }
        ensure!(
            saves != Saves::Edit || self.changes.len() > before,
            "a verb that edits a plan returned, and there is no edit"
        );
        Ok(last)
    }
}
