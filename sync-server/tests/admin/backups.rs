use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};

use crate::support::Folder;

const NAME: &str = "江沙棘";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The only county of a folder.
fn home(folder: &Folder) -> PathBuf {
    let counties = std::fs::read_dir(folder.data().join("counties")).unwrap();
    let counties = counties.map(|entry| entry.unwrap().path());
    let mut counties: Vec<PathBuf> = counties.filter(|path| !is_hidden(path)).collect();
    assert_eq!(counties.len(), 1);
    counties.remove(0)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().unwrap().to_str().unwrap().starts_with('.')
}

fn key(folder: &Folder) -> PathBuf {
    let county = home(folder).file_name().unwrap().to_str().unwrap().to_owned();
    folder.path("keys").join(format!("{county}-backup.key"))
}

fn backup(folder: &Folder) -> PathBuf {
    let told = folder.admin(&["backup"]).done();
    PathBuf::from(told["file"].as_str().unwrap())
}

fn verify(folder: &Folder, file: &Path, key: &Path) -> crate::support::Ran {
    folder.admin(&["backup", "--verify", text(file), "--key", text(key)])
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    files
}

/// What the journal's files hold, by their names.
fn journal(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let named = files(folder).into_iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    });
    named.collect()
}

fn code_of(output: &Output) -> String {
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    said.split(": ").nth(1).unwrap().to_owned()
}

fn cannot_serve(folder: &Folder, words: &[&str]) -> String {
    let words = [&["serve", "--listen", "127.0.0.1:0", "--log", "off"], words].concat();
    code_of(&folder.program(&words))
}

#[test]
fn a_backup_is_taken_beside_a_server_and_opens_with_the_operators_key_alone() {
    let folder = Folder::with_county();
    folder.parcels(20);
    let server = folder.serve();
    let file = backup(&folder);
    assert!(file.starts_with(folder.data().join("backups")));
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let bytes = std::fs::read(&file).unwrap();
    for plain in [NAME.as_bytes(), b"county.db", b"SQLite format 3"] {
        assert!(!bytes.windows(plain.len()).any(|part| part == plain));
    }

    let seen = verify(&folder, &file, &key(&folder)).done();
    assert_eq!((&seen["sound"], &seen["damaged"]), (&json!(true), &json!(0)));
    assert!(seen["facts"].as_u64().unwrap() >= 20, "{seen}");
    assert_eq!(
        files(file.parent().unwrap()),
        std::slice::from_ref(&file),
        "nothing is left unpacked"
    );
    let liaison = text(&key(&folder)).replace("-backup.key", "-liaison.key");
    assert_eq!(
        verify(&folder, &file, Path::new(&liaison)).code(),
        "backup_no_key"
    );
    let others = Folder::with_county();
    assert_eq!(verify(&folder, &file, &key(&others)).code(), "backup_other_key");
    assert_eq!(
        verify(&folder, &folder.path("none"), &key(&folder)).code(),
        "no_such_file"
    );
    for at in [bytes.len() / 3, bytes.len() - 1] {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        assert_eq!(verify(&folder, &file, &key(&folder)).code(), "backup_damaged");
    }
    std::fs::write(&file, &bytes[..bytes.len() - 20]).unwrap();
    assert_eq!(verify(&folder, &file, &key(&folder)).code(), "backup_damaged");
    server.stop();
}

#[test]
fn a_backup_opens_a_segment_and_two_of_them_let_what_is_sealed_go() {
    let folder = Folder::with_county();
    let in_journal = || -> Vec<String> {
        let files = journal(&home(&folder).join("journal")).into_iter();
        files.map(|(name, _)| name).collect()
    };
    let sealed = |segment: usize| {
        let path = home(&folder).join(format!("journal/{segment:06}.sealed"));
        std::fs::metadata(path).map(|file| file.len())
    };
    assert_eq!(in_journal(), ["000001.log", "000001.sealed"]);
    assert!(sealed(1).unwrap() > 0);
    backup(&folder);
    folder.parcels(1);
    assert!(sealed(2).unwrap() > 0);
    backup(&folder);
    assert!(
        sealed(1).is_ok(),
        "what was written while the first was taken is in the second alone"
    );
    backup(&folder);
    assert!(sealed(1).is_err());
    assert_eq!(
        in_journal(),
        [
            "000001.log",
            "000002.log",
            "000002.sealed",
            "000003.log",
            "000003.sealed",
            "000004.log",
            "000004.sealed"
        ]
    );
    let names = journal(&home(&folder).join("journal"));
    let plain = |bytes: &[u8]| bytes.windows(NAME.len()).any(|part| part == NAME.as_bytes());
    assert!(!names.iter().any(|(_, bytes)| plain(bytes)));
}

