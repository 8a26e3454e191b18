//! Bits flip: what is damaged is set aside, never shown, and mended by a copy from the county.

use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{NewFact, ScanFor, ScanOutcome};

use crate::a_phone::{Phone, raw};
use crate::county::{COUNTY, County};

fn a_parcel(county: &mut County, phone: &Phone) -> RecordId {
    let record = RecordId([1; 16]);
    county.write(
        record,
        &[PlanEdit::set("waybill", "SF1234567890")],
        Some((kinds::delivery::ANNOUNCED, Body::new())),
    );
    county.write(
        record,
        &[PlanEdit::set("order", 7)],
        Some((
            kinds::delivery::SCANNED_IN,
            Body::new().with(field::PLACE, record),
        )),
    );
    county.sync(phone);
    record
}

#[test]
fn a_damaged_fact_is_set_aside_and_touches_no_other() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let record = a_parcel(&mut county, &phone);
    raw(phone.dir.path())
        .execute(
            "UPDATE facts SET bytes = CAST(substr(bytes, 1, 20) || x'00' || substr(bytes, 22) AS BLOB) WHERE n = 2",
            [],
        )
        .unwrap();
    let kinds_shown = |phone: &Phone| -> Vec<_> {
        phone
            .show(record)
            .unwrap()
            .facts
            .iter()
            .map(|line| line.kind)
            .collect()
    };
    assert_eq!(kinds_shown(&phone), [kinds::delivery::ANNOUNCED]);
    assert_eq!(phone.safety().unwrap().damaged, 1, "who only looks is told too");
    phone
        .record(NewFact::new(record, kinds::delivery::LOADED_OUT, Body::new()))
        .unwrap();
    assert_eq!(
        phone.pending(usize::MAX).unwrap().facts[0].after.len(),
        1,
        "it follows what could be read"
    );

    assert_eq!(phone.damaged().unwrap(), 1);
    county.sync(&phone);
    assert_eq!(phone.damaged().unwrap(), 0);
    assert!(kinds_shown(&phone).contains(&kinds::delivery::SCANNED_IN));
    assert_eq!(
        phone
            .show(record)
            .unwrap()
            .facts
            .iter()
            .filter(|line| line.fact.device == COUNTY)
            .count(),
        2
    );
}

#[test]
fn a_damaged_plan_is_made_anew_of_its_changes() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let record = a_parcel(&mut county, &phone);
    raw(phone.dir.path())
        .execute(
            "UPDATE plans SET snapshot = substr(snapshot, 2), view = x'00'",
            [],
        )
        .unwrap();
    assert_eq!(phone.show(record).unwrap().plan.unwrap().int("order"), Some(7));
    let loaded = NewFact::new(record, kinds::delivery::LOADED_OUT, Body::new());
    phone.record(loaded).unwrap();
    phone.edit(record, &[PlanEdit::note("notes", "careful")]).unwrap();
    let plan = phone.show(record).unwrap().plan.unwrap();
    assert_eq!(
        (plan.int("order"), plan.text("notes")),
        (Some(7), Some("careful"))
    );
}

#[test]
fn a_damaged_plan_change_is_left_out_and_never_sent() {
    let phone = Phone::of_courier(1);
    let ScanOutcome::New { record } = phone
        .scan("SF1234567890", ScanFor::LoadingOut { place: None })
        .unwrap()
    else {
        panic!()
    };
    phone.edit(record, &[PlanEdit::set("order", 7)]).unwrap();
    raw(phone.dir.path())
        .execute("UPDATE plan_changes SET bytes = x'00' WHERE seq = 2", [])
        .unwrap();
    assert_eq!(phone.pending(usize::MAX).unwrap().changes.len(), 1);
    raw(phone.dir.path())
        .execute("UPDATE plans SET snapshot = x'00'", [])
        .unwrap();
    phone.edit(record, &[PlanEdit::set("cash_fen", 100)]).unwrap();
    assert_eq!(phone.show(record).unwrap().plan.unwrap().int("order"), None);
}
