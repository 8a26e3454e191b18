//! Backups while phones push, and when they are taken.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use saddlebag_protocol::{Cursor, ErrorCode, Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_sync_server::backup::{BackupAt, take, take_due, verify};
use saddlebag_sync_server::store::{Moment, StoreError};

use crate::support::{Device, Server, send};

const DAY_MS: i64 = 24 * 3600 * 1000;

fn couriers(server: &Server, count: u8) -> Vec<Device> {
    let courier = |number| server.device(server.person(number, Role::Courier, None));
    (11..11 + count).map(courier).collect()
}

/// A parcel of a courier's own.
fn parcel(phone: u64, number: u64) -> RecordId {
    RecordId((u128::from(phone) << 64 | u128::from(number)).to_be_bytes())
}

#[test]
fn a_backup_is_whole_while_four_phones_push() {
    let server = Server::start();
    let (ended, pushed) = (AtomicBool::new(false), AtomicU64::new(0));
    let into = server.folder().join("backups");
    let (taken, facts) = std::thread::scope(|scope| {
        let mut pushing = Vec::new();
        for mut phone in couriers(&server, 4) {
            let (ended, pushed) = (&ended, &pushed);
            pushing.push(scope.spawn(move || {
                let mut number = 0;
                // Until the last backup has been taken, and once more.
                while !ended.load(Ordering::SeqCst) || number == 0 {
                    for _ in 0..5 {
                        number += 1;
                        let parcel = parcel(phone.number().0, number);
                        phone.write(parcel, kinds::delivery::LOADED_OUT, Body::new());
                    }
                    let outcomes = phone.sync();
                    assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Admitted));
                    pushed.fetch_add(5, Ordering::SeqCst);
                }
                number
            }));
        }
        let mut taken = Vec::new();
        for _ in 0..5 {
            let before = pushed.load(Ordering::SeqCst);
            server.outside.pass(1);
            taken.push((before, take(&server.county, &into).unwrap()));
            // They go on between any two.
            while pushed.load(Ordering::SeqCst) == before {
                std::thread::yield_now();
            }
        }
        ended.store(true, Ordering::SeqCst);
        let facts: u64 = pushing.into_iter().map(|phone| phone.join().unwrap()).sum();
        (taken, facts)
    });
    let key = server
        .folder()
        .join(format!("keys/{}-backup.key", server.county.id()));
    for (acknowledged, taken) in &taken {
        let verified = verify(&taken.file, &key).unwrap();
        assert!(verified.sound && verified.damaged == 0);
        assert!(
            verified.facts >= *acknowledged,
            "what was acknowledged before is in it"
        );
        assert_eq!((verified.facts, verified.covers), (taken.facts, taken.covers));
    }
    let last = taken.last().unwrap().1.clone();
    let backups = server.county.store().read_blocking(|tx| tx.backups());
    let noted = Result::<_, StoreError>::unwrap(backups).pop().unwrap();
    assert_eq!((noted.covers.0, noted.taken_ms), (last.covers, last.taken_ms));
    let counts = server.county.store().read_blocking(|tx| tx.counts());
    assert!(Result::<_, StoreError>::unwrap(counts).facts >= facts);
}

