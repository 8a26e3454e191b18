//! What is done at the county: the operator's verbs, through the server's own command line.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};
use saddlebag_records::id::{DeviceNumber, RecordId};
use serde_json::Value;

use super::copying::copy_files;
use super::names::Names;
use super::script::{CountyAct, Item};
use super::server::OtherDisk;
use super::world::{Coming, Who, World};
use crate::county;

/// The county as its operators reach it.
pub(crate) struct CountySide {
    binary: PathBuf,
    data: PathBuf,
    /// Where its files are.
    files: PathBuf,
    clock_offset: PathBuf,
    other_disk: Option<OtherDisk>,
}

impl CountySide {
    /// Of the server with this data folder; the county's files are written below `scratch`.
    pub(crate) fn new(binary: &Path, data: &Path, scratch: &Path, world: &World) -> Result<Self> {
        let files = scratch.join("county");
        std::fs::create_dir_all(&files)?;
        for (name, text) in county::files(&world.county)? {
            std::fs::write(files.join(name), text)?;
        }
        part_deliveries(&files, world)?;
        Ok(Self {
            binary: binary.to_owned(),
            data: data.to_owned(),
            files,
            clock_offset: scratch.join("clock-offset"),
            other_disk: None,
        })
    }

    /// The same, with another disk for what must outlive the first.
    pub(crate) fn with_other_disk(self, disk: OtherDisk) -> Self {
        Self {
            other_disk: Some(disk),
            ..self
        }
    }

