//! A county: its folder, its keys, its journal, its store.

mod catch_up;
mod counties;
mod create;
mod damage;
mod folder;
mod journal;
mod keys;
mod own;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};

use catch_up::catch_up;
pub(crate) use catch_up::{end_devices, ended, forgotten, knows, missing};
pub use counties::{Counties, Elsewhere};
pub use create::create_county;
pub(crate) use damage::Damage;
pub use folder::DataFolder;
pub(crate) use folder::{clear, make_private, sync_folder_of};
pub use journal::{Entry, Journal, TombstoneReason};
pub(crate) use journal::{Item, Side, Written, read_sealed};
pub use keys::CountyKeys;

use crate::forgetting::LastForgetting;
use crate::outside::Outside;
use crate::store::{Moment, Store, StoreError};
use crate::sweep::LastSweep;
use crate::sync::judge_waiting;

/// The plain copy that a backup is made of, while it is: as secret as the database beside it.
pub(crate) const BACKUP_COPY: &str = ".backup-copy.db";

/// Why a county cannot be created, opened or written to.
#[derive(Debug, thiserror::Error)]
pub enum CountyError {
    /// Another process has the data folder.
    #[error("another server has the data folder")]
    Locked,
    /// The folder for the private keys lies within the data folder, where a backup would take them along.
    #[error("the private keys must go outside the data folder")]
    KeysInside,
    /// A file of the county is not as it was written.
    #[error("the county's {0} is damaged")]
    Damaged(&'static str),
    /// The journal, or a segment of it, is not where it should be.
    #[error("there is no journal in {}", .0.display())]
    JournalMissing(PathBuf),
    /// The journal does not know of what stands in the database.
    #[error("the journal in {} is older than the county", .0.display())]
    JournalBehind(PathBuf),
    /// One of several counties cannot be opened.
    #[error("county {id}: {error}")]
    Of {
        /// Which.
        id: CountyId,
        /// Why.
        error: Box<CountyError>,
    },
    /// The disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CountyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked => "folder_locked",
            Self::KeysInside => "keys_inside_data",
            Self::Damaged(_) => "county_damaged",
            Self::JournalMissing(_) => "journal_missing",
            Self::JournalBehind(_) => "journal_behind",
            Self::Of { error, .. } => error.code(),
            Self::Disk(error) => match error.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "folder_not_writable",
                _ if is_full(error) => "store_full",
                _ => "disk_failed",
            },
            Self::Store(error) => error.code(),
        }
    }
}

impl From<CountyError> for StoreError {
    fn from(error: CountyError) -> Self {
        match error {
            CountyError::Store(error) => error,
            CountyError::Disk(error) if is_full(&error) => Self::Full,
            error => Self::Failed(error.to_string().into()),
        }
    }
}

/// Whether there is no room: on the disk, in a quota, or under a limit of a file's size.
pub(crate) fn is_full(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}

/// A county that is open. A handle: clones are the same county.
#[derive(Clone)]
pub struct County(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    id: CountyId,
    name: String,
    keys: CountyKeys,
    store: Store,
    damage: Damage,
    journal: Mutex<Journal>,
    outside: Arc<dyn Outside>,
    last_sweep: LastSweep,
    last_forgetting: LastForgetting,
    turns: Turns,
    /// Held by a backup while it is taken.
    backing_up: Mutex<()>,
}

/// Whose turn it is among the county's own people.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    /// One verb that reads before it writes: what it read is what it finds.
    pub(crate) verb: Mutex<()>,
    /// One import, beside which verbs go on: it takes what it finds, as it does of phones.
    pub(crate) import: Mutex<()>,
}

/// The layout of `county.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    pub(crate) id: CountyId,
    pub(crate) name: String,
}

impl About {
    pub(crate) fn read(folder: &Path) -> Result<Self, CountyError> {
        let about = std::fs::read(folder.join("county.json"))?;
        serde_json::from_slice(&about).map_err(|_| CountyError::Damaged("county.json"))
    }
}

