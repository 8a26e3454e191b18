//! 随手拍: public problems. Reports are about places, not people.

use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{Body, SideName, field, kinds::tip as kind, photos};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::position::{self, Position};
use saddlebag_records::tip_text;
use serde::{Deserialize, Serialize};

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::facts::WAITING;
use crate::store::{plans, records};

/// How many places a reporter may pick from in the place of a position.
const PLACES_OFFERED: usize = 5;

/// A position and how good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// How far off it may be, in metres.
    pub accuracy_m: u16,
}

impl Fix {
    /// As it stands in a side value: latitude, longitude and accuracy, big-endian.
    pub fn to_side_value(self) -> Vec<u8> {
        [&self.position.to_bytes()[..], &self.accuracy_m.to_be_bytes()].concat()
    }
}

/// A report. It has no person, household, plate or phone, and cannot name a waybill or a camp.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NewTip {
    /// A code of `tip_kind`.
    pub kind: u16,
    /// In the reporter's words, at most 200 characters.
    pub text: Option<String>,
    /// The named place or road point that it is at.
    pub place: Option<RecordId>,
    /// The township's number.
    pub township: Option<u64>,
    /// Where it is.
    pub fix: Option<Fix>,
    /// The names of its photos, none to eight: the BLAKE3 hash of what the phone keeps of each.
    pub photos: Vec<[u8; 32]>,
}

/// What reporting came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "tip", rename_all = "snake_case")]
pub enum TipOutcome {
    /// It is saved.
    Saved {
        /// The tip.
        record: RecordId,
        /// Whether it has its one-time number. Without one it waits on this phone until the county gave new ones.
        numbered: bool,
    },
    /// Its text holds what no tip may hold. Nothing was saved.
    TextRefused {
        /// Which, as a stable code.
        code: &'static str,
    },
    /// The position is so near to a camp that it would point at somebody. Nothing was saved: the reporter picks one of
    /// these places, or another one, in its stead.
    TooNearToACamp {
        /// Named places, the nearest first.
        places: Vec<RecordId>,
    },
    /// No such kind of tip is offered.
    NotOffered,
}

impl Replica {
    /// Reports a public problem, under a one-time number.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn report(&self, tip: &NewTip) -> Result<TipOutcome> {
        if !CodeList::get("tip_kind").is_some_and(|kinds| kinds.is_offered(tip.kind)) {
            return Ok(TipOutcome::NotOffered);
        }
        if let Some(Err(refusal)) = tip.text.as_deref().map(tip_text::check) {
            return Ok(TipOutcome::TextRefused { code: refusal.code() });
        }
        self.act(|act| act.report(tip))
    }

    /// Says that the answer to one's own tip does not settle it.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn reopen_tip(&self, record: RecordId, text: Option<&str>) -> Result<TipOutcome> {
        if let Some(Err(refusal)) = text.map(tip_text::check) {
            return Ok(TipOutcome::TextRefused { code: refusal.code() });
        }
        let body = text.map_or_else(Body::new, |text| Body::new().with(field::TEXT, text));
        let fact = self.record(NewFact::new(record, kind::REOPENED, body))?;
        Ok(TipOutcome::Saved {
            record,
            numbered: fact.device != WAITING,
        })
    }
}

impl Act<'_> {
    fn report(&mut self, tip: &NewTip) -> Result<TipOutcome> {
        // Where a place was picked it says where, and the position would say more than is asked.
        let fix = tip.fix.filter(|_| tip.place.is_none());
        if let Some(fix) = fix
            && position::near(fix.position, &self.camps()?)
        {
            return Ok(TipOutcome::TooNearToACamp {
                places: self.places_near(fix.position)?,
            });
        }
        let mut body = Body::new().with(field::TIP_KIND, tip.kind);
        if let Some(text) = &tip.text {
            body = body.with(field::TEXT, text.as_str());
        }
        if let Some(place) = tip.place {
            match records::kind_of(self.connection, place)? {
                Some(RecordKind::Place) => body = body.with(field::PLACE, place),
                _ => return Err(Error::UnknownRecord(place)),
            }
        }
        if let Some(township) = tip.township {
            body = body.with(field::TOWNSHIP, township);
        }
        let record = self.new_id();
        self.create(record, RecordKind::Tip)?;
        let mut fact = NewFact::new(record, kind::REPORTED, body);
        if let Some(fix) = fix {
            let coarse = Fix {
                position: position::of_tip(tip.kind, fix.position),
                ..fix
            };
            fact = fact.with_side(SideName::Position, coarse.to_side_value());
        }
        if !tip.photos.is_empty() {
            fact = fact.with_side(SideName::Photo, photos::value(&tip.photos));
        }
        let id = self.fact(fact)?;
        Ok(TipOutcome::Saved {
            record,
            numbered: id.device != WAITING,
        })
    }

    fn camps(&self) -> Result<Vec<Position>> {
        Ok(self
            .positions_of(RecordKind::Camp)?
            .into_iter()
            .map(|(_, position)| position)
            .collect())
    }

    fn places_near(&self, position: Position) -> Result<Vec<RecordId>> {
        let mut places = self.positions_of(RecordKind::Place)?;
        places.sort_by(|(_, a), (_, b)| position.metres_to(*a).total_cmp(&position.metres_to(*b)));
        Ok(places
            .into_iter()
            .take(PLACES_OFFERED)
            .map(|(record, _)| record)
            .collect())
    }

    fn positions_of(&self, kind: RecordKind) -> Result<Vec<(RecordId, Position)>> {
        let mut positions = Vec::new();
        for record in records::of_kind(self.connection, kind)? {
            let plan = plans::view(self.connection, record)?;
            if let Some(position) = plan.and_then(|plan| plan.position("position")) {
                positions.push((record, position));
            }
        }
        Ok(positions)
    }
}
