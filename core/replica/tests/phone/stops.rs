//! Stops: where they are, and what they show.

mod ordering;

use saddlebag_records::codes::{delivery_flag, goods, place_kind, season};
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_records::position::Position;
use saddlebag_replica::{MoveStop, Moved, NewFact, NewTip, ScanFor, Stop, WayFrom};

use crate::a_phone::{MORNING_MS, Phone, STATION, person};
use crate::county::County;
use crate::records_given::*;

const DAY_MS: i64 = 24 * 3_600_000;
const HOUSEHOLD: u8 = 0x81;

/// So many metres north and east of the station.
fn at(north: i32, east: i32) -> Position {
    Position {
        lat_e7: 480_606_000 + north * 90,
        lon_e7: 864_186_000 + east * 134,
    }
}

fn station(county: &mut County) {
    place(
        county,
        STATION,
        &[("zh-Hans", "库勒拜站")],
        &[
            PlanEdit::set("kind", i64::from(place_kind::STATION)),
            PlanEdit::set("position", at(0, 0)),
        ],
    );
}

fn household(county: &mut County, edits: &[PlanEdit]) {
    let mut all = vec![
        PlanEdit::set("name", "王小明"),
        PlanEdit::set("language", "kk-Arab"),
    ];
    all.extend_from_slice(edits);
    give(county, RecordKind::Household, id(HOUSEHOLD), &all);
}

fn camp(county: &mut County, number: u8, edits: &[PlanEdit], moved_in: bool) {
    let mut all = vec![
        PlanEdit::set("household", id(HOUSEHOLD)),
        PlanEdit::set("season", i64::from(season::WINTER)),
    ];
    all.extend_from_slice(edits);
    let fact = moved_in.then(|| (kinds::camp::MOVED_IN, Body::new()));
    county.write_as(RecordKind::Camp, id(number), &all, fact, Vec::new());
}

fn to_household(county: &mut County, number: u8, edits: &[PlanEdit]) -> RecordId {
    let mut all = vec![PlanEdit::set("household", id(HOUSEHOLD))];
    all.extend_from_slice(edits);
    delivery(county, number, &all)
}

fn stops(phone: &Phone) -> Vec<Stop> {
    phone.today().unwrap().stops
}

/// The first record of each stop.
fn order(phone: &Phone) -> Vec<u8> {
    stops(phone)
        .iter()
        .map(|stop| stop.items[0].item.record.0[0])
        .collect()
}

/// Parcels 1, 2, … to places at these metres north and east, none of them in order.
fn parcels_to(county: &mut County, places: &[(i32, i32)]) {
    station(county);
    for (number, (north, east)) in (1..).zip(places) {
        let village = id(0xa0 + number);
        place(
            county,
            village,
            &[("zh-Hans", "村")],
            &[PlanEdit::set("position", at(*north, *east))],
        );
        delivery(county, number, &[PlanEdit::set("place", village)]);
    }
}

#[test]
fn a_stop_is_where_the_household_stays_in_this_season() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    station(&mut county);
    to_household(&mut county, 1, &[]);
    household(&mut county, &[]);
    let in_the_past = PlanEdit::set("valid_until_ms", MORNING_MS - DAY_MS);
    let (summer, winter) = (at(9_000, 0), at(0, 9_000));
    camp(
        &mut county,
        0x91,
        &[
            PlanEdit::set("position", summer),
            PlanEdit::set("landmark", "白桦"),
            in_the_past,
        ],
        true,
    );
    county.sync(&phone);
    assert_eq!(
        stops(&phone)[0].position,
        Some(summer),
        "the only one that is known"
    );

    camp(
        &mut county,
        0x92,
        &[
            PlanEdit::set("position", winter),
            PlanEdit::set("landmark", "红石头"),
            PlanEdit::note("directions", "过桥左转"),
            PlanEdit::set("valid_until_ms", MORNING_MS + DAY_MS),
        ],
        false,
    );
    county.sync(&phone);
    let stop = &stops(&phone)[0];
    assert_eq!((stop.position, stop.landmark.as_str()), (Some(winter), "红石头"));
    assert_eq!(stop.language.as_deref(), Some("kk-Arab"));
    assert_eq!(stop.household_name, "王**");
    assert!(!stop.is_near);

    phone.clock.pass(2 * DAY_MS as u64);
    assert_eq!(
        stops(&phone)[0].position,
        Some(summer),
        "the winter camp's time is over"
    );
}

