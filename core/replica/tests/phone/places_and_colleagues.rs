//! Places and colleagues, as they are looked up, and what lies at a station.

use saddlebag_records::codes::{place_kind, rest_service, role};
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_records::position::Position;
use saddlebag_replica::ScanFor;

use crate::a_phone::{MORNING_MS, Phone, STATION, person};
use crate::county::County;
use crate::records_given::*;

/// 哈巴河县城.
const HERE: Position = Position {
    lat_e7: 480_606_000,
    lon_e7: 864_186_000,
};

/// A place so many ten-thousandths of a degree north of [`HERE`].
fn north(county: &mut County, number: u8, name: &str, tenths_of_mdeg: i32, edits: &[PlanEdit]) {
    let position = Position {
        lat_e7: HERE.lat_e7 + tenths_of_mdeg * 1_000,
        ..HERE
    };
    let mut all = vec![PlanEdit::set("position", position)];
    all.extend_from_slice(edits);
    place(county, id(number), &[("zh-Hans", name)], &all);
}

#[test]
fn places_are_listed_with_what_they_offer_the_nearest_first() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let service = |code: u16| PlanEdit::Add {
        field: "services".to_owned(),
        value: PlanValue::Integer(code.into()),
    };
    north(&mut county, 1, "甲", 200, &[]);
    north(
        &mut county,
        2,
        "乙",
        100,
        &[
            PlanEdit::set("kind", i64::from(place_kind::REST_STATION)),
            PlanEdit::set("hours", "8:00–20:00"),
            PlanEdit::set("keeping_days", 7),
            PlanEdit::set("keeper", "巴合提"),
            service(rest_service::MEAL),
            service(rest_service::REPAIR),
        ],
    );
    let opened = Some((kinds::place::OPENED, Body::new()));
    let phone_number = vec![(SideName::Phone, b"0906111".to_vec())];
    county.write_as(RecordKind::Place, id(2), &[], opened, phone_number);
    place(&mut county, id(3), &[("zh-Hans", "丙")], &[]);
    let closed = Some((kinds::place::CLOSED, Body::new()));
    county.write_as(RecordKind::Place, id(3), &[], closed, Vec::new());
    county.sync(&phone);

    let places = phone.places(Some(HERE)).unwrap();
    assert_eq!(
        places.iter().map(|place| place.record).collect::<Vec<_>>(),
        [id(2), id(1), id(3)]
    );
    let rest = &places[0];
    assert_eq!(rest.kind, Some(place_kind::REST_STATION.into()));
    assert_eq!(
        (rest.hours.as_str(), rest.keeper.as_str()),
        ("8:00–20:00", "巴合提")
    );
    assert_eq!(
        rest.services,
        [rest_service::MEAL, rest_service::REPAIR].map(u64::from)
    );
    assert_eq!(rest.keeping_days, Some(7));
    assert!(rest.is_callable && rest.is_open);
    let metres = rest.metres.unwrap();
    assert!((1_111.0..1_113.0).contains(&metres), "{metres}");
    assert_eq!(rest.bearing_deg, Some(0.0));
    assert_eq!(
        (places[2].metres, places[2].is_open, places[2].is_callable),
        (None, false, false)
    );

    let by_name = phone.places(None).unwrap();
    assert!(by_name.iter().all(|place| place.metres.is_none()));
    assert_eq!(
        by_name
            .iter()
            .map(|place| place.names["zh-Hans"].as_str())
            .collect::<Vec<_>>(),
        ["丙", "乙", "甲"]
    );
}

