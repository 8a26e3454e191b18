//! Pickups: their way to a carrier, their duties, and the freight subsidy.

use saddlebag_records::codes::goods;
use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::pickup as kind;
use saddlebag_records::fact::{Body, FactKind, field};
use saddlebag_records::id::FactId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::status::pickup::{State, Subsidy};
use saddlebag_records::status::{Holder, Notice, Phase, State as Any};

use crate::story::{Story, money, person, place};

const COURIER: u64 = 1;
const CLERK: u64 = 3;
const COUNTY: u64 = 4;

fn pickup() -> Story {
    Story::of(RecordKind::Pickup)
}

fn carrier(waybill: &str) -> Body {
    Body::new()
        .with(field::CARRIER, place(40))
        .with(field::WAYBILL, waybill)
}

fn missing(story: &Story) -> Vec<FactKind> {
    let notices = story.status().notices.into_iter();
    notices
        .filter_map(|notice| match notice {
            Notice::DutyMissing { duty } => Some(duty),
            _ => None,
        })
        .collect()
}

fn subsidy(story: &Story) -> Subsidy {
    match story.status().state {
        Any::Pickup(State { subsidy, .. }) => subsidy,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_lamb_goes_on_its_way_with_all_its_duties() {
    let mut story = pickup();
    story.plan("goods", PlanValue::Integer(goods::LAMB.into()));
    assert_eq!(story.state(), "planned");
    let mut last: Vec<FactId> = vec![];
    let duties = [
        kind::IDENTITY_CHECKED,
        kind::CONTENTS_INSPECTED,
        kind::QUARANTINE_CERTIFICATE_SEEN,
        kind::COLLECTED,
    ];
    for duty in duties {
        last = vec![story.tell(COURIER, duty, &last, Body::new())];
    }
    let collected = last[0];
    assert_eq!(story.state(), "collected");
    assert_eq!(story.status().holders, [Holder::Device(collected.device)]);
    assert_eq!(missing(&story), []);
    let sent = story.tell(CLERK, kind::HANDED_TO_CARRIER, &last, carrier("SF1000000001"));
    assert_eq!(missing(&story), [kind::WEIGHED, kind::SCREENED]);
    story.tell(CLERK, kind::WEIGHED, &[], Body::new().with(field::GRAMS, 900u64));
    story.tell(CLERK, kind::SCREENED, &[], Body::new());
    assert_eq!(missing(&story), []);
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("handed_to_carrier", Phase::Ended)
    );
    assert_eq!(story.status().ended_by, [sent]);
    assert_eq!(
        story.credited(),
        Some(collected),
        "whoever carried it from its sender"
    );
    story.tell(COUNTY, kind::ARRIVED, &[sent], Body::new());
    assert_eq!(story.state(), "arrived");
    assert_eq!(story.credited(), Some(collected));
    assert_eq!(story.codes(), []);
}

#[test]
fn duties_that_were_forgotten_are_told() {
    let mut story = pickup();
    story.tell(COURIER, kind::COLLECTED, &[], Body::new());
    assert_eq!(
        missing(&story),
        [kind::IDENTITY_CHECKED, kind::CONTENTS_INSPECTED]
    );
}

#[test]
fn what_a_carrier_refuses_can_go_with_another() {
    let mut story = pickup();
    let collected = story.tell(COURIER, kind::COLLECTED, &[], Body::new());
    let sent = story.tell(
        CLERK,
        kind::HANDED_TO_CARRIER,
        &[collected],
        carrier("SF1000000001"),
    );
    let refused = Body::new()
        .with(field::CARRIER, place(40))
        .with(field::REASON, 15u64);
    let refused = story.tell(CLERK, kind::REFUSED_BY_CARRIER, &[sent], refused);
    assert_eq!(
        (story.state().as_str(), story.credited()),
        ("refused_by_carrier", None)
    );
    story.tell(
        CLERK,
        kind::HANDED_TO_CARRIER,
        &[refused],
        carrier("SF1000000002"),
    );
    assert_eq!(story.codes(), []);
    assert_eq!(story.credited(), Some(collected));
}

#[test]
fn collected_by_two_who_never_met() {
    let mut story = pickup();
    let one = story.tell(COURIER, kind::COLLECTED, &[], Body::new());
    story.tell(COURIER, kind::HANDED_TO_CARRIER, &[one], carrier("SF1000000001"));
    let other = story.tell(2, kind::COLLECTED, &[], Body::new());
    assert_eq!(story.codes(), [Code::CollectedTwice]);
    assert_eq!(story.credited(), None);
    story.close(COUNTY, &[one, other], Some(one), &[one, other]);
    assert_eq!((story.codes(), story.credited()), (vec![], Some(one)));
}

#[test]
fn one_waybill_number_however_it_was_typed() {
    let mut story = pickup();
    story.tell(CLERK, kind::HANDED_TO_CARRIER, &[], carrier("SF1000000001"));
    let typed = story.tell(COURIER, kind::HANDED_TO_CARRIER, &[], carrier("sf 1000000001"));
    assert_eq!(story.codes(), []);
    story.void(COURIER, typed);
    story.tell(COURIER, kind::HANDED_TO_CARRIER, &[], carrier("SF1000000002"));
    assert_eq!(story.codes(), [Code::SentTwice]);
}

#[test]
fn sent_although_cancelled() {
    let mut story = pickup();
    let cancelled = story.tell(COUNTY, kind::CANCELLED, &[], Body::new());
    let collected = story.tell(COURIER, kind::COLLECTED, &[], Body::new());
    assert_eq!(story.state(), "collected");
    assert!(
        story
            .status()
            .notices
            .contains(&Notice::Cancelled { fact: cancelled })
    );
    story.tell(
        CLERK,
        kind::HANDED_TO_CARRIER,
        &[collected, cancelled],
        carrier("SF1000000001"),
    );
    assert_eq!(story.state(), "handed_to_carrier");
    assert_eq!(story.codes(), [Code::SentAndCancelled]);
    assert_eq!(story.credited(), Some(collected));
}

#[test]
fn readings_outside_the_limits_of_the_plan() {
    let mut story = pickup();
    let read = |tenths: i64| Body::new().with(field::TEMPERATURE, tenths);
    story.plan("cold_min_tenths", PlanValue::Integer(-40));
    story.plan("cold_max_tenths", PlanValue::Integer(40));
    for tenths in [-40, 0, 40] {
        story.tell(COURIER, kind::TEMPERATURE, &[], read(tenths));
    }
    assert_eq!(story.codes(), []);
    let warm = story.tell(COURIER, kind::TEMPERATURE, &[], read(41));
    let cold = story.tell(COURIER, kind::TEMPERATURE, &[], read(-41));
    assert_eq!(
        story.codes(),
        [Code::TemperatureOutOfLimits, Code::TemperatureOutOfLimits]
    );
    story.close(COUNTY, &[warm], None, &[warm]);
    assert_eq!(story.status().discrepancies[0].facts, [cold]);
}

#[test]
fn the_freight_subsidy_is_granted_and_paid_once() {
    let fen = |fen: u64| {
        Body::new()
            .with(field::FEN, fen)
            .with(field::PROGRAMME, "generated")
    };
    let mut story = pickup();
    assert_eq!(subsidy(&story), Subsidy::Unclaimed);
    let claimed = story.tell(CLERK, kind::SUBSIDY_CLAIMED, &[], fen(500));
    assert_eq!(subsidy(&story), Subsidy::Claimed);
    let granted = story.tell(COUNTY, kind::SUBSIDY_GRANTED, &[claimed], fen(400));
    assert_eq!(subsidy(&story), Subsidy::Granted);
    assert_eq!(story.codes(), []);
    let paid = story.tell(CLERK, kind::PAID_OUT, &[granted], money(person(3), place(1), 500));
    assert_eq!(subsidy(&story), Subsidy::PaidOut);
    assert_eq!(story.codes(), [Code::SubsidyDiffers]);
    assert_eq!(story.status().discrepancies[0].facts, [paid, granted]);
    story.void(CLERK, paid);
    let again = story.tell(CLERK, kind::PAID_OUT, &[granted], money(person(3), place(1), 400));
    assert_eq!(story.codes(), []);
    let twice = story.tell(
        COURIER,
        kind::PAID_OUT,
        &[granted],
        money(person(1), place(1), 400),
    );
    assert_eq!(story.codes(), [Code::PaidTwice]);
    story.close(COUNTY, &[again, twice], None, &[again, twice]);
    assert_eq!(story.codes(), []);
}
