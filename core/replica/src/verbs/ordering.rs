//! The person's own order of the stops.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_records::position::Position;
use saddlebag_records::route_order::renumbered;
use saddlebag_records::stop_order;
use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::error::{Error, Result};
use crate::lists::stop::{ReadStop, StopKey, stops};
use crate::lists::today::Moment;
use crate::lists::way;
use crate::project::spot;
use crate::replica::Replica;
use crate::store::{identity, own_order, plans, records};

/// Where a stop goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum MoveStop {
    /// Before all others.
    First,
    /// Before the one that is before it.
    Up,
    /// After the one that is after it.
    Down,
}

/// What ordering came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Moved {
    /// Stops on the route.
    pub stops: u32,
    /// Records whose place on it changed.
    pub moved: u32,
}

impl Replica {
    /// Puts the stops in the order in which they are best ridden: what is urgent or cold first, then the shortest way,
    /// in which places that are not directly reachable from each other do not follow each other where that can be
    /// helped. `from`: where the ride begins, or else at the person's station.
    ///
    /// # Errors
    ///
    /// As of [`Replica::edit`].
    pub fn order_stops(&self, from: Option<Position>) -> Result<Moved> {
        // Looking for the way takes longer than all the rest: nobody who reads or writes is to wait for it.
        let (moment, seen, from) = self.read_route(|connection, _| start(connection, from))?;
        let barred = self.read(|connection| not_directly(connection, &seen, moment.now_ms))?;
        let found = best_order(from, &seen, &barred);
        self.act(|act| {
            let stops = act.stops()?;
            let is_as_seen =
                stops.len() == seen.len() && stops.iter().zip(&seen).all(|(stop, seen)| stop.key == seen.key);
            let order = if is_as_seen {
                found
            } else {
                let barred = not_directly(act.connection, &stops, act.now_ms())?;
                best_order(from, &stops, &barred)
            };
            let ordered: Vec<&ReadStop> = order.iter().filter_map(|at| stops.get(*at)).collect();
            act.put_in_order(&ordered, ordered.len())
        })
    }

    /// Moves a stop on the route. As few records as can be change their place.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownStop`]; else as of [`Replica::edit`].
    pub fn move_stop(&self, key: &str, to: MoveStop) -> Result<Moved> {
        let key: StopKey = key.parse().map_err(|_| Error::UnknownStop)?;
        self.act(|act| {
            let stops = act.stops()?;
            let mut moved: Vec<&ReadStop> = stops.iter().collect();
            let is_it = |stop: &&ReadStop| stop.key == key;
            let at = moved.iter().position(is_it).ok_or(Error::UnknownStop)?;
            let goal = match to {
                MoveStop::First => 0,
                MoveStop::Up => at.saturating_sub(1),
                MoveStop::Down => (at + 1).min(moved.len().saturating_sub(1)),
            };
            let stop = moved.remove(at);
            moved.insert(goal, stop);
            // Those behind that nobody has put in order stay as they are.
            let ordered = moved
                .iter()
                .rposition(|stop| stop.order.is_some())
                .map_or(0, |last| last + 1);
            act.put_in_order(&moved, ordered.max(at + 1).max(goal + 1))
        })
    }
}

impl Act<'_> {
    fn stops(&self) -> Result<Vec<ReadStop>> {
        stops(self.connection, Moment::at(self.now_ms(), true).until())
    }

    /// Gives the first `count` of these the numbers that put them in this order; as few as can be get others than they
    /// have.
    fn put_in_order(&mut self, ordered: &[&ReadStop], count: usize) -> Result<Moved> {
        let current: Vec<Option<u64>> = ordered.iter().take(count).map(|stop| stop.order).collect();
        let mut moved = 0;
        for (read, number) in ordered.iter().zip(renumbered(&current)) {
            // All that is done at a stop goes with it; what came to one later has no number of its own yet.
            let stays = read.order == Some(number);
            for (item, order) in read.stop.items.iter().zip(&read.orders) {
                if *order != Some(number) && !(stays && order.is_some()) {
                    self.place_on_route(item.item.record, number)?;
                    moved += 1;
                }
            }
        }
        Ok(Moved {
            stops: u32::try_from(ordered.len()).unwrap_or(u32::MAX),
            moved,
        })
    }

    /// Into the plan where that is this person's to write; of all else this phone alone knows it.
    fn place_on_route(&mut self, record: RecordId, number: u64) -> Result<()> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let row = records::load(self.connection, record)?
            .ok_or(Error::UnknownRecord(record))?
            .row;
        let has_an_order = matches!(
            row.kind,
            RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
        );
        if has_an_order && row.assignee == Some(self.author.person) {
            self.edit(record, &[PlanEdit::set("order", number)])
        } else {
            own_order::set(self.connection, record, number)?;
            self.touch(record);
            Ok(())
        }
    }
}

/// Where the ride begins: there, or else at the person's station.
fn start(connection: &Connection, from: Option<Position>) -> Result<Option<Position>> {
    let author = identity::author(connection)?;
    Ok(way::start(connection, &author, from)?.map(|(_, from)| from))
}

fn best_order(
    from: Option<Position>,
    stops: &[ReadStop],
    not_directly: &BTreeSet<(usize, usize)>,
) -> Vec<usize> {
    let to_order: Vec<stop_order::Stop> = stops
        .iter()
        .map(|read| stop_order::Stop {
            position: read.stop.position,
            comes_first: read.stop.comes_first,
        })
        .collect();
    stop_order::order(from, &to_order, not_directly)
}

/// Pairs of stops that cannot be ridden one right after the other: a river or a pass is between their places.
fn not_directly(
    connection: &Connection,
    stops: &[ReadStop],
    now_ms: i64,
) -> Result<BTreeSet<(usize, usize)>> {
    let mut stops_at: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    for (at, read) in stops.iter().enumerate() {
        let placed = spot::best(&read.spots, now_ms).and_then(|(_, placed)| placed);
        let places: BTreeSet<RecordId> = read
            .stop
            .place
            .into_iter()
            .chain(placed.map(spot::Spot::record))
            .collect();
        for place in places {
            stops_at.entry(place).or_default().push(at);
        }
    }
    let mut pairs = BTreeSet::new();
    for (place, here) in &stops_at {
        let Some(plan) = plans::view(connection, *place)? else {
            continue;
        };
        for item in plan.items("not_direct") {
            let Some(PlanValue::Record(other)) = item.values.get("place") else {
                continue;
            };
            let there = stops_at.get(other).into_iter().flatten();
            pairs.extend(there.flat_map(|there| here.iter().map(move |here| (*here, *there))));
        }
    }
    Ok(pairs)
}