#[test]
fn colleagues_are_listed_without_those_who_left() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    for (number, name, code) in [
        (1, "我", role::COURIER),
        (2, "师傅", role::COURIER),
        (3, "甲", role::CLERK),
        (4, "走了", role::COURIER),
    ] {
        let edits = [
            PlanEdit::set("name", name),
            PlanEdit::set("role", i64::from(code)),
            PlanEdit::set("station", STATION),
        ];
        let joined = Some((kinds::colleague::JOINED, Body::new()));
        let side = if number == 2 {
            vec![(SideName::Phone, b"17000000002".to_vec())]
        } else {
            Vec::new()
        };
        county.write_as(RecordKind::Colleague, person(number).into(), &edits, joined, side);
    }
    let left = Some((kinds::colleague::LEFT, Body::new()));
    county.write_as(RecordKind::Colleague, person(4).into(), &[], left, Vec::new());
    county.sync(&phone);

    let colleagues = phone.colleagues().unwrap();
    let told: Vec<_> = colleagues
        .iter()
        .map(|colleague| {
            (
                colleague.person,
                colleague.name.as_str(),
                colleague.is_callable,
                colleague.is_me,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (person(2), "师傅", true, false),
            (person(1), "我", false, true),
            (person(3), "甲", false, false),
        ]
    );
    assert_eq!(colleagues[2].role, Some(role::CLERK.into()));
    assert_eq!(colleagues[0].station, Some(STATION));
}

#[test]
fn a_clerk_sees_what_lies_at_the_station_and_whose_it_is() {
    let (clerk, mut county) = (Phone::of(5, "clerk"), County::default());
    let joined = Some((kinds::colleague::JOINED, Body::new()));
    let name = [PlanEdit::set("name", "巴合提")];
    county.write_as(RecordKind::Colleague, person(1).into(), &name, joined, Vec::new());
    for number in 6..=8 {
        delivery(&mut county, number, &[]);
    }
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    let code = vec![(SideName::PickupCodeHash, vec![7; 8])];
    county.write_as(RecordKind::Delivery, id(6), &[], announced, code);
    let elsewhere = Some((kinds::delivery::SCANNED_IN, Body::new().with(field::PLACE, id(9))));
    county.write(id(8), &[], elsewhere);
    county.sync(&clerk);
    assert!(clerk.station_parcels().unwrap().is_empty());

    let scan = |number: u8| {
        clerk.clock.pass(1_000);
        clerk
            .scan(
                &format!("YT10000000{number}"),
                ScanFor::ScanningIn { place: STATION },
            )
            .unwrap();
    };
    scan(6);
    scan(7);
    let parcels = clerk.station_parcels().unwrap();
    assert_eq!(
        parcels
            .iter()
            .map(|parcel| (parcel.item.record, parcel.pickup_code))
            .collect::<Vec<_>>(),
        [(id(6), true), (id(7), false)]
    );
    assert_eq!(parcels[0].since_ms, Some(MORNING_MS + 1_000));
    assert_eq!(
        (parcels[0].assignee, parcels[0].assignee_name.as_str()),
        (Some(person(1)), "巴合提")
    );

    county.sync(&clerk);
    let courier = Phone::of_courier(1);
    county.sync(&courier);
    courier
        .scan("YT100000006", ScanFor::LoadingOut { place: Some(STATION) })
        .unwrap();
    county.sync(&courier);
    county.sync(&clerk);
    assert_eq!(
        clerk
            .station_parcels()
            .unwrap()
            .iter()
            .map(|parcel| parcel.item.record)
            .collect::<Vec<_>>(),
        [id(7)]
    );
    let told = serde_json::to_value(&clerk.station_parcels().unwrap()[0]).unwrap();
    assert_eq!(
        (told["kind"].as_str(), told["pickup_code"].as_bool()),
        (Some("delivery"), Some(false))
    );
}

#[test]
fn without_a_position_of_ones_own_places_are_told_from_the_station() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let east = |metres: i32| Position {
        lon_e7: HERE.lon_e7 + metres * 134,
        ..HERE
    };
    place(
        &mut county,
        STATION,
        &[("zh-Hans", "站")],
        &[PlanEdit::set("position", HERE)],
    );
    place(
        &mut county,
        id(1),
        &[("zh-Hans", "甲")],
        &[PlanEdit::set("position", east(2_000))],
    );
    place(
        &mut county,
        id(2),
        &[("zh-Hans", "乙")],
        &[PlanEdit::set("position", east(1_000))],
    );
    county.sync(&phone);
    let places = phone.places(None).unwrap();
    let told: Vec<_> = places.iter().map(|place| place.record).collect();
    assert_eq!(told, [STATION, id(2), id(1)]);
    assert!(places.iter().all(|place| place.metres.is_some()));
}
