//! Records that are there or not.

use saddlebag_records::fact::kinds::{camp, carrier, colleague, common_issue, consent, household, place};
use saddlebag_records::fact::{Body, FactKind, field};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::status::{Phase, State};

use crate::story::Story;

#[test]
fn what_begins_and_ends() {
    let lives: [(RecordKind, FactKind, &str, FactKind, &str); 5] = [
        (
            RecordKind::Camp,
            camp::MOVED_IN,
            "moved_in",
            camp::MOVED_ON,
            "moved_on",
        ),
        (
            RecordKind::Place,
            place::OPENED,
            "opened",
            place::CLOSED,
            "closed",
        ),
        (
            RecordKind::Colleague,
            colleague::JOINED,
            "joined",
            colleague::LEFT,
            "left",
        ),
        (
            RecordKind::Carrier,
            carrier::OPENED,
            "opened",
            carrier::CLOSED,
            "closed",
        ),
        (
            RecordKind::CommonIssue,
            common_issue::OPENED,
            "opened",
            common_issue::CLOSED,
            "closed",
        ),
    ];
    for (record, begins, begun, ends, ended) in lives {
        let mut story = Story::of(record);
        assert_eq!(story.state(), "planned");
        let first = story.tell(1, begins, &[], Body::new());
        assert_eq!(
            (story.state().as_str(), story.status().phase),
            (begun, Phase::Open)
        );
        let last = story.tell(1, ends, &[first], Body::new());
        assert_eq!(
            (story.state().as_str(), story.status().phase),
            (ended, Phase::Ended)
        );
        assert_eq!(story.status().ended_by, [last]);
        let again = story.tell(1, begins, &[last], Body::new());
        assert_eq!(
            (story.state().as_str(), story.status().phase),
            (begun, Phase::Open)
        );
        // Written apart, the end shows.
        story.tell(2, ends, &[first], Body::new());
        assert_eq!(story.state(), ended, "{again}");
    }
}

#[test]
fn a_measure_against_a_common_issue() {
    let mut story = Story::of(RecordKind::CommonIssue);
    story.tell(1, common_issue::OPENED, &[], Body::new());
    story.tell(1, common_issue::MEASURE_TAKEN, &[], Body::new());
    assert_eq!(story.state(), "measure_taken");
}

#[test]
fn a_consent_holds_until_its_end_or_its_withdrawal() {
    let mut story = Story::of(RecordKind::Consent);
    let holds = |story: &Story, now| match story.status().state {
        State::Consent(state) => state.holds_at(Some(&story.plan), now),
        _ => panic!(),
    };
    assert!(!holds(&story, 0));
    let given = story.tell(1, consent::GIVEN, &[], Body::new().with(field::GIVEN_HOW, 1u64));
    assert!(holds(&story, i64::MAX));
    story.plan("until_ms", PlanValue::Integer(1_000));
    assert!(holds(&story, 1_000));
    assert!(!holds(&story, 1_001));
    story.tell(2, consent::WITHDRAWN, &[], Body::new());
    assert!(!holds(&story, 0), "withdrawn apart from its giving");
    assert_eq!(story.status().phase, Phase::Ended);
    story.tell(1, consent::GIVEN, &[given], Body::new());
    assert!(!holds(&story, 0));
}

#[test]
fn a_household_its_phones_and_its_twin() {
    let mut story = Story::of(RecordKind::Household);
    let registered = story.tell(1, household::REGISTERED, &[], Body::new());
    let phones = |story: &Story| match story.status().state {
        State::Household(saddlebag_records::status::household::State::Registered { phones }) => phones,
        other => panic!("{other:?}"),
    };
    let one = story.tell(1, household::PHONE_GIVEN, &[registered], Body::new());
    let two = story.tell(2, household::PHONE_GIVEN, &[registered], Body::new());
    assert_eq!(phones(&story), [one, two]);
    story.tell(1, household::PHONE_NO_LONGER_RIGHT, &[one], Body::new());
    assert_eq!(phones(&story), [two], "every number that was known then");
    story.tell(
        1,
        household::PHONE_NO_LONGER_RIGHT,
        &[],
        Body::new().with(field::FACT, two),
    );
    assert_eq!(phones(&story), []);
    let asked = story.tell(1, household::ASKED_TO_BE_FORGOTTEN, &[registered], Body::new());
    assert_eq!(story.state(), "asked_to_be_forgotten");
    let twin = Body::new().with(field::RECORD, RecordId([3; 16]));
    story.tell(1, household::SAME_AS, &[asked], twin);
    assert_eq!(
        (story.state().as_str(), story.status().phase),
        ("same_as", Phase::Ended)
    );
}
