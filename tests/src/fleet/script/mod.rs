//! Who does what when: everything is drawn from the seed before anything happens, so that no thread and no link can
//! change what was done, only when it arrived.
//!
//! A story is what happens to one thing, told to the end; the script is all stories, cut into steps and sorted by
//! time.

mod cash;
mod county;
mod deliveries;
mod doubles;
mod errands;
mod households;
mod pickups;
mod reports;

use std::collections::BTreeMap;

use saddlebag_records::fact::{FactKind, SideName, field};
use saddlebag_records::kind::RecordKind;

pub(crate) use county::{CountyAct, CountyStep, Gathering};

use super::clocks::MINUTE_MS;
use super::dice::Dice;
use super::world::{Coming, Who, World};
use crate::county::{DAY_MS, Position};

/// A record, before it has an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Item {
    /// A parcel of [`World::parcels`].
    Parcel(usize),
    /// A household of the county.
    Household(usize),
    /// A place of the county.
    Place(usize),
    /// A carrier of the county.
    Carrier(usize),
    /// A record that somebody makes on a phone: its place in [`Script::made`].
    Made(usize),
    /// A courier's hand-in of this number.
    HandIn(usize, u32),
    /// The count of a courier's hand-in of this number.
    Count(usize, u32),
}

/// A step's name: its place in the telling, not in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StepId(pub(crate) usize);

/// A field of a fact.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Uint(u64),
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    Is(Item),
    Person(Who),
}

/// What a plan's field is to hold.
#[derive(Clone, Debug)]
pub(crate) enum Planned {
    Text(String),
    Int(i64),
    Note(String),
    Is(Item),
    /// A shopping list: the items' names, and what they say.
    Shopping(Vec<([u8; 8], String)>),
}

/// What a household agrees to.
#[derive(Clone, Debug)]
pub(crate) enum Agreed {
    /// That somebody of this name takes its parcels.
    Proxy(String),
    /// That its parcels wait at a drop point.
    DropPoint(Item),
    /// That a courier shops for it.
    Errands,
}

/// What somebody does on a phone: a verb of the replica.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Reads a parcel's waybill with the camera.
    Scan { parcel: usize, purpose: Purpose },
    /// Gives a parcel to a colleague.
    HandOver { parcel: usize, to: usize },
    /// Has a parcel from a colleague.
    TakeOver { parcel: usize, from: usize },
    /// Makes a record with this plan.
    Create {
        item: Item,
        kind: RecordKind,
        plan: Vec<(&'static str, Planned)>,
    },
    /// Records what happened.
    Fact {
        about: Item,
        kind: FactKind,
        body: Vec<(u64, Value)>,
        side: Vec<(SideName, Vec<u8>)>,
    },
    /// Edits a plan.
    Edit {
        about: Item,
        plan: Vec<(&'static str, Planned)>,
    },
    /// Adds these words to a plan's notes.
    Noted { about: Item, words: String },
    /// Gives a parcel to somebody else, by rules that are not the county's: a courier may not.
    GiveAway { about: Item, to: Who },
    /// Voids the fact of an earlier step.
    Void { step: StepId },
    /// Records a consent.
    Consent {
        item: Item,
        household: Item,
        agreed: Agreed,
        days: Option<u16>,
    },
    /// Registers a household and its telephone number.
    Register { item: Item, name: String, phone: String },
    /// Notes where a household stays.
    Camp {
        item: Item,
        household: Item,
        position: Position,
        days: u16,
    },
    /// Reports a public problem, at a place or at a position.
    Tip {
        item: Item,
        kind: u16,
        text: String,
        township: u64,
        place: Item,
        position: Option<Position>,
    },
    /// Raises a matter with the liaison.
    Appeal { item: Item, kind: u16, text: String },
    /// Gives cash to a colleague, and shows the code.
    Pass { item: Item, to: usize, fen: u64 },
    /// Takes cash by the giver's code.
    Take { item: Item },
    /// Hands cash in at the station.
    HandIn { courier: usize, station: Item, fen: u64 },
    /// Counts the cash of a courier's hand-in, without having seen what they wrote.
    Count {
        courier: usize,
        number: u32,
        station: Item,
        fen: u64,
    },
    /// Switches the phone off and on.
    Reboot,
}

/// What a parcel is scanned for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// A courier takes it along.
    Load,
    /// A station takes it in.
    TakeIn(Item),
}

/// An act, who does it, and when.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) id: StepId,
    pub(crate) at_ms: i64,
    pub(crate) who: Who,
    pub(crate) act: Act,
}

