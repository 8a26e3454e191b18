//! What screens show.

use saddlebag_records::codes::{how_consent_given, place_kind, role, season};
use saddlebag_records::fact::{Body, FactKind, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, PlanEdit, PlanValue};
use saddlebag_records::position::Position;
use saddlebag_replica::{
    Fix, NewCamp, NewConsent, NewFact, NewHousehold, NewTip, ScanFor, Scope, TipOutcome, Why,
};

use crate::a_phone::{MORNING_MS, Phone, STATION, person};
use crate::county::County;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn give(county: &mut County, kind: RecordKind, record: RecordId, edits: &[PlanEdit]) {
    county.write_as(kind, record, edits, None, Vec::new());
}

fn place(county: &mut County, record: RecordId, names: &[(&str, &str)], edits: &[PlanEdit]) {
    let mut all: Vec<PlanEdit> = names
        .iter()
        .map(|(tag, name)| PlanEdit::SetEntry {
            field: "names".to_owned(),
            key: (*tag).to_owned(),
            value: PlanValue::from(*name),
        })
        .collect();
    all.extend_from_slice(edits);
    give(county, RecordKind::Place, record, &all);
}

fn delivery(county: &mut County, number: u8, edits: &[PlanEdit]) -> RecordId {
    let waybill = format!("YT10000000{number}");
    let mut all = vec![
        PlanEdit::set("waybill", waybill.as_str()),
        PlanEdit::set("assignee", person(1)),
    ];
    all.extend_from_slice(edits);
    give(county, RecordKind::Delivery, id(number), &all);
    id(number)
}

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
    let parcel = delivery(&mut county, 1, &[]);
    county.sync(&phone);
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
    assert_eq!(phone.today().unwrap().stops[0].place, Some(shop));
}

#[test]
fn a_case_that_was_handled_is_to_be_followed_up_by_whoever_passes() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let case = id(0x91);
    let case_fact = |kind: FactKind, body: Body| Some((kind, body));
    let triaged = Body::new().with(field::TIP_KIND, 1u16).with(field::TIER, 1u16);
    county.write_as(
        RecordKind::Case,
        case,
        &[PlanEdit::set("text", "桥断了")],
        case_fact(kinds::case::TRIAGED, triaged),
        vec![],
    );
    county.sync(&phone);
    assert_eq!(statuses(&phone), []);
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
    assert_eq!(statuses(&phone), [(case, Why::FollowUp)]);
    phone
        .record(NewFact::new(
            case,
            kinds::case::FOLLOWED_UP,
            Body::new().with(field::SATISFIED, true),
        ))
        .unwrap();
    assert_eq!(statuses(&phone), []);
}

#[test]
fn medicine_shows_as_urgent_and_as_nothing_else() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    delivery(&mut county, 1, &[]);
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(
        RecordKind::Delivery,
        id(1),
        &[],
        announced,
        vec![(SideName::Medicine, Vec::new())],
    );
    county.sync(&phone);
    let route = phone.today().unwrap();
    assert_eq!(route.stops[0].items[0].item.flags, 2);
    assert!(!serde_json::to_string(&route).unwrap().contains("medicine"));
}

#[test]
fn a_page_is_whole_for_whoever_has_the_task_and_masked_for_others() {
    let (one, other, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let parcel = delivery(
        &mut county,
        1,
        &[
            PlanEdit::set("name", "张三丰"),
            PlanEdit::set("address", "库勒拜镇东风路12号"),
        ],
    );
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(
        RecordKind::Delivery,
        parcel,
        &[],
        announced,
        vec![(SideName::Phone, b"17000009753".to_vec())],
    );
    county.sync(&one);
    county.sync(&other);
    let (page, masked) = (one.show(parcel).unwrap(), other.show(parcel).unwrap());
    assert!(page.is_whole && !masked.is_whole);
    assert_eq!(page.plan.unwrap().text("name"), Some("张三丰"));
    let shown = serde_json::to_string(&masked).unwrap();
    for hidden in ["三丰", "12号", "9753"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }

    one.record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    one.record(NewFact::new(
        parcel,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u16),
    ))
    .unwrap();
    assert!(!one.show(parcel).unwrap().is_whole, "the task is done");
}

