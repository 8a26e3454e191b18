use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags};
use saddlebag_records::id::RecordId;
use saddlebag_replica::surroundings::{HandClock, SeededRandomness, Surroundings, TrustedRoots};
use saddlebag_replica::{Replica, StoreKey};
use tempfile::TempDir;

use super::{EXCHANGES, EXPECTED, Exchange, Expected, SCENE, archive, phone, server};
use crate::county::DAY_MS;
use crate::fleet::clocks::Timeline;
use crate::fleet::server::{Launch, ServerProcess};

/// The key of a kept phone's store.
const KEY: StoreKey = StoreKey([0x5a; 32]);

/// A kept version, unpacked.
pub struct Kept {
    scene: PathBuf,
    /// What the version that wrote it read in it.
    pub expected: Expected,
    _scratch: Option<TempDir>,
}

/// A server of today on a kept county's folder. It ends when it is dropped.
pub struct Serving {
    process: ServerProcess,
    _timeline: Timeline,
}

impl Serving {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.process.address()
    }

    /// Ends it, as a power cut would.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()
    }
}

impl Kept {
    /// Unpacks what is kept in this folder.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn unpack(folder: &Path) -> Result<Self> {
        let scratch = tempfile::tempdir()?;
        archive::unpack(&folder.join(SCENE), scratch.path())?;
        let expected = serde_json::from_slice(&fs::read(folder.join(EXPECTED))?)?;
        Ok(Self {
            scene: scratch.path().to_owned(),
            expected,
            _scratch: Some(scratch),
        })
    }

    pub(super) fn at(scene: PathBuf, expected: Expected) -> Self {
        Self {
            scene,
            expected,
            _scratch: None,
        }
    }

    /// The exchanges that were kept in this folder.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn exchanges(folder: &Path) -> Result<Vec<Exchange>> {
        Ok(serde_json::from_slice(&fs::read(folder.join(EXCHANGES))?)?)
    }

    /// Serves the county, at the time at which it was kept.
    ///
    /// # Errors
    /// When the server does not start.
    pub fn serve(&self, binary: &Path) -> Result<Serving> {
        let clock_offset = self.scene.join("clock-offset");
        let timeline = Timeline::begin(self.expected.at_ms, clock_offset.clone())?;
        let process = ServerProcess::start(Launch {
            binary: binary.to_owned(),
            data: self.data(),
            clock_offset,
            log: self.scene.join("server.log"),
            fault: None,
            over_tls: false,
            other_disk: None,
        })?;
        Ok(Serving {
            process,
            _timeline: timeline,
        })
    }

    /// Opens the phone, at the time at which it was kept.
    ///
    /// # Errors
    /// As of [`Replica::open`].
    pub fn phone(&self, seed: u64) -> Result<Replica> {
        let clock = Arc::new(HandClock::at_wall(self.expected.at_ms));
        open(&phone(&self.scene), clock, seed)
    }

    /// What a phone shows now of what was kept; what is the county's is left empty.
    ///
    /// # Errors
    /// As of the store.
    pub fn read(&self, phone: &Replica) -> Result<Expected> {
        let records: Vec<RecordId> = self.expected.statuses.keys().copied().collect();
        Ok(Expected {
            at_ms: self.expected.at_ms,
            county: self.expected.county.clone(),
            backup: self.expected.backup.clone(),
            at_the_county: self.expected.at_the_county.clone(),
            unsent: own_unsent(phone)?,
            unsent_edits: phone.only_here()?.edits,
            ..read(phone, &records)?
        })
    }

    /// Every fact that the county has, as `device.n`, with its hash in hexadecimal. Nobody may be serving it.
    ///
    /// # Errors
    /// When its database cannot be read.
    pub fn admitted(&self) -> Result<BTreeMap<String, String>> {
        admitted(&self.scene)
    }

    /// The county's data folder.
    pub fn data(&self) -> PathBuf {
        server(&self.scene).join("data")
    }

    /// The backup that was kept.
    pub fn backup(&self) -> PathBuf {
        self.scene.join(&self.expected.backup)
    }

    /// The file of the private key that opens it.
    pub fn backup_key(&self) -> PathBuf {
        server(&self.scene).join(format!("keys/{}-backup.key", self.expected.county))
    }
}

pub(super) fn open(folder: &Path, clock: Arc<HandClock>, seed: u64) -> Result<Replica> {
    // Built before anything happened.
    let built_ms = crate::county::Sizes::default().first_day_ms - 40 * DAY_MS;
    let surroundings = Surroundings {
        clock,
        randomness: Arc::new(SeededRandomness::new(seed)),
        built_ms,
        roots: TrustedRoots::bundled(),
    };
    Ok(Replica::open(folder, KEY, surroundings)?)
}

pub(super) fn admitted(scene: &Path) -> Result<BTreeMap<String, String>> {
    let counties = fs::read_dir(server(scene).join("data/counties"))?;
    // What a restore set aside lies beside it, hidden.
    let county = counties
        .map_while(Result::ok)
        .find(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .context("a county")?
        .path();
    // To be read it is brought up to what its log says.
    let file = Connection::open_with_flags(county.join("county.db"), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let mut rows = file.prepare("SELECT author, n, lower(hex(hash)) FROM fact")?;
    let rows = rows.query_map([], |row| {
        let (author, n): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((format!("{}.{n}", author.cast_unsigned()), row.get(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn own_unsent(phone: &Replica) -> Result<BTreeMap<String, String>> {
    let facts = phone.pending(usize::MAX)?.facts;
    Ok(facts
        .iter()
        .map(|fact| {
            (
                format!("{}.{}", fact.id.device.0, fact.id.n),
                hex::encode(fact.hash().0),
            )
        })
        .collect())
}

/// The waybill numbers of parcels.
pub(super) fn parcels(phone: &Replica, records: &[RecordId]) -> Result<Vec<String>> {
    let number = |record: &RecordId| -> Result<String> {
        let page = phone.show(*record)?;
        let plan = page.plan.context("a plan")?;
        Ok(plan.text("waybill").context("a number")?.to_owned())
    };
    records.iter().map(number).collect()
}

/// What a phone shows: of these records, and of all that it has not sent.
pub(super) fn read(phone: &Replica, records: &[RecordId]) -> Result<Expected> {
    let unsent = phone.unsent()?.into_iter().map(|item| item.record);
    let mut statuses = BTreeMap::new();
    for record in records.iter().copied().chain(unsent) {
        let state = serde_json::to_value(&phone.show(record)?.status.state)?;
        statuses.insert(record, state.to_string());
    }
    ensure!(!statuses.is_empty(), "nothing to read");
    let stops = phone.today()?.stops;
    let route = stops
        .iter()
        .map(|stop| stop.items.iter().map(|item| item.item.record).collect());
    Ok(Expected {
        at_ms: 0,
        county: String::new(),
        backup: PathBuf::new(),
        at_the_county: BTreeMap::new(),
        unsent: BTreeMap::new(),
        unsent_edits: 0,
        statuses,
        route: route.collect(),
        cash_fen: phone.cash()?.owed_fen,
    })
}
