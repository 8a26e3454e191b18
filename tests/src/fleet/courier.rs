//! A phone, or a computer at a desk: a real replica in somebody's hands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use saddlebag_replica::surroundings::{SeededRandomness, Surroundings, TrustedRoots};
use saddlebag_replica::{
    AppealOutcome, Fix, NewCamp, NewConsent, NewFact, NewHousehold, NewTip, Replica, ScanFor, ScanOutcome,
    Scope, StoreKey, TakenCash, TipOutcome, read_enrolment,
};

use super::clocks::PhoneClock;
use super::copying::copy_files;
use super::dice::sub_seed;
use super::ledger::{Ledger, Saves, TakenDown};
use super::mishaps::Spare;
use super::names::Names;
use super::phone_store::{PhoneStore, takes_its_person_for};
use super::script::{Act, Agreed, Item, Purpose, Step};
use super::world::{Who, World};

/// Codes of `season` and `how_consent_given`.
const SPRING: u16 = 1;
const SPOKEN: u16 = 1;

/// A replica, whose it is, and its clock.
pub(crate) struct Phone {
    pub(crate) who: Who,
    /// Which second phone of theirs it is; none for the first.
    pub(crate) spare: Option<Spare>,
    pub(crate) replica: Replica,
    pub(crate) clock: PhoneClock,
    pub(crate) store: PhoneStore,
    pub(crate) taken_down: TakenDown,
}

/// The key of somebody's store.
pub(super) fn store_key(world: &World, who: Who) -> StoreKey {
    StoreKey(*blake3::hash(&sub_seed(world.seed, &who.key()).to_be_bytes()).as_bytes())
}

/// A phone's store that lies in this folder, opened anew.
fn reopened(who: Who, world: &World, disk: &Path, clock: &PhoneClock) -> Result<(Replica, PhoneStore)> {
    let name = disk.file_name().context("a folder")?.to_string_lossy();
    let surroundings = Surroundings {
        clock: clock.hands(),
        // No number that was drawn before comes again.
        randomness: Arc::new(SeededRandomness::new(sub_seed(world.seed, &name))),
        built_ms: world.built_ms(),
        roots: TrustedRoots::bundled(),
    };
    let key = store_key(world, who);
    let replica = Replica::open(disk, key.clone(), surroundings)?;
    Ok((replica, PhoneStore::open(disk, &key)?))
}

impl Phone {
    /// A phone that nobody has enrolled yet, with its store below this folder.
    pub(crate) fn new(who: Who, world: &World, folder: &Path, now_ms: i64) -> Result<Self> {
        Self::named(&who.key(), who, None, world, folder, now_ms)
    }

    /// A second phone, likewise.
    pub(crate) fn second(spare: Spare, world: &World, folder: &Path, now_ms: i64) -> Result<Self> {
        let who = spare.owner(world);
        let name = format!("{}-{}", who.key(), spare.name());
        Self::named(&name, who, Some(spare), world, folder, now_ms)
    }

    fn named(
        name: &str,
        who: Who,
        spare: Option<Spare>,
        world: &World,
        folder: &Path,
        now_ms: i64,
    ) -> Result<Self> {
        let folder = folder.join(name);
        let seed = sub_seed(world.seed, name);
        let key = store_key(world, who);
        let clock = PhoneClock::new(world.clock_of(who), now_ms);
        let surroundings = Surroundings {
            clock: clock.hands(),
            randomness: Arc::new(SeededRandomness::new(seed)),
            built_ms: world.built_ms(),
            roots: TrustedRoots::bundled(),
        };
        let replica = Replica::open(&folder, key.clone(), surroundings)?;
        let store = PhoneStore::open(&folder, &key)?;
        // Where the command line looks for it: `saddlebag --dir FOLDER/phones/C01 …`.
        std::fs::write(folder.with_added_extension("key"), hex::encode(key.0))?;
        Ok(Self {
            who,
            spare,
            replica,
            clock,
            store,
            taken_down: TakenDown::default(),
        })
    }

    /// Another phone with a copy of this one's folder, as it lies on the disk now. It is no nearer to this one than any
    /// other: it draws and counts time by itself.
    pub(crate) fn twin(&self, world: &World, folder: &Path, time: usize) -> Result<Self> {
        let disk = folder.join(format!("{}-twin-{time}", self.who.key()));
        copy_files(self.replica.dir(), &disk)?;
        let clock = self.clock.of_another_phone();
        let (replica, store) = reopened(self.who, world, &disk, &clock)?;
        Ok(Self {
            who: self.who,
            spare: Some(Spare::Twin),
            taken_down: TakenDown::all_of(&store)?,
            replica,
            clock,
            store,
        })
    }

    /// Copies its folder, as it lies on the disk now. The copy.
    pub(crate) fn copied(&self, folder: &Path, time: usize) -> Result<PathBuf> {
        let copy = folder.join(format!("{}-copy-{time}", self.who.key()));
        copy_files(self.replica.dir(), &copy)?;
        Ok(copy)
    }