#[test]
fn a_household_is_whole_while_something_that_is_to_be_done_names_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = id(0x81);
    give(
        &mut county,
        RecordKind::Household,
        household,
        &[PlanEdit::set("name", "王小明")],
    );
    county.sync(&phone);
    let name = |phone: &Phone| {
        phone
            .show(household)
            .unwrap()
            .plan
            .unwrap()
            .text("name")
            .map(str::to_owned)
    };
    assert_eq!(name(&phone).as_deref(), Some("王**"));
    let parcel = delivery(&mut county, 1, &[PlanEdit::set("household", household)]);
    county.sync(&phone);
    assert_eq!(name(&phone).as_deref(), Some("王小明"));
    phone
        .record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    let proof = Body::new().with(field::PROOF, 1u16);
    phone
        .record(NewFact::new(parcel, kinds::delivery::DELIVERED, proof))
        .unwrap();
    assert_eq!(name(&phone).as_deref(), Some("王**"));
}

#[test]
fn where_two_people_wrote_apart_both_values_are_shown() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let parcel = delivery(&mut county, 1, &[]);
    county.sync(&phone);
    phone.edit(parcel, &[PlanEdit::set("order", 10)]).unwrap();
    county.write(parcel, &[PlanEdit::set("order", 20)], None);
    county.sync(&phone);
    let plan = phone.show(parcel).unwrap().plan.unwrap();
    assert_eq!(plan.conflicts.len(), 1);
    let mut values: Vec<&PlanValue> = plan.conflicts[0]
        .values
        .iter()
        .map(|written| &written.value)
        .collect();
    values.sort_by_key(|value| format!("{value:?}"));
    assert_eq!(values, [&PlanValue::Integer(10), &PlanValue::Integer(20)]);
    phone.edit(parcel, &[PlanEdit::set("order", 15)]).unwrap();
    assert!(phone.show(parcel).unwrap().plan.unwrap().conflicts.is_empty());
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
        (errand, "盐", "accepted")
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

#[test]
fn a_courier_sees_whom_to_ask_without_a_network() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let colleague = |county: &mut County, number: u8, name: &str, edits: &[PlanEdit]| {
        let mut all = vec![PlanEdit::set("name", name)];
        all.extend_from_slice(edits);
        let joined = Some((kinds::colleague::JOINED, Body::new()));
        let phone = (SideName::Phone, format!("1700000000{number}").into_bytes());
        county.write_as(RecordKind::Colleague, id(number), &all, joined, vec![phone]);
    };
    colleague(
        &mut county,
        1,
        "我",
        &[
            PlanEdit::set("mentor", person(2)),
            PlanEdit::set("station", STATION),
        ],
    );
    colleague(&mut county, 2, "师傅", &[]);
    colleague(
        &mut county,
        3,
        "联络员",
        &[PlanEdit::set("role", i64::from(role::LIAISON))],
    );
    colleague(
        &mut county,
        4,
        "前联络员",
        &[PlanEdit::set("role", i64::from(role::LIAISON))],
    );
    county.write_as(
        RecordKind::Colleague,
        id(4),
        &[],
        Some((kinds::colleague::LEFT, Body::new())),
        vec![],
    );
    place(
        &mut county,
        STATION,
        &[("zh-Hans", "站点")],
        &[PlanEdit::set("kind", i64::from(place_kind::STATION))],
    );
    let opened = Some((kinds::place::OPENED, Body::new()));
    county.write_as(
        RecordKind::Place,
        STATION,
        &[],
        opened,
        vec![(SideName::Phone, b"0906111".to_vec())],
    );
    county.sync(&phone);
    let ask = phone.whom_to_ask().unwrap();
    assert_eq!(ask.station.unwrap().phone.as_deref(), Some("0906111"));
    let mentor = ask.mentor.unwrap();
    assert_eq!(
        (mentor.names[""].as_str(), mentor.phone.as_deref()),
        ("师傅", Some("17000000002"))
    );
    assert_eq!(
        ask.liaisons
            .iter()
            .map(|contact| contact.record)
            .collect::<Vec<_>>(),
        [id(3)]
    );
}

