//! The real server's program, on a disk that can be lost.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rusqlite::{Connection, OpenFlags};
use saddlebag_records::fact::Fact;
use saddlebag_records::id::RecordId;
use serde_json::Value;
use tempfile::TempDir;

const STATION: &str = "S001";

pub(crate) struct County {
    folder: TempDir,
    serving: Option<Child>,
    pub(crate) address: String,
}

impl Drop for County {
    fn drop(&mut self) {
        self.kill();
    }
}

impl County {
    /// With a station, somebody of each role and two couriers.
    pub(crate) fn found() -> Self {
        let mut county = Self {
            folder: tempfile::tempdir().unwrap(),
            serving: None,
            address: String::new(),
        };
        let keys = county.path("keys");
        let create = "county create --name 生成县 --admin 管理 --admin-key M01 --keys-out";
        let create: Vec<&str> = create.split(' ').chain([keys.to_str().unwrap()]).collect();
        county.admin("M01", &create);
        county.import(
            "M01",
            &["places", "import"],
            "key,kind,name,station\nS001,station,一站,S001\n",
        );
        let people = "key,role,name,station\nC01,courier,甲,S001\nC02,courier,乙,S001\nD01,dispatcher,丁,\n";
        county.import("M01", &["people", "import"], people);
        county.serve();
        county
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
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

    pub(crate) fn admin(&self, by: &str, words: &[&str]) -> Value {
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
    pub(crate) fn give(&self, numbers: &[&str], courier: &str) {
        let rows: String = numbers
            .iter()
            .map(|number| format!("{number},收件人,{STATION}\n"))
            .collect();
        let csv = format!("waybill,name,place\n{rows}");
        self.import("D01", &["import", "deliveries"], &csv);
        self.admin("D01", &[&["assign"], numbers, &[courier]].concat());
    }

    fn id(&self) -> String {
        let listed = self.admin("M01", &["county", "list"]);
        listed[0]["county"].as_str().unwrap().to_owned()
    }

    pub(crate) fn backup(&self) -> PathBuf {
        self.admin("M01", &["backup"])["file"].as_str().unwrap().into()
    }

    /// Loses the disk and restores the county on an empty one.
    pub(crate) fn lose_disk_and_restore(&mut self, backup: &Path) {
        self.lose_disk(backup, &[]);
    }

    /// Loses the disk, the journal with it, and restores the county on an empty one.
    pub(crate) fn lose_disk_and_journal_and_restore(&mut self, backup: &Path) -> Value {
        std::fs::remove_dir_all(self.path("journal-copy")).unwrap();
        self.lose_disk(backup, &["--without-journal"])
    }

    fn lose_disk(&mut self, backup: &Path, how: &[&str]) -> Value {
        let key = self.path(&format!("keys/{}-backup.key", self.id()));
        self.kill();
        std::fs::remove_dir_all(self.path("disk")).unwrap();
        let (from, key) = (backup.to_str().unwrap(), key.to_str().unwrap());
        let restore = ["restore", "--from", from, "--key", key];
        let told = self.admin("M01", &[&restore, how].concat());
        self.serve();
        told
    }

    /// What every device is, by its number.
    pub(crate) fn devices(&self) -> BTreeMap<u64, String> {
        let listed = self.admin("M01", &["devices", "list"]);
        let listed = listed.as_array().unwrap().iter();
        listed
            .map(|device| {
                let state = device["state"].as_str().unwrap().to_owned();
                (device["device"].as_u64().unwrap(), state)
            })
            .collect()
    }

    /// The facts that the county has of a record, each once whatever it is called.
    pub(crate) fn facts(&mut self, record: RecordId) -> Vec<Fact> {
        let rows: Vec<Vec<u8>> = self.read("SELECT bytes FROM fact WHERE record = ?1 ORDER BY seq", record);
        let facts: Vec<Fact> = rows.iter().map(|bytes| Fact::decode(bytes).unwrap()).collect();
        // Another fact may stand under the name that one had.
        let mut first_names: Vec<_> = facts
            .iter()
            .map(|fact| fact.was.map_or((fact.id, fact.hash()), |was| (was.id, was.hash)))
            .collect();
        first_names.sort_unstable();
        first_names.dedup();
        assert_eq!(first_names.len(), facts.len(), "twice: {facts:?}");
        facts
    }

    /// A bit of these bytes flips on the disk.
    pub(crate) fn flip(&mut self, bytes: &[u8]) {
        let file = self.file();
        self.kill();
        // Whoever closes it last takes the log into the file.
        drop(
            Connection::open(&file)
                .and_then(|file| file.query_row("SELECT count(*) FROM fact", [], |_| Ok(()))),
        );
        let mut all = std::fs::read(&file).unwrap();
        let at = (0..all.len()).find(|at| all[*at..].starts_with(bytes)).unwrap();
        all[at + bytes.len() / 2] ^= 4;
        std::fs::write(file, all).unwrap();
        self.serve();
    }

    /// Whether a scrub finds that all is sound, and how many rows are set aside.
    pub(crate) fn scrub(&self) -> (bool, u64) {
        let told = self
            .program()
            .args(["admin", "--json", "scrub"])
            .output()
            .unwrap();
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        (
            told["sound"].as_bool().unwrap(),
            told["set_aside"].as_u64().unwrap(),
        )
    }

    fn file(&self) -> PathBuf {
        let id = self.id();
        self.path("disk/data/counties").join(id).join("county.db")
    }

    fn read<T: rusqlite::types::FromSql>(&mut self, sql: &str, record: RecordId) -> Vec<T> {
        let file = self.file();
        self.kill();
        let file = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        let mut rows = file.prepare(sql).unwrap();
        let rows = rows.query_map([record.0], |row| row.get(0)).unwrap();
        let rows = rows.map(Result::unwrap).collect();
        self.serve();
        rows
    }
}
