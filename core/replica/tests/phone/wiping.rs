//! Destroying all that is here, cut at whatever moment.

use std::fs;

use saddlebag_replica::{Leaving, Replica, ScanFor};

use crate::a_phone::{Phone, raw};

fn names(phone: &Phone) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(phone.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            ![".lock", "-shm", "-wal"]
                .iter()
                .any(|beside| name.ends_with(beside))
        })
        .collect();
    names.sort();
    names
}

fn with_a_parcel_and_a_photo() -> Phone {
    let phone = Phone::of_courier(1);
    phone
        .scan("SBWIPE00001", ScanFor::LoadingOut { place: None })
        .unwrap();
    phone
        .keep_photo(saddlebag_replica::Lane::Photo, b"a photo")
        .unwrap();
    fs::write(phone.dir.path().join("records.db.damaged-1"), b"set aside").unwrap();
    fs::write(phone.dir.path().join("something else"), b"not ours").unwrap();
    phone
}

#[test]
fn what_was_decided_is_finished_when_it_is_opened() {
    let phone = with_a_parcel_and_a_photo();
    let decided = "INSERT INTO leaving (one, why, ordered) VALUES (1, 1, 1)";
    raw(phone.dir.path()).execute(decided, []).unwrap();
    let again = phone.another_handle();
    assert!(again.search("SBWIPE00001", None, 9).unwrap().is_empty());
    assert_eq!(
        names(&phone),
        ["records.db", "records.db.open", "something else", "wiped.json"]
    );
    assert_eq!(
        Replica::wiped(phone.dir.path()).unwrap().unwrap().why,
        Leaving::Lost
    );
}

#[test]
fn a_wipe_that_was_cut_is_finished_and_takes_nothing_of_what_comes_after() {
    for text in [r#"{"why":"lost","at_ms":5,"language":"kk-Arab"}"#, "{\"why"] {
        let phone = with_a_parcel_and_a_photo();
        fs::write(phone.dir.path().join("wiping.json"), text).unwrap();
        assert!(Replica::wiped(phone.dir.path()).unwrap().is_some());
        assert_eq!(names(&phone), ["something else", "wiped.json"]);
        let again = phone.another_handle();
        assert!(again.search("SBWIPE00001", None, 9).unwrap().is_empty());
        drop(again);
        assert!(Replica::wiped(phone.dir.path()).unwrap().is_some());
        assert_eq!(
            names(&phone),
            ["records.db", "records.db.open", "something else", "wiped.json"]
        );
    }
}

#[test]
fn a_store_that_is_only_told_to_leave_is_opened_as_it_is() {
    let phone = with_a_parcel_and_a_photo();
    let told = "INSERT INTO leaving (one, why, ordered) VALUES (1, 0, 0)";
    raw(phone.dir.path()).execute(told, []).unwrap();
    let again = phone.another_handle();
    assert_eq!(again.search("SBWIPE00001", None, 9).unwrap().len(), 1);
    assert_eq!(again.leaving().unwrap(), Some(Leaving::Retired));
    assert!(Replica::wiped(phone.dir.path()).unwrap().is_none());
}
