use saddlebag_records::id::ActorId;
use saddlebag_sync_server::store::{ChangeRow, ChangesTaken, PlanRow, Seq, StoreError};

use crate::given::{COURIER, County, DEVICE, START, changes, head, record, seqs};

pub(crate) fn changes_come_back_as_they_went_in(county: &County) {
    county.with(&[record(1)]);
    county.grants(record(1), &[COURIER]);
    assert_eq!(county.sees(|tx| tx.plan(record(1))), None);
    let taken = county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1, 2], 0)));
    assert_eq!(taken, ChangesTaken::Appended(vec![Seq(2), Seq(3)]));
    let taken = county.does(|tx| tx.append_changes(&changes(record(1), 2, &[1], 2)));
    assert_eq!(taken, ChangesTaken::Appended(vec![Seq(4)]));
    county.sees(|tx| {
        let rows = tx.changes(record(1))?;
        let second = ChangeRow {
            seq: Seq(3),
            record: record(1),
            head: head(3, 2),
            by: DEVICE,
            received_ms: START + 2,
            bytes: b"change 2 of 3".to_vec(),
        };
        assert_eq!(rows[1], second);
        assert_eq!(tx.change(record(1), ActorId([3; 16]), 2)?, Some(second));
        assert_eq!(tx.change(record(1), ActorId([3; 16]), 3)?, None);
        assert_eq!(tx.change(record(1), ActorId([3; 16]), u64::MAX)?, None);
        assert_eq!(tx.change_heads(record(1))?, [head(3, 1), head(3, 2), head(2, 1)]);
        let plan = PlanRow {
            change_count: 3,
            change_bytes: 39,
            snapshot: b"plan of 2 and 1".to_vec(),
            view: vec![0xA0],
        };
        assert_eq!(tx.plan(record(1))?, Some(plan));
        assert_eq!(tx.record(record(1))?.unwrap().version, Seq(4));
        Ok(())
    });
    assert_eq!(seqs(county, &[COURIER]), [1, 2, 3, 4]);
}

pub(crate) fn changes_tried_on_another_plan_are_stale(county: &County) {
    county.with(&[record(1)]);
    county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1], 0)));
    let plan = county.sees(|tx| tx.plan(record(1)));
    for tried_at in [0, 2] {
        let late = county.does(move |tx| tx.append_changes(&changes(record(1), 4, &[1], tried_at)));
        assert_eq!(late, ChangesTaken::Stale);
    }
    assert_eq!(county.sees(|tx| tx.plan(record(1))), plan);
    assert_eq!(county.sees(|tx| tx.log_head()), Seq(1));
    let again = county.does(|tx| tx.append_changes(&changes(record(1), 4, &[1], 1)));
    assert_eq!(again, ChangesTaken::Appended(vec![Seq(2)]));
}

pub(crate) fn an_actors_number_is_good_for_one_change(county: &County) {
    county.with(&[record(1), record(2)]);
    county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1], 0)));
    let twice = county.tries(|tx| tx.append_changes(&changes(record(1), 3, &[1], 1)));
    assert_eq!(twice.unwrap_err().code(), "store_conflict");
    county.does(|tx| tx.append_changes(&changes(record(2), 3, &[1], 0)));
    let nowhere = county.tries(|tx| tx.append_changes(&changes(record(9), 3, &[1], 0)));
    assert_eq!(nowhere, Err(StoreError::Conflict("record")));
    assert_eq!(county.sees(|tx| tx.log_head()), Seq(2));
}

pub(crate) fn an_upgrade_can_read_a_plan_differently(county: &County) {
    county.with(&[record(1)]);
    county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1], 0)));
    county.does(|tx| tx.put_plan_view(record(1), b"read anew"));
    let plan = county.sees(|tx| tx.plan(record(1))).unwrap();
    assert_eq!((plan.view.as_slice(), plan.change_count), (&b"read anew"[..], 1));
    assert_eq!(plan.snapshot, b"plan of 0 and 1");
    let none = county.tries(|tx| tx.put_plan_view(record(2), b"read anew"));
    assert_eq!(none, Err(StoreError::Conflict("plan")));
}
