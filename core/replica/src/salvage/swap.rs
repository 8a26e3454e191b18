use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Salvaged;
use crate::error::{Error, Result};
use crate::replica::{PHOTOS_FILE, RECORDS_FILE};
use crate::store::making::{owned, sync};
use crate::store::open::log_of;

/// There while the new files take the places of the old ones.
const UNDER_WAY: &str = "records.db.salvaging";
/// There from then on, until the person has seen it.
const DONE: &str = "records.db.salvaged";

/// The file in which a database is saved, empty.
pub(super) fn draft_of(file: &Path) -> Result<PathBuf> {
    let draft = beside(file, ".rescued");
    // A process that was killed may have left one, which is not whole.
    gone(fs::remove_file(&draft))?;
    drop(owned(&draft)?);
    Ok(draft)
}

/// Says that the new files are whole. From here on they take the old ones' places, however often that is cut.
pub(super) fn begin(dir: &Path, salvaged: &Salvaged) -> Result<()> {
    for database in databases(dir) {
        if let Ok(draft) = File::open(beside(&database, ".rescued")) {
            draft.sync_all()?;
        }
    }
    write(&dir.join(UNDER_WAY), salvaged)
}

/// Adds to what is told that facts are missing of which nothing but their number is known.
pub(crate) fn tell_of_lost(dir: &Path, facts: u64, at_ms: i64) -> Result<()> {
    let told = done(dir)?.unwrap_or(Salvaged {
        is_enrolled: true,
        ..Salvaged::default()
    });
    let told = Salvaged {
        at_ms,
        facts_lost: told.facts_lost.saturating_add(facts),
        ..told
    };
    write(&dir.join(DONE), &told)
}

/// Writes it whole, or not at all.
fn write(file: &Path, salvaged: &Salvaged) -> Result<()> {
    let text = serde_json::to_vec(salvaged).map_err(|_| Error::Damaged("what was salvaged"))?;
    let draft = beside(file, ".new");
    let mut writing = owned(&draft)?;
    writing.set_len(0)?;
    writing.write_all(&text)?;
    writing.sync_all()?;
    fs::rename(&draft, file)?;
    file.parent().map_or(Ok(()), sync)
}

/// Whether new files are about to take the places of old ones.
pub(crate) fn is_unfinished(dir: &Path) -> bool {
    dir.join(UNDER_WAY).exists()
}

/// Lets new files take the places of the old ones, if they are whole. Who calls has the store alone.
pub(crate) fn finish(dir: &Path) -> Result<()> {
    let Some(salvaged) = read(&dir.join(UNDER_WAY))? else {
        return Ok(());
    };
    for database in databases(dir) {
        let draft = beside(&database, ".rescued");
        if !draft.exists() {
            continue;
        }
        // As long as the draft is there, what has the database's name is the old one.
        let aside = beside(
            &database,
            &format!(".damaged-{}", salvaged.at_ms.div_euclid(1_000)),
        );
        set_aside(&database, &aside)?;
        set_aside(&log_of(&database), &log_of(&aside))?;
        gone(fs::remove_file(beside(&database, "-shm")))?;
        sync(dir)?;
        fs::rename(&draft, &database)?;
        sync(dir)?;
    }
    fs::rename(dir.join(UNDER_WAY), dir.join(DONE))?;
    sync(dir)
}

/// What was saved, until it was seen.
pub(super) fn done(dir: &Path) -> Result<Option<Salvaged>> {
    read(&dir.join(DONE))
}

pub(super) fn seen(dir: &Path) -> Result<()> {
    gone(fs::remove_file(dir.join(DONE)))
}

/// A file that is set aside never takes the place of another.
fn set_aside(file: &Path, aside: &Path) -> Result<()> {
    let free = (0..)
        .map(|more: u32| {
            if more == 0 {
                aside.to_owned()
            } else {
                beside(aside, &format!("-{more}"))
            }
        })
        .find(|name| !name.exists());
    match free {
        Some(name) => gone(fs::rename(file, name)),
        None => Ok(()),
    }
}

fn databases(dir: &Path) -> [PathBuf; 2] {
    [dir.join(RECORDS_FILE), dir.join(PHOTOS_FILE)]
}

fn read(file: &Path) -> Result<Option<Salvaged>> {
    match fs::read(file) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text).unwrap_or_default())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    name.into()
}

fn gone(done: std::io::Result<()>) -> Result<()> {
    match done {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
