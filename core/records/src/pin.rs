//! The PIN that locks the screens of a phone: six digits, and a wait that grows with each wrong one.
//!
//! The store's key does not hang on it: it keeps whoever picks the phone up for a moment from looking, and nothing is
//! ever wiped for it.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

use crate::ascii_form::narrow_with_arabic_digits;

/// How many digits a PIN has.
pub const DIGITS: usize = 6;

/// As of a pickup code: 19 MiB, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;

/// Wrong ones in a row that cost no waiting.
const FREE_TRIES: u32 = 4;

/// How long is to be waited after so many wrong ones in a row, in milliseconds: 30 seconds after the fifth, then 1, 2
/// and 5 minutes, and 15 minutes after each that comes later.
pub fn wait_ms(wrong_in_a_row: u32) -> u64 {
    match wrong_in_a_row.saturating_sub(FREE_TRIES) {
        0 => 0,
        1 => 30 * SECOND_MS,
        2 => MINUTE_MS,
        3 => 2 * MINUTE_MS,
        4 => 5 * MINUTE_MS,
        _ => 15 * MINUTE_MS,
    }
}

/// Why there is no PIN, or no hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// It is not six digits.
    #[error("a PIN has six digits")]
    NotSixDigits,
    /// The hash could not be computed.
    #[error("the hash of a PIN could not be computed")]
    NotHashed,
}

impl PinError {
    /// The stable codes of these errors.
    pub const CODES: [&str; 2] = ["unfit_pin", "pin_not_hashed"];

    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSixDigits => "unfit_pin",
            Self::NotHashed => "pin_not_hashed",
        }
    }
}

/// Six digits. Never written to a log: it prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// What was typed, in digits of any of the scripts that the county writes.
    ///
    /// # Errors
    ///
    /// [`PinError::NotSixDigits`].
    pub fn parse(typed: &str) -> Result<Self, PinError> {
        let digits: String = typed.trim().chars().map(narrow_with_arabic_digits).collect();
        if digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(digits))
        } else {
            Err(PinError::NotSixDigits)
        }
    }

    /// Its argon2id hash (m = 19 MiB, t = 2, p = 1, 32 bytes) under this salt. Takes 19 MiB of memory and tens of
    /// milliseconds.
    ///
    /// # Errors
    ///
    /// [`PinError::NotHashed`], which no PIN can bring about.
    pub fn hash(&self, salt: &[u8; 16]) -> Result<PinHash, PinError> {
        let mut hash = [0; 32];
        Params::new(MEMORY_KIB, PASSES, LANES, Some(hash.len()))
            .and_then(|params| {
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
                    self.0.as_bytes(),
                    salt,
                    &mut hash,
                )
            })
            .map_err(|_| PinError::NotHashed)?;
        Ok(PinHash(hash))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// The hash of a PIN. Compared in constant time; prints as dots.
#[derive(Clone, Copy)]
pub struct PinHash(pub [u8; 32]);

impl PartialEq for PinHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for PinHash {}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_of_any_script_are_a_pin() {
        assert_eq!(Pin::parse("120945"), Pin::parse("１２٠٩٤٥"));
        assert_eq!(Pin::parse("120945"), Pin::parse(" ۱۲۰۹۴۵ "));
        for none in ["", "12345", "1234567", "12345a", "-12345", "一二三四五六"] {
            assert_eq!(Pin::parse(none), Err(PinError::NotSixDigits), "{none}");
        }
        assert_eq!(
            PinError::CODES,
            [PinError::NotSixDigits, PinError::NotHashed].map(PinError::code)
        );
    }

    #[test]
    fn neither_pin_nor_hash_prints() {
        let pin = Pin::parse("120945").unwrap();
        assert_eq!(format!("{pin:?} {:?}", PinHash([1; 32])), "Pin(…) PinHash(…)");
    }

    /// Frozen: nobody shall be locked out by an update of the app.
    #[test]
    fn the_hash_is_frozen() {
        let hash = |digits, salt| hex::encode(Pin::parse(digits).unwrap().hash(&[salt; 16]).unwrap().0);
        assert_eq!(
            hash("120945", 7),
            "a35f2249bd36cbe0fe87a7723727c35b7d110a1cbd3123ef2b0d1e743f5955fb"
        );
        assert_ne!(hash("120945", 7), hash("120946", 7));
        assert_ne!(hash("120945", 7), hash("120945", 8));
    }

    #[test]
    fn the_wait_grows_to_a_quarter_of_an_hour_and_never_shrinks() {
        let waits: Vec<u64> = (0..12).map(|wrong| wait_ms(wrong) / SECOND_MS).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 300, 900, 900, 900]);
        assert_eq!(wait_ms(u32::MAX), 15 * MINUTE_MS);
    }
}
