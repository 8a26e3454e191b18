use rusqlite::Connection;
use saddlebag_records::id::FactId;

use super::{DEVICE, NOW, RECORD, append, county, damage, differ};
use crate::store::{ForgetReason, LostName, Store};

#[test]
fn what_is_set_aside_goes_with_its_record_and_its_place_is_counted() {
    let (_folder, file, store) = county();
    for _ in 0..3 {
        append(&store, 100).wait().unwrap();
    }
    drop(store);
    let flipped = "UPDATE fact SET bytes = CAST(replace(CAST(bytes AS TEXT), 'ffff', 'fffe') AS BLOB)
        WHERE seq = 1";
    damage(&file, flipped);
    damage(
        &file,
        "UPDATE side_value SET value = CAST('hare' AS BLOB) WHERE seq = 3",
    );
    let store = Store::open(&file).unwrap();
    let rows = store.look_at_all().unwrap().rows;
    assert_eq!(rows.len(), 2);
    let put = store.write(NOW, move |tx| tx.put_set_aside(&rows));
    assert_eq!(put.wait(), Ok(2));
    let names = store.read_blocking(|tx| tx.set_aside()).unwrap();
    let ns: Vec<_> = names.iter().map(|row| (row.record, row.name)).collect();
    let name = |n| (RECORD, LostName::Fact(FactId::new(DEVICE, n)));
    assert_eq!(ns, [name(1), name(3)]);

    let forgotten = store.write(NOW, |tx| tx.forget_record(RECORD, ForgetReason::Person));
    forgotten.wait().unwrap();
    assert_eq!(store.read_blocking(|tx| tx.set_aside()), Ok(vec![]));
    drop(store);
    let left = Connection::open(&file).unwrap();
    for table in ["set_aside_fact", "set_aside_side"] {
        let sql = format!("SELECT count(*) FROM {table}");
        assert_eq!(
            left.query_row(&sql, [], |row| row.get::<_, i64>(0)),
            Ok(0),
            "{table}"
        );
    }
    assert_eq!(differ(&file), 0);
}

/// A scrub names so many rows and no more, and one that cannot be finished none.
#[test]
fn what_is_set_aside_is_let_go_of_only_where_it_is_sound_or_gone() {
    let (_folder, file, store) = county();
    for _ in 0..3 {
        append(&store, 100).wait().unwrap();
    }
    drop(store);
    let flipped = "UPDATE fact SET bytes = CAST(replace(CAST(bytes AS TEXT), 'ffff', 'fffe') AS BLOB)
        WHERE seq = 1";
    damage(&file, flipped);
    let value = |value: &str| format!("UPDATE side_value SET value = CAST('{value}' AS BLOB) WHERE seq = 3");
    damage(&file, &value("hare"));
    let store = Store::open(&file).unwrap();
    let rows = store.look_at_all().unwrap().rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(store.write(NOW, move |tx| tx.put_set_aside(&rows)).wait(), Ok(2));
    assert_eq!(store.write(NOW, |tx| tx.put_set_aside(&[])).wait(), Ok(2));
    assert_eq!(store.read_blocking(|tx| tx.set_aside()).unwrap().len(), 2);
    drop(store);

    damage(&file, &value("here"));
    let store = Store::open(&file).unwrap();
    assert_eq!(store.write(NOW, |tx| tx.put_set_aside(&[])).wait(), Ok(1));
    let names = store.read_blocking(|tx| tx.set_aside()).unwrap();
    let ns: Vec<_> = names.iter().map(|row| row.name).collect();
    assert_eq!(ns, [LostName::Fact(FactId::new(DEVICE, 1))]);
}
