use saddlebag_records::fact::{Body, FactKind, field};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::facts;

/// The number of "a fact is voided" in every kind of record that has it (`codes/facts.toml`).
const CORRECTED: u8 = 250;

impl Replica {
    /// Records that something happened. It is stamped, put after what this phone knows of the record, and durable.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`], [`Error::UnknownKind`], [`Error::Unfit`], [`Error::UnfitSideValue`],
    /// [`Error::NotTheirs`], [`Error::TooLong`].
    pub fn record(&self, fact: NewFact) -> Result<FactId> {
        self.act(|act| act.fact(fact))
    }

    /// Records several facts as one act: all of them or none. Five parcels for one household are one act with one proof.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`].
    pub fn record_all(&self, facts: Vec<NewFact>) -> Result<Vec<FactId>> {
        self.act(|act| facts.into_iter().map(|fact| act.fact(fact)).collect())
    }

    /// Makes a record of a kind whose id is drawn: its plan, and what happened with it already. Each fact is told with
    /// its kind and body alone.
    ///
    /// # Errors
    ///
    /// As of [`Replica::record`] and [`Replica::edit`].
    pub fn create(
        &self,
        kind: RecordKind,
        edits: &[PlanEdit],
        facts: Vec<(FactKind, Body)>,
    ) -> Result<RecordId> {
        self.act(|act| act.create_with(kind, edits, facts))
    }

    /// Edits a record's plan: all of it in one change. Nothing happens where it changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`], [`Error::Edit`], [`Error::NotTheirs`].
    pub fn edit(&self, record: RecordId, edits: &[PlanEdit]) -> Result<()> {
        self.act(|act| act.edit(record, edits))
    }

    /// Voids a fact that this device wrote. Neither is ever deleted; one that was voided wrongly is written anew.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFact`]; [`Error::UnknownKind`] where a record's facts cannot be voided;
    /// [`Error::NotTheirs`] for somebody else's.
    pub fn correct(&self, fact: FactId, note: Option<&str>) -> Result<FactId> {
        self.act(|act| {
            let record = facts::record_of(act.connection, fact)?.ok_or(Error::UnknownFact(fact))?;
            let kind = crate::store::records::kind_of(act.connection, record)?
                .ok_or(Error::UnknownRecord(record))?;
            let mut body = Body::new().with(field::FACT, fact);
            if let Some(note) = note {
                body = body.with(field::NOTE, note);
            }
            act.fact(NewFact::new(record, FactKind::new(kind, CORRECTED), body))
        })
    }
}

impl Act<'_> {
    /// Makes a record with an id of its own, its plan and its first facts.
    pub(crate) fn create_with(
        &mut self,
        kind: RecordKind,
        edits: &[PlanEdit],
        facts: Vec<(FactKind, Body)>,
    ) -> Result<RecordId> {
        let record = self.new_id();
        self.create(record, kind)?;
        if !edits.is_empty() {
            self.edit(record, edits)?;
        }
        for (kind, body) in facts {
            self.fact(NewFact::new(record, kind, body))?;
        }
        Ok(record)
    }
}
