//! Nothing that a phone showed as saved is lost, and nothing is there twice.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::plan::PlanView;
use saddlebag_replica::State;

use super::Findings;
use super::county_file::CountyFile;
use crate::fleet::courier::Phone;
use crate::fleet::ledger::{Ledger, Named, first_name};
use crate::fleet::phone_store::{HeldChange, PhoneStore};
use crate::fleet::world::Who;

/// What one phone holds of its own.
struct OnPhone<'a> {
    /// By what they were called first: a rewritten fact says what that was.
    facts: BTreeMap<Named, State>,
    unsent_changes: BTreeSet<HeldChange>,
    not_taken: BTreeSet<RecordId>,
    stores: Vec<&'a PhoneStore>,
}

impl<'a> OnPhone<'a> {
    /// What another phone of the same person holds, too.
    fn and(&mut self, other: Self) {
        for (name, state) in other.facts {
            self.has(name, state);
        }
        self.unsent_changes.extend(other.unsent_changes);
        self.not_taken.extend(other.not_taken);
        self.stores.extend(other.stores);
    }

    /// What one phone was told that the county has, no other one's waiting excuses.
    fn has(&mut self, name: Named, state: State) {
        let known = self.facts.entry(name).or_insert(state);
        if known.is_unsent() {
            *known = state;
        }
    }

    fn read(store: &'a PhoneStore) -> Result<Self> {
        let mut read = Self {
            facts: BTreeMap::new(),
            unsent_changes: store.unsent_changes()?.into_iter().collect(),
            not_taken: store.edits_not_taken()?.into_iter().collect(),
            stores: vec![store],
        };
        for held in store.facts_beyond(&BTreeMap::new())? {
            read.has(first_name(&held.fact, held.hash), held.state);
        }
        Ok(read)
    }

    /// Whether a plan has these words on a phone that still has an edit of it to send.
    fn has_to_send(&self, record: RecordId, words: &str) -> Result<bool> {
        for store in &self.stores {
            let mut unsent = store.unsent_changes()?.into_iter();
            if unsent.any(|change| change.record == record)
                && store.plans()?.get(&record).is_some_and(|plan| says(plan, words))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn says(plan: &PlanView, words: &str) -> bool {
    plan.text("notes").is_some_and(|notes| notes.contains(words))
}

/// When it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Everything should have arrived: what still waits is found too.
    AtRest,
    /// While phones are syncing: what was confirmed must be there.
    Syncing,
    /// While phones learn that the county lost what they were told it had: it must be on them still.
    SyncingAfterRestore,
}

/// Compares the ledger with the county's file and with what waits on the phones.
pub(crate) fn check(
    ledger: &Ledger,
    county: &CountyFile,
    phones: &[Phone],
    when: When,
    found: &mut Findings,
) -> Result<()> {
    let mut on_phones: BTreeMap<Who, OnPhone> = BTreeMap::new();
    for phone in phones {
        let read = phone.store.at_once(|_| OnPhone::read(&phone.store))?;
        match on_phones.entry(phone.who) {
            Entry::Vacant(first) => drop(first.insert(read)),
            Entry::Occupied(mut first) => first.get_mut().and(read),
        }
    }
    for saved in &ledger.facts {
        let id = saved.fact.id;
        if county.has(id, saved.hash) {
            continue;
        }
        let phone = on_phones.get(&saved.by);
        let state = phone.and_then(|phone| phone.facts.get(&(id, saved.hash)).copied());
        let is_on_its_way = match when {
            When::SyncingAfterRestore => state.is_some(),
            When::AtRest | When::Syncing => state.is_some_and(State::is_unsent),
        };
        if !is_on_its_way {
            let why = county.dropped.get(&id).map_or("", String::as_str);
            found.lost(format!(
                "{} {id} of {:?}: {state:?} on the phone, not at the county {why}",
                saved.fact.kind, saved.by
            ));
        } else if when == When::AtRest {
            found.waiting(format!(
                "{} {id} of {:?} still waits on the phone",
                saved.fact.kind, saved.by
            ));
        }
    }
    for saved in &ledger.changes {
        let change = &saved.change;
        let name = (change.record, change.actor, change.seq);
        if county.changes.get(&name).or(county.held_changes.get(&name)) == Some(&change.hash) {
            continue;
        }
        let Some(phone) = on_phones.get(&saved.by) else {
            continue;
        };
        // An edit that met another one under its name was made anew under a name that nobody told: its words are there.
        if let Some(words) = &saved.words
            && county
                .plans
                .get(&change.record)
                .is_some_and(|plan| says(plan, words))
        {
            continue;
        }
        let made_anew = match &saved.words {
            Some(words) => phone.has_to_send(change.record, words)?,
            None => false,
        };
        if made_anew || phone.unsent_changes.contains(change) {
            if when == When::AtRest {
                found.waiting(format!(
                    "an edit of {} by {:?} still waits",
                    change.record, saved.by
                ));
            }
            continue;
        }
        let was_told =
            phone.not_taken.contains(&change.record) || ledger.told.contains(&(saved.by, change.record));
        // Nothing takes words away that nobody contradicted.
        if when != When::SyncingAfterRestore && (saved.words.is_some() || !was_told) {
            found.lost(format!(
                "an edit of {} by {:?}: neither at the county nor told as not taken",
                change.record, saved.by
            ));
        }
    }
    if county.damaged > 0 {
        found.lost(format!("{} damaged facts at the county", county.damaged));
    }
    Ok(())
}

/// No act is at the county twice, and none that nobody did.
pub(crate) fn check_doubles(ledger: &Ledger, county: &CountyFile, found: &mut Findings) {
    let written: BTreeSet<Named> = ledger
        .facts
        .iter()
        .map(|saved| (saved.fact.id, saved.hash))
        .collect();
    let mut firsts: BTreeMap<Named, FactId> = BTreeMap::new();
    let mut acts: BTreeMap<String, FactId> = BTreeMap::new();
    for (id, admitted) in &county.facts {
        let fact = &admitted.fact;
        let first = first_name(fact, admitted.hash);
        if !written.contains(&first) && !county.own.contains(&id.device) {
            found.duplicated(format!("{} {id}: no phone ever wrote it", fact.kind));
        }
        if let Some(other) = firsts.insert(first, *id) {
            found.duplicated(format!("{} {id} is {other} under another name", fact.kind));
        }
        // The same record, moment and words: one act under two names.
        let stamp = fact.stamp;
        let act = format!(
            "{} {:?} {}.{} {:?}",
            fact.record, fact.kind, stamp.hlc_ms, stamp.hlc_count, fact.body
        );
        if let Some(first) = acts.insert(act, *id)
            && [first, *id].iter().any(|id| !county.own.contains(&id.device))
        {
            found.duplicated(format!("{} {id} is {first} once more", fact.kind));
        }
    }
}
