//! Names of records, facts, devices and people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id that is not written the way its kind is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct BadId;

macro_rules! bytes16 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, specta::Type)]
        #[specta(type = String)]
        pub struct $name(pub [u8; 16]);

        impl $name {
            /// The id in these bytes, which must be 16.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, BadId> {
                bytes.try_into().map(Self).map_err(|_| BadId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                uuid::Uuid::try_parse(text).map(|id| Self(id.into_bytes())).map_err(|_| BadId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

bytes16!(
    /// A record: a delivery, a household, a place, … A UUID (RFC 9562): version 8 where it is derived,
    /// version 7 elsewhere.
    RecordId
);
bytes16!(
    /// A person of the county: the [`RecordId`] of their colleague record.
    PersonId
);
bytes16!(
    /// An Automerge actor: 16 bytes drawn by an installation, never derived, never used again after a
    /// wipe, a fork or a refusal. All zeros is the golden start's alone.
    ActorId
);
bytes16!(
    /// A county. Device tokens begin with it.
    CountyId
);

impl ActorId {
    /// The author of every golden start, refused from anybody else.
    pub const ZERO: Self = Self([0; 16]);
}

impl From<RecordId> for PersonId {
    fn from(colleague: RecordId) -> Self {
        Self(colleague.0)
    }
}

impl From<PersonId> for RecordId {
    fn from(person: PersonId) -> Self {
        Self(person.0)
    }
}

/// Who wrote a fact: a number that the county gave to a device at its enrolment, or a one-time number
/// that stands for it in a tip or an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(transparent)]
pub struct DeviceNumber(pub u64);

impl DeviceNumber {
    /// One-time numbers have the highest bit set, so that neither kind can ever meet the other.
    pub const ONE_TIME: u64 = 1 << 63;

    /// Whether this number stands for a device in one tip or one appeal.
    pub fn is_one_time(self) -> bool {
        self.0 & Self::ONE_TIME != 0
    }
}

impl fmt::Display for DeviceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A fact's name: its author and the author's own counter, which starts at 1 and has no gaps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, specta::Type)]
#[specta(type = String)]
pub struct FactId {
    /// Who wrote it.
    pub device: DeviceNumber,
    /// The how manyeth of its author, from 1.
    pub n: u64,
}

impl FactId {
    /// The fact `n` of `device`.
    pub fn new(device: DeviceNumber, n: u64) -> Self {
        Self { device, n }
    }
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.device, self.n)
    }
}

impl fmt::Debug for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for FactId {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let (device, n) = text.split_once('.').ok_or(BadId)?;
        Ok(Self {
            device: DeviceNumber(device.parse().map_err(|_| BadId)?),
            n: n.parse().map_err(|_| BadId)?,
        })
    }
}

impl Serialize for FactId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FactId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
