use serde::{Deserialize, Serialize};

use super::photos;
use crate::id::{FactId, RecordId};
use crate::position::Position;

/// What a side value is. The number is frozen: it stands on the wire and on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum SideName {
    /// Where it happened: latitude and longitude in 1e-7 degrees WGS 84 and accuracy in metres, big-endian,
    /// 4 + 4 + 2 bytes.
    Position = 1,
    /// A phone number, text, at most 20 characters.
    Phone = 2,
    /// The argon2id hash of a pickup code, 8 bytes.
    PickupCodeHash = 3,
    /// The word that makes "urgent" urgent; empty.
    Medicine = 4,
    /// A signature's strokes, at most 4 KB.
    Signature = 5,
    /// One to eight photos' names ([`photos`]): the BLAKE3 hashes of what the phone sends, 32 bytes each, ascending.
    Photo = 6,
}

impl SideName {
    /// Every name, in the order of its number.
    pub const ALL: [Self; 6] = [
        Self::Position,
        Self::Phone,
        Self::PickupCodeHash,
        Self::Medicine,
        Self::Signature,
        Self::Photo,
    ];

    /// The name with this number, if this version knows it.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|name| *name as u8 == number)
    }

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Phone => "phone",
            Self::PickupCodeHash => "pickup_code_hash",
            Self::Medicine => "medicine",
            Self::Signature => "signature",
            Self::Photo => "photo",
        }
    }

    /// Whether the value is of the form that its name asks for.
    pub fn fits(self, value: &[u8]) -> bool {
        match self {
            Self::Position => match value.split_first_chunk() {
                Some((at, accuracy)) => Position::from_bytes(*at).is_some() && accuracy.len() == 2,
                None => false,
            },
            Self::Phone => std::str::from_utf8(value).is_ok_and(|text| text.chars().count() <= 20),
            Self::PickupCodeHash => value.len() == 8,
            Self::Medicine => value.is_empty(),
            Self::Signature => value.len() <= 4096,
            Self::Photo => photos::names(value).is_some(),
        }
    }
}

/// What has a shorter life, or fewer readers, than its record: a row beside facts and plan, written once, with
/// the fact that it hangs on, at most one of each name. Its removal is a row of the county's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideValue {
    /// The record.
    pub record: RecordId,
    /// The fact that it hangs on.
    pub fact: FactId,
    /// What it is.
    pub name: SideName,
    /// Its bytes, at most [`SideValue::MAX_BYTES`].
    pub value: Vec<u8>,
}

impl SideValue {
    /// The longest value.
    pub const MAX_BYTES: usize = 4096;
}
