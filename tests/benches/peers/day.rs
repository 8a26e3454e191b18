//! A county, and a courier who wrote a day without a network: for ourselves, and on a file for the peers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use saddlebag_records::cbor::Value as Cbor;
use saddlebag_records::fact::{Fact, SideValue};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_replica::Pending;
use saddlebag_tests::bench::{CountyServer, EnrolledPhone, Job, Rider, draw_day};
use saddlebag_tests::county::{County, Delivery, Sizes, generate};
use saddlebag_tests::fleet::built_beside;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const COURIER: &str = "C01";
const COLLEAGUE: &str = "C02";
const STATION: &str = "S001";

/// A day that is written and not yet synced.
pub(crate) struct Day {
    pub(crate) runtime: Runtime,
    pub(crate) server: CountyServer,
    pub(crate) phone: EnrolledPhone,
    pub(crate) folder: TempDir,
    /// Facts at the county before.
    pub(crate) before: u64,
    /// Facts of the day.
    pub(crate) facts: u64,
}

impl Day {
    /// So many parcels are at the county and on the phone, and three facts of each are on the phone alone.
    pub(crate) fn of(seed: u64, parcels: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let sizes = Sizes {
            deliveries: parcels,
            ..Sizes::default()
        };
        let mut county = generate(seed, sizes)?;
        // Their hashes would take most of the time of setting up, and the day does not ask for them.
        for parcel in &mut county.deliveries {
            parcel.pickup_code.clear();
        }
        let server = CountyServer::found(&binary()?, &folder.path().join("county"), &county)?;
        let phone = EnrolledPhone::enrol(&runtime, &server, COURIER, &folder.path().join("phone"), seed)?;
        let records = server.give(&county.deliveries, COURIER)?;
        phone.sync_at(&runtime, server.address())?;
        let jobs = jobs(&server, &county, &records)?;
        let person = |key| Ok::<_, anyhow::Error>(PersonId::from(server.id(key)?));
        let rider = Rider {
            courier: person(COURIER)?,
            colleague: person(COLLEAGUE)?,
            station: server.id(STATION)?,
            from: county.place(STATION).context(STATION)?.position,
        };
        let passed = phone.live(draw_day(seed, &jobs, rider))?;
        server.pass(i64::try_from(passed)?)?;
        let wrote = phone.replica.pending(usize::MAX)?;
        ensure!(
            wrote.facts.len() == 3 * parcels && !wrote.more,
            "three facts a parcel"
        );
        let told = told(&records, &county.deliveries, &wrote)?;
        std::fs::write(day_file(folder.path()), told.to_string())?;
        Ok(Self {
            before: server.facts()?,
            facts: wrote.facts.len() as u64,
            runtime,
            server,
            phone,
            folder,
        })
    }

    /// What the peers read.
    pub(crate) fn file(&self) -> PathBuf {
        day_file(self.folder.path())
    }
}

fn day_file(folder: &Path) -> PathBuf {
    folder.join("day.json")
}

fn jobs(server: &CountyServer, county: &County, records: &[RecordId]) -> Result<Vec<Job>> {
    let job = |(record, parcel): (&RecordId, &Delivery)| {
        Ok(Job {
            record: *record,
            household: server.id(&parcel.household).ok(),
            site: county.place(&parcel.place).context("a place")?.position,
            cash_fen: parcel.cash_fen,
            consents: None,
        })
    };
    records.iter().zip(&county.deliveries).map(job).collect()
}

/// The same for a document store at its best: keys of one or two letters, and nothing but what the county reads.
fn told(records: &[RecordId], parcels: &[Delivery], wrote: &Pending) -> Result<Value> {
    let at: BTreeMap<_, _> = records.iter().zip(0..).collect::<BTreeMap<_, usize>>();
    let parcels = records.iter().zip(parcels).map(|(record, parcel)| {
        json!({
            "_": bytes(&record.0), "w": parcel.waybill, "h": parcel.household, "m": parcel.name,
            "d": parcel.address, "p": parcel.place, "f": parcel.due_from_ms, "u": parcel.due_until_ms,
            "q": parcel.cash_fen,
        })
    });
    let day = wrote.facts.iter().map(|fact| {
        let parcel = at.get(&fact.record).context("a fact of a parcel")?;
        Ok(json!({ "parcel": parcel, "fact": plain(fact, &wrote.side) }))
    });
    Ok(json!({
        "parcels": parcels.collect::<Vec<_>>(),
        "day": day.collect::<Result<Vec<_>>>()?,
    }))
}

fn plain(fact: &Fact, sides: &[SideValue]) -> Value {
    let mut plain = Map::new();
    plain.insert("k".into(), fact.kind.0.into());
    plain.insert("t".into(), fact.stamp.hlc_ms.into());
    for (key, value) in fact.body.iter() {
        plain.insert(key.to_string(), scalar(value));
    }
    for side in sides.iter().filter(|side| side.fact == fact.id) {
        plain.insert(format!("s{}", side.name as u8), bytes(&side.value));
    }
    Value::Object(plain)
}

fn scalar(value: &Cbor) -> Value {
    match value {
        Cbor::Int(number) => (*number).into(),
        Cbor::Bool(flag) => (*flag).into(),
        Cbor::Text(text) => text.as_str().into(),
        Cbor::Bytes(value) => bytes(value),
        other => bytes(&other.encode()),
    }
}

/// JSON has no bytes: each peer makes of these what is shortest with it.
fn bytes(value: &[u8]) -> Value {
    json!({ "hex": hex::encode(value) })
}

/// The server to measure: the one that is named, or the one that was built beside this program.
fn binary() -> Result<PathBuf> {
    match std::env::var_os("SADDLEBAG_SYNC_SERVER") {
        Some(path) => Ok(path.into()),
        None => built_beside(&std::env::current_exe()?),
    }
}
