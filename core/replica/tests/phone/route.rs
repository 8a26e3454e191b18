//! Today's route.

use saddlebag_records::fact::{Body, FactKind, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_records::position::Position;
use saddlebag_replica::{NewFact, NewHousehold, Why};

use crate::a_phone::{MORNING_MS, Phone, person};
use crate::county::County;
use crate::records_given::*;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn statuses(phone: &Phone) -> Vec<(RecordId, Why)> {
    let stops = phone.today().unwrap().stops;
    stops
        .iter()
        .flat_map(|stop| &stop.items)
        .map(|item| (item.item.record, item.why))
        .collect()
}

#[test]
fn the_route_goes_by_order_and_puts_together_what_is_at_one_stop() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let (household, village) = (id(0x81), id(0x82));
    give(
        &mut county,
        RecordKind::Household,
        household,
        &[PlanEdit::set("name", "王小明")],
    );
    place(
        &mut county,
        village,
        &[("zh-Hans", "库勒拜"), ("kk-Arab", "كۇلباي")],
        &[],
    );
    delivery(
        &mut county,
        1,
        &[
            PlanEdit::set("order", 3072),
            PlanEdit::set("household", household),
            PlanEdit::set("cash_fen", 500),
        ],
    );
    delivery(
        &mut county,
        2,
        &[PlanEdit::set("order", 1024), PlanEdit::set("place", village)],
    );
    delivery(
        &mut county,
        3,
        &[
            PlanEdit::set("order", 2048),
            PlanEdit::set("household", household),
            PlanEdit::set("cash_fen", 700),
        ],
    );
    delivery(
        &mut county,
        4,
        &[PlanEdit::set("order", 4096), PlanEdit::set("place", village)],
    );
    delivery(&mut county, 5, &[]);
    delivery(&mut county, 6, &[PlanEdit::set("due_until_ms", MORNING_MS)]);
    give(
        &mut county,
        RecordKind::Pickup,
        id(7),
        &[
            PlanEdit::set("household", household),
            PlanEdit::set("assignee", person(1)),
            PlanEdit::set("order", 5000),
        ],
    );
    county.sync(&phone);
    let stops = phone.today().unwrap().stops;
    let records: Vec<Vec<u8>> = stops
        .iter()
        .map(|stop| stop.items.iter().map(|item| item.item.record.0[0]).collect())
        .collect();
    assert_eq!(records, [vec![2, 4], vec![3, 1, 7], vec![6], vec![5]]);
    assert_eq!(stops[1].cash_fen, 1200);
    assert_eq!(stops[0].items[0].item.place_names["kk-Arab"], "كۇلباي");
    assert_eq!(stops[1].items[0].item.household_name, "王**", "lists mask names");
}

#[test]
fn what_is_done_leaves_the_route_and_what_may_not_be_done_yet_is_not_on_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let (today, tomorrow) = (delivery(&mut county, 1, &[]), MORNING_MS + DAY_MS);
    delivery(&mut county, 2, &[PlanEdit::set("due_from_ms", tomorrow)]);
    delivery(&mut county, 3, &[PlanEdit::set("assignee", person(2))]);
    county.sync(&phone);
    assert_eq!(statuses(&phone), [(today, Why::Mine)]);

    phone
        .record(NewFact::new(today, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    phone
        .record(NewFact::new(
            today,
            kinds::delivery::DELIVERED,
            Body::new().with(field::PROOF, 1u16),
        ))
        .unwrap();
    assert_eq!(statuses(&phone), []);
    phone.clock.pass(DAY_MS as u64);
    assert_eq!(statuses(&phone), [(id(2), Why::Mine)]);
}

#[test]
fn what_is_in_the_bag_is_on_the_route_whoever_it_is_assigned_to() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let parcel = delivery(&mut county, 1, &[]);
    county.sync(&phone);
    phone
        .record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    county.sync(&phone);
    county.write(parcel, &[PlanEdit::set("assignee", person(2))], None);
    county.sync(&phone);
    assert_eq!(statuses(&phone), [(parcel, Why::Mine)]);
    phone.hand_over(&[parcel], person(2)).unwrap();
    let shown = phone.show(parcel).unwrap().status;
    assert_eq!(serde_json::to_value(shown.state).unwrap()["state"], "handed_over");
}