#[test]
fn a_stop_without_a_position_is_with_its_village() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let post = id(0x83);
    to_household(&mut county, 1, &[]);
    household(&mut county, &[PlanEdit::set("drop_point", post)]);
    county.sync(&phone);
    assert_eq!(
        (stops(&phone)[0].position, stops(&phone)[0].is_near),
        (None, false)
    );
    place(
        &mut county,
        post,
        &[("zh-Hans", "村邮站")],
        &[PlanEdit::set("position", at(3_000, 0))],
    );
    county.sync(&phone);
    assert_eq!(
        (stops(&phone)[0].position, stops(&phone)[0].is_near),
        (Some(at(3_000, 0)), true)
    );
    county.write_as(
        RecordKind::Place,
        post,
        &[PlanEdit::set("position", at(0, 40))],
        None,
        vec![],
    );
    county.sync(&phone);
    assert_eq!(stops(&phone)[0].position, Some(at(0, 40)), "the place was mended");
}

#[test]
fn a_stop_says_what_there_is_to_do_and_what_comes_first() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    station(&mut county);
    household(&mut county, &[]);
    let cold = PlanEdit::set("flags", i64::from(delivery_flag::COLD_CHAIN));
    to_household(&mut county, 1, &[cold]);
    to_household(&mut county, 2, &[]);
    let of_household = |edits: &[PlanEdit], asks: &str| {
        let mut all = vec![
            PlanEdit::set(asks, id(HOUSEHOLD)),
            PlanEdit::set("assignee", person(1)),
        ];
        all.extend_from_slice(edits);
        all
    };
    let lamb = of_household(&[PlanEdit::set("goods", i64::from(goods::LAMB))], "household");
    give(&mut county, RecordKind::Pickup, id(3), &lamb);
    give(
        &mut county,
        RecordKind::Errand,
        id(4),
        &of_household(&[], "asked_by"),
    );
    county.sync(&phone);
    let stop = &stops(&phone)[0];
    assert_eq!((stop.to_hand_over, stop.to_collect, stop.errands), (2, 1, 1));
    assert_eq!((stop.follow_ups, stop.overdue), (0, 0));
    assert!(stop.cold_chain && stop.comes_first && !stop.urgent);
    assert_eq!(stop.cold_since_ms, None, "nothing cold is under way");

    phone
        .scan("YT100000001", ScanFor::LoadingOut { place: None })
        .unwrap();
    assert_eq!(stops(&phone)[0].cold_since_ms, Some(MORNING_MS));
    phone.clock.pass(60_000);
    phone
        .record(NewFact::new(id(3), kinds::pickup::COLLECTED, Body::new()))
        .unwrap();
    let after = stops(&phone);
    assert_eq!(after[0].to_collect, 0);
    let brought_in = after.iter().find(|stop| stop.place == Some(STATION)).unwrap();
    assert_eq!(brought_in.cold_since_ms, Some(MORNING_MS + 60_000));
    assert_eq!(
        brought_in.household, None,
        "what was collected goes to the station"
    );
}

