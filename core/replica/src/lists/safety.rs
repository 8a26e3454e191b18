use rusqlite::params;
use saddlebag_records::kind::RecordKind;
use serde::Serialize;

use crate::error::Result;
use crate::leaving::Leaving;
use crate::replica::Replica;
use crate::salvage::Salvaged;
use crate::store::column::uncount;
use crate::store::last_sync::{self, LastSync};

/// What is safe at the county, and what waits on this phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Safety {
    /// Records of work on this phone: not places, colleagues, carriers and common issues, which are the county's own.
    pub records: u64,
    /// Records in which something waits to be sent.
    pub waiting_records: u64,
    /// Facts that the county has not confirmed.
    pub waiting_facts: u64,
    /// Edits of plans that it has not confirmed.
    pub waiting_edits: u64,
    /// Facts that it did not take. They stay on this phone alone, and go nowhere.
    pub not_taken: u64,
    /// Records with such a fact in which nothing waits.
    pub not_taken_records: u64,
    /// Photos that it has not confirmed.
    pub photos: u64,
    /// Their bytes.
    pub photo_bytes: u64,
    /// Tips and appeals that wait for a one-time number; their facts are counted above.
    pub waiting_for_a_number: u64,
    /// When the county last answered, UTC milliseconds by its own clock.
    pub county_answered_ms: Option<i64>,
    /// Why this device is to leave the county, once all is at the county and in a backup; none where it is not.
    pub leaving: Option<Leaving>,
    /// Facts that are damaged here, and of which a sound copy is awaited.
    pub damaged: u64,
    /// What was saved of a damaged store, until the person has seen it.
    pub salvaged: Option<Salvaged>,
    /// How the last session of syncing ended; none before the first.
    pub last_sync: Option<LastSync>,
}

impl Replica {
    /// What is safe at the county, and what waits.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn safety(&self) -> Result<Safety> {
        let only_here = self.only_here()?;
        let (records, last_sync) = self.read(|connection| {
            let mut of_work = connection
                .prepare_cached("SELECT count(*) FROM records WHERE kind NOT IN (?1, ?2, ?3, ?4)")?;
            let of_the_county = params![
                RecordKind::Place as u8,
                RecordKind::Colleague as u8,
                RecordKind::Carrier as u8,
                RecordKind::CommonIssue as u8,
            ];
            let records = of_work.query_row(of_the_county, |row| row.get(0).map(uncount))?;
            Ok((records, last_sync::load(connection)?))
        })?;
        Ok(Safety {
            records,
            waiting_records: only_here.records,
            waiting_facts: only_here.facts,
            waiting_edits: only_here.edits,
            not_taken: only_here.not_taken,
            not_taken_records: only_here.not_taken_records,
            photos: only_here.photos,
            photo_bytes: only_here.photo_bytes,
            waiting_for_a_number: only_here.waiting_for_a_number,
            county_answered_ms: only_here.county_answered_ms,
            leaving: self.leaving()?,
            damaged: self.damaged()?,
            salvaged: self.salvaged()?,
            last_sync,
        })
    }
}
