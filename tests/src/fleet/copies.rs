//! Phones of which there is a copy, and one whose rules are not the county's.
//!
//! One courier's phone is put back from a copy of its folder that is days old, and goes on. Another one's folder is
//! copied to a second phone, and both go on. A third courier gives a parcel away, which the county refuses, between two
//! notes that it takes.

use anyhow::{Context as _, Result};
use saddlebag_records::fact::kinds::delivery;

use super::Fleet;
use super::clocks::{HOUR_MS, MINUTE_MS};
use super::dice::Dice;
use super::gathering::{Traveller, gather};
use super::mishaps::{Mishap, Spare};
use super::script::{Act, CountyAct, Item, Script};
use super::world::{Coming, Who, World};

/// Code of `appeal_kind`.
const PAY_SHORT: u16 = 2;

/// Whose phone that is: other couriers than those with second phones, where there are so many.
fn nth_last(world: &World, n: usize) -> Who {
    let couriers = world.couriers.len();
    Who::Courier(couriers - 1 - n % couriers)
}

/// A parcel of this courier's, of the morning, with which nobody else does anything.
fn own_parcel(world: &World, script: &Script, who: Who) -> Option<Item> {
    let touched_by_others = |at: usize| {
        let by_county = script.county.iter().any(|step| match step.act {
            CountyAct::Assign { parcel, .. }
            | CountyAct::Cancel { parcel }
            | CountyAct::Note { parcel, .. }
            | CountyAct::Close { parcel, .. } => parcel == at,
            _ => false,
        });
        by_county
            || script.steps.iter().any(|step| match &step.act {
                Act::HandOver { parcel, .. } => *parcel == at,
                Act::Scan { parcel, .. } | Act::TakeOver { parcel, .. } => *parcel == at && step.who != who,
                Act::Fact { about, .. } => *about == Item::Parcel(at) && step.who != who,
                Act::Edit { about, .. } => *about == Item::Parcel(at),
                _ => false,
            })
    };
    let theirs = |coming: Coming| matches!(coming, Coming::Assigned(to) if Who::Courier(to) == who);
    let mut parcels = world.parcels.iter().enumerate();
    parcels
        .find(|(at, parcel)| theirs(parcel.coming) && !touched_by_others(*at))
        .map(|(at, _)| Item::Parcel(at))
}

/// When each of them happens, UTC milliseconds.
pub(super) fn draw(world: &World, script: &Script) -> Result<Vec<(i64, Mishap)>> {
    let (first, evening) = (world.day_ms(0), world.day_ms(world.days - 1) + 17 * HOUR_MS);
    let back = world.day_ms(world.days);
    let [put_back, copied, other] = [0, 1, 2].map(|n| nth_last(world, n));
    let about =
        |who: Who| own_parcel(world, script, who).with_context(|| format!("no parcel is {who:?}'s alone"));
    let writes = |who, spare, parcel| Mishap::Writes { who, spare, parcel };
    let of_put_back = writes(put_back, None, about(put_back)?);
    let of_copied = [None, Some(Spare::Twin)].map(|spare| Ok(writes(copied, spare, about(copied)?)));
    let [of_first, of_twin]: [Result<Mishap>; 2] = of_copied;
    let (of_first, of_twin) = (of_first?, of_twin?);
    let parcel = about(other)?;
    Ok(vec![
        (first + 5 * HOUR_MS, of_put_back),
        (first + 6 * HOUR_MS, Mishap::Copied { who: put_back }),
        (first + 7 * HOUR_MS, of_put_back),
        // What it sent is lost to it, and must not be lost to the county too: that was restored before. The copy is of
        // before that.
        (
            back + 9 * HOUR_MS + 10 * MINUTE_MS,
            Mishap::PutBack { who: put_back },
        ),
        (back + 9 * HOUR_MS + 15 * MINUTE_MS, of_put_back),
        (
            back + 9 * HOUR_MS + 20 * MINUTE_MS,
            Mishap::SyncsAlone { who: put_back },
        ),
        (back + 9 * HOUR_MS + 40 * MINUTE_MS, of_put_back),
        (first + 5 * HOUR_MS + MINUTE_MS, of_first),
        (first + 8 * HOUR_MS, Mishap::Cloned { who: copied }),
        (first + 8 * HOUR_MS + MINUTE_MS, of_first),
        (first + 8 * HOUR_MS + 2 * MINUTE_MS, of_twin),
        (back + 4 * HOUR_MS, of_twin),
        (back + 4 * HOUR_MS, of_first),
        // After the day's work: until it was refused, the phone takes it to be somebody else's.
        (evening - 30 * MINUTE_MS, Mishap::GivesAway { who: other, parcel }),
        (back + 4 * HOUR_MS, writes(other, None, parcel)),
    ])
}

