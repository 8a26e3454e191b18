use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use saddlebag_records::fact::Chain;
use saddlebag_records::id::{ActorId, DeviceNumber, FactId};

use super::Salvaged;
use super::carry::Carried;
use super::mark::Marked;
use crate::error::Result;
use crate::store::column::{device, signed, uncount};
use crate::store::facts::WAITING;
use crate::store::own::{AskFor, Own};
use crate::store::{facts, identity, plans, records, tombstones};
use crate::surroundings::Surroundings;

/// Sets right what was saved, so that it is a store: under which numbers it goes on, and what is made of facts and
/// changes. What screens read is made anew when it is opened.
pub(super) fn mend(
    connection: &Connection,
    surroundings: &Surroundings,
    carried: &Carried,
    marked: Option<Marked>,
) -> Result<Salvaged> {
    let its = identity::identity(connection)?;
    if its.is_some() {
        // Of the edits that were lost some may be at the county: nothing is written under their actor again.
        identity::add_actor(connection, ActorId(surroundings.random()), false)?;
    }
    let current = its.map(|identity| identity.device);
    let current_or_last = current.or(marked.map(|marked| marked.device));
    device_numbers(connection, current_or_last)?;
    one_time_numbers(connection)?;
    let marked = marked.filter(|marked| Some(marked.device) == current_or_last);
    let counting = counters(connection, surroundings, carried, current_or_last, marked)?;
    let lost = lost(connection, carried, current_or_last, counting)?;
    if counting.is_raised || !lost.is_empty() {
        let mut own = Own::load(connection, surroundings.built_ms)?;
        own.asks_for_number = Some(AskFor::FactLost);
        own.save(connection)?;
    }
    for (record, kind) in &carried.records {
        if tombstones::left(connection, *record)?.is_none() {
            records::begin(connection, *record, *kind, false)?;
            plans::of_changes(connection, *record, *kind)?;
        }
    }
    records::to_be_made_anew(connection)?;
    let count =
        |sql: &str| -> Result<u64> { Ok(connection.query_row(sql, [], |row| row.get(0).map(uncount))?) };
    Ok(Salvaged {
        is_enrolled: current.is_some(),
        facts: count("SELECT count(*) FROM facts WHERE state = 0")?,
        facts_lost: lost.len() as u64,
        edits: count("SELECT count(*) FROM plan_changes WHERE state = 0")?,
        ..Salvaged::default()
    })
}

/// The photos that facts name which only this device has.
pub(super) fn photos_only_here(connection: &Connection) -> Result<BTreeSet<[u8; 32]>> {
    let mut named = BTreeSet::new();
    let mut statement = connection.prepare(
        "SELECT value FROM side_values JOIN facts USING (record, device, n) WHERE name = ?1 AND state = 0",
    )?;
    let values = statement.query_map([saddlebag_records::fact::SideName::Photo as u8], |row| {
        row.get::<_, Vec<u8>>(0)
    })?;
    for value in values {
        named.extend(saddlebag_records::fact::photos::names(&value?).unwrap_or_default());
    }
    Ok(named)
}

/// Every number under which the running hash goes on is this installation's own. The current one is the last.
fn device_numbers(connection: &Connection, current: Option<DeviceNumber>) -> Result<()> {
    let mut statement = connection.prepare("SELECT DISTINCT device FROM facts WHERE chain_below <> x''")?;
    let found: Vec<i64> = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let known = identity::device_numbers(connection)?;
    for number in found {
        if !known.contains(&device(number)) {
            connection.execute(
                "INSERT INTO device_numbers (place, device)
                 SELECT coalesce(min(place), 1) - 1, ?1 FROM device_numbers",
                [number],
            )?;
        }
    }
    if let Some(current) = current {
        connection.execute("DELETE FROM device_numbers WHERE device = ?1", [signed(current)])?;
        connection.execute(
            "INSERT INTO device_numbers (device) VALUES (?1)",
            [signed(current)],
        )?;
    }
    Ok(())
}

