//! What goes to the county, and what becomes of it.

use saddlebag_protocol::{ChangeReceipt, FactReceipt, Outcome, Receipts};
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{Answer, NewFact, Refused, RefusedWhich, ScanFor, ScanOutcome, State, Whereabouts};

use crate::a_phone::{MORNING_MS, Phone};
use crate::county::County;
use crate::one_parcel::*;

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
fn what_was_refused_is_named_and_said_to_be_here_alone() {
    let (phone, county) = (Phone::of_courier(1), County::default());
    load(&phone);
    let answered = |code: &str| {
        let pending = phone.pending(usize::MAX).unwrap();
        county.answer(
            &phone,
            &pending,
            &receipts(&[(1, 1, Outcome::Refused(code.to_owned()))]),
        );
    };
    answered("not_given");
    let refused = phone.refused().unwrap();
    let [Refused::Fact(fact)] = refused.as_slice() else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (fact.record, fact.kind.as_str(), fact.code.as_str()),
        (parcel(), "delivery.loaded_out", "not_given")
    );
    let page = phone.show(parcel()).unwrap();
    assert_eq!(page.whereabouts, Whereabouts::ThisPhone);
    assert!(
        phone.pending(usize::MAX).unwrap().is_empty(),
        "it is not sent again"
    );
    phone
        .refused_seen(&RefusedWhich::Fact { fact: fact.fact })
        .unwrap();
    assert_eq!(phone.refused().unwrap(), [], "the person has seen it");
    let safety = phone.safety().unwrap();
    assert_eq!(
        (safety.not_taken, safety.not_taken_records),
        (1, 1),
        "and it is safe no more than before"
    );
    assert_eq!(
        (safety.waiting_records, safety.waiting_facts),
        (0, 0),
        "though nothing waits"
    );
    assert_eq!(phone.unsent().unwrap()[0].record, parcel());
    phone.record(delivered()).unwrap();
    let safety = phone.safety().unwrap();
    assert_eq!(
        (safety.waiting_records, safety.not_taken_records),
        (1, 0),
        "no record counts twice"
    );
    assert_eq!(safety.not_taken, 1);
    assert_eq!(phone.unsent().unwrap().len(), 1);
    let verdict = phone.show(parcel()).unwrap().facts[0].verdict.clone();
    assert_eq!(
        verdict.as_deref(),
        Some("not_given"),
        "and the record still tells"
    );
}

#[test]
fn what_the_county_has_under_another_name_is_at_the_county() {
    let (phone, county) = (Phone::of_courier(1), County::default());
    load(&phone);
    let pending = phone.pending(usize::MAX).unwrap();
    let known = Outcome::Refused("known_by_another_name".to_owned());
    county.answer(&phone, &pending, &receipts(&[(1, 1, known)]));
    let page = phone.show(parcel()).unwrap();
    assert_eq!(
        (page.facts[0].state, page.whereabouts),
        (State::County, Whereabouts::County)
    );
    assert_eq!(page.facts[0].verdict, None);
    assert_eq!(phone.refused().unwrap(), []);
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
fn a_scanned_parcel_keeps_its_number_where_the_county_takes_no_plan_of_it() {
    let (phone, county) = (Phone::of_courier(1), County::default());
    let ScanOutcome::New { record } = phone
        .scan("SF1234567890123", ScanFor::LoadingOut { place: None })
        .unwrap()
    else {
        panic!("nobody knew it");
    };
    let pending = phone.pending(usize::MAX).unwrap();
    let change = &pending.changes[0];
    let superseded = ChangeReceipt {
        record: record.0,
        actor: change.actor.0,
        from: 1,
        to: 1,
        outcome: Outcome::Superseded,
    };
    let receipts = Receipts {
        facts: Vec::new(),
        changes: vec![superseded],
    };
    county.answer(&phone, &pending, &receipts);
    assert_eq!(phone.search("7890123", None, 10).unwrap()[0].record, record);
    let again = phone
        .scan("SF1234567890123", ScanFor::LoadingOut { place: None })
        .unwrap();
    assert_eq!(again, ScanOutcome::Twice { record });
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
    let which = RefusedWhich::Edit { id: refused[0].id };
    phone.refused_seen(&which).unwrap();
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
