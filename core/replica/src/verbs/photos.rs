//! Photos: committed first, before the fact that names them.

use saddlebag_records::id::RecordId;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::own::Own;
use crate::store::photos::{self, Lane};
use crate::store::{side_values, tombstones};

/// How long a photo waits for a fact that names it, in milliseconds: a day.
const UNNAMED_MS: i64 = 24 * 60 * 60 * 1000;

impl Replica {
    /// Keeps a photo as it is to be sent, and gives its name: the BLAKE3 of its bytes. Durable on return. A fact then
    /// names it as a side value.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn keep_photo(&self, lane: Lane, bytes: &[u8]) -> Result<[u8; 32]> {
        let reading = self.surroundings().clock.read();
        let taken_ms = self.read(|connection| {
            let own = Own::load(connection, self.surroundings().built_ms)?;
            Ok(own.clock.now(&reading).0)
        })?;
        self.photos(|connection| photos::keep(connection, lane, bytes, taken_ms))
    }

    /// A photo's bytes; none where it is not here, or is not what was kept.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn photo(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        self.photos(|connection| photos::bytes(connection, hash))
    }

    /// Sweeps the photos' database: drops photos of records that left, and those that no fact came to name within a day,
    /// the latter only while the time is sure. A power cut between the two databases leaves some of either.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn sweep_photos(&self) -> Result<()> {
        for record in self.photos(|connection| photos::records(connection))? {
            if let Some(destroyed) = self.read(|connection| tombstones::left(connection, record))? {
                self.forget_photos_of(record, destroyed)?;
            }
        }
        let reading = self.surroundings().clock.read();
        let (now_ms, source) = self.read(|connection| {
            let own = Own::load(connection, self.surroundings().built_ms)?;
            Ok(own.clock.now(&reading))
        })?;
        if source.is_sure() {
            let before_ms = now_ms.saturating_sub(UNNAMED_MS);
            for photo in self.photos(|connection| photos::unnamed(connection, before_ms))? {
                self.forget_photo(&photo, true)?;
            }
        }
        Ok(())
    }

    /// Lets go of the photos of a record that left; of those that the county has not got only if it was `destroyed`.
    pub(crate) fn forget_photos_of(&self, record: RecordId, destroyed: bool) -> Result<()> {
        for photo in self.photos(|connection| photos::of_record(connection, record))? {
            self.forget_photo(&photo, destroyed)?;
        }
        Ok(())
    }

    /// Lets go of a photo that a fact no longer names, unless another one does: five parcels may share one proof.
    pub(crate) fn forget_photo(&self, photo: &[u8; 32], unsent_too: bool) -> Result<()> {
        let named = self.read(|connection| side_values::naming(connection, photo))?;
        self.photos(|connection| match named {
            Some((record, fact)) => photos::belongs_to(connection, photo, record, fact),
            None => photos::drop(connection, photo, unsent_too),
        })
    }
}
