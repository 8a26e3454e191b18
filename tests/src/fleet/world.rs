//! Who and what a run is about: the sample county, its people with their phones, and its parcels.

use std::collections::BTreeMap;

use saddlebag_records::fact::SideName;

use super::clocks::Fault;
use super::dice::Dice;
use crate::county::{self, County, DAY_MS, Position, SAMPLE_SEED, Sizes};

/// Somebody of the county, as an index among the colleagues of their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    /// A courier: `C01` is 0.
    Courier(usize),
    /// A station's clerk: `K01` is 0.
    Clerk(usize),
    /// A dispatcher.
    Dispatcher(usize),
    /// The liaison.
    Liaison,
    /// The auditor.
    Auditor,
    /// The admin.
    Admin,
}

impl Who {
    /// Whether it is a courier.
    pub(crate) fn is_courier(self) -> bool {
        matches!(self, Self::Courier(_))
    }

    /// The key in the county's files.
    pub(crate) fn key(self) -> String {
        match self {
            Self::Courier(index) => format!("C{:02}", index + 1),
            Self::Clerk(index) => format!("K{:02}", index + 1),
            Self::Dispatcher(index) => format!("D{:02}", index + 1),
            Self::Liaison => "L01".to_owned(),
            Self::Auditor => "A01".to_owned(),
            Self::Admin => "M01".to_owned(),
        }
    }
}

/// How a parcel comes to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coming {
    /// The county assigned it to this courier before anybody left.
    Assigned(usize),
    /// It lies at its station, and nobody has it.
    Unassigned,
    /// The county hears of it only while two couriers have scanned it already, who know nothing of each other.
    Late(usize, usize),
}

/// A parcel of `county.deliveries`.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    /// Which one.
    pub(crate) index: usize,
    /// The index of its township's station among the clerks' stations.
    pub(crate) station: usize,
    /// How it comes.
    pub(crate) coming: Coming,
}

/// Everything that is so before the first day.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) days: usize,
    pub(crate) county: County,
    /// The station of each courier, as an index among the clerks' stations.
    pub(crate) couriers: Vec<usize>,
    /// The stations that have couriers, and so a clerk who works with them, as keys.
    pub(crate) stations: Vec<String>,
    pub(crate) parcels: Vec<Parcel>,
    places: BTreeMap<String, usize>,
    households: BTreeMap<String, usize>,
    /// Who has a phone, where not everybody has.
    few_phones: Option<Vec<Who>>,
    /// What is wrong with whose clock, where that is drawn.
    clocks: BTreeMap<Who, Fault>,
    /// With which story of doubles the first late parcel begins.
    pub(crate) first_double: usize,
}

/// Of a thousand parcels, so many are scanned by two phones before the county knows them.
const LATE: usize = 40;
/// The most that one courier gets for all days.
const MOST_ASSIGNED: usize = 36;
/// Of each station, so many lie there for whoever comes.
const UNASSIGNED: usize = 4;

impl World {
    /// The world of this seed. The county is the sample county, with as many couriers as asked for.
    pub(crate) fn draw(seed: u64, couriers: usize, days: usize) -> anyhow::Result<Self> {
        anyhow::ensure!((2..=900).contains(&couriers), "2 to 900 couriers");
        anyhow::ensure!((1..=7).contains(&days), "1 to 7 days");
        // A thousand for 31, and no fewer than 32 for each.
        let deliveries = Sizes::default().deliveries.min(60 * couriers).max(32 * couriers);
        let county = county::generate(
            SAMPLE_SEED,
            Sizes {
                couriers,
                deliveries,
                ..Sizes::default()
            },
        )?;
        let mut world = Self::of(seed, days, county);
        world.parcels = world.share_out();
        Ok(world)
    }

