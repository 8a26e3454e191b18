//! A server, or somebody's phone, at work while every write of it is recorded; and what was acknowledged when.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use saddlebag_records::fact::{Body, FactHash, field, kinds::delivery};
use saddlebag_records::id::{DeviceNumber, FactId};
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::surroundings::{MachineClock, SeededRandomness, Surroundings};
use saddlebag_replica::{NewFact, NewHousehold, Replica, ScanFor, ScanOutcome, StoreKey};
use saddlebag_sync_server::county::{Counties, DataFolder};
use saddlebag_sync_server::outside::system_or_shifted;

use super::{Fleet, Template};
use crate::fleet::CountyFile;
use crate::fleet::copying::copy_files;
use crate::fleet::courier::store_key;
use crate::fleet::dice::Dice;
use crate::fleet::phone_store::{HeldChange, PhoneStore};
use crate::fleet::server::first_address;
use crate::strace;

/// A recording.
pub(crate) struct Recorded {
    /// The folder as it was before.
    pub(crate) before: PathBuf,
    /// Where it was written to.
    pub(crate) live: PathBuf,
    /// What strace saw.
    pub(crate) trace: PathBuf,
    /// What was acknowledged, in the order of time.
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// The phone's key, where it was a phone.
    key: Option<StoreKey>,
}

/// What was known to be safe at some moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acknowledged {
    /// UTC microseconds.
    at_us: u64,
    facts: BTreeMap<FactId, Option<FactHash>>,
    changes: BTreeSet<HeldChange>,
    /// How many edits of plans wait, on a phone.
    edits: usize,
}

impl Recorded {
    /// Whether what was acknowledged before this moment is in `folder`, and all of that can be opened. How much it is.
    pub(crate) fn holds(&self, folder: &Path, before_us: u64) -> Result<u64> {
        let mut wanted = Acknowledged::default();
        for one in self.acknowledged.iter().filter(|one| one.at_us < before_us) {
            wanted.facts.extend(one.facts.clone());
            wanted.changes.extend(one.changes.iter().cloned());
            wanted.edits = one.edits;
        }
        match &self.key {
            None => at_the_county(folder, &wanted)?,
            Some(key) => on_the_phone(folder, key, &wanted)?,
        }
        Ok((wanted.facts.len() + wanted.changes.len() + wanted.edits) as u64)
    }
}

fn at_the_county(folder: &Path, wanted: &Acknowledged) -> Result<()> {
    let outside = system_or_shifted(None);
    let counties = Counties::open(DataFolder::take(folder)?, &outside).context("the county does not open")?;
    ensure!(
        counties.only().is_some_and(|county| county.is_ready()),
        "the county is not ready"
    );
    drop(counties);
    let file = CountyFile::read(folder, folder)?;
    ensure!(file.damaged == 0, "{} damaged facts", file.damaged);
    for (id, hash) in &wanted.facts {
        ensure!(
            hash.is_some_and(|hash| file.has(*id, hash)),
            "{id} was acknowledged and is not there"
        );
    }
    for change in &wanted.changes {
        let name = (change.record, change.actor, change.seq);
        let found = file.changes.get(&name).or(file.held_changes.get(&name));
        ensure!(
            found == Some(&change.hash),
            "an edit of {} was acknowledged and is not there",
            change.record
        );
    }
    Ok(())
}

