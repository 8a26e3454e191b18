use saddlebag_records::fact::{Body, FactKind};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;

use crate::act::{Act, NewFact};
use crate::error::Result;
use crate::replica::Replica;

impl Replica {
    /// Records that something happened. It is stamped, put after what this phone knows of the record, and durable.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`](crate::Error::UnknownRecord), [`Error::UnknownKind`](crate::Error::UnknownKind), [`Error::Unfit`](crate::Error::Unfit), [`Error::UnfitSideValue`](crate::Error::UnfitSideValue),
    /// [`Error::NotTheirs`](crate::Error::NotTheirs), [`Error::TooLong`](crate::Error::TooLong).
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
    /// [`Error::UnknownRecord`](crate::Error::UnknownRecord), [`Error::Edit`](crate::Error::Edit), [`Error::NotTheirs`](crate::Error::NotTheirs).
    pub fn edit(&self, record: RecordId, edits: &[PlanEdit]) -> Result<()> {
        self.act(|act| act.edit(record, edits))
    }

    /// Makes the notes of a record read so, keeping what others wrote apart in the parts that stay.
    ///
    /// # Errors
    ///
    /// As of [`Replica::edit`].
    pub fn edit_notes(&self, record: RecordId, text: &str) -> Result<()> {
        self.edit(record, &[PlanEdit::note("notes", text)])
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