    /// Is put back to what an old copy of its folder holds, in `folder`, and starts anew.
    pub(crate) fn is_put_back(
        &mut self,
        copy: &Path,
        world: &World,
        folder: &Path,
        time: usize,
    ) -> Result<()> {
        let disk = folder.join(format!("{}-put-back-{time}", self.who.key()));
        copy_files(copy, &disk)?;
        self.clock.reboot();
        (self.replica, self.store) = reopened(self.who, world, &disk, &self.clock)?;
        self.taken_down = TakenDown::all_of(&self.store)?;
        Ok(())
    }

    /// Which phone it is, to be read.
    pub(crate) fn name(&self) -> String {
        match self.spare {
            Some(spare) => format!("{:?} ({})", self.who, spare.name()),
            None => format!("{:?}", self.who),
        }
    }

    /// Whether it is this one of this person's.
    pub(crate) fn is(&self, whose: (Who, Option<Spare>)) -> bool {
        (self.who, self.spare) == whose
    }

    /// The number under which it writes.
    pub(crate) fn number(&self) -> Result<DeviceNumber> {
        let identity = self.replica.identity()?;
        Ok(identity.context("an enrolled phone")?.device)
    }

    /// Is killed, and opened again from what its disk holds, in `folder`: its files as they lie there while the store
    /// is still open, which is what a killed process leaves. `time` tells one such end from another.
    pub(crate) fn is_killed(&mut self, world: &World, folder: &Path, time: usize) -> Result<()> {
        let disk = folder.join(format!("{}-{time}", self.who.key()));
        copy_files(self.replica.dir(), &disk)?;
        (self.replica, self.store) = reopened(self.who, world, &disk, &self.clock)?;
        Ok(())
    }