#[test]
fn a_backup_that_is_killed_leaves_nothing_under_its_name() {
    let folder = Folder::with_county();
    folder.parcels(1_500);
    let backups = folder.data().join("backups");
    let mut killed = 0;
    for _ in 0..40 {
        let mut taking = folder.start(&["backup"]);
        // The file is there under another name as soon as it is begun.
        let is_begun = || files(&backups).iter().any(|path| is_hidden(path));
        while !is_begun() && taking.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        taking.kill().unwrap();
        taking.wait().unwrap();
        let left = files(&backups);
        if left.iter().any(|path| is_hidden(path)) {
            killed += 1;
            assert!(left.iter().all(|path| is_hidden(path)), "{left:?}");
            break;
        }
        for path in left {
            std::fs::remove_file(path).unwrap();
        }
    }
    assert_eq!(killed, 1, "no backup was met while it was taken");
    let file = backup(&folder);
    assert_eq!(
        files(&backups),
        std::slice::from_ref(&file),
        "the next one clears up"
    );
    assert_eq!(
        files(&home(&folder))
            .iter()
            .filter(|path| is_hidden(path))
            .count(),
        0
    );
    assert_eq!(verify(&folder, &file, &key(&folder)).done()["sound"], true);
}

#[test]
fn a_county_without_its_journal_is_not_served() {
    let folder = Folder::with_county();
    let (copy, data) = (folder.path("journal-copy"), folder.data());
    let with_copy = ["--journal-copy", text(&copy)];
    folder.serve_with(&with_copy).stop();
    let in_copy = copy.join(home(&folder).file_name().unwrap());
    let its = home(&folder).join("journal");
    assert_eq!(journal(&its), journal(&in_copy));

    // What is written without the copy it gets when it is there again.
    folder.parcels(3);
    assert_ne!(journal(&its), journal(&in_copy));
    let server = folder.serve_with(&with_copy);
    assert_eq!(journal(&its), journal(&in_copy));
    folder.phone(&server, "C01");
    assert_eq!(journal(&its), journal(&in_copy));
    server.stop();

    std::fs::rename(&its, folder.path("moved")).unwrap();
    assert_eq!(cannot_serve(&folder, &[]), "journal_missing");
    assert_eq!(cannot_serve(&folder, &with_copy), "journal_missing");
    assert_eq!(folder.admin(&["devices", "list"]).code(), "journal_missing");
    assert!(!its.exists(), "none is made");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([&in_copy, &its])
        .status();
    assert!(copied.unwrap().success());
    folder.serve_with(&with_copy).stop();

    // One that does not know of the last phone would give its number away again.
    let line = std::fs::read_to_string(its.join("000001.log")).unwrap();
    let without_last: String = line.split_inclusive('\n').take(2).collect();
    std::fs::write(its.join("000001.log"), without_last).unwrap();
    assert_eq!(cannot_serve(&folder, &[]), "journal_behind");
    folder.serve_with(&with_copy).stop();
    assert!(data.is_dir());
}

#[test]
fn an_old_database_that_is_put_back_by_hand_revives_nobody() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    phone.sync().unwrap();
    server.stop();
    let (database, old) = (home(&folder).join("county.db"), folder.path("old.db"));
    std::fs::copy(&database, &old).unwrap();
    let server = folder.serve();
    let revoked = phone.enrolled.device.to_string();
    folder.by("M01", &["device", "revoke", &revoked]).done();
    let last = folder.phone(&server, "C02").enrolled.device;
    server.stop();
    std::fs::copy(&old, &database).unwrap();
    let server = folder.serve();
    phone.at(&server);
    assert_eq!(phone.sync(), Err("revoked".to_owned()));
    assert!(folder.phone(&server, "C02").enrolled.device > last);
}

#[test]
fn a_restored_county_has_what_its_own_people_wrote_since_the_backup() {
    let folder = Folder::with_county();
    let parcels = folder.parcels(2);
    let server = folder.serve();
    let mut old = folder.phone(&server, "C01");
    old.sync().unwrap();
    let file = backup(&folder);

    folder.by("D01", &["assign", &parcels[0], "C01"]).done();
    let added = [
        "people",
        "add",
        "--name",
        "新人",
        "--role",
        "courier",
        "--key",
        "N01",
        "--station",
        "S001",
    ];
    folder.by("M01", &added).done();
    folder.by("M01", &["people", "revoke", "C03"]).done();
    folder.look("D01", &["show", &parcels[1]]).done();
    let mut new = folder.phone(&server, "N01");
    new.sync().unwrap();
    folder
        .by("M01", &["device", "revoke", &old.enrolled.device.to_string()])
        .done();
    let people = folder.admin(&["people", "list"]).done();
    let audited = folder.audited();
    let plan = |folder: &Folder| folder.look("D01", &["show", &parcels[0]]).done()["plan"].clone();
    let assigned = plan(&folder);
    server.kill();

    let home = home(&folder);
    for name in ["county.db", "county.db-wal", "county.db-shm"] {
        let _ = std::fs::remove_file(home.join(name));
    }
    let key = key(&folder);
    let restore = ["restore", "--from", text(&file), "--key", text(&key)];
    let told = folder.admin(&restore).done();
    assert_eq!(
        (&told["lacking"], &told["journal_reaches"], &told["unconfirmed"]),
        (&json!(0), &json!(true), &json!(0))
    );
    let server = folder.serve();
    assert_eq!(folder.admin(&restore).code(), "folder_locked");
    assert_eq!(folder.admin(&["people", "list"]).done(), people);
    assert_eq!(folder.audited()[..audited.len()], audited);
    assert_eq!(plan(&folder), assigned);
    old.at(&server);
    assert_eq!(old.sync(), Err("revoked".to_owned()));
    // Its token is known, and so is its number, which nobody else gets.
    new.at(&server);
    assert_eq!(new.sync(), Ok(vec![]));
    let next = folder.phone(&server, "C02");
    assert!(
        next.enrolled.device > new.enrolled.device + 1,
        "the county took one for itself"
    );
    server.stop();

    // Done again it comes to the same.
    let people = folder.admin(&["people", "list"]).done();
    folder.admin(&restore).done();
    assert_eq!(folder.admin(&["people", "list"]).done(), people);
    assert_eq!(plan(&folder), assigned);
}

