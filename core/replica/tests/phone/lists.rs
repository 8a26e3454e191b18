//! What screens list.

use saddlebag_records::codes::{how_consent_given, place_kind, role, season};
use saddlebag_records::fact::{Body, SideName, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use saddlebag_replica::{NewCamp, NewConsent, NewHousehold, NewTip, Scope};

use crate::a_phone::{Phone, STATION, person};
use crate::county::County;
use crate::records_given::*;

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
            days: None,
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
            days: None,
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
        [
            "directions",
            "household",
            "landmark",
            "position",
            "season",
            "valid_from_ms"
        ]
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
    assert!(phone.search("1111", None, 50).unwrap().is_empty());
    assert_eq!(phone.search("2222", None, 50).unwrap().len(), 1);
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

#[test]
fn records_that_are_known_by_their_ids_are_listed_in_their_order() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    delivery(&mut county, 1, &[]);
    delivery(&mut county, 2, &[]);
    county.sync(&phone);
    let listed = phone.items(&[id(2), id(0x77), id(1)]).unwrap();
    assert_eq!(
        listed.iter().map(|item| item.record).collect::<Vec<_>>(),
        [id(2), id(1)]
    );
}
