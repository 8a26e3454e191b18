//! Deliveries: where they are, who has them, and whose work they were.

use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::delivery as kind;
use saddlebag_records::fact::{Body, field};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::status::delivery::{How, State as Where};
use saddlebag_records::status::{Holder, Notice, Phase, State};

use crate::story::{NOON_MS, Story, at, money, person, place};

pub(crate) const COURIER: u64 = 1;
pub(crate) const COLLEAGUE: u64 = 2;
pub(crate) const CLERK: u64 = 3;
pub(crate) const COUNTY: u64 = 4;

pub(crate) fn delivery() -> Story {
    Story::of(RecordKind::Delivery)
}

pub(crate) fn proof() -> Body {
    Body::new().with(field::PROOF, 1u64)
}

pub(crate) fn failed() -> Body {
    Body::new().with(field::REASON, 1u64)
}

pub(crate) fn place_of(story: &Story) -> Where {
    match story.status().state {
        State::Delivery(state) => state,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_list_that_comes_late_takes_nothing_back() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], at(1));
    let announced = story.tell(COUNTY, kind::ANNOUNCED, &[loaded], Body::new());
    assert_eq!(
        place_of(&story),
        Where::InBag {
            courier: loaded.device
        }
    );
    assert_eq!(story.status().holders, [Holder::Device(loaded.device)]);

    let delivered = story.tell(COURIER, kind::DELIVERED, &[announced], proof());
    story.tell(COUNTY, kind::ANNOUNCED, &[delivered], Body::new());
    let done = story.status();
    assert_eq!(
        place_of(&story),
        Where::Delivered {
            how: How::Addressee,
            by: delivered.device
        }
    );
    assert_eq!((done.phase, done.discrepancies), (Phase::Ended, vec![]));
    assert_eq!(story.credited(), Some(delivered));
}

#[test]
fn a_list_that_comes_late_hides_no_discrepancy() {
    let mut story = delivery();
    let one = story.tell(COURIER, kind::LOADED_OUT, &[], at(1));
    let other = story.tell(COLLEAGUE, kind::LOADED_OUT, &[], at(1));
    let before = story.status().discrepancies;
    assert_eq!(before.len(), 1);
    story.tell(COUNTY, kind::ANNOUNCED, &[one, other], Body::new());
    assert_eq!(story.status().discrepancies, before);
}

#[test]
fn a_day_like_any_other() {
    let mut story = delivery();
    assert_eq!(place_of(&story), Where::Planned);
    let announced = story.tell(COUNTY, kind::ANNOUNCED, &[], Body::new());
    assert_eq!(place_of(&story), Where::Announced);
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[announced], at(1));
    assert_eq!(
        place_of(&story),
        Where::AtStation {
            place: Some(place(1))
        }
    );
    assert_eq!(story.status().holders, [Holder::Place(place(1))]);
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[scanned], at(1));
    let in_bag = story.status();
    assert_eq!(in_bag.holders, [Holder::Device(loaded.device)]);
    assert_eq!((in_bag.phase, in_bag.ended_at_ms), (Phase::Open, None));
    let attempted = story.tell(COURIER, kind::ATTEMPTED, &[loaded], failed());
    assert_eq!(
        place_of(&story),
        Where::Attempted {
            courier: loaded.device,
            reason: Some(1)
        }
    );
    let delivered = story.tell(COURIER, kind::DELIVERED, &[attempted], proof());
    let done = story.status();
    assert_eq!(
        place_of(&story),
        Where::Delivered {
            how: How::Addressee,
            by: delivered.device
        }
    );
    assert_eq!(done.phase, Phase::Ended);
    assert_eq!(done.ended_at_ms, Some(NOON_MS + 3 * 60_000));
    assert_eq!(done.ended_by, [delivered]);
    assert_eq!(
        (done.holders, done.notices, done.discrepancies),
        (vec![], vec![], vec![])
    );
    assert_eq!(story.credited(), Some(delivered));
}

