//! The request list and the handling list.

use saddlebag_records::clock::due_at_ms;
use saddlebag_records::fact::kinds::{appeal, case, tip};
use saddlebag_records::fact::{Body, field};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::About;
use saddlebag_records::two_lists::{Entry, Heard, Stage, TwoLists, two_lists};

use crate::story::{NOON_MS, Story, authors, person, place};

const COUNTY: u64 = 4;
const COURIER: u64 = 1;

fn lists(stories: &[&Story], now_ms: i64, case_of_tip: Option<RecordId>) -> TwoLists {
    let authors = authors();
    let heard = stories.iter().map(|story| Heard {
        about: About {
            record: story.record,
            kind: story.kind,
            plan: Some(&story.plan),
            authors: &authors,
        },
        facts: &story.facts,
        case: case_of_tip.filter(|_| story.kind == RecordKind::Tip),
    });
    let lists = two_lists(heard.clone(), now_ms);
    assert_eq!(two_lists(heard.rev(), now_ms), lists);
    lists
}

fn only(story: &Story, now_ms: i64) -> Entry {
    let mut lists = lists(&[story], now_ms, None);
    assert_eq!(lists.requests.len(), 1);
    lists.requests.remove(0)
}

fn by(n: u8) -> Body {
    Body::new().with(field::BY, person(n))
}

fn visit(satisfied: bool) -> Body {
    Body::new().with(field::SATISFIED, satisfied)
}

#[test]
fn a_case_through_both_rounds() {
    let mut story = Story::of(RecordKind::Case);
    assert_eq!(lists(&[&story], NOON_MS, None), TwoLists::default());
    let triaged = story.tell(
        COUNTY,
        case::TRIAGED,
        &[],
        by(4).with(field::TIER, 1u64).with(field::TIP_KIND, 3u64),
    );
    let entry = only(&story, NOON_MS);
    assert_eq!(
        (entry.stage, entry.about, entry.tier),
        (Stage::Triaged, Some(3), Some(1))
    );
    // Handled directly: three working days.
    let due_ms = due_at_ms(story.facts[0].stamp.hlc_ms, 3);
    assert_eq!(entry.due_ms, Some(due_ms));
    assert!(!only(&story, due_ms).overdue);
    assert!(only(&story, due_ms + 1).overdue);
    assert!(lists(&[&story], NOON_MS, None).handling.is_empty());

    let set = by(4).with(field::BODY, "roads").with(field::DUE, due_ms + 5);
    let assigned = story.tell(COUNTY, case::ASSIGNED, &[triaged], set);
    let entry = only(&story, due_ms + 1);
    assert_eq!(
        (entry.stage, entry.body.as_deref(), entry.overdue),
        (Stage::Assigned, Some("roads"), false)
    );
    assert_eq!(lists(&[&story], NOON_MS, None).handling, [only(&story, NOON_MS)]);

    let handled = story.tell(COUNTY, case::HANDLED, &[assigned], by(5));
    let entry = only(&story, i64::MAX);
    assert_eq!((entry.stage, entry.overdue), (Stage::Handled, false));
    story.tell(
        COUNTY,
        case::FOLLOWED_UP,
        &[handled],
        by(5).with(field::SATISFIED, true),
    );
    let entry = only(&story, NOON_MS);
    assert_eq!(
        (entry.stage, entry.satisfied),
        (Stage::Handled, None),
        "whoever handled it asked"
    );

    let seen = story.tell(COURIER, case::FOLLOWED_UP, &[handled], visit(false));
    let entry = only(&story, NOON_MS);
    assert_eq!(
        (entry.stage, entry.satisfied, entry.unsatisfied),
        (Stage::FollowedUp, Some(false), true)
    );
    let entered = story.tell(COUNTY, case::ENTERED_UNSATISFIED, &[seen], by(4));
    assert_eq!(only(&story, NOON_MS).stage, Stage::Unsatisfied);
    let reopened = story.tell(COUNTY, case::REOPENED, &[entered], by(4));
    let entry = only(&story, NOON_MS);
    assert_eq!(
        (entry.stage, entry.round, entry.unsatisfied),
        (Stage::Reopened, 2, true)
    );
    let seen = story.tell(COURIER, case::FOLLOWED_UP, &[reopened], visit(true));
    story.tell(COUNTY, case::CLOSED, &[seen], by(4));
    let entry = only(&story, i64::MAX);
    assert_eq!(
        (entry.stage, entry.unsatisfied, entry.overdue),
        (Stage::Closed, false, false)
    );
    assert_eq!(lists(&[&story], NOON_MS, None).handling.len(), 1);
}