impl County {
    /// Opens a county's folder, the data folder of which must have been taken.
    pub(crate) fn open(
        folder: &Path,
        elsewhere: &Elsewhere,
        outside: Arc<dyn Outside>,
    ) -> Result<Self, CountyError> {
        let about = About::read(folder)?;
        let keys = CountyKeys::open(&folder.join("keys"))?;
        let journal_folder = folder.join("journal");
        let (journal, entries) = Journal::open(&journal_folder, elsewhere.journal_of(about.id).as_deref())?;
        // A backup that was killed left it.
        let _ = std::fs::remove_file(folder.join(BACKUP_COPY));
        let database = folder.join("county.db");
        // SQLite would take an empty file for a new database, and write into it.
        if std::fs::metadata(&database).is_ok_and(|file| file.len() == 0) {
            return Err(CountyError::Damaged("county.db"));
        }
        let store = Store::open(&database)?;
        let found = store.read_blocking(|tx| tx.county())?;
        let found = found.ok_or(CountyError::Damaged("county.db"))?;
        if found.id != about.id {
            return Err(CountyError::Damaged("county.json"));
        }
        let (epoch, last) = store.read_blocking(|tx| {
            Ok::<_, StoreError>((tx.epoch()?.map(|epoch| epoch.name), tx.last_device()?))
        })?;
        if !knows(&entries, epoch, last) {
            return Err(CountyError::JournalBehind(journal_folder));
        }
        catch_up(&store, &entries, last, &*outside)?;
        let county = Self(Arc::new(Inner {
            folder: folder.to_owned(),
            id: about.id,
            name: about.name,
            keys,
            damage: Damage::of(folder, &store),
            store,
            journal: Mutex::new(journal),
            outside,
            last_sweep: LastSweep::default(),
            last_forgetting: LastForgetting::default(),
            turns: Turns::default(),
            backing_up: Mutex::default(),
        }));
        // A county is served all the same: what waits is safe where it is.
        if let Err(error) = judge_waiting(&county) {
            tracing::error!(code = error.code.code(), "what waits was not judged anew");
        }
        Ok(county)
    }

    /// Its id.
    pub fn id(&self) -> CountyId {
        self.0.id
    }

    /// Its name, as its people call it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its keys.
    pub fn keys(&self) -> &CountyKeys {
        &self.0.keys
    }

    /// Its store. What changes records goes through [`County::act`](crate::act) or a device's sync.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The alarm of what is not as it was written.
    pub(crate) fn damage(&self) -> &Damage {
        &self.0.damage
    }

    /// The time, UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.0.outside.now_ms()
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }

    pub(crate) fn outside(&self) -> &dyn Outside {
        &*self.0.outside
    }

    /// The moment of a job that is handed over now.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            ms: self.now_ms(),
            nonce: self.outside().random(),
        }
    }

    pub(crate) fn last_forgetting(&self) -> &LastForgetting {
        &self.0.last_forgetting
    }

    pub(crate) fn last_sweep(&self) -> &LastSweep {
        &self.0.last_sweep
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0.folder
    }

    pub(crate) fn backing_up(&self) -> &Mutex<()> {
        &self.0.backing_up
    }

    /// Writes into the journal; it is on the disk when this returns.
    pub(crate) fn journal(&self, entries: &[Entry]) -> Result<(), CountyError> {
        self.with_journal(|journal| journal.append(entries))
    }

    pub(crate) fn with_journal<T>(&self, work: impl FnOnce(&mut Journal) -> T) -> T {
        work(&mut self.0.journal.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// When it was last backed up, UTC milliseconds.
    pub fn backup_time(&self) -> Option<i64> {
        self.store()
            .read_blocking(|tx| tx.backups())
            .ok()?
            .last()
            .map(|backup| backup.taken_ms)
    }

    /// When it was founded, UTC milliseconds.
    pub fn founded_ms(&self) -> Option<i64> {
        let county = self.store().read_blocking(|tx| tx.county()).ok()?;
        county.map(|county| county.founded_ms)
    }

    /// Whether its store can be read.
    pub fn is_ready(&self) -> bool {
        self.store().read_blocking(|tx| tx.log_head()).is_ok()
    }
}
