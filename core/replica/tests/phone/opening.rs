//! Opening the store: the right key, a wrong one, and a database of a newer app.

use std::collections::BTreeMap;
use std::path::Path;

use crate::a_phone::{KEY, another_key, surroundings};
use saddlebag_replica::{Error, Replica, SyncLocked};

/// The bytes of every database and log in a folder. The index of a log holds nothing that is not in the log.
fn bytes_in(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| {
            (
                file.file_name().into_string().unwrap(),
                std::fs::read(file.path()).unwrap(),
            )
        })
        .filter(|(name, _)| !name.ends_with("-shm"))
        .collect()
}

/// A folder with a store in it whose last writes are still in the log, as a killed process leaves it.
fn left_by_a_killed_process() -> tempfile::TempDir {
    let (lived, left) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let replica = Replica::open(lived.path(), KEY, surroundings(1)).unwrap();
    crate::a_phone::raw(lived.path())
        .pragma_update(None, "application_id", 1)
        .unwrap();
    for (name, bytes) in bytes_in(lived.path()) {
        std::fs::write(left.path().join(name), bytes).unwrap();
    }
    drop(replica);
    let log = std::fs::metadata(left.path().join("records.db-wal")).unwrap();
    assert!(log.len() > 0, "the log was moved into the file already");
    left
}

#[test]
fn a_wrong_key_is_told_and_changes_nothing() {
    let dir = left_by_a_killed_process();
    let before = bytes_in(dir.path());
    let refused = Replica::open(dir.path(), another_key(), surroundings(1)).unwrap_err();
    assert_eq!(refused.code(), "wrong_key");
    assert_eq!(bytes_in(dir.path()), before);
    Replica::open(dir.path(), KEY, surroundings(1)).expect("the right key still opens it");
}

#[test]
fn a_wrong_key_is_told_where_the_last_process_closed_in_peace() {
    let dir = tempfile::tempdir().unwrap();
    drop(Replica::open(dir.path(), KEY, surroundings(1)).unwrap());
    let before = bytes_in(dir.path());
    let refused = Replica::open(dir.path(), another_key(), surroundings(1)).unwrap_err();
    assert!(matches!(refused, Error::WrongKey));
    assert_eq!(bytes_in(dir.path()), before);
}

#[test]
fn a_database_of_a_newer_app_is_told_and_left_as_it_is() {
    for dir in [left_by_a_killed_process(), tempfile::tempdir().unwrap()] {
        drop(Replica::open(dir.path(), KEY, surroundings(1)).unwrap());
        crate::a_phone::raw(dir.path())
            .pragma_update(None, "user_version", 1_000)
            .unwrap();
        let before = bytes_in(dir.path());
        let refused = Replica::open(dir.path(), KEY, surroundings(1)).unwrap_err();
        assert!(
            matches!(
                refused,
                Error::FutureDatabase {
                    found: 1_000,
                    known: 8
                }
            ),
            "{refused:?}"
        );
        assert_eq!(refused.code(), "future_database");
        assert_eq!(bytes_in(dir.path()), before);
    }
}

#[test]
fn what_is_damaged_is_told_as_damaged_and_never_taken_for_new() {
    let dir = tempfile::tempdir().unwrap();
    drop(Replica::open(dir.path(), KEY, surroundings(1)).unwrap());
    let file = dir.path().join("records.db");
    let whole = std::fs::read(&file).unwrap();
    let mut overwritten = whole.clone();
    overwritten[4_096..].fill(0x5a);
    for (what, damaged) in [
        ("emptied", &[][..]),
        ("cut within the first page", &whole[..1_000]),
        ("cut after two pages", &whole[..8_192]),
        ("cut within a page", &whole[..10_000]),
        ("overwritten", &overwritten),
    ] {
        std::fs::write(&file, damaged).unwrap();
        let told = Replica::open(dir.path(), KEY, surroundings(1)).and_then(|replica| replica.today());
        assert_eq!(told.unwrap_err().code(), "damaged", "{what}");
        assert!(
            std::fs::read(&file).unwrap() == damaged,
            "{what}: the file was changed"
        );
    }
}

#[test]
fn a_store_whose_main_file_is_gone_is_not_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("photos.db"), [0; 4_096]).unwrap();
    let refused = Replica::open(dir.path(), KEY, surroundings(1)).unwrap_err();
    assert_eq!(refused.code(), "damaged");
    assert!(!dir.path().join("records.db").exists());
}

#[test]
fn what_a_killed_process_began_to_make_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("records.db.new"), [0x5a; 5_000]).unwrap();
    Replica::open(dir.path(), KEY, surroundings(1)).unwrap();
    assert!(!dir.path().join("records.db.new").exists());
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("copy");
    let replica = Replica::open(&copy, KEY, surroundings(1)).unwrap();
    replica.today().unwrap();
    assert_eq!(mode(&copy), 0o700);
    let mut files = 0;
    for file in std::fs::read_dir(&copy).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        files += 1;
    }
    assert!(files >= 3, "the database and its log");
}

#[test]
fn nothing_in_the_file_can_be_read_without_the_key() {
    let dir = tempfile::tempdir().unwrap();
    drop(Replica::open(dir.path(), KEY, surroundings(1)).unwrap());
    let bytes = std::fs::read(dir.path().join("records.db")).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"));
    for word in [&b"CREATE TABLE"[..], b"household", b"waybill"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word));
    }
}

#[test]
fn a_phone_is_only_synced_by_one_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let app = Replica::open(dir.path(), KEY, surroundings(1)).unwrap();
    let worker = Replica::open(dir.path(), KEY, surroundings(2)).unwrap();
    let SyncLocked::Ours(lock) = app.sync_lock().unwrap() else {
        panic!("nobody else is syncing")
    };
    assert!(matches!(worker.sync_lock().unwrap(), SyncLocked::Elsewhere));
    assert!(matches!(app.sync_lock().unwrap(), SyncLocked::Elsewhere));
    drop(lock);
    assert!(matches!(worker.sync_lock().unwrap(), SyncLocked::Ours(_)));
}
