//! GCJ-02, the shifted coordinates that maps of China are drawn in. Other map apps of the country take them; what is
//! recorded stays WGS 84.
//!
//! The algorithm as it has been published since 2013 (`eviltransform`): an ellipsoid of Krasovsky 1940 and two sums of
//! sines, which move a point by some hundred metres.

use std::f64::consts::PI;

use crate::position::Position;

/// The Krasovsky 1940 ellipsoid: its half axis in metres, and its eccentricity squared.
const HALF_AXIS: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

/// A point as the maps of China have it, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gcj02 {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

impl From<Position> for Gcj02 {
    /// Outside China nothing is shifted.
    fn from(position: Position) -> Self {
        let [lat, lon] = [position.lat_e7, position.lon_e7].map(|e7| f64::from(e7) / 1e7);
        if !is_in_china(lat, lon) {
            return Self { lat, lon };
        }
        let (north, east) = shift(lon - 105.0, lat - 35.0);
        let sine = lat.to_radians().sin();
        let curved = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
        let metres_a_degree_north =
            (HALF_AXIS * (1.0 - ECCENTRICITY_SQUARED)) / (curved * curved.sqrt()) * PI / 180.0;
        let metres_a_degree_east = HALF_AXIS / curved.sqrt() * lat.to_radians().cos() * PI / 180.0;
        Self {
            lat: lat + north / metres_a_degree_north,
            lon: lon + east / metres_a_degree_east,
        }
    }
}

/// The rectangle that the algorithm takes for China.
fn is_in_china(lat: f64, lon: f64) -> bool {
    (0.8293..=55.8271).contains(&lat) && (72.004..=137.8347).contains(&lon)
}

/// By how many metres a point is moved north and east; from 105° east and 35° north.
fn shift(x: f64, y: f64) -> (f64, f64) {
    let wave = |at: f64, period: f64| (at * PI / period).sin();
    let both = (20.0 * wave(x, 1.0 / 6.0) + 20.0 * wave(x, 0.5)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + both
        + (20.0 * wave(y, 1.0) + 40.0 * wave(y, 3.0)) * 2.0 / 3.0
        + (160.0 * wave(y, 12.0) + 320.0 * wave(y, 30.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + both
        + (20.0 * wave(x, 1.0) + 40.0 * wave(x, 3.0)) * 2.0 / 3.0
        + (150.0 * wave(x, 12.0) + 300.0 * wave(x, 30.0)) * 2.0 / 3.0;
    (north, east)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(lat: f64, lon: f64) -> Position {
        let [lat_e7, lon_e7] = [lat, lon].map(|degrees| (degrees * 1e7).round() as i32);
        Position { lat_e7, lon_e7 }
    }

    /// The pairs of eviltransform's own tests.
    #[test]
    fn known_points_come_out_as_published() {
        for (lat, lon, shifted_lat, shifted_lon) in [
            (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
            (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
            (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
        ] {
            let shifted = Gcj02::from(position(lat, lon));
            assert!((shifted.lat - shifted_lat).abs() < 1e-6, "{shifted:?}");
            assert!((shifted.lon - shifted_lon).abs() < 1e-6, "{shifted:?}");
        }
    }

    #[test]
    fn the_county_lies_inside_and_is_moved_some_hundred_metres() {
        let habahe = position(48.0606, 86.4186);
        let shifted = Gcj02::from(habahe);
        let metres = habahe.metres_to(position(shifted.lat, shifted.lon));
        assert!((100.0..1_000.0).contains(&metres), "{metres}");
    }

    #[test]
    fn outside_nothing_is_moved() {
        for (lat, lon) in [(48.85, 2.35), (56.0, 87.0), (-33.9, 151.2)] {
            assert_eq!(Gcj02::from(position(lat, lon)), Gcj02 { lat, lon });
        }
    }
}
