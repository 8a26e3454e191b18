//! Scanning parcels, handing them over, and the cash that goes its own way.

use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::waybill::{Waybill, count_id, delivery_id, hand_in_id};
use saddlebag_replica::{NewFact, ScanFor, ScanOutcome, TakenCash};

use crate::a_phone::{ID_KEY, Phone, STATION, person};
use crate::county::County;

const LOADING: ScanFor = ScanFor::LoadingOut { place: Some(STATION) };

fn of(waybill: &str) -> RecordId {
    delivery_id(&ID_KEY, &Waybill::parse(waybill).unwrap(), 0)
}

fn delivered(record: RecordId) -> NewFact {
    NewFact::new(
        record,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u16),
    )
}

#[test]
fn a_parcel_that_nobody_knows_becomes_the_record_that_the_county_would_make() {
    let phone = Phone::of_courier(1);
    let record = of("SF1234567890");
    assert_eq!(
        phone.scan(" sf 1234567890", LOADING).unwrap(),
        ScanOutcome::New { record }
    );
    assert_eq!(
        phone.scan("ＳＦ１２３４５６７８９０", LOADING).unwrap(),
        ScanOutcome::Twice { record }
    );
    assert_eq!(phone.by_waybill("SF1234567890").unwrap(), Some(record));
    let page = phone.show(record).unwrap();
    assert_eq!((page.facts.len(), page.is_granted), (1, false));
    assert_eq!(
        phone.scan("12", LOADING).unwrap(),
        ScanOutcome::NotAWaybill {
            code: "waybill_too_short"
        }
    );
}

#[test]
fn scanning_tells_what_a_parcel_is_to_this_courier() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    for (waybill, assignee) in [("YT100000001", 1), ("YT100000002", 2)] {
        let edits = [
            PlanEdit::set("waybill", waybill),
            PlanEdit::set("assignee", person(assignee)),
        ];
        county.write_as(RecordKind::Delivery, of(waybill), &edits, None, Vec::new());
    }
    county.sync(&phone);
    let (mine, theirs) = (of("YT100000001"), of("YT100000002"));
    assert_eq!(
        phone.scan("YT100000001", ScanFor::Looking).unwrap(),
        ScanOutcome::Known { record: mine }
    );
    assert_eq!(
        phone.scan("YT100000001", LOADING).unwrap(),
        ScanOutcome::Known { record: mine }
    );
    let not_mine = ScanOutcome::NotMine {
        record: theirs,
        assignee: person(2),
    };
    assert_eq!(phone.scan("YT100000002", LOADING).unwrap(), not_mine);
    assert!(phone.show(theirs).unwrap().facts.is_empty());
    phone.record(delivered(mine)).unwrap();
    assert_eq!(
        phone.scan("YT100000001", LOADING).unwrap(),
        ScanOutcome::Ended { record: mine }
    );
    assert_eq!(phone.only_here().unwrap().facts, 2);
}

#[test]
fn a_number_that_came_again_is_its_highest_generation() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let waybill = Waybill::parse("YT100000001").unwrap();
    for generation in [0, 3, 1] {
        let edits = [
            PlanEdit::set("waybill", "YT100000001"),
            PlanEdit::set("generation", i64::from(generation)),
            PlanEdit::set("assignee", person(1)),
        ];
        county.write_as(
            RecordKind::Delivery,
            delivery_id(&ID_KEY, &waybill, generation),
            &edits,
            None,
            Vec::new(),
        );
    }
    county.sync(&phone);
    let record = delivery_id(&ID_KEY, &waybill, 3);
    assert_eq!(
        phone.scan("YT100000001", LOADING).unwrap(),
        ScanOutcome::Known { record }
    );
}

