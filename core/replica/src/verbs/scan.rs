//! Scanning a parcel.

mod judged;

use saddlebag_records::fact::{Body, field, kinds::delivery as kind};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::waybill::{Waybill, delivery_id};
use serde::{Deserialize, Serialize};

use self::judged::Standing;
use crate::act::{Act, NewFact};
use crate::error::Result;
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::records::{self, Numbered};
use crate::store::tombstones;

/// What a parcel is scanned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum ScanFor {
    /// A courier takes it along, from a station if it lay at one.
    LoadingOut {
        /// Where.
        place: Option<RecordId>,
    },
    /// A station takes it in.
    ScanningIn {
        /// The station.
        place: RecordId,
    },
    /// A courier brings it back to a station.
    Returning {
        /// The station.
        place: RecordId,
        /// Why: a code of `failure_reason`.
        reason: Option<u16>,
    },
    /// A courier gives it to a colleague.
    HandingOver {
        /// The colleague.
        to: PersonId,
    },
    /// A courier gets it from a colleague.
    TakingOver {
        /// The colleague.
        from: PersonId,
    },
    /// To see what it is. Nothing is recorded, and a number that nobody here knows becomes no record.
    Looking,
}

/// What scanning came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "scan", rename_all = "snake_case")]
pub enum ScanOutcome {
    /// It was known and is theirs to carry, or nobody's yet: what the scan was for is recorded.
    Known {
        /// The delivery.
        record: RecordId,
    },
    /// Nobody on this phone knew it: it is a record now, the same one that the county or another phone makes of this
    /// number, and what the scan was for is recorded.
    New {
        /// The delivery.
        record: RecordId,
    },
    /// Nobody on this phone knows it, and it was only looked for.
    Unknown,
    /// This phone says so already. Nothing was recorded.
    Twice {
        /// The delivery.
        record: RecordId,
    },
    /// The plan gives it to somebody else. Nothing was recorded: it can be taken over, or left.
    NotMine {
        /// The delivery.
        record: RecordId,
        /// Whom the plan gives it to.
        assignee: PersonId,
    },
    /// Somebody else has it with them, as far as this phone knows. Nothing was recorded: it can be taken over, or left.
    WithAnother {
        /// The delivery.
        record: RecordId,
        /// Who has it, if that is known here.
        holder: Option<PersonId>,
    },
    /// It is delivered, returned to its sender or cancelled. Nothing was recorded.
    Ended {
        /// The delivery.
        record: RecordId,
    },
    /// This is no waybill number.
    NotAWaybill {
        /// Why, as a stable code.
        code: &'static str,
    },
}

/// The generation of a number that nobody has started anew.
const FIRST_GENERATION: u32 = 0;

impl Replica {
    /// Takes a waybill number as it was scanned or typed.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`](crate::Error::NotEnrolled): ids are made with the county's key.
    pub fn scan(&self, waybill: &str, purpose: ScanFor) -> Result<ScanOutcome> {
        let waybill = match Waybill::parse(waybill) {
            Ok(waybill) => waybill,
            Err(error) => return Ok(ScanOutcome::NotAWaybill { code: error.code() }),
        };
        self.act(|act| act.scan(&waybill, purpose))
    }
}

impl Act<'_> {
    fn scan(&mut self, waybill: &Waybill, purpose: ScanFor) -> Result<ScanOutcome> {
        let known = records::by_waybill(self.connection, waybill.as_str())?;
        // A record can be here without its plan, so the number itself is asked too.
        let record = known.map_or_else(
            || delivery_id(&self.author.id_key, waybill, FIRST_GENERATION),
            |(record, _)| record,
        );
        let Some(Numbered { row, .. }) = records::load(self.connection, record)? else {
            return self.scan_unknown(record, waybill, purpose);
        };
        let reader = Reader::of(&self.author);
        let known = Known::load(self.connection, &reader, record, row.kind)?;
        let standing = Standing {
            known: &known,
            row: &row,
            me: reader.person,
        };
        if let Some(left) = standing.left(purpose) {
            return Ok(left);
        }
        self.scanned(record, purpose)?;
        Ok(ScanOutcome::Known { record })
    }

    fn scan_unknown(&mut self, record: RecordId, waybill: &Waybill, purpose: ScanFor) -> Result<ScanOutcome> {
        if purpose == ScanFor::Looking {
            return Ok(ScanOutcome::Unknown);
        }
        self.create(record, RecordKind::Delivery)?;
        tombstones::lift(self.connection, record)?;
        self.edit(record, &[PlanEdit::set("waybill", waybill.as_str())])?;
        self.scanned(record, purpose)?;
        Ok(ScanOutcome::New { record })
    }

    /// Records what it was scanned for; nothing, where it was only looked at.
    fn scanned(&mut self, record: RecordId, purpose: ScanFor) -> Result<()> {
        let at = |place: RecordId| Body::new().with(field::PLACE, place);
        match purpose {
            ScanFor::LoadingOut { place } => {
                let body = place.map_or_else(Body::new, at);
                self.fact(NewFact::new(record, kind::LOADED_OUT, body))
            }
            ScanFor::ScanningIn { place } => self.fact(NewFact::new(record, kind::SCANNED_IN, at(place))),
            ScanFor::Returning { place, reason } => self.return_to_station(record, place, reason),
            ScanFor::HandingOver { to } => self.hand_over(record, to),
            ScanFor::TakingOver { from } => self.take_over(record, from),
            ScanFor::Looking => return Ok(()),
        }?;
        Ok(())
    }
}
