//! Waybill numbers, and the ids that two devices derive alike without having met.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ascii_form::{is_invisible, narrow};
use crate::id::{PersonId, RecordId};

/// The shortest and the longest normalised waybill number, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 6..=32;

/// Why a text is no waybill number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaybillError {
    /// Fewer than 6 characters are left after normalising.
    #[error("a waybill number has at least 6 characters")]
    TooShort,
    /// More than 32 characters are left after normalising.
    #[error("a waybill number has at most 32 characters")]
    TooLong,
    /// Something other than A to Z, 0 to 9 and the hyphen.
    #[error("a waybill number has only letters A to Z, digits and hyphens")]
    BadCharacter,
}

impl WaybillError {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "waybill_too_short",
            Self::TooLong => "waybill_too_long",
            Self::BadCharacter => "waybill_bad_character",
        }
    }
}

/// What the check digit of UPU S10 says about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum S10Checked {
    /// Not shaped like S10 (two letters, eight digits, check digit, two letters): opaque.
    NotS10,
    /// Shaped like S10, and its check digit is right.
    Good,
    /// Shaped like S10 with a wrong check digit. Refused for a carrier of kind post; for any other the
    /// number is opaque and happens to look so.
    Bad,
}

/// A normalised waybill number: 6 to 32 of `[A-Z0-9-]`, opaque beyond that. The carrier is a hint and never
/// part of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(try_from = "String", into = "String")]
pub struct Waybill(String);

impl Waybill {
    /// Normalises what was typed or scanned: full-width forms to ASCII, letters upper-cased, spaces and
    /// invisible characters dropped.
    ///
    /// # Errors
    ///
    /// [`WaybillError`], never for the carrier's own rules.
    pub fn parse(text: &str) -> Result<Self, WaybillError> {
        let mut number = String::with_capacity(text.len().min(*LENGTH.end()));
        for c in text
            .chars()
            .map(narrow)
            .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        {
            let c = c.to_ascii_uppercase();
            if !matches!(c, 'A'..='Z' | '0'..='9' | '-') {
                return Err(WaybillError::BadCharacter);
            }
            if number.len() == *LENGTH.end() {
                return Err(WaybillError::TooLong);
            }
            number.push(c);
        }
        if number.len() < *LENGTH.start() {
            return Err(WaybillError::TooShort);
        }
        Ok(Self(number))
    }

    /// The normalised number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks a number of the post (UPU S10: weights 8 6 4 2 3 5 9 7).
    pub fn s10(&self) -> S10Checked {
        let [a, b, serial @ .., y, z] = self.0.as_bytes() else {
            return S10Checked::NotS10;
        };
        let letters = [a, b, y, z].into_iter().all(u8::is_ascii_uppercase);
        if !letters || serial.len() != 9 || !serial.iter().all(u8::is_ascii_digit) {
            return S10Checked::NotS10;
        }
        let weights = [8, 6, 4, 2, 3, 5, 9, 7];
        let sum: u32 = serial
            .iter()
            .zip(weights)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let check = match 11 - sum % 11 {
            10 => 0,
            11 => 5,
            digit => digit,
        };
        if serial
            .last()
            .is_some_and(|digit| u32::from(digit - b'0') == check)
        {
            S10Checked::Good
        } else {
            S10Checked::Bad
        }
    }
}

impl fmt::Display for Waybill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Waybill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waybill({})", self.0)
    }
}

impl FromStr for Waybill {
    type Err = WaybillError;
    fn from_str(text: &str) -> Result<Self, WaybillError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Waybill {
    type Error = WaybillError;
    fn try_from(text: String) -> Result<Self, WaybillError> {
        Self::parse(&text)
    }
}

impl From<Waybill> for String {
    fn from(waybill: Waybill) -> Self {
        waybill.0
    }
}

/// The delivery under this waybill number: the same on the phone that scans an unknown parcel and at the
/// county that imports it. A dispatcher starts a new generation when a carrier uses a number again.
pub fn delivery_id(id_key: &[u8; 32], waybill: &Waybill, generation: u32) -> RecordId {
    derived(id_key, "saddlebag delivery 1", waybill.0.as_bytes(), generation)
}

/// The hand-in of cash with this number of this courier.
pub fn hand_in_id(id_key: &[u8; 32], courier: PersonId, number: u32) -> RecordId {
    derived(id_key, "saddlebag hand-in 1", &courier.0, number)
}

/// The station's count that belongs to the hand-in with this number of this courier.
pub fn count_id(id_key: &[u8; 32], courier: PersonId, number: u32) -> RecordId {
    derived(id_key, "saddlebag count 1", &courier.0, number)
}

/// UUIDv8 (RFC 9562) of BLAKE3, keyed, over: domain, a zero byte, the name's length in one byte, the name,
/// the number in four bytes, big-endian.
fn derived(id_key: &[u8; 32], domain: &str, name: &[u8], number: u32) -> RecordId {
    // A waybill has at most 32 bytes and a person 16, so the length never saturates.
    let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    let mut hasher = blake3::Hasher::new_keyed(id_key);
    hasher
        .update(domain.as_bytes())
        .update(&[0, length])
        .update(name)
        .update(&number.to_be_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    RecordId(uuid::Builder::from_custom_bytes(bytes).into_uuid().into_bytes())
}

#[cfg(test)]
mod tests;
