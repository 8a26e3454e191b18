//! Households and camps that couriers find on their way.

use super::{Act, Item, Telling, at};
use crate::county::Position;
use crate::fleet::dice::Dice;
use crate::fleet::world::Who;

impl Telling<'_> {
    pub(super) fn households(&mut self) {
        for courier in 0..self.world.couriers.len() {
            let mut dice = Dice::new(self.world.seed, &format!("households {courier}"));
            let homes = self.homes_of(courier);
            if dice.percent(40) {
                self.household(courier, &mut dice);
            }
            if dice.percent(50) && !homes.is_empty() {
                let day = self.world.day_ms(dice.below(self.world.days));
                let home = *dice.pick(&homes);
                self.camp(courier, home, at(day, 12, &mut dice), &mut dice);
            }
        }
    }

    /// A household that the county does not know, and where it stays.
    fn household(&mut self, courier: usize, dice: &mut Dice) {
        let day = self.world.day_ms(dice.below(self.world.days));
        let at_ms = at(day, 13, dice);
        let item = self.new_item();
        let act = Act::Register {
            item,
            name: self.other_name(dice),
            phone: self.world.new_phone(courier),
        };
        self.step(at_ms, Who::Courier(courier), act);
        self.camp(courier, item, at_ms + 60_000, dice);
    }

    fn camp(&mut self, courier: usize, household: Item, at_ms: i64, dice: &mut Dice) {
        let item = self.new_item();
        let degrees = |low, high, dice: &mut Dice| i32::try_from(dice.between(low, high)).unwrap_or(0);
        let position = Position {
            lat_e7: degrees(478_000_000, 490_000_000, dice),
            lon_e7: degrees(857_000_000, 871_000_000, dice),
        };
        self.step(
            at_ms,
            Who::Courier(courier),
            Act::Camp {
                item,
                household,
                position,
                days: 60,
            },
        );
    }
}
