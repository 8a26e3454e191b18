use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;
use saddlebag_protocol::{EnrolAnswer, PersonInfo, SignedKeyList};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Body, Fact, FactKind, SideName, SideValue, kinds};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, edit};
use saddlebag_records::position::Position;
use saddlebag_records::waybill::{Waybill, delivery_id};
use saddlebag_replica::surroundings::{HandClock, SeededRandomness, Surroundings, TrustedRoots};
use saddlebag_replica::{Answer, Enrolment, PageContent, Replica, StoreKey};
use tempfile::TempDir;

use crate::county::{County, DAY_MS, Delivery, Household, Place};

/// The key of every store in the benchmarks.
pub const KEY: StoreKey = StoreKey([7; 32]);
const ID_KEY: [u8; 32] = [3; 32];
/// Parcels on today's route, whatever else the store holds.
const ON_ROUTE: usize = 150;
/// Records of one page.
const PAGE: usize = 500;
const COURIER: PersonId = PersonId([1; 16]);
const COUNTY_DEVICE: DeviceNumber = DeviceNumber(1);
const COUNTY_ACTOR: ActorId = ActorId([9; 16]);

/// A courier's phone with so many deliveries on it, and the households and places that they name.
pub struct FilledPhone {
    /// The replica.
    pub replica: Replica,
    /// The parcels on today's route.
    pub on_route: Vec<RecordId>,
    folder: TempDir,
    clock: Arc<HandClock>,
    built_ms: i64,
}

impl FilledPhone {
    /// A phone with the deliveries of this county on it, the first 150 of them its courier's to carry.
    pub fn with(county: &County) -> Result<Self> {
        Self::carrying(county, |at, _| at < ON_ROUTE)
    }

    /// The same, its courier's to carry those of the first so many stops.
    pub fn riding_to(county: &County, stops: usize) -> Result<Self> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        Self::carrying(county, |_, delivery| {
            let stop = match delivery.household.as_str() {
                "" => delivery.place.as_str(),
                household => household,
            };
            let is_new_stop = !seen.contains(stop) && seen.len() < stops;
            is_new_stop && seen.insert(stop)
        })
    }

    fn carrying<'a>(
        county: &'a County,
        mut is_on_route: impl FnMut(usize, &'a Delivery) -> bool,
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let first_day_ms = county.sizes.first_day_ms;
        let clock = Arc::new(HandClock::at_wall(first_day_ms));
        let built_ms = first_day_ms - 40 * DAY_MS;
        let replica = Replica::open(folder.path(), KEY, surroundings(&clock, built_ms, 1))?;
        replica.keep_enrolment(&enrolment(&replica, first_day_ms))?;
        let mut pages = Pages::new(county);
        for place in &county.places {
            pages.place(place)?;
        }
        for household in &county.households {
            pages.household(household)?;
        }
        let mut on_route = Vec::new();
        for (at, delivery) in county.deliveries.iter().enumerate() {
            let order = is_on_route(at, delivery).then_some(at as i64 * 1024);
            let record = pages.delivery(delivery, order)?;
            on_route.extend(order.map(|_| record));
        }
        for page in pages.done {
            replica.apply(&Answer {
                county_time_ms: first_day_ms,
                page,
                ..Answer::default()
            })?;
        }
        Ok(Self {
            replica,
            on_route,
            folder,
            clock,
            built_ms,
        })
    }

    /// Where the store is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Lets this much time pass on its clock, in milliseconds.
    pub fn pass(&self, ms: u64) {
        self.clock.pass(ms);
    }

    /// Opens the same store once more.
    pub fn open_again(&self) -> Result<Replica> {
        let surroundings = surroundings(&self.clock, self.built_ms, 2);
        Ok(Replica::open(self.folder(), KEY, surroundings)?)
    }
}

fn surroundings(clock: &Arc<HandClock>, built_ms: i64, seed: u64) -> Surroundings {
    Surroundings {
        clock: clock.clone(),
        randomness: Arc::new(SeededRandomness::new(seed)),
        built_ms,
        roots: TrustedRoots::bundled(),
    }
}

fn enrolment(replica: &Replica, county_time: i64) -> Enrolment {
    let list = saddlebag_protocol::KeyList {
        version: 1,
        keys: Vec::new(),
    };
    let mut list_bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = minicbor::encode(&list, &mut list_bytes);
    let answer = EnrolAnswer {
        county: [2; 16],
        token: "bench".into(),
        device: 7,
        one_time: vec![1 << 63],
        id_key: ID_KEY,
        keys: SignedKeyList {
            list: list_bytes.into(),
            signed_by: 1,
            signature: [0; 64],
        },
        server_keys: Vec::new(),
        person: PersonInfo {
            id: COURIER.0,
            name: "C01".into(),
            role: "courier".into(),
            station: None,
        },
        county_time,
        epoch: [1; 8],
    };
    Enrolment {
        server: "http://127.0.0.1:1".into(),
        keys: replica.draw_enrolment_keys(),
        answer,
    }
}

