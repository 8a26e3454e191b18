//! A household's page, and what a courier notes for one.

use saddlebag_records::codes::{delivery_flag, goods, how_consent_given, season};
use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_replica::{
    ErrandOutcome, NewCamp, NewConsent, NewErrand, NewFact, NewHousehold, NewPickup, Scope, ShoppingItem,
};

use crate::a_phone::{MORNING_MS, Phone, person};
use crate::county::County;
use crate::records_given::*;

const DAY_MS: i64 = 24 * 3_600_000;

fn registered(phone: &Phone) -> RecordId {
    phone
        .register_household(&NewHousehold {
            name: "阿依古丽".to_owned(),
            language: Some("kk-Arab".to_owned()),
            drop_point: None,
            phone: Some("17000009753".to_owned()),
        })
        .unwrap()
}

fn camp(phone: &Phone, household: RecordId, season: u16, landmark: &str, days: Option<u16>) -> RecordId {
    phone
        .note_camp(&NewCamp {
            household,
            season,
            days,
            position: None,
            landmark: Some(landmark.to_owned()),
            directions: None,
        })
        .unwrap()
}

fn consent(phone: &Phone, household: RecordId, scope: Scope, days: Option<u16>) -> RecordId {
    let new = NewConsent {
        household,
        scope,
        days,
        how: how_consent_given::SPOKEN,
    };
    phone.give_consent(&new).unwrap()
}

#[test]
fn a_household_is_shown_with_where_it_stays_and_what_it_agreed_to() {
    let phone = Phone::of_courier(1);
    let household = registered(&phone);
    let left = camp(&phone, household, season::SPRING, "河湾", None);
    phone
        .record(NewFact::new(left, kinds::camp::MOVED_ON, Body::new()))
        .unwrap();
    let over = camp(&phone, household, season::SUMMER, "白桦", Some(1));
    let help = consent(&phone, household, Scope::ErrandHelp, Some(1));
    phone.clock.pass(DAY_MS.unsigned_abs() + 1);
    let now = camp(&phone, household, season::WINTER, "红石头", None);
    let proxy = Scope::Proxy {
        name: "邻居".to_owned(),
    };
    let proxy = consent(&phone, household, proxy, None);
    let page = phone.household(household).unwrap();
    assert_eq!((page.name.as_str(), page.is_whole), ("阿依古丽", true));
    assert_eq!(page.language.as_deref(), Some("kk-Arab"));
    assert_eq!(page.phones[0].number, "17000009753");
    let camps: Vec<_> = page.camps.iter().map(|camp| camp.record).collect();
    assert_eq!(camps, [now, over, left]);
    let consents: Vec<_> = page
        .consents
        .iter()
        .map(|consent| (consent.record, consent.stands))
        .collect();
    assert_eq!(consents, [(proxy, true), (help, false)], "one is past its end");
    assert_eq!(page.consents[0].proxy.as_deref(), Some("邻居"));
    assert_eq!(phone.household(now).unwrap_err().code(), "unknown_record");
}

#[test]
fn somebody_elses_household_is_masked() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let phone_of = vec![(saddlebag_records::fact::SideName::Phone, b"17000009753".to_vec())];
    let given = Some((kinds::household::PHONE_GIVEN, Body::new()));
    let name = [PlanEdit::set("name", "王小明")];
    county.write_as(RecordKind::Household, id(0x81), &name, given, phone_of);
    let edits = [
        PlanEdit::set("household", id(0x81)),
        PlanEdit::set("assignee", person(2)),
    ];
    let parcel = delivery(&mut county, 1, &edits);
    county.sync(&phone);
    let page = phone.household(id(0x81)).unwrap();
    assert_eq!((page.name.as_str(), page.is_whole), ("王**", false));
    assert!(page.phones.is_empty() && page.phones_known);
    assert_eq!(
        page.items.iter().map(|item| item.record).collect::<Vec<_>>(),
        [parcel]
    );
    assert_eq!(
        phone.my_data_about(id(0x81)).unwrap().name,
        "王**",
        "what is held of them is told, and not who they are"
    );
    let shown = phone.show(parcel).unwrap();
    assert_eq!(
        shown.names[&id(0x81)].names[""],
        "王**",
        "nor does a parcel's page tell it"
    );
}

