//! A simulated fleet: real replicas against the real server, through bad links, from a seed.
//!
//! The script is drawn from the seed before anything happens: who does what at which moment of simulated
//! time, on phones and at the county. Acts happen one after the other; syncing happens at once, a thread for each
//! phone, so how requests, cuts and kills meet differs from run to run though each link and each kill is drawn from
//! the seed too. What must come out does not.

mod checker;
pub(crate) mod clocks;
mod copies;
pub(crate) mod copying;
mod county_side;
mod courier;
pub(crate) mod dice;
mod gathering;
mod ledger;
mod links;
mod mishaps;
mod names;
mod phone_store;
mod probes;
mod script;
pub(crate) mod server;
pub mod small;
mod summary;
mod world;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
pub use server::{built_beside, built_with_faults, program_beside};
pub use summary::Summary;

use crate::county::beijing;
use crate::link::Weather;
pub(crate) use checker::CountyFile;
use checker::{Canaries, Evidence, Findings};
use clocks::Timeline;
use county_side::CountySide;
use courier::Phone;
use dice::Dice;
use gathering::{Door, Synchronised, Traveller, gather};
use ledger::Ledger;
use links::Links;
use mishaps::{Befallen, Mishap, Spare};
use names::Names;
use saddlebag_records::id::DeviceNumber;
use script::{CountyStep, Gathering, Script, Step};
use server::{Launch, OtherDisk, ServerProcess};
use world::World;

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Options {
    /// `saddlebag-sync-server`.
    pub server: PathBuf,
    /// Everything is drawn from it.
    pub seed: u64,
    /// How many couriers, 2 to 900.
    pub couriers: usize,
    /// How many days each is offline, 1 to 7.
    pub days: usize,
    /// Whether the server is killed while it serves.
    pub kills: bool,
    /// A planted fault of a server that was built with `planted-faults`.
    pub fault: Option<String>,
    /// Where everything goes: data, phones, logs.
    pub folder: PathBuf,
}

/// A run that has ended, with its server still there.
pub struct Ended {
    /// Its numbers.
    pub summary: Summary,
    /// What happened, to be read.
    pub told: String,
    server: ServerProcess,
}

impl Ended {
    /// Starts the server once more on what the fleet left, and gives its address.
    pub fn serve_on(&mut self) -> Result<String> {
        self.server.start_again()?;
        Ok(self.server.url())
    }
}

/// Simulates a fleet and checks what came of it. `tell` hears how it goes, a line at a time.
pub fn run(options: &Options, tell: &dyn Fn(&str)) -> Result<Ended> {
    let began = Instant::now();
    let at = |what: &str| tell(&format!("{:5.1} s  {what}", seconds(began)));
    let mut fleet = Fleet::set_up(options, &at)?;
    let lived = fleet.live(&at);
    let ended = fleet.end(began, lived, tell)?;
    at("checked");
    Ok(ended)
}

/// Phones that enrol between two words about it.
const TOLD_EVERY: usize = 10;

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

/// Everything that is there while the fleet is out.
struct Fleet {
    world: World,
    script: Script,
    names: Names,
    ledger: Ledger,
    phones: Vec<Phone>,
    links: Links,
    server: ServerProcess,
    county: CountySide,
    timeline: Timeline,
    door: Door,
    found: Findings,
    synchronised: Synchronised,
    folder: PathBuf,
    kills: bool,
    /// What is still to happen, and when.
    mishaps: Vec<(i64, Mishap)>,
    befallen: Befallen,
    /// Names that were drawn beside the script's.
    rides: usize,
    /// A copy of a phone's folder.
    copy: Option<PathBuf>,
    /// The last backup.
    backup: Option<PathBuf>,
    /// The number of the phone in the river.
    drowned: Option<DeviceNumber>,
}

