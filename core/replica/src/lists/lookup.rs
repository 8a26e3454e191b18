//! Lists of one kind.

use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::item::{Item, items};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::column::Id;

const ENDED: u8 = 2;

impl Replica {
    /// Errands that are not ended, those due first coming first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn errands(&self) -> Result<Vec<Item>> {
        self.read(|connection| {
            let open = "kind = ?1 AND phase < ?2 ORDER BY due_until_ms, id";
            items(connection, open, params![RecordKind::Errand as u8, ENDED])
        })
    }

    /// One's own tips, the latest first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn tips(&self) -> Result<Vec<Item>> {
        self.latest_of(RecordKind::Tip)
    }

    /// One's own appeals, the latest first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn appeals(&self) -> Result<Vec<Item>> {
        self.latest_of(RecordKind::Appeal)
    }

    /// The households that this phone knows.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn households(&self) -> Result<Vec<Item>> {
        self.list(RecordKind::Household)
    }

    /// All records of a kind, by title.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn list(&self, kind: RecordKind) -> Result<Vec<Item>> {
        let items =
            |connection: &Connection| items(connection, "kind = ?1 ORDER BY title, id", params![kind as u8]);
        self.told_apart(self.read(items)?)
    }

    /// These records as lists show them, in this order; those that are not here are left out.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn items(&self, records: &[RecordId]) -> Result<Vec<Item>> {
        let found = self.read(|connection| {
            let mut found = Vec::with_capacity(records.len());
            for record in records {
                found.extend(items(connection, "record = ?1", params![record.0])?);
            }
            Ok(found)
        })?;
        self.told_apart(found)
    }

    /// What names this household.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn of_household(&self, household: RecordId) -> Result<Vec<Item>> {
        self.read(|connection| {
            let of = "household = ?1 AND household <> x'' ORDER BY phase, due_until_ms, id";
            items(connection, of, params![Id::from(household)])
        })
    }

    /// The record of this waybill number that is here, of the highest generation.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn by_waybill(&self, waybill: &str) -> Result<Option<RecordId>> {
        let Ok(waybill) = saddlebag_records::waybill::Waybill::parse(waybill) else {
            return Ok(None);
        };
        self.read(|connection| {
            let found = crate::store::records::by_waybill(connection, waybill.as_str())?;
            Ok(found.map(|(record, _)| record))
        })
    }

    fn latest_of(&self, kind: RecordKind) -> Result<Vec<Item>> {
        self.read(|connection| {
            items(
                connection,
                "kind = ?1 ORDER BY touched_ms DESC, id DESC",
                params![kind as u8],
            )
        })
    }
}