#[test]
fn one_tap_lists_what_this_phone_has_on_a_household() {
    let phone = Phone::of_courier(1);
    let household = phone
        .register_household(&NewHousehold {
            name: "阿依古丽".to_owned(),
            language: Some("kk-Arab".to_owned()),
            drop_point: None,
            phone: Some("17000009753".to_owned()),
        })
        .unwrap();
    let camp = phone
        .note_camp(&NewCamp {
            household,
            season: season::SUMMER,
            valid_from_ms: None,
            valid_until_ms: None,
            position: Some(Position {
                lat_e7: 480_606_000,
                lon_e7: 864_186_000,
            }),
            landmark: Some("两棵白桦".to_owned()),
            directions: Some("过桥左转".to_owned()),
        })
        .unwrap();
    let consent = phone
        .give_consent(&NewConsent {
            household,
            scope: Scope::Proxy {
                name: "邻居".to_owned(),
            },
            until_ms: None,
            how: how_consent_given::SPOKEN,
        })
        .unwrap();
    let about = phone.my_data_about(household).unwrap();
    assert_eq!(about.name, "阿依古丽");
    assert_eq!(
        about.held.iter().map(|held| held.record).collect::<Vec<_>>(),
        [household, consent, camp]
    );
    assert!(about.held[0].side.contains(&SideName::Phone));
    assert_eq!(
        about.held[2].fields,
        ["directions", "household", "landmark", "position", "season"]
    );

    let listed = &phone.camps().unwrap()[0];
    assert_eq!(
        (
            listed.record,
            listed.landmark.as_str(),
            listed.directions.as_str()
        ),
        (camp, "两棵白桦", "过桥左转")
    );
    assert_eq!(listed.household_name, "阿**");
    phone.withdraw_consent(consent).unwrap();
    assert_eq!(
        serde_json::to_value(phone.show(consent).unwrap().status.state).unwrap()["state"],
        "withdrawn"
    );
}

#[test]
fn a_wrong_phone_number_is_called_no_more() {
    let phone = Phone::of_courier(1);
    let new = NewHousehold {
        name: "阿依古丽".to_owned(),
        language: None,
        drop_point: None,
        phone: Some("17000001111".to_owned()),
    };
    let household = phone.register_household(&new).unwrap();
    phone.phone_given(household, "17000002222").unwrap();
    let given = phone.show(household).unwrap().phones;
    assert_eq!(given.len(), 2);
    phone.phone_no_longer_right(household, given[0].fact).unwrap();
    assert_eq!(phone.show(household).unwrap().phones, given[1..]);
    assert!(phone.search("1111", 50).unwrap().is_empty());
    assert_eq!(phone.search("2222", 50).unwrap().len(), 1);
}

#[test]
fn a_tip_near_a_camp_is_moved_to_a_named_place() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let camp = Position {
        lat_e7: 480_606_000,
        lon_e7: 864_186_000,
    };
    let in_plan = |position: Position| PlanEdit::set("position", position);
    give(&mut county, RecordKind::Camp, id(0x85), &[in_plan(camp)]);
    let (near, far) = (
        Position {
            lat_e7: camp.lat_e7 + 90_000,
            ..camp
        },
        Position {
            lat_e7: camp.lat_e7 + 900_000,
            ..camp
        },
    );
    place(&mut county, id(0x86), &[("zh-Hans", "远")], &[in_plan(far)]);
    place(&mut county, id(0x87), &[("zh-Hans", "近")], &[in_plan(near)]);
    county.sync(&phone);

    let fix = Some(Fix {
        position: Position {
            lat_e7: camp.lat_e7 + 9_000,
            ..camp
        },
        accuracy_m: 10,
    });
    let tip = NewTip {
        kind: 1,
        fix,
        ..NewTip::default()
    };
    let TipOutcome::TooNearToACamp { places } = phone.report(&tip).unwrap() else {
        panic!("100 m from a camp")
    };
    assert_eq!(places, [id(0x87), id(0x86)]);
    assert!(
        phone.tips().unwrap().is_empty(),
        "nothing is saved until a place was picked"
    );

    let picked = NewTip {
        place: Some(places[0]),
        ..tip
    };
    let TipOutcome::Saved { record, .. } = phone.report(&picked).unwrap() else {
        panic!("a place was picked")
    };
    assert!(
        phone.side_values(record).unwrap().is_empty(),
        "the position stays out"
    );
    let elsewhere = NewTip {
        place: Some(id(0x85)),
        ..NewTip {
            kind: 1,
            ..NewTip::default()
        }
    };
    assert_eq!(
        phone.report(&elsewhere).unwrap_err().code(),
        "unknown_record",
        "a camp is no place to name"
    );
}

