use super::Role;
use crate::id::{PersonId, RecordId};

/// To whom a row of the county's log goes. A device reads its own audiences alone ([`audiences_of`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Couriers, clerks and dispatchers: whoever works with records. Not the liaison, the auditor or the admin.
    Everyone,
    /// Whoever has this role.
    Role(Role),
    /// The clerks of this station. Its couriers are granted records by name.
    Station(RecordId),
    /// This courier.
    Person(PersonId),
}

/// Bytes that are no audience of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an audience")]
pub struct BadAudience;

impl Audience {
    /// As the county stores it: 1, 2 or 17 bytes. Frozen: the log is indexed by it.
    pub fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Everyone => vec![0],
            Self::Role(role) => vec![1, role as u8],
            Self::Station(station) => [&[2], station.0.as_slice()].concat(),
            Self::Person(person) => [&[3], person.0.as_slice()].concat(),
        }
    }

    /// The audience that these bytes are.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadAudience> {
        match bytes {
            [0] => Ok(Self::Everyone),
            [1, role] => Role::from_number((*role).into())
                .map(Self::Role)
                .ok_or(BadAudience),
            [2, station @ ..] => RecordId::from_slice(station)
                .map(Self::Station)
                .map_err(|_| BadAudience),
            [3, person @ ..] => PersonId::from_slice(person)
                .map(Self::Person)
                .map_err(|_| BadAudience),
            _ => Err(BadAudience),
        }
    }
}

/// What a device of this role reads, sorted. A clerk without a station reads what everyone does; an auditor's
/// device reads no record at all.
pub fn audiences_of(role: Role, person: PersonId, station: Option<RecordId>) -> Vec<Audience> {
    match role {
        Role::Courier => vec![Audience::Everyone, Audience::Person(person)],
        Role::Clerk => [Audience::Everyone]
            .into_iter()
            .chain(station.map(Audience::Station))
            .collect(),
        Role::Dispatcher => vec![Audience::Everyone, Audience::Role(role)],
        Role::Liaison | Role::Admin => vec![Audience::Role(role)],
        Role::Auditor => vec![],
    }
}
