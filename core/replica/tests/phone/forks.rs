//! What a phone does that is told to go on under another number.

use saddlebag_protocol::{Cursor, FactReceipt, Fork, Heard, Outcome, Receipts};
use saddlebag_records::fact::{Body, Fact, field, kinds};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, edit};
use saddlebag_replica::{Answer, NewFact, NewTip, PageContent, State, WhyForked};

use crate::a_phone::{EPOCH, MORNING_MS, Phone, enrolment, raw};
use crate::county::{County, page_of};
use crate::one_parcel::*;

const NEW: u64 = 41;

/// What the county has of these facts.
fn heard(author: u64, from: u64, facts: &[Fact]) -> Heard {
    let hashes: Vec<u8> = facts
        .iter()
        .flat_map(|fact| fact.hash().0[..8].to_vec())
        .collect();
    Heard {
        author,
        from,
        last: from + facts.len() as u64 - 1,
        hashes: hashes.into(),
    }
}

pub(crate) fn fork(heard: Vec<Heard>) -> Fork {
    Fork {
        device: NEW,
        token: "another".to_owned(),
        one_time: vec![(1 << 63) + 900],
        heard: Some(heard),
    }
}

pub(crate) fn said(epoch: [u8; 8]) -> Answer<'static> {
    Answer {
        county_time_ms: MORNING_MS,
        cursor: Some(Cursor {
            epoch,
            seq: 9,
            nonce: [0; 8],
            within: 1 << 63,
        }),
        position: 9,
        ..Answer::default()
    }
}

fn damaged() -> NewFact {
    NewFact::new(parcel(), kinds::delivery::DAMAGED, Body::new())
}

/// One fact arrived and its answer was lost; the next has a name that a copy of this phone gave to another; the last two
/// have names of their own.
fn told_of_a_copy(phone: &Phone) -> Vec<Fact> {
    load(phone);
    let handed = phone.record(delivered()).unwrap();
    phone.correct(handed, None).unwrap();
    phone.record(damaged()).unwrap();
    let was = phone.pending(usize::MAX).unwrap().facts;
    let mut copys = was[1].clone();
    copys.kind = kinds::delivery::DAMAGED;
    copys.body = Body::new();
    let heard = heard(1, 1, &[was[0].clone(), copys]);
    phone.take_fork(&said(EPOCH), &fork(vec![heard])).unwrap();
    was
}

#[test]
fn what_the_county_lacks_is_written_anew_and_what_it_has_keeps_its_name() {
    let phone = Phone::of_courier(1);
    let was = told_of_a_copy(&phone);
    let identity = phone.identity().unwrap().unwrap();
    assert_eq!((identity.device.0, identity.token.as_str()), (NEW, "another"));
    let anew = phone.pending(usize::MAX).unwrap();
    let names: Vec<_> = anew
        .facts
        .iter()
        .map(|fact| (fact.id.device.0, fact.id.n))
        .collect();
    assert_eq!(names, [(NEW, 1), (NEW, 2), (NEW, 3)]);
    assert_eq!(anew.chain, Some([0; 8]));
    for (new, old) in anew.facts.iter().zip(&was[1..]) {
        let called = new.was.unwrap();
        assert_eq!((called.id, called.hash), (old.id, old.hash()));
    }
    let [handed, correction, last] = &anew.facts[..] else {
        panic!("{anew:?}")
    };
    assert_eq!(handed.after, [was[0].id], "it arrived under this name");
    assert_eq!(
        (&correction.after[..], correction.body.fact(field::FACT)),
        (&[handed.id][..], Some(handed.id))
    );
    assert_eq!(
        last.after,
        [was[2].id],
        "whoever reads it finds that by its old name or by its new one"
    );
    let page = phone.show(parcel()).unwrap();
    let safe: Vec<_> = page
        .facts
        .iter()
        .filter(|line| line.state == State::County)
        .collect();
    assert_eq!((page.facts.len(), safe.len(), safe[0].fact), (4, 1, was[0].id));
    let notices = phone.forks().unwrap();
    assert_eq!(
        (notices.len(), notices[0].why, notices[0].facts),
        (1, WhyForked::Copied, 3)
    );
}

#[test]
fn order_and_voiding_are_the_same_whichever_names_a_reader_has() {
    let phone = Phone::of_courier(1);
    let was = told_of_a_copy(&phone);
    let mut facts = vec![was[0].clone()];
    facts.extend(phone.pending(usize::MAX).unwrap().facts);
    let all = |facts: &[Fact]| {
        let reader = Phone::of_courier(2);
        reader
            .apply(&Answer {
                page: page_of(facts.to_vec()),
                ..Answer::default()
            })
            .unwrap();
        reader.show(parcel()).unwrap().status
    };
    let status = all(&facts);
    assert_eq!(status.state, phone.show(parcel()).unwrap().status.state);
    // It has one by its first name as well, as where the answer to it was lost.
    facts.push(was[2].clone());
    assert_eq!(all(&facts).state, status.state);
    facts.retain(|fact| fact.was.map(|was| was.id) != Some(was[2].id));
    assert_eq!(all(&facts).state, status.state);
}

