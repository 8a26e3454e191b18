//! The cash book of a courier.

use saddlebag_records::cash::{Book, BookKind, book};
use saddlebag_records::fact::kinds::{cash_pass, count, delivery, errand, hand_in, pickup};
use saddlebag_records::fact::{Fact, field, schemas};
use saddlebag_records::kind::RecordKind;

use crate::story::{Story, money, person, place};

const ME: u64 = 1;
const COLLEAGUE: u64 = 2;
const CLERK: u64 = 3;
const MY_TABLET: u64 = 11;
const MY_OLD_PHONE: u64 = 12;

fn of(stories: &[&Story]) -> Book {
    let facts: Vec<&Fact> = stories.iter().flat_map(|story| &story.facts).collect();
    book(facts, person(1)).unwrap()
}

fn kinds_and_sums(book: &Book) -> Vec<(BookKind, i64, bool)> {
    let mut lines: Vec<_> = book
        .lines
        .iter()
        .map(|line| (line.kind, line.fen, line.counts))
        .collect();
    lines.sort_unstable();
    lines
}

#[test]
fn each_way_in_which_cash_moves_has_its_line() {
    let (me, asker, shop) = (person(1), place(9), place(8));
    let mut parcel = Story::of(RecordKind::Delivery);
    parcel.tell(ME, delivery::CASH_COLLECTED, &[], money(asker, me, 12_000));
    let mut shopping = Story::of(RecordKind::Errand);
    let given = shopping.tell(MY_TABLET, errand::ADVANCE_GIVEN, &[], money(asker, me, 10_000));
    let bought = shopping.tell(MY_TABLET, errand::BOUGHT, &[given], money(me, shop, 6_000));
    let change = shopping.tell(
        MY_TABLET,
        errand::CHANGE_GIVEN,
        &[bought],
        money(me, asker, 3_000),
    );
    shopping.tell(MY_TABLET, errand::REIMBURSED, &[change], money(asker, me, 500));
    let mut wool = Story::of(RecordKind::Pickup);
    wool.tell(MY_OLD_PHONE, pickup::PAID_OUT, &[], money(me, asker, 800));

    let book = of(&[&parcel, &shopping, &wool]);
    assert_eq!(
        kinds_and_sums(&book),
        [
            (BookKind::Advance, 10_000, true),
            (BookKind::Collected, 12_000, true),
            (BookKind::Spent, -6_000, true),
            (BookKind::Change, -3_000, true),
            (BookKind::Reimbursed, 500, true),
            (BookKind::PaidOut, -800, true),
        ]
    );
    assert_eq!(
        (book.advance_fen, book.collected_fen, book.spent_fen),
        (7_000, 12_500, 6_800)
    );
    assert_eq!(book.owed_fen, 12_700);
    assert!(
        book.lines.is_sorted_by_key(|line| std::cmp::Reverse(line.at_ms)),
        "the latest first"
    );
    let collected = book
        .lines
        .iter()
        .find(|line| line.kind == BookKind::Collected)
        .unwrap();
    assert_eq!(
        (collected.record, collected.fact, collected.with),
        (parcel.record, parcel.facts[0].id, asker)
    );
}

#[test]
fn a_pass_waits_in_the_book_until_the_other_side_says_the_same() {
    let pass = |fen| money(person(1), person(2), fen);
    let mut story = Story::of(RecordKind::CashPass);
    let given = story.tell(ME, cash_pass::PASSED, &[], pass(5_000));
    assert_eq!(
        kinds_and_sums(&of(&[&story])),
        [(BookKind::Passed, -5_000, false)]
    );
    let taken = story.tell(COLLEAGUE, cash_pass::TAKEN, &[], pass(500));
    assert_eq!(
        kinds_and_sums(&of(&[&story])),
        [(BookKind::Passed, -5_000, false), (BookKind::Passed, -500, false)]
    );
    story.void(COLLEAGUE, taken);
    story.tell(COLLEAGUE, cash_pass::TAKEN, &[given], pass(5_000));
    let mine = of(&[&story]);
    assert_eq!(kinds_and_sums(&mine), [(BookKind::Passed, -5_000, true)]);
    assert_eq!((mine.passed_fen, mine.owed_fen), (5_000, -5_000));

    let theirs = book(&story.facts, person(2)).unwrap();
    assert_eq!(kinds_and_sums(&theirs), [(BookKind::Taken, 5_000, true)]);
    assert!(book(&story.facts, person(3)).unwrap().lines.is_empty());
}

#[test]
fn a_hand_in_waits_until_it_was_counted() {
    let sum = |fen: u64| money(person(1), place(1), fen).with(field::NUMBER, 1u64);
    let mut handed = Story::of(RecordKind::HandIn);
    handed.tell(ME, hand_in::HANDED_IN, &[], sum(9_000));
    assert_eq!(
        kinds_and_sums(&of(&[&handed])),
        [(BookKind::HandedIn, -9_000, false)]
    );
    let mut counted = Story::of(RecordKind::Count);
    counted.tell(CLERK, count::COUNTED, &[], sum(8_000));
    assert_eq!(
        kinds_and_sums(&of(&[&handed, &counted])),
        [(BookKind::HandedIn, -9_000, false)],
        "it differs, and nothing moved"
    );
    let mut right = Story::of(RecordKind::Count);
    right.tell(CLERK, count::COUNTED, &[], sum(9_000));
    let book = of(&[&handed, &right]);
    assert_eq!(kinds_and_sums(&book), [(BookKind::HandedIn, -9_000, true)]);
    assert_eq!((book.handed_in_fen, book.owed_fen), (9_000, -9_000));
}

#[test]
fn what_is_voided_is_in_no_line() {
    let mut parcel = Story::of(RecordKind::Delivery);
    let collected = parcel.tell(
        ME,
        delivery::CASH_COLLECTED,
        &[],
        money(place(9), person(1), 12_000),
    );
    parcel.void(ME, collected);
    assert_eq!(of(&[&parcel]), Book::default());
}

/// A kind of fact that moves money and is in no line would make the lines add up to something else than what is owed.
#[test]
fn every_kind_that_moves_money_has_a_line() {
    let mut tried = 0;
    for schema in schemas().iter().filter(|schema| schema.moves_money()) {
        let mut story = Story::of(schema.kind.record().unwrap());
        let body = money(person(1), person(2), 700).with(field::NUMBER, 1u64);
        let body = if schema.kind == errand::BOUGHT {
            body.with(field::NAME, "面粉")
        } else {
            body
        };
        story.tell(ME, schema.kind, &[], body);
        assert_eq!(of(&[&story]).lines.len(), 1, "{:?}", schema.kind);
        tried += 1;
    }
    assert!(tried >= 10, "{tried}");
}
