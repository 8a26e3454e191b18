use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::cash::{Ledger, OpenPass, Settlement, cash};
use saddlebag_records::fact::Fact;
use saddlebag_records::id::RecordId;
use serde::Serialize;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::{self, identity};

/// What this person owes, for all that this phone knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct CashInHand {
    /// In fen; negative where they are owed it.
    pub owed_fen: i64,
    /// Passes of cash and hand-ins that are not settled yet.
    pub open: OpenCash,
    /// The records that hold unsettled money of theirs.
    pub unsettled: BTreeSet<RecordId>,
}

/// What is not settled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct OpenCash {
    /// Cash that giver and taker do not both confirm: the giver owes it.
    pub passes: Vec<OpenPass>,
    /// Hand-ins that were not counted, or were counted otherwise.
    pub settlements: Vec<Settlement>,
}

impl Replica {
    /// The cash that this person has to answer for.
    ///
    /// # Errors
    ///
    /// [`Error::Cash`](crate::Error::Cash) where sums overflow.
    pub fn cash(&self) -> Result<CashInHand> {
        self.read(|connection| {
            let person = identity::author(connection)?.person;
            let ledger = ledger(connection)?;
            let settlements = ledger.settlements.iter().filter(|s| {
                // One of which both sides took back what they said waits for nobody.
                let is_said = s.handed_in.is_some() || s.counted.is_some();
                !s.closed && s.courier == person && is_said
            });
            let passes = ledger
                .open_passes
                .iter()
                .filter(|pass| pass.parties.contains(&person));
            Ok(CashInHand {
                owed_fen: ledger.owed(person)?,
                open: OpenCash {
                    passes: passes.cloned().collect(),
                    settlements: settlements.cloned().collect(),
                },
                unsettled: ledger.unsettled(person)?,
            })
        })
    }
}

/// The ledger of all facts here that move money.
pub(super) fn ledger(connection: &Connection) -> Result<Ledger> {
    Ok(cash(&facts(connection)?)?)
}

/// The facts of all records here in which money moved.
pub(super) fn facts(connection: &Connection) -> Result<Vec<Fact>> {
    let mut statement = connection.prepare_cached("SELECT record FROM records WHERE moves_cash = 1")?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    let mut all = Vec::new();
    for record in records {
        all.extend(store::facts::of_record(connection, record?)?.facts());
    }
    Ok(all)
}