    /// A small world: these parcels, these phones, these clocks.
    pub(crate) fn small(
        seed: u64,
        county: County,
        parcels: Vec<Parcel>,
        phones: Vec<Who>,
        clocks: BTreeMap<Who, Fault>,
    ) -> Self {
        Self {
            parcels,
            few_phones: Some(phones),
            clocks,
            first_double: Dice::new(seed, "first double").below(10),
            ..Self::of(seed, 1, county)
        }
    }

    fn of(seed: u64, days: usize, county: County) -> Self {
        let stations: Vec<String> = {
            let mut keys: Vec<_> = county
                .colleagues_of("courier")
                .map(|c| c.station.clone())
                .collect();
            keys.sort();
            keys.dedup();
            keys
        };
        let at = |key: &str| stations.iter().position(|station| station == key);
        let of_couriers: Vec<usize> = county
            .colleagues_of("courier")
            .filter_map(|c| at(&c.station))
            .collect();
        let places = county
            .places
            .iter()
            .enumerate()
            .map(|(i, place)| (place.key.clone(), i))
            .collect();
        let households = county
            .households
            .iter()
            .enumerate()
            .map(|(i, home)| (home.key.clone(), i))
            .collect();
        Self {
            seed,
            days,
            county,
            couriers: of_couriers,
            stations,
            parcels: Vec::new(),
            places,
            households,
            few_phones: None,
            clocks: BTreeMap::new(),
            first_double: 0,
        }
    }

    /// When a day begins (04:00 in Beijing), UTC milliseconds; the day after the last one is the day of the count.
    pub(crate) fn day_ms(&self, day: usize) -> i64 {
        self.county.sizes.first_day_ms + i64::try_from(day).unwrap_or(0) * DAY_MS
    }

    /// When the app on the phones was built.
    pub(crate) fn built_ms(&self) -> i64 {
        self.day_ms(0) - 40 * DAY_MS
    }

    /// Everybody with a phone or a computer of their own: the couriers, then those who sit at a desk: a clerk for each
    /// of the couriers' stations, a dispatcher and the liaison.
    pub(crate) fn phones(&self) -> Vec<Who> {
        if let Some(few) = &self.few_phones {
            return few.clone();
        }
        let couriers = (0..self.couriers.len()).map(Who::Courier);
        let clerks = (0..self.stations.len()).map(|station| Who::Clerk(self.clerk_of(station)));
        couriers
            .chain(clerks)
            .chain([Who::Dispatcher(0), Who::Liaison])
            .collect()
    }

    /// The clerk of a station: every township's station has one, in the order of the stations.
    pub(crate) fn clerk_of(&self, station: usize) -> usize {
        let key = self.stations.get(station);
        self.county
            .colleagues_of("clerk")
            .position(|clerk| Some(&clerk.station) == key)
            .unwrap_or(0)
    }

    /// What is wrong with somebody's clock.
    pub(crate) fn clock_of(&self, who: Who) -> Fault {
        match who {
            Who::Courier(index) if self.few_phones.is_none() => Fault::of_courier(index),
            _ => self.clocks.get(&who).copied().unwrap_or(Fault::Right),
        }
    }

    /// The couriers of the same station, but for this one.
    pub(crate) fn colleagues_of(&self, courier: usize) -> Vec<usize> {
        let station = self.couriers.get(courier);
        (0..self.couriers.len())
            .filter(|other| *other != courier && self.couriers.get(*other) == station)
            .collect()
    }

    /// The place of a key, by its index.
    pub(crate) fn place(&self, key: &str) -> usize {
        self.places.get(key).copied().unwrap_or(0)
    }

    /// The household of a key, by its index.
    pub(crate) fn household(&self, key: &str) -> Option<usize> {
        self.households.get(key).copied()
    }

    /// A telephone number that a courier is told on the way: as all of the county's, no subscriber's.
    pub(crate) fn new_phone(&self, courier: usize) -> String {
        format!("1249{:07}", 9_000_000 + courier * 7_919)
    }

