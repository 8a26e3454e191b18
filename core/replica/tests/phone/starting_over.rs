//! Restored counties, devices that enrol again, and what is told once.

use ed25519_dalek::SigningKey;
use saddlebag_protocol::{Cursor, Key, KeyList, KeyPurpose, Outcome};
use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_replica::{Answer, NewFact};

use crate::a_phone::{MORNING_MS, Phone, enrolment, signed_by, signed_with, signing_keys};
use crate::county::County;
use crate::one_parcel::*;

#[test]
fn a_restored_county_is_offered_again_what_no_backup_covered() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    load(&phone);
    county.sync(&phone);
    county.watermark = county.position();
    county.sync(&phone);
    phone.record(delivered()).unwrap();
    county.sync(&phone);
    assert!(phone.pending(usize::MAX).unwrap().is_empty());

    let cursor = Cursor {
        epoch: [10; 8],
        seq: 1,
        nonce: [0; 8],
        within: 0,
    };
    let answer = Answer {
        county_time_ms: MORNING_MS,
        cursor: Some(cursor),
        ..Answer::default()
    };
    phone.apply(&answer).unwrap();
    let again = phone.pending(usize::MAX).unwrap();
    assert_eq!(again.facts.iter().map(|fact| fact.id.n).collect::<Vec<_>>(), [2]);
    assert!(again.chain.is_some() && again.changes.is_empty());
    assert_eq!(phone.only_here().unwrap().facts, 1);
}

#[test]
fn a_device_that_enrols_again_keeps_all_and_writes_anew_what_is_missing() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.sync(&phone);
    let handed = phone.record(delivered()).unwrap();
    phone.correct(handed, None).unwrap();
    let was = phone.pending(usize::MAX).unwrap().facts;

    let mut again = enrolment(&phone.replica, 1, "courier", 4);
    again.answer.device = 41;
    phone.keep_enrolment(&again).unwrap();
    let anew = phone.pending(usize::MAX).unwrap();
    assert_eq!(
        anew.facts
            .iter()
            .map(|fact| (fact.id.device.0, fact.id.n))
            .collect::<Vec<_>>(),
        [(41, 1), (41, 2)]
    );
    for (new, old) in anew.facts.iter().zip(&was) {
        let called = new.was.unwrap();
        assert_eq!((called.id, called.hash), (old.id, old.hash()));
    }
    assert_eq!(anew.facts[1].body.fact(field::FACT), Some(anew.facts[0].id));
    assert_eq!(anew.facts[1].after, [anew.facts[0].id]);
    county.sync(&phone);
    assert_eq!(phone.show(parcel()).unwrap().facts.len(), 4);

    let mut elsewhere = enrolment(&phone.replica, 1, "courier", 0);
    elsewhere.answer.county = [2; 16];
    assert_eq!(
        phone.keep_enrolment(&elsewhere).unwrap_err().code(),
        "enrolled_elsewhere"
    );
}

/// The county's id and a person's are no secret: whoever knows them may answer as if they were the county.
#[test]
fn a_stranger_that_passes_for_the_county_takes_no_store_over() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    let (was, unsent) = (
        phone.identity().unwrap().unwrap(),
        phone.pending(usize::MAX).unwrap(),
    );
    let strangers = SigningKey::from_bytes(&[0x66; 32]);
    for id in [1, 2, 7] {
        let list = KeyList {
            version: 9,
            keys: vec![Key {
                id,
                purpose: KeyPurpose::Signing,
                key: strangers.verifying_key().to_bytes(),
            }],
        };
        let mut again = enrolment(&phone.replica, 1, "courier", 4);
        again.server = "https://stranger.example".to_owned();
        again.answer.device = 66;
        again.answer.keys = signed_with(&strangers, id, &list);
        let refused = phone.keep_enrolment(&again).unwrap_err();
        assert_eq!(refused.code(), "enrolled_elsewhere");
    }
    let is = phone.identity().unwrap().unwrap();
    assert_eq!(
        (is.device, &is.server, &is.token),
        (was.device, &was.server, &was.token)
    );
    assert_eq!(is.key_list, was.key_list);
    assert_eq!(phone.pending(usize::MAX).unwrap().facts, unsent.facts);
    county.sync(&phone);
}