#[test]
fn parcels_are_handed_over_on_the_trail_without_a_network() {
    let (giver, taker, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let record = of("SF1234567890");
    giver.scan("SF1234567890", LOADING).unwrap();
    giver.hand_over(&[record], person(2)).unwrap();
    taker
        .scan("SF1234567890", ScanFor::TakingOver { from: person(1) })
        .unwrap();
    for phone in [&giver, &taker, &giver] {
        county.sync(phone);
    }
    for phone in [&giver, &taker] {
        let status = phone.show(record).unwrap().status;
        assert_eq!(serde_json::to_value(&status.state).unwrap()["state"], "in_bag");
        assert_eq!(status.discrepancies, []);
    }
    assert!(giver.today().unwrap().stops.is_empty());
    assert_eq!(taker.today().unwrap().stops.len(), 1);
}

#[test]
fn what_was_handed_to_one_is_taken_over_by_naming_the_handing() {
    let (giver, taker, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let record = of("SF1234567890");
    giver.scan("SF1234567890", LOADING).unwrap();
    let handed = giver.hand_over(&[record], person(2)).unwrap()[0];
    county.sync(&giver);
    county.sync(&taker);
    assert_eq!(taker.today().unwrap().stops.len(), 1, "it is on its way to them");
    taker.take_over(&[record], person(1)).unwrap();
    let taken = &taker.pending(usize::MAX).unwrap().facts[0];
    assert_eq!(taken.body.fact(field::FACT), Some(handed));
    assert_eq!(taken.after, [handed]);
}

#[test]
fn what_is_in_a_colleagues_bag_is_taken_over_and_not_loaded_out_unasked() {
    let (holder, other, mut county) = (Phone::of_courier(2), Phone::of_courier(1), County::default());
    let record = assigned_to_the_giver(&mut county);
    county.sync(&holder);
    let loaded = NewFact::new(record, kinds::delivery::LOADED_OUT, Body::new());
    holder.record(loaded).unwrap();
    county.sync(&holder);
    county.sync(&other);
    let with_another = ScanOutcome::WithAnother {
        record,
        holder: Some(person(2)),
    };
    assert_eq!(other.scan("YT100000001", LOADING).unwrap(), with_another);
    assert!(
        other.pending(usize::MAX).unwrap().is_empty(),
        "nothing was recorded"
    );
    other.take_over(&[record], person(2)).unwrap();
    assert_eq!(
        other.scan("YT100000001", LOADING).unwrap(),
        ScanOutcome::Twice { record }
    );
}

fn assigned_to_the_giver(county: &mut County) -> RecordId {
    let record = of("YT100000001");
    let edits = [
        PlanEdit::set("waybill", "YT100000001"),
        PlanEdit::set("assignee", person(1)),
    ];
    county.write_as(RecordKind::Delivery, record, &edits, None, Vec::new());
    record
}

fn on_todays_stops(phone: &Phone) -> Vec<RecordId> {
    let stops = phone.today().unwrap().stops;
    let items = stops.iter().flat_map(|stop| &stop.items);
    items.map(|item| item.item.record).collect()
}

#[test]
fn what_a_colleague_took_over_is_theirs_to_deliver_though_the_plan_names_the_giver() {
    let (giver, taker, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let record = assigned_to_the_giver(&mut county);
    county.sync(&giver);
    county.sync(&taker);
    assert_eq!(
        (on_todays_stops(&giver), on_todays_stops(&taker)),
        (vec![record], vec![]),
        "in nobody's bag it is for whom the plan names"
    );
    giver.scan("YT100000001", LOADING).unwrap();
    giver.hand_over(&[record], person(2)).unwrap();
    for phone in [&giver, &taker] {
        county.sync(phone);
    }
    taker.take_over(&[record], person(1)).unwrap();
    for phone in [&taker, &giver] {
        county.sync(phone);
    }
    assert_eq!(
        (on_todays_stops(&giver), on_todays_stops(&taker)),
        (vec![], vec![record])
    );
    assert!(giver.today().unwrap().handed_over.is_empty());
    let page = giver.show(record).unwrap();
    assert_eq!(page.plan.unwrap().person("assignee"), Some(person(1)));
    let giver = giver.opened_again();
    assert_eq!(on_todays_stops(&giver), []);
}

#[test]
fn what_was_handed_over_and_not_yet_taken_is_told_beside_the_stops() {
    let (giver, taker, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let record = assigned_to_the_giver(&mut county);
    county.write_as(
        RecordKind::Colleague,
        person(2).into(),
        &[PlanEdit::set("name", "巴合提")],
        None,
        Vec::new(),
    );
    county.sync(&giver);
    giver.scan("YT100000001", LOADING).unwrap();
    let handed = giver.hand_over(&[record], person(2)).unwrap();
    let route = giver.today().unwrap();
    assert_eq!(route.stops, [], "it is not in the bag any more");
    let [waiting] = &route.handed_over[..] else {
        panic!("{:?}", route.handed_over)
    };
    assert_eq!((waiting.item.record, waiting.to), (record, person(2)));
    assert_eq!(waiting.to_name, "巴合提");
    assert_eq!(giver.order_stops(None).unwrap().stops, 0);
    for phone in [&giver, &taker] {
        county.sync(phone);
    }
    assert_eq!(on_todays_stops(&taker), [record], "it is on its way to them");

    giver.undo(&handed).unwrap();
    assert_eq!(on_todays_stops(&giver), [record]);
    giver.hand_over(&[record], person(2)).unwrap();
    assert_eq!(
        giver.scan("YT100000001", LOADING).unwrap(),
        ScanOutcome::Known { record },
        "they did not take it, so it is in the bag again"
    );
    assert_eq!(on_todays_stops(&giver), [record]);
    assert!(giver.today().unwrap().handed_over.is_empty());
}

#[test]
fn what_a_colleague_collected_or_accepted_is_theirs_to_do() {
    let (one, other, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let begun = [
        (RecordKind::Pickup, kinds::pickup::COLLECTED),
        (RecordKind::Errand, kinds::errand::ACCEPTED),
    ];
    let records = [RecordId([0x21; 16]), RecordId([0x22; 16])];
    for (record, (kind, _)) in records.into_iter().zip(begun) {
        let edits = [PlanEdit::set("assignee", person(1))];
        county.write_as(kind, record, &edits, None, Vec::new());
    }
    county.sync(&one);
    county.sync(&other);
    assert_eq!(on_todays_stops(&one).len(), 2);
    for (record, (_, fact)) in records.into_iter().zip(begun) {
        other.record(NewFact::new(record, fact, Body::new())).unwrap();
    }
    for phone in [&other, &one] {
        county.sync(phone);
    }
    assert_eq!(on_todays_stops(&one), []);
    assert_eq!(on_todays_stops(&other).len(), 2);
}

#[test]
fn cash_is_owed_by_the_giver_until_both_agree() {
    let (giver, taker, mut county) = (Phone::of_courier(1), Phone::of_courier(2), County::default());
    let parcel = of("SF1234567890");
    giver.scan("SF1234567890", LOADING).unwrap();
    let collected = Body::new()
        .with(field::FROM, parcel)
        .with(field::TO, person(1))
        .with(field::FEN, 5_000u64);
    giver
        .record(NewFact::new(parcel, kinds::delivery::CASH_COLLECTED, collected))
        .unwrap();
    assert_eq!(giver.cash().unwrap().owed_fen, 5_000);

    let passed = giver.pass_cash(person(2), 3_000).unwrap();
    let cash = giver.cash().unwrap();
    assert_eq!((cash.owed_fen, cash.open.passes.len()), (5_000, 1));
    let taken = taker.take_cash(&passed.code.to_lowercase()).unwrap();
    assert!(matches!(taken, TakenCash::Taken { record, from, fen: 3_000, .. }
            if record == passed.record && from == person(1)));
    assert_eq!(
        taker.take_cash(&passed.code).unwrap(),
        TakenCash::Twice {
            record: passed.record
        }
    );
    assert_eq!(giver.take_cash(&passed.code).unwrap(), TakenCash::Own);
    assert_eq!(taker.take_cash("nonsense").unwrap(), TakenCash::NotACode);

    for phone in [&giver, &taker, &giver] {
        county.sync(phone);
    }
    assert_eq!(
        (giver.cash().unwrap().owed_fen, taker.cash().unwrap().owed_fen),
        (2_000, 3_000)
    );
    assert!(giver.cash().unwrap().open.passes.is_empty());
}

#[test]
fn a_hand_in_is_settled_once_the_station_counted_the_same() {
    let (courier, clerk, mut county) = (Phone::of_courier(1), Phone::of(5, "clerk"), County::default());
    let parcel = of("SF1234567890");
    courier.scan("SF1234567890", LOADING).unwrap();
    let collected = Body::new()
        .with(field::FROM, parcel)
        .with(field::TO, person(1))
        .with(field::FEN, 5_000u64);
    courier
        .record(NewFact::new(parcel, kinds::delivery::CASH_COLLECTED, collected))
        .unwrap();
    let handed = courier.hand_in(STATION, 5_000).unwrap();
    assert_eq!(
        (handed.number, handed.record),
        (1, hand_in_id(&ID_KEY, person(1), 1))
    );
    assert_eq!(courier.cash().unwrap().owed_fen, 5_000);

    clerk
        .count_cash(person(1), handed.number, STATION, 4_900)
        .unwrap();
    for phone in [&courier, &clerk, &courier, &clerk] {
        county.sync(phone);
    }
    let discrepancies = courier.discrepancies().unwrap();
    assert_eq!(
        serde_json::to_value(discrepancies[0].discrepancies[0].code).unwrap(),
        "settlement_differs"
    );
    assert_eq!(courier.cash().unwrap().owed_fen, 5_000);

    let count = count_id(&ID_KEY, person(1), 1);
    let explained = Body::new()
        .with(field::NOTE, "one note was torn")
        .with(field::BY, person(5));
    clerk
        .record(NewFact::new(count, kinds::count::DIFFERENCE_EXPLAINED, explained))
        .unwrap();
    county.sync(&clerk);
    county.sync(&courier);
    let cash = courier.cash().unwrap();
    assert_eq!(
        (cash.owed_fen, cash.open.settlements.len()),
        (100, 0),
        "what was counted is what moved"
    );
    assert_eq!(courier.hand_in(STATION, 100).unwrap().number, 2);
}

#[test]
fn two_phones_of_one_courier_do_not_use_one_number_twice() {
    let (one, mut county) = (Phone::of_courier(1), County::default());
    one.hand_in(STATION, 100).unwrap();
    county.sync(&one);
    let other = Phone::of_courier(1);
    county.sync(&other);
    assert_eq!(other.hand_in(STATION, 100).unwrap().number, 2);
}
