//! 同意: what somebody agreed to, and taking it back.

use saddlebag_records::codes::consent_scope;
use saddlebag_records::fact::{Body, field, kinds::consent as kind};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::standing_consent::{OnBehalf, covers};
use saddlebag_records::status::State;
use serde::{Deserialize, Serialize};

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::records;

/// What somebody agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Scope {
    /// That somebody else takes their parcels.
    Proxy {
        /// Who, at most 60 characters.
        name: String,
    },
    /// That their parcels are left at a drop point.
    DropPoint {
        /// Which.
        place: RecordId,
    },
    /// That a courier runs errands for them.
    ErrandHelp,
}

impl Scope {
    fn code(&self) -> u16 {
        match self {
            Self::Proxy { .. } => consent_scope::PROXY,
            Self::DropPoint { .. } => consent_scope::DROP_POINT,
            Self::ErrandHelp => consent_scope::ERRAND_HELP,
        }
    }
}

/// A consent as it is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NewConsent {
    /// Whose.
    pub household: RecordId,
    /// To what.
    #[serde(flatten)]
    pub scope: Scope,
    /// For how many days from now; without them until it is withdrawn.
    pub days: Option<u16>,
    /// How it was given: a code of `how_consent_given`.
    pub how: u16,
}

impl Replica {
    /// Records that somebody agreed to something, given to this person.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`] for a household that is not here; else as of [`Replica::create`].
    pub fn give_consent(&self, consent: &NewConsent) -> Result<RecordId> {
        let mut edits = vec![
            PlanEdit::set("household", consent.household),
            PlanEdit::set("to", i64::from(consent.scope.code())),
        ];
        match &consent.scope {
            Scope::Proxy { name } => edits.push(PlanEdit::set("proxy", name.as_str())),
            Scope::DropPoint { place } => edits.push(PlanEdit::set("drop_point", *place)),
            Scope::ErrandHelp => {}
        }
        self.act(|act| {
            let kind = records::kind_of(act.connection, consent.household)?;
            if kind != Some(RecordKind::Household) {
                return Err(Error::UnknownRecord(consent.household));
            }
            let until_ms = consent.days.map(|days| act.in_days(days));
            edits.extend(until_ms.map(|until| PlanEdit::set("until_ms", until)));
            let body = Body::new()
                .with(field::GIVEN_HOW, consent.how)
                .with(field::TO, act.author.person);
            act.create_with(RecordKind::Consent, &edits, vec![(kind::GIVEN, body)])
        })
    }

    /// Records that somebody took a consent back. What it covered goes with the county's word.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn withdraw_consent(&self, consent: RecordId) -> Result<FactId> {
        self.record(NewFact::new(consent, kind::WITHDRAWN, Body::new()))
    }
}

impl Act<'_> {
    /// Whether this consent of this household is here, stands, and covers that.
    pub(super) fn consents(
        &self,
        consent: RecordId,
        household: RecordId,
        what: OnBehalf<'_>,
    ) -> Result<bool> {
        if records::kind_of(self.connection, consent)? != Some(RecordKind::Consent) {
            return Ok(false);
        }
        let reader = Reader::of(&self.author);
        let known = Known::load(self.connection, &reader, consent, RecordKind::Consent)?;
        Ok(match &known.status.state {
            State::Consent(state) => covers(state, known.plan.as_ref(), household, what, self.now_ms()),
            _ => false,
        })
    }
}
