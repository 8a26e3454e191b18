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
    for verb in [
        &["scan", "SF1234567890123"][..],
        &["sync"],
        &["hand-in", "1"],
        &["tip", "bridge", "--text", "x"],
    ] {
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
        (Some(1), "unknown_record")
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

/// How it goes where no file may grow, as on a full disk: exec keeps the limit, and that its signal is ignored.
fn on_a_full_disk(dir: &Path, args: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_saddlebag"))
        .arg("--dir")
        .arg(dir.join("copy"))
        .arg("--json")
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn a_missing_or_empty_key_beside_a_store_is_not_drawn_anew() {
    let dir = tempfile::tempdir().unwrap();
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    let key = dir.path().join("copy.key");
    std::fs::remove_file(&key).unwrap();
    let output = saddlebag(dir.path(), &["list", "today"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(6), "key_missing")
    );
    assert!(!key.exists());
    std::fs::write(&key, "").unwrap();
    assert_eq!(code_of(&saddlebag(dir.path(), &["list", "today"])), "key_missing");
    std::fs::write(&key, "00ff").unwrap();
    assert_eq!(
        code_of(&saddlebag(dir.path(), &["list", "today"])),
        "key_unreadable"
    );
}

#[test]
fn a_disk_that_was_full_at_the_first_start_leaves_nothing_unusable() {
    let dir = tempfile::tempdir().unwrap();
    let output = on_a_full_disk(dir.path(), &["list", "today"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(1), "disk_full")
    );
    assert!(!dir.path().join("copy.key").exists());
    std::fs::write(dir.path().join("copy.key"), "").unwrap();
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
}

#[test]
fn on_a_full_disk_reading_works() {
    let dir = tempfile::tempdir().unwrap();
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    for verb in [
        &["list", "today"][..],
        &["list", "places"],
        &["search", "z"],
        &["only-here"],
    ] {
        let output = on_a_full_disk(dir.path(), verb);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{verb:?}: {error}");
    }
}

#[test]
fn a_damaged_store_is_told_as_one() {
    let dir = tempfile::tempdir().unwrap();
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    let store = dir.path().join("copy/records.db");
    let whole = std::fs::read(&store).unwrap();
    for damaged in [&[][..], &whole[..1_000], &whole[..8_192]] {
        std::fs::write(&store, damaged).unwrap();
        let output = saddlebag(dir.path(), &["list", "today"]);
        assert_eq!(
            (output.status.code(), code_of(&output).as_str()),
            (Some(6), "damaged")
        );
    }
}

#[test]
fn who_reads_no_further_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    for verb in [&["list", "places"][..], &["export", "places"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_saddlebag"))
            .arg("--dir")
            .arg(dir.path().join("copy"))
            .args(verb)
            .stdout(writer)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.as_str()), (Some(0), ""), "{verb:?}");
    }
}

#[test]
fn errors_of_the_parser_are_json_too() {
    let dir = tempfile::tempdir().unwrap();
    for line in [&["fly"][..], &["list"], &["search", "x", "--limit", "many"]] {
        let output = saddlebag(dir.path(), line);
        assert_eq!(
            (output.status.code(), code_of(&output).as_str()),
            (Some(2), "usage")
        );
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_damaged_copy_is_salvaged_and_its_files_stay() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(
        saddlebag(dir.path(), &["salvage"]).status.code(),
        Some(2),
        "there is none"
    );
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    let file = dir.path().join("copy/records.db");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..4_096].fill(0);
    std::fs::write(&file, &bytes).unwrap();
    let output = saddlebag(dir.path(), &["list", "today"]);
    assert_eq!(
        (output.status.code(), code_of(&output).as_str()),
        (Some(6), "damaged")
    );

    let output = saddlebag(dir.path(), &["salvage"]);
    let saved: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&saved["is_enrolled"], &saved["pages_lost"]),
        (&false.into(), &1.into())
    );
    assert!(saddlebag(dir.path(), &["list", "today"]).status.success());
    let set_aside = std::fs::read_dir(dir.path().join("copy")).unwrap().any(|file| {
        let file = file.unwrap();
        file.file_name()
            .to_string_lossy()
            .starts_with("records.db.damaged-")
            && std::fs::read(file.path()).unwrap() == bytes
    });
    assert!(set_aside);
}
