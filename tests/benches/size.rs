//! How large a county becomes: its database, journal and backup on disk, and the server's memory at rest, by the facts
//! that it has. Parcels are imported and assigned, and each gets a courier's three facts, as `courier_day` draws them.
//!
//! `FACTS=20000` ends it at a smaller county.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use saddlebag_protocol::Outcome;
use saddlebag_records::id::PersonId;
use saddlebag_tests::bench::{CountyServer, Job, RawDevice, RawLink, Rider, Row, Table, draw_day};
use saddlebag_tests::county::{County, Sizes, generate};
use saddlebag_tests::fleet::built_beside;

const SEED: u64 = 61;
const COURIERS: usize = 30;
const JOBS: usize = 150;
/// Facts of a request.
const BATCH: usize = 50;
const STATION: &str = "S001";
/// Where it is looked at, in facts.
const AT: [u64; 2] = [20_000, 100_000];
const MB: f64 = 1_048_576.0;

fn main() -> Result<()> {
    let most: u64 = std::env::var("FACTS")
        .ok()
        .and_then(|facts| facts.parse().ok())
        .unwrap_or(u64::MAX);
    let folder = tempfile::tempdir()?;
    let sizes = Sizes {
        couriers: COURIERS + 1,
        households: 7_000,
        deliveries: usize::try_from(AT.into_iter().max().unwrap_or_default())? / 3,
        ..Sizes::default()
    };
    let mut county = generate(SEED, sizes)?;
    for parcel in &mut county.deliveries {
        parcel.pickup_code.clear();
    }
    println!("Seed {SEED}; 1 MB is 1,048,576 B.\n");
    let place = folder.path().join("county");
    let mut server = CountyServer::found(&binary()?, &place, &county)?;
    let mut days = Days::begin(&server)?;
    let mut table = Table::default();
    let begun = on_disk(&place)?;
    for facts in AT.into_iter().filter(|facts| *facts <= most) {
        while server.facts()? < facts {
            days.live_one(&server, &county)?;
        }
        table.add(look(&mut server, &place, begun)?);
    }
    table.print();
    Ok(())
}

/// Couriers, whose days follow each other.
struct Days {
    phones: Vec<RawDevice>,
    lived: usize,
}

impl Days {
    fn begin(server: &CountyServer) -> Result<Self> {
        let enrol = |courier: usize| {
            let mut link = RawLink::open(server.address())?;
            let code = server.code_for(&key(courier))?;
            RawDevice::enrol(&mut link, &code, u8::try_from(courier)?)
        };
        let phones = (1..=COURIERS).map(enrol).collect::<Result<_>>()?;
        Ok(Self { phones, lived: 0 })
    }

    fn live_one(&mut self, server: &CountyServer, county: &County) -> Result<()> {
        let courier = self.lived % COURIERS;
        let parcels = county
            .deliveries
            .get(self.lived * JOBS..)
            .and_then(|left| left.get(..JOBS));
        let parcels = parcels.context("the county has no more parcels")?;
        self.lived += 1;
        let records = server.give(parcels, &key(courier + 1))?;
        let site = |place: &str| Ok::<_, anyhow::Error>(county.place(place).context("a place")?.position);
        let jobs = records.into_iter().zip(parcels).map(|(record, parcel)| {
            Ok(Job {
                record,
                household: server.id(&parcel.household).ok(),
                site: site(&parcel.place)?,
                cash_fen: parcel.cash_fen,
                consents: None,
            })
        });
        let jobs = jobs.collect::<Result<Vec<_>>>()?;
        let rider = Rider {
            courier: PersonId::from(server.id(&key(courier + 1))?),
            colleague: PersonId::from(server.id(&key(courier + 2))?),
            station: server.id(STATION)?,
            from: site(STATION)?,
        };
        let day = draw_day(SEED + self.lived as u64, &jobs, rider);
        let facts: Vec<_> = day.into_iter().map(|step| step.fact).collect();
        let device = self.phones.get_mut(courier).context("a phone")?;
        // Until their next turn a connection would be idle for too long.
        let link = &mut RawLink::open(server.address())?;
        device.pull(link)?;
        for some in facts.chunks(BATCH) {
            let push = device.push_of(some, server.now_ms());
            let receipts = device.exchange(link, Some(push))?.receipts.context("receipts")?;
            let admitted = receipts.facts.iter().all(|its| its.outcome == Outcome::Admitted);
            ensure!(admitted, "{receipts:?}");
        }
        Ok(())
    }
}

fn look(server: &mut CountyServer, place: &Path, begun: u64) -> Result<Row> {
    let facts = server.facts()?;
    let backup = server.back_up()?;
    let started = server.restart()?;
    let database = on_disk(place)?;
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid()))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let resident: f64 = resident
        .and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok())
        .context("resident pages")?;
    Ok(Row {
        what: format!("a county with {facts} facts"),
        came_to: format!(
            "database {:.1} MB, {} B a fact with its share of parcels, plans and the log; journal {:.1} MB; \
             backup {:.1} MB; {:.1} MB of memory at rest; ready after {:.2} s",
            database as f64 / MB,
            (database - begun) / facts,
            journal(place)? as f64 / MB,
            backup as f64 / MB,
            resident / 1024.0,
            started.as_secs_f64()
        ),
        beside: format!("without any parcel {:.1} MB", begun as f64 / MB),
        at_most: String::new(),
        is_within: true,
    })
}

/// What the database's files weigh, in bytes.
fn on_disk(place: &Path) -> Result<u64> {
    weigh(&county_folder(place)?, |name| name.starts_with("county.db"))
}

fn journal(place: &Path) -> Result<u64> {
    weigh(&county_folder(place)?.join("journal"), |_| true)
}

fn weigh(folder: &Path, counts: impl Fn(&str) -> bool) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if counts(&entry.file_name().to_string_lossy()) {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

fn county_folder(place: &Path) -> Result<PathBuf> {
    let counties = fs::read_dir(place.join("data/counties"))?;
    let folders: Vec<PathBuf> = counties.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    folders.into_iter().next().context("a county")
}

/// The courier of this number, by the key in the county's files.
fn key(courier: usize) -> String {
    format!("C{courier:02}")
}

fn binary() -> Result<PathBuf> {
    match std::env::var_os("SADDLEBAG_SYNC_SERVER") {
        Some(path) => Ok(path.into()),
        None => built_beside(&std::env::current_exe()?),
    }
}