/// A county's records as it would send them: a first fact and a plan each.
struct Pages<'a> {
    county: &'a County,
    ids: BTreeMap<&'a str, RecordId>,
    last: u64,
    done: Vec<PageContent>,
}

impl<'a> Pages<'a> {
    fn new(county: &'a County) -> Self {
        Self {
            county,
            ids: BTreeMap::new(),
            last: 0,
            done: Vec::new(),
        }
    }

    fn place(&mut self, place: &'a Place) -> Result<()> {
        let id = self.named(&place.key)?;
        let name = PlanEdit::SetEntry {
            field: "names".to_owned(),
            key: "zh-Hans".to_owned(),
            value: place.name.as_str().into(),
        };
        let position = Position {
            lat_e7: place.position.lat_e7,
            lon_e7: place.position.lon_e7,
        };
        let edits = [name, PlanEdit::set("position", position)];
        self.put(id, kinds::place::OPENED, &edits, None)
    }

    fn household(&mut self, household: &'a Household) -> Result<()> {
        let id = self.named(&household.key)?;
        let name = PlanEdit::set("name", household.name.in_chinese.as_str());
        let phone = household.phones.first().map(String::as_str);
        self.put(id, kinds::household::REGISTERED, &[name], phone)
    }

    /// `order`: on the courier's route, where it is on it.
    fn delivery(&mut self, delivery: &Delivery, order: Option<i64>) -> Result<RecordId> {
        let waybill = Waybill::parse(&delivery.waybill)?;
        let id = delivery_id(&ID_KEY, &waybill, 0);
        let mut edits = vec![
            PlanEdit::set("waybill", waybill.as_str()),
            PlanEdit::set("due_until_ms", delivery.due_until_ms),
        ];
        let known = |key: &String| self.ids.get(key.as_str()).copied();
        edits.extend(known(&delivery.place).map(|place| PlanEdit::set("place", place)));
        match known(&delivery.household) {
            Some(household) => edits.push(PlanEdit::set("household", household)),
            None => edits.extend([
                PlanEdit::set("name", delivery.name.as_str()),
                PlanEdit::set("address", delivery.address.as_str()),
            ]),
        }
        if delivery.cash_fen > 0 {
            edits.push(PlanEdit::set("cash_fen", delivery.cash_fen));
        }
        if let Some(order) = order {
            edits.extend([PlanEdit::set("assignee", COURIER), PlanEdit::set("order", order)]);
        }
        self.put(id, kinds::delivery::ANNOUNCED, &edits, Some(&delivery.phone))?;
        Ok(id)
    }

    /// The id of what has a key in the county's files.
    fn named(&mut self, key: &'a str) -> Result<RecordId> {
        let hash = blake3::hash(key.as_bytes());
        let id = RecordId(*hash.as_bytes().first_chunk().context("a hash has 32 bytes")?);
        self.ids.insert(key, id);
        Ok(id)
    }

    fn put(
        &mut self,
        record: RecordId,
        fact: FactKind,
        edits: &[PlanEdit],
        phone: Option<&str>,
    ) -> Result<()> {
        if self.last.is_multiple_of(PAGE as u64) {
            self.done.push(PageContent::default());
        }
        let page = self.done.last_mut().context("a page was begun")?;
        self.last += 1;
        let id = FactId::new(COUNTY_DEVICE, self.last);
        page.facts.facts.push(Fact {
            id,
            record,
            kind: fact,
            version: 1,
            after: Vec::new(),
            stamp: Stamp {
                hlc_ms: self.county.sizes.first_day_ms,
                hlc_count: 0,
                source: ClockSource::County,
            },
            observed: None,
            was: None,
            body: Body::new(),
        });
        page.facts.side.extend(phone.map(|phone| SideValue {
            record,
            fact: id,
            name: SideName::Phone,
            value: phone.into(),
        }));
        let kind = fact
            .record()
            .context("a kind of fact that belongs to none of record")?;
        let edited = edit(kind, None, COUNTY_ACTOR, edits)?.context("an edit that changes nothing")?;
        page.changes.push(WireChange {
            record,
            kind,
            bytes: edited.change,
        });
        Ok(())
    }
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
        let mut bare = Self {
            connection,
            dice: ChaCha8Rng::seed_from_u64(1),
            next: 0,
        };
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