#[test]
fn what_waited_too_long_is_fetched_where_it_lies_and_not_where_they_stay() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    station(&mut county);
    household(&mut county, &[]);
    camp(
        &mut county,
        0x91,
        &[PlanEdit::set("position", at(9_000, 0))],
        true,
    );
    let (shop, shop_at) = (id(0x82), at(0, 2_000));
    place(
        &mut county,
        shop,
        &[("zh-Hans", "小卖部")],
        &[PlanEdit::set("position", shop_at)],
    );
    to_household(&mut county, 1, &[PlanEdit::set("place", shop)]);
    to_household(&mut county, 2, &[]);
    county.sync(&phone);
    assert_eq!(stops(&phone).len(), 1);
    let body = Body::new()
        .with(field::PLACE, shop)
        .with(field::CONSENT, id(0x99));
    phone
        .record(NewFact::new(id(1), kinds::delivery::PLACED_AT_DROP_POINT, body))
        .unwrap();
    phone.clock.pass(10 * DAY_MS as u64);
    let stops = stops(&phone);
    let there = stops.iter().find(|stop| stop.overdue == 1).unwrap();
    assert_eq!(
        (there.place, there.household, there.position),
        (Some(shop), None, Some(shop_at))
    );
    assert_eq!(stops[0].position, Some(at(9_000, 0)), "the other one is theirs");
}

#[test]
fn what_is_urgent_for_a_reason_that_nobody_needs_to_know_comes_first_too() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    delivery(&mut county, 1, &[]);
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    let medicine = vec![(SideName::Medicine, Vec::new())];
    county.write_as(RecordKind::Delivery, id(1), &[], announced, medicine);
    county.sync(&phone);
    let stop = &stops(&phone)[0];
    assert!(stop.urgent && stop.comes_first);
    assert!(!serde_json::to_string(stop).unwrap().contains("medicine"));
}

#[test]
fn what_was_done_today_is_counted_until_the_day_ends() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    delivery(&mut county, 1, &[]);
    delivery(&mut county, 2, &[]);
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().done_today, 0);
    for number in [1, 2] {
        let proof = Body::new().with(field::PROOF, 1u16);
        phone
            .record(NewFact::new(id(number), kinds::delivery::DELIVERED, proof))
            .unwrap();
        phone.clock.pass(1_000);
    }
    assert_eq!(phone.today().unwrap().done_today, 2);
    let done: Vec<_> = phone
        .done_today()
        .unwrap()
        .iter()
        .map(|item| item.record)
        .collect();
    assert_eq!(done, [id(2), id(1)]);
    phone.clock.pass(DAY_MS as u64);
    assert_eq!(phone.today().unwrap().done_today, 0);
    assert!(phone.done_today().unwrap().is_empty());
}

#[test]
fn a_stops_page_shows_the_way_and_whom_to_call_without_the_number() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    station(&mut county);
    household(&mut county, &[]);
    let given = Some((kinds::household::PHONE_GIVEN, Body::new()));
    let number = vec![(SideName::Phone, b"17000009753".to_vec())];
    county.write_as(RecordKind::Household, id(HOUSEHOLD), &[], given, number);
    camp(
        &mut county,
        0x91,
        &[
            PlanEdit::set("position", at(3_000, 0)),
            PlanEdit::set("landmark", "白桦"),
            PlanEdit::note("directions", "过桥左转"),
        ],
        true,
    );
    to_household(&mut county, 1, &[]);
    county.sync(&phone);
    let key = stops(&phone)[0].key.clone();
    let page = phone.stop(&key, None).unwrap().unwrap();
    assert!(page.phones_known && page.contacts[0].is_callable);
    assert_eq!(page.contacts.len(), 1);
    assert!(!serde_json::to_string(&page).unwrap().contains("17000009753"));
    assert_eq!(
        phone.number_to_call(id(HOUSEHOLD)).unwrap().as_deref(),
        Some("17000009753")
    );
    let way = page.way.unwrap();
    assert_eq!((way.to, way.from), (id(0x91), Some(WayFrom::Station)));
    assert_eq!(
        (way.landmark.as_str(), way.directions.as_str()),
        ("白桦", "过桥左转")
    );
    assert_eq!(way.metres.map(|metres| (metres / 100.0).round()), Some(30.0));
    assert_eq!(way.bearing_deg.map(f64::round), Some(0.0));
    assert!(
        way.map_links.unwrap().amap.contains("poiname=saddlebag&"),
        "no name of theirs"
    );
    let near = phone
        .stop(&key, Some(at(3_000, -500)))
        .unwrap()
        .unwrap()
        .way
        .unwrap();
    assert_eq!(near.from, Some(WayFrom::Here));
    assert_eq!(
        near.bearing_deg.map(|bearing| (bearing / 10.0).round()),
        Some(9.0)
    );

    let proof = Body::new().with(field::PROOF, 1u16);
    phone
        .record(NewFact::new(id(1), kinds::delivery::DELIVERED, proof))
        .unwrap();
    assert_eq!(
        phone.stop(&key, None).unwrap(),
        None,
        "nothing is to be done there"
    );
    assert_eq!(
        phone.number_to_call(id(HOUSEHOLD)).unwrap(),
        None,
        "nor to be called about"
    );
}