/// A one-time number that has facts here which the county did not send is this installation's own.
fn one_time_numbers(connection: &Connection) -> Result<()> {
    let mut statement = connection
        .prepare("SELECT device, record, max(n) FROM facts WHERE state <> 3 GROUP BY device, record")?;
    let used = statement.query_map([], |row| {
        Ok((
            device(row.get(0)?),
            row.get::<_, [u8; 16]>(1)?,
            row.get::<_, i64>(2)?,
        ))
    })?;
    for used in used {
        let (number, record, highest) = used?;
        if number.is_one_time() {
            connection.execute(
                "INSERT INTO one_time_numbers (number, record, next_n) VALUES (?1, ?2, ?3 + 1)
                 ON CONFLICT DO UPDATE SET record = ?2, next_n = max(next_n, ?3 + 1)",
                params![signed(number), record, highest],
            )?;
        }
    }
    Ok(())
}

/// How the store itself had counted.
#[derive(Clone, Copy, Debug)]
struct Counting {
    /// Below this, all is at the county, for all that is known.
    first_unsent: u64,
    /// The counter of the next fact, by what the store holds alone.
    by_store: u64,
    /// Likewise, by all that is known.
    next_n: u64,
    /// Whether that is further than the counter that could be read.
    is_raised: bool,
}

/// The counters never go back. Where they may have been further, the chain is one that is nobody's: then the county
/// answers the next push with another number, instead of taking two facts under one name.
fn counters(
    connection: &Connection,
    surroundings: &Surroundings,
    carried: &Carried,
    current: Option<DeviceNumber>,
    marked: Option<Marked>,
) -> Result<Counting> {
    let highest = |author: DeviceNumber| -> Result<u64> {
        let stored: Option<i64> = connection
            .query_row(
                "SELECT max(n) FROM facts WHERE device = ?1",
                [signed(author)],
                |row| row.get(0),
            )
            .optional()?
            .flatten();
        let named = carried
            .named
            .iter()
            .filter(|name| name.device == author)
            .map(|name| name.n)
            .max();
        Ok(stored.map_or(0, uncount).max(named.unwrap_or(0)))
    };
    let is_known = connection.prepare("SELECT 1 FROM own")?.exists([])?;
    let mut own = Own::load(connection, surroundings.built_ms)?;
    let reading = surroundings.clock.read();
    for stamp in &carried.own_stamps {
        own.clock.receive(stamp, &reading);
    }
    let found = current.map_or(Ok(0), highest)? + 1;
    let by_store = own.next_n.max(found);
    let next_n = by_store.max(marked.map_or(1, |marked| marked.next_n));
    let is_raised = next_n > own.next_n;
    if is_raised {
        own.next_n = next_n;
        own.chain = Chain::from_bytes(surroundings.random());
    }
    own.next_waiting = own.next_waiting.max(highest(WAITING)? + 1);
    own.save(connection)?;
    let confirmed: i64 = connection.query_row(
        "SELECT coalesce(max(n), 0) FROM facts WHERE device = ?1 AND state IN (2, 3)",
        [current.map_or(0, signed)],
        |row| row.get(0),
    )?;
    Ok(Counting {
        first_unsent: if is_known {
            own.first_unsent
        } else {
            uncount(confirmed) + 1
        },
        by_store,
        next_n,
        is_raised,
    })
}

/// What this device wrote and could not be read, nor be at the county for all that is known.
fn lost(
    connection: &Connection,
    carried: &Carried,
    current: Option<DeviceNumber>,
    counting: Counting,
) -> Result<BTreeSet<FactId>> {
    let mut missing = BTreeSet::new();
    let is_here = |id: FactId| facts::record_of(connection, id).map(|record| record.is_some());
    for id in &carried.named {
        let may_be_there = Some(id.device) == current && id.n < counting.first_unsent;
        if !may_be_there && identity::is_own(connection, id.device)? && !is_here(*id)? {
            missing.insert(*id);
        }
    }
    if let Some(current) = current {
        let from = if carried.names_are_whole {
            counting.by_store
        } else {
            counting.first_unsent
        };
        for n in from..counting.next_n {
            let id = FactId::new(current, n);
            if !is_here(id)? {
                missing.insert(id);
            }
        }
    }
    Ok(missing)
}
