//! A county, a courier with a phone full of deliveries, and what a day does to both.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_replica::{NewConsent, Scope};
use saddlebag_tests::bench::{Consents, CountyServer, EnrolledPhone, Exchanged, Job, Rider, draw_day};
use saddlebag_tests::county::{County, Delivery, Position, Sizes, generate};
use saddlebag_tests::fleet::built_beside;
use saddlebag_tests::link::Weather;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::automerge_sync::{self, Sums};
use crate::floor::floor;

const COURIER: &str = "C01";
const COLLEAGUE: &str = "C02";
/// Somebody whose phone knows no household.
const STRANGER: &str = "C03";
/// Somebody who is given more than anybody can carry.
const OVERBURDENED: &str = "C04";
/// The courier's station.
const STATION: &str = "S001";
/// How far from its station or drop point a household may live, in 1e-7 degrees: two kilometres or so.
const FAR: i32 = 200_000;
/// A code of `how_consent_given`.
const SPOKEN: u16 = 1;
const CUTS_AFTER: u64 = 4096;
/// Sessions after which a day that has not arrived never will.
const MOST_SESSIONS: usize = 5;

/// A county and its couriers.
pub(crate) struct Field {
    runtime: Runtime,
    folder: TempDir,
    county: County,
    server: CountyServer,
    phone: EnrolledPhone,
    /// What the courier was given, and its records.
    given: Vec<(RecordId, Delivery)>,
    /// How many of the county's deliveries were given to anybody.
    taken: usize,
}

/// What a day came to.
pub(crate) struct Day {
    /// Its parcels, coming down.
    pub(crate) created: Exchanged,
    /// Its facts, going up.
    pub(crate) clean: Exchanged,
    /// The same on a link that cuts, in as many sessions as it took.
    pub(crate) cut: Vec<Exchanged>,
    /// The same facts through Automerge.
    pub(crate) automerge: Sums,
    /// The least that the same facts could weigh.
    pub(crate) floor: u64,
}

/// What syncing came to with nothing new on either side.
pub(crate) struct Idle {
    /// With the smaller number of deliveries on the phone, and with the larger.
    pub(crate) phones: [(usize, Vec<Exchanged>); 2],
    /// A day's parcels on a phone that knew none of their households before.
    pub(crate) to_a_stranger: Exchanged,
}

impl Field {
    /// A county of so many deliveries with its server; the courier's phone holds the first `on_phone` of them.
    pub(crate) fn set_up(seed: u64, deliveries: usize, on_phone: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let sizes = Sizes {
            deliveries,
            ..Sizes::default()
        };
        let county = generate(seed, sizes)?;
        let server = CountyServer::found(&binary()?, &folder.path().join("county"), &county)?;
        let phone = EnrolledPhone::enrol(&runtime, &server, COURIER, &folder.path().join(COURIER), seed)?;
        let mut field = Self {
            runtime,
            folder,
            county,
            server,
            phone,
            given: Vec::new(),
            taken: 0,
        };
        field.given = field.fill(on_phone, COURIER)?;
        field
            .phone
            .sync(&field.runtime, &field.server, Weather::clear(), seed)?;
        Ok(field)
    }

    /// Gives the county's next deliveries to a courier, without their pickup codes: to hash a hundred thousand takes
    /// the better part of an hour, and nothing that is measured hangs on these.
    fn fill(&mut self, count: usize, courier: &str) -> Result<Vec<(RecordId, Delivery)>> {
        let next = self.county.deliveries.get_mut(self.taken..self.taken + count);
        for delivery in next.context("the county has no more deliveries")? {
            delivery.pickup_code.clear();
        }
        self.give(count, courier)
    }

    /// Gives the county's next deliveries to a courier.
    fn give(&mut self, count: usize, courier: &str) -> Result<Vec<(RecordId, Delivery)>> {
        let deliveries = self.county.deliveries.get(self.taken..self.taken + count);
        let deliveries = deliveries.context("the county has no more deliveries")?.to_vec();
        self.taken += count;
        let records = self.server.give(&deliveries, courier)?;
        Ok(records.into_iter().zip(deliveries).collect())
    }

    /// Gives the courier a day's parcels, lets them live it, and syncs it over a clean link and over one that cuts.
    pub(crate) fn day(&mut self, seed: u64, jobs: usize) -> Result<Day> {
        let parcels = self.give(jobs, COURIER)?;
        let created = self.sync(&self.phone, Weather::clear(), seed)?;
        let jobs = self.jobs(&parcels)?;
        self.sync(&self.phone, Weather::clear(), seed)?;
        self.given.extend(parcels);

        let person = |key| Ok::<_, anyhow::Error>(PersonId::from(self.server.id(key)?));
        let rider = Rider {
            courier: person(COURIER)?,
            colleague: person(COLLEAGUE)?,
            station: self.server.id(STATION)?,
            from: self.county.place(STATION).context(STATION)?.position,
        };
        let passed = self.phone.live(draw_day(seed, &jobs, rider))?;
        self.server.pass(i64::try_from(passed)?)?;

        let wrote = self.phone.replica.pending(usize::MAX)?;
        let place = self.folder.path().join(format!("day-{seed}"));
        let copy = self.phone.copy(&place.join("phone"), seed)?;
        let mut other_server = self.server.copy(&place.join("county"))?;
        let before = self.server.facts()?;
        let clean = self.sync(&self.phone, Weather::clear(), seed)?;
        let mut cut = Vec::new();
        while copy.replica.only_here()?.facts > 0 {
            ensure!(cut.len() < MOST_SESSIONS, "the day does not arrive");
            cut.push(copy.sync(
                &self.runtime,
                &other_server,
                Weather::cuts_after(CUTS_AFTER),
                seed,
            )?);
        }
        for server in [&mut self.server, &mut other_server] {
            ensure!(
                server.facts()? == before + wrote.facts.len() as u64,
                "not every fact is at the county"
            );
        }
        Ok(Day {
            created,
            clean,
            cut,
            automerge: automerge_sync::sync(&self.given, &wrote)?,
            floor: floor(&wrote)?,
        })
    }

