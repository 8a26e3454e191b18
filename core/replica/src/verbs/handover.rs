//! Parcels handed from one courier to another, on the trail and without a network: each writes what they did, and the
//! county puts the two together.

use saddlebag_records::fact::{Body, field, kinds::delivery as kind};
use saddlebag_records::id::{FactId, PersonId, RecordId};

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::records;

impl Replica {
    /// These parcels went to a colleague. No cash goes with them: that is [`Replica::pass_cash`].
    ///
    /// # Errors
    ///
    /// [`Error::ToOneself`]; else as of [`Replica::record`].
    pub fn hand_over(&self, parcels: &[RecordId], to: PersonId) -> Result<Vec<FactId>> {
        self.act(|act| {
            let parcels = parcels.iter();
            parcels.map(|record| act.hand_over(*record, to)).collect()
        })
    }

    /// These parcels came from a colleague. Where this phone knows of the colleague's handing over, the fact names it.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`]. A parcel that this phone does not know is scanned first.
    pub fn take_over(&self, parcels: &[RecordId], from: PersonId) -> Result<Vec<FactId>> {
        self.act(|act| {
            let parcels = parcels.iter();
            parcels.map(|record| act.take_over(*record, from)).collect()
        })
    }
}

impl Act<'_> {
    pub(super) fn hand_over(&mut self, record: RecordId, to: PersonId) -> Result<FactId> {
        if to == self.author.person {
            return Err(Error::ToOneself);
        }
        let body = Body::new().with(field::TO, to);
        self.fact(NewFact::new(record, kind::HANDED_OVER, body))
    }

    pub(super) fn take_over(&mut self, record: RecordId, from: PersonId) -> Result<FactId> {
        let mut body = Body::new().with(field::FROM, from);
        if let Some(handing) = self.handing_of(record)? {
            body = body.with(field::FACT, handing);
        }
        self.fact(NewFact::new(record, kind::TAKEN_OVER, body))
    }

    /// The standing fact that hands this parcel to this person.
    fn handing_of(&self, record: RecordId) -> Result<Option<FactId>> {
        let kind = records::kind_of(self.connection, record)?.ok_or(Error::UnknownRecord(record))?;
        let reader = Reader::of(&self.author);
        let known = Known::load(self.connection, &reader, record, kind)?;
        let mut handings = known.status.handings.iter();
        Ok(handings
            .find(|handing| handing.stands && handing.to == reader.person)
            .map(|handing| handing.fact))
    }
}
