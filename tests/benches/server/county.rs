//! A county with couriers who never stop to write, and the days that they write.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use saddlebag_protocol::{Outcome, Push, SyncAnswer};
use saddlebag_records::id::PersonId;
use saddlebag_replica::NewFact;
use saddlebag_tests::bench::{CountyServer, Job, RawDevice, RawLink, Rider, Sample, draw_day};
use saddlebag_tests::county::{County, Sizes, generate};
use saddlebag_tests::fleet::built_beside;
use tempfile::TempDir;

use crate::{floor, process};

/// Facts of one request.
pub(crate) const BATCH: usize = 50;
/// Parcels of a courier's day: three facts each.
const JOBS: usize = 150;
/// How many days of parcels are drawn before they are drawn anew.
const DAYS_DRAWN: usize = 8;
const STATION: &str = "S001";

/// A county behind the real server, and its phones.
pub(crate) struct BusyCounty {
    pub(crate) server: CountyServer,
    pub(crate) phones: Vec<(RawDevice, RawLink)>,
    one: (RawDevice, RawLink),
    seed: u64,
    days: u64,
    deliveries: County,
    taken: usize,
    _folder: TempDir,
}

/// What a day of all phones came to.
#[derive(Clone)]
pub(crate) struct Pushed {
    /// How many facts were admitted.
    pub(crate) facts: u64,
    /// The last row of the county's log before.
    pub(crate) log_before: i64,
    pub(crate) took: Duration,
    /// Processor time of the server.
    pub(crate) cpu: Duration,
    /// Facts in the county before.
    pub(crate) in_county: u64,
}