impl Fleet {
    fn set_up(options: &Options, tell: &dyn Fn(&str)) -> Result<Self> {
        let world = World::draw(options.seed, options.couriers, options.days)?;
        let script = Script::draw(&world);
        let folder = options.folder.clone();
        let (data, clock_offset) = (folder.join("data"), folder.join("clock-offset"));
        std::fs::create_dir_all(&data)?;
        let timeline = Timeline::begin(world.day_ms(0), clock_offset.clone())?;
        let other_disk = OtherDisk(folder.join("other-disk"));
        let county =
            CountySide::new(&options.server, &data, &folder, &world)?.with_other_disk(other_disk.clone());
        county.draw_server_keys()?;
        let server = ServerProcess::start(Launch {
            binary: options.server.clone(),
            data: data.clone(),
            clock_offset,
            log: folder.join("server.log"),
            fault: options.fault.clone(),
            over_tls: true,
            other_disk: Some(other_disk),
        })?;
        county.found()?;
        tell("the county is founded; its places, people and parcels come in");
        let mut names = Names::default();
        county.import(&world, &mut names)?;
        let mut phones = Vec::new();
        let all = world.phones().len();
        for who in world.phones() {
            if phones.len().is_multiple_of(TOLD_EVERY) {
                tell(&format!("{} of {all} phones are enrolled", phones.len()));
            }
            let phone = Phone::new(who, &world, &folder.join("phones"), timeline.now_ms())?;
            phone.enrol(&county.code_for(who, &server.url())?)?;
            phones.push(phone);
        }
        for spare in Spare::all() {
            let phone = Phone::second(spare, &world, &folder.join("phones"), timeline.now_ms())?;
            phone.enrol(&county.code_for(phone.who, &server.url())?)?;
            phones.push(phone);
        }
        tell(&format!(
            "all {all} phones are enrolled, and {} second ones; the couriers ride off",
            phones.len() - all
        ));
        names.derive(&world, &phones.first().context("a phone")?.store.id_key()?)?;
        let links = Links::open(&world.phones(), world.seed, server.address())?;
        Ok(Self {
            mishaps: mishaps::draw(&world, &script)?,
            befallen: Befallen::default(),
            rides: 0,
            copy: None,
            backup: None,
            drowned: None,
            world,
            script,
            names,
            ledger: Ledger::default(),
            phones,
            links,
            server,
            county,
            timeline,
            door: Door::default(),
            found: Findings::default(),
            synchronised: Synchronised::default(),
            folder,
            kills: options.kills,
        })
    }

    /// All that the script tells, in its time.
    fn live(&mut self, tell: &dyn Fn(&str)) -> Result<()> {
        let mut steps = std::mem::take(&mut self.script.steps).into_iter().peekable();
        let mut county = std::mem::take(&mut self.script.county).into_iter().peekable();
        let (mut done, mut county_done) = (Vec::new(), Vec::new());
        for (turn, gathering) in self.script.gatherings.clone().into_iter().enumerate() {
            loop {
                let step_at = steps
                    .peek()
                    .map(|step| step.at_ms)
                    .filter(|at| *at < gathering.at_ms);
                let county_at = county
                    .peek()
                    .map(|step| step.at_ms)
                    .filter(|at| *at < gathering.at_ms);
                if let Some(next) = step_at.into_iter().chain(county_at).min() {
                    self.befalls(next)?;
                }
                match (step_at, county_at) {
                    (Some(at), Some(county_at)) if at < county_at => done.extend(self.next_step(&mut steps)?),
                    (_, Some(_)) => county_done.extend(self.next_at_county(&mut county)?),
                    (Some(_), None) => done.extend(self.next_step(&mut steps)?),
                    (None, None) => break,
                }
            }
            self.befalls(gathering.at_ms)?;
            tell(&format!(
                "{} acts on phones, {} at the county",
                done.len(),
                county_done.len()
            ));
            let kills = self.server.kills();
            let sum = self.gather(turn, gathering)?;
            tell(&format!(
                "{}: {} synced in {} sessions and {} requests, the server was killed {} times",
                beijing(gathering.at_ms),
                if gathering.everybody {
                    "everybody"
                } else {
                    "the desks"
                },
                sum.syncs,
                sum.requests,
                self.server.kills() - kills
            ));
        }
        ensure!(
            steps.peek().is_none() && county.peek().is_none() && self.mishaps.is_empty(),
            "the script goes on after the last gathering"
        );
        self.script.steps.extend(done);
        self.script.county = county_done;
        Ok(())
    }

    fn next_step(&mut self, steps: &mut impl Iterator<Item = Step>) -> Result<Option<Step>> {
        let Some(step) = steps.next() else { return Ok(None) };
        self.timeline.advance_to(step.at_ms);
        let phone = self
            .phones
            .iter_mut()
            .find(|phone| phone.is((step.who, None)))
            .context("somebody without a phone")?;
        phone.does(&step, &self.world, &mut self.names, &mut self.ledger)?;
        Ok(Some(step))
    }

    fn next_at_county(&mut self, steps: &mut impl Iterator<Item = CountyStep>) -> Result<Option<CountyStep>> {
        let Some(step) = steps.next() else { return Ok(None) };
        self.timeline.advance_to(step.at_ms);
        self.timeline.bring_server_along()?;
        self.county.does(&step.act, &self.world, &mut self.names)?;
        Ok(Some(step))
    }

