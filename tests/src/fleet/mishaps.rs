//! What befalls some phones, and once the county, beside what the script tells.
//!
//! Some couriers carry a second phone, on which they register households. One of these falls into the river, one is lost
//! and found by somebody else, one is given back. Of others there are copies by and by (`copies`). And the county's disk
//! dies, with all that came in since the backup of the day before.

use anyhow::{Context as _, Result, ensure};
use saddlebag_replica::Replica;

use super::Fleet;
use super::clocks::{HOUR_MS, MINUTE_MS};
use super::copies;
use super::courier::Phone;
use super::script::{Act, Item, Script, Step, StepId};
use super::world::{Who, World};

/// A second phone, by what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spare {
    /// Falls into the river with what it has not sent.
    Drowned,
    /// Is lost, and then syncs once more in somebody else's hands: what it brings is kept apart.
    Lost,
    /// Is given back, and emptied once a backup covers all that it wrote.
    Retired,
    /// Has a copy of the first one's folder. It stays.
    Twin,
}

impl Spare {
    /// Those that the county enrols.
    const ALL: [Self; 3] = [Self::Drowned, Self::Lost, Self::Retired];

    /// Whose it is: of another courier each, where there are so many.
    pub(crate) fn owner(self, world: &World) -> Who {
        Who::Courier(self as usize % world.couriers.len().max(1))
    }

    /// Every second phone that is enrolled as one.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    /// Its name among folders.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Drowned => "drowned",
            Self::Lost => "lost",
            Self::Retired => "retired",
            Self::Twin => "twin",
        }
    }
}

/// Something that happens at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mishap {
    /// Second phones record something.
    Ride(&'static [Spare]),
    /// The county is backed up.
    Backup,
    /// A phone falls into the river.
    Drowning,
    /// The admin hears of the lost phones, and is given one back.
    Reported,
    /// The county's disk dies and is replaced.
    DiskLost,
    /// Somebody writes this and that, some of it about this parcel.
    Writes {
        who: Who,
        spare: Option<Spare>,
        parcel: Item,
    },
    /// A copy of a phone's folder is made.
    Copied { who: Who },
    /// A phone is put back to what the copy holds.
    PutBack { who: Who },
    /// A phone syncs while no other one does.
    SyncsAlone { who: Who },
    /// A phone's folder is copied to another one.
    Cloned { who: Who },
    /// A courier gives a parcel to another one, as no courier may.
    GivesAway { who: Who, parcel: Item },
}

/// When each of them happens, UTC milliseconds, in order.
pub(crate) fn draw(world: &World, script: &Script) -> Result<Vec<(i64, Mishap)>> {
    let back = world.day_ms(world.days);
    let mut mishaps = vec![
        (world.day_ms(0) + 6 * HOUR_MS, Mishap::Ride(&Spare::ALL)),
        (world.day_ms(1) + 4 * HOUR_MS, Mishap::Backup),
        (back + HOUR_MS, Mishap::Ride(&Spare::ALL)),
        (back + 2 * HOUR_MS, Mishap::Drowning),
        (back + 2 * HOUR_MS + MINUTE_MS, Mishap::Reported),
        (back + 7 * HOUR_MS, Mishap::DiskLost),
        (back + 9 * HOUR_MS + 30 * MINUTE_MS, Mishap::Backup),
    ];
    mishaps.extend(copies::draw(world, script)?);
    mishaps.sort_by_key(|(at_ms, _)| *at_ms);
    Ok(mishaps)
}

/// What came of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Befallen {
    /// How often the county was restored.
    pub(crate) restores: u64,
    /// What went down with a phone before it had left it.
    pub(crate) gone_with_phone: Vec<String>,
}

impl Fleet {
    /// Lets happen whatever comes before this moment.
    pub(super) fn befalls(&mut self, until_ms: i64) -> Result<()> {
        while let Some((at_ms, mishap)) = self.mishaps.first().copied() {
            if at_ms >= until_ms {
                break;
            }
            self.mishaps.remove(0);
            self.timeline.advance_to(at_ms);
            self.timeline.bring_server_along()?;
            self.befall(mishap, at_ms)
                .with_context(|| format!("{mishap:?}"))?;
        }
        Ok(())
    }

