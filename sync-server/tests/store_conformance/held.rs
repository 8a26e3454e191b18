use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId};
use saddlebag_records::kind::RecordKind;
use saddlebag_sync_server::store::{
    ChangesTaken, FactPush, Fate, Held, HeldId, HeldItem, HeldState, Item, NewFact, NewHeldChange, Seq,
    StoreError,
};

use crate::given::{
    COURIER, County, DEVICE, START, changes, delivery, fact, head, held, push, record, seqs, side,
};

const KIND: FactKind = FactKind::new(RecordKind::Delivery, 2);

fn held_change(by: DeviceNumber) -> NewHeldChange {
    NewHeldChange {
        record: record(1),
        head: head(3, 1),
        state: HeldState::Waiting,
        reason: "plan_change_orphaned".to_owned(),
        by,
        bytes: b"a change".to_vec(),
    }
}

/// Held: a fact (1) with two side values (2 and 3), a fact of another record (4).
fn with_held(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER]);
    let first = NewFact {
        sides: vec![side(1, b"here"), side(4, b"")],
        ..fact(1, record(1))
    };
    let facts = vec![held(first), held(fact(2, record(2)))];
    county.does(move |tx| tx.append_facts(&push(facts)));
}

pub(crate) fn held_items_are_listed_by_state_and_record(county: &County) {
    with_held(county);
    assert!(county.does(|tx| tx.hold_change(&held_change(DEVICE))));
    county.sees(|tx| {
        let quarantined = tx.held_list(HeldState::Quarantined, HeldId(0), 10)?;
        assert_eq!(
            quarantined.iter().map(|held| held.id.0).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );
        let given = held(fact(1, record(1)));
        let first = Held {
            id: HeldId(1),
            item: HeldItem::Fact {
                id: FactId::new(DEVICE, 1),
                hash: given.hash,
                running: given.running,
            },
            record: record(1),
            state: HeldState::Quarantined,
            reason: "not_given".to_owned(),
            by: DEVICE,
            received_ms: START + 2,
            looked_at_ms: None,
            bytes: given.bytes,
        };
        assert_eq!(quarantined[0], first);
        assert_eq!(tx.held(HeldId(1))?, Some(first));
        assert_eq!(
            tx.held_list(HeldState::Quarantined, HeldId(2), 1)?,
            quarantined[2..3]
        );
        let waiting = tx.held_list(HeldState::Waiting, HeldId(0), 10)?;
        assert_eq!(waiting[0].item, HeldItem::Change(head(3, 1)));
        let of_first: Vec<_> = tx.held_of(record(1))?.iter().map(|held| held.id.0).collect();
        assert_eq!(of_first, [1, 2, 3, 5]);
        assert_eq!(tx.held(HeldId(9))?, None);
        Ok(())
    });
    assert_eq!(seqs(county, &[COURIER]), [1]);
}

pub(crate) fn looking_is_noted_once(county: &County) {
    with_held(county);
    county.does(|tx| tx.look_at_held(HeldId(1)));
    county.does(|tx| tx.look_at_held(HeldId(1)));
    assert_eq!(
        county.sees(|tx| tx.held(HeldId(1))).unwrap().looked_at_ms,
        Some(START + 3)
    );
    assert_eq!(
        county.tries(|tx| tx.look_at_held(HeldId(9))),
        Err(StoreError::Conflict("held"))
    );
}

pub(crate) fn the_oldest_that_nobody_has_looked_at_is_known(county: &County) {
    with_held(county);
    county.does(|tx| tx.append_facts(&push(vec![held(fact(3, record(1)))])));
    let unseen = || county.sees(|tx| tx.unseen_since(HeldState::Quarantined));
    assert_eq!(unseen(), Some(START + 2));
    for id in [1, 4] {
        assert_eq!(unseen(), Some(START + 2));
        county.does(move |tx| tx.look_at_held(HeldId(id)));
    }
    assert_eq!(unseen(), Some(START + 3), "a side value is seen with its fact");
    county.does(|tx| tx.look_at_held(HeldId(5)));
    assert_eq!(unseen(), None);
    assert_eq!(county.sees(|tx| tx.unseen_since(HeldState::Late)), None);
}

