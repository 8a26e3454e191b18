//! What is safe at the county, and what this device is.

use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::sync::Patience;
use saddlebag_replica::{Error, Lane, LastSync, NewTip, Replica, ScanFor, SyncOptions};

use crate::a_phone::{KEY, MORNING_MS, Phone, STATION, person, surroundings};
use crate::county::County;
use crate::records_given::*;

#[test]
fn it_says_how_many_records_are_here_and_how_many_wait() {
    let (phone, mut county) = (Phone::with_one_time_numbers(1, "courier", 0), County::default());
    for number in 2..=4 {
        delivery(&mut county, number, &[]);
    }
    place(&mut county, STATION, &[("zh-Hans", "站点")], &[]);
    give(
        &mut county,
        RecordKind::Colleague,
        person(1).into(),
        &[PlanEdit::set("name", "我")],
    );
    county.sync(&phone);
    let safety = phone.safety().unwrap();
    assert_eq!(
        (safety.records, safety.waiting_records),
        (3, 0),
        "places and colleagues are not counted"
    );
    assert_eq!(safety.county_answered_ms, Some(MORNING_MS));

    phone
        .scan("YT100000003", ScanFor::LoadingOut { place: None })
        .unwrap();
    phone.edit(id(2), &[PlanEdit::note("notes", "门口有狗")]).unwrap();
    phone
        .report(&NewTip {
            kind: 1,
            ..NewTip::default()
        })
        .unwrap();
    phone.keep_photo(Lane::Photo, b"a photo").unwrap();
    let safety = phone.safety().unwrap();
    assert_eq!((safety.records, safety.waiting_records), (4, 3));
    assert_eq!((safety.waiting_facts, safety.waiting_edits), (2, 1));
    assert_eq!(safety.waiting_for_a_number, 1);
    assert_eq!((safety.photos, safety.photo_bytes), (1, 7));
    county.sync(&phone);
    assert_eq!(
        phone.safety().unwrap().waiting_facts,
        1,
        "the tip waits on for its number"
    );
}

#[test]
fn how_the_last_session_ended_is_remembered() {
    let phone = Phone::of_courier(1);
    assert_eq!(phone.safety().unwrap().last_sync, None);
    // Nobody listens on a port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let ended = |address: String, at_ms| {
        let options = SyncOptions {
            address: Some(address),
            patience: Patience {
                failures: 1,
                ..Patience::default()
            },
            tries_unanswered: 1,
            ..SyncOptions::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let code = runtime.block_on(phone.sync(options)).unwrap_err().code();
        let last = phone.safety().unwrap().last_sync;
        assert_eq!(
            last,
            Some(LastSync {
                at_ms,
                code: Some(code.to_owned())
            })
        );
        code
    };
    assert_eq!(ended(format!("http://{free}"), MORNING_MS), "unreachable");
    phone.clock.pass(60_000);
    assert_eq!(ended("nowhere".to_owned(), MORNING_MS + 60_000), "bad_address");
}

#[test]
fn a_session_that_was_cancelled_is_remembered_as_that() {
    let phone = Phone::of_courier(1);
    // It listens and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let options = SyncOptions {
        address: Some(format!("http://{}", silent.local_addr().unwrap())),
        ..SyncOptions::default()
    };
    options.cancel.cancel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ended = runtime.block_on(phone.sync(options));
    assert_eq!(ended.unwrap_err().code(), "cancelled");
    assert_eq!(
        phone.safety().unwrap().last_sync,
        Some(LastSync {
            at_ms: MORNING_MS,
            code: Some("cancelled".to_owned())
        })
    );
}

#[test]
fn a_device_tells_whose_it_is_and_how_large() {
    let (phone, mut county) = (Phone::of(7, "clerk"), County::default());
    place(
        &mut county,
        STATION,
        &[("zh-Hans", "站点"), ("en", "Station")],
        &[],
    );
    county.sync(&phone);
    let device = phone.this_device().unwrap();
    assert_eq!((device.device.0, device.person.id), (7, person(7)));
    assert_eq!(
        (device.person.role.as_str(), device.person.station),
        ("clerk", Some(STATION))
    );
    assert_eq!(device.station_names["en"], "Station");
    assert_eq!(device.server, "https://county.example");
    assert_eq!(device.county.to_string(), "01010101-0101-0101-0101-010101010101");
    assert!(device.clock_is_sure);
    phone.clock.reboot();
    assert!(
        !phone.this_device().unwrap().clock_is_sure,
        "nobody said what time it is since"
    );
    let on_disk = phone.dir.path().join("records.db").metadata().unwrap().len();
    assert!(device.store_bytes >= on_disk);
}

#[test]
fn before_enrolment_it_is_nobodys_and_nothing_waits() {
    let dir = tempfile::tempdir().unwrap();
    let replica = Replica::open(dir.path(), KEY, surroundings(1)).unwrap();
    assert!(matches!(replica.this_device(), Err(Error::NotEnrolled)));
    let safety = replica.safety().unwrap();
    assert_eq!(
        (safety.records, safety.waiting_facts, safety.county_answered_ms),
        (0, 0, None)
    );
}
