//! The new files take the places of the old ones: cut at any moment, one of the two is there whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use saddlebag_replica::Replica;

use super::a_filled_phone::{answers, copy_of, filled, only_here, salvage};
use crate::a_phone::{KEY, Phone, surroundings};

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| {
            (
                file.file_name().into_string().unwrap(),
                fs::read(file.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_damaged_file_is_set_aside_and_stays() {
    let filled = filled();
    let dir = filled.copy();
    let file = dir.path().join("records.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let saved = salvage(dir.path()).unwrap();
    let aside = format!("records.db.damaged-{}", saved.at_ms / 1_000);
    assert!(fs::read(dir.path().join(&aside)).unwrap() == bytes);
    Replica::salvage(dir.path(), &KEY, &surroundings(100)).unwrap();
    assert!(
        fs::read(dir.path().join(&aside)).unwrap() == bytes,
        "another one does not take its place"
    );
    let phone = Phone::in_folder(dir, 1, 4).unwrap();
    assert_eq!(phone.salvaged().unwrap().unwrap().facts, saved.facts);
}

#[test]
fn a_salvage_that_was_cut_between_any_two_steps_is_finished_at_the_next_opening() {
    let filled = filled();
    let dir = filled.copy();
    let file = dir.path().join("records.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[5 * 4_096 + 7] ^= 1;
    fs::write(&file, &bytes).unwrap();
    fs::write(dir.path().join("records.db-wal"), [0; 40]).unwrap();
    let old = files(dir.path());
    let saved = salvage(dir.path()).unwrap();
    let new = files(dir.path());
    let aside = format!("records.db.damaged-{}", saved.at_ms / 1_000);
    let told = &new["records.db.salvaged"];

    // What the folder holds after each step, from when the new file is whole and said to be.
    let begun: BTreeMap<String, Vec<u8>> = old
        .iter()
        .map(|(name, bytes)| (name.clone(), bytes.clone()))
        .chain([
            ("records.db.rescued".to_owned(), new["records.db"].clone()),
            ("records.db.salvaging".to_owned(), told.clone()),
        ])
        .collect();
    let step = |before: &BTreeMap<String, Vec<u8>>, from: &str, to: &str| {
        let mut after = before.clone();
        let moved = after.remove(from).unwrap();
        after.insert(to.to_owned(), moved);
        after
    };
    let moved = step(&begun, "records.db", &aside);
    let log_moved = step(&moved, "records.db-wal", &format!("{aside}-wal"));
    let in_place = step(&log_moved, "records.db.rescued", "records.db");
    for (what, cut) in [
        ("begun", begun),
        ("moved", moved),
        ("log moved", log_moved),
        ("in place", in_place),
    ] {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in &cut {
            fs::write(dir.path().join(name), bytes).unwrap();
        }
        let phone = Phone::in_folder(dir, 1, 4).unwrap();
        assert_eq!(only_here(&phone).len() as u64, saved.facts, "{what}");
        assert!(phone.salvaged().unwrap().is_some(), "{what}");
        let after = files(phone.dir.path());
        assert!(
            !after.contains_key("records.db.salvaging") && !after.contains_key("records.db.rescued"),
            "{what}"
        );
        assert!(after[&aside] == bytes, "{what}");
    }
}

#[test]
fn a_salvage_that_was_cut_before_the_new_file_was_whole_leaves_the_old_one() {
    let filled = filled();
    let before = answers(&Phone::in_folder(filled.copy(), 1, 5).unwrap(), &filled.records).unwrap();
    let dir = filled.copy();
    fs::write(dir.path().join("records.db.rescued"), [0x5a; 9_000]).unwrap();
    fs::write(dir.path().join("records.db.salvaging.new"), "{").unwrap();
    let phone = Phone::in_folder(copy_of(dir.path()), 1, 4).unwrap();
    assert!(answers(&phone, &filled.records).unwrap() == before);
    assert!(salvage(dir.path()).unwrap().is_enrolled, "and can be done again");
}

#[test]
fn nobody_salvages_a_store_that_somebody_has_open() {
    let filled = filled();
    let phone = Replica::open(filled.dir.path(), KEY, surroundings(3)).unwrap();
    let clone = phone.clone();
    assert_eq!(salvage(filled.dir.path()).unwrap_err().code(), "busy");
    drop(phone);
    assert_eq!(salvage(filled.dir.path()).unwrap_err().code(), "busy");
    drop(clone);
    salvage(filled.dir.path()).unwrap();
}