#[test]
fn what_waited_too_long_at_a_drop_point_comes_back_on_the_route() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let (shop, consent) = (id(0x82), id(0x83));
    place(
        &mut county,
        shop,
        &[("zh-Hans", "小卖部")],
        &[PlanEdit::set("keeping_days", 3)],
    );
    let parcel = delivery(&mut county, 1, &[PlanEdit::set("cash_fen", 1_200)]);
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops[0].cash_fen, 1_200);
    let at_shop = || Body::new().with(field::PLACE, shop);
    phone
        .record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    phone
        .record(NewFact::new(
            parcel,
            kinds::delivery::PLACED_AT_DROP_POINT,
            at_shop().with(field::CONSENT, consent),
        ))
        .unwrap();
    assert_eq!(statuses(&phone), []);
    phone.clock.pass(3 * DAY_MS as u64 - 1_000);
    assert_eq!(statuses(&phone), []);
    phone.clock.pass(2_000);
    assert_eq!(statuses(&phone), [(parcel, Why::OverdueAtDropPoint)]);
    let stop = &phone.today().unwrap().stops[0];
    assert_eq!((stop.place, stop.overdue), (Some(shop), 1));
    assert_eq!(stop.cash_fen, 0, "it is fetched back and paid by nobody");
}

#[test]
fn a_case_that_was_handled_is_to_be_followed_up_by_whoever_passes() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let (case, village) = (id(0x91), id(0x82));
    place(&mut county, village, &[("zh-Hans", "库勒拜")], &[]);
    let parcel = delivery(&mut county, 1, &[PlanEdit::set("place", village)]);
    let case_fact = |kind: FactKind, body: Body| Some((kind, body));
    let triaged = Body::new().with(field::TIP_KIND, 1u16).with(field::TIER, 1u16);
    county.write_as(
        RecordKind::Case,
        case,
        &[PlanEdit::set("text", "桥断了"), PlanEdit::set("place", village)],
        case_fact(kinds::case::TRIAGED, triaged),
        vec![],
    );
    county.sync(&phone);
    assert_eq!(statuses(&phone), [(parcel, Why::Mine)]);
    let handled = Body::new()
        .with(field::ANSWER, "修好了")
        .with(field::BY, person(8));
    county.write_as(
        RecordKind::Case,
        case,
        &[],
        case_fact(kinds::case::HANDLED, handled),
        vec![],
    );
    county.sync(&phone);
    assert_eq!(statuses(&phone), [(parcel, Why::Mine), (case, Why::FollowUp)]);
    phone
        .record(NewFact::new(
            case,
            kinds::case::FOLLOWED_UP,
            Body::new().with(field::SATISFIED, true),
        ))
        .unwrap();
    assert_eq!(statuses(&phone), [(parcel, Why::Mine)]);
}

/// A case that was handled, at a village so many metres north and east of the county's seat.
fn handled_case_at(county: &mut County, number: u8, north: i32, east: i32) -> RecordId {
    let village = id(number + 1);
    let position = Position {
        lat_e7: 480_606_000 + north * 90,
        lon_e7: 864_186_000 + east * 134,
    };
    place(
        county,
        village,
        &[("zh-Hans", "村")],
        &[PlanEdit::set("position", position)],
    );
    let handled = Body::new()
        .with(field::ANSWER, "修好了")
        .with(field::BY, person(8));
    let fact = Some((kinds::case::HANDLED, handled));
    let edits = [PlanEdit::set("place", village)];
    county.write_as(RecordKind::Case, id(number), &edits, fact, vec![]);
    id(number)
}

fn parcel_at(county: &mut County, number: u8, north: i32, east: i32) -> RecordId {
    let village = id(0xa0 + number);
    let position = Position {
        lat_e7: 480_606_000 + north * 90,
        lon_e7: 864_186_000 + east * 134,
    };
    place(
        county,
        village,
        &[("zh-Hans", "村")],
        &[PlanEdit::set("position", position)],
    );
    delivery(
        county,
        number,
        &[
            PlanEdit::set("place", village),
            PlanEdit::set("order", i64::from(number) * 1_024),
        ],
    )
}

