//! Backups and restores.

use std::path::Path;
use std::sync::Arc;

use super::cli::RestoreVerb;
use super::{AdminError, Answer, Done, code};
use crate::backup::{self, BackupError, Restoring};
use crate::county::{County, CountyError, DataFolder, Elsewhere};
use crate::outside::Outside;
use crate::scrub::scrub as scrub_county;

/// Takes a backup into this folder. What is damaged in it is told, and then it counts for nothing.
pub fn take(county: &County, into: &Path) -> Answer {
    let taken = backup::take(county, into)?;
    let in_part = taken.damaged > 0;
    Done::told(taken, in_part)
}

/// Looks at every row of the county.
pub fn scrub(county: &County) -> Answer {
    let scrubbed = scrub_county(county)
        .map_err(CountyError::Store)
        .map_err(BackupError::County)?;
    let in_part = !scrubbed.sound;
    Done::told(scrubbed, in_part)
}

/// Looks at every row of a backup.
pub fn verify(file: &Path, key: &Path) -> Answer {
    let verified = backup::verify(file, key)?;
    let in_part = !verified.sound;
    Done::told(verified, in_part)
}

/// Restores a county.
pub fn restore(
    folder: &DataFolder,
    elsewhere: &Elsewhere,
    verb: &RestoreVerb,
    outside: Arc<dyn Outside>,
) -> Answer {
    let how = Restoring {
        from: &verb.from,
        key: &verb.key,
        without_journal: verb.without_journal,
    };
    let restored = backup::restore(folder, elsewhere, how, outside)?;
    let in_part = restored.lacking > 0 || !restored.journal_reaches;
    Done::told(restored, in_part)
}

impl From<BackupError> for AdminError {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::County(CountyError::Locked) => Self::new(code::NOT_ANSWERING, error),
            error => Self::new(error.code(), &error),
        }
    }
}
