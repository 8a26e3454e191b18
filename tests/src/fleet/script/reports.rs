//! Tips and appeals, each under a number that is used once.

use super::{Act, Item, Telling, at};
use crate::fleet::dice::Dice;
use crate::fleet::world::Who;

/// What is wrong where, by codes of `tip_kind`.
const SEEN: [(u16, &str); 6] = [
    (1, "路基被冲垮，只剩半边"),
    (4, "木桥桥面缺板"),
    (10, "路灯整排不亮"),
    (20, "这一段完全没有信号"),
    (8, "停水两天"),
    (23, "岔路口的路牌倒了"),
];

/// Codes of `appeal_kind`.
const MATTERS: [(u16, &str); 3] = [
    (1, "上月工资还没发"),
    (12, "摩托车刹车要换"),
    (11, "大雪那天能不能不出车"),
];

impl Telling<'_> {
    pub(super) fn reports(&mut self) {
        for courier in 0..self.world.couriers.len() {
            let mut dice = Dice::new(self.world.seed, &format!("reports {courier}"));
            for day in 0..self.world.days {
                if dice.percent(45) {
                    self.tip(courier, self.world.day_ms(day), &mut dice);
                }
            }
            if courier % 3 == 0 {
                let day = self.world.day_ms(dice.below(self.world.days));
                let (kind, text) = *dice.pick(&MATTERS);
                let item = self.new_item();
                let at_ms = at(day, 20, &mut dice);
                self.step(
                    at_ms,
                    Who::Courier(courier),
                    Act::Appeal {
                        item,
                        kind,
                        text: text.to_owned(),
                    },
                );
            }
        }
    }

    fn tip(&mut self, courier: usize, day_ms: i64, dice: &mut Dice) {
        let (kind, text) = *dice.pick(&SEEN);
        let seen_at = dice.below(self.world.county.places.len());
        let township = self
            .world
            .county
            .places
            .get(seen_at)
            .map_or(0, |place| place.township);
        let item = self.new_item();
        let hour = dice.between(10, 18);
        let at_ms = at(day_ms, hour, dice);
        let position = self
            .world
            .county
            .places
            .get(seen_at)
            .map(|place| place.position)
            .filter(|_| dice.percent(50));
        let act = Act::Tip {
            item,
            kind,
            text: text.to_owned(),
            township,
            place: Item::Place(seen_at),
            position,
        };
        self.step(at_ms, Who::Courier(courier), act);
    }
}
