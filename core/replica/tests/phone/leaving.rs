//! Records that leave the phone, and what stays of them.

use saddlebag_protocol::{ChangeReceipt, ForgetReason, Outcome, Receipts};
use saddlebag_records::fact::{Body, SideName, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;

use crate::a_phone::{Phone, person, raw, raw_photos};
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
    assert!(phone.search("张", None, 50).unwrap().is_empty());
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
    assert_eq!(phone.search("王", None, 50).unwrap().len(), 2);
    county.forget(household, ForgetReason::Person);
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops[0].items[0].item.household_name, "");
    assert!(phone.search("王", None, 50).unwrap().is_empty());
}

#[test]
fn where_a_household_was_leaves_with_its_camp() {
    for reason in [
        ForgetReason::NoLongerVisible,
        ForgetReason::Retention,
        ForgetReason::Person,
    ] {
        let (phone, mut county) = (Phone::of_courier(1), County::default());
        let (household, camp) = (RecordId([0x81; 16]), RecordId([0x91; 16]));
        let position = Position {
            lat_e7: 480_606_000,
            lon_e7: 864_186_000,
        };
        let records = [
            (
                RecordKind::Household,
                household,
                vec![PlanEdit::set("name", "王小明")],
            ),
            (
                RecordKind::Camp,
                camp,
                vec![
                    PlanEdit::set("household", household),
                    PlanEdit::set("position", position),
                    PlanEdit::set("landmark", "redrock"),
                ],
            ),
            (
                RecordKind::Delivery,
                parcel(),
                vec![
                    PlanEdit::set("assignee", person(1)),
                    PlanEdit::set("household", household),
                ],
            ),
        ];
        for (kind, record, edits) in records {
            county.write_as(kind, record, &edits, None, Vec::new());
        }
        county.sync(&phone);
        let stop = &phone.today().unwrap().stops[0];
        assert_eq!(
            (stop.position, stop.landmark.as_str()),
            (Some(position), "redrock")
        );

        county.forget(camp, reason);
        county.sync(&phone);
        let stop = &phone.today().unwrap().stops[0];
        assert_eq!((stop.position, stop.landmark.as_str()), (None, ""), "{reason:?}");
        assert_eq!(phone.way_to(parcel(), None).unwrap(), None);
        let kept: i64 = crate::a_phone::raw(phone.dir.path())
            .query_row(
                "SELECT count(*) FROM records WHERE instr(found_at, CAST('redrock' AS BLOB))",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(kept, 0);
    }
}

#[test]
fn a_camp_that_becomes_anothers_leaves_the_parcels_of_those_who_had_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let (household, other, camp) = (RecordId([0x81; 16]), RecordId([0x82; 16]), RecordId([0x91; 16]));
    for whose in [household, other] {
        let name = [PlanEdit::set("name", "王小明")];
        county.write_as(RecordKind::Household, whose, &name, None, Vec::new());
    }
    let edits = [
        PlanEdit::set("household", household),
        PlanEdit::set("landmark", "redrock"),
    ];
    county.write_as(RecordKind::Camp, camp, &edits, None, Vec::new());
    let edits = [
        PlanEdit::set("assignee", person(1)),
        PlanEdit::set("household", household),
    ];
    county.write_as(RecordKind::Delivery, parcel(), &edits, None, Vec::new());
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops[0].landmark, "redrock");
    let mended = [PlanEdit::set("household", other)];
    county.write_as(RecordKind::Camp, camp, &mended, None, Vec::new());
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops[0].landmark, "");
}

/// Every page of the phone's databases, decrypted: those in use with what lies between their rows, and free ones. The
/// write-ahead logs, which keep pages as they were, are to be empty.
fn pages(phone: &Phone) -> Vec<u8> {
    let mut pages = Vec::new();
    for file in ["records.db", "photos.db"] {
        if !phone.dir.path().join(file).exists() {
            continue;
        }
        let log = phone.dir.path().join(format!("{file}-wal"));
        assert_eq!(log.metadata().map_or(0, |log| log.len()), 0, "{file}");
        let mut connection = match file {
            "records.db" => raw(phone.dir.path()),
            _ => raw_photos(phone.dir.path()),
        };
        pages.extend_from_slice(&connection.serialize("main").unwrap());
    }
    pages
}

fn stands_in(pages: &[u8], canary: &str) -> bool {
    pages.windows(canary.len()).any(|part| part == canary.as_bytes())
}

#[test]
fn nothing_of_what_was_destroyed_for_a_person_is_in_any_page_of_the_store() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = RecordId([0x88; 16]);
    // Words of their own, so that the index has none of them in part under another.
    let (name, word, number, note) = (
        "Zqxjkvwy",
        "ωμεγαλεξανδρα",
        "12400009901",
        "hinterdemweissenpferd",
    );
    let phone_number = (SideName::Phone, number.as_bytes().to_vec());
    let given = Some((kinds::household::PHONE_GIVEN, Body::new()));
    let edits = [PlanEdit::set("name", &*format!("{name} {word}"))];
    county.write_as(
        RecordKind::Household,
        household,
        &edits,
        given,
        vec![phone_number],
    );
    let camp = [
        PlanEdit::set("household", household),
        PlanEdit::set("landmark", note),
    ];
    county.write_as(RecordKind::Camp, RecordId([0x91; 16]), &camp, None, Vec::new());
    announce(&mut county);
    county.write(parcel(), &[PlanEdit::set("household", household)], None);
    county.sync(&phone);
    assert_eq!(phone.search(name, None, 50).unwrap().len(), 3);
    let canaries = [name, word, number, note];
    assert!(is_indexed(&phone, word));
    empty_the_log(&phone);
    let before = pages(&phone);
    for canary in canaries {
        assert!(stands_in(&before, canary), "{canary} was planted");
    }

    county.forget(household, ForgetReason::Person);
    county.forget(RecordId([0x91; 16]), ForgetReason::Person);
    county.sync(&phone);
    let after = pages(&phone);
    for canary in canaries {
        assert!(!stands_in(&after, canary), "{canary}");
    }
    assert!(!is_indexed(&phone, word));
    assert!(phone.search(name, None, 50).unwrap().is_empty());
    assert_eq!(
        phone.search(WAYBILL, None, 50).unwrap().len(),
        1,
        "the parcel stays"
    );
}

/// Whether the index has a word in any of its blocks, of records that are there or not.
fn is_indexed(phone: &Phone, word: &str) -> bool {
    let sql = "SELECT count(*) FROM search_data WHERE instr(block, CAST(?1 AS BLOB))";
    let blocks: i64 = raw(phone.dir.path())
        .query_row(sql, [word], |row| row.get(0))
        .unwrap();
    blocks > 0
}

fn empty_the_log(phone: &Phone) {
    let emptied = raw(phone.dir.path()).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    assert_eq!(emptied, Ok(0));
}
