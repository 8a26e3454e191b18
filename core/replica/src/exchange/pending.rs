use rusqlite::Connection;
use saddlebag_records::fact::{Fact, SideValue};
use saddlebag_records::id::{ActorId, DeviceNumber, RecordId};
use saddlebag_records::plan::wire::WireChange;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::column::{device, uncount};
use crate::store::facts::{self, NamedRow};
use crate::store::own::Own;
use crate::store::{identity, plans, side_values};

/// What this device wrote and the county has not confirmed, as it is to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Facts, each author's in the order of its counter and without gaps.
    pub facts: Vec<Fact>,
    /// The side values that hang on them.
    pub side: Vec<SideValue>,
    /// The running hash over the device's own facts below the first that is sent; none where none of those is.
    pub chain: Option<[u8; 8]>,
    /// Plan changes, each actor's in order.
    pub changes: Vec<PendingChange>,
    /// Whether there is more than this.
    pub more: bool,
}

/// A plan change that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingChange {
    /// The record, its kind, and the change.
    pub change: WireChange,
    /// Who wrote it.
    pub actor: ActorId,
    /// The how manyeth of its actor in this plan.
    pub seq: u64,
}

impl Pending {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.changes.is_empty()
    }
}

impl Replica {
    /// What is to be sent next: facts first, then plan changes, until `raw_bytes` bytes are reached, counted before
    /// packing. At least one thing, if there is any.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`](crate::Error::NotEnrolled).
    pub fn pending(&self, raw_bytes: usize) -> Result<Pending> {
        self.read(|connection| {
            let own = Own::load(connection, self.surroundings().built_ms)?;
            let mut gathering = Gathering {
                connection,
                room: raw_bytes,
                pending: Pending::default(),
            };
            let number = identity::author(connection)?.device;
            gathering.author(number, own.first_unsent)?;
            for number in one_time_numbers(connection)? {
                gathering.author(number, 1)?;
            }
            gathering.changes()?;
            Ok(gathering.pending)
        })
    }
}

/// One-time numbers that are in use.
fn one_time_numbers(connection: &Connection) -> Result<Vec<DeviceNumber>> {
    let mut statement = connection
        .prepare_cached("SELECT number FROM one_time_numbers WHERE record <> x'' ORDER BY number")?;
    let numbers = statement.query_map([], |row| row.get(0).map(device))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

struct Gathering<'a> {
    connection: &'a Connection,
    room: usize,
    pending: Pending,
}

impl Gathering<'_> {
    /// Takes so much of the room, if it is there or nothing was taken yet.
    fn take(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.room || self.pending.is_empty();
        if fits {
            self.room = self.room.saturating_sub(bytes);
        } else {
            self.pending.more = true;
        }
        fits
    }

    /// One author's facts from the first that is not confirmed, at or above `from`.
    fn author(&mut self, author: DeviceNumber, from: u64) -> Result<()> {
        let Some(first) = facts::first_unsent(self.connection, author, from)? else {
            return Ok(());
        };
        let rows = facts::of_author_from(self.connection, author, first)?;
        for (next, NamedRow { n, record }) in (first..).zip(rows) {
            // A gap is a fact that was set aside as damaged. What stands behind it waits until it is mended.
            if n != next || self.pending.more {
                break;
            }
            let Some(stored) = facts::one(self.connection, record, author, n)? else {
                break;
            };
            let side = side_values::of_fact(self.connection, record, stored.fact.id)?;
            let bytes = stored.length + side.iter().map(|side| side.value.len()).sum::<usize>();
            if !self.take(bytes) {
                break;
            }
            if n == first && !author.is_one_time() {
                self.pending.chain = stored.chain_below;
            }
            self.pending.facts.push(stored.fact);
            self.pending.side.extend(side);
        }
        Ok(())
    }

    fn changes(&mut self) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "SELECT record, actor, seq FROM plan_changes WHERE state = 0 ORDER BY record, actor, seq",
        )?;
        let names = statement.query_map([], |row| {
            Ok((RecordId(row.get(0)?), ActorId(row.get(1)?), uncount(row.get(2)?)))
        })?;
        for name in names {
            let (record, actor, seq) = name?;
            if self.pending.more {
                break;
            }
            let Some((kind, bytes)) = plans::change(self.connection, record, actor, seq)? else {
                continue;
            };
            if self.take(bytes.len()) {
                let change = WireChange { record, kind, bytes };
                self.pending.changes.push(PendingChange { change, actor, seq });
            }
        }
        Ok(())
    }
}
