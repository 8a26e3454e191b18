//! Records that leave the phone, and what stays of them.

use saddlebag_protocol::{ChangeReceipt, ForgetReason, Outcome, Receipts};
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;

use crate::a_phone::Phone;
use crate::county::County;
use crate::one_parcel::*;

#[test]
fn what_this_phone_wrote_in_a_record_that_left_stays_unread_until_a_backup_covers_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.sync(&phone);
    let covered_at = county.position();
    phone.record(delivered()).unwrap();
    county.forget(parcel(), ForgetReason::NoLongerVisible);
    county.answer(&phone, &phone.pending(0).unwrap(), &Receipts::default());

    assert_eq!(phone.show(parcel()).unwrap_err().code(), "unknown_record");
    assert!(phone.search("张", 50).unwrap().is_empty());
    assert!(phone.today().unwrap().stops.is_empty());
    let facts: Vec<u64> = phone
        .pending(usize::MAX)
        .unwrap()
        .facts
        .iter()
        .map(|fact| fact.id.n)
        .collect();
    assert_eq!(facts, [2], "the county has not confirmed the second");

    county.watermark = covered_at;
    county.sync(&phone);
    assert_eq!(rows_of(&phone), 1, "the first is covered");
    county.watermark = county.position();
    county.sync(&phone);
    assert_eq!(rows_of(&phone), 0);
}

fn rows_of(phone: &Phone) -> i64 {
    let raw = crate::a_phone::raw(phone.dir.path());
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table} WHERE record = ?1");
        raw.query_row(&sql, [parcel().0], |row| row.get(0)).unwrap()
    };
    ["facts", "side_values", "plan_changes", "plans", "records"]
        .iter()
        .map(|table| count(table))
        .sum()
}

#[test]
fn a_record_that_comes_back_has_what_this_phone_wrote() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.sync(&phone);
    county.forget(parcel(), ForgetReason::NoLongerVisible);
    county.sync(&phone);
    county.write(
        parcel(),
        &[PlanEdit::set("order", 5)],
        Some((kinds::delivery::ANNOUNCED, Body::new())),
    );
    county.sync(&phone);
    let facts = phone.show(parcel()).unwrap().facts;
    assert_eq!(facts.iter().filter(|line| line.is_own).count(), 1);
}

#[test]
fn what_is_destroyed_for_a_person_goes_at_once_and_does_not_come_back() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.forget(parcel(), ForgetReason::Person);
    county.answer(&phone, &phone.pending(0).unwrap(), &Receipts::default());
    assert_eq!(rows_of(&phone), 0);
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
    county.write(parcel(), &[], Some((kinds::delivery::ANNOUNCED, Body::new())));
    county.sync(&phone);
    assert_eq!(phone.show(parcel()).unwrap_err().code(), "unknown_record");
    assert_eq!(rows_of(&phone), 0);
}

#[test]
fn the_person_is_told_of_a_refused_edit_though_the_record_left() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    phone.edit(parcel(), &[PlanEdit::set("order", 2048)]).unwrap();
    let pending = phone.pending(usize::MAX).unwrap();
    let (actor, outcome) = (pending.changes[0].actor.0, Outcome::Superseded);
    let changes = vec![ChangeReceipt {
        record: parcel().0,
        actor,
        from: 1,
        to: 1,
        outcome,
    }];
    county.forget(parcel(), ForgetReason::NoLongerVisible);
    county.answer(
        &phone,
        &pending,
        &Receipts {
            facts: Vec::new(),
            changes,
        },
    );
    assert_eq!(phone.refused_edits().unwrap()[0].code, "superseded");
}

#[test]
fn a_name_that_left_is_in_no_row_of_another_record() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = RecordId([0x88; 16]);
    county.write_as(
        RecordKind::Household,
        household,
        &[PlanEdit::set("name", "王小明")],
        None,
        Vec::new(),
    );
    announce(&mut county);
    county.write(parcel(), &[PlanEdit::set("household", household)], None);
    county.sync(&phone);
    assert_eq!(
        phone.today().unwrap().stops[0].items[0].item.household_name,
        "王**"
    );
    assert_eq!(phone.search("王", 50).unwrap().len(), 2);
    county.forget(household, ForgetReason::Person);
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops[0].items[0].item.household_name, "");
    assert!(phone.search("王", 50).unwrap().is_empty());
}
