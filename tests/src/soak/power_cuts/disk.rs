//! What is on a disk after a power cut, by what was done to its files before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::fleet::copying::copy_files;
use crate::fleet::dice::Dice;
use crate::strace::{Done, Event};

/// What the disk does with what was written and not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loses {
    /// Nothing of it arrived.
    Everything,
    /// Each write arrived, or did not; of some only the first sectors did.
    Some,
}

const SECTOR: u64 = 512;

enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    Truncate(u64),
}

struct Written {
    number: usize,
    change: Change,
    synced: bool,
}

/// Makes in `to` what was in `before` and became of it by these events, which were done below `live`.
pub(super) fn after_a_cut(
    before: &Path,
    live: &Path,
    events: &[Event],
    loses: Loses,
    dice: &mut Dice,
    to: &Path,
) -> Result<()> {
    let live = live.canonicalize()?;
    copy_files(before, to)?;
    let mut files: BTreeMap<PathBuf, Vec<Written>> = BTreeMap::new();
    let here = |path: &Path| -> Result<PathBuf> { Ok(to.join(path.strip_prefix(&live)?)) };
    for (number, event) in events.iter().enumerate() {
        let path = here(&event.path)?;
        let change = match &event.done {
            Done::Write { offset, bytes } => Change::Write {
                offset: *offset,
                bytes: bytes.clone(),
            },
            Done::Truncate(length) => Change::Truncate(*length),
            // A folder that is synced has nothing written to it.
            Done::Synced(since) => {
                let written = files.get_mut(&path).into_iter().flatten();
                written
                    .filter(|one| one.number < *since)
                    .for_each(|one| one.synced = true);
                continue;
            }
            // Names are the file system's own, which keeps them in its journal.
            Done::Renamed(new) => {
                let new = here(new)?;
                if path.exists() {
                    fs::rename(&path, &new)?;
                }
                if let Some(written) = files.remove(&path) {
                    files.insert(new, written);
                }
                continue;
            }
            Done::Removed => {
                files.remove(&path);
                if path.exists() {
                    fs::remove_file(&path)?;
                }
                continue;
            }
        };
        files.entry(path).or_default().push(Written {
            number,
            change,
            synced: false,
        });
    }
    for (path, written) in files {
        let mut contents = if path.exists() {
            fs::read(&path)?
        } else {
            Vec::new()
        };
        for one in written {
            if let Some(change) = arrived(one, loses, dice) {
                apply(&mut contents, change).with_context(|| path.display().to_string())?;
            }
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, contents)?;
    }
    Ok(())
}

fn arrived(one: Written, loses: Loses, dice: &mut Dice) -> Option<Change> {
    if one.synced {
        return Some(one.change);
    }
    if loses == Loses::Everything || dice.percent(50) {
        return None;
    }
    Some(match one.change {
        Change::Write { offset, mut bytes } if dice.percent(40) => {
            // Up to some boundary of a sector of the disk.
            let sectors = bytes.len() as u64 / SECTOR + 1;
            let end = (offset / SECTOR + dice.below(usize::try_from(sectors).unwrap_or(1)) as u64) * SECTOR;
            bytes.truncate(usize::try_from(end.saturating_sub(offset)).unwrap_or(0));
            Change::Write { offset, bytes }
        }
        other => other,
    })
}

fn apply(contents: &mut Vec<u8>, change: Change) -> Result<()> {
    match change {
        Change::Truncate(length) => contents.resize(usize::try_from(length)?, 0),
        Change::Write { offset, bytes } => {
            let (from, to) = (usize::try_from(offset)?, usize::try_from(offset)? + bytes.len());
            if contents.len() < to {
                contents.resize(to, 0);
            }
            contents
                .get_mut(from..to)
                .context("within the file")?
                .copy_from_slice(&bytes);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(done: Vec<Done>, loses: Loses, seed: u64) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let (before, live, to) = (
            folder.path().join("b"),
            folder.path().join("l"),
            folder.path().join("t"),
        );
        fs::create_dir(&before).unwrap();
        fs::create_dir(&live).unwrap();
        fs::write(before.join("f"), b"0123456789").unwrap();
        let path = live.canonicalize().unwrap().join("f");
        let event = |done| Event {
            at_us: 0,
            path: path.clone(),
            done,
        };
        let events: Vec<Event> = done.into_iter().map(event).collect();
        after_a_cut(&before, &live, &events, loses, &mut Dice::new(seed, "cut"), &to).unwrap();
        fs::read(to.join("f")).unwrap()
    }

    fn write(offset: u64, bytes: &[u8]) -> Done {
        Done::Write {
            offset,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn only_what_was_synced_is_sure_to_be_there() {
        let done = vec![write(0, b"ab"), Done::Synced(1), write(4, b"cd")];
        assert_eq!(cut(done.clone(), Loses::Everything, 1), b"ab23456789");
        let some: std::collections::BTreeSet<_> =
            (0..40).map(|seed| cut(done.clone(), Loses::Some, seed)).collect();
        assert!(some.contains(b"ab23456789".as_slice()) && some.contains(b"ab23cd6789".as_slice()));
        assert!(some.iter().all(|contents| contents.starts_with(b"ab23")));
    }

    #[test]
    fn a_write_may_stop_at_a_sector() {
        let done = vec![write(0, &[7; 1024])];
        let lengths: std::collections::BTreeSet<usize> = (0..60)
            .map(|seed| {
                cut(done.clone(), Loses::Some, seed)
                    .iter()
                    .filter(|byte| **byte == 7)
                    .count()
            })
            .collect();
        assert_eq!(lengths, [0, 512, 1024].into());
    }
}
