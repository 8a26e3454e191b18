use saddlebag_records::access::{ColleagueTies, Creation, RecordForAccess, Who, brought_by, references};
use saddlebag_records::codes::place_kind;
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

use crate::plans::view_of;
use crate::store::{Person, ReadTx, RecordRow, StoreError};

/// What decides who sees a record, read from the store.
pub(super) struct Gathered {
    pub(super) about: RecordForAccess,
    /// The records that it names, sorted.
    pub(super) references: Vec<RecordId>,
    /// Of a camp: when its validity ends, UTC milliseconds.
    pub(super) season_ends_ms: Option<i64>,
    /// The household that brings it along.
    pub(super) brought_by: Option<RecordId>,
}

pub(super) fn gather(tx: &dyn ReadTx, row: &RecordRow) -> Result<Gathered, StoreError> {
    let plan = view_of(tx, row.id)?;
    let facts = facts_of(tx, row.id)?;
    let mut references = references(row.id, plan.as_ref(), &facts);
    let mut about = RecordForAccess::new(row.id, row.kind);
    about.created = creator(tx, row)?.map(|by| Creation {
        by,
        at_ms: row.created_ms,
    });
    about.ended_ms = row.ended_ms;
    if let Some(plan) = &plan {
        about.assignee = plan
            .person("assignee")
            .map_or(Ok(None), |person| who(tx, person))?;
        about.stations.extend(
            plan.record("place")
                .map_or(Ok(None), |place| station_of(tx, place))?,
        );
    }
    about
        .stations
        .extend(about.assignee.and_then(|assignee| assignee.station));
    if row.kind == RecordKind::Colleague {
        // So that a mentor's own entry finds those whom they advise.
        references.extend(plan.as_ref().and_then(|plan| plan.person("mentor")).map(RecordId::from));
        references.sort();
        about.colleague = colleague(tx, row.id.into())?;
    }
    let plan = plan.as_ref();
    Ok(Gathered {
        about,
        references,
        season_ends_ms: plan.and_then(|plan| plan.int("valid_until_ms")),
        brought_by: plan.and_then(brought_by),
    })
}

/// A record's admitted facts.
pub(crate) fn facts_of(tx: &dyn ReadTx, record: RecordId) -> Result<Vec<Fact>, StoreError> {
    let rows = tx.facts(record)?;
    rows.iter()
        .map(|row| Fact::decode(&row.bytes).map_err(|_| StoreError::Damaged("fact")))
        .collect()
}

fn who(tx: &dyn ReadTx, person: PersonId) -> Result<Option<Who>, StoreError> {
    let person = tx.person(person)?;
    Ok(person.map(|person| Who {
        person: person.id,
        role: person.role,
        station: person.station,
    }))
}

/// Whose device this is, or stands this one-time number for.
fn person_of(tx: &dyn ReadTx, author: DeviceNumber) -> Result<Option<PersonId>, StoreError> {
    let device = match author.is_one_time() {
        true => tx.one_time_number(author)?.map(|known| known.device),
        false => Some(author),
    };
    let device = device.map_or(Ok(None), |device| tx.device(device))?;
    Ok(device.map(|device| device.person))
}

fn creator(tx: &dyn ReadTx, row: &RecordRow) -> Result<Option<Who>, StoreError> {
    let person = match row.creator_person {
        Some(person) => Some(person),
        None => person_of(tx, row.creator)?,
    };
    person.map_or(Ok(None), |person| who(tx, person))
}

/// The station that a place is, or that serves it.
fn station_of(tx: &dyn ReadTx, place: RecordId) -> Result<Option<RecordId>, StoreError> {
    let Some(plan) = view_of(tx, place)? else {
        return Ok(None);
    };
    if plan.uint("kind") == Some(place_kind::STATION.into()) {
        return Ok(Some(place));
    }
    Ok(plan.record("station"))
}

fn colleague(tx: &dyn ReadTx, person: PersonId) -> Result<Option<ColleagueTies>, StoreError> {
    let Some(own) = who(tx, person)? else { return Ok(None) };
    let near = |other: &Person| other.active && other.station.is_some() && other.station == own.station;
    let station_people = tx.people()?.iter().filter(|other| near(other)).map(who_is).collect();
    let mut mentees = Vec::new();
    for other in tx.references_to(person.into())? {
        let Some(other) = tx.person(other.into())?.filter(|other| other.active) else { continue };
        if view_of(tx, other.id.into())?.is_some_and(|plan| plan.person("mentor") == Some(person)) {
            mentees.push(who_is(&other));
        }
    }
    Ok(Some(ColleagueTies { role: own.role, station: own.station, station_people, mentees }))
}

fn who_is(person: &Person) -> Who {
    Who { person: person.id, role: person.role, station: person.station }
}
