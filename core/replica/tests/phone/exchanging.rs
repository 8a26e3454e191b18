//! What goes to the county and what comes from it.

use saddlebag_protocol::{ChangeReceipt, FactReceipt, ForgetReason, Outcome, Receipts};
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::waybill::{Waybill, delivery_id};
use saddlebag_replica::{Answer, NewFact, NewTip, ScanFor, State, TipOutcome, Whereabouts};

use crate::a_phone::{ID_KEY, MORNING_MS, Phone, enrolment, one_time, person};
use crate::county::{County, page_of};

const WAYBILL: &str = "SF1234567890";

fn parcel() -> RecordId {
    delivery_id(&ID_KEY, &Waybill::parse(WAYBILL).unwrap(), 0)
}

fn announce(county: &mut County) {
    let edits = [
        PlanEdit::set("waybill", WAYBILL),
        PlanEdit::set("name", "张三丰"),
        PlanEdit::set("assignee", person(1)),
    ];
    let phone = (SideName::Phone, b"17000009753".to_vec());
    let announced = Some((kinds::delivery::ANNOUNCED, Body::new()));
    county.write_as(RecordKind::Delivery, parcel(), &edits, announced, vec![phone]);
}

fn load(phone: &Phone) {
    phone.scan(WAYBILL, ScanFor::LoadingOut { place: None }).unwrap();
}

fn delivered() -> NewFact {
    NewFact::new(
        parcel(),
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u16),
    )
}

fn receipts(facts: &[(u64, u64, Outcome)]) -> Receipts {
    let receipt = |(from, to, outcome): &(u64, u64, Outcome)| FactReceipt {
        device: 1,
        from: *from,
        to: *to,
        outcome: outcome.clone(),
    };
    Receipts {
        facts: facts.iter().map(receipt).collect(),
        changes: Vec::new(),
    }
}

#[test]
fn what_was_recorded_is_only_here_until_the_county_says_that_it_has_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    load(&phone);
    phone.record(delivered()).unwrap();
    let only = phone.only_here().unwrap();
    assert_eq!((only.records, only.facts, only.edits), (1, 2, 1));
    assert_eq!(phone.show(parcel()).unwrap().whereabouts, Whereabouts::ThisPhone);
    assert_eq!(phone.unsent().unwrap().len(), 1);

    county.sync(&phone);
    let only = phone.only_here().unwrap();
    assert_eq!((only.records, only.facts, only.edits), (0, 0, 0));
    assert_eq!(only.county_answered_ms, Some(MORNING_MS));
    let page = phone.opened_again().show(parcel()).unwrap();
    assert_eq!(page.whereabouts, Whereabouts::County);
    assert!(page.facts.iter().all(|line| line.state == State::County));
}

#[test]
fn a_lost_answer_costs_a_resend_and_nothing_else() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    load(&phone);
    let first = phone.pending(usize::MAX).unwrap();
    county.take(&phone, &first);
    let phone = phone.opened_again();
    assert_eq!(phone.pending(usize::MAX).unwrap(), first);
    county.sync(&phone);
    assert_eq!(phone.show(parcel()).unwrap().facts.len(), 1);
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
}

#[test]
fn receipts_come_as_ranges_with_exceptions() {
    let phone = Phone::of_courier(1);
    load(&phone);
    for _ in 0..5 {
        phone
            .record(NewFact::new(parcel(), kinds::delivery::DAMAGED, Body::new()))
            .unwrap();
    }
    let pending = phone.pending(usize::MAX).unwrap();
    let answered = receipts(&[
        (1, 2, Outcome::Admitted),
        (3, 3, Outcome::Held("waiting".to_owned())),
        (4, 4, Outcome::Later),
        (5, 5, Outcome::Refused("not_given".to_owned())),
        (6, 600, Outcome::Admitted),
    ]);
    let answer = Answer {
        county_time_ms: MORNING_MS,
        receipts: Some((&pending, &answered)),
        position: 7,
        ..Answer::default()
    };
    phone.apply(&answer).unwrap();
    let states: Vec<_> = phone
        .show(parcel())
        .unwrap()
        .facts
        .iter()
        .map(|line| (line.state, line.verdict.clone()))
        .collect();
    let said = |code: &str| Some(code.to_owned());
    assert_eq!(
        states,
        [
            (State::County, None),
            (State::County, None),
            (State::Held, said("waiting")),
            (State::Local, None),
            (State::Refused, said("not_given")),
            (State::County, None),
        ]
    );
    let again = phone.pending(usize::MAX).unwrap();
    assert_eq!(
        again.facts.iter().map(|fact| fact.id.n).collect::<Vec<_>>(),
        [4, 5, 6],
        "without gaps from the first"
    );
    let chain = pending.facts[..3]
        .iter()
        .fold(saddlebag_records::fact::Chain::START, |chain, fact| {
            chain.then(&fact.hash())
        });
    assert_eq!(again.chain, Some(chain.running_hash()));
}