impl BusyCounty {
    pub(crate) fn found(seed: u64, phones: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let sizes = Sizes {
            couriers: phones + 2,
            households: 7_000,
            deliveries: 0,
            ..Sizes::default()
        };
        let county = generate(seed, sizes)?;
        let server = CountyServer::found(&binary()?, &folder.path().join("county"), &county)?;
        let enrol = |courier: usize| -> Result<(RawDevice, RawLink)> {
            let mut link = RawLink::open(server.address())?;
            let code = server.code_for(&key(courier))?;
            let device = RawDevice::enrol(&mut link, &code, u8::try_from(courier)?)?;
            Ok((device, link))
        };
        let one = enrol(phones + 1)?;
        let phones = (1..=phones).map(enrol).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            server,
            phones,
            one,
            seed,
            days: 0,
            deliveries: county,
            taken: 0,
            _folder: folder,
        })
    }

    /// Days until so many facts are in the county; the last of them, if there was any.
    pub(crate) fn until(&mut self, facts: u64) -> Result<Option<Pushed>> {
        let mut last = None;
        while self.server.facts()? < facts {
            last = Some(self.day(true)?);
        }
        Ok(last)
    }

    /// A day of all phones: the county gives each its parcels, then all push at once what they wrote.
    pub(crate) fn day(&mut self, says: bool) -> Result<Pushed> {
        let mut days = Vec::new();
        for at in 0..self.phones.len() {
            days.push(self.draw(at)?);
        }
        (0..self.phones.len()).try_for_each(|at| self.connect(at))?;
        let in_county = self.server.facts()?;
        let log_before = floor::head(&self.server)?;
        let (pid, cpu) = (self.server.pid(), process::cpu(self.server.pid())?);
        let begun = Instant::now();
        scope(|all| {
            let sending = |((device, link), pushes): (&mut (RawDevice, RawLink), Vec<Push>)| -> Result<()> {
                for push in pushes {
                    is_admitted(&device.exchange(link, Some(push))?)?;
                }
                Ok(())
            };
            let threads: Vec<_> = self
                .phones
                .iter_mut()
                .zip(days)
                .map(|phone| all.spawn(move || sending(phone)))
                .collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().map_err(|_| anyhow!("a phone panicked"))?)
        })?;
        let took = begun.elapsed();
        let cpu = process::cpu(pid)?.saturating_sub(cpu);
        let facts = self.server.facts()? - in_county;
        if says {
            eprintln!(
                "{in_county} facts: {:.0} a second, {:.0} µs of CPU each",
                facts as f64 / took.as_secs_f64(),
                cpu.as_secs_f64() * 1e6 / facts as f64
            );
        }
        Ok(Pushed {
            facts,
            log_before,
            took,
            cpu,
            in_county,
        })
    }

    /// Gives a courier the parcels of a day, and what they write of them, as requests.
    fn draw(&mut self, at: usize) -> Result<Vec<Push>> {
        let facts = self.facts_of(at + 1)?;
        self.connect(at)?;
        let (device, link) = self.phones.get_mut(at).context("a phone")?;
        device.pull(link)?;
        let now_ms = self.server.now_ms();
        let pushes = facts.chunks(BATCH).map(|some| device.push_of(some, now_ms));
        Ok(pushes.collect())
    }

    /// Opens a phone's connection anew: what stood still for a minute the server has closed.
    pub(crate) fn connect(&mut self, at: usize) -> Result<()> {
        let address = self.server.address();
        let (_, link) = self.phones.get_mut(at).context("a phone")?;
        *link = RawLink::open(address)?;
        Ok(())
    }

    fn facts_of(&mut self, courier: usize) -> Result<Vec<NewFact>> {
        self.days += 1;
        let parcels = self.parcels()?;
        let records = self.server.give(&parcels, &key(courier))?;
        let station = self.deliveries.place(STATION).context(STATION)?.position;
        let jobs: Vec<Job> = records
            .into_iter()
            .zip(&parcels)
            .map(|(record, parcel)| Job {
                record,
                household: self.server.id(&parcel.household).ok(),
                site: self
                    .deliveries
                    .place(&parcel.place)
                    .map_or(station, |place| place.position),
                cash_fen: parcel.cash_fen,
                consents: None,
            })
            .collect();
        let person = |key: &str| Ok::<_, anyhow::Error>(PersonId::from(self.server.id(key)?));
        let rider = Rider {
            courier: person(&key(courier))?,
            colleague: person(&key(courier + 1))?,
            station: self.server.id(STATION)?,
            from: station,
        };
        Ok(draw_day(self.seed + self.days, &jobs, rider)
            .into_iter()
            .map(|step| step.fact)
            .collect())
    }

    /// The next parcels, without pickup codes, which would take the better part of an hour to hash.
    fn parcels(&mut self) -> Result<Vec<saddlebag_tests::county::Delivery>> {
        if self.taken + JOBS > self.deliveries.deliveries.len() {
            let count = self.deliveries.deliveries.len() + DAYS_DRAWN * JOBS * self.phones.len();
            let sizes = Sizes {
                deliveries: count,
                ..self.deliveries.sizes
            };
            self.deliveries = generate(self.seed, sizes)?;
        }
        let next = self
            .deliveries
            .deliveries
            .get(self.taken..self.taken + JOBS)
            .context("parcels")?;
        self.taken += JOBS;
        let without_code = next.iter().cloned().map(|mut parcel| {
            parcel.pickup_code.clear();
            parcel
        });
        Ok(without_code.collect())
    }

    /// A phone's day in one request.
    pub(crate) fn one_phone(&mut self, sample: &mut Sample) -> Result<()> {
        let push = self.day_of_one()?;
        let (device, link) = &mut self.one;
        is_admitted(&sample.time(|| device.exchange(link, Some(push)))?)
    }

    /// The same while all others push, as long as what was built beforehand lasts, until there are `most`.
    pub(crate) fn one_phone_among_others(&mut self, sample: &mut Sample, most: usize) -> Result<()> {
        let mut days = Vec::new();
        for at in 0..self.phones.len() {
            days.push(self.draw(at)?);
        }
        (0..self.phones.len()).try_for_each(|at| self.connect(at))?;
        let mut mine = Vec::new();
        for _ in 0..most.saturating_sub(sample.count()).min(4) {
            mine.push(self.day_of_one()?);
        }
        let (still_pushing, (device, link)) = (AtomicBool::new(true), &mut self.one);
        scope(|all| -> Result<()> {
            let pushing = &still_pushing;
            for ((phone, link), pushes) in self.phones.iter_mut().zip(days) {
                all.spawn(move || {
                    for push in pushes {
                        if phone.exchange(link, Some(push)).is_err() {
                            break;
                        }
                    }
                    // From now on fewer push than ought to.
                    pushing.store(false, Ordering::Relaxed);
                });
            }
            std::thread::sleep(Duration::from_millis(50));
            for push in mine {
                let mut one = Sample::default();
                is_admitted(&one.time(|| device.exchange(link, Some(push)))?)?;
                if still_pushing.load(Ordering::Relaxed) {
                    sample.take(one);
                }
            }
            Ok(())
        })
    }

    fn day_of_one(&mut self) -> Result<Push> {
        let courier = self.phones.len() + 1;
        let facts = self.facts_of(courier)?;
        let (device, link) = &mut self.one;
        *link = RawLink::open(self.server.address())?;
        device.pull(link)?;
        Ok(device.push_of(&facts, self.server.now_ms()))
    }

    /// Starts the server anew. How long it took until it was ready, and the memory that it then has, in bytes.
    pub(crate) fn restart(&mut self) -> Result<(Duration, u64)> {
        let took = self.server.restart()?;
        for (_, link) in self.phones.iter_mut().chain([&mut self.one]) {
            *link = RawLink::open(self.server.address())?;
        }
        Ok((took, process::memory(self.server.pid(), "VmRSS")?))
    }

    /// The most memory that the server had since it was started, in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        process::memory(self.server.pid(), "VmHWM")
    }
}

/// The courier of this number, by the key in the county's files.
fn key(courier: usize) -> String {
    format!("C{courier:02}")
}

/// Everything that was pushed is at the county, or this is no measurement.
pub(crate) fn is_admitted(answer: &SyncAnswer) -> Result<()> {
    let receipts = answer.receipts.as_ref().context("receipts")?;
    let all = receipts
        .facts
        .iter()
        .all(|receipt| receipt.outcome == Outcome::Admitted);
    ensure!(
        all && receipts
            .changes
            .iter()
            .all(|receipt| receipt.outcome == Outcome::Admitted),
        "{receipts:?}"
    );
    Ok(())
}

fn binary() -> Result<PathBuf> {
    match std::env::var_os("SADDLEBAG_SYNC_SERVER") {
        Some(path) => Ok(path.into()),
        None => built_beside(&std::env::current_exe()?),
    }
}
