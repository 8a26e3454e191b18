//! Destroying all that a device holds, by the county's word alone.
//!
//! It is decided in the store, in one transaction with a last look at whether everything is covered: from then on no
//! process records anything here. What follows can be cut at any moment, and is finished when the store is opened next.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::leaving::Leaving;
use crate::replica::{PHOTOS_FILE, RECORDS_FILE, Replica};
use crate::settings::{Language, Settings};
use crate::store::leaving;
use crate::store::making::sync;
use crate::sync_lock::SYNC_LOCK;

/// There while files are being destroyed.
const UNDER_WAY: &str = "wiping.json";
/// There from then on, until the folder is enrolled again. It names nobody.
const DONE: &str = "wiped.json";

/// That everything here was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Wiped {
    /// Why.
    pub why: Leaving,
    /// When, UTC milliseconds, for all that this device knew.
    pub at_ms: i64,
    /// The language in which it is to be told.
    pub language: Language,
}

impl Replica {
    /// Destroys everything here: facts, plans, photos, keys. False where something is not covered after all, such as a
    /// fact that was recorded a moment ago: then nothing was touched. The key of the store is the caller's to destroy.
    ///
    /// Who calls holds the right to sync, and has seen the county's order.
    pub(crate) fn wipe(&self, why: Leaving) -> Result<bool> {
        let wiped = Wiped {
            why,
            at_ms: self.now_ms()?,
            language: self.settings()?.language,
        };
        if !self.photos_are_covered()? {
            return Ok(false);
        }
        let agreed = self.write(|transaction| {
            if !Self::is_covered(transaction)? {
                return Ok(false);
            }
            leaving::set_ordered(transaction, why)?;
            // Another process that has the store open writes nothing from now on.
            transaction.execute("DELETE FROM identity", [])?;
            Ok(true)
        })?;
        if agreed {
            self.close();
            destroy(self.dir(), wiped)?;
            tracing::info!("everything here was destroyed, as the county ordered");
        }
        Ok(agreed)
    }

    /// That what was in this folder was destroyed, until it is enrolled again. Finishes what was cut.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn wiped(dir: impl AsRef<Path>) -> Result<Option<Wiped>> {
        let dir = dir.as_ref();
        if dir.join(UNDER_WAY).exists() {
            // Whoever is at it holds this; two at once would take a new store for the old one.
            let lock = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(dir.join(SYNC_LOCK))?;
            lock.lock()?;
            if let Some(wiped) = read(&dir.join(UNDER_WAY))? {
                destroy(dir, wiped)?;
            }
        }
        read(&dir.join(DONE))
    }

    /// Finishes what was decided in the store and cut before any file went.
    pub(crate) fn finish_wiping(dir: &Path, wiped: Wiped) -> Result<()> {
        destroy(dir, wiped)
    }

    /// Nothing is to be said of it any more.
    pub(crate) fn forget_that_it_was_wiped(&self) -> Result<()> {
        gone(fs::remove_file(self.dir().join(DONE)))
    }
}

fn destroy(dir: &Path, wiped: Wiped) -> Result<()> {
    let under_way = dir.join(UNDER_WAY);
    let text = serde_json::to_vec(&wiped).map_err(|_| Error::Damaged("that it was wiped"))?;
    let mut file = File::create(&under_way)?;
    file.write_all(&text)?;
    file.sync_all()?;
    sync(dir)?;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Logs, copies that were set aside and drafts all begin with the name of their database.
        if [RECORDS_FILE, PHOTOS_FILE].iter().any(|of| name.starts_with(of)) {
            gone(fs::remove_file(entry.path()))?;
        }
    }
    sync(dir)?;
    fs::rename(&under_way, dir.join(DONE))?;
    sync(dir)
}

fn read(file: &Path) -> Result<Option<Wiped>> {
    match fs::read(file) {
        // One that was cut short was written before anything was destroyed: it is written again.
        Ok(text) => Ok(Some(serde_json::from_slice(&text).unwrap_or(Wiped {
            why: Leaving::Retired,
            at_ms: 0,
            language: Settings::default().language,
        }))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn gone(removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