/// Money that changed hands, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) fen: u64,
}

/// Who has money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Party {
    Courier(usize),
    /// Somebody else: an addressee, a shop, a station.
    Outside,
}

/// What must be so at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    /// Whose work each thing was that was brought to its end. What is not here is nobody's.
    pub(crate) credits: BTreeMap<Item, usize>,
    /// Every movement of money that was not voided, by the step that told of it.
    pub(crate) moves: BTreeMap<StepId, Move>,
}

impl Expected {
    /// What a courier owes: what came to them less what they gave away, fen.
    pub(crate) fn owed_by(&self, courier: usize) -> i64 {
        let sum = |of: fn(&Move) -> Party| -> i64 {
            let moves = self
                .moves
                .values()
                .filter(|moved| of(moved) == Party::Courier(courier));
            moves
                .map(|moved| i64::try_from(moved.fen).unwrap_or(i64::MAX))
                .sum()
        };
        sum(|moved| moved.to) - sum(|moved| moved.from)
    }
}

/// All that happens.
pub(crate) struct Script {
    /// What people do on their phones, by time.
    pub(crate) steps: Vec<Step>,
    /// What is done at the county, by time.
    pub(crate) county: Vec<CountyStep>,
    /// When phones sync.
    pub(crate) gatherings: Vec<Gathering>,
    /// What must come of it.
    pub(crate) expected: Expected,
}

impl Script {
    /// The script of this world.
    pub(crate) fn draw(world: &World) -> Self {
        let mut telling = Telling {
            world,
            steps: Vec::new(),
            county: Vec::new(),
            made: 0,
            expected: Expected::default(),
        };
        telling.deliveries();
        telling.doubles();
        telling.pickups();
        telling.errands();
        telling.households();
        telling.reports();
        telling.reboots();
        telling.cash();
        telling.at_the_county();
        let gatherings = telling.gatherings();
        let Telling {
            mut steps,
            mut county,
            expected,
            ..
        } = telling;
        // Where not everybody has a phone, what the others would do is left out.
        let phones = world.phones();
        steps.retain(|step| phones.contains(&step.who));
        steps.sort_by_key(|step| (step.at_ms, step.id));
        county.sort_by_key(|step| step.at_ms);
        Self {
            steps,
            county,
            gatherings,
            expected,
        }
    }
}

/// A script in the making.
struct Telling<'a> {
    world: &'a World,
    steps: Vec<Step>,
    county: Vec<CountyStep>,
    made: usize,
    expected: Expected,
}

impl Telling<'_> {
    fn step(&mut self, at_ms: i64, who: Who, act: Act) -> StepId {
        let id = StepId(self.steps.len());
        self.steps.push(Step { id, at_ms, who, act });
        id
    }

    /// The households that a courier's phone knows: those of the parcels that were assigned before the first day.
    fn homes_of(&self, courier: usize) -> Vec<Item> {
        let assigned = self
            .world
            .parcels
            .iter()
            .filter(|parcel| parcel.coming == Coming::Assigned(courier));
        let deliveries = assigned.filter_map(|parcel| self.world.county.deliveries.get(parcel.index));
        deliveries
            .filter_map(|delivery| self.world.household(&delivery.household).map(Item::Household))
            .collect()
    }

    /// A record that is still to be made.
    fn new_item(&mut self) -> Item {
        self.made += 1;
        Item::Made(self.made - 1)
    }

    fn fact(&mut self, at_ms: i64, who: Who, about: Item, kind: FactKind, body: &[(u64, Value)]) -> StepId {
        self.step(
            at_ms,
            who,
            Act::Fact {
                about,
                kind,
                body: body.to_vec(),
                side: Vec::new(),
            },
        )
    }

    fn fact_with(
        &mut self,
        at_ms: i64,
        who: Who,
        about: Item,
        kind: FactKind,
        body: &[(u64, Value)],
        side: Vec<(SideName, Vec<u8>)>,
    ) -> StepId {
        self.step(
            at_ms,
            who,
            Act::Fact {
                about,
                kind,
                body: body.to_vec(),
                side,
            },
        )
    }

    /// A fact that moves money between a courier and somebody else. `outside` is who that is.
    fn pays(
        &mut self,
        at_ms: i64,
        about: Item,
        kind: FactKind,
        moved: Move,
        outside: &Value,
        more: &[(u64, Value)],
    ) {
        let party = |party: Party| match party {
            Party::Courier(index) => Value::Person(Who::Courier(index)),
            Party::Outside => outside.clone(),
        };
        let writer = match (moved.from, moved.to) {
            (Party::Courier(index), _) | (_, Party::Courier(index)) => Who::Courier(index),
            _ => return,
        };
        let mut body = vec![
            (field::FROM, party(moved.from)),
            (field::TO, party(moved.to)),
            (field::FEN, Value::Uint(moved.fen)),
        ];
        body.extend_from_slice(more);
        let step = self.fact(at_ms, writer, about, kind, &body);
        self.expected.moves.insert(step, moved);
    }

    /// Somebody sees that what they wrote is wrong.
    fn void(&mut self, at_ms: i64, who: Who, step: StepId) {
        self.expected.moves.remove(&step);
        self.step(at_ms, who, Act::Void { step });
    }

    /// Three phones in four are switched off and on at some time, among them all whose clock is wrong but one.
    fn reboots(&mut self) {
        let mut dice = Dice::new(self.world.seed, "reboots");
        for courier in 0..self.world.couriers.len() {
            if courier % 4 == 3 {
                continue;
            }
            let day = dice.below(self.world.days);
            self.step(
                at(self.world.day_ms(day), 9, &mut dice),
                Who::Courier(courier),
                Act::Reboot,
            );
        }
    }
}

