//! What a ride passes: whoever comes by asks how a case went and fetches back what waited too long, and nobody rides
//! there for that alone, unless it would wait for ever.

use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::position::Position;

use super::stop::{ReadStop, Why};
use crate::error::Result;
use crate::store::{identity, records};

/// How far off the way something still lies on it, in metres.
const NEAR_METRES: f64 = 3_000.0;

/// How long what waits too long may wait on for somebody who passes, before whoever has to answer for it rides there.
const FOR_WHO_PASSES_MS: i64 = 2 * 24 * 60 * 60 * 1000;

/// Since when a parcel waits too long that this person has to answer for: the plan gives it to them, or they left it
/// there. None for one that is somebody else's.
pub(super) fn theirs_since_ms(connection: &Connection, record: RecordId) -> Result<Option<i64>> {
    let me = identity::author(connection)?.person;
    let row = records::load(connection, record)?.map(|found| found.row);
    let theirs = row.filter(|row| row.assignee == Some(me) || row.done_by_me_ms > 0);
    Ok(theirs.map(|row| row.due_from_ms))
}

/// Leaves out the stops with nothing but parcels that waited too long, then those with nothing but cases to follow up,
/// that lie neither at a place to which something else is brought, nor near a stop, nor near the way between two.
pub(super) fn keep(stops: &mut Vec<ReadStop>, now_ms: i64) {
    let has = |stop: &ReadStop, whys: &[Why]| stop.stop.items.iter().any(|item| whys.contains(&item.why));
    let brings = |stop: &ReadStop| has(stop, &[Why::Mine]);
    let way = Way::of(stops.iter().filter(|stop| brings(stop)));
    let must_be_fetched = |stop: &ReadStop| {
        let passed_by = stop
            .theirs_since_ms
            .map(|since| since.saturating_add(FOR_WHO_PASSES_MS));
        passed_by.is_some_and(|passed_by| way.is_empty() || passed_by <= now_ms)
    };
    stops.retain(|stop| {
        let waits_alone = !brings(stop) && has(stop, &[Why::OverdueAtDropPoint]);
        !waits_alone || way.passes(stop) || must_be_fetched(stop)
    });
    let ridden = |stop: &ReadStop| has(stop, &[Why::Mine, Why::OverdueAtDropPoint]);
    let way = Way::of(stops.iter().filter(|stop| ridden(stop)));
    stops.retain(|stop| ridden(stop) || way.passes(stop));
}

/// Where one rides anyway.
struct Way {
    places: BTreeSet<RecordId>,
    positions: Vec<Position>,
}

impl Way {
    fn of<'a>(ridden: impl Iterator<Item = &'a ReadStop>) -> Self {
        let mut places = BTreeSet::new();
        let mut in_order: Vec<(u64, Position)> = Vec::new();
        for stop in ridden {
            places.extend(stop.stop.items.iter().filter_map(|item| item.item.place));
            in_order.extend(
                stop.stop
                    .position
                    .map(|position| (stop.order.unwrap_or(u64::MAX), position)),
            );
        }
        in_order.sort_by_key(|(order, _)| *order);
        let positions = in_order.into_iter().map(|(_, position)| position).collect();
        Self { places, positions }
    }

    fn is_empty(&self) -> bool {
        self.places.is_empty() && self.positions.is_empty()
    }

    fn passes(&self, stop: &ReadStop) -> bool {
        let is_at_a_place = stop.stop.place.is_some_and(|place| self.places.contains(&place));
        is_at_a_place
            || stop
                .stop
                .position
                .is_some_and(|there| is_near(&self.positions, there))
    }
}

fn is_near(way: &[Position], there: Position) -> bool {
    let along = way
        .windows(2)
        .any(|leg| matches!(leg, [a, b] if metres_off(*a, *b, there) <= NEAR_METRES));
    along || way.iter().any(|stop| stop.metres_to(there) <= NEAR_METRES)
}

/// How far a point is from the straight way between two others, in metres. Within a county the Earth is flat enough.
fn metres_off(a: Position, b: Position, there: Position) -> f64 {
    const METRES_PER_E7: f64 = 0.011_119_5;
    let east_of_a = (f64::from(a.lat_e7) * 1e-7).to_radians().cos() * METRES_PER_E7;
    let flat = |position: Position| {
        let lat = f64::from(position.lat_e7) - f64::from(a.lat_e7);
        let lon = f64::from(position.lon_e7) - f64::from(a.lon_e7);
        (lon * east_of_a, lat * METRES_PER_E7)
    };
    let ((bx, by), (x, y)) = (flat(b), flat(there));
    let length_squared = bx * bx + by * by;
    let along = if length_squared > 0.0 {
        ((x * bx + y * by) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - along * bx).hypot(y - along * by)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAT: Position = Position {
        lat_e7: 480_606_000,
        lon_e7: 864_186_000,
    };

    fn at(north: i32, east: i32) -> Position {
        Position {
            lat_e7: SEAT.lat_e7 + north * 90,
            lon_e7: SEAT.lon_e7 + east * 134,
        }
    }

    #[test]
    fn what_lies_off_a_way_is_as_far_as_its_nearest_point() {
        let off = |there| metres_off(at(0, 0), at(10_000, 0), there).round();
        assert!((off(at(5_000, 1_000)) - 1_000.0).abs() < 15.0);
        assert!((off(at(-2_000, 0)) - 2_000.0).abs() < 15.0);
        assert!((off(at(12_000, 0)) - 2_000.0).abs() < 15.0);
        assert!((metres_off(at(0, 0), at(0, 0), at(700, 0)) - 700.0).abs() < 15.0);
    }

    #[test]
    fn a_way_passes_what_is_near_a_stop_or_between_two() {
        let way = [at(0, 0), at(20_000, 0)];
        assert!(is_near(&way, at(10_000, 2_900)));
        assert!(!is_near(&way, at(10_000, 3_200)));
        assert!(is_near(&way[..1], at(-2_900, 0)));
        assert!(!is_near(&[], at(0, 0)));
    }
}