pub(crate) fn an_admitted_fact_takes_its_side_values_along(county: &County) {
    with_held(county);
    let was = Was {
        id: FactId::new(DeviceNumber(7), 3),
        hash: FactHash([7; 32]),
    };
    assert_eq!(
        county.does(move |tx| tx.admit_held_fact(HeldId(1), KIND, Some(was))),
        Seq(2)
    );
    county.sees(|tx| {
        let fact = tx.fact(FactId::new(DEVICE, 1))?.unwrap();
        assert_eq!((fact.seq, fact.received_ms, fact.kind), (Seq(2), START + 2, KIND));
        assert_eq!(tx.numbers(DEVICE, 1, 1)?[0].fate, Fate::Admitted);
        assert_eq!(tx.running_at(DEVICE, 1)?, Some(1_u64.to_be_bytes()));
        assert_eq!(tx.fact_once_called(&was)?, Some(fact.id));
        let row = tx.log_page(&[COURIER], Seq(1), 9)?[0];
        assert!(matches!(tx.item(&row)?, Some(Item::Fact(_, sides)) if sides.len() == 2));
        assert_eq!(tx.held_of(record(1))?, []);
        Ok(())
    });
    let homeless = county.tries(|tx| tx.admit_held_fact(HeldId(4), KIND, None));
    assert_eq!(homeless, Err(StoreError::Conflict("record")));
    county.does(|tx| {
        tx.add_record(&delivery(record(2)))?;
        tx.admit_held_fact(HeldId(4), KIND, None)
    });
    assert_eq!(county.sees(|tx| tx.facts(record(2))).len(), 1);
    assert_eq!(
        county.tries(|tx| tx.admit_held_fact(HeldId(4), KIND, None)),
        Err(StoreError::Conflict("held"))
    );
}

pub(crate) fn a_dropped_fact_leaves_its_number(county: &County) {
    with_held(county);
    county.does(|tx| tx.drop_held(HeldId(1), "dropped"));
    county.sees(|tx| {
        assert_eq!(tx.held_of(record(1))?, []);
        let number = &tx.numbers(DEVICE, 1, 1)?[0];
        assert_eq!(
            number.fate,
            Fate::NotKept {
                code: "dropped".to_owned()
            }
        );
        assert_eq!(number.hash_start, fact(1, record(1)).hash.0[..8]);
        assert_eq!(tx.running_at(DEVICE, 1)?, Some(1_u64.to_be_bytes()));
        Ok(())
    });
    // The name of what is gone is not given again.
    county.does(|tx| tx.drop_held(HeldId(4), "dropped"));
    county.does(|tx| tx.append_facts(&push(vec![held(fact(3, record(1)))])));
    assert_eq!(county.sees(|tx| tx.held_of(record(1)))[0].id, HeldId(5));
    assert_eq!(
        county.tries(|tx| tx.drop_held(HeldId(1), "dropped")),
        Err(StoreError::Conflict("held"))
    );
}

pub(crate) fn a_plan_change_is_held_once_and_taken_out(county: &County) {
    with_held(county);
    assert!(county.does(|tx| tx.hold_change(&held_change(DEVICE))));
    assert!(!county.does(|tx| tx.hold_change(&held_change(DEVICE))));
    assert_eq!(
        county.tries(|tx| tx.take_held_change(HeldId(1))),
        Err(StoreError::Conflict("held"))
    );
    let (held, taken) = county.does(|tx| {
        let held = tx.take_held_change(HeldId(5))?;
        let mut push = changes(held.record, 3, &[1], 0);
        push.changes[0].1.clone_from(&held.bytes);
        Ok((held, tx.append_changes(&push)?))
    });
    assert_eq!(held.item, HeldItem::Change(head(3, 1)));
    assert_eq!(taken, ChangesTaken::Appended(vec![Seq(2)]));
    assert_eq!(county.sees(|tx| tx.changes(record(1)))[0].bytes, b"a change");
    assert!(county.does(|tx| tx.hold_change(&held_change(DEVICE))));
    county.does(|tx| tx.drop_held(HeldId(6), "dropped"));
    assert_eq!(
        county.sees(|tx| tx.held_list(HeldState::Waiting, HeldId(0), 9)),
        []
    );
}

pub(crate) fn what_each_device_left_is_measured(county: &County) {
    with_held(county);
    let lost = DeviceNumber(2);
    county.does(move |tx| tx.hold_change(&held_change(lost)));
    let facts = vec![held(fact(1, record(3)))];
    let bytes = (facts[0].bytes.len() + b"a change".len()) as u64;
    let push = FactPush {
        author: lost,
        by: lost,
        chain: [1; 32],
        facts,
    };
    county.does(move |tx| tx.append_facts(&push));
    assert_eq!(county.sees(|tx| tx.held_bytes(lost)), bytes);
    assert_eq!(county.sees(|tx| tx.held_bytes(DeviceNumber(3))), 0);
}