/// Some minute and second of this hour (Beijing time, from 4) of the day that begins at `day_ms`.
fn at(day_ms: i64, hour: i64, dice: &mut Dice) -> i64 {
    let minutes = (hour - 4) * 60 + dice.between(0, 59);
    (day_ms + minutes * MINUTE_MS + dice.between(0, 59_999)).min(day_ms + DAY_MS - 1)
}

/// A while later, up to this many minutes.
fn soon(at_ms: i64, minutes: i64, dice: &mut Dice) -> i64 {
    at_ms + dice.between(1_000, minutes * MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn script(seed: u64, couriers: usize) -> Script {
        Script::draw(&World::draw(seed, couriers, 3).unwrap())
    }

    #[test]
    fn one_seed_tells_one_script() {
        let told = |seed| format!("{:?}{:?}", script(seed, 5).steps, script(seed, 5).county);
        assert_eq!(told(7), told(7));
        assert_ne!(told(7), told(8));
    }

    #[test]
    fn everything_that_can_happen_to_a_parcel_happens() {
        let script = script(1, 31);
        let kinds: BTreeSet<String> = script
            .steps
            .iter()
            .filter_map(|step| match &step.act {
                Act::Fact { kind, .. } => Some(kind.to_string()),
                _ => None,
            })
            .collect();
        for kind in [
            "delivery.attempted",
            "delivery.delivered",
            "delivery.delivered_to_proxy",
            "delivery.placed_at_drop_point",
            "delivery.collected",
            "delivery.refused",
            "delivery.returned_to_station",
            "delivery.returned_to_sender",
            "delivery.cash_collected",
            "delivery.damaged",
            "delivery.temperature",
            "pickup.quarantine_certificate_seen",
            "pickup.handed_to_carrier",
            "pickup.subsidy_claimed",
            "pickup.subsidy_granted",
            "pickup.paid_out",
            "pickup.spoiled",
            "pickup.prohibited_refused",
            "errand.bought",
            "errand.not_to_be_had",
            "errand.change_given",
            "errand.reimbursed",
            "appeal.answered",
            "count.difference_explained",
        ] {
            assert!(kinds.contains(kind), "{kind} never happens");
        }
        let is = |what: fn(&Act) -> bool| script.steps.iter().filter(|step| what(&step.act)).count();
        assert!(is(|act| matches!(act, Act::HandOver { .. })) > 10);
        assert!(is(|act| matches!(act, Act::Pass { .. })) > 0);
        assert!(is(|act| matches!(act, Act::Tip { .. })) > 10);
        assert!(is(|act| matches!(act, Act::Void { .. })) > 3);
    }

    #[test]
    fn most_couriers_hand_cash_in_and_one_at_most_is_counted_for_each() {
        let script = script(1, 31);
        let hand_ins = script
            .steps
            .iter()
            .filter(|step| matches!(step.act, Act::HandIn { fen: 1.., .. }))
            .count();
        let counts = script
            .steps
            .iter()
            .filter(|step| matches!(step.act, Act::Count { .. }))
            .count();
        assert!(hand_ins > 15, "{hand_ins}");
        assert_eq!(hand_ins, counts);
    }
}
