//! The sample county is whole, made up where it should be, and committed as it is generated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use saddlebag_records::codes::CodeList;
use saddlebag_records::waybill::{S10Checked, Waybill};
use saddlebag_tests::county::{self, County, DAY_MS, SAMPLE_SEED, Sizes};
use saddlebag_tests::workspace;

fn sample() -> anyhow::Result<County> {
    county::generate(SAMPLE_SEED, Sizes::default())
}

#[test]
fn the_committed_files_are_not_stale() -> anyhow::Result<()> {
    let folder = workspace::root().join("assets/sample-county");
    let files = county::files(&sample()?)?;
    for (name, text) in &files {
        let committed = fs::read_to_string(folder.join(name))?;
        assert!(
            committed == *text,
            "assets/sample-county/{name} is stale: run `make generate`"
        );
    }
    assert_eq!(
        fs::read_dir(folder)?.count(),
        files.len(),
        "a file there is not generated"
    );
    Ok(())
}

#[test]
fn it_is_as_large_as_the_county_says_of_itself() -> anyhow::Result<()> {
    let county = sample()?;
    assert_eq!(county::townships()?.len(), 7);
    assert_eq!(
        county::villages()?
            .iter()
            .filter(|village| !village.neighbourhood)
            .count(),
        65
    );
    let places = |kind| county.places_of(kind).count();
    assert_eq!(
        ["station", "drop_point", "rest_station"].map(places),
        [78, 17, 7],
        "stations, drop points, rest stations"
    );
    let colleagues = |role| county.colleagues_of(role).count();
    assert_eq!(
        ["courier", "clerk", "dispatcher", "liaison", "auditor", "admin"].map(colleagues),
        [31, 7, 2, 1, 1, 1]
    );
    assert_eq!((county.households.len(), county.deliveries.len()), (400, 1_000));
    Ok(())
}

