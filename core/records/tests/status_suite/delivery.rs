//! Deliveries: where they are, who has them, and whose work they were.

use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::delivery as kind;
use saddlebag_records::fact::{Body, Was, field};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::status::delivery::{How, State as Where};
use saddlebag_records::status::{Holder, Notice, Phase, State};

use crate::story::{NOON_MS, Story, at, fact, money, person, place, status_of};

const COURIER: u64 = 1;
const COLLEAGUE: u64 = 2;
const CLERK: u64 = 3;
const COUNTY: u64 = 4;

fn delivery() -> Story {
    Story::of(RecordKind::Delivery)
}

fn proof() -> Body {
    Body::new().with(field::PROOF, 1u64)
}

fn to(n: u64) -> Body {
    Body::new().with(field::TO, person(n as u8))
}

fn from(n: u64) -> Body {
    Body::new().with(field::FROM, person(n as u8))
}

fn failed() -> Body {
    Body::new().with(field::REASON, 1u64)
}

fn place_of(story: &Story) -> Where {
    match story.status().state {
        State::Delivery(state) => state,
        other => panic!("{other:?}"),
    }
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
fn in_two_bags_until_somebody_who_saw_both_moves_it() {
    let mut story = delivery();
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    let one = story.tell(COURIER, kind::LOADED_OUT, &[scanned], Body::new());
    let other = story.tell(COLLEAGUE, kind::LOADED_OUT, &[scanned], Body::new());
    assert_eq!(story.codes(), [Code::InTwoBags]);
    assert_eq!(
        story.status().holders,
        [Holder::Device(one.device), Holder::Device(other.device)]
    );
    story.tell(CLERK, kind::SCANNED_IN, &[one, other], at(1));
    assert_eq!(story.codes(), []);
    assert_eq!(story.state(), "at_station");
}

#[test]
fn handed_over_on_the_trail_by_phones_that_never_met() {
    let mut story = delivery();
    let scanned = story.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[scanned], Body::new());
    let handed = story.tell(COURIER, kind::HANDED_OVER, &[loaded], to(COLLEAGUE));
    assert_eq!(story.state(), "handed_over");
    let handing = story.status().handings;
    assert_eq!(
        (handing[0].fact, handing[0].to, handing[0].stands),
        (handed, person(COLLEAGUE as u8), true)
    );
    let taken = story.tell(COLLEAGUE, kind::TAKEN_OVER, &[scanned], from(COURIER));
    assert_eq!(story.codes(), []);
    assert_eq!(
        place_of(&story),
        Where::InBag {
            courier: taken.device
        }
    );
    assert!(!story.status().handings[0].stands);
    let delivered = story.tell(COLLEAGUE, kind::DELIVERED, &[taken], proof());
    assert_eq!(story.credited(), Some(delivered));
    assert_eq!(story.codes(), []);
}

#[test]
fn taken_over_though_the_giver_forgot_to_say_so() {
    let mut story = delivery();
    story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let taken = story.tell(COLLEAGUE, kind::TAKEN_OVER, &[], from(COURIER));
    assert_eq!(story.codes(), []);
    assert_eq!(
        place_of(&story),
        Where::InBag {
            courier: taken.device
        }
    );
}

#[test]
fn the_one_to_whom_it_was_handed_goes_on_without_saying_so() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    story.tell(COURIER, kind::HANDED_OVER, &[loaded], to(COLLEAGUE));
    story.tell(COLLEAGUE, kind::ATTEMPTED, &[], failed());
    assert_eq!(story.state(), "attempted");
    assert_eq!(story.codes(), []);
    assert_eq!(story.status().notices, []);
}

