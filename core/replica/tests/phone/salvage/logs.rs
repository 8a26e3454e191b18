//! The log beside the database: what was committed last lies there alone.

use std::fs;
use std::path::Path;

use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_replica::{NewFact, Replica, WhyForked};
use tempfile::TempDir;

use super::a_filled_phone::{Filled, copy_of, filled, only_here, salvage};
use crate::a_phone::{EPOCH, KEY, Phone, surroundings};
use crate::forks::{fork, said};

const FRAME: usize = 24 + 4_096;

/// The folder of a phone that was killed after it had recorded so many facts more, each in a transaction of its own.
fn killed_after(filled: &Filled, facts: u8) -> TempDir {
    let dir = filled.copy();
    let replica = Replica::open(dir.path(), KEY, surroundings(3)).unwrap();
    for number in 0..facts {
        let record = RecordId([61 + number; 16]);
        let body = Body::new().with(field::NOTE, "湿了");
        replica
            .record(NewFact::new(record, kinds::delivery::DAMAGED, body))
            .unwrap();
    }
    copy_of(dir.path())
}

fn log(dir: &Path) -> std::path::PathBuf {
    dir.join("records.db-wal")
}

#[test]
fn a_log_that_is_gone_is_noticed_by_the_mark_beside_it() {
    let filled = filled();
    let dir = killed_after(&filled, 5);
    fs::remove_file(log(dir.path())).unwrap();
    let phone = Phone::in_folder(dir, 1, 4).unwrap();
    let told = phone.salvaged().unwrap().unwrap();
    assert_eq!((told.facts_lost, told.is_enrolled), (5, true));
    phone.salvaged_seen().unwrap();
    assert_eq!(phone.salvaged().unwrap(), None);

    // What is written next goes above them, and tells another story than the county may have heard.
    let highest = filled
        .only_here
        .iter()
        .filter(|id| !id.device.is_one_time())
        .map(|id| id.n)
        .max()
        .unwrap();
    let next = phone
        .record(NewFact::new(
            RecordId([61; 16]),
            kinds::delivery::LOADED_OUT,
            Body::new(),
        ))
        .unwrap();
    assert_eq!(next.n, highest + 6);
    let phone = phone.opened_again();
    assert_eq!(phone.salvaged().unwrap(), None, "it is told once");
}

#[test]
fn who_lost_facts_is_told_so_with_the_new_number() {
    let filled = filled();
    for is_salvaged in [false, true] {
        let dir = killed_after(&filled, 5);
        fs::remove_file(log(dir.path())).unwrap();
        if is_salvaged {
            assert_eq!(salvage(dir.path()).unwrap().facts_lost, 5);
        }
        let phone = Phone::in_folder(dir, 1, 4).unwrap();
        assert_eq!(phone.salvaged().unwrap().unwrap().facts_lost, 5);
        assert!(phone.asking("test 1", None, &[]).unwrap().for_another_number);
        phone.take_fork(&said(EPOCH), &fork(Vec::new())).unwrap();
        assert_eq!(phone.forks().unwrap()[0].why, WhyForked::FactLost);
        assert!(!phone.asking("test 1", None, &[]).unwrap().for_another_number);
    }
}

#[test]
fn a_log_that_was_cut_is_noticed_too() {
    let filled = filled();
    let dir = killed_after(&filled, 5);
    let bytes = fs::read(log(dir.path())).unwrap();
    fs::write(log(dir.path()), &bytes[..bytes.len() - FRAME]).unwrap();
    let phone = Phone::in_folder(dir, 1, 4).unwrap();
    assert_eq!(phone.salvaged().unwrap().unwrap().facts_lost, 1);
}

#[test]
fn what_was_committed_behind_a_damaged_frame_is_saved() {
    let filled = filled();
    let dir = killed_after(&filled, 6);
    let mut bytes = fs::read(log(dir.path())).unwrap();
    // SQLite reads a log until the first frame that is not what was written.
    bytes[32 + 24 + 100] ^= 1;
    fs::write(log(dir.path()), &bytes).unwrap();
    let saved = salvage(dir.path()).unwrap();
    let phone = Phone::in_folder(dir, 1, 4).unwrap();
    let here = only_here(&phone);
    assert!(here.len() > filled.only_here.len(), "{saved:?}");
    assert_eq!(saved.facts + saved.facts_lost, filled.only_here.len() as u64 + 6);
}
