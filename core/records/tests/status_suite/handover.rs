//! Deliveries that change hands.

use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::delivery as kind;
use saddlebag_records::fact::{Body, field};
use saddlebag_records::id::FactId;
use saddlebag_records::status::Holder;
use saddlebag_records::status::delivery::State as Where;

use crate::delivery::{CLERK, COLLEAGUE, COUNTY, COURIER, delivery, failed, place_of, proof};
use crate::story::{at, person};

fn to(n: u64) -> Body {
    Body::new().with(field::TO, person(n as u8))
}

fn from(n: u64) -> Body {
    Body::new().with(field::FROM, person(n as u8))
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
