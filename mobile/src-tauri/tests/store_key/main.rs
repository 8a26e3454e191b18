//! Where the key of the store is kept, with a real key store and without any.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod session;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use saddlebag_app::Shell;
use saddlebag_app::store_key::KeyPlace;
use saddlebag_replica::surroundings::Surroundings;
use session::{DATA, Session};

/// Not a test of its own: the app's start, run by the others in a session that they made.
#[test]
#[ignore = "the others run it, each in a session of its own"]
fn start() {
    let dir = std::env::var_os(DATA).expect("run by another test");
    let shell = Shell::new(dir, Surroundings::of_this_machine(), |_| {});
    let answer = match shell.open() {
        Ok((_, KeyPlace::System)) => "system",
        Ok((_, KeyPlace::File)) => "file",
        Err(refusal) => refusal.0,
    };
    println!("\nanswer: {answer}");
}

fn key_file(data: &Path) -> std::path::PathBuf {
    data.join("store.key")
}

#[test]
fn a_key_store_that_runs_keeps_the_key() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let session = Session::with_a_key_store(home.path());
    assert_eq!(session.start(&data), "system");
    assert_eq!(
        session.start(&data),
        "system",
        "the same key opens the store again"
    );
    assert!(!key_file(&data).exists());
}

/// What stands in `key` of the app's data before and after what was stored was destroyed.
fn before_and_after(session: &Session, data: &Path, key: &str, answer: &str) -> [String; 2] {
    let said = || fs::read_to_string(data.join(key)).unwrap();
    assert_eq!(session.start(data), answer);
    let before = said();
    let wiped = r#"{"why":"lost","at_ms":5,"language":"kk-Arab"}"#;
    fs::write(data.join("store/wiping.json"), wiped).unwrap();
    // Opened under another key: what is there now is another store.
    assert_eq!(session.start(data), answer);
    let after = said();
    assert_eq!(
        session.start(data),
        answer,
        "what came after is not destroyed again"
    );
    assert_eq!(said(), after);
    [before, after]
}

#[test]
fn the_key_of_what_was_destroyed_is_destroyed_wherever_it_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let session = Session::with_a_key_store(home.path());
    let [before, after] = before_and_after(&session, &data, "store.key-name", "system");
    assert_ne!(before, after);
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let session = Session::without_a_key_store(home.path());
    let [before, after] = before_and_after(&session, &data, "store.key", "file");
    assert_ne!(before, after);
}

#[test]
fn where_none_runs_a_file_keeps_it_for_its_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let session = Session::without_a_key_store(home.path());
    assert_eq!(session.start(&data), "file");
    assert_eq!(session.start(&data), "file");
    let mode = fs::metadata(key_file(&data)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn without_even_a_bus_a_file_keeps_it() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    assert_eq!(Session::without_a_bus(home.path()).start(&data), "file");
}

#[test]
fn a_key_in_a_file_stays_there_when_a_key_store_comes() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    assert_eq!(Session::without_a_key_store(home.path()).start(&data), "file");
    assert_eq!(Session::with_a_key_store(home.path()).start(&data), "file");
}

#[test]
fn a_key_store_that_is_gone_is_no_reason_for_a_new_key() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    assert_eq!(Session::with_a_key_store(home.path()).start(&data), "system");
    let gone = Session::without_a_key_store(home.path());
    assert_eq!(gone.start(&data), "key_store_locked");
    assert_eq!(
        Session::without_a_bus(home.path()).start(&data),
        "key_store_locked"
    );
    assert!(!key_file(&data).exists());
    drop(gone);
    assert_eq!(Session::with_a_key_store(home.path()).start(&data), "system");
}

#[test]
fn a_locked_key_store_is_no_reason_for_a_new_key() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    assert_eq!(Session::with_a_key_store(home.path()).start(&data), "system");
    assert_eq!(
        Session::with_a_locked_key_store(home.path()).start(&data),
        "key_store_locked"
    );
    assert!(!key_file(&data).exists());
    assert_eq!(Session::with_a_key_store(home.path()).start(&data), "system");
}

#[test]
fn nobody_is_asked_to_unlock_a_key_store_for_a_key_that_it_does_not_hold() {
    let home = tempfile::tempdir().unwrap();
    let first = home.path().join("first");
    assert_eq!(Session::with_a_key_store(home.path()).start(&first), "system");
    let second = home.path().join("second");
    assert_eq!(
        Session::with_a_locked_key_store(home.path()).start(&second),
        "file"
    );
}

#[test]
fn a_store_whose_key_is_gone_gets_no_other_key() {
    let home = tempfile::tempdir().unwrap();
    let (kept, filed) = (home.path().join("kept"), home.path().join("filed"));
    assert_eq!(Session::with_a_key_store(home.path()).start(&kept), "system");
    session::forget_all_keys(home.path());
    assert_eq!(Session::with_a_key_store(home.path()).start(&kept), "key_missing");
    assert!(!key_file(&kept).exists());

    let alone = Session::without_a_key_store(home.path());
    assert_eq!(alone.start(&filed), "file");
    fs::remove_file(key_file(&filed)).unwrap();
    assert_eq!(alone.start(&filed), "key_missing");
    assert!(!key_file(&filed).exists());
}

#[test]
fn what_is_no_key_is_not_taken_for_none() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::write(key_file(&data), "half a k").unwrap();
    assert_eq!(
        Session::without_a_key_store(home.path()).start(&data),
        "key_unreadable"
    );
}
