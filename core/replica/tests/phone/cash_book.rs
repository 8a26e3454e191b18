//! The cash book, as it is shown.

use saddlebag_records::cash::BookKind;
use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::NewFact;

use crate::a_phone::{Phone, STATION, person};
use crate::county::County;
use crate::records_given::*;

#[test]
fn every_line_says_from_whom_or_to_whom() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let household = id(20);
    let parcel = delivery(&mut county, 10, &[PlanEdit::set("household", household)]);
    give(
        &mut county,
        RecordKind::Household,
        household,
        &[PlanEdit::set("name", "阿依古丽")],
    );
    place(&mut county, STATION, &[("zh-Hans", "站点")], &[]);
    give(
        &mut county,
        RecordKind::Colleague,
        person(2).into(),
        &[PlanEdit::set("name", "巴合提")],
    );
    county.sync(&phone);
    assert_eq!(phone.cash_book().unwrap().lines, []);

    let collected = Body::new()
        .with(field::FROM, household)
        .with(field::TO, person(1))
        .with(field::FEN, 12_000u64);
    phone
        .record(NewFact::new(parcel, kinds::delivery::CASH_COLLECTED, collected))
        .unwrap();
    phone.clock.pass(1_000);
    phone.pass_cash(person(2), 2_000).unwrap();
    phone.clock.pass(1_000);
    phone.hand_in(STATION, 9_000).unwrap();

    let book = phone.cash_book().unwrap();
    let told: Vec<_> = book
        .lines
        .iter()
        .map(|entry| {
            (
                entry.line.kind,
                entry.line.fen,
                entry.with_name.as_str(),
                entry.line.counts,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (BookKind::HandedIn, -9_000, "站点", false),
            (BookKind::Passed, -2_000, "巴合提", false),
            (BookKind::Collected, 12_000, "阿**", true),
        ]
    );
    assert_eq!(
        (book.owed_fen, book.collected_fen, book.handed_in_fen),
        (12_000, 12_000, 0)
    );
    assert_eq!(book.owed_fen, phone.cash().unwrap().owed_fen);
    assert!(book.lines.iter().all(|line| line.is_own));
    let json = serde_json::to_value(&book.lines[2]).unwrap();
    assert_eq!(
        (json["kind"].as_str(), json["with_name"].as_str()),
        (Some("collected"), Some("阿**"))
    );
}
