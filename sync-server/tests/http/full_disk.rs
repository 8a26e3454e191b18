//! No room: the real program under a limit of its files' size, and on a disk that is full. Nothing that was acknowledged
//! is lost, nothing is kept of what was refused, and it goes on when there is room.

use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use saddlebag_protocol::{ErrorCode, Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;

use crate::support::{Device, Running, Server, admin};

/// A county that the real program is to serve, and a phone of it.
struct County {
    folder: tempfile::TempDir,
    phone: Device,
}

fn county() -> County {
    let server = Server::start();
    let phone = server.device(server.person(11, Role::Courier, None));
    County {
        phone,
        folder: server.stop(),
    }
}

fn limit_files(running: &Running, bytes: Option<u64>) {
    let pid = Pid::from_child(&running.child);
    let limit = Rlimit {
        current: bytes,
        ..getrlimit(Resource::Fsize)
    };
    prlimit(Some(pid), Resource::Fsize, limit).unwrap();
}

fn file(folder: &Path, name: &str) -> std::path::PathBuf {
    let mut counties = std::fs::read_dir(folder.join("data/counties")).unwrap();
    counties.next().unwrap().unwrap().path().join(name)
}

#[test]
fn under_a_file_size_limit_nothing_is_kept_and_nothing_lost() {
    let mut county = county();
    let data = county.folder.path().join("data");
    let running = Running::serve(&data);
    let phone = &mut county.phone;
    phone.address = running.address;
    phone.write(RecordId([40; 16]), kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(phone.sync(), [Outcome::Admitted]);

    // A line of the journal can be begun, and not be ended.
    let journal = file(county.folder.path(), "journal/000001.log");
    let lines = std::fs::read(&journal).unwrap();
    limit_files(&running, Some(lines.len() as u64 + 10));
    phone.write(RecordId([41; 16]), kinds::delivery::LOADED_OUT, Body::new());
    let push = SyncRequest {
        push: Some(phone.push_from(2, &[])),
        ..SyncRequest::default()
    };
    for _ in 0..3 {
        assert_eq!(phone.refused(&push), ErrorCode::StoreFull);
    }
    let number = phone.number().0.to_string();
    let revoke = [
        "device",
        "revoke",
        &number,
        "--as",
        "01010101-0101-0101-0101-010101010101",
    ];
    assert_eq!(admin(&data, &revoke).unwrap_err(), "store_full");
    assert_eq!(admin(&data, &["backup"]).unwrap_err(), "store_full");

    limit_files(&running, None);
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    assert!(admin(&data, &["backup"]).is_ok());
    drop(running);

    let running = Running::serve(&data);
    phone.address = running.address;
    let all = SyncRequest {
        push: Some(phone.push_from(1, &[])),
        ..SyncRequest::default()
    };
    let receipts = phone.ask(&all).unwrap().receipts.unwrap();
    assert!(
        receipts
            .facts
            .iter()
            .all(|receipt| receipt.outcome == Outcome::Admitted)
    );
    assert_eq!(admin(&data, &["scrub"]).unwrap()["sound"], true);
    admin(&data, &revoke).unwrap();
    assert_eq!(phone.refused(&all), ErrorCode::Revoked);
}

#[test]
fn on_a_full_disk_the_same_process_goes_on_when_there_is_room() {
    let mut county = county();
    let Some(disk) = Disk::mounted(county.folder.path()) else {
        println!("no disk of its own can be made here: the file size limit has to do");
        return;
    };
    let running = Running::serve(&disk.0.join("data"));
    let phone = &mut county.phone;
    phone.address = running.address;
    phone.write(RecordId([40; 16]), kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    let ballast = disk.0.join("ballast");
    // Until not a byte more fits.
    let _ = std::fs::write(&ballast, vec![0; Disk::BYTES]);
    let push = loop {
        phone.write(RecordId([41; 16]), kinds::delivery::LOADED_OUT, Body::new());
        let push = SyncRequest {
            push: Some(phone.push_from(2, &[])),
            ..SyncRequest::default()
        };
        match phone.ask(&push) {
            Ok(_) => {}
            Err(reply) => {
                assert_eq!(reply.code(), ErrorCode::StoreFull);
                break push;
            }
        }
    };
    std::fs::remove_file(&ballast).unwrap();
    let receipts = phone.ask(&push).unwrap().receipts.unwrap();
    assert!(
        receipts
            .facts
            .iter()
            .all(|receipt| receipt.outcome == Outcome::Admitted)
    );
    drop(running);
    assert_eq!(admin(&disk.0.join("data"), &["scrub"]).unwrap()["sound"], true);

    disk.make_read_only();
    assert_eq!(
        admin(&disk.0.join("data"), &["scrub"]).unwrap_err(),
        "folder_not_writable"
    );
}

/// A small disk with a copy of the data folder, until it is dropped.
struct Disk(std::path::PathBuf);

impl Disk {
    const BYTES: usize = 8 * 1024 * 1024;

    /// None where this process may not mount anything.
    fn mounted(folder: &Path) -> Option<Self> {
        let place = folder.join("disk");
        std::fs::create_dir(&place).unwrap();
        let size = format!("size={}", Self::BYTES);
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "none"])
            .arg(&place)
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(())?;
        let disk = Self(place);
        let copied = Command::new("cp")
            .arg("-a")
            .args([folder.join("data"), disk.0.join("data")])
            .status();
        assert!(copied.unwrap().success());
        Some(disk)
    }

    fn make_read_only(&self) {
        let remounted = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&self.0)
            .status();
        assert!(remounted.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
