//! Files that are cut, or lost whole pages.

use std::fs;

use saddlebag_replica::{Error, Replica};

use super::a_filled_phone::{Filled, answers, filled, only_here, owner_of, salvage};
use crate::a_phone::{KEY, Phone, another_key, surroundings};

const PAGE: usize = 4_096;

/// A copy of the phone's folder whose database is these bytes.
fn damaged(filled: &Filled, damage: impl FnOnce(&mut Vec<u8>)) -> tempfile::TempDir {
    let dir = filled.copy();
    let file = dir.path().join("records.db");
    let mut bytes = fs::read(&file).unwrap();
    damage(&mut bytes);
    fs::write(&file, bytes).unwrap();
    dir
}

/// Whether opening it and reading everything tells of the damage.
fn is_told(dir: &std::path::Path, filled: &Filled) -> bool {
    let told =
        Replica::open(dir, KEY, surroundings(3)).and_then(|replica| answers(&replica, &filled.records));
    matches!(told, Err(Error::Damaged(_)))
}

#[test]
fn a_file_that_was_cut_keeps_what_is_left_of_it_and_gets_the_rest_again() {
    let filled = filled();
    let in_the_end = filled.in_the_end();
    let whole = fs::metadata(filled.dir.path().join("records.db")).unwrap().len() as usize;
    for length in [whole - PAGE, whole - 1, whole / 2, whole / 3 + 17] {
        let dir = damaged(&filled, |bytes| bytes.truncate(length));
        // The last page may be one that nothing reads.
        assert!(is_told(dir.path(), &filled) || length == whole - 1, "{length}");
        let saved = salvage(dir.path()).unwrap();
        assert_eq!(
            saved.pages_lost as usize,
            (whole - length).div_ceil(PAGE),
            "{length}"
        );
        let phone = Phone::in_folder(dir, 1, 4).unwrap();
        let here = only_here(&phone);
        assert!(here.is_subset(&filled.only_here), "{length}");
        assert_eq!(saved.facts, here.len() as u64, "{length}");
        let missing = (filled.only_here.len() - here.len()) as u64;
        // Of the tip, which goes under a number of its own, no trace may be left.
        assert!(
            [missing, missing.saturating_sub(1)].contains(&saved.facts_lost),
            "{length}: {missing} {saved:?}"
        );
        let mut county = filled.county.clone();
        county.sync(&phone);
        let now = answers(&phone, &filled.records).unwrap();
        let told = |answers: &std::collections::BTreeMap<_, String>| answers.len();
        assert_eq!(told(&now), told(&in_the_end), "every record is here again");
    }
}

#[test]
fn pages_of_zeros_are_told_or_change_no_answer_and_are_lost_alone() {
    let filled = filled();
    let before = answers(&Phone::in_folder(filled.copy(), 1, 5).unwrap(), &filled.records).unwrap();
    let file = filled.dir.path().join("records.db");
    let pages = fs::metadata(&file).unwrap().len() as usize / PAGE;
    for page in (1..pages).step_by(7) {
        let owner = owner_of(&file, page as u64 + 1);
        let dir = damaged(&filled, |bytes| bytes[page * PAGE..][..PAGE].fill(0));
        if !is_told(dir.path(), &filled) {
            let phone = Phone::in_folder(filled.copy(), 1, 5).unwrap();
            assert!(
                answers(&phone, &filled.records).unwrap() == before,
                "{page} {owner:?}"
            );
        }
        let saved = salvage(dir.path()).unwrap();
        assert_eq!(saved.pages_lost, 1, "{page} {owner:?}");
        if owner.as_deref() != Some("facts") {
            assert_eq!(saved.facts, filled.only_here.len() as u64, "{page} {owner:?}");
        }
    }
}

#[test]
fn a_store_whose_first_page_is_destroyed_keeps_all_else() {
    let filled = filled();
    let in_the_end = filled.in_the_end();
    for (what, fill) in [("zeros", 0), ("rubbish", 0x5a)] {
        let dir = damaged(&filled, |bytes| bytes[..PAGE].fill(fill));
        assert!(is_told(dir.path(), &filled), "{what}");
        let saved = salvage(dir.path()).unwrap();
        assert_eq!((saved.pages_lost, saved.is_enrolled), (1, true), "{what}");
        assert_eq!(
            (saved.facts, saved.facts_lost),
            (filled.only_here.len() as u64, 0),
            "{what}"
        );
        assert_eq!(saved.edits, filled.edits, "{what}");
        let phone = Phone::in_folder(dir, 1, 4).unwrap();
        let mut county = filled.county.clone();
        county.sync(&phone);
        assert!(answers(&phone, &filled.records).unwrap() == in_the_end, "{what}");
    }
}

#[test]
fn another_key_salvages_nothing_and_touches_nothing() {
    let filled = filled();
    let files = || {
        let mut names: Vec<_> = fs::read_dir(filled.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        (names, fs::read(filled.dir.path().join("records.db")).unwrap())
    };
    let before = files();
    let refused = Replica::salvage(filled.dir.path(), &another_key(), &surroundings(3)).unwrap_err();
    assert_eq!(refused.code(), "wrong_key");
    assert_eq!(files().1, before.1);
    assert!(Replica::open(filled.dir.path(), KEY, surroundings(3)).is_ok());
}

#[test]
fn photos_that_are_still_what_was_kept_are_saved() {
    let filled = filled();
    let dir = filled.copy();
    let file = dir.path().join("photos.db");
    let kept = {
        let phone = Replica::open(dir.path(), KEY, surroundings(3)).unwrap();
        phone
            .keep_photo(saddlebag_replica::Lane::Photo, &[0xa5; 50_000])
            .unwrap()
    };
    let mut bytes = fs::read(&file).unwrap();
    let (length, name) = (bytes.len(), [filled.photo, kept]);
    // Of the two photos, which lie one after the other, the first loses a page.
    bytes[length / 4] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let saved = salvage(dir.path()).unwrap();
    assert_eq!(saved.photos, 1);
    let phone = Replica::open(dir.path(), KEY, surroundings(3)).unwrap();
    let here = name.map(|name| phone.photo(&name).unwrap().is_some());
    assert_eq!(here.iter().filter(|here| **here).count(), 1);
    assert_eq!(saved.photos_lost, u64::from(!here[0]), "no fact names the other");
}
