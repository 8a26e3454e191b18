//! A phone on the command line and a county on the command line, with the real binaries between them.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The binaries lie beside each other.
fn binary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_saddlebag-fleet")).with_file_name(name)
}

fn json(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
}

struct County {
    dir: PathBuf,
    serving: Child,
    address: String,
}

impl Drop for County {
    fn drop(&mut self) {
        let _ = self.serving.kill();
        let _ = self.serving.wait();
    }
}

impl County {
    fn open(dir: &Path) -> Self {
        let data = dir.join("county");
        let keys = dir.join("keys");
        let mut create = Self::admin_of(
            &data,
            "M01",
            &["county", "create", "--name", "Habahe", "--admin", "M"],
        );
        json(create.args(["--admin-key", "M01", "--keys-out"]).arg(keys));
        let mut serving = Command::new(binary("saddlebag-sync-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(serving.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.split_whitespace().last().unwrap().to_owned();
        Self {
            dir: data,
            serving,
            address,
        }
    }

    fn admin_of(data: &Path, who: &str, args: &[&str]) -> Command {
        let mut command = Command::new(binary("saddlebag-sync-server"));
        command
            .arg("admin")
            .arg("--data")
            .arg(data)
            .args(["--json", "--as", who])
            .args(args);
        command
    }

    fn admin(&self, who: &str, args: &[&str]) -> Value {
        json(&mut Self::admin_of(&self.dir, who, args))
    }

    fn sample(&self, file: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/sample-county");
        root.join(file).to_str().unwrap().to_owned()
    }
}

fn phone(dir: &Path, args: &[&str]) -> Value {
    json(
        Command::new(binary("saddlebag"))
            .arg("--json")
            .arg("--dir")
            .arg(dir)
            .args(args),
    )
}

/// What it exits with, and the lines that it says on stderr.
fn refused(dir: &Path, args: &[&str]) -> (i32, Vec<Value>) {
    let output = Command::new(binary("saddlebag"))
        .arg("--json")
        .arg("--dir")
        .arg(dir)
        .args(args)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let lines = said.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code().unwrap(), lines.collect())
}

/// A county with one courier, whose phone has synced once.
fn county_and_copy(dir: &Path) -> (County, PathBuf) {
    let county = County::open(dir);
    county.admin("M01", &["places", "import", &county.sample("places.csv")]);
    county.admin("M01", &["carriers", "import", &county.sample("carriers.csv")]);
    county.admin("M01", &["people", "import", &county.sample("colleagues.csv")]);
    let code = county.admin("D01", &["code", "C01"]);
    let copy = dir.join("copy");
    let person = phone(&copy, &["enrol", &county.address, code["code"].as_str().unwrap()]);
    assert_eq!(person["role"], "courier");
    phone(&copy, &["sync"]);
    (county, copy)
}

/// Beginning with nothing: a county, a person, a phone; a parcel that nobody announced is scanned and delivered on the
/// trail and is at the county after one exchange, and what the dispatcher assigns is on the phone after the next.
#[test]
fn a_fact_reaches_the_county_and_a_plan_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let (county, copy) = county_and_copy(dir.path());

    let scanned = phone(&copy, &["scan", "SF1234567890123"]);
    assert_eq!(scanned["scan"], "new");
    let record = scanned["record"].as_str().unwrap();
    phone(
        &copy,
        &[
            "record",
            record,
            "delivered",
            "proof=receiver_named",
            "receiver=Generated",
        ],
    );
    assert_eq!(phone(&copy, &["only-here"])["facts"], 2);
    let synced = phone(&copy, &["sync"]);
    assert_eq!(
        (synced["sync"].as_str(), synced["requests"].as_u64()),
        (Some("done"), Some(1))
    );
    assert_eq!(phone(&copy, &["only-here"])["facts"], 0);
    assert_eq!(phone(&copy, &["show", record])["whereabouts"], "county");
    let shown = county.admin("D01", &["show", record, "--why", "a test"]);
    assert_eq!(shown["status"]["state"], "delivered");

