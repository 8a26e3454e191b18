use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::Store;

/// The alarm of a county of which something is not as it was written. It outlives the process.
#[derive(Debug)]
pub(crate) struct Damage {
    /// There while a scrub finds something.
    rows: PathBuf,
    /// There once commits were gone, until the county is restored into another folder: what there is looks sound.
    commits: PathBuf,
    is_raised: Arc<AtomicBool>,
    /// Whether a scrub looked since it was raised.
    is_looked_into: AtomicBool,
}

impl Damage {
    /// That of the county in this folder, which whoever reads what is damaged raises too.
    pub(super) fn of(folder: &Path, store: &Store) -> Self {
        let damage = Self {
            rows: folder.join("damaged"),
            commits: folder.join("commits-missing"),
            is_raised: store.damage_seen(),
            is_looked_into: AtomicBool::new(false),
        };
        if store.lacks_commits() {
            tracing::error!("acknowledged commits are missing");
            let _ = std::fs::write(&damage.commits, "");
        }
        if damage.rows.exists() || damage.commits.exists() {
            damage.is_raised.store(true, Ordering::Relaxed);
            damage.is_looked_into.store(true, Ordering::Relaxed);
        }
        damage
    }

    /// A scrub found something.
    pub(crate) fn raise(&self) {
        self.is_looked_into.store(true, Ordering::Relaxed);
        self.is_raised.store(true, Ordering::Relaxed);
        // Where even this cannot be written, the alarm lasts as long as the process.
        let _ = std::fs::write(&self.rows, "");
    }

    /// A scrub found nothing.
    pub(crate) fn end(&self) {
        let lasts = self.lacks_commits();
        // What lasts whatever a scrub finds is none to look into again.
        self.is_looked_into.store(lasts, Ordering::Relaxed);
        let _ = std::fs::remove_file(&self.rows);
        self.is_raised.store(lasts, Ordering::Relaxed);
    }

    /// Whether commits were gone once, which phones were told to be here: what is here looks sound, and is not whole.
    pub(crate) fn lacks_commits(&self) -> bool {
        self.commits.exists()
    }

    /// Whether somebody came upon something that no scrub has seen yet. Says so once.
    pub(crate) fn is_to_be_looked_into(&self) -> bool {
        self.is_raised() && !self.is_looked_into.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.is_raised.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_commits_keep_the_alarm_and_no_scrub_busy() {
        let folder = tempfile::tempdir().unwrap();
        let damage = Damage {
            rows: folder.path().join("damaged"),
            commits: folder.path().join("commits-missing"),
            is_raised: Arc::new(AtomicBool::new(true)),
            is_looked_into: AtomicBool::new(true),
        };
        std::fs::write(&damage.commits, "").unwrap();
        damage.end();
        assert!(damage.is_raised());
        assert!(!damage.is_to_be_looked_into());
        std::fs::remove_file(&damage.commits).unwrap();
        damage.end();
        assert!(!damage.is_raised());
    }
}
