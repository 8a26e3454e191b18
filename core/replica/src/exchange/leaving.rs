use rusqlite::{Connection, params};

use super::forget::{COVERED, OWN};
use crate::error::Result;
use crate::leaving::Leaving;
use crate::replica::Replica;
use crate::store::column::count;
use crate::store::{exchange, leaving, photos};

impl Replica {
    /// Why this device is to leave the county; none where it is not.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn leaving(&self) -> Result<Option<Leaving>> {
        self.read(leaving::told)
    }

    /// Whether this device is to leave and all that it wrote is covered by a backup of the county.
    pub(crate) fn is_ready_to_leave(&self) -> Result<bool> {
        let may = self
            .read(|connection| Ok(leaving::told(connection)?.is_some() && Self::is_covered(connection)?))?;
        Ok(may && self.photos_are_covered()?)
    }

    /// Whether the county has every fact and every edit of this device, and a backup covers it; or does not want it.
    /// What is damaged here can be read by nobody.
    pub(crate) fn is_covered(connection: &Connection) -> Result<bool> {
        let watermark = exchange::log(connection)?.map_or(0, |log| log.watermark);
        let uncovered = format!(
            "SELECT 1 FROM facts WHERE state <> 9 AND {OWN} AND NOT {COVERED} AND ?1 = 0
             UNION ALL SELECT 1 FROM plan_changes
                WHERE state <> 9 AND actor IN (SELECT actor FROM actors) AND NOT {COVERED}
             LIMIT 1"
        );
        let mut statement = connection.prepare(&uncovered)?;
        Ok(!statement.exists(params![0, count(watermark)])?)
    }

    /// Whether the county has every photo.
    pub(crate) fn photos_are_covered(&self) -> Result<bool> {
        Ok(self.read_photos(photos::unsent)?.0 == 0)
    }
}