    /// Runs a verb, and gives what it tells.
    fn verb<S: AsRef<str>>(&self, by: Option<Who>, words: &[S]) -> Result<Value> {
        let mut command = Command::new(&self.binary);
        command
            .arg("admin")
            .args(words.iter().map(AsRef::as_ref))
            .arg("--json")
            .arg("--data")
            .arg(&self.data)
            .env("SADDLEBAG_CLOCK_OFFSET_FILE", &self.clock_offset);
        if let Some(disk) = &self.other_disk {
            disk.tell(&mut command);
        }
        if let Some(by) = by {
            command.args(["--as", &by.key()]);
        }
        let said = command
            .output()
            .with_context(|| self.binary.display().to_string())?;
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).take(4).collect();
        ensure!(
            said.status.success(),
            "admin {}: {} {}",
            words.join(" "),
            String::from_utf8_lossy(&said.stdout),
            String::from_utf8_lossy(&said.stderr)
        );
        serde_json::from_slice(&said.stdout).with_context(|| format!("admin {}", words.join(" ")))
    }

    /// Draws the keys that phones will know the server by, before any server runs.
    pub(crate) fn draw_server_keys(&self) -> Result<()> {
        self.verb(None, &["tls", "create"]).map(drop)
    }

    /// Founds the county.
    pub(crate) fn found(&self) -> Result<()> {
        let keys = self.files.join("keys");
        let keys = keys.to_string_lossy();
        self.verb(
            None,
            &[
                "county",
                "create",
                "--name",
                "样例县",
                "--keys-out",
                &keys,
                "--admin",
                "管理员",
                "--admin-key",
                "M01",
            ],
        )?;
        Ok(())
    }

    /// Brings in everything that there is before the first day, and learns its ids.
    pub(crate) fn import(&self, world: &World, names: &mut Names) -> Result<()> {
        let ids = |by: Who, words: &[&str], file: &str| -> Result<Vec<(String, RecordId)>> {
            let path = self.files.join(file);
            let mut words = words.to_vec();
            let path = path.to_string_lossy();
            words.extend([&*path, "--ids"]);
            ids_in(&self.verb(Some(by), &words)?).with_context(|| file.to_owned())
        };
        let (admin, dispatcher) = (Who::Admin, Who::Dispatcher(0));
        for (key, record) in ids(admin, &["places", "import"], "places.csv")? {
            names.is(Item::Place(world.place(&key)), record);
        }
        for (key, record) in ids(admin, &["people", "import"], "colleagues.csv")? {
            if let Some(who) = who_of(&key) {
                names.is_person(who, record.into());
            }
        }
        for (key, record) in ids(admin, &["carriers", "import"], "carriers.csv")? {
            let at = world
                .county
                .carriers
                .iter()
                .position(|carrier| carrier.key == key);
            names.is(Item::Carrier(at.context("a carrier of the county")?), record);
        }
        ids(admin, &["carriers", "terms"], "carrier-terms.csv")?;
        for (key, record) in ids(dispatcher, &["households", "import"], "households.csv")? {
            names.is(
                Item::Household(world.household(&key).context("a household of the county")?),
                record,
            );
        }
        ids(dispatcher, &["camps", "import"], "camps.csv")?;
        ids(dispatcher, &["import", "deliveries"], "deliveries-early.csv")?;
        for courier in 0..world.couriers.len() {
            let mut words = vec!["assign".to_owned()];
            let theirs = world
                .parcels
                .iter()
                .filter(|parcel| parcel.coming == Coming::Assigned(courier));
            words.extend(theirs.filter_map(|parcel| waybill(world, parcel.index).ok()));
            words.push(Who::Courier(courier).key());
            self.verb(Some(Who::Dispatcher(0)), &words)?;
        }
        Ok(())
    }

    /// The text of the QR with which somebody's phone becomes a device.
    pub(crate) fn code_for(&self, who: Who, address: &str) -> Result<String> {
        let told = self.verb(Some(Who::Admin), &["code", &who.key(), "--address", address])?;
        Ok(told
            .get("link")
            .and_then(Value::as_str)
            .context("the text of a QR")?
            .to_owned())
    }

    /// Backs the county up. The file.
    pub(crate) fn backup(&self) -> Result<PathBuf> {
        let told = self.verb(Some(Who::Admin), &["backup"])?;
        Ok(told.get("file").and_then(Value::as_str).context("a file")?.into())
    }

    /// The disk dies under a server that does not run any more; a new one gets what the backup and the journal's copy
    /// have. The keys by which phones know the server were copied away when they were made.
    pub(crate) fn lose_the_disk_and_restore(&self, backup: &Path) -> Result<()> {
        let (keys, copy) = (self.data.join("tls"), self.files.join("tls"));
        copy_files(&keys, &copy)?;
        std::fs::remove_dir_all(&self.data)?;
        copy_files(&copy, &keys)?;
        let mut listed = std::fs::read_dir(self.files.join("keys"))?;
        let key = listed
            .find_map(|entry| {
                let path = entry.ok()?.path();
                path.to_string_lossy().ends_with("-backup.key").then_some(path)
            })
            .context("the key of the backups")?;
        let (backup, key) = (backup.to_string_lossy(), key.to_string_lossy());
        let told = self.verb(None, &["restore", "--from", &*backup, "--key", &*key])?;
        let lacking = told.get("lacking").and_then(Value::as_u64);
        ensure!(lacking == Some(0), "not all came back: {told}");
        Ok(())
    }

    /// Says that a device leaves: `lost` or `retire`.
    pub(crate) fn leave(&self, verb: &str, device: DeviceNumber) -> Result<()> {
        let words = ["device", verb, &device.0.to_string()];
        self.verb(Some(Who::Admin), &words).map(drop)
    }

    /// Does what the script says.
    pub(crate) fn does(&self, act: &CountyAct, world: &World, names: &mut Names) -> Result<()> {
        self.act(act, world, names).with_context(|| format!("{act:?}"))
    }

    fn act(&self, act: &CountyAct, world: &World, names: &mut Names) -> Result<()> {
        let dispatcher = Some(Who::Dispatcher(0));
        let number = |parcel: usize| {
            let parcel = world.parcels.get(parcel).context("a parcel of the world")?;
            waybill(world, parcel.index)
        };
        match act {
            CountyAct::ImportLate => {
                let file = self.files.join("deliveries-late.csv");
                self.verb(dispatcher, &["import", "deliveries", &file.to_string_lossy()])?;
            }
            CountyAct::Assign { parcel, to } => {
                self.verb(dispatcher, &["reassign", &number(*parcel)?, &to.key()])?;
            }
            CountyAct::Cancel { parcel } => {
                self.verb(
                    dispatcher,
                    &["cancel", &number(*parcel)?, "--note", "收件人不要了"],
                )?;
            }
            CountyAct::Note { parcel, text } => {
                self.verb(dispatcher, &["plan", "set", &number(*parcel)?, "notes", text])?;
            }
            CountyAct::Close { parcel, stands } => {
                let stands = names.fact(*stands)?.to_string();
                let words = [
                    "discrepancy",
                    "close",
                    &number(*parcel)?,
                    "--stands",
                    &stands,
                    "--note",
                    "问过两位快递员",
                ];
                self.verb(dispatcher, &words)?;
            }
            CountyAct::Triage { tip, case } => {
                let tip = names.record(*tip)?.to_string();
                let words = ["case", "new", "--tip", &tip, "--tier", "coordinated_by_township"];
                let told = self.verb(
                    dispatcher,
                    &[&words[..], &["--text", "已核实", "--answer", "已转交办理"]].concat(),
                )?;
                let id: RecordId = told
                    .get("case")
                    .and_then(Value::as_str)
                    .context("a case's id")?
                    .parse()?;
                names.is(*case, id);
                self.verb(
                    dispatcher,
                    &["case", "assign", &id.to_string(), "--body", "阿克齐镇政府"],
                )?;
            }
            CountyAct::Handled { case } => {
                let case = names.record(*case)?.to_string();
                self.verb(dispatcher, &["case", "handled", &case, "--answer", "已经修好"])?;
            }
        }
        Ok(())
    }
}