#[test]
fn a_county_whose_journal_is_lost_serves_nobody_who_is_not_confirmed() {
    let folder = Folder::with_county();
    let parcels = folder.parcels(1);
    folder.by("D01", &["assign", &parcels[0], "C01"]).done();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    phone.sync().unwrap();
    let (file, key) = (backup(&folder), key(&folder));
    let (saved, kept) = (folder.path("saved"), folder.path("kept.key"));
    std::fs::copy(file, &saved).unwrap();
    std::fs::copy(key, &kept).unwrap();
    server.kill();
    let restore = ["restore", "--from", text(&saved), "--key", text(&kept)];
    let without = [&restore[..], &["--without-journal"]].concat();
    assert_eq!(folder.admin(&without).code(), "journal_there");

    std::fs::remove_dir_all(folder.data()).unwrap();
    assert_eq!(folder.admin(&restore).code(), "journal_missing");
    let told = folder.admin(&without).done();
    assert_eq!(told["unconfirmed"], 1);
    let server = folder.serve();
    phone.at(&server);
    let old = phone.enrolled.device;
    let confirm = |device: u64| folder.by("M01", &["devices", "confirm", &device.to_string()]);
    assert_eq!(confirm(old).code(), "wrong_state", "it has not spoken");

    let household = "01990000-0000-7000-8000-000000000002";
    phone.write(
        household,
        saddlebag_records::fact::kinds::household::REGISTERED,
        saddlebag_records::fact::Body::new(),
    );
    phone.facts.clear();
    assert_eq!(phone.sync().unwrap(), [saddlebag_protocol::Outcome::Admitted]);
    assert!(phone.enrolled.device > old + 1_000, "no number is given twice");
    assert!(phone.facts.is_empty(), "nothing is served");
    let state = |folder: &Folder| -> Vec<Value> {
        let devices = folder.admin(&["devices", "list"]).done();
        let devices = devices.as_array().unwrap().iter();
        devices.map(|device| device["state"].clone()).collect()
    };
    assert_eq!(state(&folder), ["unconfirmed", "unconfirmed"]);
    assert_eq!(
        folder.by("D01", &["devices", "confirm", "1"]).code(),
        "role_may_not"
    );
    confirm(phone.enrolled.device).done();
    phone.sync().unwrap();
    assert!(!phone.facts.is_empty(), "what it may see comes");
}

#[test]
fn a_restore_that_is_refused_or_killed_leaves_nothing_unpacked() {
    let folder = Folder::with_county();
    folder.serve().stop();
    let (file, key, home) = (backup(&folder), key(&folder), home(&folder));
    let restore = ["restore", "--from", text(&file), "--key", text(&key)];
    let restoring = folder.data().join("counties/.restoring");
    let refused = |words: &[&str], code: &str| {
        assert_eq!(folder.admin(words).code(), code);
        assert!(!restoring.exists(), "{code}: {:?}", files(&restoring));
    };
    refused(&[&restore[..], &["--without-journal"]].concat(), "journal_there");
    let log = home.join("journal/000001.log");
    let lines = std::fs::read_to_string(&log).unwrap();
    let first: String = lines.split_inclusive('\n').take(1).collect();
    std::fs::write(&log, first).unwrap();
    refused(&restore, "journal_behind");
    std::fs::write(&log, lines).unwrap();
    std::fs::rename(home.join("journal"), folder.path("moved")).unwrap();
    refused(&restore, "journal_missing");
    std::fs::rename(folder.path("moved"), home.join("journal")).unwrap();

    std::fs::create_dir_all(restoring.join("keys")).unwrap();
    std::fs::copy(home.join("county.db"), restoring.join("county.db")).unwrap();
    std::fs::copy(home.join("keys/keys.json"), restoring.join("keys/keys.json")).unwrap();
    folder.serve().stop();
    assert!(!restoring.exists(), "a server that is started clears up");
    assert_eq!(folder.admin(&restore).done()["journal_reaches"], json!(true));
    assert!(!restoring.exists());
}