    /// A position as a fact's side value: near a place, 12 m sure.
    pub(crate) fn position(&self, near: Position, dice: &mut Dice) -> (SideName, Vec<u8>) {
        let off = |dice: &mut Dice| i32::try_from(dice.between(-20_000, 20_000)).unwrap_or(0);
        let (lat, lon) = (near.lat_e7 + off(dice), near.lon_e7 + off(dice));
        (
            SideName::Position,
            [&lat.to_be_bytes()[..], &lon.to_be_bytes(), &12u16.to_be_bytes()].concat(),
        )
    }

    /// How many parcels come late: one of each story at least.
    fn late(&self) -> usize {
        (LATE * self.county.deliveries.len() / 1_000).max(10)
    }

    /// Which parcels come to whom. Those of stations without couriers stay at the county, unassigned.
    fn share_out(&self) -> Vec<Parcel> {
        let mut dice = Dice::new(self.seed, "share out");
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); self.stations.len()];
        for (index, delivery) in self.county.deliveries.iter().enumerate() {
            let served_by = self
                .county
                .place(&delivery.place)
                .map(|place| place.station.clone());
            let station = self
                .stations
                .iter()
                .position(|station| Some(station) == served_by.as_ref());
            if let Some(waiting) = station.and_then(|station| waiting.get_mut(station)) {
                waiting.push(index);
            }
        }
        let mut parcels = Vec::new();
        for (station, mut indices) in waiting.into_iter().enumerate() {
            let couriers: Vec<usize> = (0..self.couriers.len())
                .filter(|c| self.couriers.get(*c) == Some(&station))
                .collect();
            let late = (self.late() - late_so_far(&parcels))
                .div_ceil(self.stations.len() - station)
                .min(indices.len() / 2);
            for index in take(&mut indices, late, &mut dice) {
                let one = *dice.pick(&couriers);
                let others: Vec<usize> = (0..self.couriers.len()).filter(|other| *other != one).collect();
                parcels.push(Parcel {
                    index,
                    station,
                    coming: Coming::Late(one, *dice.pick(&others)),
                });
            }
            for index in take(&mut indices, UNASSIGNED, &mut dice) {
                parcels.push(Parcel {
                    index,
                    station,
                    coming: Coming::Unassigned,
                });
            }
            indices.truncate(MOST_ASSIGNED * couriers.len());
            for (turn, index) in indices.into_iter().enumerate() {
                let courier = couriers.get(turn % couriers.len()).copied().unwrap_or(0);
                parcels.push(Parcel {
                    index,
                    station,
                    coming: Coming::Assigned(courier),
                });
            }
        }
        parcels
    }
}

fn late_so_far(parcels: &[Parcel]) -> usize {
    parcels
        .iter()
        .filter(|parcel| matches!(parcel.coming, Coming::Late(..)))
        .count()
}

fn take(from: &mut Vec<usize>, count: usize, dice: &mut Dice) -> Vec<usize> {
    (0..count.min(from.len()))
        .map(|_| from.swap_remove(dice.below(from.len())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_parcels_are_scanned_by_two_before_the_county_hears_of_them() {
        for (couriers, late) in [(3, 10), (5, 12), (31, 40)] {
            let world = World::draw(1, couriers, 3).unwrap();
            assert_eq!(late_so_far(&world.parcels), late, "{couriers} couriers");
            for parcel in &world.parcels {
                if let Coming::Late(one, other) = parcel.coming {
                    assert_ne!(one, other);
                }
            }
        }
    }

    #[test]
    fn every_courier_has_work_for_each_day() {
        let world = World::draw(1, 31, 3).unwrap();
        for courier in 0..31 {
            let given = world
                .parcels
                .iter()
                .filter(|parcel| parcel.coming == Coming::Assigned(courier))
                .count();
            assert!((10..=MOST_ASSIGNED).contains(&given), "{courier}: {given}");
        }
    }
}
