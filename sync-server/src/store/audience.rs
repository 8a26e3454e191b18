//! Who reads a row of the log.

use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};

use super::StoreError;

/// A set of readers. A device reads the log of its person, its person's station and role, and everyone's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// All devices of the county.
    Everyone,
    /// One person.
    Person(PersonId),
    /// All who work at a station.
    Station(RecordId),
    /// All of a role: a number of the code list `role`.
    Role(u16),
    /// All of a role at a station.
    StationRole(RecordId, u16),
    /// One device.
    Device(DeviceNumber),
}

/// The first byte of a stored audience. Frozen.
mod tag {
    pub(super) const EVERYONE: u8 = 0;
    pub(super) const PERSON: u8 = 1;
    pub(super) const STATION: u8 = 2;
    pub(super) const ROLE: u8 = 3;
    pub(super) const STATION_ROLE: u8 = 4;
    pub(super) const DEVICE: u8 = 5;
}

impl Audience {
    /// As it is stored: a tag, then the id, numbers big-endian.
    pub fn to_bytes(self) -> Vec<u8> {
        let (tag, rest): (u8, Vec<u8>) = match self {
            Self::Everyone => (tag::EVERYONE, Vec::new()),
            Self::Person(person) => (tag::PERSON, person.0.to_vec()),
            Self::Station(station) => (tag::STATION, station.0.to_vec()),
            Self::Role(role) => (tag::ROLE, role.to_be_bytes().to_vec()),
            Self::StationRole(station, role) => (
                tag::STATION_ROLE,
                [station.0.as_slice(), &role.to_be_bytes()].concat(),
            ),
            Self::Device(number) => (tag::DEVICE, number.0.to_be_bytes().to_vec()),
        };
        [&[tag], rest.as_slice()].concat()
    }

    /// The audience that is stored so.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        Self::parse(bytes).ok_or(StoreError::Damaged("audience"))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (tag, rest) = bytes.split_first()?;
        Some(match *tag {
            tag::EVERYONE if rest.is_empty() => Self::Everyone,
            tag::PERSON => Self::Person(PersonId(rest.try_into().ok()?)),
            tag::STATION => Self::Station(RecordId(rest.try_into().ok()?)),
            tag::ROLE => Self::Role(u16::from_be_bytes(rest.try_into().ok()?)),
            tag::STATION_ROLE => {
                let (station, role) = rest.split_at_checked(16)?;
                let role = u16::from_be_bytes(role.try_into().ok()?);
                Self::StationRole(RecordId(station.try_into().ok()?), role)
            }
            tag::DEVICE => Self::Device(DeviceNumber(u64::from_be_bytes(rest.try_into().ok()?))),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These bytes stand in every county's file and in its indexes: they may never change.
    #[test]
    fn stored_audiences_are_frozen() {
        let id = [0xAB; 16];
        let golden = [
            (Audience::Everyone, "00".to_owned()),
            (Audience::Person(PersonId(id)), format!("01{}", "ab".repeat(16))),
            (Audience::Station(RecordId(id)), format!("02{}", "ab".repeat(16))),
            (Audience::Role(3), "030003".to_owned()),
            (
                Audience::StationRole(RecordId(id), 0x102),
                format!("04{}0102", "ab".repeat(16)),
            ),
            (
                Audience::Device(DeviceNumber(258)),
                "050000000000000102".to_owned(),
            ),
        ];
        for (audience, hex) in golden {
            assert_eq!(hex::encode(audience.to_bytes()), hex);
            assert_eq!(Audience::from_bytes(&audience.to_bytes()), Ok(audience));
        }
    }

    #[test]
    fn anything_else_is_damage() {
        for bytes in [&[][..], &[0, 0], &[1; 16], &[4; 17], &[9]] {
            assert_eq!(Audience::from_bytes(bytes), Err(StoreError::Damaged("audience")));
        }
    }
}
