use saddlebag_records::access::{Audience, Cause};
use saddlebag_records::id::DeviceNumber;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::waybill::Waybill;
use saddlebag_sync_server::store::{
    Fate, ForgetReason, HeldId, NewRecord, RecordRow, Seq, SideTaken, StoreError, Tombstone, What,
};

use crate::given::{
    COURIER, County, DEVICE, OFFICE, START, STATION, changes, delivery, fact, grant, held, push, record,
    seqs, side,
};

pub(crate) fn a_record_is_added_once(county: &County) {
    county.with(&[]);
    assert!(county.does(|tx| tx.add_record(&delivery(record(1)))));
    let other = NewRecord {
        kind: RecordKind::Tip,
        creator: DeviceNumber(9),
        ..delivery(record(1))
    };
    assert!(!county.does(move |tx| tx.add_record(&other)));
    let row = RecordRow {
        id: record(1),
        kind: RecordKind::Delivery,
        creator: DEVICE,
        creator_person: delivery(record(1)).creator_person,
        created_ms: START + 1,
        version: Seq::START,
        ended_ms: None,
    };
    assert_eq!(county.sees(|tx| tx.record(record(1))), Some(row));
    assert_eq!(county.sees(|tx| tx.record(record(2))), None);
    let missing = county.tries(|tx| tx.set_ended(record(2), None));
    assert_eq!(missing, Err(StoreError::Conflict("record")));
}

pub(crate) fn records_of_a_kind_come_a_page_at_a_time(county: &County) {
    county.with(&[record(5), record(1), record(3), record(4)]);
    county.does(|tx| {
        tx.add_record(&NewRecord {
            kind: RecordKind::Pickup,
            ..delivery(record(2))
        })
    });
    county.sees(|tx| {
        let page = tx.records(RecordKind::Delivery, None, 3)?;
        assert_eq!(
            page.iter().map(|row| row.id).collect::<Vec<_>>(),
            [record(1), record(3), record(4)]
        );
        let rest = tx.records(RecordKind::Delivery, Some(record(4)), 3)?;
        assert_eq!(rest.iter().map(|row| row.id).collect::<Vec<_>>(), [record(5)]);
        assert_eq!(tx.records(RecordKind::Camp, None, 3)?, []);
        Ok(())
    });
}

pub(crate) fn a_waybill_leads_to_every_record_under_it(county: &County) {
    county.with(&[record(1), record(2), record(3)]);
    let number = Waybill::parse("SF1234567890").unwrap();
    let put = number.clone();
    county.does(move |tx| {
        tx.put_waybill(&put, 2, record(1))?;
        tx.put_waybill(&put, 1, record(3))?;
        tx.put_waybill(&put, 1, record(2))?;
        tx.put_waybill(&put, 1, record(2))
    });
    let found = county.sees(|tx| tx.records_by_waybill(&number));
    assert_eq!(found, [(1, record(2)), (1, record(3)), (2, record(1))]);
    let other = Waybill::parse("SF1234567891").unwrap();
    assert_eq!(county.sees(|tx| tx.records_by_waybill(&other)), []);
}

pub(crate) fn the_records_that_ended_first_come_first(county: &County) {
    county.with(&[record(1), record(2), record(3), record(4)]);
    for (id, ended) in [(1, Some(300)), (2, Some(100)), (3, None), (4, Some(200))] {
        county.does(move |tx| tx.set_ended(record(id), ended));
    }
    let ended = |before, limit| {
        let rows = county.sees(|tx| tx.records_ended(before, limit));
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ended(300, 10), [record(2), record(4)]);
    assert_eq!(ended(301, 2), [record(2), record(4)]);
    county.does(|tx| tx.set_ended(record(2), None));
    assert_eq!(ended(301, 2), [record(4), record(1)]);
}

pub(crate) fn references_are_found_from_both_ends(county: &County) {
    county.with(&[record(1), record(2)]);
    county.does(|tx| tx.put_references(record(1), &[record(9), record(8), record(9)]));
    county.does(|tx| tx.put_references(record(2), &[record(8)]));
    assert_eq!(
        county.sees(|tx| tx.references_from(record(1))),
        [record(8), record(9)]
    );
    assert_eq!(
        county.sees(|tx| tx.references_to(record(8))),
        [record(1), record(2)]
    );
    county.does(|tx| tx.put_references(record(1), &[record(7), record(9)]));
    assert_eq!(
        county.sees(|tx| tx.references_from(record(1))),
        [record(7), record(9)]
    );
    assert_eq!(county.sees(|tx| tx.references_to(record(8))), [record(2)]);
}