fn on_the_phone(folder: &Path, key: &StoreKey, wanted: &Acknowledged) -> Result<()> {
    let surroundings = Surroundings {
        clock: Arc::new(MachineClock::new()),
        ..Surroundings::of_this_machine()
    };
    let replica = Replica::open(folder, key.clone(), surroundings).context("the store does not open")?;
    replica.today().context("nothing can be read")?;
    let store = PhoneStore::open(folder, key)?;
    let facts: BTreeSet<FactId> = store
        .facts_beyond(&BTreeMap::new())?
        .iter()
        .map(|held| held.fact.id)
        .collect();
    for id in wanted.facts.keys() {
        ensure!(facts.contains(id), "{id} was shown as saved and is not there");
    }
    let edits = store.unsent_changes()?.len();
    ensure!(
        edits >= wanted.edits,
        "{} edits were shown as saved, {edits} are there",
        wanted.edits
    );
    Ok(())
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// How long a server is recorded.
const WHOLE: Duration = Duration::from_millis(2_500);

/// Records a server while all phones write and sync.
pub(crate) fn server(template: &Template, seed: u64, folder: &Path) -> Result<Recorded> {
    let mut fleet = Fleet::set_up(template, seed, folder)?;
    fleet.sync_in_peace()?;
    fleet.server.kill()?;
    let (live, before, trace) = (folder.join("data"), folder.join("before"), folder.join("trace"));
    copy_files(&live, &before)?;
    let mut recorder = strace::recording(&trace);
    recorder
        .arg(template.server())
        .arg("serve")
        .arg("--data")
        .arg(&live);
    recorder.args(["--listen", "127.0.0.1:0", "--tls-pinned", "--clock-offset-file"]);
    recorder.arg(folder.join("clock-offset"));
    if let Some(fault) = template.fault() {
        recorder.args(["--fault", fault]);
    }
    let log = std::fs::File::create(folder.join("recorded.log"))?;
    let recorder = recorder
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log.try_clone()?)
        .spawn();
    let mut recorder = recorder.context("strace cannot be started: is it installed?")?;
    let stdout = recorder.stdout.take().context("its output is piped")?;
    let worked = first_address(BufReader::new(stdout), log)
        .with_context(|| std::fs::read_to_string(folder.join("recorded.log")).unwrap_or_default())
        .context("strace cannot trace here")
        .and_then(|address| {
            fleet.links.lead_to(address);
            fleet.all_write_and_sync(seed)
        });
    strace::end(recorder)?;
    Ok(Recorded {
        before,
        live,
        trace,
        acknowledged: worked?,
        key: None,
    })
}

impl Fleet {
    fn all_write_and_sync(&mut self, seed: u64) -> Result<Vec<Acknowledged>> {
        let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
        let keys: Vec<(PathBuf, StoreKey)> = self
            .phones
            .iter()
            .map(|phone| (phone.replica.dir().to_owned(), store_key(&self.world, phone.who)))
            .collect();
        let hands = self.hands(seed)?;
        let mut all: Vec<Acknowledged> = std::thread::scope(|scope| {
            let (stop, done) = (&stop, &done);
            let at_work: Vec<_> = hands
                .into_iter()
                .zip(keys)
                .map(|(hands, (folder, key))| {
                    scope.spawn(move || {
                        let store = PhoneStore::open(&folder, &key)?;
                        let mut watching = Watching::default();
                        let mut told = Vec::new();
                        hands.work(stop, done, &mut |done| {
                            let at_us = now_us();
                            let new = watching.confirmed(&store, done)?;
                            told.push(Acknowledged { at_us, ..new });
                            Ok(())
                        })?;
                        anyhow::Ok(told)
                    })
                })
                .collect();
            std::thread::sleep(WHOLE);
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            let mut all = Vec::new();
            for one in at_work {
                match one.join() {
                    Ok(told) => all.extend(told?),
                    Err(_) => bail!("a panic on a phone"),
                }
            }
            Ok(all)
        })?;
        all.sort_by_key(|one| one.at_us);
        Ok(all)
    }
}

/// What of a phone's own is confirmed by the county.
#[derive(Default)]
struct Watching {
    facts: BTreeSet<FactId>,
    unsent: BTreeSet<HeldChange>,
}

impl Watching {
    /// What is confirmed since the last look. Before a session all edits that wait are taken down; `synced`: after it.
    fn confirmed(&mut self, store: &PhoneStore, synced: bool) -> Result<Acknowledged> {
        let waiting: BTreeSet<HeldChange> = store.unsent_changes()?.into_iter().collect();
        let mut new = Acknowledged::default();
        if synced {
            let not_taken: BTreeSet<_> = store.edits_not_taken()?.into_iter().collect();
            let gone = self.unsent.difference(&waiting);
            new.changes = gone
                .filter(|change| !not_taken.contains(&change.record))
                .cloned()
                .collect();
            for held in store.facts_beyond(&BTreeMap::new())? {
                let is_safe = matches!(
                    held.state,
                    saddlebag_replica::State::County | saddlebag_replica::State::Held
                );
                if is_safe && self.facts.insert(held.fact.id) {
                    new.facts.insert(held.fact.id, Some(held.hash));
                }
            }
        }
        self.unsent = waiting;
        Ok(new)
    }
}

/// Verbs that a recorded phone carries out.
const VERBS: u64 = 60;

