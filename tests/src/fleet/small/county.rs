//! A county of one station, cut out of the sample county.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};

use crate::county::{self, County, SAMPLE_SEED, Sizes};
use crate::fleet::clocks::Fault;
use crate::fleet::dice::Dice;
use crate::fleet::world::{Coming, Parcel, Who, World};

const STATION: &str = "S001";
const COURIERS: usize = 2;
/// How the parcels come, in their order.
const PARCELS: [Coming; 7] = [
    Coming::Assigned(0),
    Coming::Assigned(1),
    Coming::Late(0, 1),
    Coming::Assigned(0),
    Coming::Unassigned,
    Coming::Assigned(1),
    Coming::Late(1, 0),
];

/// The station with its drop points and two of its villages, two couriers, six households, and a parcel for each way in
/// which one comes.
pub(super) fn small() -> Result<County> {
    let sizes = Sizes {
        couriers: COURIERS,
        ..Sizes::default()
    };
    let mut county = county::generate(SAMPLE_SEED, sizes)?;
    let villages: Vec<_> = of_station(&county, "station").into_iter().take(3).collect();
    let drop_points: Vec<_> = of_station(&county, "drop_point").into_iter().take(2).collect();
    let kept: BTreeSet<String> = villages.into_iter().chain(drop_points).collect();
    county.places.retain(|place| kept.contains(&place.key));
    for place in &mut county.places {
        place.not_direct.retain(|(other, _)| kept.contains(other));
    }
    for carrier in &mut county.carriers {
        carrier.terms.retain(|terms| kept.contains(&terms.place));
    }
    county.colleagues.retain(|colleague| colleague.station == STATION);
    county.households.retain(|home| {
        kept.contains(&home.drop_point) && home.station == STATION || kept.contains(&home.station)
    });
    for home in &mut county.households {
        if !kept.contains(&home.drop_point) {
            home.drop_point = STATION.to_owned();
        }
    }
    county.households.truncate(6);
    let homes: BTreeSet<String> = county.households.iter().map(|home| home.key.clone()).collect();
    county.camps.retain(|camp| homes.contains(&camp.household));
    county.deliveries.retain(|parcel| {
        kept.contains(&parcel.place) && (parcel.household.is_empty() || homes.contains(&parcel.household))
    });
    // Those for households first: more can become of them.
    county
        .deliveries
        .sort_by_key(|parcel| parcel.household.is_empty());
    county.deliveries.truncate(PARCELS.len());
    ensure!(
        county.deliveries.len() == PARCELS.len(),
        "too few parcels for one station"
    );
    Ok(county)
}

fn of_station(county: &County, kind: &str) -> Vec<String> {
    let served = county.places_of(kind).filter(|place| place.station == STATION);
    served.map(|place| place.key.clone()).collect()
}

/// The world of this seed in that county: two couriers and their clerk, with clocks as they are drawn.
pub(super) fn world(county: &County, seed: u64) -> World {
    let mut dice = Dice::new(seed, "clocks");
    let phones = vec![Who::Courier(0), Who::Courier(1), Who::Clerk(0)];
    let clocks: BTreeMap<Who, Fault> = phones.iter().map(|who| (*who, clock(&mut dice))).collect();
    let parcels = PARCELS.iter().enumerate().map(|(index, coming)| Parcel {
        index,
        station: 0,
        coming: *coming,
    });
    World::small(seed, county.clone(), parcels.collect(), phones, clocks)
}

fn clock(dice: &mut Dice) -> Fault {
    let wrong = [
        Fault::YearsBehind,
        Fault::YearsAhead,
        Fault::DayAhead,
        Fault::MinutesAhead,
        Fault::MinutesBehind,
        Fault::Stepping,
    ];
    if dice.percent(40) {
        *dice.pick(&wrong)
    } else {
        Fault::Right
    }
}
