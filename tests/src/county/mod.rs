//! The sample county: real townships and villages, and everything else made up from a seed.
//!
//! One seed and the same [`Sizes`] give the same county on every machine. Each part draws from a stream of
//! its own, so that more deliveries change no household and more households no place.
#![expect(
    clippy::indexing_slicing,
    reason = "draws from lists of its own, nothing here came from outside"
)]

mod calendar;
mod carrier;
mod colleague;
mod delivery;
mod dice;
mod files;
mod household;
mod name;
mod phone;
mod place;
mod reference;

pub use calendar::{DAY_MS, beijing};
pub use carrier::{Carrier, Terms};
pub use colleague::Colleague;
pub use delivery::{Delivery, s10};
pub use files::files;
pub use household::{Camp, Household};
pub use name::Name;
pub use place::{Place, Position, SEASONS};
pub use reference::{Township, Village, townships, villages};

/// The seed of the county in `assets/sample-county`.
pub const SAMPLE_SEED: u64 = 654_324;

/// How much of what can be any number.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Couriers; at most 900.
    pub couriers: usize,
    /// Households; at most 9,999,999.
    pub households: usize,
    /// Deliveries to import; at most 9,999,999.
    pub deliveries: usize,
    /// When the first courier's day begins (04:00 in Beijing), UTC milliseconds. Deliveries are due from
    /// that day on, camps belong to the herding year (from April) that it is in.
    pub first_day_ms: i64,
}

impl Default for Sizes {
    /// The county in `assets/sample-county`; its first day is 1 June 2026.
    fn default() -> Self {
        Self {
            couriers: 31,
            households: 400,
            deliveries: 1_000,
            first_day_ms: calendar::courier_day(2026, 6, 1),
        }
    }
}

/// A county. Records have no ids here: `key`s stand for them until they are imported.
#[derive(Clone, Debug)]
pub struct County {
    /// What it was made from.
    pub seed: u64,
    /// What it was made to.
    pub sizes: Sizes,
    /// Stations, drop points, rest stations and transfer grounds.
    pub places: Vec<Place>,
    /// Couriers, clerks, dispatchers, the liaison, the auditor and the admin.
    pub colleagues: Vec<Colleague>,
    /// Who brings the parcels.
    pub carriers: Vec<Carrier>,
    /// Herders' households.
    pub households: Vec<Household>,
    /// Where households stay, by season.
    pub camps: Vec<Camp>,
    /// What carriers announced.
    pub deliveries: Vec<Delivery>,
}

/// The county of this seed.
///
/// # Errors
/// When the reference data built into this crate cannot be read.
pub fn generate(seed: u64, sizes: Sizes) -> anyhow::Result<County> {
    let places = place::all(seed)?;
    let colleagues = colleague::all(seed, sizes.couriers);
    let carriers = carrier::all(seed, sizes.first_day_ms);
    let households = household::all(seed, sizes.households, &places);
    let camps = household::camps(seed, &households, &places, sizes.first_day_ms);
    let deliveries = delivery::all(seed, sizes, &places, &carriers, &households);
    Ok(County {
        seed,
        sizes,
        places,
        colleagues,
        carriers,
        households,
        camps,
        deliveries,
    })
}

impl County {
    /// The places of a kind: `station`, `drop_point`, `rest_station` or `transfer_ground`.
    pub fn places_of(&self, kind: &str) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.kind == kind)
    }

    /// The colleagues of a role: `courier`, `clerk`, `dispatcher`, `liaison`, `auditor` or `admin`.
    pub fn colleagues_of(&self, role: &str) -> impl Iterator<Item = &Colleague> {
        self.colleagues
            .iter()
            .filter(move |colleague| colleague.role == role)
    }

    /// The place of this key.
    pub fn place(&self, key: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.key == key)
    }

    /// The household of this key.
    pub fn household(&self, key: &str) -> Option<&Household> {
        self.households.iter().find(|household| household.key == key)
    }
}
