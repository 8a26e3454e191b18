//! A county whose disk is lost, restored from a backup a day old: the real server, and real phones that go on.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rusqlite::{Connection, OpenFlags};
use saddlebag_protocol::ErrorCode;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::sync::SyncError;
use saddlebag_replica::{
    EnrolmentText, NewFact, NewTip, Replica, ScanFor, StoreKey, SyncOptions, Synced, TipOutcome,
};
use saddlebag_sync_server::county::{Entry, Journal, TombstoneReason};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Builder;

const STATION: &str = "S001";

/// A county on a disk that can be lost, with its journal's copy and its backups elsewhere.
struct County {
    folder: TempDir,
    serving: Option<Child>,
    address: String,
}

impl Drop for County {
    fn drop(&mut self) {
        self.kill();
    }
}

impl County {
    /// With a station, somebody of each role and three couriers.
    fn found() -> Self {
        let mut county = Self {
            folder: tempfile::tempdir().unwrap(),
            serving: None,
            address: String::new(),
        };
        let keys = county.path("keys");
        let create = [
            "county",
            "create",
            "--name",
            "生成县",
            "--admin",
            "管理",
            "--admin-key",
            "M01",
        ];
        county.admin(
            "M01",
            &[&create[..], &["--keys-out", keys.to_str().unwrap()]].concat(),
        );
        let places = "key,kind,name,station\nS001,station,一站,S001\n";
        county.import("M01", &["places", "import"], places);
        let people = "key,role,name,station\nC01,courier,甲,S001\nC02,courier,乙,S001\nC03,courier,丙,S001\n\
            D01,dispatcher,丁,\n";
        county.import("M01", &["people", "import"], people);
        county.serve();
        county
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self) -> Command {
        let beside = Path::new(env!("CARGO_BIN_EXE_saddlebag-fleet"));
        let mut command = Command::new(beside.with_file_name("saddlebag-sync-server"));
        command
            .env("SADDLEBAG_DATA", self.path("disk/data"))
            .env("SADDLEBAG_JOURNAL_COPY", self.path("journal-copy"))
            .env("SADDLEBAG_BACKUP_DIR", self.path("backups"));
        command
    }

