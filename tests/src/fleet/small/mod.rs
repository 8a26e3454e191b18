//! Small fleets by the thousand: three phones, some thirty facts, and every trouble that can be drawn.
//!
//! The same replicas, the same server, the same links and the same checker as in the big fleet; a county of one
//! station. What is done, which troubles come when, and in what weather everybody syncs, all follows from the seed.

mod copies;
mod county;
pub mod killed;
pub mod long_queue;
pub mod recorded;
mod template;
mod trouble;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub use template::Template;
pub use trouble::Trouble;

use super::checker::{self, Canaries, CountyFile, Evidence, Findings};
use super::clocks::Timeline;
use super::copying::copy_files;
use super::county_side::CountySide;
use super::courier::Phone;
use super::dice::Dice;
use super::gathering::{Door, Synchronised, Traveller, gather};
use super::ledger::Ledger;
use super::links::Links;
use super::names::Names;
use super::probes;
use super::script::{Gathering, Script};
use super::server::{Launch, OtherDisk, ServerProcess};
use super::strike;
use super::summary::Summary;
use super::world::World;
use crate::link::Weather;
use trouble::{Happens, weather};

/// What a small fleet came to.
#[derive(Clone, Debug, Default)]
pub struct Ended {
    /// Its numbers.
    pub summary: Summary,
    /// How often each trouble came.
    pub troubles: BTreeMap<&'static str, u64>,
    /// What is wrong, to be read; empty where nothing is.
    pub told: String,
}

/// Lets one small fleet live in `folder`, and checks what came of it. A copy of `template` is its county.
pub fn run(template: &Template, seed: u64, folder: &Path) -> Result<Ended> {
    let mut fleet = Fleet::set_up(template, seed, folder)?;
    let lived = fleet.live();
    fleet.end(lived)
}

struct Fleet {
    world: World,
    script: Script,
    troubles: Vec<Happens>,
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
    happened: BTreeMap<&'static str, u64>,
    folder: PathBuf,
    /// The last backup.
    backup: Option<PathBuf>,
    /// Names that were drawn beside the script's.
    drawn: usize,
}

/// What comes next.
#[derive(Clone, Copy)]
enum Turn {
    Step(usize),
    County(usize),
    Trouble(usize),
    Gathering(usize),
}

impl Fleet {
    fn set_up(template: &Template, seed: u64, folder: &Path) -> Result<Self> {
        let world = county::world(template.county(), seed);
        let mut script = Script::draw(&world);
        trouble::late_list(&world, &mut script);
        let troubles = trouble::draw(&world, &script);
        let data = folder.join("data");
        copy_files(&template.data(), &data)?;
        let clock_offset = folder.join("clock-offset");
        let timeline = Timeline::begin(world.day_ms(0), clock_offset.clone())?;
        let other_disk = OtherDisk(folder.join("other-disk"));
        let server = ServerProcess::start(Launch {
            binary: template.server().to_owned(),
            data: data.clone(),
            clock_offset,
            log: folder.join("server.log"),
            fault: template.fault().map(str::to_owned),
            over_tls: true,
            other_disk: Some(other_disk.clone()),
        })?;
        let county = CountySide::new(template.server(), &data, folder, &world)?.with_other_disk(other_disk);
        copy_files(&template.keys(), &folder.join("county/keys"))?;
        let mut names = template.names();
        let mut phones = Vec::new();
        for who in world.phones() {
            let phone = Phone::new(who, &world, &folder.join("phones"), timeline.now_ms())?;
            phone.enrol(&county.code_for(who, &server.url())?)?;
            phones.push(phone);
        }
        names.derive(&world, &phones.first().context("a phone")?.store.id_key()?)?;
        let links = Links::open(&world.phones(), world.seed, server.address())?;
        Ok(Self {
            world,
            script,
            troubles,
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
            happened: BTreeMap::new(),
            folder: folder.to_owned(),
            backup: None,
            drawn: 0,
        })
    }

    /// All that the script tells, and all troubles, each in its time.
    fn live(&mut self) -> Result<()> {
        let steps = self.script.steps.iter().enumerate();
        let county = self.script.county.iter().enumerate();
        let troubles = self.troubles.iter().enumerate();
        let gatherings = self.script.gatherings.iter().enumerate();
        let mut turns: Vec<(i64, Turn)> = steps
            .map(|(at, step)| (step.at_ms, Turn::Step(at)))
            .chain(county.map(|(at, step)| (step.at_ms, Turn::County(at))))
            .chain(troubles.map(|(at, happens)| (happens.at_ms, Turn::Trouble(at))))
            .chain(gatherings.map(|(at, gathering)| (gathering.at_ms, Turn::Gathering(at))))
            .collect();
        turns.sort_by_key(|(at_ms, _)| *at_ms);
        for (at_ms, turn) in turns {
            self.timeline.advance_to(at_ms);
            match turn {
                Turn::Step(at) => self.step(at)?,
                Turn::County(at) => {
                    self.timeline.bring_server_along()?;
                    let step = self.script.county.get(at).context("a step")?;
                    self.county.does(&step.act, &self.world, &mut self.names)?;
                }
                Turn::Trouble(at) => self.trouble(at)?,
                Turn::Gathering(at) => self.gather(at)?,
            }
        }
        Ok(())
    }