#[test]
fn every_key_that_is_named_is_there_once() -> anyhow::Result<()> {
    let county = sample()?;
    let mut keys = BTreeMap::from([(String::new(), 1)]);
    let named_keys = (county.places.iter().map(|place| &place.key))
        .chain(county.colleagues.iter().map(|colleague| &colleague.key))
        .chain(county.households.iter().map(|household| &household.key))
        .chain(county.camps.iter().map(|camp| &camp.key))
        .chain(county.deliveries.iter().map(|delivery| &delivery.waybill));
    for key in named_keys {
        *keys.entry(key.clone()).or_insert(0) += 1;
    }
    keys.extend(county.carriers.iter().map(|carrier| (carrier.key.to_owned(), 1)));
    let twice: Vec<_> = keys.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");

    let named = (county.places.iter().map(|place| place.station.clone()))
        .chain(
            county
                .places
                .iter()
                .flat_map(|place| place.not_direct.iter().map(|(from, _)| from.clone())),
        )
        .chain(
            county
                .colleagues
                .iter()
                .flat_map(|one| [one.station.clone(), one.mentor.clone()]),
        )
        .chain(
            county
                .households
                .iter()
                .flat_map(|one| [one.station.clone(), one.drop_point.clone()]),
        )
        .chain(county.camps.iter().map(|camp| camp.household.clone()))
        .chain(
            county
                .carriers
                .iter()
                .flat_map(|carrier| carrier.terms.iter().map(|terms| terms.place.clone())),
        )
        .chain(county.deliveries.iter().flat_map(|parcel| {
            [
                parcel.carrier.to_owned(),
                parcel.household.clone(),
                parcel.place.clone(),
            ]
        }));
    let missing: BTreeSet<String> = named.filter(|key| !keys.contains_key(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    Ok(())
}

#[test]
fn every_code_name_is_in_its_list() -> anyhow::Result<()> {
    let county = sample()?;
    let named = (county.places.iter().flat_map(|place| {
        let services = place.services.iter().map(|service| ("rest_service", *service));
        services.chain([("place_kind", place.kind), ("drop_point_host", place.host)])
    }))
    .chain(county.colleagues.iter().map(|colleague| ("role", colleague.role)))
    .chain(
        county
            .carriers
            .iter()
            .map(|carrier| ("carrier_kind", carrier.kind)),
    )
    .chain(county.camps.iter().map(|camp| ("season", camp.season)))
    .chain(
        county
            .deliveries
            .iter()
            .flat_map(|parcel| parcel.flags.iter().map(|flag| ("delivery_flag", *flag))),
    );
    let unknown: BTreeSet<_> = named
        .filter(|(list, name)| {
            !name.is_empty() && CodeList::get(list).and_then(|list| list.code(name)).is_none()
        })
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    Ok(())
}

#[test]
fn waybill_numbers_are_normal_and_the_posts_carry_their_check_digit() -> anyhow::Result<()> {
    for parcel in sample()?.deliveries {
        let waybill = Waybill::parse(&parcel.waybill)?;
        assert_eq!(waybill.as_str(), parcel.waybill);
        let of_the_post = parcel.carrier == "youzhengguonei";
        assert_eq!(waybill.s10() == S10Checked::Good, of_the_post, "{waybill:?}");
    }
    Ok(())
}

#[test]
fn no_telephone_number_can_ring_and_none_is_given_twice() -> anyhow::Result<()> {
    let county = sample()?;
    let owned = (county.places.iter().map(|place| place.phone.clone()))
        .chain(county.colleagues.iter().map(|colleague| colleague.phone.clone()))
        .chain(
            county
                .households
                .iter()
                .flat_map(|household| household.phones.clone()),
        );
    let mut seen = BTreeSet::new();
    for phone in owned {
        assert!(seen.insert(phone.clone()), "{phone} is given twice");
    }
    for phone in seen
        .into_iter()
        .chain(county.deliveries.iter().map(|parcel| parcel.phone.clone()))
    {
        assert!(phone.len() == 11 && phone.starts_with("124"), "{phone}");
        assert!(phone.bytes().all(|digit| digit.is_ascii_digit()), "{phone}");
    }
    Ok(())
}

#[test]
fn every_position_is_inside_the_county() -> anyhow::Result<()> {
    let county = sample()?;
    let positions = (county.places.iter().map(|place| place.position))
        .chain(county.camps.iter().map(|camp| camp.position));
    for position in positions {
        assert!(
            (476_300_000..=491_600_000).contains(&position.lat_e7),
            "{position:?}"
        );
        assert!(
            (855_300_000..=873_100_000).contains(&position.lon_e7),
            "{position:?}"
        );
    }
    Ok(())
}

#[test]
fn every_moving_household_has_one_camp_on_any_day_of_the_year_it_is_out() -> anyhow::Result<()> {
    let county = sample()?;
    let mut of_household: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for camp in &county.camps {
        of_household
            .entry(&camp.household)
            .or_default()
            .push((camp.valid_from_ms, camp.valid_until_ms));
    }
    assert!(
        of_household.len() > 250,
        "only {} households move",
        of_household.len()
    );
    for (household, stays) in of_household {
        for day in 0..365 {
            let now = county.sizes.first_day_ms + day * DAY_MS;
            let camps = stays
                .iter()
                .filter(|(from, until)| (*from..*until).contains(&now))
                .count();
            assert!(camps <= 1, "{household} is in {camps} camps on day {day}");
        }
    }
    Ok(())
}

#[test]
fn more_of_one_thing_changes_nothing_else() -> anyhow::Result<()> {
    let small = sample()?;
    let large = county::generate(
        SAMPLE_SEED,
        Sizes {
            couriers: 80,
            households: 5_000,
            deliveries: 3_000,
            ..Sizes::default()
        },
    )?;
    assert_eq!((large.households.len(), large.deliveries.len()), (5_000, 3_000));
    assert_eq!(large.colleagues_of("courier").count(), 80);
    for (one, other) in small.households.iter().zip(&large.households) {
        assert_eq!(one.name, other.name);
    }
    for (one, other) in small.places.iter().zip(&large.places) {
        assert_eq!((&one.key, one.position), (&other.key, other.position));
    }
    Ok(())
}
