//! 派件: what becomes of the parcels that the county assigned before anybody left.

use saddlebag_records::fact::{SideName, field, kinds::delivery as kind};

use super::county::CountyAct;
use super::{Act, Agreed, Item, Move, Party, Planned, Purpose, StepId, Telling, Value, at, soon};
use crate::county::DAY_MS;
use crate::fleet::clocks::HOUR_MS;
use crate::fleet::dice::Dice;
use crate::fleet::world::{Coming, Who};

/// Codes of `proof_kind`, `failure_reason` and `how_collected`.
const NAMED: u64 = 1;
const SIGNED: u64 = 3;
const ABSENT: u64 = 1;
const NOT_WANTED: u64 = 8;
const BY_KEEPERS_LIST: u64 = 2;

/// A parcel on its way.
struct Way {
    parcel: usize,
    courier: usize,
    item: Item,
    day: i64,
    dice: Dice,
}

impl Telling<'_> {
    pub(super) fn deliveries(&mut self) {
        for parcel in 0..self.world.parcels.len() {
            let mut dice = Dice::new(self.world.seed, &format!("parcel {parcel}"));
            match self.world.parcels.get(parcel).map(|parcel| parcel.coming) {
                Some(Coming::Assigned(courier)) => {
                    let day = self.world.day_ms(dice.below(self.world.days));
                    let way = Way {
                        parcel,
                        courier,
                        item: Item::Parcel(parcel),
                        day,
                        dice,
                    };
                    self.assigned(way);
                }
                Some(Coming::Unassigned) => self.unassigned(parcel, dice),
                _ => {}
            }
        }
    }

    fn assigned(&mut self, mut way: Way) {
        // While the courier is away the county changes its mind about some of what was not brought on the first day.
        let late_enough = way.day > self.world.day_ms(0);
        match way.dice.below(100) {
            0..=4 if late_enough => self.reassigned_and_delivered(way),
            5..=9 if late_enough => self.reassigned_and_left(way),
            10..=12 if late_enough => self.cancelled_and_delivered(way),
            13..=14 if late_enough => self.county_cancels(&mut way),
            0..=19 => self.attempted_first(way),
            20..=27 => self.given_to_proxy(way),
            28..=36 => self.left_at_drop_point(way),
            37..=40 => self.refused(way),
            41..=46 => self.over_the_trail(way),
            47..=49 => self.corrected(way),
            50..=52 => {} // It stays at the station, and nobody says anything of it.
            53..=57 => self.edited_apart(way),
            _ => self.delivered(way),
        }
    }

    fn load(&mut self, way: &mut Way) -> i64 {
        let loaded = at(way.day, 8, &mut way.dice);
        let who = Who::Courier(way.courier);
        self.step(
            loaded,
            who,
            Act::Scan {
                parcel: way.parcel,
                purpose: Purpose::Load,
            },
        );
        let flags = self
            .world
            .parcels
            .get(way.parcel)
            .and_then(|parcel| self.world.county.deliveries.get(parcel.index));
        if flags.is_some_and(|delivery| delivery.flags.contains(&"cold_chain")) {
            let tenths = way.dice.between(-30, 60);
            let measured = soon(loaded, 50, &mut way.dice);
            self.fact(
                measured,
                who,
                way.item,
                kind::TEMPERATURE,
                &[(field::TEMPERATURE, Value::Int(tenths))],
            );
        }
        let hour = way.dice.between(10, 17);
        at(way.day, hour, &mut way.dice)
    }

    /// The parcel changes hands for good, and whoever brings it takes the cash that it costs.
    fn hand_out(&mut self, at_ms: i64, courier: usize, way: &mut Way) -> StepId {
        let who = Who::Courier(courier);
        if way.dice.percent(3) {
            self.fact(
                at_ms - 1_000,
                who,
                way.item,
                kind::DAMAGED,
                &[(field::NOTE, Value::Text("一角压坏".into()))],
            );
        }
        let mut side = Vec::new();
        if way.dice.percent(50) {
            side.push(self.where_it_is(way));
        }
        let proof = if way.dice.percent(30) {
            side.push((SideName::Signature, way.dice.name().repeat(6)));
            SIGNED
        } else {
            NAMED
        };
        let done = self.fact_with(
            at_ms,
            who,
            way.item,
            kind::DELIVERED,
            &[(field::PROOF, Value::Uint(proof))],
            side,
        );
        self.take_cash(at_ms + 20_000, courier, way);
        self.expected.credits.insert(way.item, courier);
        done
    }

    fn take_cash(&mut self, at_ms: i64, courier: usize, way: &Way) {
        let parcel = self.world.parcels.get(way.parcel);
        let asked = parcel
            .and_then(|p| self.world.county.deliveries.get(p.index))
            .map_or(0, |d| d.cash_fen);
        if let Ok(fen @ 1..) = u64::try_from(asked) {
            let moved = Move {
                from: Party::Outside,
                to: Party::Courier(courier),
                fen,
            };
            let addressee = self.addressee(way.parcel);
            self.pays(at_ms, way.item, kind::CASH_COLLECTED, moved, &addressee, &[]);
        }
    }

    /// The household, or the record itself for somebody whom only the manifest names.
    fn addressee(&self, parcel: usize) -> Value {
        self.household_of(parcel)
            .map_or(Value::Is(Item::Parcel(parcel)), Value::Is)
    }

    fn household_of(&self, parcel: usize) -> Option<Item> {
        let delivery = self
            .world
            .county
            .deliveries
            .get(self.world.parcels.get(parcel)?.index)?;
        self.world.household(&delivery.household).map(Item::Household)
    }

    fn where_it_is(&self, way: &mut Way) -> (SideName, Vec<u8>) {
        let delivery = self
            .world
            .parcels
            .get(way.parcel)
            .and_then(|parcel| self.world.county.deliveries.get(parcel.index));
        let place = delivery.and_then(|delivery| self.world.county.place(&delivery.place));
        let near = place.map_or(
            crate::county::Position {
                lat_e7: 480_000_000,
                lon_e7: 864_000_000,
            },
            |p| p.position,
        );
        self.world.position(near, &mut way.dice)
    }

    fn delivered(&mut self, mut way: Way) {
        let at_ms = self.load(&mut way);
        self.hand_out(at_ms, way.courier, &mut way);
    }

    fn attempted_first(&mut self, mut way: Way) {
        let first = self.load(&mut way);
        let who = Who::Courier(way.courier);
        let absent = [
            (field::REASON, Value::Uint(ABSENT)),
            (field::NOTE, Value::Text("家里没人".into())),
        ];
        let where_it_is = self.where_it_is(&mut way);
        self.fact_with(first, who, way.item, kind::ATTEMPTED, &absent, vec![where_it_is]);
        if way.day + DAY_MS < self.world.day_ms(self.world.days) && way.dice.percent(80) {
            self.hand_out(first + DAY_MS, way.courier, &mut way);
        } else {
            let station = self.station_of(way.courier);
            let back = [
                (field::PLACE, Value::Is(station)),
                (field::REASON, Value::Uint(ABSENT)),
            ];
            self.fact(
                at(way.day, 19, &mut way.dice),
                who,
                way.item,
                kind::RETURNED_TO_STATION,
                &back,
            );
        }
    }

    /// A consent that a household gives on the spot.
    pub(super) fn consent(
        &mut self,
        at_ms: i64,
        who: Who,
        household: Item,
        agreed: Agreed,
        days: Option<u16>,
    ) -> Item {
        let item = self.new_item();
        self.step(
            at_ms,
            who,
            Act::Consent {
                item,
                household,
                agreed,
                days,
            },
        );
        item
    }

    fn given_to_proxy(&mut self, mut way: Way) {
        let Some(household) = self.household_of(way.parcel) else {
            return self.delivered(way);
        };
        let at_ms = self.load(&mut way);
        let who = Who::Courier(way.courier);
        let neighbour = self.other_name(&mut way.dice);
        let agreed = Agreed::Proxy(neighbour.clone());
        let consent = self.consent(at_ms, who, household, agreed, Some(90));
        let body = [
            (field::PROOF, Value::Uint(NAMED)),
            (field::RECEIVER, Value::Text(neighbour)),
            (field::CONSENT, Value::Is(consent)),
        ];
        self.fact(at_ms + 60_000, who, way.item, kind::DELIVERED_TO_PROXY, &body);
        self.take_cash(at_ms + 90_000, way.courier, &way);
        self.expected.credits.insert(way.item, way.courier);
    }

    fn left_at_drop_point(&mut self, mut way: Way) {
        let Some(household) = self.household_of(way.parcel) else {
            return self.delivered(way);
        };
        let parcel = self
            .world
            .parcels
            .get(way.parcel)
            .and_then(|p| self.world.county.deliveries.get(p.index));
        let home = parcel.and_then(|delivery| self.world.county.household(&delivery.household));
        let costs = parcel.is_some_and(|delivery| delivery.cash_fen > 0);
        let Some(home) = home.filter(|_| !costs) else {
            return self.delivered(way);
        };
        let place = Item::Place(self.world.place(&home.drop_point));
        let at_ms = self.load(&mut way);
        let who = Who::Courier(way.courier);
        let consent = self.consent(at_ms, who, household, Agreed::DropPoint(place), None);
        let placed = [
            (field::PLACE, Value::Is(place)),
            (field::CONSENT, Value::Is(consent)),
        ];
        self.fact(at_ms + 60_000, who, way.item, kind::PLACED_AT_DROP_POINT, &placed);
        let next_visit = at_ms + DAY_MS;
        if next_visit < self.world.day_ms(self.world.days) && way.dice.percent(70) {
            let collected = [
                (field::PLACE, Value::Is(place)),
                (field::HOW, Value::Uint(BY_KEEPERS_LIST)),
            ];
            self.fact(next_visit, who, way.item, kind::COLLECTED, &collected);
            self.expected.credits.insert(way.item, way.courier);
        }
    }

    fn refused(&mut self, mut way: Way) {
        let at_ms = self.load(&mut way);
        let who = Who::Courier(way.courier);
        self.fact(
            at_ms,
            who,
            way.item,
            kind::REFUSED,
            &[(field::REASON, Value::Uint(NOT_WANTED))],
        );
        let station = self.station_of(way.courier);
        let back = [
            (field::PLACE, Value::Is(station)),
            (field::REASON, Value::Uint(NOT_WANTED)),
        ];
        self.fact(
            at(way.day, 19, &mut way.dice),
            who,
            way.item,
            kind::RETURNED_TO_STATION,
            &back,
        );
    }

    /// Handed to a colleague on the trail, with no network: the colleague scans it, and brings it.
    fn over_the_trail(&mut self, mut way: Way) {
        let colleagues = self.world.colleagues_of(way.courier);
        if colleagues.is_empty() {
            return self.delivered(way);
        }
        let other = *way.dice.pick(&colleagues);
        let met = self.load(&mut way);
        self.hand_over(met, way.courier, other, way.parcel);
        self.hand_out(met + HOUR_MS, other, &mut way);
    }

    /// One writes that the parcel was handed over, the other scans it as taken.
    pub(super) fn hand_over(&mut self, met: i64, from: usize, to: usize, parcel: usize) {
        self.step(met, Who::Courier(from), Act::HandOver { parcel, to });
        self.step(met + 40_000, Who::Courier(to), Act::TakeOver { parcel, from });
    }

    /// "Delivered" on the wrong parcel; seen at once, and the right thing written.
    fn corrected(&mut self, mut way: Way) {
        let at_ms = self.load(&mut way);
        let who = Who::Courier(way.courier);
        let wrong = self.fact(
            at_ms,
            who,
            way.item,
            kind::DELIVERED,
            &[(field::PROOF, Value::Uint(NAMED))],
        );
        self.void(at_ms + 45_000, who, wrong);
        self.fact(
            at_ms + 90_000,
            who,
            way.item,
            kind::ATTEMPTED,
            &[(field::REASON, Value::Uint(ABSENT))],
        );
        if way.dice.percent(50) {
            self.hand_out(at_ms + HOUR_MS, way.courier, &mut way);
        }
    }

    fn county_gives_to_another(&mut self, way: &mut Way) -> bool {
        let colleagues = self.world.colleagues_of(way.courier);
        if colleagues.is_empty() {
            return false;
        }
        let to = Who::Courier(*way.dice.pick(&colleagues));
        // In the morning of the second day, before it leaves the station.
        let at_ms = self.world.day_ms(1) + way.dice.between(1, 3_000) * 1_000;
        self.county_acts(
            at_ms,
            CountyAct::Assign {
                parcel: way.parcel,
                to,
            },
        );
        true
    }

    /// The courier cannot know, delivers it all the same, and is credited.
    fn reassigned_and_delivered(&mut self, mut way: Way) {
        self.county_gives_to_another(&mut way);
        self.delivered(way);
    }

    /// It was never loaded: it leaves the phone with the next sync.
    fn reassigned_and_left(&mut self, mut way: Way) {
        if !self.county_gives_to_another(&mut way) {
            self.delivered(way);
        }
    }

    fn cancelled_and_delivered(&mut self, mut way: Way) {
        self.county_cancels(&mut way);
        self.delivered(way);
    }

    fn county_cancels(&mut self, way: &mut Way) {
        let at_ms = self.world.day_ms(1) + way.dice.between(1, 3_000) * 1_000;
        self.county_acts(at_ms, CountyAct::Cancel { parcel: way.parcel });
    }

    /// Courier and county write notes into one plan, and the courier puts it elsewhere on the route.
    fn edited_apart(&mut self, mut way: Way) {
        let county_at = self.world.day_ms(1) + way.dice.between(1, 3_000) * 1_000;
        self.county_acts(
            county_at,
            CountyAct::Note {
                parcel: way.parcel,
                text: "收件人说下午在家".into(),
            },
        );
        let order = way.dice.between(1, 40) * 1_024;
        let plan = vec![
            ("notes", Planned::Note("敲后门，狗不咬人".into())),
            ("order", Planned::Int(order)),
        ];
        let early = at(way.day, 7, &mut way.dice);
        self.step(
            early,
            Who::Courier(way.courier),
            Act::Edit {
                about: way.item,
                plan,
            },
        );
        self.delivered(way);
    }

    /// It lies at the station and is nobody's: a courier scans it there, and takes it along.
    fn unassigned(&mut self, parcel: usize, mut dice: Dice) {
        let station = self.world.parcels.get(parcel).map_or(0, |parcel| parcel.station);
        let clerk = Who::Clerk(self.world.clerk_of(station));
        let place = Item::Place(
            self.world
                .place(self.world.stations.get(station).map_or("", |key| key)),
        );
        let item = Item::Parcel(parcel);
        let scanned = at(self.world.day_ms(0), 5, &mut dice);
        self.step(
            scanned,
            clerk,
            Act::Scan {
                parcel,
                purpose: Purpose::TakeIn(place),
            },
        );
        let here: Vec<usize> = (0..self.world.couriers.len())
            .filter(|c| self.world.couriers.get(*c) == Some(&station))
            .collect();
        if dice.percent(60) && !here.is_empty() {
            let courier = *dice.pick(&here);
            let day = self.world.day_ms(dice.below(self.world.days));
            self.delivered(Way {
                parcel,
                courier,
                item,
                day,
                dice,
            });
        }
    }

    /// The station of a courier.
    pub(super) fn station_of(&self, courier: usize) -> Item {
        let station = self
            .world
            .couriers
            .get(courier)
            .and_then(|station| self.world.stations.get(*station));
        Item::Place(self.world.place(station.map_or("", |key| key)))
    }

    /// Some made-up name.
    pub(super) fn other_name(&self, dice: &mut Dice) -> String {
        dice.pick(&self.world.county.households).name.in_chinese.clone()
    }
}
