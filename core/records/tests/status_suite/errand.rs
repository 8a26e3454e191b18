//! Errands.

use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::errand as kind;
use saddlebag_records::fact::{Body, field};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{Holder, Notice, Phase};

use crate::story::{Story, money, person, place};

const COURIER: u64 = 1;
const COLLEAGUE: u64 = 2;
const COUNTY: u64 = 4;

fn bought(item: u8, by: u64) -> Body {
    money(person(by as u8), place(60), 1_500)
        .with(field::ITEM, vec![item; 8])
        .with(field::NAME, "salt")
}

#[test]
fn an_errand_from_asking_to_confirming() {
    let mut story = Story::of(RecordKind::Errand);
    assert_eq!(story.state(), "planned");
    let accepted = story.tell(COURIER, kind::ACCEPTED, &[], Body::new());
    assert_eq!(story.status().holders, [Holder::Device(accepted.device)]);
    let first = story.tell(COURIER, kind::BOUGHT, &[accepted], bought(1, COURIER));
    let second = story.tell(
        COURIER,
        kind::NOT_TO_BE_HAD,
        &[first],
        Body::new().with(field::ITEM, vec![2; 8]),
    );
    assert_eq!(story.state(), "not_to_be_had");
    let done = story.tell(COURIER, kind::DELIVERED_AND_CONFIRMED, &[second], Body::new());
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("delivered", Phase::Ended)
    );
    assert_eq!(story.credited(), Some(done));
    assert_eq!(story.codes(), []);
}

#[test]
fn two_couriers_accept_and_shop_apart() {
    let mut story = Story::of(RecordKind::Errand);
    let one = story.tell(COURIER, kind::ACCEPTED, &[], Body::new());
    let other = story.tell(COLLEAGUE, kind::ACCEPTED, &[], Body::new());
    assert_eq!(story.codes(), [Code::AcceptedTwice]);
    assert_eq!(story.status().holders.len(), 2);
    let salt = story.tell(COURIER, kind::BOUGHT, &[one], bought(1, COURIER));
    story.tell(COLLEAGUE, kind::BOUGHT, &[other], bought(2, COLLEAGUE));
    assert_eq!(story.codes(), []);
    let again = story.tell(COLLEAGUE, kind::BOUGHT, &[other], bought(1, COLLEAGUE));
    assert_eq!(story.status().discrepancies[0].facts, [salt, again]);
    // What was bought twice stays bought twice, whoever delivers it.
    let done = story.tell(
        COURIER,
        kind::DELIVERED_AND_CONFIRMED,
        &[salt, again],
        Body::new(),
    );
    assert_eq!(story.codes(), [Code::BoughtTwice]);
    assert_eq!(story.credited(), None);
    story.close(COUNTY, &[salt, again], Some(salt), &[done]);
    assert_eq!((story.codes(), story.credited()), (vec![], Some(done)));
}

#[test]
fn confirmed_twice_even_in_sight() {
    let mut story = Story::of(RecordKind::Errand);
    let one = story.tell(COURIER, kind::DELIVERED_AND_CONFIRMED, &[], Body::new());
    story.tell(COLLEAGUE, kind::DELIVERED_AND_CONFIRMED, &[one], Body::new());
    assert_eq!(story.codes(), [Code::DeliveredTwice]);
    assert_eq!(story.credited(), None);
}

#[test]
fn cancelled_after_the_money_was_spent() {
    let mut story = Story::of(RecordKind::Errand);
    let bought = story.tell(COURIER, kind::BOUGHT, &[], bought(1, COURIER));
    let cancelled = story.tell(COUNTY, kind::CANCELLED, &[bought], Body::new());
    assert_eq!(story.state(), "bought");
    assert_eq!(story.status().notices, [Notice::Cancelled { fact: cancelled }]);
}
