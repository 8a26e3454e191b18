use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;
use saddlebag_protocol::{EnrolAnswer, PersonInfo, SignedKeyList};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Fact, SideName, SideValue, kinds::delivery};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, edit};
use saddlebag_records::waybill::{Waybill, delivery_id};
use saddlebag_replica::surroundings::{BUILT_MS, HandClock, SeededRandomness, Surroundings};
use saddlebag_replica::{Answer, Enrolment, PageContent, Replica, StoreKey};
use tempfile::TempDir;

use crate::county::{County, Delivery};

/// The key of every store in the benchmarks.
pub const KEY: StoreKey = StoreKey([7; 32]);
const ID_KEY: [u8; 32] = [3; 32];
/// Stops on today's route, whatever else the store holds.
const ON_ROUTE: usize = 150;
const COURIER: PersonId = PersonId([1; 16]);
const COUNTY_DEVICE: DeviceNumber = DeviceNumber(1);

/// A courier's phone with so many deliveries on it.
pub struct FilledPhone {
    /// The replica.
    pub replica: Replica,
    /// The deliveries.
    pub records: Vec<RecordId>,
    folder: TempDir,
    clock: Arc<HandClock>,
}

impl FilledPhone {
    /// A phone with the deliveries of this county on it, the first 150 of them its courier's to carry.
    pub fn with(county: &County) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Arc::new(HandClock::at_wall(county.sizes.first_day_ms + 4 * 3_600_000));
        let replica = Replica::open(folder.path(), KEY, surroundings(&clock, 1))?;
        replica.keep_enrolment(&enrolment(&replica))?;
        let mut records = Vec::new();
        let mut n = 0;
        for (page, deliveries) in county.deliveries.chunks(500).enumerate() {
            let mut content = PageContent::default();
            for (at, delivery) in deliveries.iter().enumerate() {
                n += 1;
                let is_mine = page * 500 + at < ON_ROUTE;
                let record = put(&mut content, county, delivery, n, is_mine)?;
                records.push(record);
            }
            let county_time_ms = county.sizes.first_day_ms;
            replica.apply(&Answer { county_time_ms, page: content, ..Answer::default() })?;
        }
        Ok(Self { replica, records, folder, clock })
    }

    /// Where the store is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opens the same store once more.
    pub fn open_again(&self) -> Result<Replica> {
        Ok(Replica::open(self.folder(), KEY, surroundings(&self.clock, 2))?)
    }
}

fn surroundings(clock: &Arc<HandClock>, seed: u64) -> Surroundings {
    Surroundings { clock: clock.clone(), randomness: Arc::new(SeededRandomness::new(seed)), built_ms: BUILT_MS }
}

fn enrolment(replica: &Replica) -> Enrolment {
    let list = saddlebag_protocol::KeyList { version: 1, keys: Vec::new() };
    let answer = EnrolAnswer {
        county: [2; 16],
        token: "bench".into(),
        device: 7,
        one_time: vec![1 << 63],
        id_key: ID_KEY,
        keys: SignedKeyList { list: encoded(&list).into(), signed_by: 1, signature: [0; 64] },
        server_keys: Vec::new(),
        person: PersonInfo { id: COURIER.0, name: "C01".into(), role: "courier".into(), station: None },
        county_time: BUILT_MS,
        epoch: [1; 8],
    };
    Enrolment { server: "http://127.0.0.1:1".into(), keys: replica.draw_enrolment_keys(), answer }
}

fn encoded<T: minicbor::Encode<()>>(message: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = minicbor::encode(message, &mut bytes);
    bytes
}

fn put(content: &mut PageContent, county: &County, delivery: &Delivery, n: u64, is_mine: bool) -> Result<RecordId> {
    let waybill = Waybill::parse(&delivery.waybill)?;
    let record = delivery_id(&ID_KEY, &waybill, 0);
    let id = FactId::new(COUNTY_DEVICE, n);
    content.facts.facts.push(Fact {
        id,
        record,
        kind: delivery::ANNOUNCED,
        version: 1,
        after: Vec::new(),
        stamp: Stamp { hlc_ms: county.sizes.first_day_ms, hlc_count: 0, source: ClockSource::County },
        observed: None,
        was: None,
        body: Body::new(),
    });
    let phone = SideValue { record, fact: id, name: SideName::Phone, value: delivery.phone.clone().into_bytes() };
    content.facts.side.push(phone);
    let household = county.household(&delivery.household);
    let name = household.map_or(&delivery.name, |household| &household.name.in_chinese);
    let mut edits = vec![
        PlanEdit::set("waybill", waybill.as_str()),
        PlanEdit::set("name", name.as_str()),
        PlanEdit::set("order", (n * 1024) as i64),
    ];
    if !delivery.address.is_empty() {
        edits.push(PlanEdit::set("address", delivery.address.as_str()));
    }
    if is_mine {
        edits.push(PlanEdit::set("assignee", COURIER));
    }
    let actor = ActorId([9; 16]);
    let edited = edit(RecordKind::Delivery, None, actor, &edits)?.context("an edit that changes nothing")?;
    content.changes.push(WireChange { record, kind: RecordKind::Delivery, bytes: edited.change });
    Ok(record)
}

/// The bare peer: SQLCipher under the same key, WAL and FULL, one table with rows of a fact's size.
pub struct Bare {
    connection: Connection,
    dice: ChaCha8Rng,
    next: i64,
}

impl Bare {
    /// A connection to this file under the same key.
    pub fn open(file: &Path) -> Result<Connection> {
        let connection = Connection::open(file)?;
        connection.execute_batch(&format!("PRAGMA key = \"x'{}'\"", hex::encode(KEY.0)))?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        Ok(connection)
    }

    /// A new file with one table and so many rows in it.
    pub fn with_rows(file: &Path, rows: usize) -> Result<Self> {
        let connection = Self::open(file)?;
        connection.execute_batch(
            "CREATE TABLE rows (device INTEGER, n INTEGER, bytes BLOB, PRIMARY KEY (device, n)) WITHOUT ROWID; BEGIN",
        )?;
        let mut bare = Self { connection, dice: ChaCha8Rng::seed_from_u64(1), next: 0 };
        for _ in 0..rows {
            bare.insert_row()?;
        }
        bare.connection.execute_batch("COMMIT")?;
        Ok(bare)
    }

    fn insert_row(&mut self) -> Result<()> {
        let mut bytes = [0u8; 120];
        self.dice.fill(&mut bytes[..]);
        self.next += 1;
        self.connection
            .prepare_cached("INSERT INTO rows VALUES (7, ?1, ?2)")?
            .execute(rusqlite::params![self.next, bytes])?;
        Ok(())
    }

    /// One durable transaction with one row.
    pub fn insert(&mut self) -> Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        self.insert_row()?;
        self.connection.execute_batch("COMMIT")?;
        Ok(())
    }
}
