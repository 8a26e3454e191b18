//! What earlier versions left on disks and said over the wire, in the hands of this one: `tests/fixtures`.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use saddlebag_protocol::{SyncAnswer, from_frame};
use saddlebag_replica::{Replica, SyncOptions, Synced};
use saddlebag_tests::bench::RawLink;
use saddlebag_tests::fleet::built_beside;
use saddlebag_tests::kept::{Exchange, Kept, Tap, versions};
use serde_json::Value;
use tokio::runtime::Builder;

fn server() -> PathBuf {
    built_beside(Path::new(env!("CARGO_BIN_EXE_saddlebag-fleet"))).unwrap()
}

/// Each version of which something is kept, unpacked.
fn kept() -> impl Iterator<Item = (PathBuf, Kept)> {
    let folders = versions().unwrap();
    assert!(!folders.is_empty());
    folders.into_iter().map(|folder| {
        let kept = Kept::unpack(&folder).unwrap();
        (folder, kept)
    })
}

fn sync(phone: &Replica, url: String) {
    let options = SyncOptions {
        address: Some(url),
        ..SyncOptions::default()
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let synced = runtime.block_on(phone.sync(options)).unwrap();
    assert!(matches!(synced, Synced::Done(_)));
}

/// Nothing waits on the phone, and the county has all that it had and all that the phone had written, each once.
fn all_is_at_the_county(kept: &Kept, phone: &Replica) {
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
    assert_eq!(phone.refused().unwrap(), []);
    let all: BTreeMap<_, _> = [&kept.expected.at_the_county, &kept.expected.unsent]
        .into_iter()
        .flatten()
        .map(|(name, hash)| (name.clone(), hash.clone()))
        .collect();
    let has = kept.admitted().unwrap();
    let lacks: Vec<_> = all
        .iter()
        .filter(|fact| has.get(fact.0) != Some(fact.1))
        .collect();
    let strange: Vec<_> = has.keys().filter(|name| !all.contains_key(*name)).collect();
    assert!(lacks.is_empty() && strange.is_empty(), "{lacks:?} {strange:?}");
}

#[test]
fn a_phone_shows_all_that_it_held_and_syncs_with_its_county() {
    for (_, kept) in kept() {
        let phone = kept.phone(11).unwrap();
        assert_eq!(kept.read(&phone).unwrap(), kept.expected);
        assert!(!kept.expected.unsent.is_empty());
        let serving = kept.serve(&server()).unwrap();
        sync(&phone, format!("http://{}", serving.address()));
        serving.kill().unwrap();
        all_is_at_the_county(&kept, &phone);
        let now = kept.read(&phone).unwrap();
        assert_eq!(
            (now.statuses, now.cash_fen, now.unsent_edits),
            (kept.expected.statuses.clone(), kept.expected.cash_fen, 0)
        );
    }
}

#[test]
fn what_a_phone_sent_is_taken_as_it_was_and_once() {
    for (folder, kept) in kept() {
        let serving = kept.serve(&server()).unwrap();
        let mut link = RawLink::open(serving.address()).unwrap();
        for Exchange {
            path,
            token,
            request,
            answer,
        } in Kept::exchanges(&folder).unwrap()
        {
            let more = format!("Authorization: Bearer {token}\r\nContent-Encoding: zstd\r\n");
            let now: SyncAnswer = from_frame(&link.post(&path, &more, &request).unwrap()).unwrap();
            let then: SyncAnswer = from_frame(&answer).unwrap();
            assert_eq!(now.code, then.code);
            assert_eq!(now.receipts, then.receipts);
            assert_eq!(now.more, then.more);
        }
        // The phone lost the answers.
        let phone = kept.phone(12).unwrap();
        sync(&phone, format!("http://{}", serving.address()));
        serving.kill().unwrap();
        all_is_at_the_county(&kept, &phone);
    }
}

#[test]
fn a_phone_takes_what_its_county_answered() {
    for (folder, kept) in kept() {
        let phone = kept.phone(13).unwrap();
        let tap = Tap::answering(Kept::exchanges(&folder).unwrap()).unwrap();
        sync(&phone, tap.url());
        assert!(phone.pending(usize::MAX).unwrap().is_empty());
        let now = kept.read(&phone).unwrap();
        assert_eq!(now.statuses, kept.expected.statuses);
    }
}

#[test]
fn a_backup_is_restored_and_phones_bring_what_it_lacks() {
    for (_, kept) in kept() {
        let clock = kept.data().with_file_name("clock-offset");
        let serving = kept.serve(&server()).unwrap();
        serving.kill().unwrap();
        let output = Command::new(server())
            .args(["admin", "restore", "--json", "--from"])
            .arg(kept.backup())
            .arg("--key")
            .arg(kept.backup_key())
            .arg("--data")
            .arg(kept.data())
            .arg("--clock-offset-file")
            .arg(clock)
            .output()
            .unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(told["lacking"], 0, "{told}");
        let serving = kept.serve(&server()).unwrap();
        let phone = kept.phone(14).unwrap();
        sync(&phone, format!("http://{}", serving.address()));
        serving.kill().unwrap();
        all_is_at_the_county(&kept, &phone);
    }
}
