//! A pickup code, checked against its hash without a network. Wrong ones are counted.

use saddlebag_records::fact::SideName;
use saddlebag_records::id::RecordId;
use saddlebag_records::pickup_code::{CodeHash, PickupCode};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::replica::Replica;
use crate::store::{side_values, wrong_codes};

/// What checking a pickup code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum CodeCheck {
    /// It is the parcel's code.
    Right,
    /// The parcel has no code, or its hash is not on this phone.
    NoCode,
    /// It is not; the try is counted.
    Wrong {
        /// Wrong codes that were typed for this parcel since a fact told of them.
        tries: u32,
    },
}

impl Replica {
    /// Whether this is the pickup code of a parcel. Takes tens of milliseconds.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn check_pickup_code(&self, record: RecordId, typed: &str) -> Result<CodeCheck> {
        self.check_code_of(&[record], typed)
    }

    /// Whether this is the pickup code of one of these parcels: whoever was told one of them is whom they are for. A
    /// wrong one counts for all that have a code.
    pub(super) fn check_code_of(&self, parcels: &[RecordId], typed: &str) -> Result<CodeCheck> {
        let hashes = self.read(|connection| {
            let mut hashes = Vec::new();
            for record in parcels {
                let side = side_values::of_record(connection, *record)?.into_iter();
                let of_codes = side.filter(|side| side.name == SideName::PickupCodeHash);
                hashes.extend(
                    of_codes
                        .filter_map(|side| side.value.try_into().ok())
                        .map(|hash| (*record, CodeHash(hash))),
                );
            }
            Ok(hashes)
        })?;
        if hashes.is_empty() {
            return Ok(CodeCheck::NoCode);
        }
        // The hashing takes its time: not while others wait to write.
        let is_right = |(record, hash): &(RecordId, CodeHash), code: &PickupCode| {
            code.matches(*record, hash).unwrap_or(false)
        };
        let code = PickupCode::parse(typed);
        if code.is_ok_and(|code| hashes.iter().any(|of| is_right(of, &code))) {
            return Ok(CodeCheck::Right);
        }
        self.write(|transaction| {
            let mut tries = 0;
            for (record, _) in &hashes {
                tries = tries.max(wrong_codes::count_one(transaction, *record)?);
            }
            Ok(CodeCheck::Wrong { tries })
        })
    }
}