    fn befall(&mut self, mishap: Mishap, at_ms: i64) -> Result<()> {
        match mishap {
            Mishap::Ride(spares) => spares.iter().try_for_each(|spare| {
                let who = spare.owner(&self.world);
                self.registers((who, Some(*spare)), at_ms)
            }),
            Mishap::Writes { who, spare, parcel } => self.writes((who, spare), parcel, at_ms),
            Mishap::Copied { who } => self.copy(who),
            Mishap::PutBack { who } => self.put_back(who),
            Mishap::SyncsAlone { who } => self.syncs_alone(who, at_ms),
            Mishap::Cloned { who } => self.clone_phone(who),
            Mishap::GivesAway { who, parcel } => self.gives_away(who, parcel, at_ms),
            Mishap::Backup => {
                self.backup = Some(self.county.backup()?);
                Ok(())
            }
            Mishap::Drowning => {
                let drowned = self.take_away(Spare::Drowned)?;
                let gone = self.ledger.goes_with(drowned.who, &drowned.store)?;
                ensure!(!gone.is_empty(), "nothing was lost in the river");
                self.befallen.gone_with_phone.extend(gone);
                self.drowned = Some(drowned.number()?);
                Ok(())
            }
            Mishap::Reported => {
                let drowned = self.drowned.context("a drowned phone")?;
                self.county.leave("lost", drowned)?;
                for (verb, spare) in [("lost", Spare::Lost), ("retire", Spare::Retired)] {
                    let phone = self.phones.iter().find(|phone| phone.spare == Some(spare));
                    self.county
                        .leave(verb, phone.context("a second phone")?.number()?)?;
                }
                Ok(())
            }
            Mishap::DiskLost => {
                self.server.kill()?;
                let backup = self.backup.clone().context("a backup")?;
                self.county.lose_the_disk_and_restore(&backup)?;
                self.links.lead_to(self.server.start_again()?);
                self.befallen.restores += 1;
                self.ledger.county_lacks = true;
                Ok(())
            }
        }
    }

    /// A name that the script, which counts from zero, has not, and the how manyeth it is.
    pub(super) fn new_item(&mut self) -> (Item, usize) {
        self.rides += 1;
        (Item::Made(usize::MAX - self.rides), self.rides)
    }

    /// Somebody registers a household.
    pub(super) fn registers(&mut self, whose: (Who, Option<Spare>), at_ms: i64) -> Result<()> {
        let (item, at) = self.new_item();
        let act = Act::Register {
            item,
            name: format!("第{at}户"),
            phone: self.world.new_phone(self.world.couriers.len() + at),
        };
        self.does(whose, at_ms, act)
    }

    /// Somebody does something of which the script says nothing.
    pub(super) fn does(&mut self, whose: (Who, Option<Spare>), at_ms: i64, act: Act) -> Result<()> {
        let (_, at) = self.new_item();
        let step = Step {
            id: StepId(usize::MAX - at),
            at_ms,
            who: whose.0,
            act,
        };
        let Self {
            phones,
            world,
            names,
            ledger,
            script,
            ..
        } = self;
        let phone = phones.iter_mut().find(|phone| phone.is(whose));
        phone
            .context("a phone of theirs")?
            .does(&step, world, names, ledger)?;
        script.steps.push(step);
        Ok(())
    }

    /// Whose phone it is, and which of theirs.
    pub(super) fn phone(&self, whose: (Who, Option<Spare>)) -> Result<&Phone> {
        let phone = self.phones.iter().find(|phone| phone.is(whose));
        phone.context("a phone of theirs")
    }

    fn take_away(&mut self, spare: Spare) -> Result<Phone> {
        let at = self.phones.iter().position(|phone| phone.spare == Some(spare));
        Ok(self.phones.swap_remove(at.context("a second phone")?))
    }

    /// Phones that the county's order has emptied sync no more, and show nothing.
    pub(super) fn put_the_emptied_away(&mut self) -> Result<()> {
        for spare in [Spare::Lost, Spare::Retired] {
            let phone = self.phones.iter().find(|phone| phone.spare == Some(spare));
            if let Some(phone) = phone
                && Replica::wiped(phone.replica.dir())?.is_some()
            {
                drop(self.take_away(spare)?);
            }
        }
        Ok(())
    }

    /// Whatever should have left and has not.
    pub(super) fn who_has_not_left(&self) -> Vec<Spare> {
        let spares = self.phones.iter().filter_map(|phone| phone.spare);
        spares.filter(|spare| *spare != Spare::Twin).collect()
    }
}
