use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::TryLockError;
use std::time::Instant;

use serde::Serialize;

use super::archive::{self, Manifest};
use super::{BackupError, keep};
use crate::county::{BACKUP_COPY, County, CountyError, make_private, sync_folder_of};
use crate::store::{Checked, Moment, Store, StoreError};

/// A backup that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The file.
    pub file: PathBuf,
    /// Its length, bytes.
    pub bytes: u64,
    /// When, UTC milliseconds.
    pub taken_ms: i64,
    /// How long it took, milliseconds.
    pub took: u64,
    /// The newest row of the log in it: phones let go of what they wrote up to there.
    pub covers: u64,
    /// Records in it.
    pub records: u64,
    /// Facts in it.
    pub facts: u64,
    /// Rows in it that do not match their hashes. With any of these nothing counts as covered by it.
    pub damaged: u64,
}

/// Takes a backup of a county into this folder, beside the server that serves it. It counts once it is durable under its
/// name: then the journal begins its next segment, and phones hear what is covered.
pub fn take(county: &County, into: &Path) -> Result<Taken, BackupError> {
    let _alone = match county.backing_up().try_lock() {
        Err(TryLockError::WouldBlock) => return Err(BackupError::Running),
        Ok(alone) => alone,
        // A backup that panicked left nothing behind that the next one does not clear.
        Err(TryLockError::Poisoned(alone)) => alone.into_inner(),
    };
    let begun = Instant::now();
    let on_disk = |path: &Path, error| BackupError::Disk(path.to_owned(), error);
    make_private(into).map_err(|error| on_disk(into, error))?;
    keep::clear_partial(into, county.id()).map_err(|error| on_disk(into, error))?;

    let taken_ms = county.now_ms();
    let segment = county.with_journal(|journal| journal.segment());
    let copy = Copied::of(county)?;
    let checked = Store::check(&copy.0)?;
    let manifest = manifest(county, taken_ms, segment, &checked, &copy.0)?;
    let file = into.join(keep::name(county.id(), taken_ms));
    let bytes = write(&file, county, &manifest, &copy.0).map_err(|error| on_disk(&file, error))?;
    drop(copy);

    if checked.is_sound() && !county.damage().lacks_commits() {
        county.with_journal(|journal| journal.next_segment())?;
        let moment = Moment {
            ms: taken_ms,
            ..county.moment()
        };
        let noted = county
            .store()
            .write(moment, move |tx| tx.note_backup(checked.head));
        noted.wait()?;
        keep::prune(into, county.id(), taken_ms).map_err(|error| on_disk(into, error))?;
    } else {
        let missing = county.damage().lacks_commits();
        tracing::error!(
            damaged = checked.amiss(),
            missing,
            "a backup is not whole and counts for nothing"
        );
    }
    Ok(Taken {
        file,
        bytes,
        taken_ms,
        took: begun.elapsed().as_millis() as u64,
        covers: checked.head.0,
        records: checked.records,
        facts: checked.facts,
        damaged: checked.amiss(),
    })
}

fn manifest(
    county: &County,
    taken_ms: i64,
    segment: u32,
    checked: &Checked,
    copy: &Path,
) -> Result<Manifest, BackupError> {
    let mut hasher = blake3::Hasher::new();
    let hashed = File::open(copy).and_then(|file| hasher.update_reader(file).map(drop));
    hashed.map_err(|error| BackupError::Disk(copy.to_owned(), error))?;
    Ok(Manifest {
        taken_ms,
        epoch: checked
            .epoch
            .ok_or(CountyError::Damaged("county.db"))
            .map_err(BackupError::County)?,
        covers: checked.head.0,
        segment,
        database: hasher.finalize().into(),
        records: checked.records,
        facts: checked.facts,
        plan_changes: checked.plan_changes,
        ..Manifest::new(county.id())
    })
}

/// Writes the file under another name, and gives it its own once it is durable.
fn write(file: &Path, county: &County, manifest: &Manifest, copy: &Path) -> io::Result<u64> {
    let partial = keep::partial(file);
    let written = write_partial(&partial, county, manifest, copy).and_then(|bytes| {
        std::fs::rename(&partial, file)?;
        sync_folder_of(file)?;
        Ok(bytes)
    });
    written.inspect_err(|_| drop(std::fs::remove_file(&partial)))
}

fn write_partial(partial: &Path, county: &County, manifest: &Manifest, copy: &Path) -> io::Result<u64> {
    let to = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(partial)?;
    let to = BufWriter::with_capacity(1 << 16, to);
    let mut to = archive::write(to, county.keys().operator(), manifest, county.folder(), copy)?;
    to.flush()?;
    to.get_ref().sync_all()?;
    Ok(to.get_ref().metadata()?.len())
}

/// The copy of the database, until it is dropped.
struct Copied(PathBuf);

impl Copied {
    fn of(county: &County) -> Result<Self, StoreError> {
        let copied = Self(county.folder().join(BACKUP_COPY));
        // A backup that was killed left it.
        copied.remove();
        county.store().copy_to(&copied.0)?;
        Ok(copied)
    }

    fn remove(&self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        self.remove();
    }
}