#[test]
fn a_receipt_for_what_somebody_else_wrote_is_passed_over() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let pending = phone.pending(usize::MAX).unwrap();
    let mut answered = receipts(&[]);
    answered.facts.push(FactReceipt {
        device: 900,
        from: 1,
        to: u64::MAX,
        outcome: Outcome::Gone,
    });
    let answer = Answer {
        receipts: Some((&pending, &answered)),
        ..Answer::default()
    };
    phone.apply(&answer).unwrap();
    assert_eq!(phone.show(parcel()).unwrap().facts.len(), 1);
}

#[test]
fn a_grant_is_on_the_route_and_found_at_once() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    let applied = county.sync(&phone);
    assert_eq!(applied.changed, [parcel()]);
    let route = phone.today().unwrap();
    let item = &route.stops[0].items[0].item;
    assert_eq!(
        (item.record, item.status.as_str(), item.title.as_str()),
        (parcel(), "announced", "张**")
    );
    for typed in ["张", "zs", "9753", "234567"] {
        assert_eq!(phone.search(typed, 50).unwrap().len(), 1, "{typed}");
    }
    let page = phone.show(parcel()).unwrap();
    assert!(page.is_granted && page.is_whole);
    assert_eq!(page.plan.unwrap().text("name"), Some("张三丰"));
    assert_eq!(page.phones[0].number, "17000009753");
}

#[test]
fn the_same_page_twice_is_the_same_as_once() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let before = (
        phone.today().unwrap(),
        serde_json::to_string(&phone.show(parcel()).unwrap()).unwrap(),
    );
    phone.go_back_to(None).unwrap();
    county.sync(&phone);
    assert_eq!(
        (
            phone.today().unwrap(),
            serde_json::to_string(&phone.show(parcel()).unwrap()).unwrap()
        ),
        before
    );
}

#[test]
fn the_parcel_that_two_phones_scan_and_the_county_imports_is_one_record() {
    let mut county = County::default();
    let (one, other) = (Phone::of_courier(1), Phone::of_courier(2));
    load(&one);
    load(&other);
    announce(&mut county);
    for phone in [&one, &other, &one, &other] {
        county.sync(phone);
    }
    for phone in [&one, &other] {
        let page = phone.show(parcel()).unwrap();
        assert_eq!(page.facts.len(), 3);
        assert_eq!(page.plan.as_ref().unwrap().text("waybill"), Some(WAYBILL));
        assert!(
            !page.plan.unwrap().is_contested("waybill"),
            "equal values are no conflict"
        );
        assert_eq!(
            phone.discrepancies().unwrap()[0].record,
            parcel(),
            "it cannot be in two bags"
        );
    }
    let shown = |phone: &Phone| serde_json::to_value(phone.show(parcel()).unwrap().status).unwrap();
    assert_eq!(shown(&one), shown(&other));
}