#[test]
fn a_mistake_is_voided_and_counts_nowhere() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    let corrected = story.void(COURIER, delivered);
    assert_eq!(story.state(), "in_bag");
    assert_eq!(story.credited(), None);
    // A correction stays, whoever voids it.
    story.void(COUNTY, corrected);
    assert_eq!(story.state(), "in_bag");
    // What is written anew counts.
    let anew = story.tell(COURIER, kind::DELIVERED, &[corrected], proof());
    assert_eq!(story.credited(), Some(anew));
}

#[test]
fn delivered_although_cancelled_in_whatever_order() {
    for order in 0..3 {
        let mut story = delivery();
        let announced = story.tell(COUNTY, kind::ANNOUNCED, &[], Body::new());
        let loaded = story.tell(COURIER, kind::LOADED_OUT, &[announced], Body::new());
        let (cancelled, delivered) = match order {
            0 => {
                let cancelled = story.tell(COUNTY, kind::CANCELLED, &[loaded], Body::new());
                (
                    cancelled,
                    story.tell(COURIER, kind::DELIVERED, &[cancelled], proof()),
                )
            }
            1 => {
                let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
                (
                    story.tell(COUNTY, kind::CANCELLED, &[delivered], Body::new()),
                    delivered,
                )
            }
            _ => {
                let cancelled = story.tell(COUNTY, kind::CANCELLED, &[announced], Body::new());
                (
                    cancelled,
                    story.tell(COURIER, kind::DELIVERED, &[loaded], proof()),
                )
            }
        };
        assert_eq!(story.state(), "delivered");
        assert_eq!(story.credited(), Some(delivered));
        assert_eq!(story.codes(), [Code::DeliveredAndCancelled]);
        assert!(
            story
                .status()
                .notices
                .contains(&Notice::Cancelled { fact: cancelled })
        );
        story.close(
            COUNTY,
            &[cancelled, delivered],
            Some(delivered),
            &[cancelled, delivered],
        );
        assert_eq!(story.codes(), []);
        assert_eq!(story.status().ended_by, [delivered]);
        assert_eq!(story.credited(), Some(delivered));
    }
}

#[test]
fn cancelled_while_it_is_carried_it_is_to_be_brought_back() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let cancelled = story.tell(COUNTY, kind::CANCELLED, &[loaded], Body::new());
    assert_eq!(story.state(), "in_bag");
    assert_eq!(story.status().notices, [Notice::Cancelled { fact: cancelled }]);
    story.tell(CLERK, kind::RETURNED_TO_STATION, &[loaded], at(1));
    assert_eq!(story.state(), "cancelled");
    assert_eq!(story.status().phase, Phase::Ended);
    assert_eq!(story.codes(), []);
}

#[test]
fn delivered_by_somebody_else_than_the_plan_says_now() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    story.plan("assignee", PlanValue::Person(person(COLLEAGUE as u8)));
    assert_eq!(story.status().notices, []);
    let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    assert_eq!(story.state(), "delivered");
    assert_eq!(story.credited(), Some(delivered));
    let told = Notice::DoneByAnother {
        fact: delivered,
        assigned: person(COLLEAGUE as u8),
    };
    assert_eq!(story.status().notices, [told]);
}

#[test]
fn two_deliveries_are_nobodys_until_it_is_closed_and_a_third_opens_it_again() {
    let mut story = delivery();
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    let one = story.tell(COURIER, kind::DELIVERED, &[scanned], proof());
    let other = story.tell(COLLEAGUE, kind::DELIVERED, &[scanned], proof());
    let open = story.status();
    assert_eq!(open.discrepancies.len(), 1);
    assert_eq!(open.discrepancies[0].facts, [one, other]);
    assert_eq!(
        (open.ended_by.as_slice(), open.ended_at_ms),
        (&[one, other][..], None)
    );
    assert_eq!(story.credited(), None);

    let closing = story.close(COUNTY, &[one, other], Some(other), &[one, other]);
    assert_eq!(story.codes(), []);
    assert_eq!(story.credited(), Some(other));
    assert_eq!(story.status().ended_by, [other]);

    let third = story.tell(CLERK, kind::DELIVERED, &[scanned], proof());
    assert_eq!(story.codes(), [Code::DeliveredTwice]);
    assert_eq!(story.status().discrepancies[0].facts, [other, third]);
    assert_eq!(story.credited(), None);
    story.close(COUNTY, &[one, other, third], None, &[closing, third]);
    assert_eq!(story.codes(), []);
    assert_eq!(story.credited(), None, "closed with nobody's fact standing");
}

