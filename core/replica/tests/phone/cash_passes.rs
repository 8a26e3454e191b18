//! Cash from one courier to another: said, shown again, taken back, taken anew.

use saddlebag_records::codes::role;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{CashOffered, PassedCash, TakenCash};

use crate::a_phone::{Phone, STATION, enrolment, person};
use crate::county::County;
use crate::one_parcel::{load, parcel};
use crate::records_given::give;

const HUNDRED_YUAN: u64 = 10_000;

fn passed(giver: &Phone) -> PassedCash {
    giver.pass_cash(person(2), HUNDRED_YUAN).unwrap()
}

#[test]
fn a_code_can_be_shown_again_until_the_cash_is_taken_back() {
    let giver = Phone::of_courier(1);
    let said = passed(&giver);
    assert_eq!((said.to, said.fen), (person(2), HUNDRED_YUAN));

    let giver = giver.opened_again();
    assert_eq!(giver.cash_code(said.record).unwrap(), Some(said.clone()));

    giver.correct(said.fact, None).unwrap();
    assert_eq!(giver.cash_code(said.record).unwrap(), None);
    assert!(giver.cash().unwrap().open.passes.is_empty());
    assert_eq!(giver.cash_code(person(2).into()).unwrap(), None, "no such pass");
}

#[test]
fn who_took_it_has_no_code_to_show() {
    let (giver, taker) = (Phone::of_courier(1), Phone::of_courier(2));
    let said = passed(&giver);
    taker.take_cash(&said.code).unwrap();
    assert_eq!(taker.cash_code(said.record).unwrap(), None);
}

#[test]
fn what_was_taken_and_corrected_can_be_taken_again() {
    let (giver, taker) = (Phone::of_courier(1), Phone::of_courier(2));
    let said = passed(&giver);
    let taken = || match taker.take_cash(&said.code).unwrap() {
        TakenCash::Taken {
            record,
            fact,
            from,
            fen,
        } => {
            assert_eq!((record, from, fen), (said.record, person(1), HUNDRED_YUAN));
            Some(fact)
        }
        TakenCash::Twice { record } => {
            assert_eq!(record, said.record);
            None
        }
        other => panic!("{other:?}"),
    };
    let first = taken().unwrap();
    assert_eq!(taken(), None);
    taker.correct(first, None).unwrap();
    assert!(taken().is_some(), "nothing of it stands");
    assert_eq!(taken(), None);

    let mut county = County::default();
    county.sync(&giver);
    county.sync(&taker);
    county.sync(&giver);
    assert_eq!(giver.cash().unwrap().owed_fen, -10_000);
    assert_eq!(taker.cash().unwrap().owed_fen, 10_000);
}

#[test]
fn a_phone_that_was_enrolled_again_knows_what_it_took() {
    let (giver, taker) = (Phone::of_courier(1), Phone::of_courier(2));
    let said = passed(&giver);
    taker.take_cash(&said.code).unwrap();
    let mut again = enrolment(&taker.replica, 2, "courier", 4);
    again.answer.device = 77;
    taker.keep_enrolment(&again).unwrap();
    let twice = TakenCash::Twice { record: said.record };
    assert_eq!(taker.take_cash(&said.code).unwrap(), twice);
}

#[test]
fn nothing_goes_to_oneself() {
    let phone = Phone::of_courier(1);
    let cash = phone.pass_cash(person(1), HUNDRED_YUAN);
    assert_eq!(cash.unwrap_err().code(), "to_oneself");
    assert!(phone.cash_book().unwrap().lines.is_empty());

    load(&phone);
    let parcels = phone.hand_over(&[parcel()], person(1));
    assert_eq!(parcels.unwrap_err().code(), "to_oneself");
}

#[test]
fn cash_goes_to_nobody_who_could_never_say_that_they_took_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    for (number, role) in [(2, role::COURIER), (3, role::CLERK), (4, role::LIAISON)] {
        let edits = [
            PlanEdit::set("name", "同事"),
            PlanEdit::set("role", i64::from(role)),
        ];
        give(&mut county, RecordKind::Colleague, person(number).into(), &edits);
    }
    county.sync(&phone);
    for number in [3, 4] {
        let passed = phone.pass_cash(person(number), HUNDRED_YUAN);
        assert_eq!(passed.unwrap_err().code(), "takes_no_cash");
    }
    assert!(
        phone.cash_book().unwrap().lines.is_empty(),
        "nothing was recorded"
    );
    phone.pass_cash(person(2), HUNDRED_YUAN).unwrap();
    phone.pass_cash(person(9), HUNDRED_YUAN).unwrap();
}

#[test]
fn a_code_is_read_before_anything_is_taken() {
    let (giver, taker, other) = (Phone::of_courier(1), Phone::of_courier(2), Phone::of_courier(3));
    let mut county = County::default();
    let name = [PlanEdit::set("name", "阿依古丽")];
    give(&mut county, RecordKind::Colleague, person(1).into(), &name);
    county.sync(&taker);
    let said = passed(&giver);
    let offered = |from_name: &str, for_another| CashOffered::Offered {
        record: said.record,
        from: person(1),
        from_name: from_name.to_owned(),
        fen: HUNDRED_YUAN,
        for_another,
        for_another_name: String::new(),
    };
    assert_eq!(
        taker.read_cash_code(&said.code).unwrap(),
        offered("阿依古丽", None)
    );
    assert!(taker.cash_book().unwrap().lines.is_empty(), "nothing was taken");
    assert_eq!(giver.read_cash_code(&said.code).unwrap(), CashOffered::Own);
    assert_eq!(taker.read_cash_code("nonsense").unwrap(), CashOffered::NotACode);

    county.sync(&giver);
    county.sync(&other);
    county.sync(&taker);
    let for_another = offered("阿依古丽", Some(person(2)));
    assert_eq!(
        other.read_cash_code(&said.code).unwrap(),
        for_another,
        "it was made out to the taker"
    );
    assert_eq!(
        taker.read_cash_code(&said.code).unwrap(),
        offered("阿依古丽", None)
    );
    taker.take_cash(&said.code).unwrap();
    let twice = CashOffered::Twice { record: said.record };
    assert_eq!(taker.read_cash_code(&said.code).unwrap(), twice);
}

#[test]
fn a_hand_in_can_be_taken_back() {
    let phone = Phone::of_courier(1);
    let handed = phone.hand_in(STATION, HUNDRED_YUAN).unwrap();
    phone.undo(&[handed.fact]).unwrap();
    assert!(phone.cash_book().unwrap().lines.is_empty());
    assert!(phone.cash().unwrap().open.settlements.is_empty());
    let again = phone.hand_in(STATION, HUNDRED_YUAN).unwrap();
    assert_eq!((handed.number, again.number), (1, 2));
}