#[test]
fn an_edit_that_was_no_longer_theirs_is_told_and_the_countys_plan_stands() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    phone.edit(parcel(), &[PlanEdit::set("order", 2048)]).unwrap();
    phone
        .edit(
            parcel(),
            &[
                PlanEdit::set("order", 4096),
                PlanEdit::note("notes", "knock twice"),
            ],
        )
        .unwrap();
    let pending = phone.pending(usize::MAX).unwrap();
    assert_eq!(pending.changes.len(), 2);
    let change = &pending.changes[0];
    let superseded = ChangeReceipt {
        record: parcel().0,
        actor: change.actor.0,
        from: 1,
        to: 2,
        outcome: Outcome::Superseded,
    };
    county.answer(
        &phone,
        &pending,
        &Receipts {
            facts: Vec::new(),
            changes: vec![superseded],
        },
    );

    let plan = phone.show(parcel()).unwrap().plan.unwrap();
    assert_eq!((plan.int("order"), plan.text("notes")), (None, None));
    let refused = phone.refused_edits().unwrap();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].code, "superseded");
    assert_eq!(
        refused[0].edit,
        serde_json::json!({"notes": "knock twice", "order": 4096})
    );
    phone.refused_edit_seen(refused[0].id).unwrap();
    assert!(phone.refused_edits().unwrap().is_empty());

    phone.edit(parcel(), &[PlanEdit::set("order", 1024)]).unwrap();
    let again = phone.pending(usize::MAX).unwrap();
    assert_ne!(
        again.changes[0].actor, change.actor,
        "a refused actor is not edited under again"
    );
    assert_eq!(
        phone.asking("test 1", None, &[]).unwrap().actors,
        [again.changes[0].actor]
    );
    county.sync(&phone);
    assert_eq!(
        phone.show(parcel()).unwrap().plan.unwrap().int("order"),
        Some(1024)
    );
}

#[test]
fn what_this_phone_wrote_in_a_record_that_left_stays_unread_until_a_backup_covers_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.sync(&phone);
    let covered_at = county.position();
    phone.record(delivered()).unwrap();
    county.forget(parcel(), ForgetReason::NoLongerVisible);
    county.answer(&phone, &phone.pending(0).unwrap(), &Receipts::default());

    assert_eq!(phone.show(parcel()).unwrap_err().code(), "unknown_record");
    assert!(phone.search("张", 50).unwrap().is_empty());
    assert!(phone.today().unwrap().stops.is_empty());
    let facts: Vec<u64> = phone
        .pending(usize::MAX)
        .unwrap()
        .facts
        .iter()
        .map(|fact| fact.id.n)
        .collect();
    assert_eq!(facts, [2], "the county has not confirmed the second");

    county.watermark = covered_at;
    county.sync(&phone);
    assert_eq!(rows_of(&phone), 1, "the first is covered");
    county.watermark = county.position();
    county.sync(&phone);
    assert_eq!(rows_of(&phone), 0);
}

fn rows_of(phone: &Phone) -> i64 {
    let raw = crate::a_phone::raw(phone.dir.path());
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table} WHERE record = ?1");
        raw.query_row(&sql, [parcel().0], |row| row.get(0)).unwrap()
    };
    ["facts", "side_values", "plan_changes", "plans", "records"]
        .iter()
        .map(|table| count(table))
        .sum()
}

#[test]
fn a_record_that_comes_back_has_what_this_phone_wrote() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.sync(&phone);
    county.forget(parcel(), ForgetReason::NoLongerVisible);
    county.sync(&phone);
    county.write(
        parcel(),
        &[PlanEdit::set("order", 5)],
        Some((kinds::delivery::ANNOUNCED, Body::new())),
    );
    county.sync(&phone);
    let facts = phone.show(parcel()).unwrap().facts;
    assert_eq!(facts.iter().filter(|line| line.is_own).count(), 1);
}

#[test]
fn what_is_destroyed_for_a_person_goes_at_once_and_does_not_come_back() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    load(&phone);
    county.forget(parcel(), ForgetReason::Person);
    county.answer(&phone, &phone.pending(0).unwrap(), &Receipts::default());
    assert_eq!(rows_of(&phone), 0);
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
    county.write(parcel(), &[], Some((kinds::delivery::ANNOUNCED, Body::new())));
    county.sync(&phone);
    assert_eq!(phone.show(parcel()).unwrap_err().code(), "unknown_record");
    assert_eq!(rows_of(&phone), 0);
}

