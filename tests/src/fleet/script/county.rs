//! What is done at the county while the couriers are away, and when they are back.

use saddlebag_records::fact::{
    field,
    kinds::{appeal, case, delivery},
};

use super::{Act, Item, StepId, Telling, Value};
use crate::fleet::clocks::HOUR_MS;
use crate::fleet::dice::Dice;
use crate::fleet::world::{Coming, Who};

/// Code of `failure_reason`.
const NOT_WANTED: u64 = 8;

/// A verb of the county, through the command line of the server.
#[derive(Clone, Debug)]
pub(crate) enum CountyAct {
    /// Imports the parcels that came late.
    ImportLate,
    /// Assigns a parcel, whoever had it before.
    Assign { parcel: usize, to: Who },
    /// Cancels a parcel.
    Cancel { parcel: usize },
    /// Writes a note into a parcel's plan.
    Note { parcel: usize, text: String },
    /// Closes what is in question about a parcel: this step's fact stands.
    Close { parcel: usize, stands: StepId },
    /// Makes a case of a tip, gives it to a body and tells the reporter.
    Triage { tip: Item, case: Item },
    /// The body has done something.
    Handled { case: Item },
}

/// A verb and when.
#[derive(Clone, Debug)]
pub(crate) struct CountyStep {
    pub(crate) at_ms: i64,
    pub(crate) act: CountyAct,
}

/// Phones sync.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gathering {
    pub(crate) at_ms: i64,
    /// Everybody, or only those who sit at a desk.
    pub(crate) everybody: bool,
    /// How often the server is killed meanwhile.
    pub(crate) kills: usize,
    /// On links that hold.
    pub(crate) quiet: bool,
}

impl Telling<'_> {
    pub(super) fn county_acts(&mut self, at_ms: i64, act: CountyAct) {
        self.county.push(CountyStep { at_ms, act });
    }

    /// What the county does of itself, and what follows from what the couriers brought.
    pub(super) fn at_the_county(&mut self) {
        self.county_acts(self.world.day_ms(1) + 7_000_000, CountyAct::ImportLate);
        self.triage();
        self.appeals_answered();
        self.sent_back();
    }

    /// When everybody is back, UTC milliseconds.
    pub(super) fn back_ms(&self) -> i64 {
        self.world.day_ms(self.world.days)
    }

    /// One tip in three becomes a case; who passes there looks whether it is mended.
    fn triage(&mut self) {
        let mut dice = Dice::new(self.world.seed, "triage");
        let tips: Vec<Item> = self
            .steps
            .iter()
            .filter_map(|step| match step.act {
                Act::Tip { item, .. } => Some(item),
                _ => None,
            })
            .collect();
        for tip in tips {
            if !dice.percent(34) {
                continue;
            }
            let case = self.new_item();
            self.county_acts(self.back_ms() + 5 * HOUR_MS, CountyAct::Triage { tip, case });
            if dice.percent(60) {
                self.county_acts(self.back_ms() + 5 * HOUR_MS + 1_000, CountyAct::Handled { case });
                let who = Who::Courier(dice.below(self.world.couriers.len()));
                let seen = [(field::SATISFIED, Value::Bool(dice.percent(70)))];
                self.fact(self.back_ms() + 8 * HOUR_MS, who, case, case::FOLLOWED_UP, &seen);
            }
        }
    }

    fn appeals_answered(&mut self) {
        let appeals: Vec<Item> = self
            .steps
            .iter()
            .filter_map(|step| match step.act {
                Act::Appeal { item, .. } => Some(item),
                _ => None,
            })
            .collect();
        for (turn, appeal) in appeals.into_iter().enumerate() {
            if turn % 4 != 3 {
                let answer = [(field::SEALED, Value::Bytes(vec![0x5a; 80]))];
                self.fact(
                    self.back_ms() + 5 * HOUR_MS,
                    Who::Liaison,
                    appeal,
                    appeal::ANSWERED,
                    &answer,
                );
            }
        }
    }

    /// What nobody wanted goes back to its sender, from the clerk's desk.
    fn sent_back(&mut self) {
        let refused: Vec<(Item, Who)> = self
            .steps
            .iter()
            .filter_map(|step| match &step.act {
                Act::Fact {
                    about, kind, body, ..
                } if *kind == delivery::RETURNED_TO_STATION => {
                    let unwanted = body.iter().any(|(key, value)| {
                        *key == field::REASON && matches!(value, Value::Uint(NOT_WANTED))
                    });
                    unwanted.then_some((*about, step.who))
                }
                _ => None,
            })
            .collect();
        for (item, who) in refused {
            let Who::Courier(courier) = who else { continue };
            let place = [(field::PLACE, Value::Is(self.station_of(courier)))];
            self.fact(
                self.back_ms() + 5 * HOUR_MS,
                self.clerk_of(courier),
                item,
                delivery::RETURNED_TO_SENDER,
                &place,
            );
        }
    }

    /// When who syncs. Couriers leave before the second gathering and come back for the fourth.
    pub(super) fn gatherings(&self) -> Vec<Gathering> {
        let (first, second) = (self.world.day_ms(0), self.world.day_ms(1));
        let evening = self.world.day_ms(self.world.days - 1) + 17 * HOUR_MS;
        let gathering = |at_ms, everybody, kills| Gathering {
            at_ms,
            everybody,
            kills,
            quiet: false,
        };
        let mut all = vec![
            gathering(first + 300_000, true, 1),
            gathering(first + 2 * HOUR_MS, false, 0),
            gathering(second + 3 * HOUR_MS, false, 1),
            gathering(evening, true, 4),
            gathering(self.back_ms() + 3 * HOUR_MS, false, 0),
            gathering(self.back_ms() + 6 * HOUR_MS, true, 2),
            gathering(self.back_ms() + 9 * HOUR_MS, true, 1),
        ];
        all.push(Gathering {
            quiet: true,
            ..gathering(self.back_ms() + 10 * HOUR_MS, true, 0)
        });
        all.sort_by_key(|gathering| gathering.at_ms);
        all
    }

    /// Parcels that came late, by their index.
    pub(super) fn late(&self) -> Vec<(usize, usize, usize)> {
        let parcels = self.world.parcels.iter().enumerate();
        parcels
            .filter_map(|(at, parcel)| match parcel.coming {
                Coming::Late(one, other) => Some((at, one, other)),
                _ => None,
            })
            .collect()
    }
}
