//! Appeals: what the liaison alone can read, and the answers that who raised one alone can.

use saddlebag_protocol::{ForgetReason, Key, KeyList, KeyPurpose, sealed_words};
use saddlebag_records::codes::appeal_kind;
use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_replica::AppealOutcome;

use crate::a_phone::{Phone, enrolment, raw, signed_by};
use crate::county::County;

const OLD_LIAISON: [u8; 32] = [1; 32];
const LIAISON: [u8; 32] = [2; 32];
const WORDS: &str = "这个月的工资还没有发";

/// A phone of somebody whose county has had two liaisons.
fn phone() -> Phone {
    let phone = Phone::of_courier(1);
    let key = |id, secret| Key {
        id,
        purpose: KeyPurpose::Liaison,
        key: sealed_words::public_key(secret).unwrap(),
    };
    let recovery = Key {
        id: 9,
        purpose: KeyPurpose::Recovery,
        key: [7; 32],
    };
    let list = KeyList {
        version: 2,
        keys: vec![key(6, &LIAISON), key(4, &OLD_LIAISON), recovery],
    };
    let mut enrolment = enrolment(&phone.replica, 1, "courier", 4);
    enrolment.answer.device = 77;
    enrolment.answer.keys = signed_by(1, &list);
    phone.keep_enrolment(&enrolment).unwrap();
    phone
}

fn raise(phone: &Phone) -> RecordId {
    match phone.raise_appeal(appeal_kind::PAY_LATE, WORDS).unwrap() {
        AppealOutcome::Saved { record, numbered } => {
            assert!(numbered);
            record
        }
        other => panic!("{other:?}"),
    }
}

/// What was raised, as the county has it: the sealed words and the key for answers.
fn as_sent(phone: &Phone) -> (Vec<u8>, [u8; 32]) {
    let facts = phone.pending(usize::MAX).unwrap().facts;
    let raised = facts
        .iter()
        .find(|fact| fact.kind == kinds::appeal::RAISED)
        .unwrap();
    let bytes = |key| raised.body.bytes(key).unwrap().to_vec();
    (bytes(field::SEALED), bytes(field::ANSWER_KEY).try_into().unwrap())
}

#[test]
fn the_newest_liaison_alone_can_read_what_was_raised() {
    let phone = phone();
    let record = raise(&phone);
    let (sealed, _) = as_sent(&phone);
    assert_eq!(
        sealed_words::open(&LIAISON, &record.0, &sealed).as_deref(),
        Some(WORDS)
    );
    assert_eq!(sealed_words::open(&OLD_LIAISON, &record.0, &sealed), None);
    let shown = serde_json::to_string(&phone.show(record).unwrap()).unwrap();
    assert!(!shown.contains(WORDS), "who raised it keeps no copy either");
    assert_eq!(phone.appeals().unwrap()[0].record, record);
}

#[test]
fn an_answer_is_read_on_the_phone_that_raised_the_appeal_and_nowhere_else() {
    let (phone, mut county) = (phone(), County::default());
    let record = raise(&phone);
    let (_, answer_key) = as_sent(&phone);
    county.sync(&phone);
    let answer = sealed_words::seal(&answer_key, &record.0, "下周一发", |bytes| bytes.fill(3)).unwrap();
    let answered = Some((kinds::appeal::ANSWERED, Body::new().with(field::SEALED, answer)));
    county.write_as(RecordKind::Appeal, record, &[], answered, Vec::new());
    let not_for_them = Some((
        kinds::appeal::ADVICE_GIVEN,
        Body::new().with(field::SEALED, vec![1; 60]),
    ));
    county.write_as(RecordKind::Appeal, record, &[], not_for_them, Vec::new());
    county.sync(&phone);

    let phone = phone.opened_again();
    let words: Vec<_> = phone
        .show(record)
        .unwrap()
        .facts
        .into_iter()
        .map(|line| (line.kind, line.words))
        .collect();
    assert!(words.contains(&(kinds::appeal::ANSWERED, Some("下周一发".to_owned()))));
    assert!(words.contains(&(kinds::appeal::ADVICE_GIVEN, None)));
    assert!(words.contains(&(kinds::appeal::RAISED, None)));

    let other = Phone::of_courier(2);
    county.sync(&other);
    let theirs = other.show(record).unwrap().facts;
    assert!(theirs.iter().all(|line| line.words.is_none()));
}

#[test]
fn each_appeal_has_an_answer_key_of_its_own() {
    let phone = phone();
    raise(&phone);
    raise(&phone);
    let facts = phone.pending(usize::MAX).unwrap().facts;
    let keys: Vec<_> = facts
        .iter()
        .filter_map(|fact| fact.body.bytes(field::ANSWER_KEY))
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn what_cannot_be_raised_is_told_and_nothing_is_recorded() {
    let phone = phone();
    let longest = "a".repeat(sealed_words::MAX_WORDS_BYTES);
    assert_eq!(
        phone
            .raise_appeal(appeal_kind::PAY_LATE, &format!("{longest}a"))
            .unwrap(),
        AppealOutcome::TooLong
    );
    assert_eq!(
        phone.raise_appeal(9_999, WORDS).unwrap(),
        AppealOutcome::NotOffered
    );
    for nothing in ["", " \n\u{3000}"] {
        let outcome = phone.raise_appeal(appeal_kind::PAY_LATE, nothing).unwrap();
        assert_eq!(outcome, AppealOutcome::NoWords);
    }
    let without = Phone::of_courier(2);
    assert_eq!(
        without.raise_appeal(appeal_kind::PAY_LATE, WORDS).unwrap(),
        AppealOutcome::NoLiaisonKey
    );
    for phone in [&phone, &without] {
        assert!(phone.appeals().unwrap().is_empty());
        assert_eq!(phone.safety().unwrap().waiting_facts, 0);
    }
    assert!(matches!(
        phone.raise_appeal(appeal_kind::PAY_LATE, &longest).unwrap(),
        AppealOutcome::Saved { .. }
    ));
}

#[test]
fn an_appeal_that_comes_back_is_answered_to_the_key_that_only_this_phone_has() {
    let (phone, mut county) = (phone(), County::default());
    let record = raise(&phone);
    let (_, answer_key) = as_sent(&phone);
    county.sync(&phone);
    county.forget(record, ForgetReason::NoLongerVisible);
    county.sync(&phone);
    assert!(phone.appeals().unwrap().is_empty());

    let answer = sealed_words::seal(&answer_key, &record.0, "下周一发", |bytes| bytes.fill(3)).unwrap();
    let answered = Some((kinds::appeal::ANSWERED, Body::new().with(field::SEALED, answer)));
    county.write_as(RecordKind::Appeal, record, &[], answered, Vec::new());
    county.sync(&phone);
    let facts = phone.show(record).unwrap().facts;
    assert!(facts.iter().any(|line| line.words.as_deref() == Some("下周一发")));

    county.forget(record, ForgetReason::Retention);
    county.sync(&phone);
    county.watermark = county.position();
    county.sync(&phone);
    let keys: i64 = raw(phone.dir.path())
        .query_row("SELECT count(*) FROM answer_keys", [], |row| row.get(0))
        .unwrap();
    assert_eq!(keys, 0, "a backup covers all that this phone wrote in it");
}
