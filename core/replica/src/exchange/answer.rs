use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_protocol::{Cursor, Receipts, SignedKeyList};
use saddlebag_records::clock::Observed;
use saddlebag_records::id::{ActorId, RecordId};

use super::asking::Told;
use super::numbering::Taken;
use super::page::PageContent;
use super::pending::Pending;
use crate::error::Result;
use crate::leaving::Leaving;
use crate::project::{self, InHand, Reader};
use crate::replica::Replica;
use crate::store::column::count;
use crate::store::exchange::{self, Log};
use crate::store::own::Own;
use crate::store::{identity, leaving, side_values};
use crate::surroundings::Surroundings;

/// An answer of the county, unpacked and its signatures checked.
#[derive(Clone, Debug, Default)]
pub struct Answer<'a> {
    /// The county's time, UTC milliseconds.
    pub county_time_ms: i64,
    /// What was pushed, and what became of it.
    pub receipts: Option<(&'a Pending, &'a Receipts)>,
    /// What is new.
    pub page: PageContent,
    /// How far this device has read with this page.
    pub cursor: Option<Cursor>,
    /// Where checkpoints were offered: the row from which the county goes on. What it gave above it may be others' by now.
    pub went_back_to: Option<u64>,
    /// The log's last row after the push.
    pub position: u64,
    /// The log's last row that a backup covers.
    pub watermark: u64,
    /// When that backup was made, UTC milliseconds.
    pub backup_ms: Option<i64>,
    /// New one-time numbers.
    pub one_time: Vec<u64>,
    /// A newer key list, its signature checked.
    pub keys: Option<SignedKeyList>,
    /// That this device is to leave the county, and why.
    pub leaving: Option<Leaving>,
    /// What the request told the county, and need not tell again.
    pub told: Told,
}

/// What an answer changed here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The records that are to be read again, sorted.
    pub changed: Vec<RecordId>,
    /// The records that left this phone.
    pub left: Vec<RecordId>,
    /// Facts and plan changes that were not taken: the same name with other bytes, or refused by the guard.
    pub not_taken: u64,
}

/// An answer that is being applied, in one transaction.
pub(super) struct Applying<'a> {
    pub(super) connection: &'a Connection,
    pub(super) own: Own,
    pub(super) reading: Observed,
    pub(super) watermark: u64,
    /// The row of the log up to which the page came.
    pub(super) read_to: u64,
    /// The log's last row after the push: what a page brings lies at or below it.
    pub(super) position: u64,
    /// The actor under which edits are made from now on, if this answer made one necessary.
    pub(super) fresh_actor: Option<ActorId>,
    /// Records that were destroyed for a person.
    pub(super) destroyed: BTreeSet<RecordId>,
    /// Photos of side values that were removed.
    pub(super) unnamed_photos: Vec<[u8; 32]>,
    pub(super) applied: Applied,
    pub(super) touched: BTreeSet<RecordId>,
    /// Records whose names other rows show, and which changed or left.
    pub(super) renamed: BTreeSet<RecordId>,
    surroundings: &'a Surroundings,
}

impl Replica {
    /// Applies an answer: receipts, what is new, what leaves, and how far this device has read. All of it in one
    /// transaction, so that a cut at any moment leaves the store as if the answer had come or had not.
    ///
    /// # Errors
    ///
    /// [`NotEnrolled`](crate::Error::NotEnrolled), or as of the store. Nothing was changed, and the same answer can be
    /// had again.
    pub fn apply(&self, answer: &Answer<'_>) -> Result<Applied> {
        let (applied, destroyed, unnamed_photos) = self.write(|transaction| {
            let mut applying = Applying::begin(transaction, self.surroundings(), answer)?;
            if applying.log(answer)? {
                applying.write_older_anew(&Taken::default())?;
            }
            if let Some(row) = answer.went_back_to {
                applying
                    .touched
                    .extend(side_values::drop_above(transaction, row)?);
            }
            if let Some((pushed, receipts)) = answer.receipts {
                applying.receipts(pushed, receipts, answer.position)?;
            }
            applying.page(&answer.page)?;
            applying.numbers(&answer.one_time)?;
            applying.drop_covered()?;
            let destroyed = std::mem::take(&mut applying.destroyed);
            let unnamed = std::mem::take(&mut applying.unnamed_photos);
            Ok((applying.finish(!destroyed.is_empty())?, destroyed, unnamed))
        })?;
        // Photos are a database of their own: what a cut here leaves behind of records that left is swept.
        for record in &applied.left {
            self.forget_photos_of(*record, destroyed.contains(record))?;
        }
        for photo in &unnamed_photos {
            self.forget_photo(photo, false)?;
        }
        if !applied.left.is_empty() || !unnamed_photos.is_empty() {
            self.note_leftovers();
        }
        if !destroyed.is_empty() {
            self.empty_logs()?;
        }
        self.announce(applied.changed.clone());
        Ok(applied)
    }
}