impl Fleet {
    /// Somebody writes whatever meets something else where there are two of their phone: a record of its own, a fact and
    /// a note about the same parcel, an appeal.
    pub(super) fn writes(&mut self, whose: (Who, Option<Spare>), about: Item, at_ms: i64) -> Result<()> {
        self.registers(whose, at_ms)?;
        self.notes(whose, about, at_ms)?;
        let damaged = Act::Fact {
            about,
            kind: delivery::DAMAGED,
            body: Vec::new(),
            side: Vec::new(),
        };
        self.does(whose, at_ms, damaged)?;
        let (item, at) = self.new_item();
        let text = format!("第{at}次申诉：工钱少算了");
        self.does(
            whose,
            at_ms,
            Act::Appeal {
                item,
                kind: PAY_SHORT,
                text,
            },
        )
    }

    fn notes(&mut self, whose: (Who, Option<Spare>), about: Item, at_ms: i64) -> Result<()> {
        let (_, at) = self.new_item();
        let words = format!("（第{at}句）");
        self.does(whose, at_ms, Act::Noted { about, words })
    }

    /// Between two notes, what the county refuses.
    pub(super) fn gives_away(&mut self, who: Who, about: Item, at_ms: i64) -> Result<()> {
        self.notes((who, None), about, at_ms)?;
        let couriers = self.world.couriers.len();
        let to = match who {
            Who::Courier(courier) => Who::Courier((courier + 1) % couriers),
            other => other,
        };
        self.does((who, None), at_ms, Act::GiveAway { about, to })?;
        self.notes((who, None), about, at_ms)
    }

    /// A copy of the phone's folder is made.
    pub(super) fn copy(&mut self, who: Who) -> Result<()> {
        let disks = self.folder.join("phones");
        self.copy = Some(self.phone((who, None))?.copied(&disks, 0)?);
        Ok(())
    }

    /// The phone is put back to what the copy holds.
    pub(super) fn put_back(&mut self, who: Who) -> Result<()> {
        let disks = self.folder.join("phones");
        let copy = self.copy.take().context("a copy")?;
        let phone = self.phones.iter_mut().find(|phone| phone.is((who, None)));
        let phone = phone.context("a phone")?;
        self.ledger.forgets_what_it_told(who, &phone.store)?;
        phone.is_put_back(&copy, &self.world, &disks, 0)
    }

    /// There is a second phone with all that the first one holds.
    pub(super) fn clone_phone(&mut self, who: Who) -> Result<()> {
        let disks = self.folder.join("phones");
        let twin = self.phone((who, None))?.twin(&self.world, &disks, 0)?;
        self.phones.push(twin);
        Ok(())
    }

    /// A phone syncs while no other one does.
    pub(super) fn syncs_alone(&mut self, who: Who, at_ms: i64) -> Result<()> {
        let phone = self.phones.iter_mut().find(|phone| phone.is((who, None)));
        let phone = phone.context("a phone")?;
        phone.clock.pass_to(at_ms);
        phone.clock.told();
        let traveller = Traveller {
            who,
            replica: phone.replica.clone(),
            address: self.links.url(who)?,
        };
        self.door.set(true);
        let dice = Dice::new(self.world.seed, "alone");
        let sum = gather(vec![traveller], &self.door, 0, dice, || Ok(()))?;
        self.synchronised.syncs += sum.syncs;
        self.synchronised.requests += sum.requests;
        self.follow_names()
    }

    /// What phones wrote again under other numbers is known by its new name from here on.
    pub(super) fn follow_names(&mut self) -> Result<()> {
        let mut phones = self.phones.iter();
        phones.try_for_each(|phone| self.names.follow(&phone.store))
    }
}