    /// Becomes somebody's, with the text of the QR that the county gave them.
    pub(crate) fn enrol(&self, qr: &str) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let said = read_enrolment(qr).context("the QR of an enrolment")?;
        runtime.block_on(self.replica.enrol(&said, "saddlebag fleet"))?;
        Ok(())
    }

    /// Does what the script says, and takes down what the phone then shows as saved.
    pub(crate) fn does(
        &mut self,
        step: &Step,
        world: &World,
        names: &mut Names,
        ledger: &mut Ledger,
    ) -> Result<()> {
        self.clock.pass_to(step.at_ms);
        let saves = self
            .act(&step.act, world, names)
            .with_context(|| format!("{:?}: {:?}", self.who, step.act))?;
        let far_off = self.clock.may_be_far_off();
        let fact = ledger.take_down(self, saves, step.at_ms, far_off)?;
        if let Some(fact) = fact {
            names.wrote(step.id, fact);
        }
        Ok(())
    }

    fn act(&mut self, act: &Act, world: &World, names: &mut Names) -> Result<Saves> {
        let replica = &self.replica;
        match act {
            Act::Scan { parcel, purpose } => {
                let purpose = match purpose {
                    Purpose::Load => ScanFor::LoadingOut { place: None },
                    Purpose::TakeIn(place) => ScanFor::ScanningIn {
                        place: names.record(*place)?,
                    },
                };
                self.scan(*parcel, purpose, world, names)?;
            }
            Act::HandOver { parcel, to } => {
                replica.hand_over(
                    &[names.record(Item::Parcel(*parcel))?],
                    names.person(Who::Courier(*to))?,
                )?;
            }
            Act::TakeOver { parcel, from } => {
                let from = names.person(Who::Courier(*from))?;
                self.scan(*parcel, ScanFor::TakingOver { from }, world, names)?;
            }
            Act::Create { item, kind, plan } => {
                let record = replica.create(*kind, &names.edits(plan)?, Vec::new())?;
                names.is(*item, record);
                return Ok(Saves::Edit);
            }
            Act::Fact {
                about,
                kind,
                body,
                side,
            } => {
                let mut fact = NewFact::new(names.record(*about)?, *kind, names.body(body)?);
                for (name, value) in side {
                    fact = fact.with_side(*name, value.clone());
                }
                replica.record(fact)?;
            }
            Act::Edit { about, plan } => {
                replica.edit(names.record(*about)?, &names.edits(plan)?)?;
                return Ok(Saves::Edit);
            }
            Act::Noted { about, words } => {
                let record = names.record(*about)?;
                // Whose parcel it is not any more is not shown its notes.
                let plans = self.store.plans()?;
                let said = plans.get(&record).and_then(|plan| plan.text("notes"));
                replica.edit_notes(record, &(said.unwrap_or_default().to_owned() + words))?;
                return Ok(Saves::Words(words.clone()));
            }
            Act::GiveAway { about, to } => {
                let (record, to) = (names.record(*about)?, names.person(*to)?);
                let key = store_key(world, self.who);
                takes_its_person_for("dispatcher", replica.dir(), &key)?;
                replica.edit(record, &[PlanEdit::set("assignee", to)])?;
                takes_its_person_for("courier", replica.dir(), &key)?;
                return Ok(Saves::Edit);
            }
            Act::Void { step } => drop(replica.correct(names.fact(*step)?, None)?),
            Act::Consent {
                item,
                household,
                agreed,
                days,
            } => {
                let scope = match agreed {
                    Agreed::Proxy(name) => Scope::Proxy { name: name.clone() },
                    Agreed::DropPoint(place) => Scope::DropPoint {
                        place: names.record(*place)?,
                    },
                    Agreed::Errands => Scope::ErrandHelp,
                };
                let household = names.record(*household)?;
                let consent = NewConsent {
                    household,
                    scope,
                    days: *days,
                    how: SPOKEN,
                };
                names.is(*item, replica.give_consent(&consent)?);
            }
            Act::Register { item, name, phone } => {
                let phone = Some(phone.clone());
                let household = NewHousehold {
                    name: name.clone(),
                    language: None,
                    drop_point: None,
                    phone,
                };
                names.is(*item, replica.register_household(&household)?);
            }
            Act::Camp {
                item,
                household,
                position,
                days,
            } => {
                let camp = NewCamp {
                    household: names.record(*household)?,
                    season: SPRING,
                    days: Some(*days),
                    position: Some(Position {
                        lat_e7: position.lat_e7,
                        lon_e7: position.lon_e7,
                    }),
                    landmark: Some("铁皮水塔旁".into()),
                    directions: Some("过第二座木桥后右转".into()),
                };
                names.is(*item, replica.note_camp(&camp)?);
            }
            Act::Tip { item, .. } => names.is(*item, self.report(act, names)?),
            Act::Appeal { item, kind, text } => match replica.raise_appeal(*kind, text)? {
                AppealOutcome::Saved { record, .. } => names.is(*item, record),
                other => bail!("{other:?}"),
            },
            Act::Pass { item, to, fen } => {
                let passed = replica.pass_cash(names.person(Who::Courier(*to))?, *fen)?;
                names.is(*item, passed.record);
                names.shows_code(*item, passed.code);
            }
            Act::Take { item } => match replica.take_cash(names.code(*item)?)? {
                TakenCash::Taken { record, .. } => ensure!(record == names.record(*item)?, "another pass"),
                other => bail!("{other:?}"),
            },
            Act::HandIn {
                courier,
                station,
                fen,
            } => {
                let handed = replica.hand_in(names.record(*station)?, *fen)?;
                ensure!(
                    handed.record == names.record(Item::HandIn(*courier, handed.number))?,
                    "another hand-in"
                );
            }
            Act::Count {
                courier,
                number,
                station,
                fen,
            } => {
                let person = names.person(Who::Courier(*courier))?;
                replica.count_cash(person, *number, names.record(*station)?, *fen)?;
            }
            Act::Reboot => {
                self.clock.reboot();
                return Ok(Saves::Nothing);
            }
        }
        Ok(Saves::Facts)
    }

    fn scan(&self, parcel: usize, purpose: ScanFor, world: &World, names: &Names) -> Result<()> {
        let delivery = world
            .parcels
            .get(parcel)
            .and_then(|parcel| world.county.deliveries.get(parcel.index));
        let waybill = &delivery.context("a parcel of the county")?.waybill;
        match self.replica.scan(waybill, purpose)? {
            ScanOutcome::Known { record } | ScanOutcome::New { record } => {
                ensure!(
                    record == names.record(Item::Parcel(parcel))?,
                    "another record for {waybill}"
                );
                Ok(())
            }
            other => bail!("{other:?}"),
        }
    }

    /// Reports; where a camp is too near, with the nearest named place in its stead, as the reporter would pick it.
    fn report(&self, act: &Act, names: &Names) -> Result<RecordId> {
        let Act::Tip {
            kind,
            text,
            township,
            place,
            position,
            ..
        } = act
        else {
            bail!("no tip")
        };
        let position = position.map(|at| Position {
            lat_e7: at.lat_e7,
            lon_e7: at.lon_e7,
        });
        let mut tip = NewTip {
            kind: *kind,
            text: Some(text.clone()),
            place: if position.is_none() {
                Some(names.record(*place)?)
            } else {
                None
            },
            township: Some(*township),
            fix: position.map(|position| Fix {
                position,
                accuracy_m: 15,
            }),
            photos: Vec::new(),
        };
        loop {
            match self.replica.report(&tip)? {
                TipOutcome::Saved {
                    record,
                    numbered: true,
                } => return Ok(record),
                TipOutcome::TooNearToACamp { places } if tip.fix.is_some() => {
                    tip.fix = None;
                    tip.place = Some(places.first().copied().context("a place near the camp")?);
                }
                other => bail!("{other:?}"),
            }
        }
    }
}
