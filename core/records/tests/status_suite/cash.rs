//! Cash: who owes how much.

use saddlebag_records::cash::{Ledger, book, cash};
use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::{cash_pass, count, delivery, errand, hand_in, pickup};
use saddlebag_records::fact::{Body, Fact, MAX_FEN, field};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

use crate::story::{Story, money, person, place};

const COURIER: u64 = 1;
const COLLEAGUE: u64 = 2;
const CLERK: u64 = 3;
const COUNTY: u64 = 4;

/// A party without a record of its own: somebody named in a delivery.
const ADDRESSEE: RecordId = RecordId([1; 16]);

fn station() -> RecordId {
    place(1)
}

fn of(stories: &[&Story]) -> Ledger {
    let facts: Vec<&Fact> = stories.iter().flat_map(|story| &story.facts).collect();
    let ledger = cash(facts.iter().copied()).unwrap();
    assert_eq!(cash(facts.iter().rev().chain(&facts).copied()).unwrap(), ledger);
    let json = serde_json::to_string(&ledger).unwrap();
    assert_eq!(serde_json::from_str::<Ledger>(&json).unwrap(), ledger);
    assert_eq!(
        ledger.balances().unwrap().values().sum::<i64>(),
        0,
        "cash comes from nowhere"
    );
    for number in 1..=4 {
        let book = book(facts.iter().rev().chain(&facts).copied(), person(number)).unwrap();
        assert_eq!(book.owed_fen, ledger.owed(person(number)).unwrap());
        assert_eq!(
            book.owed_fen,
            book.advance_fen + book.collected_fen + book.taken_fen
                - book.spent_fen
                - book.passed_fen
                - book.handed_in_fen
        );
    }
    ledger
}

fn owes(stories: &[&Story], courier: u64) -> i64 {
    of(stories).owed(person(courier as u8)).unwrap()
}

fn collected(fen: u64) -> Story {
    let mut story = Story::of(RecordKind::Delivery);
    story.tell(
        COURIER,
        delivery::CASH_COLLECTED,
        &[],
        money(place(9), person(1), fen),
    );
    story
}

fn pass(fen: u64) -> Body {
    money(person(COURIER as u8), person(COLLEAGUE as u8), fen)
}

fn numbered(story: &mut Story, device: u64, fen: u64, number: u64, after: &[FactId]) -> FactId {
    let kind = if story.kind == RecordKind::HandIn {
        hand_in::HANDED_IN
    } else {
        count::COUNTED
    };
    let body = money(person(COURIER as u8), station(), fen).with(field::NUMBER, number);
    story.tell(device, kind, after, body)
}

#[test]
fn a_parcel_handed_over_hands_no_cash_over() {
    let mut story = collected(12_000);
    story.tell(
        COURIER,
        delivery::HANDED_OVER,
        &[],
        Body::new().with(field::TO, person(2)),
    );
    story.tell(
        COLLEAGUE,
        delivery::TAKEN_OVER,
        &[],
        Body::new().with(field::FROM, person(1)),
    );
    assert_eq!(
        (owes(&[&story], COURIER), owes(&[&story], COLLEAGUE)),
        (12_000, 0)
    );
    let voided = story.facts[0].id;
    story.void(COURIER, voided);
    assert_eq!(owes(&[&story], COURIER), 0);
}

#[test]
fn a_pass_moves_cash_once_both_say_the_same() {
    let parcel = collected(12_000);
    let mut story = Story::of(RecordKind::CashPass);
    let given = story.tell(COURIER, cash_pass::PASSED, &[], pass(5_000));
    assert_eq!(
        (owes(&[&parcel, &story], COURIER), story.state().as_str()),
        (12_000, "waiting")
    );
    assert_eq!(of(&[&story]).open_passes[0].parties, [person(1), person(2)]);
    let taken = story.tell(COLLEAGUE, cash_pass::TAKEN, &[], pass(500));
    assert_eq!(
        (owes(&[&parcel, &story], COURIER), story.state().as_str()),
        (12_000, "differs")
    );
    assert_eq!(story.codes(), [Code::CashPassDiffers]);
    assert!(of(&[&story]).open_passes[0].differs);
    story.void(COLLEAGUE, taken);
    story.tell(COLLEAGUE, cash_pass::TAKEN, &[given], pass(5_000));
    assert_eq!((story.state().as_str(), story.codes()), ("agreed", vec![]));
    assert_eq!(owes(&[&parcel, &story], COURIER), 7_000);
    assert_eq!(owes(&[&parcel, &story], COLLEAGUE), 5_000);
    assert_eq!(of(&[&story]).open_passes, []);
}

#[test]
fn one_phone_cannot_pass_its_debt_on_alone() {
    let mut story = Story::of(RecordKind::CashPass);
    let given = story.tell(COURIER, cash_pass::PASSED, &[], pass(5_000));
    story.tell(COURIER, cash_pass::TAKEN, &[given], pass(5_000));
    assert_eq!(
        (owes(&[&story], COLLEAGUE), story.state().as_str()),
        (0, "waiting")
    );
}