#[test]
fn the_person_is_told_of_a_refused_edit_though_the_record_left() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    phone.edit(parcel(), &[PlanEdit::set("order", 2048)]).unwrap();
    let pending = phone.pending(usize::MAX).unwrap();
    let (actor, outcome) = (pending.changes[0].actor.0, Outcome::Superseded);
    let changes = vec![ChangeReceipt {
        record: parcel().0,
        actor,
        from: 1,
        to: 1,
        outcome,
    }];
    county.forget(parcel(), ForgetReason::NoLongerVisible);
    county.answer(
        &phone,
        &pending,
        &Receipts {
            facts: Vec::new(),
            changes,
        },
    );
    assert_eq!(phone.refused_edits().unwrap()[0].code, "superseded");
}

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

    let cursor = saddlebag_protocol::Cursor {
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
fn a_name_that_left_is_in_no_row_of_another_record() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = RecordId([0x88; 16]);
    county.write_as(
        RecordKind::Household,
        household,
        &[PlanEdit::set("name", "王小明")],
        None,
        Vec::new(),
    );
    announce(&mut county);
    county.write(parcel(), &[PlanEdit::set("household", household)], None);
    county.sync(&phone);
    assert_eq!(
        phone.today().unwrap().stops[0].items[0].item.household_name,
        "王**"
    );
    assert_eq!(phone.search("王", 50).unwrap().len(), 2);
    county.forget(household, ForgetReason::Person);
    county.sync(&phone);
    assert_eq!(phone.today().unwrap().stops[0].items[0].item.household_name, "");
    assert!(phone.search("王", 50).unwrap().is_empty());
}

#[test]
fn a_side_value_goes_when_the_county_says_so() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    county.remove_side(parcel(), FactId::new(crate::county::COUNTY, 1), SideName::Phone);
    county.sync(&phone);
    assert!(phone.show(parcel()).unwrap().phones.is_empty());
    assert!(phone.search("9753", 50).unwrap().is_empty());
}

#[test]
fn a_tip_without_a_number_waits_and_is_numbered_later() {
    let (phone, mut county) = (Phone::with_one_time_numbers(1, "courier", 1), County::default());
    let tip = NewTip {
        kind: 1,
        text: Some("bridge gone".to_owned()),
        ..NewTip::default()
    };
    let TipOutcome::Saved {
        numbered: true,
        record: first,
    } = phone.report(&tip).unwrap()
    else {
        panic!()
    };
    let TipOutcome::Saved {
        numbered: false,
        record,
    } = phone.report(&tip).unwrap()
    else {
        panic!()
    };
    phone.reopen_tip(record, Some("still gone")).unwrap();
    assert!(phone.waits_for_numbers().unwrap());
    assert_eq!(phone.only_here().unwrap().waiting_for_a_number, 1);
    assert_eq!(phone.tips().unwrap().len(), 2, "it is saved all the same");
    assert_eq!(
        phone.pending(usize::MAX).unwrap().facts.len(),
        1,
        "and stays here"
    );

    county.one_time = vec![one_time(1, 77).0];
    county.sync(&phone);
    assert!(!phone.waits_for_numbers().unwrap());
    let facts = phone.show(record).unwrap().facts;
    let ids: Vec<FactId> = facts.iter().map(|line| line.fact).collect();
    assert_eq!(
        ids,
        [FactId::new(one_time(1, 77), 1), FactId::new(one_time(1, 77), 2)]
    );
    assert!(
        facts
            .iter()
            .all(|line| line.is_own && line.state == State::County)
    );
    assert_eq!(phone.show(first).unwrap().facts[0].fact.device, one_time(1, 0));
}