#[test]
fn nobody_rides_for_a_case_alone_that_lies_off_their_way() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let asked = handled_case_at(&mut county, 0x91, 10_000, 2_000);
    let far = handled_case_at(&mut county, 0xb1, 10_000, 9_000);
    county.sync(&phone);
    assert_eq!(statuses(&phone), [], "nothing is ridden at all");
    let first = parcel_at(&mut county, 1, 0, 0);
    county.sync(&phone);
    assert_eq!(statuses(&phone), [(first, Why::Mine)]);
    let second = parcel_at(&mut county, 2, 20_000, 0);
    county.sync(&phone);
    assert_eq!(
        statuses(&phone),
        [(first, Why::Mine), (second, Why::Mine), (asked, Why::FollowUp)],
        "it lies beside the way between the two"
    );
    assert_eq!(phone.order_stops(None).unwrap().stops, 3);
    let third = parcel_at(&mut county, 3, 12_000, 9_000);
    county.sync(&phone);
    assert!(statuses(&phone).contains(&(far, Why::FollowUp)));
    assert!(statuses(&phone).contains(&(third, Why::Mine)));
}

/// A parcel that this person left at a shop so many metres north and east of the seat, kept there for 3 days.
fn left_at_a_shop(phone: &Phone, county: &mut County, number: u8, north: i32, east: i32) -> RecordId {
    let parcel = parcel_at(county, number, north, east);
    let shop = id(0xa0 + number);
    county.write_as(
        RecordKind::Place,
        shop,
        &[PlanEdit::set("keeping_days", 3)],
        None,
        vec![],
    );
    county.sync(phone);
    let placed = Body::new()
        .with(field::PLACE, shop)
        .with(field::CONSENT, id(0xc0));
    let kind = kinds::delivery::PLACED_AT_DROP_POINT;
    phone.record(NewFact::new(parcel, kind, placed)).unwrap();
    parcel
}

#[test]
fn what_waited_too_long_is_fetched_by_who_passes_and_after_two_days_by_who_left_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let near = left_at_a_shop(&phone, &mut county, 1, 10_000, 2_000);
    let far = left_at_a_shop(&phone, &mut county, 2, 10_000, 9_000);
    let fetched = |phone: &Phone| -> Vec<RecordId> {
        let all = statuses(phone).into_iter();
        all.filter(|(_, why)| *why == Why::OverdueAtDropPoint)
            .map(|(record, _)| record)
            .collect()
    };
    phone.clock.pass(3 * DAY_MS as u64 + 1_000);
    assert_eq!(fetched(&phone), [near, far], "nothing else is to be ridden");
    parcel_at(&mut county, 3, 0, 0);
    parcel_at(&mut county, 4, 20_000, 0);
    county.sync(&phone);
    assert_eq!(fetched(&phone), [near], "the other is for whoever passes there");
    phone.clock.pass(2 * DAY_MS as u64);
    assert_eq!(fetched(&phone), [near, far], "nobody did");

    let colleague = Phone::of_courier(2);
    county.sync(&phone);
    let passing = parcel_at(&mut county, 5, 10_000, 0);
    county.write(passing, &[PlanEdit::set("assignee", person(2))], None);
    county.sync(&colleague);
    colleague.clock.pass(9 * DAY_MS as u64);
    assert_eq!(
        fetched(&colleague),
        [near],
        "who has not to answer for it never rides there for it"
    );
}

#[test]
fn what_is_in_the_bag_is_carried_whenever_it_is_due() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let tomorrow = PlanEdit::set("due_from_ms", MORNING_MS + DAY_MS);
    let early = delivery(&mut county, 1, std::slice::from_ref(&tomorrow));
    delivery(&mut county, 2, &[tomorrow]);
    let today = delivery(&mut county, 3, &[PlanEdit::set("order", 1_024)]);
    let handed_on = delivery(&mut county, 4, &[]);
    county.sync(&phone);
    for parcel in [early, today, handed_on] {
        phone
            .record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
            .unwrap();
    }
    phone.hand_over(&[handed_on], person(2)).unwrap();
    assert_eq!(statuses(&phone), [(today, Why::Mine)]);
    let carried: Vec<RecordId> = phone
        .carried()
        .unwrap()
        .iter()
        .map(|item| item.item.record)
        .collect();
    let stop = &phone.today().unwrap().stops[0];
    let later = phone.stop(&stop.key, None).unwrap().unwrap().later;
    assert_eq!(later, [], "it goes elsewhere");
    assert_eq!(
        carried,
        [today, early],
        "it can be given back or handed on though it is for tomorrow"
    );
}