#[test]
fn a_dispatcher_closes_a_pass_with_the_word_that_stands_or_with_none() {
    for stands in [true, false] {
        let mut story = Story::of(RecordKind::CashPass);
        let given = story.tell(COURIER, cash_pass::PASSED, &[], pass(5_000));
        let taken = story.tell(COLLEAGUE, cash_pass::TAKEN, &[], pass(4_000));
        story.close(COUNTY, &[given, taken], stands.then_some(taken), &[given, taken]);
        assert_eq!(story.codes(), []);
        assert_eq!(owes(&[&story], COLLEAGUE), if stands { 4_000 } else { 0 });
    }
}

#[test]
fn a_hand_in_settles_with_its_count() {
    let parcel = collected(12_000);
    let mut handed = Story::of(RecordKind::HandIn);
    let mut counted = Story::of(RecordKind::Count);
    numbered(&mut handed, COURIER, 12_000, 7, &[]);
    let ledger = of(&[&parcel, &handed]);
    assert_eq!(
        ledger.owed(person(1)).unwrap(),
        12_000,
        "owed until it is counted"
    );
    assert!(!ledger.settlements[0].closed);
    assert_eq!(
        ledger.unsettled(person(1)).unwrap(),
        [parcel.record, handed.record].into()
    );
    // Another number's count is another settlement.
    numbered(&mut counted, CLERK, 12_000, 8, &[]);
    assert_eq!(owes(&[&parcel, &handed, &counted], COURIER), 12_000);
    let wrong = counted.facts[0].id;
    counted.void(CLERK, wrong);
    numbered(&mut counted, CLERK, 12_000, 7, &[]);
    let ledger = of(&[&parcel, &handed, &counted]);
    let settlement = ledger
        .settlements
        .iter()
        .find(|settlement| settlement.number == 7)
        .unwrap();
    assert!(settlement.closed && !settlement.explained);
    assert_eq!(settlement.records, [handed.record, counted.record]);
    assert_eq!(ledger.owed(person(1)).unwrap(), 0);
    assert_eq!(ledger.discrepancies, []);
    assert_eq!(ledger.owed(station()).unwrap(), 12_000);
}

#[test]
fn a_difference_is_a_discrepancy_until_it_is_explained_and_stays_owed() {
    let parcel = collected(12_000);
    let mut handed = Story::of(RecordKind::HandIn);
    let mut counted = Story::of(RecordKind::Count);
    let said = numbered(&mut handed, COURIER, 12_000, 7, &[]);
    let found = numbered(&mut counted, CLERK, 11_900, 7, &[]);
    let ledger = of(&[&parcel, &handed, &counted]);
    assert_eq!(ledger.discrepancies[0].code, Code::SettlementDiffers);
    assert_eq!(ledger.discrepancies[0].facts, [said, found]);
    assert_eq!(ledger.owed(person(1)).unwrap(), 12_000);
    let why = Body::new()
        .with(field::NOTE, "one note short")
        .with(field::BY, person(3));
    counted.tell(CLERK, count::DIFFERENCE_EXPLAINED, &[found], why);
    let ledger = of(&[&parcel, &handed, &counted]);
    assert_eq!(ledger.discrepancies, []);
    assert!(ledger.settlements[0].closed && ledger.settlements[0].explained);
    assert_eq!(
        ledger.owed(person(1)).unwrap(),
        100,
        "a difference in the next one"
    );
}

#[test]
fn a_closed_settlement_is_never_reopened() {
    let mut parcel = collected(12_000);
    let mut handed = Story::of(RecordKind::HandIn);
    let mut counted = Story::of(RecordKind::Count);
    let said = numbered(&mut handed, COURIER, 12_000, 7, &[]);
    let found = numbered(&mut counted, CLERK, 12_000, 7, &[]);
    let first = parcel.facts[0].id;
    parcel.void(COURIER, first);
    assert!(of(&[&parcel, &handed, &counted]).settlements[0].closed);
    assert_eq!(owes(&[&parcel, &handed, &counted], COURIER), -12_000);
    handed.void(COURIER, said);
    counted.void(CLERK, found);
    let ledger = of(&[&parcel, &handed, &counted]);
    assert!(ledger.settlements[0].closed);
    assert_eq!(ledger.owed(person(1)).unwrap(), 0, "a voided count moves nothing");
    numbered(&mut counted, CLERK, 11_000, 7, &[]);
    let ledger = of(&[&parcel, &handed, &counted]);
    assert!(ledger.settlements[0].closed);
    assert_eq!(ledger.discrepancies, []);
    assert_eq!(ledger.owed(person(1)).unwrap(), -11_000);
}

