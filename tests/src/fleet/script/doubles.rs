//! Parcels that two phones scan and the county imports, none knowing of the others.

use saddlebag_records::fact::{field, kinds::delivery as kind};

use super::county::CountyAct;
use super::{Act, Item, Purpose, StepId, Telling, Value, at};
use crate::fleet::clocks::HOUR_MS;
use crate::fleet::dice::Dice;
use crate::fleet::world::Who;

/// Code of `proof_kind`.
const NAMED: u64 = 1;

impl Telling<'_> {
    pub(super) fn doubles(&mut self) {
        for (turn, (parcel, one, other)) in self.late().into_iter().enumerate() {
            let mut dice = Dice::new(self.world.seed, &format!("double {parcel}"));
            let item = Item::Parcel(parcel);
            match (turn + self.world.first_double) % 10 {
                // Handed from one to the other: both have scanned it, and both say how it went on.
                0..=2 => {
                    let met = self.scanned(parcel, one, &mut dice);
                    self.hand_over(met + HOUR_MS, one, other, parcel);
                    self.brought(met + 2 * HOUR_MS, other, item);
                    self.expected.credits.insert(item, other);
                }
                // Both took it into their bags, as it seems, and nobody brought it: the dispatcher says who has it.
                3 => {
                    self.scanned(parcel, one, &mut dice);
                    self.scanned(parcel, other, &mut dice);
                    let loaded = StepId(self.steps.len() - 1);
                    self.county_closes(parcel, loaded);
                }
                // Both say that they brought it: nobody is credited until the dispatcher has asked.
                4 => {
                    let first = self.scanned(parcel, one, &mut dice);
                    let second = self.scanned(parcel, other, &mut dice);
                    self.brought(first + HOUR_MS, one, item);
                    let stands = self.brought(second + HOUR_MS, other, item);
                    self.county_closes(parcel, stands);
                    self.expected.credits.insert(item, other);
                }
                // One scanned it by mistake, the other brought it.
                _ => {
                    self.scanned(parcel, one, &mut dice);
                    let second = self.scanned(parcel, other, &mut dice);
                    self.brought(second + HOUR_MS, other, item);
                    self.expected.credits.insert(item, other);
                }
            }
            // The manifest comes on the second day, and names the courier of one in three.
            if turn % 3 == 0 {
                let at_ms = self.world.day_ms(1) + 7_100_000;
                self.county_acts(
                    at_ms,
                    CountyAct::Assign {
                        parcel,
                        to: Who::Courier(other),
                    },
                );
            }
        }
    }

    /// A courier finds a parcel that the phone does not know, scans it and takes it along.
    fn scanned(&mut self, parcel: usize, courier: usize, dice: &mut Dice) -> i64 {
        let day = self.world.day_ms(dice.below(self.world.days));
        let scanned = at(day, 9, dice);
        self.step(
            scanned,
            Who::Courier(courier),
            Act::Scan {
                parcel,
                purpose: Purpose::Load,
            },
        );
        scanned
    }

    fn brought(&mut self, at_ms: i64, courier: usize, item: Item) -> StepId {
        self.fact(
            at_ms,
            Who::Courier(courier),
            item,
            kind::DELIVERED,
            &[(field::PROOF, Value::Uint(NAMED))],
        )
    }

    /// The day after everybody is back the dispatcher closes what is in question.
    fn county_closes(&mut self, parcel: usize, stands: StepId) {
        let at_ms = self.back_ms() + 5 * HOUR_MS;
        self.county_acts(at_ms, CountyAct::Close { parcel, stands });
    }
}
