//! Search as PRODUCT.md promises it: at once, offline.

use saddlebag_records::fact::{Body, SideName, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;

use crate::a_phone::{Phone, person};
use crate::county::County;
use crate::records_given::{delivery, give};

fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn put(county: &mut County, number: u8, waybill: &str, name: &str, phone: &str) {
    let edits = [
        PlanEdit::set("waybill", waybill),
        PlanEdit::set("name", name),
        PlanEdit::set("assignee", person(1)),
    ];
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    let side = vec![(SideName::Phone, phone.as_bytes().to_vec())];
    county.write_as(RecordKind::Delivery, id(number), &edits, announced, side);
}

fn found(phone: &Phone, typed: &str) -> Vec<u8> {
    let mut found: Vec<u8> = phone
        .search(typed, None, 50)
        .unwrap()
        .iter()
        .map(|item| item.record.0[0])
        .collect();
    found.sort_unstable();
    found
}

fn a_bag() -> Phone {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    put(&mut county, 1, "SF1357924680", "张伟", "17000009753");
    put(&mut county, 2, "YT7700123456", "重庆", "17000008642");
    put(&mut county, 3, "JD0088990011", "گۇلنار قابدوللا", "17000001357");
    put(&mut county, 4, "EB123456785CN", "Anna Lee", "17000002468");
    county.sync(&phone);
    phone
}

#[test]
fn one_chinese_character_is_enough() {
    let phone = a_bag();
    assert_eq!(found(&phone, "张"), [1]);
    assert_eq!(found(&phone, "伟"), [1]);
    assert_eq!(found(&phone, "重庆"), [2]);
    assert!(found(&phone, "李").is_empty());
}

#[test]
fn two_initials_find_every_reading() {
    let phone = a_bag();
    assert_eq!(found(&phone, "zw"), [1]);
    assert_eq!(found(&phone, "cq"), [2]);
    assert_eq!(found(&phone, "zq"), [2], "重 is read chóng and zhòng");
}

#[test]
fn four_digits_of_a_phones_tail_and_any_part_of_a_waybill_are_enough() {
    let phone = a_bag();
    assert_eq!(found(&phone, "9753"), [1]);
    assert_eq!(found(&phone, "٨٦٤٢"), [2], "typed on an Arabic keyboard");
    assert_eq!(found(&phone, "0012345"), [2]);
    assert_eq!(found(&phone, "sf1357"), [1]);
    assert_eq!(found(&phone, "6785cn"), [4]);
}

#[test]
fn a_kazakh_name_is_found_after_folding() {
    let phone = a_bag();
    assert_eq!(found(&phone, "گۇلنار"), [3]);
    assert_eq!(found(&phone, "قاب"), [3]);
    assert_eq!(found(&phone, "ann"), [4]);
}

#[test]
fn the_latest_are_found_first_and_no_more_than_asked() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    for number in 1..=9 {
        put(&mut county, number, &format!("YT77001234{number}0"), "张伟", "");
    }
    county.sync(&phone);
    let first: Vec<u8> = phone
        .search("张", None, 3)
        .unwrap()
        .iter()
        .map(|item| item.record.0[0])
        .collect();
    assert_eq!(first, [9, 8, 7]);
}

#[test]
fn what_was_renamed_is_found_by_its_new_name_alone() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    put(&mut county, 1, "SF1357924680", "张伟", "");
    county.sync(&phone);
    county.write(id(1), &[PlanEdit::set("name", "李强")], None);
    county.sync(&phone);
    assert_eq!((found(&phone, "张"), found(&phone, "李")), (vec![], vec![1]));
}

#[test]
fn a_place_is_found_by_each_of_its_names() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let name = |tag: &str, name: &str| PlanEdit::SetEntry {
        field: "names".to_owned(),
        key: tag.to_owned(),
        value: name.into(),
    };
    let names = [name("zh-Hans", "库勒拜"), name("kk-Arab", "كۇلباي")];
    county.write_as(RecordKind::Place, id(1), &names, None, Vec::new());
    county.sync(&phone);
    assert_eq!(found(&phone, "库勒"), [1]);
    assert_eq!(found(&phone, "كۇل"), [1]);
}

#[test]
fn nothing_that_is_typed_breaks_the_search() {
    let phone = a_bag();
    for typed in [
        "",
        " ",
        "\"",
        "'; DROP TABLE facts",
        "*",
        "AND",
        "張 OR",
        "(",
        "\u{200f}",
        "NEAR(a b)",
        "-",
    ] {
        phone.search(typed, None, 50).unwrap();
    }
}

#[test]
fn households_of_one_masked_name_are_told_apart() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let camped = |county: &mut County, number: u8, landmark: &str| {
        give(
            county,
            RecordKind::Household,
            id(number),
            &[PlanEdit::set("name", "叶尔兰")],
        );
        let camp = [
            PlanEdit::set("household", id(number)),
            PlanEdit::set("landmark", landmark),
        ];
        give(county, RecordKind::Camp, id(number + 0x10), &camp);
    };
    camped(&mut county, 0x81, "白桦");
    camped(&mut county, 0x82, "红石头");
    let number = |given: &str| vec![(SideName::Phone, given.as_bytes().to_vec())];
    let given = || Some((kinds::household::PHONE_GIVEN, Body::new()));
    county.write_as(
        RecordKind::Household,
        id(0x81),
        &[],
        given(),
        number("17000001234"),
    );
    delivery(&mut county, 1, &[PlanEdit::set("household", id(0x81))]);
    county.sync(&phone);
    phone.clock.pass(60_000);
    phone.phone_given(id(0x82), "17000005678").unwrap();
    let found = phone.search("叶", Some(RecordKind::Household), 10).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|item| {
            (
                item.record,
                item.place_names[""].as_str(),
                item.phone_tail.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [(id(0x82), "红石头", "****5678"), (id(0x81), "白桦", "****1234")]
    );
    assert_eq!(phone.households().unwrap()[0].place_names, found[1].place_names);
    assert!(phone.search("叶", None, 10).unwrap().len() > found.len());
}

#[test]
fn the_number_to_call_is_the_one_that_was_given_last() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let given = Some((kinds::household::PHONE_GIVEN, Body::new()));
    let number = vec![(SideName::Phone, b"17000001111".to_vec())];
    let name = [PlanEdit::set("name", "叶尔兰")];
    county.write_as(RecordKind::Household, id(0x81), &name, given, number);
    delivery(&mut county, 1, &[PlanEdit::set("household", id(0x81))]);
    county.sync(&phone);
    phone.clock.pass(60_000);
    phone.phone_given(id(0x81), "17000002222").unwrap();
    assert_eq!(
        phone.number_to_call(id(0x81)).unwrap().as_deref(),
        Some("17000002222"),
        "though the county's device has the higher number"
    );
}
