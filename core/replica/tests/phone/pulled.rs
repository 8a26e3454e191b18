//! What comes from the county, whatever it is.

use saddlebag_protocol::ForgetReason;
use saddlebag_records::fact::{Body, FactKind, SideName, kinds};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::plan::wire::NewerChange;
use saddlebag_replica::Answer;

use crate::a_phone::{MORNING_MS, Phone, raw};
use crate::county::{County, page_of};
use crate::one_parcel::*;

#[test]
fn a_grant_is_on_the_route_and_found_at_once() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    let applied = county.sync(&phone);
    assert_eq!(applied.changed, [parcel()]);
    let route = phone.today().unwrap();
    let item = &route.stops[0].items[0].item;
    assert_eq!(
        (item.record, item.status.as_str(), item.title.as_str()),
        (parcel(), "announced", "张**")
    );
    for typed in ["张", "zs", "9753", "234567"] {
        assert_eq!(phone.search(typed, None, 50).unwrap().len(), 1, "{typed}");
    }
    let page = phone.show(parcel()).unwrap();
    assert!(page.is_granted && page.is_whole);
    assert_eq!(page.plan.unwrap().text("name"), Some("张三丰"));
    assert_eq!(page.phones[0].number, "17000009753");
}

#[test]
fn the_same_page_twice_is_the_same_as_once() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let before = (
        phone.today().unwrap(),
        serde_json::to_string(&phone.show(parcel()).unwrap()).unwrap(),
    );
    phone.go_back_to(None).unwrap();
    county.sync(&phone);
    assert_eq!(
        (
            phone.today().unwrap(),
            serde_json::to_string(&phone.show(parcel()).unwrap()).unwrap()
        ),
        before
    );
}

#[test]
fn the_parcel_that_two_phones_scan_and_the_county_imports_is_one_record() {
    let mut county = County::default();
    let (one, other) = (Phone::of_courier(1), Phone::of_courier(2));
    load(&one);
    load(&other);
    announce(&mut county);
    for phone in [&one, &other, &one, &other] {
        county.sync(phone);
    }
    for phone in [&one, &other] {
        let page = phone.show(parcel()).unwrap();
        assert_eq!(page.facts.len(), 3);
        assert_eq!(page.plan.as_ref().unwrap().text("waybill"), Some(WAYBILL));
        assert!(
            !page.plan.unwrap().is_contested("waybill"),
            "equal values are no conflict"
        );
        assert_eq!(
            phone.discrepancies().unwrap()[0].record,
            parcel(),
            "it cannot be in two bags"
        );
    }
    let shown = |phone: &Phone| serde_json::to_value(phone.show(parcel()).unwrap().status).unwrap();
    assert_eq!(shown(&one), shown(&other));
}

#[test]
fn a_side_value_goes_when_the_county_says_so() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    county.remove_side(parcel(), FactId::new(crate::county::COUNTY, 1), SideName::Phone);
    county.sync(&phone);
    assert!(phone.show(parcel()).unwrap().phones.is_empty());
    assert!(phone.search("9753", None, 50).unwrap().is_empty());
}

#[test]
fn changes_that_come_before_what_they_hang_on_wait_for_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.write(parcel(), &[PlanEdit::set("order", 7)], None);
    let pages = county.pages();
    let apply = |page: &saddlebag_replica::PageContent| {
        phone
            .apply(&Answer {
                page: page.clone(),
                county_time_ms: MORNING_MS,
                ..Answer::default()
            })
            .unwrap()
    };
    apply(&pages[1]);
    assert_eq!(phone.show(parcel()).unwrap().plan.unwrap().int("order"), None);
    apply(&pages[0]);
    let plan = phone.show(parcel()).unwrap().plan.unwrap();
    assert_eq!(
        (plan.int("order"), plan.text("waybill")),
        (Some(7), Some(WAYBILL))
    );
}