    let parcel = dir.path().join("manifest.csv");
    let head = "waybill,carrier,household,name,phone,address,place,due_from,due_until,pickup_code,cash_fen,flags,medicine";
    std::fs::write(
        &parcel,
        format!("{head}\nSB7770001112223,zhongtong,,张某,12400000001,一号,S001,,,,0,,\n"),
    )
    .unwrap();
    county.admin("D01", &["import", "deliveries", parcel.to_str().unwrap()]);
    county.admin("D01", &["assign", "SB7770001112223", "C01"]);
    phone(&copy, &["sync"]);
    let today = phone(&copy, &["list", "today"]);
    assert_eq!(today["stops"][0]["items"][0]["waybill"], "SB7770001112223");
    let found = phone(&copy, &["search", "0001112"]);
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}

/// It is told, and nothing of it is left, neither the store nor its key; then it is a new copy.
#[test]
fn a_retired_copy_is_emptied_after_the_next_backup() {
    let dir = tempfile::tempdir().unwrap();
    let (county, copy) = county_and_copy(dir.path());
    phone(&copy, &["scan", "SF1234567890123"]);
    let devices = county.admin("M01", &["devices", "list"]);
    county.admin("M01", &["device", "retire", &devices[0]["device"].to_string()]);
    assert_eq!(phone(&copy, &["sync"])["sync"], "done");
    let key = std::fs::read_to_string(copy.with_added_extension("key")).unwrap();
    county.admin("M01", &["backup"]);
    let synced = phone(&copy, &["sync"]);
    assert_eq!(
        (synced["sync"].as_str(), synced["why"].as_str()),
        (Some("wiped"), Some("retired"))
    );
    assert!(!copy.join("records.db").exists() && !copy.with_added_extension("key").exists());
    assert_eq!(county.admin("M01", &["devices", "list"])[0]["state"], "retired");
    assert_eq!(refused(&copy, &["sync"]).0, 3, "not enrolled");
    assert_ne!(
        std::fs::read_to_string(copy.with_added_extension("key")).unwrap(),
        key
    );
}

/// What derives its id is made by the verb that derives it; what a tip may not be is told as it is; a server that is
/// gone is told within three tries.
#[test]
fn what_cannot_be_done_is_told_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let (county, copy) = county_and_copy(dir.path());

    for (new, verb) in [
        (["record", "new:hand_in", "handed_in"], "hand-in"),
        (["record", "new:count", "counted"], "count"),
        (["plan", "new:delivery", "notes=x"], "scan"),
    ] {
        let (exit, said) = refused(&copy, &new);
        let text = said[0]["error"]["text"].as_str().unwrap();
        assert!(
            exit == 2 && text.contains(&format!("`saddlebag {verb}")),
            "{text}"
        );
    }
    let handed = phone(&copy, &["hand-in", "12350"]);
    assert_eq!(handed["number"], 1);
    assert_eq!(phone(&copy, &["hand-in", "100"])["number"], 2);
    phone(&copy, &["sync"]);
    assert_eq!(
        phone(&copy, &["show", handed["record"].as_str().unwrap()])["whereabouts"],
        "county"
    );

    assert_eq!(refused(&copy, &["tip", "lamp_out"]).0, 2);
    let (exit, said) = refused(&copy, &["tip", "lamp_out", "--text", &"x".repeat(201)]);
    assert_eq!(
        (exit, said[0]["error"]["code"].as_str()),
        (1, Some("tip_text_too_long"))
    );
    assert!(said[0]["error"]["text"].as_str().unwrap().contains("200"));

    let (exit, said) = refused(&copy, &["sync", "--address", "ftp://x"]);
    assert_eq!((exit, said[0]["error"]["code"].as_str()), (2, Some("usage")));
    drop(county);
    let (exit, said) = refused(&copy, &["sync"]);
    assert_eq!((exit, said.len()), (4, 3), "{said:?}");
    for line in &said[..2] {
        assert_eq!(line["waiting"]["code"], "unreachable");
        assert!(line["waiting"]["next_try_s"].as_f64().unwrap() <= 4.0);
    }
    assert_eq!(said[2]["error"]["code"], "unreachable");
}
