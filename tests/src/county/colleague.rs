//! Who works for the county.

use super::dice::{Dice, Stream};
use super::name::Name;
use super::phone::{self, Owner};

/// How many of 31 couriers each township's station has, in the stations' order.
const COURIERS: [usize; 7] = [7, 5, 4, 5, 4, 3, 3];

/// A courier, clerk, dispatcher, liaison, auditor or admin. Nobody real.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// `C01`…, `K01` to `K07`, `D01`, `D02`, `L01`, `A01`, `M01`.
    pub key: String,
    /// `courier`, `clerk`, `dispatcher`, `liaison`, `auditor` or `admin`.
    pub role: &'static str,
    /// A made-up name.
    pub name: Name,
    /// The key of their township's station; the county's own people belong to the first.
    pub station: String,
    /// The work phone; no such number exists.
    pub phone: String,
    /// The key of the courier who shows them the work; empty for who needs none.
    pub mentor: String,
}

pub(super) fn all(seed: u64, couriers: usize) -> Vec<Colleague> {
    let mut dice = Dice::new(seed, Stream::Colleagues);
    let mut colleagues: Vec<Colleague> = Vec::new();
    let mut add = |role, key: String, station: usize, mentor: String| {
        let phone = phone::number(Owner::Colleague(colleagues.len()));
        let station = format!("S{:03}", station + 1);
        colleagues.push(Colleague {
            key,
            role,
            name: Name::draw(&mut dice),
            station,
            phone,
            mentor,
        });
    };
    for index in 0..COURIERS.len() {
        add("clerk", format!("K{:02}", index + 1), index, String::new());
    }
    for index in 0..2 {
        add("dispatcher", format!("D{:02}", index + 1), 0, String::new());
    }
    for (role, key) in [("liaison", "L01"), ("auditor", "A01"), ("admin", "M01")] {
        add(role, key.to_owned(), 0, String::new());
    }
    let stations = stations_by_turn();
    let mut first_of = [None::<usize>; COURIERS.len()];
    for index in 0..couriers {
        let station = stations[index % stations.len()];
        let mentor = first_of[station].map(courier_key).unwrap_or_default();
        first_of[station].get_or_insert(index);
        add("courier", courier_key(index), station, mentor);
    }
    colleagues
}

/// Two couriers a station, then two more, until each has its number: few couriers, too, are of several
/// stations and have a colleague at their own.
fn stations_by_turn() -> Vec<usize> {
    let mut left = COURIERS;
    let mut stations = Vec::new();
    while left.iter().any(|count| *count > 0) {
        for (station, count) in left.iter_mut().enumerate() {
            let now = (*count).min(2);
            stations.extend(vec![station; now]);
            *count -= now;
        }
    }
    stations
}

fn courier_key(index: usize) -> String {
    format!("C{:02}", index + 1)
}
