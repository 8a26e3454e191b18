use saddlebag_protocol::Outcome;
use saddlebag_records::fact::{Body, kinds};
use serde_json::{Value, json};

use crate::support::{Folder, Phone, Serving};

const HOUSEHOLD: &str = "01990000-0000-7000-8000-000000000002";

fn device(folder: &Folder, phone: &Phone) -> Value {
    let devices = folder.admin(&["devices", "list"]).done();
    let number = phone.enrolled.device;
    devices
        .as_array()
        .unwrap()
        .iter()
        .find(|listed| listed["device"] == number)
        .unwrap()
        .clone()
}

#[test]
fn devices_tell_what_they_still_hold() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    phone.write(HOUSEHOLD, kinds::household::REGISTERED, Body::new());
    phone.sync().unwrap();
    let listed = device(&folder, &phone);
    assert_eq!(
        (&listed["unsent_facts"], &listed["unsent_photos"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(
        (&listed["facts_here"], &listed["clock_error_ms"]),
        (&json!(1), &json!(-120))
    );
    assert_eq!(
        (&listed["state"], &listed["role"]),
        (&json!("active"), &json!("courier"))
    );
    assert!(listed["last_seen_ms"].is_number());
    let text = folder.text(&["devices", "list"]);
    assert!(text.starts_with("device\tperson\tname\trole\tstate"), "{text}");
}

/// The lines of the county's journal.
fn journal(folder: &Folder) -> String {
    let told = folder.admin(&["county", "list"]).done();
    let county = folder
        .data()
        .join("counties")
        .join(told[0]["county"].as_str().unwrap());
    std::fs::read_to_string(county.join("journal/000001.log")).unwrap()
}

#[test]
fn a_revoked_device_may_do_nothing_and_stays_so() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let mut phone = folder.phone(&server, "C01");
    phone.sync().unwrap();
    let number = phone.enrolled.device.to_string();
    assert_eq!(
        folder.by("C01", &["device", "revoke", &number]).code(),
        "role_may_not"
    );
    assert_eq!(
        folder.by("M01", &["device", "revoke", "999"]).code(),
        "no_such_device"
    );
    folder.by("M01", &["device", "revoke", &number]).done();
    assert_eq!(phone.sync(), Err("revoked".to_owned()));
    assert_eq!(
        folder.by("M01", &["device", "lost", &number]).code(),
        "wrong_state"
    );
    folder.by("M01", &["device", "revoke", &number]).done();
    assert_eq!(journal(&folder).matches("revoked").count(), 1);
    server.kill();
    let server = folder.serve();
    phone.at(&server);
    assert_eq!(phone.sync(), Err("revoked".to_owned()));
}

/// A lost phone that brings a household with a phone number.
fn lost_phone(folder: &Folder, server: &Serving) -> (Phone, u64) {
    let mut phone = folder.phone(server, "C01");
    phone.sync().unwrap();
    folder
        .by("M01", &["device", "lost", &phone.enrolled.device.to_string()])
        .done();
    phone.write(HOUSEHOLD, kinds::household::REGISTERED, Body::new());
    phone.write(HOUSEHOLD, kinds::household::PHONE_GIVEN, Body::new());
    phone.with_phone("12400000042");
    let outcomes = phone.sync().unwrap();
    assert!(
        outcomes.iter().all(|outcome| matches!(outcome, Outcome::Held(_))),
        "{outcomes:?}"
    );
    let held = folder.admin(&["held", "list", "--state", "quarantined"]).done();
    let first = held
        .as_array()
        .unwrap()
        .iter()
        .find(|held| held["what"] == "fact")
        .unwrap();
    assert_eq!(
        (&first["reason"], &first["device"]),
        (&json!("lost_device"), &json!(phone.enrolled.device))
    );
    assert!(!held.to_string().contains("12400000042"));
    (phone, first["held"].as_u64().unwrap())
}

#[test]
fn what_a_lost_device_brings_is_kept_apart_until_somebody_looked_at_it() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let (phone, first) = lost_phone(&folder, &server);
    let number = phone.enrolled.device;
    folder.by("M01", &["device", "lost", &number.to_string()]).done();
    let lost = format!("{{\"lost\":{{\"device\":{number}}}}}");
    assert_eq!(
        journal(&folder).matches(&lost).count(),
        1,
        "once, where no restore undoes it"
    );
    let held = first.to_string();
    assert_eq!(folder.by("D01", &["held", "show", &held]).code(), "why_missing");
    assert_eq!(
        folder.look("C02", &["held", "show", &held]).code(),
        "role_may_not"
    );
    assert_eq!(
        folder.look("D01", &["held", "show", "999"]).code(),
        "no_such_held"
    );
    assert_eq!(
        folder.admin(&["held", "list", "--state", "lost"]).code(),
        "bad_value"
    );
    let shown = folder.look("D01", &["held", "show", &held]).done();
    assert_eq!(shown["fact"]["kind"], "household.registered");
    let listed = folder.admin(&["held", "list"]).done();
    let of = |held: u64| {
        listed
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["held"] == held)
            .unwrap()
            .clone()
    };
    assert!(of(first)["looked_at_ms"].is_number());
    assert_eq!(folder.audited(), ["held_shown"]);
}

#[test]
fn a_held_fact_that_is_released_counts_with_what_hangs_on_it() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let (_, first) = lost_phone(&folder, &server);
    folder
        .look("D01", &["held", "release", &first.to_string()])
        .done();
    assert_eq!(
        folder
            .look("D01", &["held", "release", &first.to_string()])
            .code(),
        "no_such_held"
    );
    let rest = folder.admin(&["held", "list"]).done();
    let fact = rest
        .as_array()
        .unwrap()
        .iter()
        .find(|held| held["what"] == "fact")
        .unwrap()["held"]
        .to_string();
    folder.look("D01", &["held", "release", &fact]).done();
    assert_eq!(folder.admin(&["held", "list"]).done(), json!([]));
    let shown = folder.look("D01", &["show", HOUSEHOLD]).done();
    let kinds: Vec<&str> = shown["facts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fact| fact["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["household.registered", "household.phone_given"]);
    assert_eq!(
        folder.audited(),
        ["held_released", "held_released", "record_shown"]
    );
}

#[test]
fn a_held_fact_that_is_dropped_is_gone() {
    let folder = Folder::with_county();
    let server = folder.serve();
    let (_, first) = lost_phone(&folder, &server);
    folder.look("D01", &["held", "drop", &first.to_string()]).done();
    assert_eq!(
        folder.look("D01", &["held", "show", &first.to_string()]).code(),
        "no_such_held"
    );
    assert_eq!(folder.look("D01", &["show", HOUSEHOLD]).code(), "no_such_record");
    assert_eq!(folder.audited(), ["held_dropped"]);
    let log = folder.log();
    assert!(!log.contains("12400000042") && !log.contains(HOUSEHOLD), "{log}");
}
