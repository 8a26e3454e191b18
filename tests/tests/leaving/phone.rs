//! A real replica in a folder of its own.

use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::{Leaving, Replica, ScanFor, StoreKey, SyncOptions, Synced, Wiped};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::county::County;

const KEY: StoreKey = StoreKey([7; 32]);

pub(crate) struct Phone {
    pub(crate) replica: Replica,
    pub(crate) folder: TempDir,
}

impl Phone {
    /// One that is enrolled, with a scan that the county has.
    pub(crate) fn enrolled(county: &County) -> (Self, RecordId) {
        let folder = tempfile::tempdir().unwrap();
        let replica = open(&folder);
        let phone = Self { replica, folder };
        phone.enrol(county);
        phone.sync().unwrap();
        let parcel = phone.scan("SBLEAVE0001");
        phone.sync().unwrap();
        assert_eq!(phone.unsent(), 0);
        (phone, parcel)
    }

    pub(crate) fn enrol(&self, county: &County) {
        runtime()
            .block_on(self.replica.enrol(&county.code(), "test 1"))
            .unwrap();
    }

    pub(crate) fn device(&self) -> DeviceNumber {
        self.replica.identity().unwrap().unwrap().device
    }

    /// Another handle of the same store, as a background worker has.
    pub(crate) fn another_handle(&self) -> Replica {
        open(&self.folder)
    }

    pub(crate) fn sync(&self) -> Result<Synced, &'static str> {
        self.sync_at(None)
    }

    /// Syncs with the server at this address instead.
    pub(crate) fn sync_at(&self, address: Option<String>) -> Result<Synced, &'static str> {
        let options = SyncOptions {
            address,
            tries_unanswered: 1,
            ..SyncOptions::default()
        };
        let synced = runtime().block_on(self.replica.sync(options));
        synced.map_err(|error| error.code())
    }

    pub(crate) fn scan(&self, waybill: &str) -> RecordId {
        scan(&self.replica, waybill)
    }

    pub(crate) fn unsent(&self) -> u64 {
        self.replica.only_here().unwrap().facts
    }

    /// That everything is there that was: who it is, what it holds, its files.
    pub(crate) fn is_whole(&self) -> bool {
        let there = |name: &str| self.folder.path().join(name).exists();
        self.replica.identity().unwrap().is_some()
            && self.replica.search("SBLEAVE0001", None, 9).unwrap().len() == 1
            && there("records.db")
            && Replica::wiped(self.folder.path()).unwrap().is_none()
    }

    /// That nothing is left, for this reason.
    pub(crate) fn was_wiped(&self, why: Leaving) {
        let mut left: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, ["sync.lock", "wiped.json"]);
        let wiped: Wiped = Replica::wiped(self.folder.path()).unwrap().unwrap();
        assert_eq!(wiped.why, why);
        assert!(wiped.at_ms > 0);
        assert_eq!(self.replica.only_here().unwrap_err().code(), "wiped");
        let again = self.another_handle();
        assert!(again.identity().unwrap().is_none());
        assert_eq!(again.search("SBLEAVE0001", None, 9).unwrap().len(), 0);
    }
}

pub(crate) fn scan(replica: &Replica, waybill: &str) -> RecordId {
    replica
        .scan(waybill, ScanFor::LoadingOut { place: None })
        .unwrap();
    replica.search(waybill, None, 1).unwrap()[0].record
}

fn open(folder: &TempDir) -> Replica {
    Replica::open(folder.path(), KEY, Surroundings::of_this_machine()).unwrap()
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