#[test]
fn a_records_page_names_whom_its_history_names() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    give(
        &mut county,
        RecordKind::Colleague,
        id(2),
        &[PlanEdit::set("name", "师傅")],
    );
    place(
        &mut county,
        id(0x82),
        &[("zh-Hans", "小卖部"), ("kk-Arab", "دۇكەن")],
        &[],
    );
    let parcel = delivery(&mut county, 1, &[PlanEdit::set("place", id(0x82))]);
    county.sync(&phone);
    phone
        .record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    let handed = Body::new().with(field::TO, person(2));
    phone
        .record(NewFact::new(parcel, kinds::delivery::HANDED_OVER, handed))
        .unwrap();
    let names = phone.show(parcel).unwrap().names;
    assert_eq!(names[&id(2)].names[""], "师傅");
    assert_eq!(names[&id(2)].kind, RecordKind::Colleague);
    assert_eq!(names[&id(0x82)].names["kk-Arab"], "دۇكەن");
    assert_eq!(
        names[&person(1).into()].names[""],
        "Person 1",
        "oneself, by enrolment"
    );
}

#[test]
fn a_pickup_is_noted_with_what_it_needs() {
    let phone = Phone::of_courier(1);
    let household = registered(&phone);
    let pickup = phone
        .new_pickup(&NewPickup {
            household: Some(household),
            goods: Some(goods::LAMB),
            cold_max_tenths: Some(-180),
            destination: Some("乌鲁木齐".to_owned()),
            price_fen: Some(12_000),
            due_until_ms: Some(MORNING_MS + DAY_MS),
            notes: Some("下午在家".to_owned()),
            ..NewPickup::default()
        })
        .unwrap();
    let plan = phone.show(pickup).unwrap().plan.unwrap();
    assert_eq!(
        (plan.int("cold_max_tenths"), plan.int("price_fen")),
        (Some(-180), Some(12_000))
    );
    assert_eq!(plan.text("notes"), Some("下午在家"));
    let stop = &phone.today().unwrap().stops[0];
    assert_eq!((stop.household, stop.to_collect), (Some(household), 1));
    assert_ne!(stop.items[0].item.flags & delivery_flag::COLD_CHAIN, 0);
    let dear = NewPickup {
        price_fen: Some(u64::MAX),
        ..NewPickup::default()
    };
    assert_eq!(phone.new_pickup(&dear).unwrap_err().code(), "plan_field_type");
    let nobodys = NewPickup {
        household: Some(id(0x77)),
        ..NewPickup::default()
    };
    assert_eq!(phone.new_pickup(&nobodys).unwrap_err().code(), "unknown_record");
    assert_eq!(phone.list(RecordKind::Pickup).unwrap().len(), 1);
}

#[test]
fn an_errand_is_asked_for_or_covered_by_a_consent_that_stands() {
    let phone = Phone::of_courier(1);
    let household = registered(&phone);
    let errand = |consent| NewErrand {
        asked_by: household,
        consent,
        shopping: vec![ShoppingItem {
            text: "盐".to_owned(),
            quantity: Some("2 公斤".to_owned()),
            or_else: vec!["砖茶".to_owned(), "方糖".to_owned()],
        }],
        place: None,
        due_from_ms: None,
        due_until_ms: None,
        notes: None,
    };
    let ErrandOutcome::Saved { record } = phone.new_errand(&errand(None)).unwrap() else {
        panic!("it was asked for");
    };
    let page = phone.show(record).unwrap();
    let plan = page.plan.unwrap();
    let item = &plan.items("shopping")[0].values;
    assert_eq!(item["quantity"], PlanValue::from("2 公斤"));
    assert_eq!(
        item["or_else"],
        PlanValue::Texts(vec!["砖茶".to_owned(), "方糖".to_owned()])
    );
    assert_eq!(page.facts[0].kind, kinds::errand::ACCEPTED);
    assert_eq!(phone.today().unwrap().stops[0].errands, 1);

    let proxy = Scope::Proxy {
        name: "邻居".to_owned(),
    };
    let to_something_else = consent(&phone, household, proxy, None);
    let missing = phone.new_errand(&errand(Some(to_something_else))).unwrap();
    assert_eq!(missing, ErrandOutcome::ConsentMissing);
    let help = consent(&phone, household, Scope::ErrandHelp, None);
    assert!(matches!(
        phone.new_errand(&errand(Some(help))).unwrap(),
        ErrandOutcome::Saved { .. }
    ));
    phone.withdraw_consent(help).unwrap();
    let withdrawn = phone.new_errand(&errand(Some(help))).unwrap();
    assert_eq!(withdrawn, ErrandOutcome::ConsentMissing);
    assert_eq!(phone.errands().unwrap().len(), 2);
}
