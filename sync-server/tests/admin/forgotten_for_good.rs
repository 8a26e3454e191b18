//! What was forgotten stays so: when a server is killed in the middle of it, and when its county is restored.

use saddlebag_records::fact::{Body, SideName, field, kinds};
use serde_json::Value;

use crate::forgetting::{
    NAME, NUMBER, PHONE, RECEIVER, TIP, assert_nowhere, deliver, forget, household, is_gone, parcel,
};
use crate::support::Folder;

#[test]
fn a_server_that_was_killed_in_the_middle_goes_on() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let numbers = folder.parcels(300);
    let cancel: Vec<&str> = ["cancel"]
        .into_iter()
        .chain(numbers.iter().map(String::as_str))
        .collect();
    folder.by("D01", &cancel).done();
    phone.sync().unwrap();
    server.kill();
    let server = folder.serve_later(500);
    let running = folder.start(&["--as", "D01", "forget", "run"]);
    while folder.tombstones() == 0 {
        std::thread::yield_now();
    }
    server.kill();
    drop(running.wait_with_output().unwrap());

    // A server that is started does it by itself; this waits until it has, or does the rest.
    let server = folder.serve_later(500);
    forget(&folder);
    assert_eq!(folder.tombstones(), 300);
    assert_nowhere(&folder, &["收件人".as_bytes(), "河西路一号".as_bytes()]);
    server.stop();
}

/// Restores the county, which no server has, from a backup.
fn restore(folder: &Folder, backup: &Value, how: &[&str]) {
    let file = backup["file"].as_str().unwrap();
    let mut keys = std::fs::read_dir(folder.path("keys")).unwrap();
    let key = keys
        .find_map(|key| {
            let key = key.unwrap().path();
            key.to_str().unwrap().ends_with("-backup.key").then_some(key)
        })
        .unwrap();
    let offset = folder.path("offset");
    let words = [
        "restore",
        "--from",
        file,
        "--key",
        key.to_str().unwrap(),
        "--clock-offset-file",
        offset.to_str().unwrap(),
    ];
    folder.admin(&[&words[..], how].concat()).done();
}

#[test]
fn a_restored_county_brings_back_nothing_that_was_forgotten() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let record = parcel(&folder, &mut phone, NUMBER, "");
    deliver(&mut phone, &record);
    phone.write_aliased(TIP, kinds::tip::REPORTED, Body::new().with(field::TIP_KIND, 1u16));
    phone.sync().unwrap();
    let backup = folder.admin(&["backup"]).done();
    folder
        .by("D01", &["tip", "reject", TIP, "--reason", "about_a_person"])
        .done();
    folder.later(366);
    forget(&folder);
    assert!(is_gone(&folder, &record));
    server.stop();

    restore(&folder, &backup, &[]);
    let server = folder.serve_later(366);
    phone.at(&server);
    assert!(is_gone(&folder, &record) && is_gone(&folder, TIP));
    assert_nowhere(&folder, &[NAME.as_bytes(), RECEIVER.as_bytes(), PHONE.as_bytes()]);
    assert_eq!(folder.tallies(), [("tip.about_a_person".to_owned(), 1)]);
    phone.sync().unwrap();
    assert!(!phone.holds(&record));
    assert!(is_gone(&folder, &record));
}

#[test]
fn without_its_journal_a_county_forgets_again_before_it_serves_anybody() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let record = parcel(&folder, &mut phone, NUMBER, "");
    deliver(&mut phone, &record);
    let backup = folder.admin(&["backup"]).done();
    server.stop();
    std::fs::rename(folder.home().join("journal"), folder.path("journal-gone")).unwrap();
    folder.later(366);

    restore(&folder, &backup, &["--without-journal"]);
    let server = folder.serve_later(366);
    phone.at(&server);
    phone.facts.clear();
    phone.sync().unwrap();
    assert!(!phone.holds(&record), "it is not confirmed");
    let number = phone.device().0.to_string();
    folder.by("M01", &["devices", "confirm", &number]).done();
    assert!(is_gone(&folder, &record));
    phone.sync().unwrap();
    assert!(!phone.holds(&record));
}

#[test]
fn what_is_damaged_is_forgotten_like_all_else_and_its_county_goes_on() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let (household, record) = household(&folder, &mut phone);
    phone.write(&household, kinds::household::ASKED_TO_BE_FORGOTTEN, Body::new());
    phone.sync().unwrap();
    deliver(&mut phone, &record);
    let database = folder.home().join("county.db");
    server.stop();
    Folder::damage(&database, "value", "side_value", &record);
    let server = folder.serve_later(0);
    forget(&folder);
    assert!(is_gone(&folder, &household));
    assert!(folder.sides(&record).is_empty(), "{:?}", folder.sides(&record));
    server.kill();
    folder.serve_later(0).stop();
}

#[test]
fn a_county_opens_although_what_its_journal_forgot_is_damaged() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let records = [NUMBER, "SBFORGET0002"].map(|number| {
        let record = parcel(&folder, &mut phone, number, "");
        deliver(&mut phone, &record);
        record
    });
    server.stop();
    let (database, old) = (folder.home().join("county.db"), folder.path("old.db"));
    std::fs::copy(&database, &old).unwrap();
    let server = folder.serve_later(366);
    forget(&folder);
    server.stop();

    std::fs::copy(&old, &database).unwrap();
    Folder::damage(&database, "bytes", "fact", &records[0]);
    let server = folder.serve_later(366);
    for record in &records {
        assert!(is_gone(&folder, record));
    }
    assert_nowhere(&folder, &[NAME.as_bytes(), RECEIVER.as_bytes()]);
    server.stop();
}

#[test]
fn what_leads_to_a_household_that_was_forgotten_comes_back_from_no_journal_and_no_late_fact() {
    let folder = Folder::with_county();
    let server = folder.serve_later(0);
    let mut phone = folder.phone(&server, "C01");
    let backup = folder.admin(&["backup"]).done();
    let (household, record) = household(&folder, &mut phone);
    phone.write(&household, kinds::household::ASKED_TO_BE_FORGOTTEN, Body::new());
    phone.sync().unwrap();
    deliver(&mut phone, &record);
    forget(&folder);
    assert!(is_gone(&folder, &household));
    assert_nowhere(&folder, &[PHONE.as_bytes()]);

    phone.write(&record, kinds::delivery::DAMAGED, Body::new());
    phone.hang(SideName::Phone, b"12400009903");
    phone.sync().unwrap();
    assert_eq!(folder.sides(&record), ["phone"]);
    assert_eq!(forget(&folder)["side_values"], 1);
    assert!(folder.sides(&record).is_empty());
    server.stop();

    restore(&folder, &backup, &[]);
    assert_nowhere(&folder, &[PHONE.as_bytes()]);
    let server = folder.serve_later(0);
    assert!(is_gone(&folder, &household) && !is_gone(&folder, &record));
    assert!(
        folder
            .sides(&record)
            .iter()
            .all(|side| *side == "pickup_code_hash")
    );
    server.stop();
}