#[test]
fn a_fork_that_was_not_taken_in_leaves_everything_as_it_was() {
    let phone = Phone::of_courier(1);
    load(&phone);
    let before = phone.pending(usize::MAX).unwrap();
    // Its number is one that this device has: the transaction fails at its end.
    let mut own = fork(Vec::new());
    own.device = 1;
    assert!(phone.take_fork(&said(EPOCH), &own).is_err());
    assert_eq!(phone.pending(usize::MAX).unwrap(), before);
    assert_eq!(phone.forks().unwrap(), []);
    phone.take_fork(&said(EPOCH), &fork(Vec::new())).unwrap();
    let phone = phone.opened_again();
    assert_eq!(
        phone.pending(usize::MAX).unwrap().facts[0].id,
        FactId::new(DeviceNumber(NEW), 1)
    );
}

/// A restored county offers nothing to write under numbers that a device had before: what it may lack of that comes under
/// the number of now.
#[test]
fn a_restored_county_is_brought_what_was_written_under_an_older_number() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    load(&phone);
    county.sync(&phone);
    county.watermark = county.position();
    county.sync(&phone);
    phone.record(damaged()).unwrap();
    county.sync(&phone);
    let mut again = enrolment(&phone.replica, 1, "courier", 4);
    again.answer.device = NEW;
    phone.keep_enrolment(&again).unwrap();
    phone
        .apply(&Answer {
            county_time_ms: MORNING_MS,
            watermark: county.watermark,
            ..Answer::default()
        })
        .unwrap();
    assert!(phone.pending(usize::MAX).unwrap().facts.is_empty());

    phone.apply(&said(*b"restored")).unwrap();
    let offered = phone.pending(usize::MAX).unwrap().facts;
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].id, FactId::new(DeviceNumber(NEW), 1));
    assert_eq!(offered[0].was.unwrap().id, FactId::new(DeviceNumber(1), 2));
    assert_eq!(phone.only_here().unwrap().facts, 1);
}

/// The newest backup that was heard of need not be the one that the county was restored from.
#[test]
fn a_county_that_does_not_know_the_number_is_brought_what_a_backup_was_said_to_cover() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    load(&phone);
    county.sync(&phone);
    county.watermark = county.position();
    county.sync(&phone);
    phone.record(damaged()).unwrap();
    county.sync(&phone);
    assert!(phone.pending(usize::MAX).unwrap().facts.is_empty());

    phone.take_fork(&said(*b"restored"), &fork(Vec::new())).unwrap();
    let brought = phone.pending(usize::MAX).unwrap().facts;
    let was: Vec<_> = brought.iter().map(|fact| fact.was.unwrap().id).collect();
    assert_eq!(was, [1, 2].map(|n| FactId::new(DeviceNumber(1), n)));
    assert_eq!(phone.forks().unwrap()[0].why, WhyForked::CountyRestored);
}

#[test]
fn a_fact_of_ones_own_that_the_county_serves_has_arrived() {
    let phone = Phone::of_courier(1);
    load(&phone);
    let own = phone.pending(usize::MAX).unwrap().facts;
    phone
        .apply(&Answer {
            page: page_of(own),
            position: 5,
            ..Answer::default()
        })
        .unwrap();
    assert!(phone.pending(usize::MAX).unwrap().facts.is_empty());
    assert_eq!(phone.show(parcel()).unwrap().facts[0].state, State::County);
}

/// What a copy of this phone wrote in the same plan under the same actor.
fn edited_by_a_copy(county: &County, shared: ActorId) -> WireChange {
    let plan = [county.pages()[0].changes[0].bytes.clone()];
    let snapshot = saddlebag_records::plan::trial(
        RecordKind::Delivery,
        None,
        saddlebag_records::plan::guard::Sender::County,
        &[plan[0].as_slice()],
    )
    .unwrap()
    .snapshot;
    let note = PlanEdit::note("notes", "要电话");
    let copys = edit(RecordKind::Delivery, Some(&snapshot), shared, &[note]);
    WireChange {
        record: parcel(),
        kind: RecordKind::Delivery,
        bytes: copys.unwrap().unwrap().change,
    }
}

/// A copy of this phone edited under the same actor, and the county took that.
#[test]
fn an_edit_of_a_copy_stands_and_ones_own_is_made_anew_beside_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    phone.edit_notes(parcel(), "放左边").unwrap();
    let shared = phone.pending(usize::MAX).unwrap().changes[0].actor;
    let change = edited_by_a_copy(&county, shared);
    let applied = phone
        .apply(&Answer {
            page: PageContent {
                changes: vec![change],
                ..PageContent::default()
            },
            ..Answer::default()
        })
        .unwrap();
    assert_eq!(applied.not_taken, 0);
    let plan = phone.show(parcel()).unwrap().plan.unwrap();
    let notes = plan.text("notes").unwrap().to_owned();
    assert!(notes.contains("放左边") && notes.contains("要电话"), "{notes}");
    let pending = phone.pending(usize::MAX).unwrap().changes;
    assert_eq!((pending.len(), pending[0].actor == shared), (1, false));
    assert!(phone.asking("test 1", None, &[]).unwrap().for_another_number);
    assert_eq!(phone.forks().unwrap(), [], "not before it has one");
}

