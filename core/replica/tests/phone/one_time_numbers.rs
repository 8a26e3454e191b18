//! Tips go under one-time numbers.

use saddlebag_protocol::{FactReceipt, Outcome, Receipts};
use saddlebag_records::id::{DeviceNumber, FactId};
use saddlebag_records::kind::RecordKind;
use saddlebag_replica::{NewTip, Refused, State, TipOutcome};

use crate::a_phone::{Phone, one_time};
use crate::county::County;
use crate::one_parcel::*;

#[test]
fn a_tip_without_a_number_waits_and_is_numbered_later() {
    let (phone, mut county) = (Phone::with_one_time_numbers(1, "courier", 1), County::default());
    let tip = NewTip {
        kind: 1,
        text: Some("bridge gone".to_owned()),
        ..NewTip::default()
    };
    let TipOutcome::Saved {
        numbered: true,
        record: first,
    } = phone.report(&tip).unwrap()
    else {
        panic!()
    };
    let TipOutcome::Saved {
        numbered: false,
        record,
    } = phone.report(&tip).unwrap()
    else {
        panic!()
    };
    phone.reopen_tip(record, Some("still gone")).unwrap();
    assert!(phone.waits_for_numbers().unwrap());
    assert_eq!(phone.only_here().unwrap().waiting_for_a_number, 1);
    assert_eq!(phone.tips().unwrap().len(), 2, "it is saved all the same");
    assert_eq!(
        phone.pending(usize::MAX).unwrap().facts.len(),
        1,
        "and stays here"
    );

    county.one_time = vec![one_time(1, 77).0];
    county.sync(&phone);
    assert!(!phone.waits_for_numbers().unwrap());
    let facts = phone.show(record).unwrap().facts;
    let ids: Vec<FactId> = facts.iter().map(|line| line.fact).collect();
    assert_eq!(
        ids,
        [FactId::new(one_time(1, 77), 1), FactId::new(one_time(1, 77), 2)]
    );
    assert!(
        facts
            .iter()
            .all(|line| line.is_own && line.state == State::County)
    );
    assert_eq!(phone.show(first).unwrap().facts[0].fact.device, one_time(1, 0));
}

#[test]
fn a_tip_tells_nothing_of_the_phone_that_wrote_it() {
    let phone = Phone::of_courier(1);
    load(&phone);
    for _ in 0..2 {
        phone
            .report(&NewTip {
                kind: 1,
                ..NewTip::default()
            })
            .unwrap();
    }
    let facts = phone.pending(usize::MAX).unwrap().facts;
    let tips: Vec<_> = facts
        .iter()
        .filter(|fact| fact.kind.record() == Some(RecordKind::Tip))
        .collect();
    assert_eq!(tips.len(), 2);
    assert!(
        tips.iter()
            .all(|tip| tip.observed.is_none() && tip.id.device.is_one_time())
    );
    assert_ne!(tips[0].id.device, tips[1].id.device);
    assert_eq!(
        facts
            .iter()
            .find(|fact| fact.id.device == DeviceNumber(1))
            .unwrap()
            .id
            .n,
        1,
        "nor leaves a gap"
    );
}

#[test]
fn a_number_that_is_void_is_given_up_once() {
    let (phone, county) = (Phone::with_one_time_numbers(1, "courier", 1), County::default());
    let tip = NewTip {
        kind: 1,
        ..NewTip::default()
    };
    let TipOutcome::Saved { record, .. } = phone.report(&tip).unwrap() else {
        panic!()
    };
    phone.reopen_tip(record, None).unwrap();
    let foreign = |phone: &Phone, county: &County| {
        let pending = phone.pending(usize::MAX).unwrap();
        let receipt = |id: FactId| FactReceipt {
            device: id.device.0,
            from: id.n,
            to: id.n,
            outcome: Outcome::Refused("foreign_author".to_owned()),
        };
        let receipts = Receipts {
            facts: pending.facts.iter().map(|fact| receipt(fact.id)).collect(),
            changes: Vec::new(),
        };
        county.answer(phone, &pending, &receipts);
        pending.facts
    };
    let was = foreign(&phone, &county);
    assert_eq!(was.len(), 2);
    assert!(phone.waits_for_numbers().unwrap(), "there was no other");
    assert_eq!(phone.refused().unwrap(), []);

    let mut county = county;
    county.one_time = vec![one_time(1, 77).0];
    let nothing = phone.pending(usize::MAX).unwrap();
    county.answer(&phone, &nothing, &Receipts::default());
    county.one_time.clear();
    let anew = foreign(&phone, &county);
    for ((new, old), n) in anew.iter().zip(&was).zip(1..) {
        assert_eq!(new.id, FactId::new(one_time(1, 77), n));
        let called = new.was.unwrap();
        assert_eq!((called.id, called.hash), (old.id, old.hash()));
    }
    assert_eq!(anew[1].after, [anew[0].id]);
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
    let refused = phone.refused().unwrap();
    assert_eq!(refused.len(), 2);
    assert!(
        refused
            .iter()
            .all(|refused| matches!(refused, Refused::Fact(fact) if fact.record == record))
    );
}
