use std::collections::HashMap;

use rusqlite::Connection;
use saddlebag_protocol::{Fork, Heard};
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{ActorId, DeviceNumber, FactId};

use super::answer::{Answer, Applied, Applying};
use super::numbering::{Taken, write_anew};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::forks::{self, WhyForked};
use crate::store::own::{AskFor, Own};
use crate::store::state::State;
use crate::store::{exchange, facts, identity, side_values};

impl Replica {
    /// Takes the county's word that this device goes on under another number: its past is not the county's, since it was
    /// restored from an older copy or there is a copy of it; it lost a fact of its own; or the county does not know any
    /// more which numbers it gave. All that is here stays. What the county lacks is written anew under the new number, and
    /// everything is read again from the start: what a copy wrote under the old number was never served to this one.
    ///
    /// All of it is one transaction. Where it did not come about, the same request is told the same.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`](crate::Error::NotEnrolled), or as of the store. Nothing was changed.
    pub fn take_fork(&self, answer: &Answer<'_>, fork: &Fork) -> Result<Applied> {
        let applied = self.write(|transaction| {
            let mut applying = Applying::begin(transaction, self.surroundings(), answer)?;
            applying.fork(answer, fork)?;
            applying.finish(false)
        })?;
        tracing::warn!(device = fork.device, "this device goes on under another number");
        self.announce(applied.changed.clone());
        Ok(applied)
    }
}

impl Applying<'_> {
    fn fork(&mut self, answer: &Answer<'_>, fork: &Fork) -> Result<()> {
        let connection = self.connection;
        let (was, now) = (identity::author(connection)?.device, DeviceNumber(fork.device));
        exchange::go_back(connection, None)?;
        // What may still be seen of others' comes again.
        self.touched.extend(side_values::drop_above(connection, 0)?);
        let is_restored = self.log(answer)?;
        if is_restored {
            // It does not know which numbers it gave, so it may be an older copy than the newest that was heard of. What it
            // has all the same, it knows by its old name.
            self.another_epoch(0)?;
        }
        let why = match number_asked_for(connection, &self.own)? {
            _ if is_restored => WhyForked::CountyRestored,
            Some(AskFor::FactLost) => WhyForked::FactLost,
            Some(AskFor::EditMetAnother) | None => WhyForked::Copied,
        };

        identity::leave_device(connection)?;
        identity::renumber(connection, now, &fork.token)?;
        identity::add_actor(connection, ActorId(self.random()), false)?;
        identity::add_one_time(connection, &fork.one_time)?;
        self.own.under_a_new_number();
        let taken = self.settle(fork.heard.as_deref().unwrap_or_default(), answer.position)?;
        let written = self.write_older_anew(&taken)?;
        // Those that wait for a one-time number have one now.
        self.numbers(&[])?;
        // The county has heard nothing of the new number yet.
        exchange::set_told(connection, Some(&[]), Some(""))?;
        forks::add(connection, (was, now), why, answer.county_time_ms)?;
        forks::written_again(connection, now, written, 0)
    }

    /// Goes by what the county has under the old numbers. A fact that it has as it is here has arrived; one whose name is
    /// another fact's there needs another name.
    fn settle(&mut self, heard: &[Heard], position: u64) -> Result<Taken> {
        let mut taken = Taken::default();
        for heard in heard {
            let author = DeviceNumber(heard.author);
            if !identity::is_own(self.connection, author)? {
                continue;
            }
            let mut any = false;
            for fact in facts::of_author(self.connection, author, State::Local)? {
                if is_there(heard, &fact) {
                    let its = (fact.id.n, fact.id.n);
                    facts::came(self.connection, author, its, State::County, position)?;
                    self.touch(fact.record);
                } else if (heard.from..=heard.last).contains(&fact.id.n) {
                    any = true;
                    taken.note(fact.id);
                }
            }
            if any && author.is_one_time() {
                self.await_another_number(author)?;
            }
        }
        Ok(taken)
    }

    /// Writes anew, under the device's number of now, all that the county has not confirmed of those written under older
    /// ones. How many they were.
    pub(super) fn write_older_anew(&mut self, taken: &Taken) -> Result<u64> {
        let now = identity::author(self.connection)?.device;
        let mut written = 0;
        for number in identity::device_numbers(self.connection)? {
            if number != now {
                let records = write_anew(self.connection, &mut self.own, number, taken)?;
                written += records.len() as u64;
                self.touched.extend(records);
            }
        }
        Ok(written)
    }
}

fn is_there(heard: &Heard, fact: &Fact) -> bool {
    heard
        .hash_start(fact.id.n)
        .is_some_and(|start| fact.hash().0.starts_with(&start))
}

/// Why another number is to be asked for; none where this one does. A fact that was damaged before the county had it is
/// as lost as one that was destroyed.
pub(super) fn number_asked_for(connection: &Connection, own: &Own) -> Result<Option<AskFor>> {
    if own.asks_for_number.is_some() {
        return Ok(own.asks_for_number);
    }
    let device = identity::author(connection)?.device;
    let lost = facts::first_lost(connection, device)?;
    let follows = match lost {
        Some(lost) => facts::first_unsent(connection, device, lost)?.is_some(),
        None => false,
    };
    Ok(follows.then_some(AskFor::FactLost))
}

/// New names of facts, by their old ones.
pub(super) type Names = HashMap<FactId, FactId>;
