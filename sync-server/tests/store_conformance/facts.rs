use saddlebag_records::fact::{FactHash, Was};
use saddlebag_records::id::{DeviceNumber, FactId};
use saddlebag_sync_server::store::{Author, FactPush, FactRow, Fate, HeldState, NewFact, Seq, StoreError};

use crate::given::{COURIER, County, DEVICE, START, STATION, fact, held, push, record, refused, seqs};

pub(crate) fn facts_come_back_as_they_went_in(county: &County) {
    county.with(&[record(1), record(2)]);
    let facts = vec![fact(1, record(1)), fact(2, record(2)), fact(3, record(1))];
    let given = facts.clone();
    let seqs = county.does(move |tx| tx.append_facts(&push(given)));
    assert_eq!(seqs, [Some(Seq(1)), Some(Seq(2)), Some(Seq(3))]);
    let stored = |fact: &NewFact, seq| FactRow {
        seq: Seq(seq),
        id: FactId::new(DEVICE, fact.n),
        record: fact.record,
        kind: fact.kind,
        hash: fact.hash,
        running: fact.running,
        received_ms: START + 1,
        bytes: fact.bytes.clone(),
    };
    let rows: Vec<_> = facts
        .iter()
        .zip(1..)
        .map(|(fact, seq)| stored(fact, seq))
        .collect();
    county.sees(|tx| {
        assert_eq!(tx.fact(FactId::new(DEVICE, 2))?, Some(rows[1].clone()));
        assert_eq!(tx.fact(FactId::new(DEVICE, 4))?, None);
        assert_eq!(tx.facts(record(1))?, [rows[0].clone(), rows[2].clone()]);
        assert_eq!(tx.fact_count(record(1))?, 2);
        assert_eq!(tx.facts_by(DEVICE, 2, 3)?, rows[1..]);
        assert_eq!(tx.facts_by(DEVICE, 2, u64::MAX)?, rows[1..]);
        assert_eq!(
            tx.author(DEVICE)?,
            Author {
                fact_count: 3,
                chain: [3; 32]
            }
        );
        assert_eq!(tx.record(record(1))?.unwrap().version, Seq(3));
        assert_eq!(tx.record(record(2))?.unwrap().version, Seq(2));
        Ok(())
    });
}

pub(crate) fn an_authors_numbers_have_no_gaps(county: &County) {
    county.with(&[record(1)]);
    let conflict = Err(StoreError::Conflict("fact number"));
    let append = |numbers: &[u64]| {
        let facts: Vec<_> = numbers.iter().map(|n| fact(*n, record(1))).collect();
        county.tries(move |tx| tx.append_facts(&push(facts)))
    };
    assert_eq!(append(&[0]), conflict);
    assert_eq!(append(&[2]), conflict);
    assert_eq!(append(&[1, 3]), conflict);
    assert_eq!(append(&[1, 1]), conflict);
    assert!(append(&[1, 2]).is_ok());
    assert_eq!(append(&[2]), conflict);
    assert_eq!(append(&[4]), conflict);
    assert_eq!(append(&[]), Ok(vec![]));
    assert_eq!(
        county.sees(|tx| tx.author(DEVICE)),
        Author {
            fact_count: 2,
            chain: [2; 32]
        }
    );
}

pub(crate) fn a_refused_batch_leaves_nothing(county: &County) {
    county.with(&[record(1)]);
    // The third is about a record that is not there.
    let facts = vec![fact(1, record(1)), held(fact(2, record(1))), fact(3, record(9))];
    let refused = county.tries(move |tx| tx.append_facts(&push(facts)));
    assert_eq!(refused, Err(StoreError::Conflict("record")));
    county.sees(|tx| {
        assert_eq!(tx.author(DEVICE)?, Author::default());
        assert_eq!(tx.numbers(DEVICE, 0, 10)?, []);
        assert_eq!(
            tx.held_list(
                HeldState::Quarantined,
                saddlebag_sync_server::store::HeldId(0),
                10
            )?,
            []
        );
        assert_eq!(tx.log_head()?, Seq::START);
        Ok(())
    });
}

pub(crate) fn numbers_tell_what_became_of_each_fact(county: &County) {
    county.with(&[record(1)]);
    let facts = vec![
        refused(fact(1, record(9))),
        fact(2, record(1)),
        held(fact(3, record(9))),
        fact(4, record(1)),
    ];
    let given = facts.clone();
    let seqs = county.does(move |tx| tx.append_facts(&push(given)));
    assert_eq!(seqs, [None, Some(Seq(1)), None, Some(Seq(2))]);
    county.sees(|tx| {
        let numbers = tx.numbers(DEVICE, 1, 4)?;
        for (number, fact) in numbers.iter().zip(&facts) {
            assert_eq!(
                (number.n, number.running, &number.fate),
                (fact.n, fact.running, &fact.fate)
            );
            assert_eq!(number.hash_start, fact.hash.0[..8]);
        }
        assert_eq!(tx.numbers(DEVICE, 2, 3)?, numbers[1..3]);
        assert_eq!(tx.numbers(DEVICE, 5, 9)?, []);
        assert_eq!(tx.numbers(DeviceNumber(2), 1, 4)?, []);
        // What is not kept, and what is held, is no fact to anybody.
        assert_eq!(tx.facts_by(DEVICE, 1, 4)?.len(), 2);
        assert_eq!(tx.fact(FactId::new(DEVICE, 1))?, None);
        assert_eq!(tx.fact(FactId::new(DEVICE, 3))?, None);
        Ok(())
    });
}

