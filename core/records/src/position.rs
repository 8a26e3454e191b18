//! Positions, and the two rules that keep a tip's position from leading to somebody's camp.

use serde::{Deserialize, Serialize};

use crate::codes::CodeList;

/// A tip this near to a camp or household that the phone knows, in metres, is moved to a named place or
/// road point (PRODUCT.md, privacy rule 2).
pub const NEAR_METRES: f64 = 200.0;

/// The mean radius of the Earth (IUGG), in metres.
const EARTH_RADIUS_METRES: f64 = 6_371_008.8;

/// A row of the 1 km grid in 1e-7 degrees: 0.009°, which is 1,000.8 m.
const GRID_ROW_E7: i64 = 90_000;

const POLE_E7: i64 = 900_000_000;
const DATE_LINE_E7: i64 = 1_800_000_000;

/// A point on the Earth, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
pub struct Position {
    /// Latitude, north positive, in 1e-7 degrees: -900,000,000 to 900,000,000.
    pub lat_e7: i32,
    /// Longitude, east positive, in 1e-7 degrees: -1,800,000,000 to 1,800,000,000.
    pub lon_e7: i32,
}

impl Position {
    /// The position in these 8 bytes, as plans and side values hold it: latitude, then longitude, big-endian. None
    /// where it is not on the Earth.
    pub fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h] = bytes;
        let position = Self {
            lat_e7: i32::from_be_bytes([a, b, c, d]),
            lon_e7: i32::from_be_bytes([e, f, g, h]),
        };
        position.is_on_earth().then_some(position)
    }

    /// Its 8 bytes.
    pub fn to_bytes(self) -> [u8; 8] {
        let [a, b, c, d] = self.lat_e7.to_be_bytes();
        let [e, f, g, h] = self.lon_e7.to_be_bytes();
        [a, b, c, d, e, f, g, h]
    }

    /// Whether both numbers are within their ranges.
    pub fn is_on_earth(self) -> bool {
        i64::from(self.lat_e7).abs() <= POLE_E7 && i64::from(self.lon_e7).abs() <= DATE_LINE_E7
    }

    /// The great-circle distance in metres, on a sphere: at most 0.6 % off the ellipsoid, which is less than
    /// a phone's own error wherever this is used.
    pub fn metres_to(self, other: Self) -> f64 {
        let [lat, lon, other_lat, other_lon] =
            [self.lat_e7, self.lon_e7, other.lat_e7, other.lon_e7].map(|e7| radians(i64::from(e7)));
        let half_chord_squared = ((other_lat - lat) / 2.0).sin().powi(2)
            + lat.cos() * other_lat.cos() * ((other_lon - lon) / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_METRES * half_chord_squared.clamp(0.0, 1.0).sqrt().asin()
    }

    /// In which direction a great circle sets out to there, in degrees from north over east: 0 to 360. None where both
    /// are the same point.
    pub fn bearing_to(self, other: Self) -> Option<f64> {
        if self == other {
            return None;
        }
        let [lat, lon, other_lat, other_lon] =
            [self.lat_e7, self.lon_e7, other.lat_e7, other.lon_e7].map(|e7| radians(i64::from(e7)));
        let east = (other_lon - lon).sin() * other_lat.cos();
        let north = lat.cos() * other_lat.sin() - lat.sin() * other_lat.cos() * (other_lon - lon).cos();
        Some(east.atan2(north).to_degrees().rem_euclid(360.0))
    }

    /// The middle of the cell of a 1 km grid that holds this point: the same for every point of the cell, at
    /// most 0.75 km away, and unchanged by coarsening again. What is off the Earth is brought to its edge.
    #[must_use]
    pub fn coarsened_to_1_km(self) -> Self {
        let lat = middle_of_cell(i64::from(self.lat_e7), GRID_ROW_E7, POLE_E7);
        // Cells of a row are as wide as in the row's middle. Nobody lives nearer to a pole than 0.5°.
        let shrink = radians(lat).cos().max(0.01);
        #[expect(clippy::cast_possible_truncation, reason = "90,000 / 0.01 at most")]
        let cell_e7 = (GRID_ROW_E7 as f64 / shrink).ceil() as i64;
        let lon = middle_of_cell(i64::from(self.lon_e7), cell_e7, DATE_LINE_E7);
        Self {
            lat_e7: clamped(lat),
            lon_e7: clamped(lon),
        }
    }
}

/// Whether a position is within 200 m of one of these.
pub fn near(position: Position, others: &[Position]) -> bool {
    others
        .iter()
        .any(|other| position.metres_to(*other) <= NEAR_METRES)
}

/// The position that a tip of this kind may hold: animal, water and livestock kinds are stored to 1 km, and
/// so is a kind that this version does not know.
pub fn of_tip(kind: u16, position: Position) -> Position {
    let known = CodeList::get("tip_kind").and_then(|kinds| kinds.entry(kind));
    if known.is_some_and(|kind| !kind.is("to_1_km")) {
        position
    } else {
        position.coarsened_to_1_km()
    }
}

fn radians(e7: i64) -> f64 {
    (e7 as f64 / 1e7).to_radians()
}

