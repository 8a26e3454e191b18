//! What every phone ever showed as saved, kept outside every replica.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use saddlebag_records::fact::{Fact, FactHash};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::courier::Phone;
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
    /// What it wrote that nobody else writes: where it is made anew under another name, it is known by that.
    pub(crate) words: Option<String>,
}

/// A fact's name, and which fact of that name it is: two copies of a phone write different ones under one name.
pub(crate) type Named = (FactId, FactHash);

/// What a fact was called first: a phone that goes on under another number writes again what it had not sent.
pub(crate) fn first_name(fact: &Fact, hash: FactHash) -> Named {
    fact.was.map_or((fact.id, hash), |was| (was.id, was.hash))
}

/// The checker's own list.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) facts: Vec<SavedFact>,
    pub(crate) changes: Vec<SavedChange>,
    /// Whether phones have still to bring again what a restored county lacks.
    pub(crate) county_lacks: bool,
    /// In whose plans somebody was told that an edit was not taken, on a phone that does not know it any more.
    pub(crate) told: BTreeSet<(Who, RecordId)>,
    seen_facts: BTreeSet<Named>,
    seen_changes: BTreeSet<HeldChange>,
}

/// How far what a phone holds of its own was taken down, by its numbers.
#[derive(Clone, Default)]
pub(crate) struct TakenDown(BTreeMap<DeviceNumber, u64>);

impl TakenDown {
    /// All that a phone holds, whose folder was copied or put back.
    pub(crate) fn all_of(store: &PhoneStore) -> Result<Self> {
        let mut taken = BTreeMap::new();
        for held in store.facts_beyond(&BTreeMap::new())? {
            let last: &mut u64 = taken.entry(held.fact.id.device).or_default();
            *last = held.fact.id.n.max(*last);
        }
        Ok(Self(taken))
    }
}

/// What a verb of a replica is to have saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saves {
    /// At least one fact.
    Facts,
    /// An edit of a plan.
    Edit,
    /// An edit that wrote these words.
    Words(String),
    /// Nothing that must show.
    Nothing,
}

impl Ledger {
    /// A phone is gone: what it had not sent is nobody's to find any more. What that was, to be read.
    pub(crate) fn goes_with(&mut self, who: Who, store: &PhoneStore) -> Result<Vec<String>> {
        let facts: BTreeSet<Named> = store
            .facts_beyond(&BTreeMap::new())?
            .into_iter()
            .filter(|held| held.state.is_unsent())
            .map(|held| first_name(&held.fact, held.hash))
            .collect();
        let changes: BTreeSet<HeldChange> = store.unsent_changes()?.into_iter().collect();
        let mut gone = Vec::new();
        self.facts.retain(|saved| {
            let stays = !facts.contains(&(saved.fact.id, saved.hash));
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

    /// A phone is put back to an old copy: what it told its person that the county did not take, it told.
    pub(crate) fn forgets_what_it_told(&mut self, who: Who, store: &PhoneStore) -> Result<()> {
        let records = store.edits_not_taken()?;
        self.told.extend(records.into_iter().map(|record| (who, record)));
        Ok(())
    }

    /// A verb returned, so the phone shows as saved what its store holds now. Gives the last new fact, if there is one.
    ///
    /// What was taken down before is no new act, whoever holds it: a phone that went on under another number wrote it
    /// again, one that reads from the start hears of it again.
    pub(crate) fn take_down(
        &mut self,
        phone: &mut Phone,
        saves: Saves,
        at_ms: i64,
        may_be_far_off: bool,
    ) -> Result<Option<Named>> {
        let (by, mut last) = (phone.who, None);
        for held in phone.store.facts_beyond(&phone.taken_down.0)? {
            let id = held.fact.id;
            let seen = phone.taken_down.0.entry(id.device).or_default();
            let before = std::mem::replace(seen, id.n);
            if self.seen_facts.contains(&first_name(&held.fact, held.hash)) {
                continue;
            }
            ensure!(id.n == before + 1, "{id} follows {before}");
            self.seen_facts.insert((id, held.hash));
            last = Some((id, held.hash));
            self.facts.push(SavedFact {
                by,
                fact: held.fact,
                hash: held.hash,
                at_ms,
                may_be_far_off,
            });
        }
        ensure!(
            saves != Saves::Facts || last.is_some(),
            "a verb that saves a fact returned, and there is none"
        );
        let words = match &saves {
            Saves::Words(words) => Some(words.clone()),
            _ => None,
        };
        let before = self.changes.len();
        for change in phone.store.unsent_changes()? {
            if self.seen_changes.insert(change.clone()) {
                let words = words.clone();
                self.changes.push(SavedChange { by, change, words });
            }
        }
        ensure!(
            !matches!(saves, Saves::Edit | Saves::Words(_)) || self.changes.len() > before,
            "a verb that edits a plan returned, and there is no edit"
        );
        Ok(last)
    }
}
