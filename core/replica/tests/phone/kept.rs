//! How long what is on a phone stays there.

use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::retention::{KeptFor, What, rows};

use crate::a_phone::{Phone, raw, raw_photos};

fn tables(connection: &Connection) -> Vec<String> {
    // A virtual table stands for the tables that it keeps its index in.
    let sql = "SELECT name FROM pragma_table_list
        WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'";
    let mut tables = connection.prepare(sql).unwrap();
    let tables = tables.query_map([], |row| row.get(0)).unwrap();
    tables.map(Result::unwrap).collect()
}

#[test]
fn every_table_says_how_long_its_rows_are_kept() {
    let phone = Phone::of_courier(1);
    phone
        .keep_photo(saddlebag_replica::Lane::Photo, b"a photo")
        .unwrap();
    let mut there: BTreeSet<String> = tables(&raw(phone.dir.path())).into_iter().collect();
    there.extend(tables(&raw_photos(phone.dir.path())));
    let rows: Vec<_> = rows().iter().filter(|row| row.what == What::Phone).collect();
    let said: BTreeSet<String> = rows.iter().map(|row| row.name.clone()).collect();
    assert_eq!(
        there, said,
        "core/records/rules/retention.csv has a row for each table"
    );
    assert!(rows.iter().all(|row| row.phone != KeptFor::Nowhere));
}
