use std::collections::HashSet;

use rusqlite::Connection;
use saddlebag_records::cbor::Value;
use saddlebag_records::fact::{Body, Fact, FactHash, Was};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::answer::Applying;
use super::fork::Names;
use crate::error::Result;
use crate::store::facts::{self, WAITING};
use crate::store::identity;
use crate::store::own::Own;
use crate::store::state::State;

/// Names under which the county has another fact, or may have: what points at them must point at the new name. What
/// points at any other keeps the old name, by which everybody finds the fact, whether the county has it by its old name
/// or by its new one.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    all: bool,
    names: HashSet<FactId>,
}

impl Taken {
    /// Every name.
    pub(super) fn all() -> Self {
        Self {
            all: true,
            names: HashSet::new(),
        }
    }

    pub(super) fn note(&mut self, name: FactId) {
        self.names.insert(name);
    }

    fn has(&self, fact: &Fact) -> bool {
        // One that was written anew before is found by its first name alone.
        self.all || fact.was.is_some() || self.names.contains(&fact.id)
    }
}

impl Applying<'_> {
    /// Takes new one-time numbers, and gives them to the tips and appeals that waited for one.
    pub(super) fn numbers(&mut self, numbers: &[u64]) -> Result<()> {
        identity::add_one_time(self.connection, numbers)?;
        let mut names = Names::new();
        for waiting in facts::of_author(self.connection, WAITING, State::Local)? {
            let Some((number, n)) = identity::take_one_time(self.connection, waiting.record)? else {
                break;
            };
            let fact = renamed(&waiting, FactId::new(number, n), &mut names);
            facts::rename(self.connection, waiting.id, &fact, &[])?;
            self.touch(fact.record);
        }
        Ok(())
    }

    /// Lets what was written under a one-time number, and is not at the county, wait for another one. Each fact does so
    /// once, and once more each time that the county was restored to before it gave the number: it says what it was called
    /// first, so that the county cannot have it twice, and what fails again is refused.
    pub(super) fn await_another_number(&mut self, number: DeviceNumber) -> Result<()> {
        identity::close_one_time(self.connection, number)?;
        let is_of_before = identity::is_of_before(self.connection, number)?;
        let mut names = Names::new();
        for old in facts::of_author(self.connection, number, State::Local)? {
            if old.was.is_some() && !is_of_before {
                continue;
            }
            let mut fact = renamed(&old, FactId::new(WAITING, self.own.next_waiting), &mut names);
            self.own.next_waiting += 1;
            fact.was = Some(old.was.unwrap_or_else(|| was_called(&old)));
            facts::rename(self.connection, old.id, &fact, &[])?;
            self.touch(fact.record);
        }
        Ok(())
    }
}

/// Writes anew, under the device's number of now, what the county has not confirmed of those written under an older
/// one. Each says what it was called before, so that a copy which arrives by another way counts once. Their records.
pub(super) fn write_anew(
    connection: &Connection,
    own: &mut Own,
    was: DeviceNumber,
    taken: &Taken,
) -> Result<Vec<RecordId>> {
    let device = identity::author(connection)?.device;
    let (mut names, mut records) = (Names::new(), Vec::new());
    for old in facts::of_author(connection, was, State::Local)? {
        let name = FactId::new(device, own.next_n);
        if taken.has(&old) {
            names.insert(old.id, name);
        }
        let mut fact = pointing(&old, name, &names);
        fact.was = Some(old.was.unwrap_or_else(|| was_called(&old)));
        facts::rename(connection, old.id, &fact, &own.chain.running_hash())?;
        own.next_n += 1;
        own.chain = own.chain.then(&FactHash::of(&fact.encode()));
        records.push(fact.record);
    }
    Ok(records)
}

fn was_called(fact: &Fact) -> Was {
    Was {
        id: fact.id,
        hash: fact.hash(),
    }
}

/// The fact under its new name, and pointing at the new names of others. Facts come in the order in which they were
/// written, so that those have theirs already.
fn renamed(fact: &Fact, name: FactId, names: &mut Names) -> Fact {
    names.insert(fact.id, name);
    pointing(fact, name, names)
}

/// The fact under its new name, and pointing at the new names of others.
fn pointing(fact: &Fact, name: FactId, names: &Names) -> Fact {
    let mut after: Vec<FactId> = fact
        .after
        .iter()
        .map(|id| names.get(id).copied().unwrap_or(*id))
        .collect();
    after.sort_unstable();
    Fact {
        id: name,
        after,
        body: body_pointing(&fact.body, names),
        ..fact.clone()
    }
}

/// A body whose fields name facts by their new names. Nothing but a fact's id is an array of two integers.
fn body_pointing(body: &Body, names: &Names) -> Body {
    let mut new = body.clone();
    for (key, value) in body.iter() {
        match (body.fact(key), body.facts(key)) {
            (Some(id), _) => new = new.with(key, names.get(&id).copied().unwrap_or(id)),
            (None, Some(ids)) if matches!(value, Value::Array(_)) => {
                let ids: Vec<FactId> = ids
                    .iter()
                    .map(|id| names.get(id).copied().unwrap_or(*id))
                    .collect();
                new = new.with(key, ids);
            }
            _ => {}
        }
    }
    new
}