    fn serve(&mut self) {
        let mut serving = self
            .program()
            .args(["serve", "--listen", "127.0.0.1:0", "--backup-at", "off"])
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(self.path("log")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(serving.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        self.address = line.split_whitespace().last().unwrap().to_owned();
        self.serving = Some(serving);
    }

    fn kill(&mut self) {
        if let Some(mut serving) = self.serving.take() {
            serving.kill().unwrap();
            serving.wait().unwrap();
        }
    }

    fn admin(&self, by: &str, words: &[&str]) -> Value {
        let output = self
            .program()
            .args(["admin", "--json", "--as", by, "--why", "检查"])
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn import(&self, by: &str, words: &[&str], csv: &str) {
        let file = self.path("rows.csv");
        std::fs::write(&file, csv).unwrap();
        self.admin(by, &[words, &[file.to_str().unwrap()]].concat());
    }

    /// Announces parcels of these numbers and gives them to a courier.
    fn give(&self, numbers: &[&str], courier: &str) {
        let rows: String = numbers
            .iter()
            .map(|number| format!("{number},收件人,{STATION}\n"))
            .collect();
        self.import(
            "D01",
            &["import", "deliveries"],
            &format!("waybill,name,place\n{rows}"),
        );
        self.admin("D01", &[&["assign"], numbers, &[courier]].concat());
    }

    fn id(&self) -> String {
        self.admin("M01", &["county", "list"])[0]["county"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    fn backup(&self) -> PathBuf {
        self.admin("M01", &["backup"])["file"].as_str().unwrap().into()
    }

    /// Loses the disk and restores the county on an empty one.
    fn lose_the_disk_and_restore(&mut self, backup: &Path) -> Value {
        let key = self.path(&format!("keys/{}-backup.key", self.id()));
        self.kill();
        std::fs::remove_dir_all(self.path("disk")).unwrap();
        let (from, key) = (backup.to_str().unwrap(), key.to_str().unwrap());
        let told = self.admin("M01", &["restore", "--from", from, "--key", key]);
        self.serve();
        told
    }

    /// Every fact that the county has, by its name, with its hash; and every plan change.
    fn holds(&mut self) -> Held {
        let id = self.id();
        self.kill();
        let file = self.path("disk/data/counties").join(id).join("county.db");
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let rows = |sql: &str| {
            let mut rows = file.prepare(sql).unwrap();
            let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            let rows: Vec<(String, Vec<u8>)> = rows.unwrap().map(Result::unwrap).collect();
            let named: BTreeMap<_, _> = rows.iter().cloned().collect();
            assert_eq!(named.len(), rows.len(), "twice");
            named
        };
        let held = Held {
            facts: rows("SELECT author || '.' || n, hash FROM fact"),
            changes: rows("SELECT hex(record) || hex(actor) || actor_seq, hash FROM plan_change"),
        };
        drop(file);
        self.serve();
        held
    }

    fn facts_of(&mut self, record: RecordId) -> u64 {
        let id = self.id();
        self.kill();
        let file = self.path("disk/data/counties").join(id).join("county.db");
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let sql = "SELECT count(*) FROM fact WHERE record = ?1";
        let count: i64 = file.query_row(sql, [record.0], |row| row.get(0)).unwrap();
        drop(file);
        self.serve();
        count.try_into().unwrap()
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Held {
    facts: BTreeMap<String, Vec<u8>>,
    changes: BTreeMap<String, Vec<u8>>,
}

struct Phone {
    replica: Replica,
    number: u64,
}

impl Phone {
    fn of(county: &County, courier: &str, name: &str) -> Self {
        let surroundings = Surroundings::of_this_machine();
        let replica = Replica::open(county.path(name), StoreKey([7; 32]), surroundings).unwrap();
        let code = county.admin("M01", &["code", courier]);
        let said = EnrolmentText {
            address: county.address.clone(),
            code: code["code"].as_str().unwrap().to_owned(),
            county: None,
            server_key: None,
        };
        runtime(replica.enrol(&said, "test 1")).unwrap();
        let number = replica.identity().unwrap().unwrap().device.0;
        let phone = Self { replica, number };
        phone.sync(county);
        phone
    }

    fn try_sync(&self, county: &County) -> Result<Synced, SyncError> {
        let options = SyncOptions {
            address: Some(county.address.clone()),
            ..SyncOptions::default()
        };
        runtime(self.replica.sync(options))
    }

    fn sync(&self, county: &County) {
        assert!(matches!(self.try_sync(county).unwrap(), Synced::Done(_)));
        assert!(self.replica.pending(usize::MAX).unwrap().is_empty());
        assert_eq!(self.replica.refused().unwrap(), []);
    }

    fn load(&self, number: &str) -> RecordId {
        self.replica
            .scan(number, ScanFor::LoadingOut { place: None })
            .unwrap();
        let unsent = self.replica.unsent().unwrap();
        unsent
            .iter()
            .find(|item| item.waybill.as_deref() == Some(number))
            .unwrap()
            .record
    }

    fn damaged(&self, record: RecordId) {
        self.replica
            .record(NewFact::new(record, kinds::delivery::DAMAGED, Body::new()))
            .unwrap();
    }

    fn find(&self, number: &str) -> RecordId {
        self.replica.search(number, None, 10).unwrap()[0].record
    }

    fn sees(&self, number: &str) -> bool {
        !self.replica.search(number, None, 10).unwrap().is_empty()
    }
}

fn runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}

#[test]
fn nothing_is_lost_or_doubled_when_a_disk_is() {
    let mut county = County::found();
    county.give(&["SBREST0001", "SBREST0002"], "C01");
    let (first, second) = (
        Phone::of(&county, "C01", "first"),
        Phone::of(&county, "C02", "second"),
    );
    let revoked = Phone::of(&county, "C02", "revoked");
    let known = first.load("SBREST0001");
    first.sync(&county);
    county.backup();
    let backup = county.backup();
    first.sync(&county);

    // Both sides go on, and the backup knows nothing of it.
    first.damaged(known);
    let moving = first.find("SBREST0002");
    first.damaged(moving);
    first.sync(&county);
    county.admin("D01", &["reassign", "SBREST0002", "C02"]);
    first.sync(&county);
    assert!(
        !first.sees("SBREST0002"),
        "it left, and what it wrote stays until a backup covers it"
    );
    second.sync(&county);
    second.damaged(moving);
    // What one phone began, the county gave to another, which went on with it.
    let begun = first.load("SBREST0011");
    first.sync(&county);
    county.admin("D01", &["reassign", "SBREST0011", "C02"]);
    second.sync(&county);
    second.damaged(begun);
    let scanned = second.load("SBREST0009");
    let TipOutcome::Saved { record: tip, .. } = second
        .replica
        .report(&NewTip {
            kind: 1,
            text: Some("桥断了".to_owned()),
            ..NewTip::default()
        })
        .unwrap()
    else {
        panic!("not saved")
    };
    second.sync(&county);
    county.give(&["SBREST0003"], "C01");
    let added = [
        "people",
        "add",
        "--name",
        "新人",
        "--role",
        "courier",
        "--key",
        "N01",
        "--station",
        STATION,
    ];
    county.admin("M01", &added);
    let new = Phone::of(&county, "N01", "new");
    let by_new = new.load("SBREST0010");
    new.sync(&county);
    county.admin("M01", &["device", "revoke", &revoked.number.to_string()]);
    let people = county.admin("M01", &["people", "list"]);
    let before = county.holds();

    let told = county.lose_the_disk_and_restore(&backup);
    assert_eq!(told["lacking"], 0, "{told}");
    assert_eq!(county.admin("M01", &["people", "list"]), people);
    assert_eq!(
        county.facts_of(by_new),
        0,
        "it was on the lost disk and on its phone"
    );
    first.damaged(known);
    // In the worst order: what begins a record comes after what goes on with it.
    let unsent = [&second, &first, &new];
    for phone in unsent {
        phone.sync(&county);
    }
    for phone in unsent {
        phone.sync(&county);
    }
    let after = county.holds();
    let lost = |before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>| {
        let lost = before
            .iter()
            .filter(|(name, hash)| after.get(*name) != Some(hash));
        lost.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(lost(&before.facts, &after.facts), BTreeSet::new());
    assert_eq!(lost(&before.changes, &after.changes), BTreeSet::new());
    assert_eq!(
        (after.facts.len(), after.changes.len()),
        (before.facts.len() + 1, before.changes.len()),
        "what was written since, and nothing twice"
    );
    assert!(second.sees("SBREST0002") && second.sees("SBREST0011") && first.sees("SBREST0003"));
    assert!(!first.sees("SBREST0002"));
    assert!(county.facts_of(moving) >= 2 && county.facts_of(scanned) == 1 && county.facts_of(tip) == 1);
    let refused = revoked.try_sync(&county).map(drop).unwrap_err();
    assert!(
        matches!(refused, SyncError::Refused(ErrorCode::Revoked)),
        "{refused}"
    );

    // And once more from the same backup: two epochs are not one too many.
    county.lose_the_disk_and_restore(&backup);
    for _ in 0..2 {
        for phone in unsent {
            phone.sync(&county);
        }
    }
    assert_eq!(county.holds(), after);
}

#[test]
fn a_county_knows_its_own_words_of_an_epoch_that_was_lost() {
    let mut county = County::found();
    let backup = county.backup();
    county.lose_the_disk_and_restore(&backup);
    let rows = "waybill,name,place\nSBREST0001,收件人,S001\n";
    county.import("D01", &["import", "deliveries"], rows);
    let before = county.holds();
    county.lose_the_disk_and_restore(&backup);
    assert_eq!(county.holds(), before);
    county.import("D01", &["import", "deliveries"], rows);
    assert_eq!(county.holds(), before, "it announced this parcel already");
}

#[test]
fn a_tip_arrives_however_often_its_number_is_lost() {
    let mut county = County::found();
    let backup = county.backup();
    let phone = Phone::of(&county, "C01", "phone");
    let tip = NewTip {
        kind: 1,
        text: Some("桥断了".to_owned()),
        ..NewTip::default()
    };
    let TipOutcome::Saved { record, .. } = phone.replica.report(&tip).unwrap() else {
        panic!("not saved")
    };
    phone.sync(&county);
    for _ in 0..3 {
        county.lose_the_disk_and_restore(&backup);
        phone.sync(&county);
        assert_eq!(county.facts_of(record), 1);
    }
}

#[test]
fn nothing_that_was_destroyed_comes_back() {
    let mut county = County::found();
    county.give(&["SBREST0001", "SBREST0002"], "C01");
    let phone = Phone::of(&county, "C01", "phone");
    let (destroyed, kept) = (phone.load("SBREST0001"), phone.load("SBREST0002"));
    phone.sync(&county);
    let backup = county.backup();
    let id = county.id();
    county.kill();
    let journal = county.path("disk/data/counties").join(&id).join("journal");
    let copy = county.path("journal-copy").join(&id);
    let (mut journal, _) = Journal::open(&journal, Some(&copy)).unwrap();
    journal
        .append(&[Entry::Tombstone {
            record: destroyed,
            reason: TombstoneReason::Person,
        }])
        .unwrap();
    drop(journal);
    county.serve();
    phone.damaged(kept);

    county.lose_the_disk_and_restore(&backup);
    assert_eq!(county.facts_of(destroyed), 0);
    phone.sync(&county);
    assert_eq!(county.facts_of(destroyed), 0);
    assert!(county.facts_of(kept) >= 2);
    assert!(!phone.sees("SBREST0001") && phone.sees("SBREST0002"));
    assert_eq!(
        phone.replica.show(destroyed).unwrap_err().code(),
        "unknown_record"
    );
}