    fn step(&mut self, at: usize) -> Result<()> {
        let step = self.script.steps.get(at).context("a step")?;
        let phone = self.phones.iter_mut().find(|phone| phone.who == step.who);
        let phone = phone.context("somebody without a phone")?;
        phone.does(step, &self.world, &mut self.names, &mut self.ledger)
    }

    fn gather(&mut self, turn: usize) -> Result<()> {
        let gathering = *self.script.gatherings.get(turn).context("a gathering")?;
        let mut dice = Dice::new(self.world.seed, &format!("gathering {turn}"));
        self.timeline.bring_server_along()?;
        for phone in &self.phones {
            let weather = if gathering.quiet {
                Weather::clear()
            } else {
                weather(&mut dice)
            };
            self.links.change_weather_of(phone.who, &weather);
        }
        // Twice in peace: what the first one pushed comes down to others with the second.
        let rounds = if gathering.quiet { 2 } else { 1 };
        let at_once = dice.percent(60);
        for _ in 0..rounds {
            let mut travellers = self.travellers(gathering)?;
            self.door.set(true);
            while !travellers.is_empty() {
                let company = if at_once {
                    std::mem::take(&mut travellers)
                } else {
                    vec![travellers.swap_remove(dice.below(travellers.len()))]
                };
                let kills = usize::from(!gathering.quiet && dice.percent(15));
                self.travel(company, kills, &mut dice)?;
            }
            self.follow_names()?;
        }
        self.ledger.county_lacks &= !gathering.everybody;
        Ok(())
    }

    fn travellers(&mut self, gathering: Gathering) -> Result<Vec<Traveller>> {
        let mut travellers = Vec::new();
        for phone in &mut self.phones {
            if gathering.everybody || !phone.who.is_courier() {
                phone.clock.pass_to(gathering.at_ms);
                phone.clock.told();
                travellers.push(Traveller {
                    who: phone.who,
                    replica: phone.replica.clone(),
                    address: self.links.url(phone.who)?,
                });
            }
        }
        Ok(travellers)
    }

    fn travel(&mut self, company: Vec<Traveller>, kills: usize, dice: &mut Dice) -> Result<()> {
        let aim = Dice::new(self.world.seed, &format!("aim {}", dice.below(1_000_000)));
        // The server is at something else whenever it is struck.
        let later: Vec<_> = (0..kills).map(|_| trouble::a_moment(dice)).collect();
        let mut later = later.into_iter();
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
        let struck = || {
            std::thread::sleep(later.next().unwrap_or_default());
            strike(server, links, door, ledger, phones, found, folder)
        };
        let sum = gather(company, door, kills, aim, struck)?;
        self.synchronised.syncs += sum.syncs;
        self.synchronised.requests += sum.requests;
        Ok(())
    }

    /// The county's file while its server does not run.
    fn county_at_rest(&mut self) -> Result<CountyFile> {
        if !self.server.has_ended()? {
            self.server.kill()?;
        }
        CountyFile::read(&self.folder.join("data"), &self.folder)
    }

    /// What was found, to be read; empty where nothing was.
    fn found_so_far(&mut self) -> String {
        self.found.name_records(&self.names);
        let mut summary = Summary::default();
        summary.count(&self.found);
        if summary.is_clean() {
            String::new()
        } else {
            summary.told(&self.found)
        }
    }

    /// Stops the server for good and looks at what is there.
    fn end(mut self, lived: Result<()>) -> Result<Ended> {
        let canaries = Canaries::of(&self.world, &self.script);
        let kills = self.server.kills();
        self.server.kill()?;
        let heard = [probes::file(&self.folder.join("server.log"))?];
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
        match lived {
            Ok(()) => checker::check_at_rest(&evidence, &mut self.found)?,
            Err(error) => {
                checker::check_after_kill(&self.ledger, &county, &self.phones, &mut self.found)?;
                if self.found.all().values().all(|found| found.is_empty()) {
                    return Err(error);
                }
            }
        }
        canaries.check(&heard, &mut self.found);
        self.found.name_records(&self.names);
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
            forks: county.forks,
            held: county.held_reasons.clone(),
            bytes_up: counted.bytes_up,
            bytes_down: counted.bytes_down,
            ..Summary::default()
        };
        summary.count(&self.found);
        let told = if summary.is_clean() {
            String::new()
        } else {
            summary.told(&self.found)
        };
        Ok(Ended {
            summary,
            troubles: self.happened,
            told,
        })
    }
}