    /// Syncs phones that have nothing to say with a county that has nothing to say, in turns.
    pub(crate) fn idle(&mut self, runs: usize, jobs: usize, numbers: [usize; 2]) -> Result<Idle> {
        let [few, many] = numbers;
        let path = self.folder.path();
        let phones = [(STRANGER, 101), (OVERBURDENED, 102)].map(|(courier, seed)| {
            EnrolledPhone::enrol(&self.runtime, &self.server, courier, &path.join(courier), seed)
        });
        let [stranger, overburdened] = phones;
        let (stranger, overburdened) = (stranger?, overburdened?);
        self.sync(&stranger, Weather::clear(), 0)?;
        self.give(jobs, STRANGER)?;
        let to_a_stranger = self.sync(&stranger, Weather::clear(), 0)?;
        self.fill(few - jobs, STRANGER)?;
        self.fill(many, OVERBURDENED)?;
        let phones = [(few, stranger), (many, overburdened)];
        for (_, phone) in &phones {
            self.sync(phone, Weather::clear(), 0)?;
        }
        let mut idle = phones.each_ref().map(|(number, _)| (*number, Vec::new()));
        for _ in 0..runs {
            for ((_, phone), (_, taken)) in phones.iter().zip(&mut idle) {
                taken.push(self.sync(phone, Weather::clear(), 0)?);
            }
        }
        Ok(Idle {
            phones: idle,
            to_a_stranger,
        })
    }

    fn sync(&self, phone: &EnrolledPhone, weather: Weather, seed: u64) -> Result<Exchanged> {
        phone.sync(&self.runtime, &self.server, weather, seed)
    }

    /// The parcels as jobs. Every other household agrees to a proxy and to its drop point, before the day.
    fn jobs(&self, parcels: &[(RecordId, Delivery)]) -> Result<Vec<Job>> {
        let mut agreed: BTreeMap<&str, Option<Consents>> = BTreeMap::new();
        let mut jobs = Vec::new();
        for (record, parcel) in parcels {
            let household = match parcel.household.as_str() {
                "" => None,
                key => Some(self.server.id(key)?),
            };
            let consents = match (household, agreed.get(parcel.household.as_str())) {
                (Some(_), Some(known)) => *known,
                (Some(household), None) => {
                    let consents = agreed
                        .len()
                        .is_multiple_of(2)
                        .then(|| self.agree(household, &parcel.household));
                    let consents = consents.transpose()?;
                    agreed.insert(&parcel.household, consents);
                    consents
                }
                (None, _) => None,
            };
            jobs.push(Job {
                record: *record,
                household,
                site: self.site(parcel)?,
                cash_fen: parcel.cash_fen,
                consents,
            });
        }
        Ok(jobs)
    }

    /// Where an addressee lives: near the parcel's station or drop point, always at the same spot.
    fn site(&self, parcel: &Delivery) -> Result<Position> {
        let place = self.county.place(&parcel.place).context("a place")?.position;
        let whose = blake3::hash(format!("{}{}", parcel.household, parcel.address).as_bytes());
        let mut dice = ChaCha8Rng::from_seed(*whose.as_bytes());
        Ok(Position {
            lat_e7: place.lat_e7 + dice.random_range(-FAR..FAR),
            lon_e7: place.lon_e7 + dice.random_range(-FAR..FAR),
        })
    }

    fn agree(&self, household: RecordId, key: &str) -> Result<Consents> {
        let place = &self.county.household(key).context("a household")?.drop_point;
        let place = self.server.id(place)?;
        let give = |scope| {
            self.phone.replica.give_consent(&NewConsent {
                household,
                scope,
                days: None,
                how: SPOKEN,
            })
        };
        Ok(Consents {
            proxy: give(Scope::Proxy {
                name: "邻居".into()
            })?,
            drop_point: give(Scope::DropPoint { place })?,
            place,
        })
    }
}

/// The server to measure: the one that is named, or the one that was built beside this program.
fn binary() -> Result<PathBuf> {
    match env::var_os("SADDLEBAG_SYNC_SERVER") {
        Some(path) => Ok(path.into()),
        None => built_beside(&env::current_exe()?),
    }
}