impl<'a> Applying<'a> {
    pub(super) fn begin(
        connection: &'a Connection,
        surroundings: &'a Surroundings,
        answer: &Answer<'_>,
    ) -> Result<Self> {
        Ok(Self {
            own: Own::load(connection, surroundings.built_ms)?,
            reading: surroundings.clock.read(),
            watermark: answer.watermark,
            read_to: answer.cursor.map_or(answer.position, |cursor| cursor.seq),
            position: answer.position,
            fresh_actor: None,
            destroyed: BTreeSet::new(),
            unnamed_photos: Vec::new(),
            applied: Applied::default(),
            touched: BTreeSet::new(),
            renamed: BTreeSet::new(),
            connection,
            surroundings,
        })
    }

    /// Notes what it says of the log. Whether the county was restored: then what it may lack is to be sent again.
    pub(super) fn log(&mut self, answer: &Answer<'_>) -> Result<bool> {
        self.own
            .clock
            .county_answered(answer.county_time_ms, &self.reading);
        let known = exchange::log(self.connection)?;
        let epoch = answer
            .cursor
            .map(|cursor| cursor.epoch)
            .or(known.map(|log| log.epoch));
        let log = Log {
            epoch: epoch.unwrap_or_default(),
            watermark: answer.watermark,
            backup_ms: answer.backup_ms.unwrap_or(0),
            answered_ms: answer.county_time_ms,
        };
        let restored = known.filter(|known| known.epoch != log.epoch);
        if let Some(known) = restored {
            self.another_epoch(known.watermark)?;
        }
        exchange::set_log(self.connection, &log)?;
        if let Some(cursor) = &answer.cursor {
            exchange::advance(self.connection, cursor)?;
        }
        if let Some(keys) = &answer.keys {
            identity::set_keys(self.connection, keys)?;
        }
        leaving::note(self.connection, answer.leaving)?;
        answer.told.remember(self.connection)?;
        Ok(restored.is_some())
    }

    /// The county was restored: rows are counted anew. What this device wrote and a backup covered is there; the rest
    /// is offered again. What it was given or told since may not be known there any more: unused one-time numbers go,
    /// and its actors are announced anew.
    pub(super) fn another_epoch(&mut self, covered_till: u64) -> Result<()> {
        identity::after_restore(self.connection)?;
        for table in ["facts", "plan_changes"] {
            let offered = format!(
                "UPDATE {table} SET state = 0, position = 0 WHERE state IN (2, 3, 4) AND position > ?1"
            );
            self.connection.execute(&offered, [count(covered_till)])?;
            let covered = format!("UPDATE {table} SET position = 1 WHERE position > 0");
            self.connection.execute(&covered, [])?;
        }
        self.own.first_unsent = 1;
        Ok(())
    }

    pub(super) fn finish(mut self, any_destroyed: bool) -> Result<Applied> {
        self.advance_first_unsent()?;
        self.own.save(self.connection)?;
        let reader = Reader::of(&identity::author(self.connection)?);
        self.applied.changed = project::anew(
            self.connection,
            &reader,
            &self.touched,
            self.renamed,
            InHand::new(),
        )?;
        // Last: rows that showed its name were indexed anew just now.
        if any_destroyed {
            crate::store::search::forget_removed(self.connection)?;
        }
        self.applied.changed.extend(&self.applied.left);
        self.applied.changed.sort_unstable();
        self.applied.changed.dedup();
        Ok(self.applied)
    }

    pub(super) fn touch(&mut self, record: RecordId) {
        self.touched.insert(record);
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.own.clock.now(&self.reading).0
    }

    pub(super) fn random<const N: usize>(&self) -> [u8; N] {
        self.surroundings.random()
    }
}
