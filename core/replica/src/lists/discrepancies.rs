use std::collections::BTreeMap;

use saddlebag_records::discrepancy::Discrepancy;
use saddlebag_records::id::RecordId;
use serde::Serialize;

use super::cash::ledger;
use crate::error::Result;
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::{facts, identity, records};

/// The open discrepancies of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct RecordDiscrepancies {
    /// The record.
    pub record: RecordId,
    /// What does not fit together in it.
    pub discrepancies: Vec<Discrepancy>,
}

impl Replica {
    /// What does not fit together, in each record and between hand-ins and counts, as far as this phone holds both
    /// sides. A dispatcher closes it.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn discrepancies(&self) -> Result<Vec<RecordDiscrepancies>> {
        self.read(|connection| {
            let reader = Reader::of(&identity::author(connection)?);
            let mut found: BTreeMap<RecordId, Vec<Discrepancy>> = BTreeMap::new();
            let mut statement =
                connection.prepare_cached("SELECT record FROM records WHERE discrepancies > 0")?;
            for record in statement.query_map([], |row| row.get(0).map(RecordId))? {
                let record = record?;
                if let Some(kind) = records::kind_of(connection, record)? {
                    let known = Known::load(connection, &reader, record, kind)?;
                    found
                        .entry(record)
                        .or_default()
                        .extend(known.status.discrepancies);
                }
            }
            for discrepancy in ledger(connection)?.discrepancies {
                let fact = discrepancy.facts.first().copied();
                let record = fact
                    .map(|fact| facts::record_of(connection, fact))
                    .transpose()?
                    .flatten();
                if let Some(record) = record {
                    found.entry(record).or_default().push(discrepancy);
                }
            }
            let found = found.into_iter();
            Ok(found
                .map(|(record, discrepancies)| RecordDiscrepancies {
                    record,
                    discrepancies,
                })
                .collect())
        })
    }
}
