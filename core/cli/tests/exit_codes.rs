//! What scripts rely on: exit codes, codes on stderr, and files that are left alone.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;
use std::process::{Command, Output};

fn saddlebag(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_saddlebag"));
    command
        .arg("--dir")
        .arg(dir.join("copy"))
        .arg("--json")
        .args(args)
        .output()
        .unwrap()
}

fn code_of(output: &Output) -> String {
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    error["error"]["code"].as_str().unwrap().to_owned()
}

#[test]
fn before_enrolment_reading_works_and_writing_says_so() {
    let dir = tempfile::tempdir().unwrap();
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    for verb in [&["scan", "SF1234567890123"][..], &["sync"], &["tip", "bridge"]] {
        let output = saddlebag(dir.path(), verb);
        assert_eq!(
            (output.status.code(), code_of(&output).as_str()),
            (Some(3), "not_enrolled"),
            "{verb:?}"
        );
    }
}

#[test]
fn a_wrong_command_line_is_told_from_what_could_not_be_done() {
    let dir = tempfile::tempdir().unwrap();
    let output = saddlebag(dir.path(), &["show", "no-such-record"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(2), "usage")
    );
    assert_eq!(saddlebag(dir.path(), &["fly"]).status.code(), Some(2));
}

#[test]
fn a_side_value_is_never_dropped_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["record", "new:household", "registered", "--phone", "12400000042"];
    let output = saddlebag(dir.path(), &args);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(2), "usage")
    );
}

#[test]
fn tables_come_as_csv_or_json_and_counts_are_a_persons_own() {
    let dir = tempfile::tempdir().unwrap();
    let output = saddlebag(dir.path(), &["export", "places"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "[]\n");
    let output = saddlebag(dir.path(), &["export", "counts"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(3), "not_enrolled")
    );
}

#[test]
fn a_server_that_is_not_there_is_a_link_that_broke() {
    let dir = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let output = saddlebag(dir.path(), &["enrol", &address, "7K3M-9QXT-2BVA"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(4), "unreachable")
    );
}

#[test]
fn a_wrong_key_opens_nothing_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    let store = dir.path().join("copy/records.db");
    let before = std::fs::read(&store).unwrap();
    std::fs::write(dir.path().join("copy.key"), "00".repeat(32)).unwrap();
    let output = saddlebag(dir.path(), &["list", "today"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(6), "wrong_key")
    );
    assert_eq!(std::fs::read(&store).unwrap(), before);
}

#[test]
fn the_key_is_drawn_once_and_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    saddlebag(dir.path(), &["list", "today"]);
    let key = dir.path().join("copy.key");
    let drawn = std::fs::read_to_string(&key).unwrap();
    assert_eq!(drawn.trim().len(), 64);
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    saddlebag(dir.path(), &["list", "today"]);
    assert_eq!(std::fs::read_to_string(&key).unwrap(), drawn);
}
