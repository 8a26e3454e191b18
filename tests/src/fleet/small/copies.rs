//! Phones that are put back to a copy of before, and phones that there are two of.

use anyhow::{Context as _, Result};

use super::Fleet;
use crate::fleet::dice::Dice;
use crate::fleet::gathering::Traveller;
use crate::fleet::mishaps::Spare;
use crate::fleet::script::{Act, Item, Step, StepId};
use crate::fleet::world::Who;
use crate::link::Weather;

/// Code of `appeal_kind`.
const PAY_SHORT: u16 = 2;

impl Fleet {
    /// Of what the phone loses the county has all, and a backup covers it: what a phone and its county both lose is gone.
    pub(super) fn put_back(&mut self, who: Who, at_ms: i64, at: usize) -> Result<()> {
        let disks = self.folder.join("phones");
        let phone = self.phones.iter_mut().find(|phone| phone.is((who, None)));
        let phone = phone.context("a phone")?;
        phone.clock.pass_to(at_ms);
        let copy = phone.copied(&disks, at)?;
        self.writes((who, None), at_ms)?;
        self.syncs_in_peace(who)?;
        self.back_up()?;
        let phone = self.phones.iter_mut().find(|phone| phone.is((who, None)));
        let phone = phone.context("a phone")?;
        self.ledger.forgets_what_it_told(who, &phone.store)?;
        phone.is_put_back(&copy, &self.world, &disks, at)?;
        self.writes((who, None), at_ms)
    }

    /// The copy stays, and syncs whenever everybody does.
    pub(super) fn copy(&mut self, who: Who, at_ms: i64, at: usize) -> Result<()> {
        let twin = (who, Some(Spare::Twin));
        if !self.phones.iter().any(|phone| phone.is(twin)) {
            let disks = self.folder.join("phones");
            let phone = self.phones.iter_mut().find(|phone| phone.is((who, None)));
            let phone = phone.context("a phone")?;
            phone.clock.pass_to(at_ms);
            let other = phone.twin(&self.world, &disks, at)?;
            self.phones.push(other);
        }
        self.writes((who, None), at_ms)?;
        self.writes(twin, at_ms)
    }

    /// A record of its own and, of a courier, an appeal.
    fn writes(&mut self, whose: (Who, Option<Spare>), at_ms: i64) -> Result<()> {
        self.drawn += 1;
        let at = self.drawn;
        let registered = Act::Register {
            item: Item::Made(usize::MAX - 2 * at),
            name: format!("第{at}户"),
            phone: self.world.new_phone(self.world.couriers.len() + at),
        };
        self.does(whose, at_ms, 2 * at, registered)?;
        if !whose.0.is_courier() {
            return Ok(());
        }
        let appealed = Act::Appeal {
            item: Item::Made(usize::MAX - 2 * at - 1),
            kind: PAY_SHORT,
            text: format!("第{at}次申诉：工钱少算了"),
        };
        self.does(whose, at_ms, 2 * at + 1, appealed)
    }

    fn does(&mut self, whose: (Who, Option<Spare>), at_ms: i64, name: usize, act: Act) -> Result<()> {
        let step = Step {
            id: StepId(usize::MAX - name),
            at_ms,
            who: whose.0,
            act,
        };
        let phone = self.phones.iter_mut().find(|phone| phone.is(whose));
        phone
            .context("a phone of theirs")?
            .does(&step, &self.world, &mut self.names, &mut self.ledger)?;
        self.script.steps.push(step);
        Ok(())
    }

    fn syncs_in_peace(&mut self, who: Who) -> Result<()> {
        self.timeline.bring_server_along()?;
        self.links.change_weather_of(who, &Weather::clear());
        let phone = self.phones.iter_mut().find(|phone| phone.is((who, None)));
        let phone = phone.context("a phone")?;
        phone.clock.told();
        let traveller = Traveller {
            who,
            replica: phone.replica.clone(),
            address: self.links.url(who)?,
        };
        self.door.set(true);
        let mut dice = Dice::new(self.world.seed, "peace");
        self.travel(vec![traveller], 0, &mut dice)
    }

    /// What phones wrote again under other numbers is known by its new name from here on.
    pub(super) fn follow_names(&mut self) -> Result<()> {
        let mut phones = self.phones.iter();
        phones.try_for_each(|phone| self.names.follow(&phone.store))
    }
}