pub(crate) fn the_running_hash_is_known_at_every_number(county: &County) {
    county.with(&[record(1)]);
    let facts = vec![
        fact(1, record(1)),
        held(fact(2, record(1))),
        refused(fact(3, record(1))),
    ];
    county.does(move |tx| tx.append_facts(&push(facts)));
    county.sees(|tx| {
        assert_eq!(tx.running_at(DEVICE, 0)?, Some([0; 8]));
        for n in 1..=3_u64 {
            assert_eq!(tx.running_at(DEVICE, n)?, Some(n.to_be_bytes()));
        }
        assert_eq!(tx.running_at(DEVICE, 4)?, None);
        assert_eq!(tx.running_at(DEVICE, u64::MAX)?, None);
        assert_eq!(tx.running_at(DeviceNumber(8), 1)?, None);
        Ok(())
    });
}

pub(crate) fn a_one_time_number_counts_by_itself(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[STATION]);
    let spare = DeviceNumber(DeviceNumber::ONE_TIME | 3);
    let by = |author, facts| FactPush {
        author,
        by: DEVICE,
        chain: [8; 32],
        facts,
    };
    county.does(move |tx| tx.append_facts(&by(spare, vec![fact(1, record(1)), fact(2, record(1))])));
    county.does(move |tx| tx.append_facts(&by(DEVICE, vec![fact(1, record(1))])));
    county.sees(|tx| {
        assert_eq!(tx.author(spare)?.fact_count, 2);
        assert_eq!(tx.author(DEVICE)?.fact_count, 1);
        assert_eq!(tx.facts_by(spare, 1, 9)?.len(), 2);
        assert_eq!(tx.fact(FactId::new(spare, 2))?.unwrap().id.device, spare);
        assert_eq!(tx.running_at(spare, 2)?, Some(2_u64.to_be_bytes()));
        assert_eq!(tx.facts(record(1))?.len(), 3);
        Ok(())
    });
    assert_eq!(seqs(county, &[STATION, COURIER]), [1, 2, 3, 4]);
}

pub(crate) fn a_fact_that_was_written_anew_counts_once(county: &County) {
    county.with(&[record(1)]);
    let was = Was {
        id: FactId::new(DeviceNumber(7), 12),
        hash: FactHash([5; 32]),
    };
    let anew = |n, was| NewFact {
        was: Some(was),
        ..fact(n, record(1))
    };
    county.does(move |tx| tx.append_facts(&push(vec![anew(1, was)])));
    assert_eq!(
        county.sees(|tx| tx.fact_once_called(&was)),
        Some(FactId::new(DEVICE, 1))
    );
    let twice = county.tries(move |tx| tx.append_facts(&push(vec![anew(2, was)])));
    assert_eq!(twice.unwrap_err().code(), "store_conflict");
    // Two copies of a phone may have given one number to two facts.
    let other = Was {
        hash: FactHash([6; 32]),
        ..was
    };
    assert_eq!(county.sees(|tx| tx.fact_once_called(&other)), None);
    county.does(move |tx| tx.append_facts(&push(vec![anew(2, other)])));
    assert_eq!(
        county.sees(|tx| tx.fact_once_called(&other)),
        Some(FactId::new(DEVICE, 2))
    );
    // A held one says nothing yet.
    let third = Was {
        hash: FactHash([7; 32]),
        ..was
    };
    county.does(move |tx| tx.append_facts(&push(vec![held(anew(3, third))])));
    assert_eq!(county.sees(|tx| tx.fact_once_called(&third)), None);
}

pub(crate) fn a_fact_of_no_record_is_a_conflict(county: &County) {
    county.with(&[]);
    let append = |fate: Fate| {
        let fact = NewFact {
            fate,
            ..fact(1, record(1))
        };
        county.tries(move |tx| tx.append_facts(&push(vec![fact])))
    };
    assert_eq!(append(Fate::Admitted), Err(StoreError::Conflict("record")));
    let waiting = Fate::Held {
        state: HeldState::Waiting,
        reason: "unknown_kind".to_owned(),
    };
    assert_eq!(append(waiting), Ok(vec![None]));
}
