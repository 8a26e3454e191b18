//! 揽收: lambs, meat, sea buckthorn and wool on their way out, with the duties that the law wants.

use saddlebag_records::fact::{field, kinds::pickup as kind};
use saddlebag_records::kind::RecordKind;

use super::{Act, Item, Move, Party, Planned, Telling, Value, at, soon};
use crate::fleet::clocks::HOUR_MS;
use crate::fleet::dice::Dice;
use crate::fleet::world::Who;

/// Codes of `goods` with whether they need a certificate and cold, of `identity_document`, `failure_reason`.
const GOODS: [(i64, bool, bool); 5] = [
    (1, true, false),
    (2, true, true),
    (7, false, true),
    (9, false, false),
    (13, false, false),
];
const RESIDENT_ID: u64 = 1;
const DAMAGED: u64 = 13;

/// A pickup on its way.
struct Way {
    courier: usize,
    item: Item,
    household: Item,
    at_ms: i64,
    dice: Dice,
}

impl Telling<'_> {
    pub(super) fn pickups(&mut self) {
        for courier in 0..self.world.couriers.len() {
            let homes = self.homes_of(courier);
            if homes.is_empty() {
                continue;
            }
            for day in 0..self.world.days {
                let mut dice = Dice::new(self.world.seed, &format!("pickup {courier} {day}"));
                if dice.percent(70) {
                    let hour = dice.between(9, 15);
                    let at_ms = at(self.world.day_ms(day), hour, &mut dice);
                    let household = *dice.pick(&homes);
                    let item = self.new_item();
                    self.pickup(Way {
                        courier,
                        item,
                        household,
                        at_ms,
                        dice,
                    });
                }
            }
        }
    }

    fn pickup(&mut self, mut way: Way) {
        let (who, item) = (Who::Courier(way.courier), way.item);
        let (goods, certificate, cold) = *way.dice.pick(&GOODS);
        let mut plan = vec![
            ("household", Planned::Is(way.household)),
            ("goods", Planned::Int(goods)),
            ("destination", Planned::Text("乌鲁木齐市 沙依巴克区".into())),
            ("price_fen", Planned::Int(way.dice.between(20, 90) * 100)),
        ];
        if cold {
            plan.push(("cold_min_tenths", Planned::Int(-200)));
            plan.push(("cold_max_tenths", Planned::Int(40)));
        }
        let made = way.at_ms;
        self.step(
            made,
            who,
            Act::Create {
                item,
                kind: RecordKind::Pickup,
                plan,
            },
        );
        let mut at_ms = made;
        let mut then = |dice: &mut Dice| {
            at_ms = soon(at_ms, 4, dice);
            at_ms
        };
        let identity = [(field::DOCUMENT, Value::Uint(RESIDENT_ID))];
        self.fact(then(&mut way.dice), who, item, kind::IDENTITY_CHECKED, &identity);
        self.fact(then(&mut way.dice), who, item, kind::CONTENTS_INSPECTED, &[]);
        if way.dice.percent(6) {
            let why = [(field::NOTE, Value::Text("内有打火机".into()))];
            self.fact(then(&mut way.dice), who, item, kind::PROHIBITED_REFUSED, &why);
            return;
        }
        let grams = u64::try_from(way.dice.between(800, 24_000)).unwrap_or(1_000);
        self.fact(
            then(&mut way.dice),
            who,
            item,
            kind::WEIGHED,
            &[(field::GRAMS, Value::Uint(grams))],
        );
        let box_number = format!("LX-{:03}", way.dice.between(1, 60));
        let packed = if cold {
            vec![(field::COLD_BOX, Value::Text(box_number.clone()))]
        } else {
            Vec::new()
        };
        self.fact(then(&mut way.dice), who, item, kind::PACKED, &packed);
        if certificate {
            let number = format!("654324-{:07}", way.dice.between(0, 9_999_999));
            let seen = [(field::CERTIFICATE, Value::Text(number))];
            self.fact(
                then(&mut way.dice),
                who,
                item,
                kind::QUARANTINE_CERTIFICATE_SEEN,
                &seen,
            );
        }
        self.fact(then(&mut way.dice), who, item, kind::COLLECTED, &[]);
        if cold {
            let tenths = way.dice.between(-150, 30);
            self.fact(
                then(&mut way.dice),
                who,
                item,
                kind::TEMPERATURE,
                &[(field::TEMPERATURE, Value::Int(tenths))],
            );
        }
        let collected = then(&mut way.dice);
        self.sent(&mut way, collected, &box_number, cold);
    }

    /// In the evening, at the station.
    fn sent(&mut self, way: &mut Way, collected: i64, box_number: &str, cold: bool) {
        let (who, item) = (Who::Courier(way.courier), way.item);
        let evening = collected + 3 * HOUR_MS;
        let station = [(field::PLACE, Value::Is(self.station_of(way.courier)))];
        self.fact(evening, who, item, kind::SCREENED, &station);
        let carrier = Item::Carrier(way.dice.below(self.world.county.carriers.len()));
        match way.dice.below(100) {
            0..=5 => {
                let refused = [
                    (field::CARRIER, Value::Is(carrier)),
                    (field::REASON, Value::Uint(DAMAGED)),
                ];
                self.fact(evening + 60_000, who, item, kind::REFUSED_BY_CARRIER, &refused);
                return;
            }
            6..=9 if cold => {
                self.fact(evening + 60_000, who, item, kind::SPOILED, &[]);
                return;
            }
            10..=24 => return, // It lies in the cold store until tomorrow.
            _ => {}
        }
        let waybill = format!("SBOUT{:09}", way.dice.between(0, 999_999_999));
        let mut handed = vec![
            (field::CARRIER, Value::Is(carrier)),
            (field::WAYBILL, Value::Text(waybill)),
        ];
        if cold {
            handed.push((field::COLD_BOX, Value::Text(box_number.to_owned())));
        }
        self.fact(evening + 60_000, who, item, kind::HANDED_TO_CARRIER, &handed);
        self.expected.credits.insert(item, way.courier);
        if way.dice.percent(40) {
            self.subsidised(way, evening + 120_000);
        }
    }

    /// Claimed at once, granted when everybody is back, and paid out to the household by the courier after that.
    fn subsidised(&mut self, way: &mut Way, at_ms: i64) {
        let (who, item) = (Who::Courier(way.courier), way.item);
        let fen = u64::try_from(way.dice.between(5, 40) * 100).unwrap_or(500);
        let claim = [
            (field::PROGRAMME, Value::Text("农产品上行运费补贴".into())),
            (field::BASIS, Value::Text("每单定额".into())),
            (field::FEN, Value::Uint(fen)),
        ];
        self.fact(at_ms, who, item, kind::SUBSIDY_CLAIMED, &claim);
        let back = self.back_ms();
        let dispatcher = Who::Dispatcher(0);
        let grant = [
            (field::FEN, Value::Uint(fen)),
            (field::BY, Value::Person(dispatcher)),
        ];
        self.fact(
            back + 5 * HOUR_MS,
            dispatcher,
            item,
            kind::SUBSIDY_GRANTED,
            &grant,
        );
        let paid = Move {
            from: Party::Courier(way.courier),
            to: Party::Outside,
            fen,
        };
        let after = back + 8 * HOUR_MS + way.dice.between(0, 600_000);
        self.pays(after, item, kind::PAID_OUT, paid, &Value::Is(way.household), &[]);
    }
}