#[test]
fn taken_over_by_somebody_else_or_from_somebody_else() {
    for in_sight in [false, true] {
        let mut story = delivery();
        let handed = story.tell(COURIER, kind::HANDED_OVER, &[], to(COLLEAGUE));
        let after: &[FactId] = if in_sight { &[handed] } else { &[] };
        let taken = story.tell(7, kind::TAKEN_OVER, after, from(COURIER));
        assert_eq!(story.codes(), [Code::HandoverDiffers]);
        story.close(COUNTY, &[handed, taken], Some(taken), &[handed, taken]);
        assert_eq!(story.codes(), []);
        assert_eq!(
            place_of(&story),
            Where::InBag {
                courier: taken.device
            }
        );
    }
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    story.tell(COLLEAGUE, kind::TAKEN_OVER, &[loaded], from(8));
    assert_eq!(story.codes(), [Code::HandoverDiffers]);
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
    assert_eq!(waits.overdue_from_ms(7), Some(since_ms + 7 * 86_400_000));
    assert_eq!(waits.overdue_from_ms(u64::MAX), Some(i64::MAX));
    assert_eq!(Where::Announced.overdue_from_ms(7), None);
    assert_eq!(story.credited(), None);

    let seen = story.tell(COLLEAGUE, kind::UNCOLLECTED, &[placed], at(7));
    assert_eq!(place_of(&story).overdue_from_ms(7), Some(since_ms));
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

#[test]
fn a_waybill_typed_wrong_goes_on_as_the_right_record() {
    let mut right = delivery();
    let scanned = right.tell(CLERK, kind::SCANNED_IN, &[], at(1));
    let mut wrong = delivery();
    wrong.record = RecordId([77; 16]);
    let loaded = wrong.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let delivered = wrong.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    let same = Body::new().with(field::RECORD, right.record);
    wrong.tell(COUNTY, kind::SAME_AS, &[delivered], same);

    assert_eq!(place_of(&wrong), Where::SameAs { record: right.record });
    assert_eq!(wrong.status().phase, Phase::Ended);
    assert_eq!(right.state(), "at_station");
    right.facts.extend(wrong.facts.clone());
    assert_eq!(right.state(), "delivered");
    assert_eq!(right.credited(), Some(delivered));
    assert_eq!(right.codes(), []);
    // The same facts, seen from the wrong record.
    wrong.facts = right.facts.clone();
    assert_eq!(place_of(&wrong), Where::SameAs { record: right.record });
    assert_eq!(wrong.credited(), None);
    // Facts that are voided where they are looked at now.
    right.void(COUNTY, delivered);
    assert_eq!(right.state(), "in_bag");
    assert_eq!(scanned.n, 1);
}

#[test]
fn records_joined_in_a_ring_or_to_two_others() {
    let mut ring = delivery();
    let (small, large) = (RecordId([1; 16]), RecordId([200; 16]));
    let join = |from, to, n| {
        fact(
            from,
            1,
            n,
            kind::SAME_AS,
            &[],
            Body::new().with(field::RECORD, to),
        )
    };
    ring.facts = vec![join(large, small, 1), join(small, large, 2)];
    ring.facts.push(fact(large, 2, 1, kind::SCANNED_IN, &[], at(1)));
    ring.record = large;
    assert_eq!(place_of(&ring), Where::SameAs { record: small });
    ring.record = small;
    assert_eq!(ring.state(), "at_station");

    let mut torn = delivery();
    torn.record = small;
    torn.facts = vec![join(small, large, 1), join(small, RecordId([150; 16]), 2)];
    assert_eq!(torn.codes(), [Code::JoinedToTwo]);
    assert_eq!(
        place_of(&torn),
        Where::SameAs {
            record: RecordId([150; 16])
        }
    );
    let wrong = torn.facts[1].id;
    torn.void(COUNTY, wrong);
    assert_eq!(torn.codes(), []);
    assert_eq!(place_of(&torn), Where::SameAs { record: large });
}

#[test]
fn two_parcels_under_one_number_are_parted() {
    let mut first = delivery();
    let second = RecordId([88; 16]);
    let loaded = first.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let delivered = first.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    let other = first.tell(COLLEAGUE, kind::LOADED_OUT, &[], Body::new());
    let other_delivered = first.tell(COLLEAGUE, kind::DELIVERED, &[other], proof());
    assert_eq!(first.codes(), [Code::DeliveredTwice]);
    let parting = Body::new()
        .with(field::RECORD, second)
        .with(field::FACTS, vec![other, other_delivered]);
    let parted = first.tell(COUNTY, kind::BELONGS_TO, &[delivered, other_delivered], parting);
    assert_eq!(first.codes(), []);
    assert_eq!(first.credited(), Some(delivered));
    let mut second = Story {
        record: second,
        ..delivery()
    };
    second.facts = first.facts.clone();
    assert_eq!(second.credited(), Some(other_delivered));
    assert_eq!(second.codes(), []);
    // Sent to a third record too: one of the two is wrong.
    let third = Body::new()
        .with(field::RECORD, place(9))
        .with(field::FACTS, vec![other_delivered]);
    let twice = first.tell(COUNTY, kind::BELONGS_TO, &[parted], third);
    assert_eq!(first.codes(), [Code::PartedToTwo]);
    first.void(COUNTY, twice);
    assert_eq!(first.codes(), []);
    // Corrected in its new place.
    second.facts = first.facts.clone();
    second.void(COUNTY, other_delivered);
    assert_eq!(second.state(), "in_bag");
}

#[test]
fn what_a_forked_phone_writes_anew_counts_once() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let delivered = story.tell(COURIER, kind::DELIVERED, &[loaded], proof());
    let first = story.facts[1].clone();
    let mut anew = first.clone();
    anew.id = FactId::new(loaded.device, 0);
    anew.id = FactId {
        device: saddlebag_records::id::DeviceNumber(31),
        n: 1,
    };
    anew.was = Some(Was {
        id: delivered,
        hash: first.hash(),
    });
    story.facts.push(anew.clone());
    assert_eq!(story.credited(), Some(delivered));
    assert_eq!(story.codes(), []);
    // Voided under its new name, it is voided.
    let mut voided = Story {
        facts: story.facts.clone(),
        ..delivery()
    };
    voided.void(COUNTY, anew.id);
    assert_eq!(voided.state(), "in_bag");
    // Without the first one, the new one stands for it, and what came after the old name after the new one.
    let back = story.tell(CLERK, kind::RETURNED_TO_STATION, &[delivered], at(1));
    story.facts.retain(|fact| fact.id != delivered);
    assert_eq!(story.codes(), [Code::MovedAfterEnd]);
    assert_eq!(story.status().discrepancies[0].facts, [back, anew.id]);
    // A claim to have been another fact changes nothing about that one.
    let mut liar = delivery();
    let honest = liar.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let hash = liar.facts[0].hash();
    let lie = liar.tell(7, kind::DELIVERED, &[], proof());
    liar.facts[1].was = Some(Was { id: honest, hash });
    assert_eq!(liar.credited(), Some(lie));
    assert_eq!(
        status_of(&liar, &liar.facts[..1]).holders,
        [Holder::Device(honest.device)]
    );
}

#[test]
fn two_facts_under_one_name_are_one_everywhere() {
    let mut story = delivery();
    let loaded = story.tell(COURIER, kind::LOADED_OUT, &[], Body::new());
    let mut other = story.facts[0].clone();
    other.kind = kind::DELIVERED;
    story.facts.push(other);
    assert_eq!(story.state(), "in_bag");
    assert_eq!(story.status().holders, [Holder::Device(loaded.device)]);
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
