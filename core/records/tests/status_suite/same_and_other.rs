//! Records that are the same, parcels that are not, and facts that came under two names.

use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::delivery as kind;
use saddlebag_records::fact::{Body, Was, field};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::status::delivery::State as Where;
use saddlebag_records::status::{Holder, Phase};

use crate::delivery::{CLERK, COLLEAGUE, COUNTY, COURIER, delivery, place_of, proof};
use crate::story::{Story, at, fact, place, status_of};

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
    anew.id = FactId {
        device: DeviceNumber(31),
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

#[test]
fn a_copy_cannot_turn_the_order_around() {
    let mut story = delivery();
    let returned = story.tell(COURIER, kind::RETURNED_TO_STATION, &[], at(1));
    let delivered = story.tell(COLLEAGUE, kind::DELIVERED, &[], proof());
    assert_eq!(story.codes(), [Code::DeliveredAndReturned]);
    let mut copy = story.facts[1].clone();
    copy.was = Some(Was {
        id: delivered,
        hash: copy.hash(),
    });
    copy.id = FactId::new(DeviceNumber(31), 1);
    copy.after = vec![returned];
    story.facts.push(copy);
    assert_eq!(story.codes(), [Code::DeliveredAndReturned]);
    assert_eq!(story.credited(), None);
}
