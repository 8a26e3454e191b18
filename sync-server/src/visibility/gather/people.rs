use std::collections::HashMap;

use saddlebag_records::access::{ColleagueTies, Who};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};

use super::contents::Contents;
use super::is_station;
use crate::plans::view_of;
use crate::store::{Person, ReadTx, StoreError};

/// People, devices and places, each looked up once.
#[derive(Default)]
pub(in crate::visibility) struct People {
    who: HashMap<PersonId, Option<Who>>,
    devices: HashMap<DeviceNumber, Option<PersonId>>,
    stations: HashMap<RecordId, Option<RecordId>>,
}

impl People {
    pub(super) fn who(&mut self, tx: &dyn ReadTx, person: PersonId) -> Result<Option<Who>, StoreError> {
        if let Some(known) = self.who.get(&person) {
            return Ok(*known);
        }
        let found = tx.person(person)?.as_ref().map(who_is);
        self.who.insert(person, found);
        Ok(found)
    }

    /// Whose device this is. Nobody's for one-time numbers and the county's own.
    pub(super) fn of(
        &mut self,
        tx: &dyn ReadTx,
        device: DeviceNumber,
    ) -> Result<Option<PersonId>, StoreError> {
        if device.is_one_time() {
            return Ok(None);
        }
        if let Some(known) = self.devices.get(&device) {
            return Ok(*known);
        }
        let found = tx.device(device)?.map(|device| device.person);
        self.devices.insert(device, found);
        Ok(found)
    }

    /// The same, but one-time numbers lead to who is behind them: for the county's own working alone.
    pub(super) fn behind(
        &mut self,
        tx: &dyn ReadTx,
        author: DeviceNumber,
    ) -> Result<Option<PersonId>, StoreError> {
        let device = match author.is_one_time() {
            true => tx.one_time_number(author)?.map(|known| known.device),
            false => Some(author),
        };
        device.map_or(Ok(None), |device| self.of(tx, device))
    }

    /// The station that a place is, or that serves it.
    pub(super) fn station_of(
        &mut self,
        tx: &dyn ReadTx,
        contents: &mut Contents,
        place: RecordId,
    ) -> Result<Option<RecordId>, StoreError> {
        if let Some(known) = self.stations.get(&place) {
            return Ok(*known);
        }
        let found = contents
            .plan(tx, place)?
            .and_then(|plan| match is_station(plan.uint("kind")) {
                true => Some(place),
                false => plan.record("station"),
            });
        self.stations.insert(place, found);
        Ok(found)
    }
}

/// Whom a colleague works with.
pub(super) fn ties(tx: &dyn ReadTx, person: PersonId) -> Result<Option<ColleagueTies>, StoreError> {
    let Some(own) = tx.person(person)? else {
        return Ok(None);
    };
    let station_people = match own.station {
        Some(station) => tx.people_at(station)?,
        None => Vec::new(),
    };
    let mut mentees = Vec::new();
    for other in tx.references_to(person.into())? {
        let Some(other) = tx.person(other.into())?.filter(|other| other.active) else {
            continue;
        };
        if view_of(tx, other.id.into())?.is_some_and(|plan| plan.person("mentor") == Some(person)) {
            mentees.push(who_is(&other));
        }
    }
    Ok(Some(ColleagueTies {
        role: own.role,
        station: own.station,
        station_people: station_people
            .iter()
            .filter(|other| other.active)
            .map(who_is)
            .collect(),
        mentees,
    }))
}

fn who_is(person: &Person) -> Who {
    Who {
        person: person.id,
        role: person.role,
        station: person.station,
    }
}
