//! No room on the phone: under a limit of its files' size, on a disk that is full, and in a folder that may not be
//! written to. What was called saved stays, what was refused is not there by half, and it goes on when there is room.

use std::path::PathBuf;
use std::process::Command;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{Lane, NewFact, Replica, ScanFor, ScanOutcome};

use crate::a_phone::{KEY, Phone, surroundings};
use crate::county::County;

/// A delivery that a scan begins.
fn a_parcel(phone: &Phone) -> RecordId {
    match phone
        .scan("SF1234567890", ScanFor::LoadingOut { place: None })
        .unwrap()
    {
        ScanOutcome::New { record } => record,
        outcome => panic!("{outcome:?}"),
    }
}

fn attempted(record: RecordId) -> NewFact {
    let body = Body::new().with(field::REASON, 1u16);
    NewFact::new(record, kinds::delivery::ATTEMPTED, body)
}

/// Records until nothing more fits. How many facts it was told are saved.
fn until_it_is_full(phone: &Phone, record: RecordId) -> usize {
    let mut saved = 0;
    loop {
        match phone.record(attempted(record)) {
            Ok(_) => saved += 1,
            Err(error) => {
                assert_eq!(error.code(), "disk_full", "{error}");
                return saved;
            }
        }
    }
}

fn unsent(phone: &Replica) -> usize {
    phone.pending(usize::MAX).unwrap().facts.len()
}

/// Whatever wants to be written is refused by the same code, and what is here can be read.
fn nothing_more_is_kept(phone: &Phone, record: RecordId, written: usize) {
    let refused = [
        phone.record(attempted(record)).map(drop),
        phone.edit(record, &[PlanEdit::set("order", 7)]).map(drop),
        phone.keep_photo(Lane::Photo, &[7; 3_000_000]).map(drop),
        phone
            .report(&saddlebag_replica::NewTip {
                kind: 1,
                text: Some("x".repeat(150)),
                ..Default::default()
            })
            .map(drop),
    ];
    for refused in refused {
        assert_eq!(refused.unwrap_err().code(), "disk_full");
    }
    assert_eq!(phone.show(record).unwrap().facts.len(), written);
    assert_eq!(unsent(phone), written);
    assert_eq!(phone.safety().unwrap().waiting_facts, written as u64);
}

/// There is room again: the same handle goes on, and syncs what it kept.
fn it_goes_on(phone: Phone, record: RecordId, written: usize) {
    phone.record(attempted(record)).unwrap();
    phone.edit(record, &[PlanEdit::set("order", 7)]).unwrap();
    assert_eq!(phone.only_here().unwrap().photos, 0, "no photo by half");
    let mut county = County::default();
    county.sync(&phone);
    assert_eq!(unsent(&phone), 0);
    let phone = phone.opened_again();
    assert_eq!(phone.show(record).unwrap().facts.len(), written + 1);
    assert_eq!(phone.damaged().unwrap(), 0);
}

#[test]
#[ignore = "run by the test below, under a file size limit of 1 or 2 MB"]
fn under_a_file_size_limit() {
    let phone = Phone::of_courier(1);
    let record = a_parcel(&phone);
    let written = 1 + until_it_is_full(&phone, record);
    nothing_more_is_kept(&phone, record, written);
    let limit = Rlimit {
        current: None,
        ..getrlimit(Resource::Fsize)
    };
    setrlimit(Resource::Fsize, limit).unwrap();
    it_goes_on(phone, record, written);
}

#[test]
fn a_file_size_limit_is_a_full_disk() {
    let limited = "trap '' XFSZ; ulimit -S -f 2000; exec \"$0\" --exact --ignored \"$1\"";
    let run = Command::new("sh")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .arg("no_room::under_a_file_size_limit")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn on_a_full_disk_the_same_phone_goes_on_when_there_is_room() {
    let Some(disk) = Disk::mounted() else {
        println!("no disk of its own can be made here: the file size limit has to do");
        return;
    };
    let phone = Phone::in_folder_of(disk.path(), 1);
    let record = a_parcel(&phone);
    let ballast = disk.path().join("ballast");
    // Until not a byte more fits.
    let _ = std::fs::write(&ballast, vec![0; Disk::BYTES]);
    let written = 1 + until_it_is_full(&phone, record);
    nothing_more_is_kept(&phone, record, written);
    std::fs::remove_file(&ballast).unwrap();
    it_goes_on(phone, record, written);
}

#[test]
fn a_folder_that_may_not_be_written_to_is_told_by_a_code_of_its_own() {
    let Some(disk) = Disk::mounted() else {
        println!("no disk of its own can be made here");
        return;
    };
    let phone = Phone::in_folder_of(disk.path(), 1);
    let record = a_parcel(&phone);
    // With a file open to be written to no disk can be made read-only.
    let dir = phone.closed();
    disk.remount("ro");
    for folder in [dir.path(), &disk.path().join("new")] {
        let refused = Replica::open(folder, KEY, surroundings(9)).map(drop).unwrap_err();
        assert_eq!(refused.code(), "folder_not_writable");
    }

    disk.remount("rw");
    let phone = Phone::in_folder(dir, 1, 9).unwrap();
    assert_eq!(unsent(&phone), 1);
    it_goes_on(phone, record, 1);
}

/// A small disk of its own, until it is dropped.
struct Disk {
    place: tempfile::TempDir,
}

impl Disk {
    const BYTES: usize = 4 * 1024 * 1024;

    /// None where this process may not mount anything.
    fn mounted() -> Option<Self> {
        let disk = Self {
            place: tempfile::tempdir().unwrap(),
        };
        let size = format!("size={}", Self::BYTES);
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "none"])
            .arg(disk.place.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(disk)
    }

    fn path(&self) -> PathBuf {
        self.place.path().to_owned()
    }

    fn remount(&self, how: &str) {
        let remounted = Command::new("mount")
            .args(["-o", &format!("remount,{how}")])
            .arg(self.place.path())
            .status();
        assert!(remounted.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.place.path()).status();
    }
}
