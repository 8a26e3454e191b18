//! The app and a background worker are two processes on one folder.

use std::sync::Barrier;
use std::thread;

use saddlebag_records::fact::{Body, Chain, kinds};
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::status::latest;
use saddlebag_replica::{NewFact, Replica, ScanFor, ScanOutcome};

use crate::a_phone::Phone;

const EACH: usize = 20;

fn parcel(replica: &Replica, waybill: &str) -> saddlebag_records::id::RecordId {
    match replica
        .scan(waybill, ScanFor::LoadingOut { place: None })
        .unwrap()
    {
        ScanOutcome::New { record } => record,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_one_writes_the_other_reads_next() {
    let phone = Phone::of_courier(1);
    let worker = phone.another_handle();
    let before = worker.stamp_of_others().unwrap();
    let record = parcel(&phone, "SF1234567890");
    assert_ne!(worker.stamp_of_others().unwrap(), before);
    assert_eq!(
        worker.show(record).unwrap().facts,
        phone.show(record).unwrap().facts
    );
    worker.edit(record, &[PlanEdit::set("order", 5)]).unwrap();
    assert_eq!(phone.show(record).unwrap().plan.unwrap().int("order"), Some(5));
}

#[test]
fn writers_at_once_lose_nothing_and_leave_no_gap() {
    let phone = Phone::of_courier(1);
    let record = parcel(&phone, "SF1234567890");
    let handles = [
        phone.replica.clone(),
        phone.another_handle(),
        phone.another_handle(),
    ];
    let together = Barrier::new(handles.len());
    thread::scope(|scope| {
        for (number, replica) in handles.iter().enumerate() {
            let together = &together;
            scope.spawn(move || {
                together.wait();
                for _ in 0..EACH {
                    replica
                        .record(NewFact::new(record, kinds::delivery::DAMAGED, Body::new()))
                        .unwrap();
                    let edit = PlanEdit::note("notes", &format!("{number}"));
                    replica.edit(record, &[edit]).unwrap();
                }
            });
        }
    });
    let pending = phone.opened_again().pending(usize::MAX).unwrap();
    let counters: Vec<u64> = pending.facts.iter().map(|fact| fact.id.n).collect();
    assert_eq!(counters, (1..=1 + 3 * EACH as u64).collect::<Vec<_>>());
    for (at, fact) in pending.facts.iter().enumerate().skip(1) {
        assert_eq!(
            fact.after,
            latest(&pending.facts[..at]),
            "each follows what was there"
        );
    }
    let sequence: Vec<u64> = pending.changes.iter().map(|change| change.seq).collect();
    assert_eq!(sequence, (1..=sequence.len() as u64).collect::<Vec<_>>());
    assert_eq!(pending.chain, Some(Chain::START.running_hash()));
}

#[test]
fn the_clock_is_one_for_all_handles() {
    let phone = Phone::of_courier(1);
    let record = parcel(&phone, "SF1234567890");
    let worker = phone.another_handle();
    for replica in [&worker, &phone.replica, &worker] {
        replica
            .record(NewFact::new(record, kinds::delivery::DAMAGED, Body::new()))
            .unwrap();
    }
    let facts = phone.pending(usize::MAX).unwrap().facts;
    let stamps: Vec<_> = facts
        .iter()
        .map(|fact| (fact.stamp.hlc_ms, fact.stamp.hlc_count))
        .collect();
    assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
}