#[test]
fn phones_hear_what_is_covered_only_once_it_is() {
    let server = Server::start();
    let mut phone = couriers(&server, 1).remove(0);
    phone.write(parcel(1, 1), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    let ask = || phone.ask(&SyncRequest::default()).unwrap();
    assert_eq!((ask().watermark, ask().backup_time), (0, None));
    // Where the folder should be there is a file.
    let into = server.folder().join("taken");
    std::fs::write(&into, "").unwrap();
    assert!(take(&server.county, &into).is_err());
    assert_eq!(ask().watermark, 0);
    std::fs::remove_file(&into).unwrap();
    let taken = take(&server.county, &into).unwrap();
    assert_eq!(
        (ask().watermark, ask().backup_time),
        (taken.covers, Some(taken.taken_ms))
    );
    assert_eq!(ask().position, taken.covers);
}

#[test]
fn one_without_commits_that_went_missing_counts_for_nothing() {
    let server = Server::start();
    let mut phone = couriers(&server, 1).remove(0);
    phone.write(parcel(1, 1), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    let backups = server.state.counties.backups();
    let mut counties = std::fs::read_dir(backups.with_file_name("counties")).unwrap();
    let its_folder = counties.next().unwrap().unwrap().path();
    std::fs::write(its_folder.join("commits-missing"), "").unwrap();
    let taken = take(&server.county, &server.folder().join("taken")).unwrap();
    assert_eq!(taken.damaged, 0, "what there is looks sound");
    assert!(taken.covers > 0);
    assert_eq!(phone.ask(&SyncRequest::default()).unwrap().watermark, 0);
}

#[test]
fn one_is_taken_each_day_and_its_age_is_told() {
    let server = Server::start();
    let at: BackupAt = "03:00".parse().unwrap();
    let count = || std::fs::read_dir(server.state.counties.backups()).map_or(0, Iterator::count);
    let get = |path: &str| send(server.address, "GET", path, &[], b"").text();
    assert!(take_due(&server.state.counties, at));
    assert_eq!(count(), 0, "it was founded after the time of today");
    server.outside.pass(DAY_MS);
    for _ in 0..2 {
        assert!(take_due(&server.state.counties, at));
        assert_eq!(count(), 1);
    }
    assert!(get("/readyz").contains(r#""backup_overdue":0"#));
    server.outside.pass(60_000);
    let age = format!(
        "saddlebag_backup_age_seconds{{county=\"{}\"}} 60",
        server.county.id()
    );
    assert!(get("/metrics").contains(&age), "{}", get("/metrics"));
    for _ in 0..40 {
        server.outside.pass(DAY_MS);
        assert!(take_due(&server.state.counties, at));
    }
    assert_eq!(count(), 31, "those of thirty days");
}

/// Begins an epoch after the log's newest row, as a restore does.
fn another_epoch(server: &Server) {
    let begun = server.county.store().write(Moment::default(), |tx| {
        let own = tx.take_device_number()?;
        tx.start_epoch(*b"restored", own, ActorId([9; 16]))
    });
    Result::<_, StoreError>::unwrap(begun.wait());
}

#[test]
fn a_push_waits_until_its_device_has_gone_back() {
    let server = Server::start();
    let mut phone = couriers(&server, 1).remove(0);
    phone.write(parcel(1, 1), kinds::delivery::LOADED_OUT, Body::new());
    phone.sync();
    let known = phone.ask(&SyncRequest::default()).unwrap().cursor.unwrap();
    another_epoch(&server);
    phone.write(parcel(1, 2), kinds::delivery::LOADED_OUT, Body::new());
    let push = phone.push_from(2, &[]);
    let request = |checkpoints: Option<Vec<Cursor>>| SyncRequest {
        cursor: Some(known),
        push: Some(push.clone()),
        checkpoints,
        ..SyncRequest::default()
    };
    let answer = phone.ask(&request(None)).unwrap();
    assert_eq!(
        (answer.code, answer.receipts),
        (Some(ErrorCode::UnknownCursor), None)
    );
    let answer = phone.ask(&request(Some(vec![known]))).unwrap();
    assert_eq!((answer.receipts, answer.went_back), (None, Some(known)));
    let cursor = answer.cursor.unwrap();
    assert_eq!(cursor.epoch, *b"restored");
    let answer = phone
        .ask(&SyncRequest {
            cursor: Some(cursor),
            push: Some(push),
            ..SyncRequest::default()
        })
        .unwrap();
    assert_eq!(answer.receipts.unwrap().facts[0].outcome, Outcome::Admitted);
}

#[test]
fn a_device_that_lacks_what_the_county_lost_too_gets_another_number() {
    let server = Server::start();
    let mut phone = couriers(&server, 1).remove(0);
    phone.write(parcel(1, 1), kinds::delivery::LOADED_OUT, Body::new());
    phone.write(parcel(1, 2), kinds::delivery::LOADED_OUT, Body::new());
    let from_second = SyncRequest {
        push: Some(phone.push_from(2, &[])),
        ..SyncRequest::default()
    };
    another_epoch(&server);
    let answer = phone.ask(&from_second).unwrap();
    assert_eq!(answer.code, Some(ErrorCode::Forked));
}