/// Nobody else has what was damaged before it went: what was written after it must not wait for it for ever.
#[test]
fn a_fact_that_was_damaged_before_the_county_had_it_is_no_gap_for_those_after_it() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    load(&phone);
    county.sync(&phone);
    phone.record(damaged()).unwrap();
    raw(phone.dir.path())
        .execute("UPDATE facts SET bytes = x'00' WHERE n = 2", [])
        .unwrap();
    assert!(!phone.asking("test 1", None, &[]).unwrap().for_another_number);
    let handed = phone.record(delivered()).unwrap();
    assert!(phone.asking("test 1", None, &[]).unwrap().for_another_number);

    let first = phone.show(parcel()).unwrap().facts[0].fact;
    phone.take_fork(&said(EPOCH), &fork(Vec::new())).unwrap();
    let anew = phone.pending(usize::MAX).unwrap().facts;
    assert_eq!(anew.len(), 1);
    assert_eq!(
        (anew[0].was.unwrap().id, &anew[0].after[..]),
        (handed, &[first][..])
    );
    assert_eq!(phone.forks().unwrap()[0].why, WhyForked::FactLost);
    assert_eq!(phone.damaged().unwrap(), 1, "it stays set aside");
    assert!(!phone.asking("test 1", None, &[]).unwrap().for_another_number);
}

/// Its number parted it from the copy: another one would part it from nothing.
#[test]
fn an_edit_that_meets_one_of_before_the_fork_asks_for_no_further_number() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    announce(&mut county);
    county.sync(&phone);
    phone.edit_notes(parcel(), "放左边").unwrap();
    let shared = phone.pending(usize::MAX).unwrap().changes[0].actor;
    let change = edited_by_a_copy(&county, shared);
    phone.take_fork(&said(EPOCH), &fork(Vec::new())).unwrap();
    phone
        .apply(&Answer {
            page: PageContent {
                changes: vec![change],
                ..PageContent::default()
            },
            ..Answer::default()
        })
        .unwrap();
    let pending = phone.pending(usize::MAX).unwrap().changes;
    assert_eq!((pending.len(), pending[0].actor == shared), (1, false));
    assert!(!phone.asking("test 1", None, &[]).unwrap().for_another_number);
    assert_eq!(phone.forks().unwrap()[0].edits, 1);
}

/// A phone that was put back was served what it had written since, and is the one to bring that to a county that was put
/// back too.
#[test]
fn an_edit_of_ones_own_that_the_county_served_is_offered_to_a_restored_county() {
    let mut county = County::default();
    announce(&mut county);
    let [phone, put_back] = [(); 2].map(|()| Phone::of_courier(1));
    for phone in [&phone, &put_back] {
        county.sync(phone);
    }
    phone.edit_notes(parcel(), "门口").unwrap();
    let change = phone.pending(usize::MAX).unwrap().changes[0].change.clone();
    put_back
        .apply(&Answer {
            page: PageContent {
                changes: vec![change.clone()],
                ..PageContent::default()
            },
            position: 8,
            ..said(EPOCH)
        })
        .unwrap();
    assert!(put_back.pending(usize::MAX).unwrap().is_empty());
    put_back.apply(&said(*b"restored")).unwrap();
    let offered = put_back.pending(usize::MAX).unwrap().changes;
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].change, change);
}

/// The county keeps no number that it gave to the device's number of before and has nothing under.
#[test]
fn a_tip_waits_for_another_number_once_more_after_each_fork() {
    let phone = Phone::with_one_time_numbers(1, "courier", 1);
    let tip = NewTip {
        kind: 1,
        ..NewTip::default()
    };
    phone.report(&tip).unwrap();
    for time in 0..3 {
        let pending = phone.pending(usize::MAX).unwrap();
        let tip = &pending.facts[0];
        let receipts = Receipts {
            facts: vec![FactReceipt {
                device: tip.id.device.0,
                from: tip.id.n,
                to: tip.id.n,
                outcome: Outcome::Refused("foreign_author".to_owned()),
            }],
            changes: Vec::new(),
        };
        let mut fork = fork(Vec::new());
        (fork.device, fork.one_time) = (NEW + time, vec![(1 << 63) + 900 + time]);
        phone.take_fork(&said(EPOCH), &fork).unwrap();
        let answer = Answer {
            receipts: Some((&pending, &receipts)),
            ..said(EPOCH)
        };
        phone.apply(&answer).unwrap();
        assert_eq!(phone.refused().unwrap(), [], "{time}");
        let offered = phone.pending(usize::MAX).unwrap().facts;
        assert_eq!(
            offered[0].id,
            FactId::new(DeviceNumber((1 << 63) + 900 + time), 1)
        );
    }
}
