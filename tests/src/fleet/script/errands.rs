//! 代办: shopping for the old and the disabled, with their consent and their money.

use saddlebag_records::fact::{field, kinds::errand as kind};
use saddlebag_records::kind::RecordKind;

use super::{Act, Agreed, Item, Move, Party, Planned, Telling, Value, at, soon};
use crate::fleet::dice::Dice;
use crate::fleet::world::Who;

/// Code of `proof_kind`.
const NAMED: u64 = 1;

const THINGS: [&str; 8] = [
    "砖茶 两块",
    "面粉 一袋",
    "感冒药",
    "电池 5 号",
    "盐",
    "煤油灯芯",
    "奶粉 一罐",
    "缝衣线 白",
];

impl Telling<'_> {
    pub(super) fn errands(&mut self) {
        for courier in 0..self.world.couriers.len() {
            let homes = self.homes_of(courier);
            if homes.is_empty() {
                continue;
            }
            for day in 0..self.world.days {
                let mut dice = Dice::new(self.world.seed, &format!("errand {courier} {day}"));
                if dice.percent(45) {
                    let household = *dice.pick(&homes);
                    self.errand(courier, household, self.world.day_ms(day), dice);
                }
            }
        }
    }

    fn errand(&mut self, courier: usize, household: Item, day_ms: i64, mut dice: Dice) {
        let who = Who::Courier(courier);
        let asked = at(day_ms, 9, &mut dice);
        let consent = self.consent(asked, who, household, Agreed::Errands, None);
        let items: Vec<([u8; 8], String)> = (0..dice.between(1, 4))
            .map(|_| (dice.name(), (*dice.pick(&THINGS)).to_owned()))
            .collect();
        let item = self.new_item();
        let plan = vec![
            ("asked_by", Planned::Is(household)),
            ("consent", Planned::Is(consent)),
            ("shopping", Planned::Shopping(items.clone())),
        ];
        self.step(
            asked + 30_000,
            who,
            Act::Create {
                item,
                kind: RecordKind::Errand,
                plan,
            },
        );
        self.fact(asked + 60_000, who, item, kind::ACCEPTED, &[]);
        let advance = if dice.percent(70) {
            dice.between(50, 200) * 100
        } else {
            0
        };
        let (to_courier, away) = (
            |fen| Move {
                from: Party::Outside,
                to: Party::Courier(courier),
                fen,
            },
            |fen| Move {
                from: Party::Courier(courier),
                to: Party::Outside,
                fen,
            },
        );
        let family = Value::Is(household);
        if let Ok(fen @ 1..) = u64::try_from(advance) {
            self.pays(
                asked + 90_000,
                item,
                kind::ADVANCE_GIVEN,
                to_courier(fen),
                &family,
                &[],
            );
        }
        let mut at_ms = asked + 4_000_000;
        let mut spent = 0;
        for (name, text) in items {
            at_ms = soon(at_ms, 10, &mut dice);
            let named = (field::ITEM, Value::Bytes(name.to_vec()));
            if dice.percent(15) {
                self.fact(at_ms, who, item, kind::NOT_TO_BE_HAD, &[named]);
                continue;
            }
            let price = dice.between(300, 9_000);
            let fen = u64::try_from(price).unwrap_or(300);
            // A shop that nobody names is the errand itself.
            let more = [named, (field::NAME, Value::Text(text))];
            self.pays(at_ms, item, kind::BOUGHT, away(fen), &Value::Is(item), &more);
            spent += price;
        }
        if dice.percent(10) {
            return; // It is brought another day.
        }
        let home = soon(at_ms + 3_600_000, 60, &mut dice);
        self.fact(
            home,
            who,
            item,
            kind::DELIVERED_AND_CONFIRMED,
            &[(field::PROOF, Value::Uint(NAMED))],
        );
        self.expected.credits.insert(item, courier);
        match u64::try_from(advance - spent) {
            Ok(0) => {}
            Ok(change) => self.pays(
                home + 30_000,
                item,
                kind::CHANGE_GIVEN,
                away(change),
                &family,
                &[],
            ),
            Err(_) => {
                let short = u64::try_from(spent - advance).unwrap_or(0);
                self.pays(
                    home + 30_000,
                    item,
                    kind::REIMBURSED,
                    to_courier(short),
                    &family,
                    &[],
                );
            }
        }
    }
}
