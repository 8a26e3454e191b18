use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, OpenFlags};
use saddlebag_records::id::RecordId;
use serde_json::Value;

use crate::county::{County, Delivery, files};
use crate::fleet::clocks::Timeline;
use crate::fleet::copying::copy_files;
use crate::fleet::server::{Launch, ServerProcess};

/// The admin and the dispatcher of a generated county, by their keys.
const ADMIN: &str = "M01";
const DISPATCHER: &str = "D01";
/// Rows of one import, and of one assignment: what fits on a command line.
const AT_ONCE: usize = 5_000;

/// A county behind the real server binary, worked at through its own command line.
pub struct CountyServer {
    server: ServerProcess,
    timeline: Timeline,
    binary: PathBuf,
    folder: PathBuf,
    county: County,
    ids: BTreeMap<String, RecordId>,
}

impl CountyServer {
    /// Founds a county in this folder with everything of `county` but its deliveries, and serves it.
    pub fn found(binary: &Path, folder: &Path, county: &County) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let timeline = Timeline::begin(county.sizes.first_day_ms, clock_offset(folder))?;
        let mut founded = Self {
            server: ServerProcess::start(launch(binary, folder))?,
            timeline,
            binary: binary.to_owned(),
            folder: folder.to_owned(),
            county: County {
                deliveries: Vec::new(),
                ..county.clone()
            },
            ids: BTreeMap::new(),
        };
        let keys = folder.join("keys");
        let keys = keys.to_string_lossy();
        let create = [
            "county",
            "create",
            "--name",
            "样例县",
            "--admin",
            "管理员",
            "--admin-key",
            ADMIN,
            "--keys-out",
            &keys,
        ];
        founded.verb(None, &create)?;
        for (by, what, file) in [
            (ADMIN, "places", "places.csv"),
            (ADMIN, "people", "colleagues.csv"),
            (ADMIN, "carriers", "carriers.csv"),
            (DISPATCHER, "households", "households.csv"),
            (DISPATCHER, "camps", "camps.csv"),
        ] {
            let ids = founded.import(by, &[what, "import"], file, &founded.county)?;
            founded.ids.extend(ids);
        }
        Ok(founded)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The time at the county, UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.timeline.now_ms()
    }

    /// Lets this much time pass, in milliseconds.
    pub fn pass(&self, ms: i64) -> Result<()> {
        self.timeline.advance_to(self.timeline.now_ms() + ms);
        self.timeline.bring_server_along()
    }

    /// The record of a place, a person or a household, by its key in the county's files.
    pub fn id(&self, key: &str) -> Result<RecordId> {
        self.ids.get(key).copied().with_context(|| key.to_owned())
    }

    /// A code with which a person's phone becomes a device.
    pub fn code_for(&self, person: &str) -> Result<String> {
        let told = self.verb(Some(ADMIN), &["code", person])?;
        Ok(told
            .get("code")
            .and_then(Value::as_str)
            .context("a code")?
            .to_owned())
    }

    /// Imports deliveries and gives them to a courier. Their records, in the same order.
    pub fn give(&self, deliveries: &[Delivery], courier: &str) -> Result<Vec<RecordId>> {
        let mut records = Vec::new();
        for deliveries in deliveries.chunks(AT_ONCE) {
            let manifest = County {
                deliveries: deliveries.to_vec(),
                ..self.county.clone()
            };
            let ids = self.import(DISPATCHER, &["import", "deliveries"], "deliveries.csv", &manifest)?;
            ensure!(ids.len() == deliveries.len(), "not all rows were taken");
            records.extend(ids.into_iter().map(|(_, id)| id));
            let waybills = deliveries.iter().map(|delivery| delivery.waybill.as_str());
            let words: Vec<&str> = ["assign"].into_iter().chain(waybills).chain([courier]).collect();
            self.verb(Some(DISPATCHER), &words)?;
        }
        Ok(records)
    }

    /// The same county once more, as it is now: in another folder, behind another server.
    pub fn copy(&mut self, folder: &Path) -> Result<Self> {
        self.server.kill()?;
        copy_files(&self.folder, folder)?;
        self.server.start_again()?;
        // A county that stood still for a moment is as late as it was.
        self.pass(0)?;
        let timeline = Timeline::begin(self.now_ms(), clock_offset(folder))?;
        Ok(Self {
            server: ServerProcess::start(launch(&self.binary, folder))?,
            timeline,
            binary: self.binary.clone(),
            folder: folder.to_owned(),
            county: self.county.clone(),
            ids: self.ids.clone(),
        })
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Ends the server and starts it again. How long the new one took until it was ready.
    pub fn restart(&mut self) -> Result<Duration> {
        self.server.kill()?;
        let begun = Instant::now();
        self.server.start_again()?;
        while !self
            .server
            .ask("GET /readyz HTTP/1.1\r\n", &[])?
            .starts_with(b"HTTP/1.1 200")
        {
            ensure!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not get ready"
            );
        }
        let took = begun.elapsed();
        self.pass(0)?;
        Ok(took)
    }

    /// Takes a backup. Its size in bytes.
    pub fn back_up(&self) -> Result<u64> {
        let told = self.verb(Some(ADMIN), &["backup"])?;
        told.get("bytes").and_then(Value::as_u64).context("a size")
    }

    /// How many facts it has admitted.
    pub fn facts(&self) -> Result<u64> {
        let facts: i64 = self
            .database()?
            .query_row("SELECT count(*) FROM fact", [], |row| row.get(0))?;
        Ok(facts.cast_unsigned())
    }

    /// The county's file, to read beside the server.
    pub fn database(&self) -> Result<Connection> {
        let county = fs::read_dir(data(&self.folder).join("counties"))?
            .next()
            .context("a county")??;
        let file = county.path().join("county.db");
        Ok(Connection::open_with_flags(
            file,
            OpenFlags::SQLITE_OPEN_READ_ONLY,
        )?)
    }

    fn import(
        &self,
        by: &str,
        words: &[&str],
        file: &str,
        county: &County,
    ) -> Result<Vec<(String, RecordId)>> {
        let text = files(county)?.into_iter().find(|(name, _)| *name == file);
        let path = self.folder.join(file);
        fs::write(&path, text.context("a file of the county")?.1)?;
        let path = path.to_string_lossy();
        let told = self.verb(Some(by), &[words, &[&*path, "--ids"]].concat())?;
        let rows = told.get("ids").and_then(Value::as_array).context("ids")?;
        let row = |row: &Value| -> Result<(String, RecordId)> {
            let text = |name| row.get(name).and_then(Value::as_str).context("a key and an id");
            Ok((text("key")?.to_owned(), text("id")?.parse()?))
        };
        rows.iter().map(row).collect()
    }

    /// Ends the server, as a power cut would.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.server.kill()
    }

    /// Runs a verb, and gives what it tells.
    pub(crate) fn verb(&self, by: Option<&str>, words: &[&str]) -> Result<Value> {
        let mut command = Command::new(&self.binary);
        command.arg("admin").args(words).arg("--json");
        command.arg("--data").arg(data(&self.folder));
        if let Some(by) = by {
            command.args(["--as", by]);
        }
        let said = command
            .output()
            .with_context(|| self.binary.display().to_string())?;
        ensure!(
            said.status.success(),
            "admin {:?}: {} {}",
            words.first(),
            String::from_utf8_lossy(&said.stdout),
            String::from_utf8_lossy(&said.stderr)
        );
        Ok(serde_json::from_slice(&said.stdout)?)
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn clock_offset(folder: &Path) -> PathBuf {
    folder.join("clock-offset")
}

fn launch(binary: &Path, folder: &Path) -> Launch {
    Launch {
        binary: binary.to_owned(),
        data: data(folder),
        clock_offset: clock_offset(folder),
        log: folder.join("server.log"),
        fault: None,
        over_tls: false,
        other_disk: None,
    }
}