#[test]
fn side_values_above_the_row_that_a_restored_county_goes_on_from_must_come_again() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    let page = county.pages()[0].clone();
    let goes_on_from = |row| Answer {
        went_back_to: Some(row),
        ..Answer::default()
    };
    let known = || {
        let numbers = phone.show(parcel()).unwrap().phones.len();
        (numbers, phone.search("9753", None, 50).unwrap().len())
    };
    let apply = |answer: &Answer<'_>| drop(phone.apply(answer).unwrap());
    let given = Answer {
        page,
        position: 9,
        ..Answer::default()
    };
    apply(&given);
    apply(&goes_on_from(9));
    assert_eq!(known(), (1, 1));
    apply(&goes_on_from(8));
    assert_eq!(known(), (0, 0));
    apply(&given);
    assert_eq!(known(), (1, 1));
}

#[test]
fn another_fact_under_a_taken_name_is_not_taken() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let mut other = county.pages()[0].facts.facts[0].clone();
    other.kind = kinds::delivery::DAMAGED;
    let answer = Answer {
        page: page_of(vec![other]),
        county_time_ms: MORNING_MS,
        ..Answer::default()
    };
    assert_eq!(phone.apply(&answer).unwrap().not_taken, 1);
    assert_eq!(
        phone.show(parcel()).unwrap().facts[0].kind,
        kinds::delivery::ANNOUNCED
    );
}

#[test]
fn a_phone_twenty_years_ahead_poisons_nobody() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let mut far = county.pages()[0].facts.facts[0].clone();
    far.id = FactId::new(DeviceNumber(2), 1);
    far.stamp.hlc_ms = MORNING_MS + 20 * 365 * 24 * 3_600_000;
    phone
        .apply(&Answer {
            page: page_of(vec![far]),
            county_time_ms: MORNING_MS,
            ..Answer::default()
        })
        .unwrap();
    load(&phone);
    assert_eq!(
        phone.pending(usize::MAX).unwrap().facts[0].stamp.hlc_ms,
        MORNING_MS
    );
}

#[test]
fn a_fact_of_a_newer_kind_is_kept_and_shown_as_such() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let mut newer = county.pages()[0].facts.facts[0].clone();
    newer.id.n = 9;
    newer.kind = FactKind(0x01f0);
    newer.body = Body::new().with(999, "something");
    phone
        .apply(&Answer {
            page: page_of(vec![newer]),
            county_time_ms: MORNING_MS,
            ..Answer::default()
        })
        .unwrap();
    let page = phone.show(parcel()).unwrap();
    assert_eq!(page.facts.iter().filter(|line| line.is_newer).count(), 1);
    assert_eq!(
        serde_json::to_value(&page.facts[1].fields).unwrap(),
        serde_json::json!({"999": "something"})
    );
}

/// A page of a newer county: a plan change and a fact of a kind of record that came after this version, and a parcel.
#[test]
fn a_record_of_a_newer_kind_is_kept_as_it_came_and_hinders_nothing() {
    const NEWER: u8 = 200;
    let record = RecordId([0x77; 16]);
    let kept = |phone: &Phone| -> Vec<(u8, Vec<u8>)> {
        let raw = raw(phone.dir.path());
        let mut statement = raw
            .prepare("SELECT kind, bytes FROM waiting_changes WHERE record = ?1")
            .unwrap();
        let rows = statement.query_map([record.0], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    };
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    let mut page = county.pages()[0].clone();
    let mut fact = page.facts.facts[0].clone();
    (fact.id.n, fact.record, fact.kind) = (9, record, FactKind(0xc801));
    page.facts.facts.push(fact);
    page.newer_changes = vec![NewerChange {
        record,
        kind: NEWER,
        bytes: b"not to be understood".to_vec(),
    }];
    phone
        .apply(&Answer {
            page,
            ..Answer::default()
        })
        .unwrap();
    assert_eq!(phone.today().unwrap().stops.len(), 1);
    assert_eq!(kept(&phone), [(NEWER, b"not to be understood".to_vec())]);
    county.forget(record, ForgetReason::NoLongerVisible);
    county.sync(&phone);
    assert!(kept(&phone).is_empty());
}
