//! The names of backups in their folder, and how long they stay there.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use saddlebag_records::id::CountyId;

/// How long backups are kept.
const KEPT_MS: i64 = 30 * 24 * 3600 * 1000;
/// Of those that are older the newest stay, so that a county which was off for a month has some.
const AT_LEAST: usize = 3;
const END: &str = ".tar.zst.age";
const FORM: &str = "%Y%m%dT%H%M%S%3fZ";

/// The name of a backup: whose it is, and when it was taken.
pub(super) fn name(county: CountyId, taken_ms: i64) -> String {
    let taken = Timestamp::from_millisecond(taken_ms).unwrap_or_default();
    format!("{county}-{}{END}", taken.strftime(FORM))
}

/// What it is called until it is whole.
pub(super) fn partial(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.partial"))
}

/// Drops what backups of this county that were killed left.
pub(super) fn clear_partial(folder: &Path, county: CountyId) -> io::Result<()> {
    let ours = format!(".{county}-");
    for name in names(folder)? {
        if name.starts_with(&ours) && name.ends_with(".partial") {
            std::fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// Drops backups of this county whose time is over.
pub(super) fn prune(folder: &Path, county: CountyId, now_ms: i64) -> io::Result<()> {
    let ours = format!("{county}-");
    let mut backups: Vec<String> = names(folder)?
        .into_iter()
        .filter(|name| name.starts_with(&ours) && name.ends_with(END))
        .collect();
    // Their names are in the order of their times.
    backups.sort_unstable();
    backups.truncate(backups.len().saturating_sub(AT_LEAST));
    let oldest = name(county, now_ms.saturating_sub(KEPT_MS));
    for backup in backups.into_iter().filter(|backup| *backup < oldest) {
        std::fs::remove_file(folder.join(backup))?;
    }
    Ok(())
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.extend(entry?.file_name().to_str().map(str::to_owned));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 3600 * 1000;
    const NOW_MS: i64 = 1_780_257_600_000;

    #[test]
    fn backups_are_kept_for_thirty_days_and_three_of_them_for_longer() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, others) = (CountyId([7; 16]), CountyId([8; 16]));
        let kept_after = |days: &[i64]| {
            for day in days {
                std::fs::write(folder.path().join(name(ours, NOW_MS - day * DAY_MS)), "x").unwrap();
            }
            prune(folder.path(), ours, NOW_MS).unwrap();
            names(folder.path()).unwrap().len()
        };
        std::fs::write(folder.path().join(name(others, 0)), "x").unwrap();
        std::fs::write(folder.path().join("something else"), "x").unwrap();
        assert_eq!(kept_after(&[90, 80, 70]), 3 + 2);
        assert_eq!(
            kept_after(&[29, 1]),
            3 + 2,
            "one of the old ones fills up to three"
        );
        assert_eq!(kept_after(&[0]), 3 + 2);
        assert_eq!(kept_after(&[30, 28, 27]), 6 + 2);
    }

    #[test]
    fn a_name_tells_when_and_sorts_by_it() {
        let name = name(CountyId([7; 16]), NOW_MS + 5);
        assert_eq!(
            name,
            "07070707-0707-0707-0707-070707070707-20260531T200000005Z.tar.zst.age"
        );
        let partial = partial(&Path::new("/backups").join(&name));
        assert_eq!(partial, Path::new("/backups").join(format!(".{name}.partial")));
    }
}
