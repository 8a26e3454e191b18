//! What a scan comes to, by what it is for: whose the parcel is, and whether it has ended.

use saddlebag_records::fact::{Body, FactKind, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::waybill::{Waybill, delivery_id};
use saddlebag_replica::{NewFact, ScanFor, ScanOutcome};

use crate::a_phone::{ID_KEY, Phone, STATION, person};
use crate::county::County;

const WAYBILL: &str = "YT100000001";
const LOADING: ScanFor = ScanFor::LoadingOut { place: Some(STATION) };
const RETURNING: ScanFor = ScanFor::Returning {
    place: STATION,
    reason: Some(1),
};

fn handing_to(number: u8) -> ScanFor {
    ScanFor::HandingOver { to: person(number) }
}

fn taking_from(number: u8) -> ScanFor {
    ScanFor::TakingOver { from: person(number) }
}

fn parcel() -> RecordId {
    delivery_id(&ID_KEY, &Waybill::parse(WAYBILL).unwrap(), 0)
}

fn known() -> ScanOutcome {
    ScanOutcome::Known { record: parcel() }
}

fn twice() -> ScanOutcome {
    ScanOutcome::Twice { record: parcel() }
}

fn with(holder: PersonId) -> ScanOutcome {
    ScanOutcome::WithAnother {
        record: parcel(),
        holder: Some(holder),
    }
}

fn scan(phone: &Phone, purpose: ScanFor) -> ScanOutcome {
    phone.scan(WAYBILL, purpose).unwrap()
}

/// The kind of the parcel's last fact.
fn last(phone: &Phone) -> Option<FactKind> {
    let facts = phone.show(parcel()).unwrap().facts;
    facts.last().map(|line| line.kind)
}

fn how_many(phone: &Phone) -> usize {
    phone.show(parcel()).unwrap().facts.len()
}

/// A parcel that the plan gives to this person, on a phone of courier 1.
fn planned_for(number: u8) -> (Phone, County) {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let edits = [
        PlanEdit::set("waybill", WAYBILL),
        PlanEdit::set("assignee", person(number)),
    ];
    county.write_as(RecordKind::Delivery, parcel(), &edits, None, Vec::new());
    county.sync(&phone);
    (phone, county)
}

/// A parcel that courier 2 took along, as the phone of courier 1 knows.
fn in_the_bag_of_another() -> (Phone, County) {
    let (phone, mut county) = planned_for(1);
    let other = Phone::of_courier(2);
    county.sync(&other);
    assert_eq!(scan(&other, taking_from(3)), known());
    county.sync(&other);
    county.sync(&phone);
    (phone, county)
}

#[test]
fn looking_makes_no_record_of_a_number_that_nobody_knows() {
    let phone = Phone::of_courier(1);
    assert_eq!(scan(&phone, ScanFor::Looking), ScanOutcome::Unknown);
    assert_eq!(phone.by_waybill(WAYBILL).unwrap(), None);
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
    assert_eq!(
        serde_json::to_value(ScanOutcome::Unknown).unwrap(),
        serde_json::json!({ "scan": "unknown" })
    );
}

#[test]
fn what_a_courier_has_is_returned_by_its_scan_and_by_one_alone() {
    let (phone, _county) = planned_for(1);
    scan(&phone, LOADING);
    assert_eq!(scan(&phone, RETURNING), known());
    assert_eq!(last(&phone), Some(kinds::delivery::RETURNED_TO_STATION));
    let returned = &phone.pending(usize::MAX).unwrap().facts[1];
    assert_eq!(returned.body.record(field::PLACE), Some(STATION));
    assert_eq!(returned.body.uint(field::REASON), Some(1));
    assert_eq!(
        scan(&phone.opened_again(), RETURNING),
        twice(),
        "also in another round"
    );
}

#[test]
fn what_is_planned_for_somebody_and_in_no_bag_is_theirs_to_return_and_to_hand_over() {
    for purpose in [RETURNING, handing_to(2)] {
        let (phone, _county) = planned_for(1);
        assert_eq!(scan(&phone, purpose), known());
        let (phone, _county) = planned_for(3);
        let not_mine = ScanOutcome::NotMine {
            record: parcel(),
            assignee: person(3),
        };
        assert_eq!(scan(&phone, purpose), not_mine);
        assert_eq!(how_many(&phone), 0);
    }
}

#[test]
fn what_a_colleague_has_is_neither_returned_nor_handed_over_by_another() {
    let (phone, _county) = in_the_bag_of_another();
    for purpose in [RETURNING, handing_to(3), taking_from(3)] {
        assert_eq!(scan(&phone, purpose), with(person(2)));
    }
    assert_eq!(how_many(&phone), 1);
    assert_eq!(scan(&phone, handing_to(2)), twice(), "they have it already");
    assert_eq!(scan(&phone, taking_from(2)), known());
    assert_eq!(scan(&phone, taking_from(2)), twice());
    assert_eq!(scan(&phone, RETURNING), known());
    let status = phone.show(parcel()).unwrap().status;
    assert_eq!(status.discrepancies, []);
}

#[test]
fn it_is_handed_over_once_to_one_and_can_go_to_another_instead() {
    let (phone, _county) = planned_for(1);
    scan(&phone, LOADING);
    assert_eq!(scan(&phone, handing_to(2)), known());
    assert_eq!(scan(&phone, handing_to(2)), twice());
    assert_eq!(scan(&phone, handing_to(3)), known());
    assert_eq!(scan(&phone, taking_from(3)), known(), "they gave it back at once");
    assert_eq!(scan(&phone, taking_from(3)), twice());
}

#[test]
fn whoever_it_was_handed_to_goes_on_with_it() {
    for purpose in [LOADING, RETURNING, handing_to(3), taking_from(1)] {
        let (giver, mut county) = planned_for(1);
        scan(&giver, LOADING);
        scan(&giver, handing_to(2));
        let taker = Phone::of_courier(2);
        for phone in [&giver, &taker] {
            county.sync(phone);
        }
        assert_eq!(scan(&taker, purpose), known(), "{purpose:?}");
        assert_eq!(taker.show(parcel()).unwrap().status.discrepancies, []);
    }
}

#[test]
fn what_has_ended_stays_so_whatever_it_is_scanned_for() {
    let (phone, _county) = planned_for(1);
    scan(&phone, LOADING);
    let body = Body::new().with(field::PROOF, 1u16);
    phone
        .record(NewFact::new(parcel(), kinds::delivery::DELIVERED, body))
        .unwrap();
    let ended = ScanOutcome::Ended { record: parcel() };
    for purpose in [LOADING, RETURNING, handing_to(2), taking_from(2)] {
        assert_eq!(scan(&phone, purpose), ended, "{purpose:?}");
    }
    assert_eq!(how_many(&phone), 2);
    assert_eq!(scan(&phone, ScanFor::Looking), known());
}

#[test]
fn a_parcel_that_nobody_knew_is_recorded_with_what_it_was_scanned_for() {
    for (purpose, kind) in [
        (RETURNING, kinds::delivery::RETURNED_TO_STATION),
        (handing_to(2), kinds::delivery::HANDED_OVER),
        (taking_from(2), kinds::delivery::TAKEN_OVER),
    ] {
        let phone = Phone::of_courier(1);
        assert_eq!(scan(&phone, purpose), ScanOutcome::New { record: parcel() });
        assert_eq!(last(&phone), Some(kind));
    }
}

#[test]
fn what_the_clerk_took_in_is_there_already() {
    let (phone, mut county) = planned_for(1);
    scan(&phone, LOADING);
    county.sync(&phone);
    let clerk = Phone::of(5, "clerk");
    county.sync(&clerk);
    assert_eq!(scan(&clerk, ScanFor::ScanningIn { place: STATION }), known());
    county.sync(&clerk);
    county.sync(&phone);
    assert_eq!(scan(&phone, RETURNING), twice());
}