/// Records a phone on which somebody works, with no network.
pub(crate) fn replica(template: &Template, seed: u64, folder: &Path, worker: &Path) -> Result<Recorded> {
    let mut fleet = Fleet::set_up(template, seed, folder)?;
    fleet.sync_in_peace()?;
    let phone = fleet.phones.first().context("a phone")?;
    let (live, key) = (phone.replica.dir().to_owned(), store_key(&fleet.world, phone.who));
    // Everything of it is closed, and is the worker's from here on.
    fleet.phones.clear();
    let (before, trace) = (folder.join("before"), folder.join("trace"));
    copy_files(&live, &before)?;
    let mut recorder = strace::recording(&trace);
    recorder.arg(worker).arg("--work").arg(&live);
    recorder
        .arg("--key")
        .arg(hex::encode(key.0))
        .arg("--seed")
        .arg(seed.to_string());
    recorder.arg("--count").arg(VERBS.to_string());
    let recorder = recorder.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut recorder = recorder.context("strace cannot be started: is it installed?")?;
    let stdout = recorder.stdout.take().context("its output is piped")?;
    let mut acknowledged = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let (line, at_us) = (line?, now_us());
        acknowledged.push(told_by_worker(&line, at_us).with_context(|| line.clone())?);
    }
    ensure!(
        recorder.wait()?.success(),
        "the phone did not finish its work under strace"
    );
    Ok(Recorded {
        before,
        live,
        trace,
        acknowledged,
        key: Some(key),
    })
}

/// `EDITS DEVICE:N DEVICE:N …`: the edits that wait, and the last fact under each number.
fn told_by_worker(line: &str, at_us: u64) -> Result<Acknowledged> {
    let mut words = line.split_whitespace();
    let edits = words.next().context("how many edits")?.parse()?;
    let mut facts = BTreeMap::new();
    for word in words {
        let (device, last) = word.split_once(':').context("a number and a count")?;
        let device = DeviceNumber(device.parse()?);
        facts.extend((1..=last.parse::<u64>()?).map(|n| (FactId::new(device, n), None)));
    }
    Ok(Acknowledged {
        at_us,
        facts,
        changes: BTreeSet::new(),
        edits,
    })
}

/// What the worker does: so many verbs, and after each a line of what is saved by then. `tell` gets it at once.
pub fn work(folder: &Path, key: StoreKey, seed: u64, verbs: u64, tell: &mut dyn FnMut(&str)) -> Result<()> {
    let mut dice = Dice::new(seed, "work");
    let surroundings = Surroundings {
        randomness: Arc::new(SeededRandomness::new(seed)),
        ..Surroundings::of_this_machine()
    };
    let replica = Replica::open(folder, key.clone(), surroundings)?;
    let store = PhoneStore::open(folder, &key)?;
    let mut parcels = Vec::new();
    for verb in 0..verbs {
        match (parcels.is_empty(), dice.below(5)) {
            (true, _) | (_, 0) => {
                let scanned =
                    replica.scan(&format!("SBWORK{verb:04}"), ScanFor::LoadingOut { place: None })?;
                let (ScanOutcome::New { record } | ScanOutcome::Known { record }) = scanned else {
                    bail!("{scanned:?}")
                };
                parcels.push(record);
            }
            (_, 1) => {
                let note = format!("第 {verb} 次");
                replica.edit(*dice.pick(&parcels), &[PlanEdit::note("notes", &note)])?;
            }
            (_, 2) => drop(replica.register_household(&NewHousehold {
                name: "新来的牧户".into(),
                language: None,
                drop_point: None,
                phone: Some("12491234567".into()),
            })?),
            _ => {
                let absent = Body::new().with(field::REASON, 1u64);
                replica.record(NewFact::new(*dice.pick(&parcels), delivery::ATTEMPTED, absent))?;
            }
        }
        let mut last: BTreeMap<DeviceNumber, u64> = BTreeMap::new();
        for held in store.facts_beyond(&BTreeMap::new())? {
            let n = last.entry(held.fact.id.device).or_default();
            *n = (*n).max(held.fact.id.n);
        }
        let mut line = store.unsent_changes()?.len().to_string();
        for (device, n) in last {
            line += &format!(" {}:{n}", device.0);
        }
        tell(&line);
    }
    Ok(())
}
