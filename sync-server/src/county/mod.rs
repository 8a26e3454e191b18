//! A county: its folder, its keys, its journal, its store.

mod counties;
mod create;
mod folder;
mod journal;
mod keys;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use saddlebag_records::id::CountyId;
use serde::{Deserialize, Serialize};

pub use counties::Counties;
pub use create::create_county;
pub use folder::DataFolder;
pub use journal::{Entry, Journal, TombstoneReason};
pub use keys::CountyKeys;

use crate::outside::Outside;
use crate::store::{Moment, Store, StoreError};
use crate::sweep::LastSweep;
use crate::sync::judge_waiting;

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
            Self::Of { error, .. } => error.code(),
            Self::Disk(error) => match error.kind() {
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "folder_not_writable",
                ErrorKind::StorageFull => "store_full",
                _ => "disk_failed",
            },
            Self::Store(error) => error.code(),
        }
    }
}

/// A county that is open. A handle: clones are the same county.
#[derive(Clone)]
pub struct County(Arc<Inner>);

struct Inner {
    id: CountyId,
    name: String,
    keys: CountyKeys,
    store: Store,
    journal: Mutex<Journal>,
    outside: Arc<dyn Outside>,
    last_sweep: LastSweep,
    turns: Turns,
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
struct About {
    id: CountyId,
    name: String,
}

impl County {
    /// Opens a county's folder, the data folder of which must have been taken.
    pub(crate) fn open(folder: &Path, outside: Arc<dyn Outside>) -> Result<Self, CountyError> {
        let about = std::fs::read(folder.join("county.json"))?;
        let about: About = serde_json::from_slice(&about).map_err(|_| CountyError::Damaged("county.json"))?;
        let keys = CountyKeys::open(&folder.join("keys"))?;
        let (journal, _) = Journal::open(&folder.join("journal"))?;
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
        let county = Self(Arc::new(Inner {
            id: about.id,
            name: about.name,
            keys,
            store,
            journal: Mutex::new(journal),
            outside,
            last_sweep: LastSweep::default(),
            turns: Turns::default(),
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

    pub(crate) fn last_sweep(&self) -> &LastSweep {
        &self.0.last_sweep
    }

    /// Writes into the journal; it is on the disk when this returns.
    pub(crate) fn journal(&self, entries: &[Entry]) -> Result<(), CountyError> {
        self.0
            .journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .append(entries)
    }

    /// When it was last backed up, UTC milliseconds.
    pub fn backup_time(&self) -> Option<i64> {
        self.store()
            .read_blocking(|tx| tx.backups())
            .ok()?
            .last()
            .map(|backup| backup.taken_ms)
    }

    /// Whether its store can be read.
    pub fn is_ready(&self) -> bool {
        self.store().read_blocking(|tx| tx.log_head()).is_ok()
    }
}