    fn gather(&mut self, turn: usize, gathering: Gathering) -> Result<Synchronised> {
        self.timeline.advance_to(gathering.at_ms);
        self.timeline.bring_server_along()?;
        self.links.change_weather(&if gathering.quiet {
            Weather::clear()
        } else {
            Weather::bad()
        });
        // Twice in peace: what the first one pushed comes down to others with the second.
        let mut all = Synchronised::default();
        let kills = if self.kills { gathering.kills } else { 0 };
        let rounds = if gathering.quiet { 2 } else { 1 };
        for round in 0..rounds {
            let mut travellers = Vec::new();
            for phone in self
                .phones
                .iter_mut()
                .filter(|phone| gathering.everybody || !phone.who.is_courier() || phone.spare.is_some())
            {
                phone.clock.pass_to(gathering.at_ms);
                phone.clock.told();
                let address = self.links.url(phone.who)?;
                travellers.push(Traveller {
                    who: phone.who,
                    replica: phone.replica.clone(),
                    address,
                });
            }
            self.door.set(true);
            let dice = Dice::new(self.world.seed, &format!("kills {turn} {round}"));
            let Self {
                door,
                server,
                links,
                ledger,
                phones,
                found,
                folder,
                ..
            } = self;
            let strike = || strike(server, links, door, ledger, phones, found, folder);
            let sum = gather(travellers, door, kills, dice, strike)?;
            all.syncs += sum.syncs;
            all.requests += sum.requests;
            self.put_the_emptied_away()?;
            self.follow_names()?;
        }
        self.ledger.county_lacks &= !gathering.everybody;
        self.synchronised.syncs += all.syncs;
        self.synchronised.requests += all.requests;
        ensure!(
            !self.server.has_ended()?,
            "the server ended by itself: see {}",
            self.folder.join("server.log").display()
        );
        Ok(all)
    }

    /// Stops the server for good and looks at what is there. A script that could not go on may have built on something
    /// that was lost: then that is what there is to tell, and its error else.
    fn end(mut self, began: Instant, lived: Result<()>, tell: &dyn Fn(&str)) -> Result<Ended> {
        let canaries = Canaries::of(&self.world, &self.script);
        let mut heard = probes::hear(&self.server, &canaries)?;
        let kills = self.server.kills();
        self.server.kill()?;
        heard.push(probes::file(&self.folder.join("server.log"))?);
        let county = CountyFile::read(&self.folder.join("data"), &self.folder)?;
        let evidence = Evidence {
            world: &self.world,
            script: &self.script,
            names: &self.names,
            ledger: &self.ledger,
            phones: &self.phones,
            county: &county,
            now_ms: self.timeline.now_ms(),
        };
        for spare in self.who_has_not_left() {
            self.found
                .waiting
                .push(format!("the phone that is {spare:?} holds a store"));
        }
        match lived {
            Ok(()) => checker::check_at_rest(&evidence, &mut self.found)?,
            Err(error) => {
                checker::check_after_kill(&self.ledger, &county, &self.phones, &mut self.found)?;
                if self.found.all().values().all(|found| found.is_empty()) {
                    return Err(error);
                }
                tell(&format!("the script cannot go on: {error:#}"));
            }
        }
        canaries.check(&heard, &mut self.found);
        self.found.name_records(&self.names);
        self.found.write(&self.folder.join("findings.txt"))?;
        let counted = self.links.counted();
        let mut summary = Summary {
            seed: self.world.seed,
            couriers: self.world.couriers.len() as u64,
            days: self.world.days as u64,
            records: county.records.len() as u64,
            facts: county.facts.len() as u64,
            saved_facts: self.ledger.facts.len() as u64,
            saved_edits: self.ledger.changes.len() as u64,
            syncs: self.synchronised.syncs,
            requests: self.synchronised.requests,
            cuts: counted.cuts,
            lost_answers: counted.lost_answers,
            duplicates: counted.duplicates,
            server_kills: kills,
            restores: self.befallen.restores,
            gone_with_phone: self.befallen.gone_with_phone.len() as u64,
            forks: county.forks,
            held: county.held_reasons.clone(),
            bytes_up: counted.bytes_up,
            bytes_down: counted.bytes_down,
            ..Summary::default()
        };
        summary.count(&self.found);
        summary.seconds = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
        let mut told = summary.told(&self.found);
        for gone in &self.befallen.gone_with_phone {
            told.push_str(&format!("gone with a phone: {gone}\n"));
        }
        Ok(Ended {
            summary,
            told,
            server: self.server,
        })
    }
}

/// Kills the server in the middle of whatever it is at, checks that all that it had confirmed is there, and starts it
/// again.
fn strike(
    server: &mut ServerProcess,
    links: &Links,
    door: &Door,
    ledger: &Ledger,
    phones: &[Phone],
    found: &mut Findings,
    folder: &Path,
) -> Result<()> {
    door.set(false);
    server.kill()?;
    let county = CountyFile::read(&folder.join("data"), folder)?;
    checker::check_after_kill(ledger, &county, phones, found)?;
    links.lead_to(server.start_again()?);
    door.set(true);
    Ok(())
}