#[test]
fn a_round_without_a_date_is_due_by_its_own_beginning() {
    let mut story = Story::of(RecordKind::Case);
    let triaged = story.tell(COUNTY, case::TRIAGED, &[], by(4).with(field::TIER, 3u64));
    let reopened = story.tell(COUNTY, case::REOPENED, &[triaged], by(4));
    let begun = story
        .facts
        .iter()
        .find(|fact| fact.id == reopened)
        .unwrap()
        .stamp
        .hlc_ms;
    assert_eq!(only(&story, NOON_MS).due_ms, Some(due_at_ms(begun, 15)));
}

#[test]
fn a_tip_stands_for_itself_until_it_is_a_case() {
    let mut story = Story::of(RecordKind::Tip);
    let reported = story.tell(
        COURIER,
        tip::REPORTED,
        &[],
        Body::new().with(field::TIP_KIND, 2u64),
    );
    assert_eq!(
        (only(&story, NOON_MS).stage, only(&story, NOON_MS).about),
        (Stage::Received, Some(2))
    );
    assert!(lists(&[&story], NOON_MS, Some(place(1))).requests.is_empty());
    let answered = story.tell(COUNTY, tip::ANSWERED, &[reported], Body::new());
    assert_eq!(only(&story, NOON_MS).stage, Stage::Closed);
    story.tell(COURIER, tip::REOPENED, &[answered], Body::new());
    assert_eq!(
        lists(&[&story], NOON_MS, Some(place(1))).requests[0].stage,
        Stage::Reopened
    );
}

#[test]
fn an_appeal_and_who_comes_first() {
    let mut late = Story::of(RecordKind::Case);
    late.tell(COUNTY, case::TRIAGED, &[], by(4).with(field::TIER, 1u64));
    let mut story = Story::of(RecordKind::Appeal);
    let raised = story.tell(
        COURIER,
        appeal::RAISED,
        &[],
        Body::new().with(field::APPEAL_KIND, 4u64),
    );
    let now_ms = NOON_MS + 30 * 86_400_000;
    let both = lists(&[&story, &late], now_ms, None);
    let order: Vec<_> = both
        .requests
        .iter()
        .map(|entry| (entry.kind, entry.overdue))
        .collect();
    assert_eq!(order, [(RecordKind::Case, true), (RecordKind::Appeal, false)]);
    assert!(both.handling.is_empty());
    let advised = story.tell(9, appeal::ADVICE_GIVEN, &[raised], Body::new());
    assert_eq!(
        (only(&story, now_ms).stage, only(&story, now_ms).about),
        (Stage::Assigned, Some(4))
    );
    let settled = story.tell(9, appeal::SETTLED, &[advised], Body::new());
    assert_eq!(only(&story, now_ms).stage, Stage::Handled);
    let asked = story.tell(9, appeal::FOLLOWED_UP, &[settled], visit(false));
    assert_eq!(
        (only(&story, now_ms).stage, only(&story, now_ms).unsatisfied),
        (Stage::FollowedUp, true)
    );
    story.tell(9, appeal::FOLLOWED_UP, &[asked], visit(true));
    assert_eq!(
        (only(&story, now_ms).stage, only(&story, now_ms).unsatisfied),
        (Stage::Closed, false)
    );
}