#[test]
fn what_led_to_a_fact_that_was_set_aside_goes_with_it() {
    let mut story = delivery();
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[scanned], Body::new());
    let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    let back = story.tell(CLERK, kind::RETURNED_TO_STATION, &[scanned], at(1));
    assert_eq!(story.codes(), [Code::DeliveredAndReturned]);
    let closing = story.close(COUNTY, &[delivered, back], Some(back), &[delivered, back]);
    assert_eq!(
        (story.state().as_str(), story.codes()),
        ("returned_to_station", vec![])
    );
    assert_eq!(story.status().holders, [Holder::Place(place(1))]);
    // The decision lapses with the fact that it let stand.
    story.void(COUNTY, back);
    assert_eq!(
        (story.state().as_str(), story.credited()),
        ("delivered", Some(delivered))
    );
    assert_eq!(closing.n, 1);
}

#[test]
fn a_dispatcher_may_let_a_cancelling_stand() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    let cancelled = story.tell(COUNTY, kind::CANCELLED, &[], Body::new());
    story.close(
        COUNTY,
        &[delivered, cancelled],
        Some(cancelled),
        &[delivered, cancelled],
    );
    assert_eq!(
        (story.state().as_str(), story.credited(), story.codes()),
        ("cancelled", None, vec![])
    );
}

#[test]
fn cash_cannot_stand_against_a_delivery() {
    let mut story = delivery();
    story.plan("cash_fen", PlanValue::Integer(5));
    let delivered = story.tell(COURIER, kind::DELIVERED, &[], proof());
    let cash = story.tell(
        COURIER,
        kind::CASH_COLLECTED,
        &[delivered],
        money(place(1), person(1), 4),
    );
    story.close(COUNTY, &[delivered, cash], Some(cash), &[cash]);
    assert_eq!((story.credited(), story.codes()), (Some(delivered), vec![]));
}

#[test]
fn dispatchers_who_close_apart_and_differ_leave_it_open() {
    let mut story = delivery();
    let one = story.tell(COURIER, kind::DELIVERED, &[], proof());
    let other = story.tell(COLLEAGUE, kind::DELIVERED, &[], proof());
    let first = story.close(COUNTY, &[one, other], Some(one), &[one, other]);
    assert_eq!(story.credited(), Some(one));
    let second = story.close(5, &[one, other], Some(other), &[one, other]);
    assert_eq!(story.codes(), [Code::DeliveredTwice]);
    assert_eq!(story.credited(), None);
    story.close(6, &[one, other], Some(other), &[first, second]);
    assert_eq!(story.codes(), []);
    assert_eq!(story.credited(), Some(other));
}

#[test]
fn a_second_tap_on_one_phone_is_one_delivery() {
    let mut story = delivery();
    let first = story.tell(COURIER, kind::DELIVERED, &[], proof());
    story.tell(COURIER, kind::DELIVERED, &[first], proof());
    assert_eq!(story.codes(), []);
    assert_eq!(story.credited(), Some(first));
}

#[test]
fn something_that_moves_after_its_delivery_is_in_question() {
    let mut story = delivery();
    let delivered = story.tell(COURIER, kind::DELIVERED, &[], proof());
    let back = story.tell(CLERK, kind::RETURNED_TO_STATION, &[delivered], at(1));
    assert_eq!(story.state(), "returned_to_station");
    assert_eq!(story.codes(), [Code::MovedAfterEnd]);
    assert_eq!(story.credited(), None);
    story.close(COUNTY, &[delivered, back], Some(delivered), &[back]);
    assert_eq!(story.state(), "delivered");
    assert_eq!(story.credited(), Some(delivered));
}

#[test]
fn a_return_that_was_loaded_out_again_still_contradicts_a_delivery() {
    let mut story = delivery();
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    story.tell(COURIER, kind::DELIVERED, &[scanned], proof());
    let back = story.tell(CLERK, kind::RETURNED_TO_STATION, &[scanned], at(1));
    story.tell(COLLEAGUE, kind::LOADED_OUT, &[back], Body::new());
    assert_eq!(story.state(), "delivered");
    assert_eq!(story.codes(), [Code::DeliveredAndReturned]);
    assert_eq!(story.credited(), None);
}