#[test]
fn a_county_that_changed_its_signing_key_enrols_a_device_again() {
    let phone = Phone::of_courier(1);
    for (device, version, signs, keys) in [(41, 1, 1, [1, 2]), (42, 2, 2, [2, 3]), (43, 3, 3, [3, 4])] {
        let list = KeyList {
            version,
            keys: signing_keys(keys),
        };
        let mut again = enrolment(&phone.replica, 1, "courier", 0);
        again.answer.device = device;
        again.answer.keys = signed_by(signs, &list);
        phone.keep_enrolment(&again).unwrap();
        let is = phone.identity().unwrap().unwrap();
        assert_eq!((is.device, is.keys()), (DeviceNumber(device), Some(list)));
    }
}

#[test]
fn checkpoints_are_spaced_by_powers_of_two() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    for _ in 0..100 {
        county.write(
            RecordId([0x77; 16]),
            &[],
            Some((kinds::place::OPENED, Body::new())),
        );
        county.sync(&phone);
    }
    assert_eq!(
        phone.asking("test 1", None, &[]).unwrap().cursor.unwrap().seq,
        100
    );
    let older: Vec<u64> = phone
        .checkpoints()
        .unwrap()
        .iter()
        .map(|cursor| cursor.seq)
        .collect();
    assert!(older.len() <= 32 && older.len() >= 5, "{older:?}");
    assert!(older.is_sorted_by(|a, b| a > b));
    for pair in older.windows(3) {
        assert!(100 - pair[2] >= 100 - pair[0], "{older:?}");
    }
    assert!(*older.last().unwrap() <= 50, "{older:?}");
}

#[test]
fn what_was_told_is_not_told_again() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let first = phone.asking("app 1", Some(10_000_000_000), &[]).unwrap();
    assert_eq!(first.report.as_ref().unwrap().unsent_facts, 0);
    let told = Answer {
        county_time_ms: MORNING_MS,
        told: (&first).into(),
        ..Answer::default()
    };
    phone.apply(&told).unwrap();
    assert_eq!(
        phone.asking("app 1", Some(10_000_000_001), &[]).unwrap().report,
        None
    );
    load(&phone);
    assert!(
        phone
            .asking("app 1", Some(10_000_000_001), &[])
            .unwrap()
            .report
            .is_some()
    );
    county.sync(&phone);
}

/// A county that was restored to before a phone's last exchange knows nothing of what it said then, not even of what it
/// did not take: the counter has no gaps.
#[test]
fn what_a_restored_county_lost_is_offered_again_without_a_gap() {
    let (phone, mut county) = (Phone::with_one_time_numbers(1, "courier", 3), County::default());
    load(&phone);
    county.sync(&phone);
    county.watermark = county.position();
    county.sync(&phone);
    let covered = phone.asking("test 1", None, &[]).unwrap().cursor.unwrap();
    phone
        .record(NewFact::new(parcel(), kinds::delivery::DAMAGED, Body::new()))
        .unwrap();
    phone.record(delivered()).unwrap();
    let pending = phone.pending(usize::MAX).unwrap();
    county.take(&phone, &pending);
    let said = receipts(&[
        (2, 2, Outcome::Refused("not_given".to_owned())),
        (3, 3, Outcome::Admitted),
    ]);
    county.answer(&phone, &pending, &said);
    let asking = phone.asking("test 1", None, &[]).unwrap();
    assert_eq!((asking.actors, asking.one_time_left), (vec![], Some(3)));

    phone.go_back_to(Some(&covered)).unwrap();
    let anew = Answer {
        county_time_ms: MORNING_MS,
        cursor: Some(Cursor {
            epoch: *b"restored",
            ..covered
        }),
        position: covered.seq,
        watermark: covered.seq,
        ..Answer::default()
    };
    phone.apply(&anew).unwrap();
    let offered = phone.pending(usize::MAX).unwrap().facts;
    let numbers: Vec<u64> = offered.iter().map(|fact| fact.id.n).collect();
    assert_eq!(numbers, [2, 3]);
    assert_eq!(phone.show(parcel()).unwrap().facts.len(), 3);
    let asking = phone.asking("test 1", None, &[]).unwrap();
    assert_eq!((asking.actors.len(), asking.one_time_left), (1, Some(0)));
}
