//! Which cases a ride passes: whoever comes by asks how it went, and nobody rides there for it alone.

use std::collections::BTreeSet;

use saddlebag_records::id::RecordId;
use saddlebag_records::position::Position;

use super::stop::{ReadStop, Why};

/// How far off the way somebody is still asked, in metres.
const NEAR_METRES: f64 = 3_000.0;

/// Leaves out the stops with nothing but cases to follow up that lie neither at a place to which something else is
/// brought, nor near a stop, nor near the way between two.
pub(super) fn keep(stops: &mut Vec<ReadStop>) {
    let is_asking_alone = |stop: &ReadStop| stop.stop.items.iter().all(|item| item.why == Why::FollowUp);
    let ridden: Vec<&ReadStop> = stops.iter().filter(|stop| !is_asking_alone(stop)).collect();
    let places: BTreeSet<RecordId> = ridden
        .iter()
        .flat_map(|stop| stop.stop.items.iter().filter_map(|item| item.item.place))
        .collect();
    let mut in_order: Vec<(u64, Position)> = ridden
        .iter()
        .filter_map(|stop| Some((stop.order.unwrap_or(u64::MAX), stop.stop.position?)))
        .collect();
    in_order.sort_by_key(|(order, _)| *order);
    let way: Vec<Position> = in_order.into_iter().map(|(_, position)| position).collect();
    stops.retain(|stop| {
        let is_at_a_place = || stop.stop.place.is_some_and(|place| places.contains(&place));
        let is_passed = || stop.stop.position.is_some_and(|there| is_near(&way, there));
        !is_asking_alone(stop) || is_at_a_place() || is_passed()
    });
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
