//! Who works for the county.

use saddlebag_records::access::Role;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use serde::Serialize;

use super::{AdminError, code, devices, names};
use crate::county::County;
use crate::people::{By, Colleague, join, leave};
use crate::plans::view_of;
use crate::store::{Person, ReadTx};

/// Adds somebody under an id that nobody has.
///
/// # Errors
/// `no_such_record` and `no_such_person` for a station or a mentor that is not there; those of the rules.
pub fn add(county: &County, by: By, person: PersonId, colleague: Colleague) -> Result<(), AdminError> {
    county.store().read_blocking(|tx| {
        if let Some(station) = colleague.station {
            let is_place = tx
                .record(station)?
                .is_some_and(|record| record.kind == RecordKind::Place);
            is_place
                .then_some(())
                .ok_or_else(|| AdminError::new(code::NO_RECORD, "station"))?;
        }
        if let Some(mentor) = colleague.mentor {
            tx.person(mentor)?
                .ok_or_else(|| AdminError::new(code::NO_PERSON, "mentor"))?;
        }
        Ok::<_, AdminError>(())
    })?;
    Ok(join(county, by, person, colleague)?)
}

/// Lets somebody leave: no colleague sees them any more, and their devices get nothing. What they still hold they may
/// bring; a device that is to do nothing at all is revoked by itself.
pub fn revoke(county: &County, by: PersonId, person: PersonId) -> Result<(), AdminError> {
    let known = county.store().read_blocking(|tx| tx.person(person))?;
    let known = known.ok_or_else(|| AdminError::new(code::NO_PERSON, person))?;
    if known.active {
        leave(county, by, person)?;
    }
    Ok(())
}

/// Somebody in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Who.
    pub person: PersonId,
    /// Their name, masked unless whole names were asked for.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// Their station.
    pub station: Option<RecordId>,
    /// Its name.
    pub station_name: Option<String>,
    /// Whether they have not left.
    pub active: bool,
    /// Devices of theirs that may still do something.
    pub devices: usize,
    /// Their work phone, where whole names were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Everybody who works for the county or ever did. `whole` shows names and phones; the caller logs it.
pub fn list(county: &County, whole: bool) -> Result<Vec<Listed>, AdminError> {
    county.store().read_blocking(|tx| {
        let people = tx.people()?.into_iter().map(|person| listed(tx, person, whole));
        people.collect::<Result<_, AdminError>>()
    })
}

fn listed(tx: &dyn ReadTx, person: Person, whole: bool) -> Result<Listed, AdminError> {
    let plan = view_of(tx, person.id.into())?;
    let name = plan
        .as_ref()
        .and_then(|plan| plan.text("name"))
        .unwrap_or_default();
    let phone = if whole {
        super::record::phones(tx, person.id.into())?.pop()
    } else {
        None
    };
    let devices = tx
        .devices_of(person.id)?
        .into_iter()
        .filter(|device| devices::may_act(device.state));
    Ok(Listed {
        person: person.id,
        name: if whole { name.to_owned() } else { mask::name(name) },
        role: person.role,
        station: person.station,
        station_name: names::place(tx, person.station)?,
        active: person.active,
        devices: devices.count(),
        phone,
    })
}
