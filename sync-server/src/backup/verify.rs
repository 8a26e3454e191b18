use std::path::Path;

use saddlebag_records::id::CountyId;
use serde::Serialize;

use super::BackupError;
use super::archive::{self, DATABASE};
use super::scratch::Scratch;
use crate::sealing::OperatorSecret;
use crate::store::{Checked, Store};

/// What a backup holds, every row of which was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whose it is.
    pub county: CountyId,
    /// When it was taken, UTC milliseconds.
    pub taken_ms: i64,
    /// Which program wrote it.
    pub program: String,
    /// The newest row of the log in it.
    pub covers: u64,
    /// Records.
    pub records: u64,
    /// Facts.
    pub facts: u64,
    /// Plan changes.
    pub plan_changes: u64,
    /// Plans.
    pub plans: u64,
    /// Side values.
    pub side_values: u64,
    /// Held items.
    pub held: u64,
    /// Rows that do not match their hashes.
    pub damaged: u64,
    /// Whether a county can be restored from it whole.
    pub sound: bool,
}

/// Opens a backup with the operator's key and looks at every row of it. What it unpacks for that is beside the file, in
/// a folder of its own, and goes again.
pub fn verify(file: &Path, key: &Path) -> Result<Verified, BackupError> {
    let key = read_key(key)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let scratch = Scratch::at(file.with_file_name(format!(".{name}.verifying")))?;
    let manifest = archive::unpack(file, &key, scratch.path())?;
    let checked: Checked = Store::check(&scratch.path().join(DATABASE))?;
    let counted = checked.county == Some(manifest.county)
        && checked.epoch == Some(manifest.epoch)
        && checked.head.0 == manifest.covers
        && (checked.records, checked.facts, checked.plan_changes)
            == (manifest.records, manifest.facts, manifest.plan_changes);
    Ok(Verified {
        county: manifest.county,
        taken_ms: manifest.taken_ms,
        program: manifest.program,
        covers: checked.head.0,
        records: checked.records,
        facts: checked.facts,
        plan_changes: checked.plan_changes,
        plans: checked.plans,
        side_values: checked.side_values,
        held: checked.held,
        damaged: checked.damaged,
        sound: counted && checked.is_sound(),
    })
}

pub(super) fn read_key(file: &Path) -> Result<OperatorSecret, BackupError> {
    OperatorSecret::read(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => BackupError::NoKey(file.to_owned()),
        _ => BackupError::Disk(file.to_owned(), error),
    })
}