#[test]
fn words_under_one_number_that_differ() {
    let mut handed = Story::of(RecordKind::HandIn);
    let one = numbered(&mut handed, COURIER, 500, 1, &[]);
    assert_eq!(handed.codes(), []);
    let other = numbered(&mut handed, COURIER, 600, 1, &[one]);
    assert_eq!(handed.codes(), [Code::HandInDiffers]);
    handed.void(COURIER, one);
    assert_eq!((handed.codes(), other.n), (vec![], 2));
    let mut counted = Story::of(RecordKind::Count);
    let one = numbered(&mut counted, CLERK, 500, 1, &[]);
    let other = numbered(&mut counted, 5, 600, 1, &[]);
    assert_eq!(counted.codes(), [Code::CountDiffers]);
    counted.close(COUNTY, &[one, other], Some(other), &[one, other]);
    assert_eq!(counted.codes(), []);
    assert_eq!(owes(&[&handed, &counted], COURIER), -600);
}

#[test]
fn an_errand_comes_out_even() {
    let mut story = Story::of(RecordKind::Errand);
    let (asker, shop) = (RecordId([70; 16]), place(60));
    let me = person(COURIER as u8);
    let given = story.tell(COURIER, errand::ADVANCE_GIVEN, &[], money(asker, me, 10_000));
    assert_eq!(owes(&[&story], COURIER), 10_000);
    let bought = story.tell(COURIER, errand::BOUGHT, &[given], money(me, shop, 6_000));
    let change = story.tell(COURIER, errand::CHANGE_GIVEN, &[bought], money(me, asker, 4_000));
    assert_eq!(owes(&[&story], COURIER), 0);
    assert_eq!(of(&[&story]).unsettled(me).unwrap(), [].into());
    // Bought with one's own money, and given back.
    let more = story.tell(COURIER, errand::BOUGHT, &[change], money(me, shop, 500));
    assert_eq!(owes(&[&story], COURIER), -500);
    assert_eq!(of(&[&story]).unsettled(me).unwrap(), [story.record].into());
    story.tell(CLERK, errand::REIMBURSED, &[more], money(station(), me, 500));
    assert_eq!(owes(&[&story], COURIER), 0);
}

#[test]
fn a_subsidy_paid_out_is_owed_to_whoever_paid_it() {
    let mut story = Story::of(RecordKind::Pickup);
    story.tell(COURIER, pickup::PAID_OUT, &[], money(person(1), place(9), 800));
    assert_eq!(owes(&[&story], COURIER), -800);
}

#[test]
fn what_is_owed_lies_in_what_came_last() {
    let me = person(COURIER as u8);
    let mut stories = vec![];
    for n in 1..=3u8 {
        let mut story = collected(1_000);
        story.record = RecordId([n; 16]);
        story.facts[0].record = story.record;
        story.facts[0].id.n = u64::from(n);
        story.facts[0].stamp.hlc_ms += i64::from(n);
        stories.push(story);
    }
    let mut handed = Story::of(RecordKind::HandIn);
    let mut counted = Story::of(RecordKind::Count);
    numbered(&mut handed, COURIER, 1_500, 1, &[]);
    numbered(&mut counted, CLERK, 1_500, 1, &[]);
    let all: Vec<&Story> = stories.iter().chain([&handed, &counted]).collect();
    let ledger = of(&all);
    assert_eq!(ledger.owed(me).unwrap(), 1_500);
    assert_eq!(
        ledger.unsettled(me).unwrap(),
        [stories[1].record, stories[2].record].into()
    );
    assert_eq!(ledger.unsettled(PersonId([50; 16])).unwrap(), [].into());
}

#[test]
fn what_is_no_sum_of_money_moves_nothing() {
    let mut story = Story::of(RecordKind::Delivery);
    let (from, to) = (ADDRESSEE, person(1));
    let kind = delivery::CASH_COLLECTED;
    story.tell(COURIER, kind, &[], money(from, to, MAX_FEN + 1));
    story.tell(COURIER, kind, &[], money(from, to, u64::MAX));
    story.tell(
        COURIER,
        kind,
        &[],
        Body::new().with(field::FROM, from).with(field::TO, to),
    );
    story.tell(
        COURIER,
        kind,
        &[],
        Body::new().with(field::FEN, 5u64).with(field::TO, to),
    );
    story.tell(COURIER, kind, &[], money(from, to, 5).with(field::FEN, -5i64));
    assert_eq!(of(&[&story]).balances().unwrap().len(), 0);
    story.tell(COURIER, kind, &[], money(from, to, MAX_FEN));
    assert_eq!(
        owes(&[&story], 1),
        MAX_FEN as i64 - MAX_FEN as i64,
        "the addressee is the same sixteen bytes"
    );
    story.tell(COURIER, kind, &[], money(place(3), to, MAX_FEN));
    assert_eq!(owes(&[&story], 1), MAX_FEN as i64);
}

#[test]
fn joined_and_parted_facts_move_their_cash_once() {
    let mut wrong = collected(700);
    wrong.record = RecordId([30; 16]);
    wrong.facts[0].record = wrong.record;
    let right = RecordId([31; 16]);
    wrong.tell(
        COUNTY,
        delivery::SAME_AS,
        &[],
        Body::new().with(field::RECORD, right),
    );
    let ledger = of(&[&wrong]);
    assert_eq!(ledger.owed(person(1)).unwrap(), 700);
    assert_eq!(ledger.unsettled(person(1)).unwrap(), [right].into());
}
