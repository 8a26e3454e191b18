//! Taking back what was just recorded.

use saddlebag_records::fact::{Body, FactKind, field};
use saddlebag_records::id::FactId;

use crate::act::{Act, NewFact};
use crate::error::{Error, Result};
use crate::replica::Replica;
use crate::store::{facts, links, records};

/// The number of "a fact is voided" in every kind of record that has it (`codes/facts.toml`).
const CORRECTED: u8 = 250;

impl Replica {
    /// Voids a fact that this device wrote. Neither is ever deleted; one that was voided wrongly is written anew.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFact`]; [`Error::UnknownKind`] where a record's facts cannot be voided;
    /// [`Error::NotTheirs`] for somebody else's.
    pub fn correct(&self, fact: FactId, note: Option<&str>) -> Result<FactId> {
        self.act(|act| act.correct(fact, note))
    }

    /// Voids all facts of an act, as one act. Those that are voided already are passed over.
    ///
    /// # Errors
    ///
    /// As of [`Replica::correct`].
    pub fn undo(&self, facts: &[FactId]) -> Result<Vec<FactId>> {
        self.act(|act| {
            let mut corrections = Vec::with_capacity(facts.len());
            // The last comes first, so that at no time one stands that rests on a voided one.
            for fact in facts.iter().rev() {
                if !act.is_voided(*fact)? {
                    corrections.push(act.correct(*fact, None)?);
                }
            }
            Ok(corrections)
        })
    }
}

impl Act<'_> {
    fn correct(&mut self, fact: FactId, note: Option<&str>) -> Result<FactId> {
        let record = facts::record_of(self.connection, fact)?.ok_or(Error::UnknownFact(fact))?;
        let kind = records::kind_of(self.connection, record)?.ok_or(Error::UnknownRecord(record))?;
        let mut body = Body::new().with(field::FACT, fact);
        if let Some(note) = note {
            body = body.with(field::NOTE, note);
        }
        self.fact(NewFact::new(record, FactKind::new(kind, CORRECTED), body))
    }

    fn is_voided(&self, fact: FactId) -> Result<bool> {
        let record = facts::record_of(self.connection, fact)?.ok_or(Error::UnknownFact(fact))?;
        let family = links::family_facts(self.connection, record)?;
        let counted = saddlebag_records::status::Counted::of(&family.all);
        let name = counted.name(fact);
        Ok(!counted.facts().any(|other| other.id == name))
    }
}
