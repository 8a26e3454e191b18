//! Pickup codes: what an addressee says, compared with a hash that the phone holds.
//!
//! A code of few digits can be guessed by whoever holds its hash and has time: the hash makes that slow, the
//! count of tries (kept elsewhere) makes it seen, and `docs/privacy.md` says what is left.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

use crate::ascii_form::{is_dash, is_invisible, narrow_with_arabic_digits};
use crate::id::RecordId;

/// The shortest and the longest normalised pickup code, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 4..=16;

/// 19 MiB, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Why there is no pickup code, or no hash of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickupCodeError {
    /// Fewer than 4 characters are left after normalising.
    #[error("a pickup code has at least 4 characters")]
    TooShort,
    /// More than 16 characters are left after normalising.
    #[error("a pickup code has at most 16 characters")]
    TooLong,
    /// Something other than letters A to Z and digits.
    #[error("a pickup code has only letters A to Z and digits")]
    BadCharacter,
    /// The hash could not be computed.
    #[error("the hash of a pickup code could not be computed")]
    NotHashed,
}

impl PickupCodeError {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "pickup_code_too_short",
            Self::TooLong => "pickup_code_too_long",
            Self::BadCharacter => "pickup_code_bad_character",
            Self::NotHashed => "pickup_code_not_hashed",
        }
    }
}

/// A normalised pickup code: 4 to 16 of `[A-Z0-9]`. Never written to a log: it prints as dots.
#[derive(Clone, PartialEq, Eq)]
pub struct PickupCode(String);

impl PickupCode {
    /// Normalises what was typed or scanned: dashes, spaces and invisible characters dropped, full-width
    /// forms and Arabic-Indic digits to ASCII, letters upper-cased. Frozen: hashes in the field hang on it.
    ///
    /// # Errors
    ///
    /// All of [`PickupCodeError`] but `NotHashed`.
    pub fn parse(text: &str) -> Result<Self, PickupCodeError> {
        let mut code = String::with_capacity(*LENGTH.end());
        for c in text.chars().map(narrow_with_arabic_digits) {
            if c.is_whitespace() || is_dash(c) || is_invisible(c) {
                continue;
            }
            let c = c.to_ascii_uppercase();
            if !c.is_ascii_alphanumeric() {
                return Err(PickupCodeError::BadCharacter);
            }
            if code.len() == *LENGTH.end() {
                return Err(PickupCodeError::TooLong);
            }
            code.push(c);
        }
        if code.len() < *LENGTH.start() {
            return Err(PickupCodeError::TooShort);
        }
        Ok(Self(code))
    }

    /// The argon2id hash (m = 19 MiB, t = 2, p = 1, 8 bytes), salted with the delivery's id: the same code
    /// of two deliveries has two hashes. Takes 19 MiB of memory and tens of milliseconds.
    ///
    /// # Errors
    ///
    /// `NotHashed`, which no code can bring about.
    pub fn hash(&self, delivery: RecordId) -> Result<CodeHash, PickupCodeError> {
        let mut hash = [0; 8];
        Params::new(MEMORY_KIB, PASSES, LANES, Some(hash.len()))
            .and_then(|params| {
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
                    self.0.as_bytes(),
                    &delivery.0,
                    &mut hash,
                )
            })
            .map_err(|_| PickupCodeError::NotHashed)?;
        Ok(CodeHash(hash))
    }

    /// Whether this code of this delivery has this hash, in a time that does not depend on the answer.
    ///
    /// # Errors
    ///
    /// As [`Self::hash`].
    pub fn matches(&self, delivery: RecordId, expected: &CodeHash) -> Result<bool, PickupCodeError> {
        self.hash(delivery).map(|hash| hash == *expected)
    }
}

impl fmt::Debug for PickupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PickupCode(…)")
    }
}

/// The hash of a pickup code. Compared in constant time; prints as dots, since a short code can be found
/// from it.
#[derive(Clone, Copy)]
pub struct CodeHash(pub [u8; 8]);

impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CodeHash {}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DELIVERY: RecordId = RecordId([7; 16]);

    /// Hashes are stored at counties and on phones: what a code normalises to may never change.
    const NORMALISED: &[(&str, &str)] = &[
        ("12345", "12345"),
        ("3-2-1234", "321234"),
        ("３－２－１２３４", "321234"),
        ("٣-٢-١٢٣٤", "321234"),
        ("۳ ۲ ۱۲۳۴", "321234"),
        ("a–12—34", "A1234"),
        ("\u{200F}٠٦٧٩\u{200F}", "0679"),
        ("ｚｄ８８99", "ZD8899"),
    ];

    #[test]
    fn normalisation_is_frozen() {
        for (typed, normalised) in NORMALISED {
            assert_eq!(PickupCode::parse(typed).unwrap().0, *normalised, "{typed}");
        }
    }

    #[test]
    fn what_is_no_pickup_code_is_refused_with_a_stable_code() {
        let code = |text: &str| PickupCode::parse(text).unwrap_err().code();
        assert_eq!(code(""), "pickup_code_too_short");
        assert_eq!(code("1-2-3"), "pickup_code_too_short");
        assert_eq!(code("12345678901234567"), "pickup_code_too_long");
        assert_eq!(code("12.34"), "pickup_code_bad_character");
        assert_eq!(code("取件码1234"), "pickup_code_bad_character");
    }

    /// The county makes the hash and every phone checks it: parameters, salt and length are frozen. The bytes
    /// are those of the reference implementation in C.
    #[test]
    fn the_hash_is_frozen() {
        let hash = PickupCode::parse("3-2-1234").unwrap().hash(DELIVERY).unwrap();
        assert_eq!(hex::encode(hash.0), "1ca49913cc355949");
    }

    #[test]
    fn a_code_matches_its_own_hash_of_its_own_delivery_alone() {
        let parse = |text| PickupCode::parse(text).unwrap();
        let hash = parse("3-2-1234").hash(DELIVERY).unwrap();
        assert!(parse("٣٢١٢٣٤").matches(DELIVERY, &hash).unwrap());
        assert!(!parse("321235").matches(DELIVERY, &hash).unwrap());
        assert!(!parse("321234").matches(RecordId([8; 16]), &hash).unwrap());
    }

    #[test]
    fn neither_code_nor_hash_prints() {
        let code = PickupCode::parse("321234").unwrap();
        let hash = CodeHash([0xab; 8]);
        assert_eq!(format!("{code:?} {hash:?}"), "PickupCode(…) CodeHash(…)");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,20}|[0-9a-z٠-٩۰-۹ -]{4,16}") {
            if let Ok(code) = PickupCode::parse(&text) {
                prop_assert!(LENGTH.contains(&code.0.len()));
                prop_assert_eq!(PickupCode::parse(&code.0), Ok(code));
            }
        }
    }
}
