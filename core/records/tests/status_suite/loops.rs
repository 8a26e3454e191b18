//! Tips, cases and appeals: the closed loop.

use saddlebag_records::fact::kinds::{appeal, case, tip};
use saddlebag_records::fact::{Body, field};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::status::{Notice, Phase, State};

use crate::story::{NOON_MS, Story, person, place};

const COUNTY: u64 = 4;
const COURIER: u64 = 1;

fn by(n: u8) -> Body {
    Body::new().with(field::BY, person(n))
}

fn case_of(story: &Story) -> saddlebag_records::status::case::State {
    match story.status().state {
        State::Case(state) => state,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_tip_is_answered_and_can_be_reopened() {
    let mut story = Story::of(RecordKind::Tip);
    let reported = story.tell(
        COURIER,
        tip::REPORTED,
        &[],
        Body::new().with(field::TIP_KIND, 1u64),
    );
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("reported", Phase::Open)
    );
    let answer = Body::new()
        .with(field::ANSWER, "mended")
        .with(field::CASE, place(1));
    let answered = story.tell(COUNTY, tip::ANSWERED, &[reported], answer);
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("answered", Phase::Ended)
    );
    story.tell(COURIER, tip::REOPENED, &[answered], Body::new());
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("reopened", Phase::Open)
    );
}

#[test]
fn a_case_goes_round_until_it_satisfies() {
    let mut story = Story::of(RecordKind::Case);
    let triaged = story.tell(COUNTY, case::TRIAGED, &[], by(4).with(field::TIER, 2u64));
    assert_eq!(case_of(&story).tier, Some(2));
    let due = Body::new()
        .with(field::BODY, "roads")
        .with(field::DUE, NOON_MS)
        .with(field::BY, person(4));
    let assigned = story.tell(COUNTY, case::ASSIGNED, &[triaged], due);
    assert_eq!(
        (case_of(&story).body.as_deref(), case_of(&story).due_ms),
        (Some("roads"), Some(NOON_MS))
    );
    let handled = story.tell(COUNTY, case::HANDLED, &[assigned], by(5));

    // Whoever handled it cannot say that it satisfies.
    let own = story.tell(
        COUNTY,
        case::FOLLOWED_UP,
        &[handled],
        by(5).with(field::SATISFIED, true),
    );
    assert_eq!(story.state(), "handled");
    assert_eq!(
        story.status().notices,
        [Notice::FollowedUpByHandler { fact: own }]
    );

    let visit = story.tell(
        COURIER,
        case::FOLLOWED_UP,
        &[handled],
        Body::new().with(field::SATISFIED, false),
    );
    assert_eq!(story.state(), "followed_up");
    let entered = story.tell(COUNTY, case::ENTERED_UNSATISFIED, &[visit], by(4));
    assert_eq!(story.state(), "entered_unsatisfied");
    let reopened = story.tell(COUNTY, case::REOPENED, &[entered], by(4));
    assert_eq!((story.state().as_str(), case_of(&story).round), ("reopened", 2));
    let handled = story.tell(COUNTY, case::HANDLED, &[reopened], by(6));
    let visit = story.tell(
        COURIER,
        case::FOLLOWED_UP,
        &[handled],
        Body::new().with(field::SATISFIED, true),
    );
    let closed = story.tell(COUNTY, case::CLOSED, &[visit], by(4));
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("closed", Phase::Ended)
    );
    assert_eq!(story.status().ended_by, [closed]);
    assert_eq!(case_of(&story).round, 2);
}

#[test]
fn reopening_outdoes_a_closing_written_apart_and_the_plan_the_facts() {
    let mut story = Story::of(RecordKind::Case);
    let handled = story.tell(COUNTY, case::HANDLED, &[], by(5));
    story.tell(COUNTY, case::REOPENED, &[handled], by(4));
    story.tell(7, case::REOPENED, &[handled], by(7));
    story.tell(6, case::CLOSED, &[handled], by(6));
    assert_eq!((story.state().as_str(), case_of(&story).round), ("reopened", 2));
    story.plan("body", PlanValue::Text("water".into()));
    story.plan("due_ms", PlanValue::Integer(7));
    story.plan("tier", PlanValue::Integer(3));
    let state = case_of(&story);
    assert_eq!(
        (state.body.as_deref(), state.due_ms, state.tier),
        (Some("water"), Some(7), Some(3))
    );
}

#[test]
fn an_appeal_is_settled_followed_up_and_may_go_round() {
    let mut story = Story::of(RecordKind::Appeal);
    let raised = story.tell(
        COURIER,
        appeal::RAISED,
        &[],
        Body::new().with(field::APPEAL_KIND, 4u64),
    );
    let settled = story.tell(
        9,
        appeal::SETTLED,
        &[raised],
        Body::new().with(field::EXTENT, 2u64),
    );
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("settled", Phase::Open)
    );
    let asked = story.tell(
        9,
        appeal::FOLLOWED_UP,
        &[settled],
        Body::new().with(field::SATISFIED, false),
    );
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("followed_up", Phase::Open)
    );
    let reopened = story.tell(COURIER, appeal::REOPENED, &[asked], Body::new());
    let State::Appeal(state) = story.status().state else {
        panic!()
    };
    assert_eq!((state.round, state.appeal_kind), (2, Some(4)));
    let again = story.tell(
        9,
        appeal::FOLLOWED_UP,
        &[reopened],
        Body::new().with(field::SATISFIED, true),
    );
    assert_eq!(story.status().phase, Phase::Ended);
    assert_eq!(story.status().ended_by, [again]);
}