#[test]
fn a_way_is_to_what_can_be_found_and_to_nothing_else() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    household(&mut county, &[]);
    county.sync(&phone);
    assert_eq!(phone.way_to(id(HOUSEHOLD), None).unwrap(), None);
    camp(&mut county, 0x91, &[PlanEdit::set("landmark", "白桦")], true);
    county.sync(&phone);
    let way = phone.way_to(id(HOUSEHOLD), Some(at(0, 0))).unwrap().unwrap();
    assert_eq!(
        (way.landmark.as_str(), way.position, way.metres),
        ("白桦", None, None)
    );
    assert_eq!(way.map_links, None);
    assert_eq!(phone.way_to(id(0x77), None).unwrap_err().code(), "unknown_record");
}

#[test]
fn what_they_noted_themselves_is_on_their_route_until_somebody_gets_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let pickup = phone.create(RecordKind::Pickup, &[], Vec::new()).unwrap();
    phone
        .report(&NewTip {
            kind: 1,
            ..NewTip::default()
        })
        .unwrap();
    assert_eq!(stops(&phone).len(), 1);
    county.sync(&phone);
    assert_eq!(stops(&phone)[0].items[0].item.record, pickup);
    county.write_as(
        RecordKind::Pickup,
        pickup,
        &[PlanEdit::set("assignee", person(2))],
        None,
        vec![],
    );
    county.sync(&phone);
    assert!(stops(&phone).is_empty());
}

#[test]
fn a_stop_tells_whose_its_parcels_are() {
    const POST: u8 = 0xa1;
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    station(&mut county);
    place(&mut county, id(POST), &[("zh-Hans", "邮政点")], &[]);
    let mut named = |number: u8, name: &str, phone: &str| {
        let edits = [PlanEdit::set("place", id(POST)), PlanEdit::set("name", name)];
        let parcel = delivery(&mut county, number, &edits);
        let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
        let side = vec![(SideName::Phone, phone.as_bytes().to_vec())];
        county.write_as(RecordKind::Delivery, parcel, &[], announced, side);
    };
    named(1, "王小明", "12455600010");
    named(2, "王小明", "12455600099");
    named(3, "王小明", "12455600010");
    for number in [4, 5] {
        delivery(&mut county, number, &[PlanEdit::set("place", id(POST))]);
    }
    for number in [6, 7] {
        to_household(&mut county, number, &[PlanEdit::set("name", "别人")]);
    }
    county.sync(&phone);
    let stops = stops(&phone);
    let by_addressee = |stop: &Stop| phone.stop(&stop.key, None).unwrap().unwrap().by_addressee;
    let ids = |numbers: &[u8]| numbers.iter().copied().map(id).collect::<Vec<_>>();
    let (of_household, of_place): (Vec<_>, Vec<_>) = stops.iter().partition(|stop| stop.household.is_some());
    assert_eq!(by_addressee(of_household[0]), [ids(&[6, 7])]);
    assert_eq!(
        by_addressee(of_place[0]),
        [ids(&[1, 3]), ids(&[2]), ids(&[4]), ids(&[5])],
        "of one name is not of one number, and who is not named is nobody's neighbour"
    );
}