#[test]
fn a_tip_tells_nothing_of_the_phone_that_wrote_it() {
    let phone = Phone::of_courier(1);
    load(&phone);
    for _ in 0..2 {
        phone
            .report(&NewTip {
                kind: 1,
                ..NewTip::default()
            })
            .unwrap();
    }
    let facts = phone.pending(usize::MAX).unwrap().facts;
    let tips: Vec<_> = facts
        .iter()
        .filter(|fact| fact.kind.record() == Some(RecordKind::Tip))
        .collect();
    assert_eq!(tips.len(), 2);
    assert!(
        tips.iter()
            .all(|tip| tip.observed.is_none() && tip.id.device.is_one_time())
    );
    assert_ne!(tips[0].id.device, tips[1].id.device);
    assert_eq!(
        facts
            .iter()
            .find(|fact| fact.id.device == DeviceNumber(1))
            .unwrap()
            .id
            .n,
        1,
        "nor leaves a gap"
    );
}

#[test]
fn a_budget_is_kept_and_something_always_goes() {
    let phone = Phone::of_courier(1);
    load(&phone);
    for _ in 0..9 {
        phone
            .record(NewFact::new(parcel(), kinds::delivery::DAMAGED, Body::new()))
            .unwrap();
    }
    let least = phone.pending(0).unwrap();
    assert_eq!((least.facts.len(), least.more), (1, true));
    let some = phone.pending(400).unwrap();
    assert!(
        (2..9).contains(&some.facts.len()) && some.more,
        "{}",
        some.facts.len()
    );
    assert!(some.changes.is_empty(), "facts go first");
    let all = phone.pending(usize::MAX).unwrap();
    assert_eq!((all.facts.len(), all.changes.len(), all.more), (10, 1, false));
}

#[test]
fn changes_that_come_before_what_they_hang_on_wait_for_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.write(parcel(), &[PlanEdit::set("order", 7)], None);
    let pages = county.pages();
    let apply = |page: &saddlebag_replica::PageContent| {
        phone
            .apply(&Answer {
                page: page.clone(),
                county_time_ms: MORNING_MS,
                ..Answer::default()
            })
            .unwrap()
    };
    apply(&pages[1]);
    assert_eq!(phone.show(parcel()).unwrap().plan.unwrap().int("order"), None);
    apply(&pages[0]);
    let plan = phone.show(parcel()).unwrap().plan.unwrap();
    assert_eq!(
        (plan.int("order"), plan.text("waybill")),
        (Some(7), Some(WAYBILL))
    );
}

#[test]
fn another_fact_under_a_taken_name_is_not_taken() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let mut other = county.pages()[0].facts.facts[0].clone();
    other.kind = kinds::delivery::DAMAGED;
    let answer = Answer {
        page: page_of(vec![other]),
        county_time_ms: MORNING_MS,
        ..Answer::default()
    };
    assert_eq!(phone.apply(&answer).unwrap().not_taken, 1);
    assert_eq!(
        phone.show(parcel()).unwrap().facts[0].kind,
        kinds::delivery::ANNOUNCED
    );
}

#[test]
fn a_phone_twenty_years_ahead_poisons_nobody() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let mut far = county.pages()[0].facts.facts[0].clone();
    far.id = FactId::new(DeviceNumber(2), 1);
    far.stamp.hlc_ms = MORNING_MS + 20 * 365 * 24 * 3_600_000;
    phone
        .apply(&Answer {
            page: page_of(vec![far]),
            county_time_ms: MORNING_MS,
            ..Answer::default()
        })
        .unwrap();
    load(&phone);
    assert_eq!(
        phone.pending(usize::MAX).unwrap().facts[0].stamp.hlc_ms,
        MORNING_MS
    );
}

#[test]
fn a_fact_of_a_newer_kind_is_kept_and_shown_as_such() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    let mut newer = county.pages()[0].facts.facts[0].clone();
    newer.id.n = 9;
    newer.kind = saddlebag_records::fact::FactKind(0x01f0);
    newer.body = Body::new().with(999, "something");
    phone
        .apply(&Answer {
            page: page_of(vec![newer]),
            county_time_ms: MORNING_MS,
            ..Answer::default()
        })
        .unwrap();
    let page = phone.show(parcel()).unwrap();
    assert_eq!(page.facts.iter().filter(|line| line.is_newer).count(), 1);
    assert_eq!(
        serde_json::to_value(&page.facts[1].fields).unwrap(),
        serde_json::json!({"999": "something"})
    );
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
