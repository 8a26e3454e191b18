//! SIGKILL, at moments that nobody chose, of a server that three phones push to, and of the command line on a phone.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use saddlebag_records::fact::{Body, field, kinds::delivery};
use saddlebag_records::id::RecordId;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::sync::{Patience, SyncError, SyncOptions};
use saddlebag_replica::{NewFact, NewHousehold, Replica};

use super::{Fleet, Template};
use crate::fleet::checker;
use crate::fleet::clocks::MINUTE_MS;
use crate::fleet::courier::store_key;
use crate::fleet::dice::Dice;
use crate::fleet::gathering::Traveller;
use crate::fleet::ledger::Saves;
use crate::fleet::phone_store::PhoneStore;
use crate::fleet::script::Item;
use crate::fleet::world::{Coming, Who};
use crate::link::Weather;

/// What a siege by kills came to.
#[derive(Clone, Debug, Default)]
pub struct Killed {
    /// Processes killed.
    pub kills: u64,
    /// Facts that were told to be saved by then.
    pub facts: u64,
    /// Sessions that had ended well by then.
    pub syncs: u64,
    /// What is wrong, to be read; empty where nothing is.
    pub told: String,
}

/// Code of `failure_reason`.
const ABSENT: u64 = 1;

/// Kills the server so many times while all phones write and sync without pause, and looks after each whether what was
/// confirmed is there.
pub fn server(template: &Template, seed: u64, kills: u64, folder: &Path) -> Result<Killed> {
    let mut fleet = Fleet::set_up(template, seed, folder)?;
    let mut dice = Dice::new(seed, "kills of a server");
    let mut killed = Killed::default();
    fleet.sync_in_peace()?;
    for _ in 0..kills {
        let whole = Duration::from_micros(dice.below(500_000) as u64 + 5_000);
        killed.syncs += fleet.work_until_killed(whole, dice.below(usize::MAX) as u64)?;
        killed.kills += 1;
    }
    fleet.links.change_weather(&Weather::clear());
    fleet.sync_in_peace()?;
    let county = fleet.county_at_rest()?;
    checker::check_after_kill(&fleet.ledger, &county, &fleet.phones, &mut fleet.found)?;
    checker::check_doubles(&fleet.ledger, &county, &mut fleet.found);
    for saved in &fleet.ledger.facts {
        ensure!(
            county.has(saved.fact.id, saved.hash),
            "{} did not arrive in peace",
            saved.fact.id
        );
    }
    killed.facts = fleet.ledger.facts.len() as u64;
    killed.told = fleet.found_so_far();
    Ok(killed)
}

impl Fleet {
    /// One phone after the other, until nothing waits.
    pub(super) fn sync_in_peace(&mut self) -> Result<()> {
        self.links.change_weather(&Weather::clear());
        self.door.set(true);
        for _ in 0..2 {
            let mut company = Vec::new();
            for phone in &mut self.phones {
                phone.clock.told();
                company.push(Traveller {
                    who: phone.who,
                    replica: phone.replica.clone(),
                    address: self.links.url(phone.who)?,
                });
            }
            let mut dice = Dice::new(self.world.seed, "peace");
            self.travel(company, 0, &mut dice)?;
        }
        Ok(())
    }

    /// Somebody at work for each phone.
    pub(super) fn hands(&mut self, seed: u64) -> Result<Vec<Hands>> {
        let mut hands = Vec::new();
        for phone in &mut self.phones {
            phone.clock.pass_to(self.timeline.now_ms());
            let mut parcels = Vec::new();
            for (at, parcel) in self.world.parcels.iter().enumerate() {
                if let (Coming::Assigned(courier), Who::Courier(own)) = (parcel.coming, phone.who)
                    && courier == own
                {
                    parcels.push(self.names.record(Item::Parcel(at))?);
                }
            }
            hands.push(Hands {
                replica: phone.replica.clone(),
                parcels,
                address: self.links.url(phone.who)?,
                dice: Dice::new(seed, &phone.who.key()),
            });
        }
        Ok(hands)
    }

