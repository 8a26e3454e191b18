//! Scanning a parcel.

use saddlebag_records::fact::{Body, field, kinds::delivery as kind};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::status::{Holder, Phase};
use saddlebag_records::waybill::{Waybill, delivery_id};
use serde::{Deserialize, Serialize};

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
    /// To see what it is. Nothing is recorded about a parcel that is known.
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
    /// It is delivered, returned or cancelled. Nothing was recorded.
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
            self.create(record, RecordKind::Delivery)?;
            tombstones::lift(self.connection, record)?;
            self.edit(record, &[PlanEdit::set("waybill", waybill.as_str())])?;
            self.scanned(record, purpose)?;
            return Ok(ScanOutcome::New { record });
        };
        let reader = Reader::of(&self.author);
        let known = Known::load(self.connection, &reader, record, row.kind)?;
        Ok(match purpose {
            ScanFor::Looking => ScanOutcome::Known { record },
            _ if row.phase == Phase::Ended => ScanOutcome::Ended { record },
            // What a colleague did not take after all is in the bag again.
            ScanFor::LoadingOut { .. } if known.handed_on_by(reader.person).is_some() => {
                self.scanned_known(record, purpose)?
            }
            ScanFor::LoadingOut { .. } if known.is_held_by(reader.person) => ScanOutcome::Twice { record },
            ScanFor::ScanningIn { place } if known.status.holders == [Holder::Place(place)] => {
                ScanOutcome::Twice { record }
            }
            ScanFor::LoadingOut { .. } if !known.is_handed_to(reader.person) => {
                match row.assignee.filter(|assignee| *assignee != reader.person) {
                    Some(assignee) => ScanOutcome::NotMine { record, assignee },
                    None => self.scanned_known(record, purpose)?,
                }
            }
            _ => self.scanned_known(record, purpose)?,
        })
    }

    fn scanned_known(&mut self, record: RecordId, purpose: ScanFor) -> Result<ScanOutcome> {
        self.scanned(record, purpose)?;
        Ok(ScanOutcome::Known { record })
    }

    fn scanned(&mut self, record: RecordId, purpose: ScanFor) -> Result<()> {
        let at = |place: RecordId| Body::new().with(field::PLACE, place);
        let (kind, body) = match purpose {
            ScanFor::Looking => return Ok(()),
            ScanFor::LoadingOut { place } => (kind::LOADED_OUT, place.map_or_else(Body::new, at)),
            ScanFor::ScanningIn { place } => (kind::SCANNED_IN, at(place)),
        };
        self.fact(NewFact::new(record, kind, body))?;
        Ok(())
    }
}
