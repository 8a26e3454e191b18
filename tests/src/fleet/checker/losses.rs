//! Nothing that a phone showed as saved is lost, and nothing is there twice.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::fact::FactHash;
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_replica::State;

use super::Findings;
use super::county_file::CountyFile;
use crate::fleet::courier::Phone;
use crate::fleet::ledger::Ledger;
use crate::fleet::phone_store::{HeldChange, PhoneStore};
use crate::fleet::world::Who;

/// What one phone holds of its own.
struct OnPhone {
    facts: BTreeMap<FactId, (FactHash, State)>,
    /// What a rewritten fact was called before.
    was: BTreeMap<FactId, State>,
    unsent_changes: BTreeSet<HeldChange>,
    not_taken: BTreeSet<RecordId>,
}

impl OnPhone {
    /// What another phone of the same person holds, too.
    fn and(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.was.extend(other.was);
        self.unsent_changes.extend(other.unsent_changes);
        self.not_taken.extend(other.not_taken);
    }

    fn read(store: &PhoneStore) -> Result<Self> {
        let own = store.facts_beyond(&BTreeMap::new())?;
        Ok(Self {
            was: own
                .iter()
                .filter_map(|held| Some((held.fact.was?.id, held.state)))
                .collect(),
            facts: own
                .into_iter()
                .map(|held| (held.fact.id, (held.hash, held.state)))
                .collect(),
            unsent_changes: store.unsent_changes()?.into_iter().collect(),
            not_taken: store.edits_not_taken()?.into_iter().collect(),
        })
    }
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
        let read = OnPhone::read(&phone.store)?;
        match on_phones.entry(phone.who) {
            Entry::Vacant(first) => drop(first.insert(read)),
            Entry::Occupied(mut first) => first.get_mut().and(read),
        }
    }
    for saved in &ledger.facts {
        let id = saved.fact.id;
        let arrived = county
            .facts
            .get(&id)
            .is_some_and(|admitted| admitted.hash == saved.hash)
            || county.held.get(&id) == Some(&saved.hash)
            || county.was.contains(&(id, saved.hash));
        if arrived {
            continue;
        }
        let phone = on_phones.get(&saved.by);
        let state = phone.and_then(|phone| {
            phone
                .facts
                .get(&id)
                .map(|(_, state)| *state)
                .or(phone.was.get(&id).copied())
        });
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
        if phone.unsent_changes.contains(change) {
            if when == When::AtRest {
                found.waiting(format!(
                    "an edit of {} by {:?} still waits",
                    change.record, saved.by
                ));
            }
        } else if when != When::SyncingAfterRestore && !phone.not_taken.contains(&change.record) {
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
    let written: BTreeMap<FactId, FactHash> = ledger
        .facts
        .iter()
        .map(|saved| (saved.fact.id, saved.hash))
        .collect();
    let mut acts: BTreeMap<String, FactId> = BTreeMap::new();
    for (id, admitted) in &county.facts {
        let fact = &admitted.fact;
        let by_phone = written.get(id) == Some(&admitted.hash)
            || fact
                .was
                .is_some_and(|was| written.get(&was.id) == Some(&was.hash));
        if !by_phone && !county.own.contains(&id.device) {
            found.duplicated(format!("{} {id}: no phone ever wrote it", fact.kind));
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
