//! Cash on its way to the station: passed from one courier to another, handed in, counted blind.

use saddlebag_records::fact::{field, kinds::count};

use super::{Act, Item, Move, Party, Telling, Value};
use crate::fleet::clocks::HOUR_MS;
use crate::fleet::dice::Dice;
use crate::fleet::world::Who;

impl Telling<'_> {
    /// Told last: what a courier can hand in is what all other stories left with them.
    pub(super) fn cash(&mut self) {
        self.passes();
        for courier in 0..self.world.couriers.len() {
            self.hand_in(courier);
        }
    }

    /// A courier who stays out longer gives money to one who goes home. Both write it, with no network between them:
    /// the taker reads the giver's code.
    fn passes(&mut self) {
        let mut dice = Dice::new(self.world.seed, "passes");
        let last = self.world.day_ms(self.world.days - 1);
        for giver in 0..self.world.couriers.len() {
            let colleagues = self.world.colleagues_of(giver);
            let pocket = self.in_pocket(giver);
            if colleagues.is_empty() || pocket < 2_000 || !dice.percent(40) {
                continue;
            }
            let to = *dice.pick(&colleagues);
            let Ok(fen) = u64::try_from(pocket / 2) else {
                continue;
            };
            let at_ms = last + 15 * HOUR_MS + dice.between(0, 3_000_000);
            let item = self.new_item();
            let passed = self.step(at_ms, Who::Courier(giver), Act::Pass { item, to, fen });
            self.step(at_ms + 20_000, Who::Courier(to), Act::Take { item });
            // The two facts are one movement.
            let moved = Move {
                from: Party::Courier(giver),
                to: Party::Courier(to),
                fen,
            };
            self.expected.moves.insert(passed, moved);
        }
    }

    /// Once back, everything goes to the station, but for what one in six keeps for change; the clerk counts without
    /// seeing what they wrote, and one in eight counts differently.
    fn hand_in(&mut self, courier: usize) {
        let mut dice = Dice::new(self.world.seed, &format!("hand-in {courier}"));
        let Ok(pocket @ 1..) = u64::try_from(self.in_pocket(courier)) else {
            return;
        };
        let kept = if dice.percent(16) { pocket.min(2_000) } else { 0 };
        let fen = pocket - kept;
        if fen == 0 {
            return;
        }
        let (station, clerk) = (self.station_of(courier), self.clerk_of(courier));
        let at_ms =
            self.world.day_ms(self.world.days - 1) + 15 * HOUR_MS + 3_300_000 + dice.between(0, 60_000);
        self.step(
            at_ms,
            Who::Courier(courier),
            Act::HandIn {
                courier,
                station,
                fen,
            },
        );
        let differs = dice.percent(12) && fen > 100;
        let counted = if differs { fen - 100 } else { fen };
        let count = self.step(
            at_ms + 120_000,
            clerk,
            Act::Count {
                courier,
                number: 1,
                station,
                fen: counted,
            },
        );
        // Settled by what was counted.
        let moved = Move {
            from: Party::Courier(courier),
            to: Party::Outside,
            fen: counted,
        };
        self.expected.moves.insert(count, moved);
        if differs {
            let at_ms = self.back_ms() + 7 * HOUR_MS;
            let why = [
                (field::NOTE, Value::Text("一元硬币一枚掉在车里".into())),
                (field::BY, Value::Person(clerk)),
            ];
            self.fact(
                at_ms,
                clerk,
                Item::Count(courier, 1),
                count::DIFFERENCE_EXPLAINED,
                &why,
            );
        }
    }

    /// What a courier has by the end of the last day: what is paid out later is not out of this pocket.
    fn in_pocket(&self, courier: usize) -> i64 {
        let back = self.back_ms();
        let later = self
            .steps
            .iter()
            .filter(|step| step.at_ms >= back)
            .filter_map(|step| self.expected.moves.get(&step.id));
        let paid: i64 = later
            .filter(|moved| moved.from == Party::Courier(courier))
            .map(|moved| i64::try_from(moved.fen).unwrap_or(0))
            .sum();
        self.expected.owed_by(courier) + paid
    }

    pub(super) fn clerk_of(&self, courier: usize) -> Who {
        let station = self.world.couriers.get(courier).copied().unwrap_or(0);
        Who::Clerk(self.world.clerk_of(station))
    }
}