fn waybill(world: &World, delivery: usize) -> Result<String> {
    Ok(world
        .county
        .deliveries
        .get(delivery)
        .context("a delivery of the county")?
        .waybill
        .clone())
}

/// The ids that an import tells.
fn ids_in(told: &Value) -> Result<Vec<(String, RecordId)>> {
    let refused = told.get("refused").and_then(Value::as_array).map_or(0, Vec::len);
    ensure!(refused == 0, "refused rows: {told}");
    let Some(Value::Array(ids)) = told.get("ids") else {
        bail!("no ids in {told}")
    };
    ids.iter()
        .map(|row| {
            let key = row.get("key").and_then(Value::as_str).context("a key")?;
            Ok((
                key.to_owned(),
                row.get("id").and_then(Value::as_str).context("an id")?.parse()?,
            ))
        })
        .collect()
}

fn who_of(key: &str) -> Option<Who> {
    let (role, number) = key.split_at_checked(1)?;
    let at = number.parse::<usize>().ok()?.checked_sub(1)?;
    match role {
        "C" => Some(Who::Courier(at)),
        "K" => Some(Who::Clerk(at)),
        "D" => Some(Who::Dispatcher(at)),
        "L" => Some(Who::Liaison),
        "A" => Some(Who::Auditor),
        "M" => Some(Who::Admin),
        _ => None,
    }
}

/// Parts the county's deliveries into those that come before the first day and those that come late.
fn part_deliveries(files: &Path, world: &World) -> Result<()> {
    let late: Vec<String> = world
        .parcels
        .iter()
        .filter(|parcel| matches!(parcel.coming, Coming::Late(..)))
        .map(|parcel| waybill(world, parcel.index))
        .collect::<Result<_>>()?;
    let mut from = csv::Reader::from_path(files.join("deliveries.csv"))?;
    let mut early = csv::Writer::from_path(files.join("deliveries-early.csv"))?;
    let mut later = csv::Writer::from_path(files.join("deliveries-late.csv"))?;
    early.write_record(from.headers()?)?;
    later.write_record(from.headers()?)?;
    for row in from.records() {
        let row = row?;
        let is_late = row
            .get(0)
            .is_some_and(|waybill| late.iter().any(|other| other == waybill));
        if is_late {
            later.write_record(&row)?
        } else {
            early.write_record(&row)?
        }
    }
    early.flush()?;
    Ok(later.flush()?)
}
