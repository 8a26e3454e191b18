//! A store of an earlier version, brought up to this one.

use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use saddlebag_replica::{NewFact, ScanFor};

use crate::a_phone::{Phone, person, raw};
use crate::county::County;
use crate::records_given::*;

/// The version that a store has once all steps were taken.
const LATEST: u32 = 8;
const FIRST_STEP: &str = include_str!("../../migrations/records/0001_facts_plans_and_what_screens_read.sql");
const SECOND_STEP: &str =
    include_str!("../../migrations/records/0002_the_whole_route_settings_and_the_lock.sql");

fn index_of_the_route(step: &str) -> &str {
    let mut statements = step.split(';');
    statements
        .find(|statement| statement.contains("CREATE INDEX route "))
        .unwrap()
}

/// Takes the steps from the third back, so that the store is as the second version of the app left it.
fn as_the_second_version_left_it(phone: &Phone) {
    let connection = raw(phone.dir.path());
    connection
        .execute_batch(
            "DROP TABLE granted_before; DROP TABLE forks; ALTER TABLE own DROP COLUMN asks_for_number",
        )
        .unwrap();
    connection
        .execute_batch("ALTER TABLE side_values DROP COLUMN position; ALTER TABLE one_time_numbers DROP COLUMN of_before")
        .unwrap();
    connection
        .execute_batch("DROP TABLE leaving; ALTER TABLE identity DROP COLUMN server_keys_since_s")
        .unwrap();
    connection
        .execute_batch("DROP INDEX route; DROP INDEX records_that_lie; DROP TABLE made_before")
        .unwrap();
    for column in ["handed_to", "lies_at", "lies_since_ms"] {
        let drop = format!("ALTER TABLE records DROP COLUMN {column}");
        connection.execute_batch(&drop).unwrap();
    }
    connection.execute_batch(index_of_the_route(SECOND_STEP)).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
}

/// Takes the second step back too, so that the store is as the first version of the app left it.
fn as_the_first_version_left_it(phone: &Phone) {
    as_the_second_version_left_it(phone);
    let connection = raw(phone.dir.path());
    connection
        .execute_batch("DROP INDEX route; DROP INDEX records_done_by_me")
        .unwrap();
    for column in ["language", "found_at", "cold_since_ms", "done_by_me_ms"] {
        let drop = format!("ALTER TABLE records DROP COLUMN {column}");
        connection.execute_batch(&drop).unwrap();
    }
    for table in [
        "own_order",
        "wrong_codes",
        "last_sync",
        "answer_keys",
        "settings",
        "pin",
    ] {
        connection.execute_batch(&format!("DROP TABLE {table}")).unwrap();
    }
    connection
        .execute_batch("ALTER TABLE fact_verdicts DROP COLUMN seen")
        .unwrap();
    connection.execute_batch(index_of_the_route(FIRST_STEP)).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
}

fn version(phone: &Phone) -> u32 {
    raw(phone.dir.path())
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

#[test]
fn a_store_of_the_first_version_is_brought_up_with_all_that_it_holds() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let camp = [
        PlanEdit::set("household", id(0x81)),
        PlanEdit::set(
            "position",
            Position {
                lat_e7: 480_606_000,
                lon_e7: 864_186_000,
            },
        ),
    ];
    let household = [
        PlanEdit::set("name", "王小明"),
        PlanEdit::set("language", "kk-Arab"),
    ];
    give(&mut county, RecordKind::Household, id(0x81), &household);
    give(&mut county, RecordKind::Camp, id(0x91), &camp);
    delivery(&mut county, 1, &[PlanEdit::set("household", id(0x81))]);
    let done = delivery(&mut county, 2, &[]);
    county.sync(&phone);
    let delivered = Body::new().with(field::PROOF, 1u16);
    phone
        .record(NewFact::new(done, kinds::delivery::DELIVERED, delivered))
        .unwrap();
    let before = phone.today().unwrap();
    assert!(before.stops[0].position.is_some() && before.stops[0].language.is_some());
    assert_eq!(before.done_today, 1);

    as_the_first_version_left_it(&phone);
    let phone = phone.opened_again();
    assert_eq!(phone.today().unwrap(), before);
    assert_eq!(version(&phone), LATEST);
    assert!(!phone.has_pin().unwrap());
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops, before.stops);
}

#[test]
fn a_route_of_the_second_version_lets_go_of_what_a_colleague_took_over() {
    let (phone, taker, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let taken = delivery(&mut county, 1, &[]);
    let kept = delivery(&mut county, 2, &[]);
    county.sync(&phone);
    county.sync(&taker);
    phone
        .scan("YT100000001", ScanFor::LoadingOut { place: None })
        .unwrap();
    phone.hand_over(&[taken], person(2)).unwrap();
    for phone in [&phone, &taker] {
        county.sync(phone);
    }
    taker.take_over(&[taken], person(1)).unwrap();
    for phone in [&taker, &phone] {
        county.sync(phone);
    }

    as_the_second_version_left_it(&phone);
    raw(phone.dir.path())
        .execute(
            "UPDATE records SET on_route = 1, found_at = x'80' WHERE record = ?1",
            [taken.0],
        )
        .unwrap();
    let phone = phone.opened_again();
    let stops = phone.today().unwrap().stops;
    let records: Vec<_> = stops
        .iter()
        .flat_map(|stop| &stop.items)
        .map(|item| item.item.record)
        .collect();
    assert_eq!(records, [kept]);
    assert_eq!(version(&phone), LATEST);
}
