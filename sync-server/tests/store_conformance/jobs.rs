use std::sync::mpsc;

use saddlebag_records::kind::RecordKind;
use saddlebag_sync_server::store::StoreError;

use crate::given::{COURIER, County, delivery, fact, push, record};

pub(crate) fn a_failed_job_leaves_nothing_and_hurts_no_other(county: &County) {
    county.with(&[record(1)]);
    let before = county.store.write(county.moment(), |tx| {
        tx.append_facts(&push(vec![fact(1, record(1))]))
    });
    let failed = county.store.write(county.moment(), |tx| {
        tx.add_record(&delivery(record(2)))?;
        tx.append_facts(&push(vec![fact(2, record(2))]))?;
        tx.append_audit(None, "viewed", None, "a test")?;
        Err::<(), _>(StoreError::Conflict("on purpose"))
    });
    let after = county.store.write(county.moment(), |tx| {
        tx.append_facts(&push(vec![fact(2, record(1))]))
    });
    before.wait().unwrap();
    assert_eq!(failed.wait(), Err(StoreError::Conflict("on purpose")));
    after.wait().unwrap();
    county.sees(|tx| {
        assert_eq!(tx.record(record(2))?, None);
        assert_eq!(tx.facts(record(1))?.len(), 2);
        assert_eq!(tx.audit(0, 10)?, []);
        Ok(())
    });
}

pub(crate) fn a_job_that_panics_leaves_nothing_and_hurts_no_other(county: &County) {
    county.with(&[]);
    let panicked = county.tries(|tx| {
        if tx.add_record(&delivery(record(1)))? {
            panic!("on purpose");
        }
        Ok(())
    });
    assert_eq!(panicked, Err(StoreError::Panicked));
    assert!(county.does(|tx| tx.add_record(&delivery(record(1)))));
}

pub(crate) fn a_job_sees_what_earlier_jobs_wrote(county: &County) {
    county.with(&[]);
    let first = county
        .store
        .write(county.moment(), |tx| tx.add_record(&delivery(record(1))));
    let second = county.store.write(county.moment(), |tx| tx.record(record(1)));
    assert!(first.wait().unwrap());
    assert_eq!(second.wait().unwrap().unwrap().id, record(1));
}

pub(crate) fn jobs_are_done_in_the_order_in_which_they_were_handed_over(county: &County) {
    county.with(&[]);
    let numbers: Vec<_> = (0..50)
        .map(|_| county.store.write(county.moment(), |tx| tx.take_device_number()))
        .collect();
    let numbers: Vec<_> = numbers
        .into_iter()
        .map(|number| number.wait().unwrap().0)
        .collect();
    assert_eq!(numbers, (2..52).collect::<Vec<_>>());
}

pub(crate) fn a_job_is_done_even_if_nobody_waits_for_its_answer(county: &County) {
    county.with(&[]);
    drop(
        county
            .store
            .write(county.moment(), |tx| tx.add_record(&delivery(record(1)))),
    );
    assert!(!county.does(|tx| tx.add_record(&delivery(record(1)))));
}

pub(crate) fn a_reader_sees_one_moment(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER]);
    county.sees(|tx| {
        let (head, facts) = (tx.log_head()?, tx.facts(record(1))?);
        county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1))])));
        county.does(|tx| tx.add_record(&delivery(record(2))));
        assert_eq!(tx.log_head()?, head);
        assert_eq!(tx.facts(record(1))?, facts);
        assert_eq!(tx.record(record(2))?, None);
        assert_eq!(tx.log_page(&[COURIER], head, 10)?, []);
        Ok(())
    });
    county.sees(|tx| {
        assert_eq!(tx.facts(record(1))?.len(), 1);
        assert_eq!(tx.records(RecordKind::Delivery, None, 10)?.len(), 2);
        Ok(())
    });
}

pub(crate) fn a_read_after_an_answer_sees_what_it_answered(county: &County) {
    county.with(&[record(1)]);
    for n in 1..=50 {
        county.does(move |tx| tx.append_facts(&push(vec![fact(n, record(1))])));
        assert_eq!(county.sees(|tx| tx.facts(record(1))).len() as u64, n);
    }
}

pub(crate) fn many_readers_and_writers_get_on(county: &County) {
    county.with(&[record(1)]);
    let (done, answers) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let done = done.clone();
            scope.spawn(move || {
                for _ in 0..25 {
                    let head = county.does(|tx| {
                        let n = tx.author(crate::given::DEVICE)?.fact_count + 1;
                        tx.append_facts(&push(vec![fact(n, record(1))]))
                    });
                    let seen = county.sees(|tx| tx.log_head());
                    assert!(Some(seen) >= head[0]);
                    done.send(head[0].unwrap().0).unwrap();
                }
            });
        }
    });
    drop(done);
    let mut positions: Vec<_> = answers.iter().collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=200).collect::<Vec<_>>());
}
