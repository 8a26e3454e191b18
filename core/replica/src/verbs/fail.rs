//! What could not be delivered, or is brought back.

use std::collections::BTreeSet;

use saddlebag_records::fact::{Body, field, kinds::delivery as kind};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::status::Phase;
use serde::{Deserialize, Serialize};

use super::tips::Fix;
use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::{records, wrong_codes};

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Failing {
    /// The deliveries.
    pub records: Vec<RecordId>,
    /// A code of `failure_reason`.
    pub reason: u16,
    /// In the courier's words, at most 200 characters.
    pub note: Option<String>,
    /// Where.
    pub place: Option<RecordId>,
    /// How many calls were tried.
    pub calls: u32,
    /// Where it happened.
    pub fix: Option<Fix>,
}

/// What recording it came to. Unless it is done, nothing is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum FailOutcome {
    /// It is recorded.
    Done {
        /// The facts, all of which an undoing names.
        facts: Vec<FactId>,
    },
    /// These are delivered, returned or cancelled already.
    Ended {
        /// The deliveries.
        records: Vec<RecordId>,
    },
}

impl Replica {
    /// Records that deliveries were tried and failed, all of them or none. Wrong pickup codes that were typed meanwhile
    /// are told with it.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn fail(&self, failing: &Failing) -> Result<FailOutcome> {
        let records: BTreeSet<RecordId> = failing.records.iter().copied().collect();
        self.act(|act| {
            let mut ended = Vec::new();
            for record in &records {
                let found = records::load(act.connection, *record)?.ok_or(Error::UnknownRecord(*record))?;
                if found.row.phase == Phase::Ended {
                    ended.push(*record);
                }
            }
            if !ended.is_empty() {
                return Ok(FailOutcome::Ended { records: ended });
            }
            let facts = records.iter().map(|record| act.fail(*record, failing));
            Ok(FailOutcome::Done {
                facts: facts.collect::<Result<_>>()?,
            })
        })
    }

    /// These parcels are back at a station. `reason`: a code of `failure_reason`.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn return_to_station(
        &self,
        parcels: &[RecordId],
        place: RecordId,
        reason: Option<u16>,
    ) -> Result<Vec<FactId>> {
        self.act(|act| {
            let parcels = parcels.iter();
            parcels
                .map(|record| act.return_to_station(*record, place, reason))
                .collect()
        })
    }
}

impl Act<'_> {
    pub(super) fn return_to_station(
        &mut self,
        record: RecordId,
        place: RecordId,
        reason: Option<u16>,
    ) -> Result<FactId> {
        let mut body = Body::new().with(field::PLACE, place);
        if let Some(reason) = reason {
            body = body.with(field::REASON, reason);
        }
        self.fact(NewFact::new(record, kind::RETURNED_TO_STATION, body))
    }

    fn fail(&mut self, record: RecordId, failing: &Failing) -> Result<FactId> {
        let mut body = Body::new().with(field::REASON, failing.reason);
        if let Some(note) = &failing.note {
            body = body.with(field::NOTE, note.as_str());
        }
        if let Some(place) = failing.place {
            body = body.with(field::PLACE, place);
        }
        if failing.calls > 0 {
            body = body.with(field::CALLS, u64::from(failing.calls));
        }
        let tries = wrong_codes::of(self.connection, record)?;
        if tries > 0 {
            body = body.with(field::TRIES, u64::from(tries));
            wrong_codes::forget(self.connection, record)?;
        }
        self.fact(NewFact::new(record, kind::ATTEMPTED, body).at(failing.fix))
    }
}
