use saddlebag_records::id::PersonId;
use saddlebag_sync_server::store::{Item, LogRow, Seq, StoreError, What};

use crate::given::{COURIER, County, OFFICE, START, STATION, changes, fact, push, record, seqs, side};

pub(crate) fn the_log_is_numbered_without_gaps(county: &County) {
    county.with(&[record(1)]);
    assert_eq!(county.sees(|tx| tx.log_head()), Seq::START);
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1)), fact(2, record(1))])));
    let failed = county.tries(|tx| {
        tx.append_facts(&push(vec![fact(3, record(1))]))?;
        Err::<(), _>(StoreError::Conflict("on purpose"))
    });
    failed.unwrap_err();
    county.grants(record(1), &[COURIER]);
    county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1], 0)));
    county.sees(|tx| {
        assert_eq!(tx.log_head()?, Seq(4));
        for seq in 1..=4 {
            assert!(tx.log_nonce(Seq(seq))?.is_some());
        }
        for absent in [0, 5, u64::MAX] {
            assert_eq!(tx.log_nonce(Seq(absent))?, None);
        }
        Ok(())
    });
}

pub(crate) fn each_row_names_the_job_that_wrote_it(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER]);
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1)), fact(2, record(1))])));
    let rows = county.sees(|tx| tx.log_page(&[COURIER], Seq::START, 9));
    let row = |seq, job: u64, what| LogRow {
        seq: Seq(seq),
        nonce: job.to_be_bytes(),
        record: record(1),
        what,
        ms: START + i64::try_from(job).unwrap(),
    };
    assert_eq!(
        rows,
        [
            row(1, 1, What::Grant),
            row(2, 2, What::Fact),
            row(3, 2, What::Fact)
        ]
    );
    assert_eq!(county.sees(|tx| tx.log_rows(Seq::START, 9)), rows);
    assert_eq!(county.sees(|tx| tx.log_rows(Seq(1), 1)), rows[1..2]);
    assert_eq!(county.sees(|tx| tx.log_rows(Seq(3), 9)), []);
    assert_eq!(county.sees(|tx| tx.log_nonce(Seq(3))), Some(2_u64.to_be_bytes()));
    assert_eq!(county.sees(|tx| tx.log_before(START + 2)), Seq(1));
    assert_eq!(county.sees(|tx| tx.log_before(START)), Seq::START);
}

pub(crate) fn a_page_is_merged_from_the_audiences_and_shows_each_row_once(county: &County) {
    county.with(&[record(1), record(2), record(3)]);
    county.grants(record(1), &[COURIER]);
    county.grants(record(2), &[COURIER, STATION]);
    county.grants(record(3), &[OFFICE]);
    let facts = [3, 2, 1, 2]
        .iter()
        .zip(1..)
        .map(|(id, n)| fact(n, record(*id)))
        .collect();
    county.does(move |tx| tx.append_facts(&push(facts)));
    assert_eq!(seqs(county, &[COURIER, STATION]), [1, 2, 5, 6, 7]);
    assert_eq!(seqs(county, &[STATION]), [2, 5, 7]);
    assert_eq!(seqs(county, &[OFFICE, STATION]), [2, 3, 4, 5, 7]);
    assert!(seqs(county, &[]).is_empty());
    county.sees(|tx| {
        let page = |after, limit| {
            let rows = tx.log_page(&[STATION, COURIER], Seq(after), limit)?;
            Ok::<_, StoreError>(rows.iter().map(|row| row.seq.0).collect::<Vec<_>>())
        };
        assert_eq!(page(0, 3)?, [1, 2, 5]);
        assert_eq!(page(5, 3)?, [6, 7]);
        assert!(page(7, 3)?.is_empty());
        Ok(())
    });
}

pub(crate) fn an_item_is_read_by_who_sees_its_record_then(county: &County) {
    county.with(&[record(1)]);
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1))])));
    county.grants(record(1), &[COURIER]);
    county.does(|tx| tx.append_facts(&push(vec![fact(2, record(1))])));
    county.grants(record(1), &[OFFICE]);
    county.does(|tx| tx.append_facts(&push(vec![fact(3, record(1))])));
    // 2: grant, 3: fact, 4: grant to the office, 5: removal, 6: fact.
    assert_eq!(seqs(county, &[COURIER]), [2, 3, 5]);
    assert_eq!(seqs(county, &[OFFICE]), [4, 6]);
    let before: Vec<_> = county
        .sees(|tx| tx.items(record(1), Seq::START, Seq(4), 9))
        .iter()
        .map(|(seq, _)| seq.0)
        .collect();
    assert_eq!(before, [1, 3]);
}

pub(crate) fn the_items_of_a_record_come_a_page_at_a_time(county: &County) {
    county.with(&[record(1), record(2)]);
    county.does(|tx| {
        tx.append_facts(&push(vec![
            fact(1, record(1)),
            fact(2, record(2)),
            fact(3, record(1)),
        ]))
    });
    county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1, 2], 0)));
    let late = saddlebag_records::id::FactId::new(crate::given::DEVICE, 1);
    county.does(move |tx| tx.append_side(late, crate::given::DEVICE, &side(1, b"here")));
    county.does(|tx| tx.append_facts(&push(vec![fact(4, record(1))])));
    county.sees(|tx| {
        let page = |after, below, limit| {
            let items = tx.items(record(1), Seq(after), Seq(below), limit)?;
            Ok::<_, StoreError>(items.iter().map(|(seq, _)| seq.0).collect::<Vec<_>>())
        };
        assert_eq!(page(0, 100, 100)?, [1, 3, 4, 5, 6, 7]);
        assert_eq!(page(0, 100, 2)?, [1, 3]);
        assert_eq!(page(3, 100, 3)?, [4, 5, 6]);
        assert_eq!(page(3, 6, 9)?, [4, 5]);
        assert!(page(7, 100, 9)?.is_empty());
        let items = tx.items(record(1), Seq(3), Seq(7), 9)?;
        assert!(matches!(&items[0].1, Item::Change(change) if change.seq == Seq(4)));
        assert!(matches!(&items[2].1, Item::Side(side) if side.value == b"here"));
        Ok(())
    });
}

pub(crate) fn a_pruned_log_goes_on_where_it_was(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER]);
    county.does(|tx| tx.join_audience(PersonId([0xC0; 16]), STATION));
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1)), fact(2, record(1))])));
    assert_eq!(county.does(|tx| tx.prune_log(Seq(2))), 2);
    assert_eq!(seqs(county, &[COURIER]), [3, 4]);
    assert_eq!(county.sees(|tx| tx.county()).unwrap().log_floor, Seq(2));
    assert_eq!(county.sees(|tx| tx.log_nonce(Seq(2))), None);
    // Items and grants stay: what is left of the log is what they are pulled anew from.
    assert_eq!(
        county.sees(|tx| tx.items(record(1), Seq::START, Seq(9), 9)).len(),
        2
    );
    assert_eq!(
        county.sees(|tx| tx.granted_to(&[COURIER], Seq::START, 9)),
        [(Seq(1), record(1))]
    );
    // The newest row stays, however far one prunes.
    assert_eq!(county.does(|tx| tx.prune_log(Seq(1000))), 1);
    assert_eq!(county.sees(|tx| tx.county()).unwrap().log_floor, Seq(3));
    county.does(|tx| tx.append_facts(&push(vec![fact(3, record(1))])));
    assert_eq!(seqs(county, &[COURIER]), [4, 5]);
}
