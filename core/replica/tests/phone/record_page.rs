//! A record's own page: whole for whoever has its task, masked for others.

use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_replica::{NewFact, ScanFor};

use crate::a_phone::{Phone, STATION};
use crate::county::County;
use crate::records_given::*;

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
            PlanEdit::note("notes", "儿子别克，在家"),
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
    let plan = page.plan.unwrap();
    assert_eq!(plan.text("name"), Some("张三丰"));
    assert_eq!(plan.text("notes"), Some("儿子别克，在家"));
    let shown = serde_json::to_string(&masked).unwrap();
    for hidden in ["三丰", "12号", "9753", "别克"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }

    one.record(NewFact::new(parcel, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    one.record(NewFact::new(
        parcel,
        kinds::delivery::DELIVERED,
        Body::new()
            .with(field::PROOF, 1u16)
            .with(field::RECEIVER, "李四光")
            .with(field::NOTE, "交给邻居赵六"),
    ))
    .unwrap();
    let done = one.show(parcel).unwrap();
    assert!(!done.is_whole, "the task is done");
    let shown = serde_json::to_string(&done).unwrap();
    assert!(shown.contains("李**") && !shown.contains("四光"), "{shown}");
    assert!(shown.contains("赵六"), "one's own words stay");
}

#[test]
fn a_fact_names_nobody_to_whoever_has_not_the_task() {
    let (other, mut county) = (Phone::of_courier(2), County::default());
    let parcel = delivery(&mut county, 1, &[]);
    let delivered = Body::new()
        .with(field::PROOF, 1u16)
        .with(field::RECEIVER, "李四光")
        .with(field::NOTE, "交给邻居赵六");
    let delivered = Some((kinds::delivery::DELIVERED, delivered));
    county.write_as(RecordKind::Delivery, parcel, &[], delivered, Vec::new());
    county.sync(&other);
    let shown = serde_json::to_string(&other.show(parcel).unwrap()).unwrap();
    assert!(shown.contains("李**"), "{shown}");
    for hidden in ["四光", "赵六"] {
        assert!(!shown.contains(hidden), "{hidden}");
    }
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