    /// All phones write and sync until the server is killed after this long. How many sessions ended well.
    fn work_until_killed(&mut self, whole: Duration, seed: u64) -> Result<u64> {
        let stop = AtomicBool::new(false);
        let done = AtomicU64::new(0);
        let hands = self.hands(seed)?;
        let worked: Result<()> = std::thread::scope(|scope| {
            let (stop, done) = (&stop, &done);
            let all: Vec<_> = hands
                .into_iter()
                .map(|hands| scope.spawn(move || hands.work(stop, done, &mut |_| Ok(()))))
                .collect();
            std::thread::sleep(whole);
            let killed = self.server.kill();
            stop.store(true, Ordering::Relaxed);
            for one in all {
                match one.join() {
                    Ok(worked) => worked?,
                    Err(_) => bail!("a panic on a phone"),
                }
            }
            killed
        });
        worked?;
        for phone in &mut self.phones {
            self.ledger
                .take_down(phone, Saves::Nothing, self.timeline.now_ms(), true)?;
        }
        self.timeline.advance_to(self.timeline.now_ms() + MINUTE_MS);
        self.timeline.bring_server_along()?;
        let county = self.county_at_rest()?;
        checker::check_after_kill(&self.ledger, &county, &self.phones, &mut self.found)?;
        self.links.lead_to(self.server.start_again()?);
        Ok(done.into_inner())
    }
}

/// Somebody who writes and syncs without pause.
pub(super) struct Hands {
    replica: Replica,
    parcels: Vec<RecordId>,
    address: String,
    dice: Dice,
}

impl Hands {
    /// Writes and syncs until it is told to stop. `look` is called before and after each session, after with true.
    pub(super) fn work(
        mut self,
        stop: &AtomicBool,
        done: &AtomicU64,
        look: &mut dyn FnMut(bool) -> Result<()>,
    ) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        while !stop.load(Ordering::Relaxed) {
            for _ in 0..self.dice.between(1, 5) {
                self.write()?;
            }
            look(false)?;
            let options = SyncOptions {
                address: Some(self.address.clone()),
                patience: Patience {
                    first: Duration::ZERO,
                    longest: Duration::ZERO,
                    failures: 1,
                },
                ..SyncOptions::default()
            };
            match runtime.block_on(self.replica.sync(options)) {
                Ok(_) => drop(done.fetch_add(1, Ordering::Relaxed)),
                Err(SyncError::Link(error)) if error.is_passing() => {}
                Err(error) => return Err(error.into()),
            }
            look(true)?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let parcel = if self.parcels.is_empty() {
            None
        } else {
            Some(*self.dice.pick(&self.parcels))
        };
        match (parcel, self.dice.below(4)) {
            (Some(parcel), 0) => {
                let note = format!("第 {} 次", self.dice.below(1_000_000));
                self.replica.edit(parcel, &[PlanEdit::note("notes", &note)])?;
            }
            (Some(parcel), _) => {
                let absent = Body::new().with(field::REASON, ABSENT);
                self.replica
                    .record(NewFact::new(parcel, delivery::ATTEMPTED, absent))?;
            }
            (None, _) => drop(self.replica.register_household(&NewHousehold {
                name: "新来的牧户".into(),
                language: None,
                drop_point: None,
                phone: None,
            })?),
        }
        Ok(())
    }
}

