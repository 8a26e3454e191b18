//! Photos: kept before the fact that names them, gone when no fact names them any more.

use saddlebag_protocol::ForgetReason;
use saddlebag_records::fact::{Body, SideName, field, kinds, photos};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{Lane, NewFact, NewTip, ScanFor, ScanOutcome, TipOutcome};

use crate::a_phone::{Phone, person};
use crate::county::County;

fn parcel(number: u8) -> RecordId {
    RecordId([number; 16])
}

fn announce(county: &mut County, parcel: RecordId) {
    let edits = [PlanEdit::set("assignee", person(1))];
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(RecordKind::Delivery, parcel, &edits, announced, Vec::new());
}

fn delivered(parcel: RecordId) -> NewFact {
    NewFact::new(
        parcel,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 4u16),
    )
}

/// As if the county had got all photos.
fn sent(phone: &Phone) {
    crate::a_phone::raw_photos(phone.dir.path())
        .execute("UPDATE photos SET state = 3", [])
        .unwrap();
}

#[test]
fn a_photo_is_what_its_name_says_or_not_there() {
    let phone = Phone::of_courier(1);
    let name = phone.keep_photo(Lane::Photo, b"a picture").unwrap();
    assert_eq!(phone.photo(&name).unwrap().as_deref(), Some(&b"a picture"[..]));
    assert_eq!(phone.keep_photo(Lane::Photo, b"a picture").unwrap(), name);
    assert_eq!(
        (
            phone.only_here().unwrap().photos,
            phone.only_here().unwrap().photo_bytes
        ),
        (1, 9)
    );
    crate::a_phone::raw_photos(phone.dir.path())
        .execute("UPDATE photos SET bytes = x'00'", [])
        .unwrap();
    assert_eq!(phone.photo(&name).unwrap(), None);
}

#[test]
fn a_photo_that_no_fact_names_goes_after_a_day() {
    let phone = Phone::of_courier(1);
    let ScanOutcome::New { record } = phone
        .scan("SF1234567890", ScanFor::LoadingOut { place: None })
        .unwrap()
    else {
        panic!()
    };
    let named = phone.keep_photo(Lane::Photo, b"named").unwrap();
    let cut_off = phone.keep_photo(Lane::Photo, b"named, then a power cut").unwrap();
    let forgotten = phone.keep_photo(Lane::Photo, b"never named").unwrap();
    for photo in [named, cut_off] {
        let body = Body::new().with(field::NOTE, "torn");
        let fact = NewFact::new(record, kinds::delivery::DAMAGED, body);
        phone.record(fact.with_side(SideName::Photo, photo)).unwrap();
    }
    crate::a_phone::raw_photos(phone.dir.path())
        .execute("UPDATE photos SET n = 0 WHERE hash = ?1", [cut_off])
        .unwrap();
    phone.sweep_photos().unwrap();
    assert!(phone.photo(&forgotten).unwrap().is_some());
    phone.clock.pass(25 * 3_600_000);
    phone.sweep_photos().unwrap();
    assert!(phone.photo(&forgotten).unwrap().is_none());
    assert!(phone.photo(&named).unwrap().is_some() && phone.photo(&cut_off).unwrap().is_some());
    phone.clock.reboot();
    phone.clock.pass(90 * 24 * 3_600_000);
    let later = phone.keep_photo(Lane::Photo, b"later").unwrap();
    phone.clock.pass(90 * 24 * 3_600_000);
    phone.sweep_photos().unwrap();
    assert!(
        phone.photo(&later).unwrap().is_some(),
        "not by a clock that is not sure"
    );
}

#[test]
fn photos_go_with_their_record() {
    for (reason, is_left) in [
        (ForgetReason::NoLongerVisible, true),
        (ForgetReason::Person, false),
    ] {
        let (phone, mut county) = (Phone::of_courier(1), County::default());
        announce(&mut county, parcel(0));
        county.sync(&phone);
        let photo = phone.keep_photo(Lane::Photo, b"a proof").unwrap();
        phone
            .record(delivered(parcel(0)).with_side(SideName::Photo, photo))
            .unwrap();
        county.sync(&phone);
        county.forget(parcel(0), reason);
        county.sync(&phone);
        assert_eq!(
            phone.photo(&photo).unwrap().is_some(),
            is_left,
            "{reason:?}: the county has not got it yet"
        );
    }
}

#[test]
fn a_tip_has_up_to_eight_photos() {
    let phone = Phone::of_courier(1);
    let taken: Vec<_> = (0..9u8)
        .map(|n| phone.keep_photo(Lane::Photo, &[n]).unwrap())
        .collect();
    let tip = |photos: &[[u8; 32]]| NewTip {
        kind: 1,
        photos: photos.to_vec(),
        ..NewTip::default()
    };
    assert_eq!(phone.report(&tip(&taken)).unwrap_err().code(), "unfit_side_value");
    let TipOutcome::Saved { record, .. } = phone.report(&tip(&taken[..8])).unwrap() else {
        panic!()
    };
    let sides = phone.side_values(record).unwrap();
    assert_eq!(sides.len(), 1);
    assert_eq!(sides[0].value, photos::value(&taken[..8]));
    phone.clock.pass(25 * 3_600_000);
    phone.sweep_photos().unwrap();
    let is_here: Vec<_> = taken
        .iter()
        .map(|name| phone.photo(name).unwrap().is_some())
        .collect();
    assert_eq!(is_here, [true, true, true, true, true, true, true, true, false]);
}

#[test]
fn a_proof_that_several_parcels_share_goes_with_the_last_of_them() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let proof = phone
        .keep_photo(Lane::Photo, b"five parcels at one door")
        .unwrap();
    for number in 1..=3 {
        announce(&mut county, parcel(number));
    }
    county.sync(&phone);
    for number in 1..=3 {
        let fact = delivered(parcel(number)).with_side(SideName::Photo, proof);
        phone.record(fact).unwrap();
    }
    sent(&phone);
    county.watermark = 100;
    for (number, is_here) in [(3, true), (1, true), (2, false)] {
        county.sync(&phone);
        county.forget(parcel(number), ForgetReason::Retention);
        county.sync(&phone);
        assert_eq!(
            phone.photo(&proof).unwrap().is_some(),
            is_here,
            "without {number}"
        );
    }
}

#[test]
fn photos_go_with_their_side_value() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county, parcel(1));
    county.sync(&phone);
    let [sent_one, unsent] = [b"sent", b"kept"].map(|bytes| phone.keep_photo(Lane::Photo, bytes).unwrap());
    sent(&phone);
    let names = photos::value(&[sent_one, unsent]);
    let fact = phone
        .record(delivered(parcel(1)).with_side(SideName::Photo, names))
        .unwrap();
    crate::a_phone::raw_photos(phone.dir.path())
        .execute("UPDATE photos SET state = 0 WHERE hash = ?1", [unsent])
        .unwrap();
    county.sync(&phone);
    county.remove_side(parcel(1), fact, SideName::Photo);
    county.sync(&phone);
    assert!(phone.side_values(parcel(1)).unwrap().is_empty());
    assert!(phone.photo(&sent_one).unwrap().is_none());
    assert!(
        phone.photo(&unsent).unwrap().is_some(),
        "the county has not got it"
    );
}
