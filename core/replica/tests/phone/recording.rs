//! Recording what happened: stamped, in its order, durable.

use crate::a_phone::{MORNING_MS, Phone, person};
use saddlebag_records::clock::ClockSource;
use saddlebag_records::fact::{Body, Chain, SideName, field, kinds};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{Error, NewFact, Replica, ScanFor, ScanOutcome, State};

fn fact(record: RecordId, kind: saddlebag_records::fact::FactKind, body: Body) -> NewFact {
    NewFact::new(record, kind, body)
}

fn loaded(phone: &Phone, waybill: &str) -> RecordId {
    match phone.scan(waybill, ScanFor::LoadingOut { place: None }).unwrap() {
        ScanOutcome::New { record } => record,
        other => panic!("{other:?}"),
    }
}

fn delivered(record: RecordId) -> NewFact {
    NewFact::new(
        record,
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u16),
    )
}

#[test]
fn what_was_recorded_is_there_after_the_app_was_killed() {
    let phone = Phone::of_courier(1);
    let parcel = loaded(&phone, "SF1234567890");
    let handed = phone.record(delivered(parcel)).unwrap();
    let before = phone.show(parcel).unwrap();

    let phone = phone.opened_again();
    let page = phone.show(parcel).unwrap();
    assert_eq!(page.facts, before.facts);
    assert_eq!(
        page.facts.iter().map(|line| line.fact).collect::<Vec<_>>(),
        [FactId::new(DeviceNumber(1), 1), handed]
    );
    assert!(
        page.facts
            .iter()
            .all(|line| line.state == State::Local && line.is_own && line.time_is_sure)
    );
}

#[test]
fn a_fact_follows_what_this_phone_knew_and_its_counter_has_no_gaps() {
    let phone = Phone::of_courier(1);
    let (one, other) = (loaded(&phone, "SF1234567890"), loaded(&phone, "SF1234567891"));
    phone.record(delivered(one)).unwrap();
    phone.record(delivered(other)).unwrap();
    let pending = phone.pending(usize::MAX).unwrap();
    let ids: Vec<u64> = pending.facts.iter().map(|fact| fact.id.n).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(pending.facts[2].after, [pending.facts[0].id]);
    assert_eq!(pending.facts[3].after, [pending.facts[1].id]);
    assert_eq!(pending.chain, Some(Chain::START.running_hash()));
}

#[test]
fn stamps_advance_and_the_observation_is_written_when_it_says_something_new() {
    let phone = Phone::of_courier(1);
    let parcel = loaded(&phone, "SF1234567890");
    phone.clock.pass(60_000);
    phone.record(delivered(parcel)).unwrap();
    phone.clock.set_wall(MORNING_MS + 20 * 365 * 24 * 3_600_000);
    phone
        .record(fact(parcel, kinds::delivery::DAMAGED, Body::new()))
        .unwrap();
    let facts = phone.pending(usize::MAX).unwrap().facts;
    assert_eq!(facts[0].stamp.hlc_ms, MORNING_MS);
    assert_eq!(facts[1].stamp.hlc_ms, MORNING_MS + 60_000);
    assert_eq!(
        (facts[2].stamp.hlc_ms, facts[2].stamp.hlc_count),
        (MORNING_MS + 60_000, 1)
    );
    assert!(facts.iter().all(|fact| fact.stamp.source == ClockSource::County));
    assert_eq!(
        facts
            .iter()
            .map(|fact| fact.observed.is_some())
            .collect::<Vec<_>>(),
        [true, false, true]
    );
}

#[test]
fn five_parcels_are_one_act_or_none() {
    let phone = Phone::of_courier(1);
    let parcels: Vec<RecordId> = (0..5)
        .map(|n| loaded(&phone, &format!("YT10000000{n}")))
        .collect();
    let mut facts: Vec<NewFact> = parcels.iter().map(|parcel| delivered(*parcel)).collect();
    facts.push(delivered(RecordId([0xaa; 16])));
    assert!(matches!(
        phone.record_all(facts.clone()),
        Err(Error::UnknownRecord(_))
    ));
    assert!(
        parcels
            .iter()
            .all(|parcel| phone.show(*parcel).unwrap().facts.len() == 1)
    );

    facts.pop();
    assert_eq!(phone.record_all(facts).unwrap().len(), 5);
    assert!(
        parcels
            .iter()
            .all(|parcel| phone.show(*parcel).unwrap().facts.len() == 2)
    );
}

