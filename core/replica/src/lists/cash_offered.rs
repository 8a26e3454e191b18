use saddlebag_records::fact::{field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::status::Counted;
use serde::Serialize;

use super::names::shown_name;
use crate::error::Result;
use crate::replica::Replica;
use crate::store::{facts, identity};
use crate::verbs::cash::{CashCode, took};

/// What a code for cash says, before anything is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "cash", rename_all = "snake_case")]
pub enum CashOffered {
    /// It can be taken.
    Offered {
        /// The pass.
        record: RecordId,
        /// Who gives it.
        from: PersonId,
        /// Their name; empty where it is not known here.
        from_name: String,
        /// How much, in fen.
        fen: u64,
        /// For whom the giver made it out, where this phone knows that and it is somebody else.
        for_another: Option<PersonId>,
        /// Their name; empty where it is not known here.
        for_another_name: String,
    },
    /// This phone recorded it before.
    Twice {
        /// The pass.
        record: RecordId,
    },
    /// It is one's own code.
    Own,
    /// This is no such code, or it was typed wrong.
    NotACode,
}

impl Replica {
    /// Whose cash a code is and how much, without taking it.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn read_cash_code(&self, code: &str) -> Result<CashOffered> {
        let Ok(CashCode { record, from, fen }) = code.parse::<CashCode>() else {
            return Ok(CashOffered::NotACode);
        };
        self.read(|connection| {
            let me = identity::author(connection)?.person;
            if from == me {
                return Ok(CashOffered::Own);
            }
            if took(connection, record)? {
                return Ok(CashOffered::Twice { record });
            }
            let all = facts::of_record(connection, record)?.facts();
            let counted = Counted::of(&all);
            let mut passed = counted
                .facts()
                .filter(|fact| fact.kind == kinds::cash_pass::PASSED);
            let for_another = passed
                .next()
                .and_then(|fact| fact.body.person(field::TO))
                .filter(|to| *to != me);
            let name_of = |person: PersonId| shown_name(connection, person.into());
            Ok(CashOffered::Offered {
                record,
                from,
                from_name: name_of(from)?,
                fen,
                for_another,
                for_another_name: for_another.map(name_of).transpose()?.unwrap_or_default(),
            })
        })
    }
}