#[test]
fn a_stop_tells_what_is_in_the_bag_for_it_and_for_another_day() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = PlanEdit::set("household", id(0x81));
    let tomorrow = PlanEdit::set("due_from_ms", MORNING_MS + DAY_MS);
    delivery(&mut county, 1, std::slice::from_ref(&household));
    let early = delivery(&mut county, 2, &[household.clone(), tomorrow.clone()]);
    delivery(&mut county, 3, &[household, tomorrow]);
    county.sync(&phone);
    let loaded = NewFact::new(early, kinds::delivery::LOADED_OUT, Body::new());
    phone.record(loaded).unwrap();
    let later_at = |key: &str| -> Vec<RecordId> {
        let page = phone.stop(key, None).unwrap().unwrap();
        page.later.iter().map(|item| item.record).collect()
    };
    let stop = &phone.today().unwrap().stops[0];
    assert_eq!(stop.items.len(), 1);
    assert_eq!(
        later_at(&stop.key),
        [early],
        "what lies elsewhere is for another day too"
    );
    phone.clock.pass(DAY_MS as u64);
    assert_eq!(phone.today().unwrap().stops[0].items.len(), 3);
    assert_eq!(later_at(&stop.key), []);
}

#[test]
fn what_the_county_noted_and_gave_to_nobody_is_on_nobodys_route() {
    let (clerk, mut county) = (Phone::of(5, "clerk"), County::default());
    give(
        &mut county,
        RecordKind::Pickup,
        id(7),
        &[PlanEdit::set("destination", "乌鲁木齐市天山区新华北路")],
    );
    county.sync(&clerk);
    assert_eq!(statuses(&clerk), []);
    assert!(!clerk.show(id(7)).unwrap().is_whole);
}

#[test]
fn flags_of_a_later_version_hide_no_list() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let parcel = delivery(&mut county, 1, &[PlanEdit::set("flags", (1i64 << 40) | 1)]);
    county.sync(&phone);
    let stops = phone.today().unwrap().stops;
    assert_eq!(stops[0].items[0].item.flags, 1);
    assert_eq!(phone.search("YT100000001", None, 5).unwrap()[0].record, parcel);
    assert_eq!(phone.list(RecordKind::Delivery).unwrap().len(), 1);
}

#[test]
fn an_errand_is_listed_until_it_is_done() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = phone
        .register_household(&NewHousehold {
            name: "阿依古丽".to_owned(),
            language: None,
            drop_point: None,
            phone: None,
        })
        .unwrap();
    let salt = PlanEdit::AddItem {
        field: "shopping".to_owned(),
        item: ItemId([1; 8]),
        values: [("text".to_owned(), PlanValue::from("盐"))].into(),
    };
    let edits = [PlanEdit::set("asked_by", household), salt];
    let accepted = vec![(kinds::errand::ACCEPTED, Body::new())];
    let errand = phone.create(RecordKind::Errand, &edits, accepted).unwrap();
    let listed = phone.errands().unwrap();
    assert_eq!(
        (
            listed[0].record,
            listed[0].title.as_str(),
            listed[0].status.as_str()
        ),
        (errand, "", "accepted"),
        "what somebody needs stands on its own page alone"
    );
    assert_eq!(
        phone.search("盐", None, 5).unwrap()[0].record,
        errand,
        "and is found by it"
    );
    assert!(
        !serde_json::to_string(&phone.today().unwrap())
            .unwrap()
            .contains("盐")
    );
    assert_eq!(statuses(&phone), [(errand, Why::Mine)]);
    phone
        .record(NewFact::new(
            errand,
            kinds::errand::DELIVERED_AND_CONFIRMED,
            Body::new().with(field::PROOF, 1u16),
        ))
        .unwrap();
    assert!(phone.errands().unwrap().is_empty());
    county.sync(&phone);
}
