//! A store of the version before, brought up to this one.

use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;

use crate::a_phone::{Phone, raw};
use crate::county::County;
use crate::records_given::*;

const FIRST_STEP: &str = include_str!("../../migrations/records/0001_facts_plans_and_what_screens_read.sql");

/// Takes the second step back, so that the store is as the first version of the app left it.
fn as_the_first_version_left_it(phone: &Phone) {
    let connection = raw(phone.dir.path());
    let old_index = FIRST_STEP
        .split(';')
        .find(|statement| statement.contains("CREATE INDEX route "))
        .unwrap();
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
    connection.execute_batch(old_index).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
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
    county.sync(&phone);
    let before = phone.today().unwrap();
    assert!(before.stops[0].position.is_some() && before.stops[0].language.is_some());

    as_the_first_version_left_it(&phone);
    let phone = phone.opened_again();
    assert_eq!(phone.today().unwrap(), before);
    let version: u32 = raw(phone.dir.path())
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, 2);
    assert!(!phone.has_pin().unwrap());
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops, before.stops);
}
