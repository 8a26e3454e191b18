//! Saving what can be read of a damaged store into a new one.
//!
//! The new store is made whole beside the old one, under another name. Then the two change places, by steps that can
//! be cut at any moment and are finished when the store is opened next. The damaged files stay, under a name with the
//! time, until a wipe that the county orders.

mod carry;
mod counted;
mod mark;
mod mend;
mod photos;
mod swap;

use std::collections::BTreeSet;
use std::path::Path;

pub use counted::Salvaged;
pub(crate) use mark::{Mark, Marked};
pub(crate) use swap::{finish, is_unfinished, tell_of_lost};

use crate::error::{Error, Result};
use crate::open_lock::OpenLock;
use crate::replica::{RECORDS_FILE, Replica};
use crate::store::RECORDS;
use crate::store::damaged::Pages;
use crate::store::granted_before;
use crate::store::making::folder;
use crate::store::open::{StoreKey, filling, salt_of};
use crate::store::own::Own;
use crate::surroundings::Surroundings;

impl Replica {
    /// Saves what can be read of a store into a new one, which takes its place: what this device wrote and the county
    /// has not confirmed, who the device is, and all else. What is missing comes from the county at the next exchange.
    /// The damaged files are set aside, and never deleted.
    ///
    /// Nobody may have the store open meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`] where somebody has it open; [`Error::WrongKey`] where the key opens no page at all;
    /// [`Error::FutureDatabase`]; [`Error::DiskFull`]. The files are then as they were.
    pub fn salvage(dir: impl AsRef<Path>, key: &StoreKey, surroundings: &Surroundings) -> Result<Salvaged> {
        let dir = dir.as_ref();
        folder(dir)?;
        let _alone = OpenLock::alone(dir)?;
        swap::finish(dir)?;
        let (mut salvaged, named) = records(dir, key, surroundings)?;
        photos::salvage(dir, key, &named, &mut salvaged)?;
        swap::begin(dir, &salvaged)?;
        swap::finish(dir)?;
        tracing::warn!(
            facts = salvaged.facts,
            facts_lost = salvaged.facts_lost,
            pages_lost = salvaged.pages_lost,
            "a damaged store was salvaged"
        );
        Ok(salvaged)
    }

    /// What was saved the last time that the store was damaged, until the person has seen it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn salvaged(&self) -> Result<Option<Salvaged>> {
        swap::done(self.dir())
    }

    /// The person has seen what was saved.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn salvaged_seen(&self) -> Result<()> {
        swap::seen(self.dir())
    }
}

/// Saves the records into a file beside them. What came of it, and the photos that facts name which only this device
/// has.
fn records(
    dir: &Path,
    key: &StoreKey,
    surroundings: &Surroundings,
) -> Result<(Salvaged, BTreeSet<[u8; 32]>)> {
    let file = dir.join(RECORDS_FILE);
    let mut pages = Pages::open(&file, key)?;
    let looked = pages.look()?;
    let known = u32::try_from(RECORDS.len()).unwrap_or(u32::MAX);
    if looked.version > known {
        return Err(Error::FutureDatabase {
            found: looked.version,
            known,
        });
    }
    if !pages.are_of_its_key()? {
        // Another key's store looks as one that is destroyed from end to end.
        return Err(Error::WrongKey);
    }
    let draft = swap::draft_of(&file)?;
    let mut connection = filling(&draft, key, &salt_of(&file, key), RECORDS)?;
    let transaction = connection.transaction()?;
    let carried = carry::all(&mut pages, &transaction)?;
    let marked = Mark::read(dir)?;
    let mut salvaged = mend::mend(&transaction, surroundings, &carried, marked)?;
    salvaged.pages_lost = looked.unreadable;
    salvaged.at_ms = Own::load(&transaction, surroundings.built_ms)?
        .clock
        .now(&surroundings.clock.read())
        .0;
    granted_before::note(&transaction)?;
    let named = mend::photos_only_here(&transaction)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)?;
    Ok((salvaged, named))
}