#[test]
fn what_is_not_fit_changes_nothing_and_has_a_code() {
    let phone = Phone::of_courier(1);
    let parcel = loaded(&phone, "SF1234567890");
    let delivery = |kind, body| fact(parcel, kind, body);
    let cases = [
        (delivery(kinds::delivery::DELIVERED, Body::new()), "unfit_fact"),
        (
            delivery(kinds::delivery::DAMAGED, Body::new().with(field::FEN, 5u64)),
            "unfit_fact",
        ),
        (delivery(kinds::pickup::COLLECTED, Body::new()), "unknown_kind"),
        (
            delivery(saddlebag_records::fact::FactKind(0x01f0), Body::new()),
            "unknown_kind",
        ),
        (delivery(kinds::delivery::CANCELLED, Body::new()), "role_may_not"),
        (
            delivered(parcel).with_side(SideName::Position, [1, 2, 3]),
            "unfit_side_value",
        ),
        (
            delivered(parcel)
                .with_side(SideName::Phone, *b"138")
                .with_side(SideName::Phone, *b"139"),
            "unfit_side_value",
        ),
        (
            delivery(
                kinds::delivery::CASH_COLLECTED,
                Body::new()
                    .with(field::FROM, parcel)
                    .with(field::TO, person(9))
                    .with(field::FEN, 5u64),
            ),
            "not_a_party",
        ),
        (
            fact(RecordId([9; 16]), kinds::delivery::DAMAGED, Body::new()),
            "unknown_record",
        ),
    ];
    for (new, code) in cases {
        assert_eq!(phone.record(new.clone()).unwrap_err().code(), code, "{new:?}");
    }
    assert_eq!(phone.pending(usize::MAX).unwrap().facts.len(), 1);
}

#[test]
fn a_mistake_is_voided_by_the_one_who_made_it() {
    let phone = Phone::of_courier(1);
    let parcel = loaded(&phone, "SF1234567890");
    let wrong = phone.record(delivered(parcel)).unwrap();
    phone.correct(wrong, Some("the neighbour's parcel")).unwrap();
    let page = phone.show(parcel).unwrap();
    assert_eq!(
        page.facts
            .iter()
            .filter(|line| line.is_voided)
            .map(|line| line.fact)
            .collect::<Vec<_>>(),
        [wrong]
    );
    assert_eq!(phone.today().unwrap().stops[0].items[0].item.status, "in_bag");
    assert_eq!(
        phone
            .correct(FactId::new(DeviceNumber(77), 1), None)
            .unwrap_err()
            .code(),
        "unknown_fact"
    );
}

#[test]
fn before_enrolment_nothing_is_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let replica = Replica::open(dir.path(), crate::a_phone::KEY, crate::a_phone::surroundings(1)).unwrap();
    let refused = replica.scan("SF1234567890", ScanFor::Looking).unwrap_err();
    assert_eq!(refused.code(), "not_enrolled");
    assert_eq!(replica.identity().unwrap(), None);
    assert_eq!(replica.only_here().unwrap().facts, 0);
}

#[test]
fn a_plan_is_edited_by_several_in_one_change_each() {
    let phone = Phone::of_courier(1);
    let edits = [
        PlanEdit::set("name", "阿依古丽"),
        PlanEdit::set("language", "kk-Arab"),
    ];
    let household = phone.create(RecordKind::Household, &edits, Vec::new()).unwrap();
    phone
        .edit(household, &[PlanEdit::set("name", "阿依古丽·木拉提")])
        .unwrap();
    phone
        .edit(household, &[PlanEdit::set("name", "阿依古丽·木拉提")])
        .unwrap();
    assert_eq!(phone.pending(usize::MAX).unwrap().changes.len(), 2);
    let page = phone.opened_again().show(household).unwrap();
    assert_eq!(page.plan.unwrap().text("name"), Some("阿依古丽·木拉提"));
}

#[test]
fn an_edit_that_does_not_fit_has_a_code_and_changes_nothing() {
    let phone = Phone::of_courier(1);
    let parcel = loaded(&phone, "SF1234567890");
    let edit = |edit: PlanEdit| phone.edit(parcel, &[edit]).unwrap_err().code();
    assert_eq!(edit(PlanEdit::set("colour", "red")), "plan_no_such_field");
    assert_eq!(edit(PlanEdit::set("cash_fen", -1)), "plan_field_type");
    assert_eq!(edit(PlanEdit::set("assignee", person(2))), "role_may_not");
    assert_eq!(phone.pending(usize::MAX).unwrap().changes.len(), 1);
}

#[test]
fn listeners_hear_which_records_changed() {
    let phone = Phone::of_courier(1);
    let mut events = phone.subscribe();
    let parcel = loaded(&phone, "SF1234567890");
    assert_eq!(events.try_recv().unwrap().records, [parcel]);
    phone.record(delivered(RecordId([9; 16]))).unwrap_err();
    assert!(events.try_recv().is_err());
}