#[test]
fn what_waits_at_a_drop_point_is_neither_open_nor_delivered() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let consent = Body::new().with(field::CONSENT, place(50));
    let placed = story.tell(
        COURIER,
        kind::PLACED_AT_DROP_POINT,
        &[loaded],
        consent.with(field::PLACE, place(7)),
    );
    assert_eq!(story.status().phase, Phase::Waiting);
    assert_eq!(story.status().holders, [Holder::Place(place(7))]);
    let since_ms = NOON_MS + 2 * 60_000;
    let waits = place_of(&story);
    assert_eq!(
        waits,
        Where::AtDropPoint {
            place: Some(place(7)),
            since_ms,
            uncollected: false
        }
    );
    assert_eq!(waits.overdue_from_ms(Some(9)), Some(since_ms + 9 * 86_400_000));
    assert_eq!(waits.overdue_from_ms(None), Some(since_ms + 7 * 86_400_000));
    assert_eq!(waits.overdue_from_ms(Some(u64::MAX)), Some(i64::MAX));
    assert_eq!(Where::Announced.overdue_from_ms(None), None);
    assert_eq!(story.credited(), None);

    let seen = story.tell(COLLEAGUE, kind::UNCOLLECTED, &[placed], at(7));
    assert_eq!(place_of(&story).overdue_from_ms(None), Some(since_ms));
    // Counted at the next visit by a colleague, and by the clerk from the keeper's list: one delivery, and the work
    // of whoever carried it there.
    story.tell(COLLEAGUE, kind::COLLECTED, &[seen], at(7).with(field::HOW, 3u64));
    story.tell(CLERK, kind::COLLECTED, &[placed], at(7).with(field::HOW, 2u64));
    assert_eq!(story.codes(), []);
    assert_eq!(story.credited(), Some(placed));
    assert_eq!(story.state(), "delivered");
}

#[test]
fn cash_that_is_not_what_the_plan_asks_for() {
    let mut story = delivery();
    story.plan("cash_fen", PlanValue::Integer(12_300));
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    assert_eq!(story.codes(), []);
    let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    assert_eq!(story.codes(), [Code::CashDiffers]);
    let one = story.tell(
        COURIER,
        kind::CASH_COLLECTED,
        &[delivered],
        money(place(1), person(1), 12_000),
    );
    assert_eq!(story.status().discrepancies[0].facts, [delivered, one]);
    let other = story.tell(
        COURIER,
        kind::CASH_COLLECTED,
        &[one],
        money(place(1), person(1), 300),
    );
    assert_eq!(story.codes(), []);
    let third = story.tell(
        COURIER,
        kind::CASH_COLLECTED,
        &[other],
        money(place(1), person(1), 1),
    );
    assert_eq!(story.codes(), [Code::CashDiffers]);
    assert_eq!(story.credited(), Some(delivered));
    story.close(COUNTY, &[delivered, one, other, third], None, &[third]);
    assert_eq!(story.codes(), []);
}

/// Somebody floods a record: it is answered in time, and nobody is credited meanwhile.
#[test]
fn a_flooded_record_credits_nobody() {
    let mut story = delivery();
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    for _ in 0..70 {
        for device in [COURIER, COLLEAGUE] {
            story.tell(device, kind::LOADED_OUT, &[scanned], Body::new());
        }
    }
    let delivered = story.tell(COURIER, kind::DELIVERED, &[scanned], proof());
    assert_eq!(story.credited(), Some(delivered), "it outdoes them all");
    for _ in 0..70 {
        let body = at(2);
        story.tell(CLERK, kind::SCANNED_IN, &[scanned], body);
        story.tell(COUNTY, kind::SCANNED_IN, &[scanned], at(3));
    }
    assert_eq!(story.credited(), None);
    assert_eq!(story.status().discrepancies.len(), 1);
    story
        .facts
        .retain(|fact| fact.id.device != delivered.device || fact.id == delivered);
    assert_eq!(story.codes(), [Code::InTwoPlaces]);
}