#[test]
fn tips_about_water_and_animals_are_stored_to_a_kilometre() {
    let phone = Phone::of_courier(1);
    let fix = Fix {
        position: Position {
            lat_e7: 480_606_123,
            lon_e7: 864_186_123,
        },
        accuracy_m: 10,
    };
    let report = |kind| match phone
        .report(&NewTip {
            kind,
            fix: Some(fix),
            ..NewTip::default()
        })
        .unwrap()
    {
        TipOutcome::Saved { record, .. } => phone.side_values(record).unwrap()[0].value.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(report(1), fix.to_side_value());
    let coarse = Fix {
        position: fix.position.coarsened_to_1_km(),
        ..fix
    };
    assert_eq!(report(8), coarse.to_side_value());
}

#[test]
fn a_tip_with_a_phone_number_or_of_a_retired_kind_is_explained_and_not_kept() {
    let phone = Phone::of_courier(1);
    let tip = |kind, text: &str| NewTip {
        kind,
        text: Some(text.to_owned()),
        ..NewTip::default()
    };
    let refused = phone.report(&tip(1, "call 13812345678")).unwrap();
    assert_eq!(
        refused,
        TipOutcome::TextRefused {
            code: "tip_text_phone_number"
        }
    );
    assert_eq!(phone.report(&tip(9_999, "x")).unwrap(), TipOutcome::NotOffered);
    assert!(phone.tips().unwrap().is_empty());
    assert_eq!(phone.only_here().unwrap().facts, 0);
}

#[test]
fn a_clerk_at_the_station_sees_whole_what_lies_there() {
    let (clerk, mut county) = (Phone::of(5, "clerk"), County::default());
    let parcel = delivery(&mut county, 1, &[PlanEdit::set("name", "张三丰")]);
    county.sync(&clerk);
    assert!(!clerk.show(parcel).unwrap().is_whole);
    clerk
        .scan("YT100000001", ScanFor::ScanningIn { place: STATION })
        .unwrap();
    assert!(clerk.show(parcel).unwrap().is_whole);
}

#[test]
fn everything_that_is_listed_can_be_told_in_json() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    delivery(&mut county, 1, &[]);
    county.sync(&phone);
    phone
        .report(&NewTip {
            kind: 1,
            ..NewTip::default()
        })
        .unwrap();
    let values = [
        serde_json::to_value(phone.today().unwrap()),
        serde_json::to_value(phone.tips().unwrap()),
        serde_json::to_value(phone.households().unwrap()),
        serde_json::to_value(phone.camps().unwrap()),
        serde_json::to_value(phone.unsent().unwrap()),
        serde_json::to_value(phone.only_here().unwrap()),
        serde_json::to_value(phone.cash().unwrap()),
        serde_json::to_value(phone.discrepancies().unwrap()),
        serde_json::to_value(phone.show(id(1)).unwrap()),
        serde_json::to_value(phone.whom_to_ask().unwrap()),
    ];
    assert!(values.iter().all(Result::is_ok));
    assert_eq!(
        values[0].as_ref().unwrap()["stops"][0]["items"][0]["kind"],
        "delivery"
    );
}
