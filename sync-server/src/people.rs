//! Who works for the county: their entry among the colleagues, what they may, and what their devices read.

use saddlebag_records::access::{Role, audiences_of};
use saddlebag_records::fact::{Body, SideName, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};

use crate::act::{Act, ActError, Draft, Part, act_in};
use crate::county::County;
use crate::plans::view_of;
use crate::store::{Person, StoreError, WriteTx};
use crate::sync::Sender;
use crate::visibility;

/// Somebody as an admin enters them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// What others call them.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// Where they work, if at a station.
    pub station: Option<RecordId>,
    /// Whom they ask first.
    pub mentor: Option<PersonId>,
    /// Their work phone; at most 20 characters.
    pub phone: Option<String>,
}

/// Who enters people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// An admin.
    Admin(PersonId),
    /// Nobody yet: a county's first admin enters themselves.
    Founding,
}

/// Enters somebody new under this id, which must be fresh.
pub fn join(county: &County, by: By, id: PersonId, colleague: Colleague) -> Result<(), ActError> {
    let its = county.clone();
    let job = move |tx: &mut dyn WriteTx| {
        let founding = by == By::Founding && colleague.role == Role::Admin && tx.people()?.is_empty();
        let sender = match by {
            By::Admin(admin) => acting(tx, admin)?,
            By::Founding if founding => acting_as(tx, id, Role::Admin)?,
            By::Founding => return Err(ActError::Nobody),
        };
        if tx.person(id)?.is_some() {
            return Err(ActError::Refused {
                record: id.into(),
                code: "person_known".to_owned(),
            });
        }
        let phone = colleague.phone.as_ref();
        let sides = phone
            .map(|phone| (SideName::Phone, phone.as_bytes().to_vec()))
            .into_iter()
            .collect();
        let joined = Draft {
            kind: kinds::colleague::JOINED,
            body: Body::new(),
            sides,
        };
        let person = Person {
            id,
            role: colleague.role,
            station: colleague.station,
            password_hash: None,
            second_factor: None,
            active: true,
        };
        tx.put_person(&person)?;
        let part = Part {
            record: id.into(),
            kind: RecordKind::Colleague,
            facts: vec![joined],
            edits: edits(&colleague),
        };
        act_in(tx, &its, &sender, &Act { parts: vec![part] })?;
        belong(
            tx,
            &its,
            &person,
            [None, colleague.station],
            [None, colleague.mentor],
        )
    };
    county.own(job)
}

/// Changes somebody's name, role, station or mentor.
pub fn change(county: &County, by: PersonId, id: PersonId, colleague: Colleague) -> Result<(), ActError> {
    let its = county.clone();
    let job = move |tx: &mut dyn WriteTx| {
        let sender = acting(tx, by)?;
        let mut person = known(tx, id)?;
        let (station, mentor) = (person.station, mentor_of(tx, id)?);
        (person.role, person.station) = (colleague.role, colleague.station);
        tx.put_person(&person)?;
        let part = Part {
            record: id.into(),
            kind: RecordKind::Colleague,
            facts: Vec::new(),
            edits: edits(&colleague),
        };
        act_in(tx, &its, &sender, &Act { parts: vec![part] })?;
        belong(
            tx,
            &its,
            &person,
            [station, colleague.station],
            [mentor, colleague.mentor],
        )
    };
    county.own(job)
}

/// Somebody leaves: what they wrote stays, their devices are served nothing more.
pub fn leave(county: &County, by: PersonId, id: PersonId) -> Result<(), ActError> {
    let its = county.clone();
    let job = move |tx: &mut dyn WriteTx| {
        let sender = acting(tx, by)?;
        let mut person = known(tx, id)?;
        person.active = false;
        tx.put_person(&person)?;
        let part = Part {
            record: id.into(),
            kind: RecordKind::Colleague,
            facts: vec![Draft::new(kinds::colleague::LEFT, Body::new())],
            edits: Vec::new(),
        };
        act_in(tx, &its, &sender, &Act { parts: vec![part] })?;
        let mentor = mentor_of(tx, id)?;
        belong(tx, &its, &person, [person.station, None], [mentor, None])
    };
    county.own(job)
}

fn acting(tx: &dyn WriteTx, by: PersonId) -> Result<Sender, ActError> {
    let person = tx
        .person(by)?
        .filter(|person| person.active)
        .ok_or(ActError::Nobody)?;
    acting_as(tx, by, person.role)
}

fn acting_as(tx: &dyn WriteTx, by: PersonId, role: Role) -> Result<Sender, ActError> {
    let own = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.own_device;
    Ok(Sender::of_county(tx, own, by, role)?)
}

fn known(tx: &dyn WriteTx, id: PersonId) -> Result<Person, ActError> {
    let unknown = || ActError::Refused {
        record: id.into(),
        code: "person_unknown".to_owned(),
    };
    tx.person(id)?.ok_or_else(unknown)
}

fn edits(colleague: &Colleague) -> Vec<PlanEdit> {
    let record = |field: &str, value: Option<PlanValue>| match value {
        Some(value) => PlanEdit::set(field, value),
        None => PlanEdit::Clear {
            field: field.to_owned(),
        },
    };
    vec![
        PlanEdit::set("name", colleague.name.as_str()),
        PlanEdit::set("role", i64::from(colleague.role.number())),
        record("station", colleague.station.map(PlanValue::from)),
        record("mentor", colleague.mentor.map(PlanValue::from)),
    ]
}

fn mentor_of(tx: &dyn WriteTx, id: PersonId) -> Result<Option<PersonId>, StoreError> {
    Ok(view_of(tx, id.into())?.and_then(|plan| plan.person("mentor")))
}

/// Brings the audiences of somebody in line with what they do, and asks again who sees whom among those whom the
/// change concerns: the people of both stations, and both mentors.
fn belong(
    tx: &mut dyn WriteTx,
    county: &County,
    person: &Person,
    stations: [Option<RecordId>; 2],
    mentors: [Option<PersonId>; 2],
) -> Result<(), ActError> {
    let wanted = match person.active {
        true => audiences_of(person.role, person.id, person.station),
        false => Vec::new(),
    };
    for membership in tx.memberships(person.id)? {
        if membership.left.is_none() && !wanted.contains(&membership.audience) {
            tx.leave_audience(person.id, membership.audience)?;
        }
    }
    for audience in wanted {
        tx.join_audience(person.id, audience)?;
    }
    let mut concerned = vec![RecordId::from(person.id)];
    concerned.extend(mentors.into_iter().flatten().map(RecordId::from));
    for station in stations.into_iter().flatten() {
        concerned.extend(
            tx.people_at(station)?
                .into_iter()
                .map(|other| RecordId::from(other.id)),
        );
    }
    visibility::refresh(tx, county.now_ms(), concerned)?;
    Ok(())
}
