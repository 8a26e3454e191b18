//! A pickup code, checked against its hash without a network. Wrong ones are counted.

use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::fact::SideName;
use saddlebag_records::id::RecordId;
use saddlebag_records::pickup_code::{CodeHash, PickupCode};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::replica::Replica;
use crate::store::{records, side_values, wrong_codes};

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

/// What a pickup code shows about parcels that are to be handed over together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CodeProof {
    /// It is the code of all of them, or of whom they are for.
    OfAll,
    /// It is the code of some, but not of these.
    NotOf(Vec<RecordId>),
    /// It is the code of none; the try is counted.
    Wrong {
        /// Wrong codes that were typed for them since a fact told of them.
        tries: u32,
    },
    /// None of them has a code, or no hash is on this phone.
    NoCode,
}

impl Replica {
    /// Whether this is the pickup code of a parcel. Takes tens of milliseconds.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn check_pickup_code(&self, record: RecordId, typed: &str) -> Result<CodeCheck> {
        Ok(match self.check_code_of(&[record], typed)? {
            CodeProof::OfAll => CodeCheck::Right,
            CodeProof::NotOf(_) | CodeProof::NoCode => CodeCheck::NoCode,
            CodeProof::Wrong { tries } => CodeCheck::Wrong { tries },
        })
    }

    /// What this code proves: the parcels whose own it is, and those without one of the same household, since whoever
    /// was told it is whom these are for. A code that is none of theirs counts for all that have one.
    pub(super) fn check_code_of(&self, parcels: &[RecordId], typed: &str) -> Result<CodeProof> {
        let parcels = self.read(|connection| {
            let parcels = parcels.iter();
            let coded = parcels.map(|record| Coded::load(connection, *record));
            coded.collect::<Result<Vec<_>>>()
        })?;
        let with_a_code: Vec<&Coded> = parcels
            .iter()
            .filter(|parcel| !parcel.hashes.is_empty())
            .collect();
        if with_a_code.is_empty() {
            return Ok(CodeProof::NoCode);
        }
        // The hashing takes its time: not while others wait to write.
        let code = PickupCode::parse(typed).ok();
        let fits = |parcel: &&Coded| code.as_ref().is_some_and(|code| parcel.is_matched_by(code));
        let proven: Vec<&Coded> = with_a_code.iter().copied().filter(fits).collect();
        if proven.is_empty() {
            return self.write(|transaction| {
                let mut tries = 0;
                for parcel in &with_a_code {
                    tries = tries.max(wrong_codes::count_one(transaction, parcel.record)?);
                }
                Ok(CodeProof::Wrong { tries })
            });
        }
        let proven_records: BTreeSet<RecordId> = proven.iter().map(|parcel| parcel.record).collect();
        let households: BTreeSet<RecordId> = proven.iter().filter_map(|parcel| parcel.household).collect();
        let is_proven = |parcel: &Coded| {
            let is_theirs = parcel.household.is_some_and(|of| households.contains(&of));
            proven_records.contains(&parcel.record) || (parcel.hashes.is_empty() && is_theirs)
        };
        let others: Vec<RecordId> = parcels
            .iter()
            .filter(|parcel| !is_proven(parcel))
            .map(|parcel| parcel.record)
            .collect();
        Ok(if others.is_empty() {
            CodeProof::OfAll
        } else {
            CodeProof::NotOf(others)
        })
    }
}

/// A parcel, with what its code is checked against.
struct Coded {
    record: RecordId,
    household: Option<RecordId>,
    hashes: Vec<CodeHash>,
}

impl Coded {
    fn load(connection: &Connection, record: RecordId) -> Result<Self> {
        let side = side_values::of_record(connection, record)?.into_iter();
        let of_codes = side.filter(|side| side.name == SideName::PickupCodeHash);
        Ok(Self {
            record,
            household: records::load(connection, record)?.and_then(|found| found.row.household),
            hashes: of_codes
                .filter_map(|side| side.value.try_into().ok())
                .map(CodeHash)
                .collect(),
        })
    }

    fn is_matched_by(&self, code: &PickupCode) -> bool {
        self.hashes
            .iter()
            .any(|hash| code.matches(self.record, hash).unwrap_or(false))
    }
}
