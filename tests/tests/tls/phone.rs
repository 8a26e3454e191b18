//! A real replica, its wall clock off by as much as a test says.

use std::sync::Arc;

use saddlebag_records::clock::Observed;
use saddlebag_replica::surroundings::{BUILT_MS, HandClock, Surroundings, TrustedRoots};
use saddlebag_replica::{EnrolmentText, Replica, ScanFor, StoreKey, SyncError, SyncOptions};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// 20 years, in milliseconds.
pub(crate) const LONG_OFF_MS: i64 = 20 * 365 * 24 * 60 * 60 * 1000;

/// A phone in a folder of its own.
pub(crate) struct Phone {
    pub(crate) replica: Replica,
    pub(crate) clock: Arc<HandClock>,
    _folder: TempDir,
}

impl Phone {
    /// One that believes this authority, with an app built then, and a wall clock so far off.
    pub(crate) fn new(roots: TrustedRoots, built_ms: i64, off_ms: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::at(Observed {
            wall_ms: BUILT_MS + off_ms,
            mono_ms: 5_000,
            boot: 1,
            satellite_ms: None,
        }));
        let surroundings = Surroundings {
            clock: clock.clone(),
            built_ms,
            roots,
            ..Surroundings::of_this_machine()
        };
        let replica = Replica::open(folder.path(), StoreKey([7; 32]), surroundings).unwrap();
        Self {
            replica,
            clock,
            _folder: folder,
        }
    }

    /// One that goes by keys or by what the world believes.
    pub(crate) fn plain() -> Self {
        Self::new(TrustedRoots::bundled(), BUILT_MS, 0)
    }

    /// Enrols; the code where it fails.
    pub(crate) fn enrol(&self, said: &EnrolmentText) -> Result<(), &'static str> {
        let enrolled = runtime().block_on(self.replica.enrol(said, "test 1"));
        enrolled.map(drop).map_err(|error| error.code())
    }

    /// Syncs with the server that it knows; the code where it fails.
    pub(crate) fn sync(&self) -> Result<(), &'static str> {
        self.sync_with(None)
    }

    /// Syncs with the server at this address.
    pub(crate) fn sync_at(&self, address: &str) -> Result<(), &'static str> {
        self.sync_with(Some(address.to_owned()))
    }

    fn sync_with(&self, address: Option<String>) -> Result<(), &'static str> {
        let options = SyncOptions {
            address,
            tries_unanswered: 1,
            ..SyncOptions::default()
        };
        let synced: Result<_, SyncError> = runtime().block_on(self.replica.sync(options));
        synced.map(drop).map_err(|error| error.code())
    }

    /// Scans a parcel that nobody announced.
    pub(crate) fn scan(&self, waybill: &str) {
        let purpose = ScanFor::LoadingOut { place: None };
        self.replica.scan(waybill, purpose).unwrap();
    }

    /// How many facts the county has not confirmed.
    pub(crate) fn unsent(&self) -> u64 {
        self.replica.only_here().unwrap().facts
    }
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