pub(crate) fn a_forgotten_record_leaves_a_tombstone_and_the_numbers_of_its_facts(county: &County) {
    county.with(&[record(1), record(2)]);
    let number = Waybill::parse("SF1234567890").unwrap();
    let put = number.clone();
    let spare = DeviceNumber(DeviceNumber::ONE_TIME);
    county.does(move |tx| {
        let mut with_side = fact(1, record(1));
        with_side.sides = vec![side(1, b"here")];
        tx.append_facts(&push(vec![
            with_side,
            held(fact(2, record(1))),
            fact(3, record(2)),
        ]))?;
        tx.append_changes(&changes(record(1), 3, &[1], 0))?;
        tx.put_waybill(&put, 1, record(1))?;
        tx.put_references(record(1), &[record(2)])?;
        tx.put_references(record(2), &[record(1)])?;
        tx.add_one_time_numbers(DEVICE, &[spare])?;
        tx.use_one_time_number(spare, record(1))
    });
    let before = county.sees(|tx| tx.numbers(DEVICE, 1, 3));
    county.does(|tx| tx.forget_record(record(1), ForgetReason::Retention));
    county.sees(|tx| {
        assert_eq!(
            tx.tombstone(record(1))?,
            Some(Tombstone {
                reason: ForgetReason::Retention,
                ms: START + 2
            })
        );
        assert_eq!(tx.record(record(1))?, None);
        assert_eq!(tx.facts(record(1))?, []);
        assert_eq!(tx.changes(record(1))?, []);
        assert_eq!(tx.plan(record(1))?, None);
        assert_eq!(tx.sides(record(1))?, []);
        assert_eq!(tx.held_of(record(1))?, []);
        assert_eq!(tx.held(HeldId(1))?, None);
        assert_eq!(tx.records_by_waybill(&number)?, []);
        assert_eq!(tx.references_from(record(1))?, []);
        assert_eq!(tx.references_from(record(2))?, []);
        assert_eq!(tx.one_time_number(spare)?, None);
        assert_eq!(tx.items(record(1), Seq::START, Seq(100), 100)?, []);
        assert_eq!(tx.author(DEVICE)?.fact_count, 3);
        let numbers = tx.numbers(DEVICE, 1, 3)?;
        let same = |a: &[saddlebag_sync_server::store::Number]| {
            a.iter()
                .map(|number| (number.n, number.hash_start, number.running))
                .collect::<Vec<_>>()
        };
        assert_eq!(same(&numbers), same(&before));
        let gone = Fate::NotKept {
            code: "forgotten".to_owned(),
        };
        assert_eq!([&numbers[0].fate, &numbers[1].fate], [&gone, &gone]);
        assert_eq!(numbers[2].fate, Fate::Admitted);
        Ok(())
    });
    let late = county.does(|tx| {
        let (fact, side) = (saddlebag_records::id::FactId::new(DEVICE, 1), side(4, b""));
        tx.append_side(fact, DEVICE, &side)
    });
    assert_eq!(late, SideTaken::NoFact);
}

pub(crate) fn forgetting_is_told_to_all_who_ever_saw_the_record(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER, OFFICE]);
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1))])));
    county.grants(record(1), &[OFFICE]);
    assert_eq!(
        county.does(|tx| tx.forget_record(record(1), ForgetReason::Person)),
        Some(Seq(4))
    );
    assert_eq!(seqs(county, &[COURIER]), [1, 2, 3, 4]);
    assert_eq!(seqs(county, &[OFFICE]), [1, 2, 4]);
    assert!(seqs(county, &[STATION, Audience::Everyone]).is_empty());
    county.sees(|tx| {
        let rows = tx.log_page(&[OFFICE], Seq::START, 10)?;
        assert_eq!(rows[2].what, What::Forget);
        // The row of the fact is still there, so that cursors hold; it brings nothing any more.
        assert_eq!((rows[1].what, tx.item(&rows[1])?), (What::Fact, None));
        assert!(!tx.sees(&[OFFICE], record(1))?);
        assert!(!tx.ever_saw(&[COURIER], record(1))?);
        Ok(())
    });
}

pub(crate) fn nothing_revives_a_forgotten_record(county: &County) {
    county.with(&[record(1)]);
    county.does(|tx| tx.forget_record(record(1), ForgetReason::Retention));
    assert_eq!(
        county.tries(|tx| tx.add_record(&delivery(record(1)))),
        Err(StoreError::Conflict("forgotten"))
    );
    assert!(
        county
            .tries(|tx| tx.append_facts(&push(vec![fact(1, record(1))])))
            .is_err()
    );
    assert!(
        county
            .tries(|tx| tx.append_changes(&changes(record(1), 3, &[1], 0)))
            .is_err()
    );
    let granted = county.tries(|tx| tx.replace_grants(record(1), &[grant(COURIER, Cause::Held)]));
    assert_eq!(granted, Err(StoreError::Conflict("record")));
    county.does(|tx| tx.append_facts(&push(vec![held(fact(1, record(1)))])));
    assert_eq!(county.sees(|tx| tx.held_of(record(1))).len(), 1);
}

pub(crate) fn who_asked_to_be_forgotten_stays_so(county: &County) {
    county.with(&[record(1)]);
    let forgotten = |reason| county.does(move |tx| tx.forget_record(record(1), reason));
    assert!(forgotten(ForgetReason::Retention).is_some());
    assert_eq!(forgotten(ForgetReason::Person), None);
    assert_eq!(forgotten(ForgetReason::Retention), None);
    let stone = county.sees(|tx| tx.tombstone(record(1))).unwrap();
    assert_eq!((stone.reason, stone.ms), (ForgetReason::Person, START + 1));
    assert_eq!(
        county.does(|tx| tx.forget_record(record(2), ForgetReason::Person)),
        None
    );
    let other = county.sees(|tx| tx.tombstone(record(2))).unwrap();
    let both = county.sees(|tx| tx.tombstones());
    assert_eq!(both, [(record(1), stone), (record(2), other)]);
}
