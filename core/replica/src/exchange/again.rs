//! What is damaged on one side and comes again from the other.

use minicbor::bytes::ByteVec;
use rusqlite::Connection;
use saddlebag_protocol::limits::MAX_AGAIN;
use saddlebag_protocol::{Again, ChangeName, FactName, GivenAgain};
use saddlebag_records::fact::{Batch, pack};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};
use saddlebag_records::plan::wire::{self, WireChange};

use crate::error::Result;
use crate::replica::Replica;
use crate::store::{facts, plans, side_values};

/// The name of something that the county asks for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// A fact, with what hangs on it.
    Fact(FactName),
    /// A plan change.
    Change(ChangeName),
}

/// What is given again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Facts, with what is held of their side values.
    pub facts: Batch,
    /// Plan changes.
    pub changes: Vec<WireChange>,
    /// What was asked for and is answered by it, whether it is held here or not.
    pub names: Vec<Name>,
}

impl Given {
    pub(crate) fn packed(&self) -> Option<GivenAgain> {
        let facts = (!self.facts.facts.is_empty()).then(|| ByteVec::from(pack(&self.facts)));
        let changes = (!self.changes.is_empty()).then(|| ByteVec::from(wire::pack(&self.changes)));
        (facts.is_some() || changes.is_some()).then_some(GivenAgain { facts, changes })
    }
}

impl Replica {
    /// As much of what was asked for again as comes to `room` bytes, one at least.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub(crate) fn give_again(&self, names: &[Name], room: usize) -> Result<Given> {
        self.read(|connection| {
            let (mut given, mut bytes) = (Given::default(), 0);
            for name in names {
                if bytes >= room {
                    break;
                }
                given.names.push(*name);
                bytes += match name {
                    Name::Fact(name) => fact(connection, name, &mut given.facts)?,
                    Name::Change(name) => change(connection, name, &mut given.changes)?,
                };
            }
            Ok(given)
        })
    }
}

/// Adds a fact and what hangs on it, if it is held here and sound. Its bytes.
fn fact(connection: &Connection, name: &FactName, given: &mut Batch) -> Result<usize> {
    let id = FactId::new(DeviceNumber(name.author), name.n);
    let Some(record) = facts::record_of(connection, id)? else {
        return Ok(0);
    };
    let Some(held) = facts::one(connection, record, id.device, id.n)? else {
        return Ok(0);
    };
    let sides = side_values::of_fact(connection, record, id)?;
    let bytes = held.length + sides.iter().map(|side| side.value.len()).sum::<usize>();
    given.facts.push(held.fact);
    given.side.extend(sides);
    Ok(bytes)
}

fn change(connection: &Connection, name: &ChangeName, given: &mut Vec<WireChange>) -> Result<usize> {
    let (record, actor) = (RecordId(name.record), ActorId(name.actor));
    let Some((kind, bytes)) = plans::change(connection, record, actor, name.seq)? else {
        return Ok(0);
    };
    let length = bytes.len();
    given.push(WireChange { record, kind, bytes });
    Ok(length)
}

/// What is damaged here. The county gives again what it had of it; what it never had is lost.
pub(super) fn wanted(connection: &Connection) -> Result<Option<Again>> {
    let facts = facts::set_aside_names(connection, MAX_AGAIN)?;
    let facts: Vec<_> = facts
        .into_iter()
        .map(|id| FactName {
            author: id.device.0,
            n: id.n,
        })
        .collect();
    Ok((!facts.is_empty()).then_some(Again {
        facts,
        changes: Vec::new(),
    }))
}
