//! What somebody sees because of the station that they belong to.

use saddlebag_records::fact::field;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::plan::PlanView;

use super::Sights;
use crate::fleet::script::Item;
use crate::fleet::world::Who;

impl Sights<'_> {
    /// Bound for the station or a place that it serves, at it, carried by somebody of it, or made by them.
    pub(super) fn is_at_station(&self, who: Who, record: RecordId, plan: Option<&PlanView>) -> bool {
        let Some(station) = self.told.station_of(who) else {
            return false;
        };
        let is_here = |place: RecordId| {
            let plan = self.evidence.county.plans.get(&place);
            place == station || plan.and_then(|plan| plan.record("station")) == Some(station)
        };
        let of_station = |person: PersonId| self.told.is_of_station(person, station);
        let facts = &self.custody(record).facts;
        plan.and_then(|plan| plan.record("place")).is_some_and(is_here)
            || plan
                .and_then(|plan| plan.person("assignee"))
                .is_some_and(of_station)
            || facts
                .iter()
                .any(|fact| fact.body.record(field::PLACE).is_some_and(is_here))
            || facts
                .iter()
                .any(|fact| self.evidence.county.writer(fact).is_some_and(of_station))
            || self.maker_is_of_station(who, record)
    }

    pub(super) fn maker_is_of_station(&self, who: Who, record: RecordId) -> bool {
        let maker = self.told.makers.get(&record);
        maker.is_some_and(|maker| self.told.station_of(*maker) == self.told.station_of(who))
    }

    /// Their own entry, those of their station, their mentor, the liaison.
    pub(super) fn knows_colleague(&self, who: Who, person: PersonId, record: RecordId) -> bool {
        let colleagues = &self.evidence.world.county.colleagues;
        let entry = |who: Who| colleagues.iter().find(|colleague| colleague.key == who.key());
        let other = self.told.whos.get(&record.into()).copied().and_then(entry);
        let (Some(own), Some(other)) = (entry(who), other) else {
            return false;
        };
        let of_courier = PersonId::from(record) == person || own.mentor == other.key;
        other.role == "liaison" || other.station == own.station || who.is_courier() && of_courier
    }

    /// Whether it is this hand-in or count of a courier's, and both are there.
    pub(super) fn is_matched(&self, record: RecordId, item: Item, courier: usize) -> bool {
        let named = |item| self.evidence.names.record(item).ok();
        let there =
            |item| named(item).is_some_and(|record| self.evidence.county.records.contains_key(&record));
        let both = there(Item::HandIn(courier, 1)) && there(Item::Count(courier, 1));
        both && named(item) == Some(record)
    }

    /// A hand-in that was counted at the clerk's station.
    pub(super) fn was_handed_in_at(&self, who: Who, record: RecordId) -> bool {
        (0..self.evidence.world.couriers.len()).any(|courier| {
            self.told.station_of(Who::Courier(courier)) == self.told.station_of(who)
                && self.is_matched(record, Item::HandIn(courier, 1), courier)
        })
    }
}
