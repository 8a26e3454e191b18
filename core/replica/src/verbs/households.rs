//! 牧户: households, their phones, and the camps where they stay.

use saddlebag_records::fact::{Body, SideName, field, kinds::camp, kinds::household as kind};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::position::Position;
use serde::{Deserialize, Serialize};

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::records;

/// A household as a courier comes to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NewHousehold {
    /// The name that is shown, at most 60 characters.
    pub name: String,
    /// A language of `assets/i18n`, such as `kk-Arab`.
    pub language: Option<String>,
    /// Where its parcels go when nobody is there.
    pub drop_point: Option<RecordId>,
    /// A phone number, at most 20 characters.
    pub phone: Option<String>,
}

/// Where a household stays in a season, from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NewCamp {
    /// Whose.
    pub household: RecordId,
    /// A code of `season`.
    pub season: u16,
    /// For how many days, as far as they know.
    pub days: Option<u16>,
    /// Where.
    pub position: Option<Position>,
    /// What one sees from afar, at most 100 characters.
    pub landmark: Option<String>,
    /// How to get there.
    pub directions: Option<String>,
}

impl Replica {
    /// Registers a household.
    ///
    /// # Errors
    ///
    /// As of [`Replica::create`].
    pub fn register_household(&self, household: &NewHousehold) -> Result<RecordId> {
        let mut edits = vec![PlanEdit::set("name", household.name.as_str())];
        edits.extend(
            household
                .language
                .iter()
                .map(|tag| PlanEdit::set("language", tag.as_str())),
        );
        edits.extend(
            household
                .drop_point
                .map(|place| PlanEdit::set("drop_point", place)),
        );
        self.act(|act| {
            let first = vec![(kind::REGISTERED, Body::new())];
            let record = act.create_with(RecordKind::Household, &edits, first)?;
            if let Some(phone) = &household.phone {
                act.phone_given(record, phone)?;
            }
            Ok(record)
        })
    }

    /// Records a household's phone number. Older ones stay until they are known to be wrong.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn phone_given(&self, household: RecordId, phone: &str) -> Result<FactId> {
        self.act(|act| act.phone_given(household, phone))
    }

    /// Records that a phone number, which came with this fact, is not theirs any more.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn phone_no_longer_right(&self, household: RecordId, given: FactId) -> Result<FactId> {
        let body = Body::new().with(field::FACT, given);
        self.record(NewFact::new(household, kind::PHONE_NO_LONGER_RIGHT, body))
    }

    /// Records that a household wants to be forgotten. The county does it; this phone then follows.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn asked_to_be_forgotten(&self, household: RecordId) -> Result<FactId> {
        self.record(NewFact::new(household, kind::ASKED_TO_BE_FORGOTTEN, Body::new()))
    }

    /// Notes where a household stays.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`] for a household that is not here; else as of [`Replica::create`].
    pub fn note_camp(&self, new: &NewCamp) -> Result<RecordId> {
        let mut edits = vec![
            PlanEdit::set("household", new.household),
            PlanEdit::set("season", i64::from(new.season)),
        ];
        edits.extend(new.position.map(|position| PlanEdit::set("position", position)));
        edits.extend(
            new.landmark
                .iter()
                .map(|text| PlanEdit::set("landmark", text.as_str())),
        );
        edits.extend(
            new.directions
                .iter()
                .map(|text| PlanEdit::note("directions", text)),
        );
        self.act(|act| {
            if records::kind_of(act.connection, new.household)? != Some(RecordKind::Household) {
                return Err(Error::UnknownRecord(new.household));
            }
            edits.push(PlanEdit::set("valid_from_ms", act.now_ms()));
            let until_ms = new.days.map(|days| act.in_days(days));
            edits.extend(until_ms.map(|until| PlanEdit::set("valid_until_ms", until)));
            act.create_with(RecordKind::Camp, &edits, vec![(camp::MOVED_IN, Body::new())])
        })
    }
}

impl Act<'_> {
    fn phone_given(&mut self, household: RecordId, phone: &str) -> Result<FactId> {
        self.fact(NewFact::new(household, kind::PHONE_GIVEN, Body::new()).with_side(SideName::Phone, phone))
    }
}
