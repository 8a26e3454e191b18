use rusqlite::Connection;
use saddlebag_records::id::{FactId, RecordId};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::replica::Replica;
use crate::store::facts::{self, Verdict};
use crate::store::refused_edits::{self, RefusedEdit};

/// A fact that the county did not take. It stays on this phone alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct RefusedFact {
    /// The record that it is about.
    pub record: RecordId,
    /// The fact.
    pub fact: FactId,
    /// Its kind, such as `reported`.
    pub kind: String,
    /// Why, as a stable code.
    pub code: String,
}

/// Something that the county did not take.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
#[serde(untagged)]
pub enum Refused {
    /// A fact.
    Fact(RefusedFact),
    /// An edit of a plan, which the person has not seen yet.
    Edit(RefusedEdit),
}

/// Which of what the county did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum RefusedWhich {
    /// A fact.
    Fact {
        /// Its name.
        fact: FactId,
    },
    /// An edit of a plan.
    Edit {
        /// Its number.
        id: i64,
    },
}

impl Replica {
    /// All that the county did not take and that the person has not seen yet: facts, then edits.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn refused(&self) -> Result<Vec<Refused>> {
        self.read(|connection| {
            let facts = refused_facts(connection)?.into_iter().map(Refused::Fact);
            let edits = refused_edits::unseen(connection)?.into_iter().map(Refused::Edit);
            Ok(facts.chain(edits).collect())
        })
    }

    /// The person's edits that the county did not take, and that they have not seen yet; oldest first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn refused_edits(&self) -> Result<Vec<RefusedEdit>> {
        self.read(refused_edits::unseen)
    }

    /// Marks what the county did not take as seen: it is listed no more. A fact stays where it is, and its record's page
    /// goes on saying why it was not taken.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn refused_seen(&self, which: &RefusedWhich) -> Result<()> {
        self.write(|transaction| match which {
            RefusedWhich::Fact { fact } => facts::refusal_seen(transaction, *fact),
            RefusedWhich::Edit { id } => refused_edits::seen(transaction, *id),
        })
    }
}

fn refused_facts(connection: &Connection) -> Result<Vec<RefusedFact>> {
    let mut refused = Vec::new();
    for Verdict { record, fact, code } in facts::refused(connection)? {
        let stored = facts::one(connection, record, fact.device, fact.n)?;
        refused.extend(stored.map(|stored| RefusedFact {
            record,
            fact,
            kind: stored.fact.kind.to_string(),
            code,
        }));
    }
    Ok(refused)
}