/// Kills the command line so many times while it scans and syncs, and looks after each whether what it had told to be
/// saved is there.
pub fn command_line(template: &Template, cli: &Path, seed: u64, kills: u64, folder: &Path) -> Result<Killed> {
    let mut fleet = Fleet::set_up(template, seed, folder)?;
    fleet.sync_in_peace()?;
    let mut dice = Dice::new(seed, "kills of the command line");
    let mut killed = Killed::default();
    let phone = fleet.phones.first().context("a phone")?;
    let (folder, key) = (phone.replica.dir().to_owned(), store_key(&fleet.world, phone.who));
    // From here on it is the command line's.
    fleet.phones.clear();
    let address = fleet.server.url();
    let mut at_work = CommandLine {
        cli: cli.to_owned(),
        folder: folder.clone(),
        address,
        next: 0,
        told: Vec::new(),
    };
    while killed.kills < kills {
        let whole = Duration::from_micros(dice.below(300_000) as u64 + 500);
        killed.syncs += at_work.until(Instant::now() + whole, &mut dice)?;
        killed.kills += 1;
        let store = PhoneStore::open(&folder, &key).context("the store does not open after a kill")?;
        let facts = store.facts()?;
        for record in &at_work.told {
            if !facts.iter().any(|held| held.fact.record == *record) {
                killed.told += &format!("the scan of {record} was told to be saved, and is not there\n");
            }
        }
        let own = store.facts_beyond(&std::collections::BTreeMap::new())?;
        let mut last = std::collections::BTreeMap::new();
        for held in own {
            let before = last.insert(held.fact.id.device, held.fact.id.n).unwrap_or(0);
            ensure!(held.fact.id.n == before + 1, "{} follows {before}", held.fact.id);
        }
    }
    at_work.runs(&["sync"])?.context("the last sync was not done")?;
    let county = fleet.county_at_rest()?;
    for record in &at_work.told {
        if !county
            .facts
            .values()
            .any(|admitted| admitted.fact.record == *record)
        {
            killed.told += &format!("the scan of {record} is not at the county\n");
        }
    }
    killed.facts = at_work.told.len() as u64;
    Ok(killed)
}

/// `saddlebag` on a phone's folder.
struct CommandLine {
    cli: PathBuf,
    folder: PathBuf,
    address: String,
    next: u64,
    /// The records whose scans it told to be saved.
    told: Vec<RecordId>,
}

impl CommandLine {
    fn start(&self, words: &[&str]) -> Result<Child> {
        let mut command = Command::new(&self.cli);
        command.arg("--json").arg("--dir").arg(&self.folder).args(words);
        if words.first() == Some(&"sync") {
            command.args(["--address", &self.address]);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().with_context(|| self.cli.display().to_string())
    }

    /// What it answers; none where it could not.
    fn runs(&self, words: &[&str]) -> Result<Option<serde_json::Value>> {
        let said = self.start(words)?.wait_with_output()?;
        Ok(serde_json::from_slice(&said.stdout)
            .ok()
            .filter(|_| said.status.success()))
    }

    /// Runs one verb after the other until this moment, at which it kills the one that runs. How many syncs were done.
    fn until(&mut self, end: Instant, dice: &mut Dice) -> Result<u64> {
        let mut syncs = 0;
        loop {
            self.next += 1;
            let waybill = format!("SBKILL{:06}", self.next);
            let is_sync = dice.percent(25);
            let mut child = if is_sync {
                self.start(&["sync"])?
            } else {
                self.start(&["scan", &waybill])?
            };
            let ended = loop {
                if let Some(status) = child.try_wait()? {
                    break Some(status);
                }
                if Instant::now() >= end {
                    child.kill()?;
                    break None;
                }
                std::thread::sleep(Duration::from_micros(200));
            };
            let said = child.wait_with_output()?;
            // Whatever it managed to tell counts, killed or not.
            let answer: Option<serde_json::Value> = serde_json::from_slice(&said.stdout).ok();
            let scanned: Option<RecordId> = answer
                .as_ref()
                .and_then(|answer| answer.get("record")?.as_str()?.parse().ok());
            self.told.extend(scanned);
            match ended {
                None => return Ok(syncs),
                Some(status) if status.success() => syncs += u64::from(is_sync),
                Some(_) if is_sync => {}
                Some(_) => bail!("{}", String::from_utf8_lossy(&said.stderr)),
            }
        }
    }
}