fn middle_of_cell(e7: i64, cell_e7: i64, limit_e7: i64) -> i64 {
    let inside = e7.clamp(-limit_e7, limit_e7);
    (inside.div_euclid(cell_e7) * cell_e7 + cell_e7 / 2).clamp(-limit_e7, limit_e7)
}

fn clamped(e7: i64) -> i32 {
    i32::try_from(e7).unwrap_or(if e7 < 0 { i32::MIN } else { i32::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codes::tip_kind;

    const HABAHE: Position = Position {
        lat_e7: 480_606_000,
        lon_e7: 864_186_000,
    };

    fn anywhere() -> impl Strategy<Value = Position> {
        (-900_000_000..=900_000_000, -1_800_000_000..=1_800_000_000)
            .prop_map(|(lat_e7, lon_e7)| Position { lat_e7, lon_e7 })
    }

    fn in_the_county() -> impl Strategy<Value = Position> {
        (476_300_000..491_600_000, 855_300_000..873_100_000)
            .prop_map(|(lat_e7, lon_e7)| Position { lat_e7, lon_e7 })
    }

    #[test]
    fn bearings_go_from_north_over_east() {
        let moved = |lat: i32, lon: i32| Position {
            lat_e7: HABAHE.lat_e7 + lat,
            lon_e7: HABAHE.lon_e7 + lon,
        };
        let bearing = |lat, lon| HABAHE.bearing_to(moved(lat, lon)).map(f64::round);
        assert_eq!(bearing(1_000, 0), Some(0.0));
        assert_eq!(bearing(0, 1_000), Some(90.0));
        assert_eq!(bearing(-1_000, 0), Some(180.0));
        assert_eq!(bearing(0, -1_000), Some(270.0));
        assert_eq!(bearing(0, 0), None);
    }

    #[test]
    fn distances_are_great_circles() {
        let degree_north = Position {
            lat_e7: HABAHE.lat_e7 + 10_000_000,
            ..HABAHE
        };
        assert_eq!(HABAHE.metres_to(degree_north).round(), 111_195.0);
        let antipode = Position {
            lat_e7: -HABAHE.lat_e7,
            lon_e7: HABAHE.lon_e7 - 1_800_000_000,
        };
        assert_eq!(HABAHE.metres_to(antipode).round(), 20_015_114.0);
        let across = [1_799_999_000, -1_799_999_000].map(|lon_e7| Position { lat_e7: 0, lon_e7 });
        assert_eq!(across[0].metres_to(across[1]).round(), 22.0);
        assert_eq!(HABAHE.metres_to(HABAHE), 0.0);
    }

    #[test]
    fn near_is_within_200_metres_of_any() {
        let north = |metres: f64| Position {
            lat_e7: HABAHE.lat_e7 + (metres * 89.9322) as i32,
            ..HABAHE
        };
        assert!(near(HABAHE, &[north(5_000.0), north(199.0)]));
        assert!(!near(HABAHE, &[north(5_000.0), north(201.0)]));
        assert!(!near(HABAHE, &[]));
    }

    #[test]
    fn kinds_about_animals_water_and_livestock_are_coarse_and_so_is_a_newer_one() {
        for kind in [
            tip_kind::NO_WATER,
            tip_kind::BROKEN_PUMP,
            tip_kind::LIVESTOCK_ON_ROAD,
            tip_kind::ANIMAL_DISEASE_SIGN,
            tip_kind::PREDATOR,
            60_000,
        ] {
            assert_eq!(of_tip(kind, HABAHE), HABAHE.coarsened_to_1_km());
        }
        assert_eq!(of_tip(tip_kind::ROAD_WASHED_OUT, HABAHE), HABAHE);
    }

    #[test]
    fn numbers_off_the_earth_stay_harmless() {
        for wild in [i32::MIN, i32::MAX] {
            let position = Position {
                lat_e7: wild,
                lon_e7: wild,
            };
            assert!(!position.is_on_earth());
            assert!(position.coarsened_to_1_km().is_on_earth());
            assert!(position.metres_to(HABAHE).is_finite());
        }
    }

    proptest! {
        #[test]
        fn coarsening_hides_where_in_a_cell_a_point_is(position in in_the_county()) {
            let coarse = position.coarsened_to_1_km();
            prop_assert!(position.metres_to(coarse) <= 750.0);
            // Every point 490 m from the middle to the north, south, east or west is in the same cell.
            for (north, east) in [(44_000, 0), (-44_000, 0), (0, 65_000), (0, -65_000), (44_000, -65_000)] {
                let neighbour = Position { lat_e7: coarse.lat_e7 + north, lon_e7: coarse.lon_e7 + east };
                prop_assert_eq!(neighbour.coarsened_to_1_km(), coarse);
            }
        }

        #[test]
        fn coarsening_twice_is_coarsening_once(position in anywhere()) {
            let coarse = position.coarsened_to_1_km();
            prop_assert!(coarse.is_on_earth());
            prop_assert_eq!(coarse.coarsened_to_1_km(), coarse);
        }

        #[test]
        fn distance_is_the_same_both_ways(a in anywhere(), b in anywhere()) {
            prop_assert!((a.metres_to(b) - b.metres_to(a)).abs() < 0.001);
        }
    }
}
