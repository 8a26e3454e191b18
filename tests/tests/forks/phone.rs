//! A real replica in a folder of the county's disk, which can be copied and put back.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use saddlebag_records::fact::{Body, FactKind, field, kinds};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::sync::SyncError;
use saddlebag_replica::{
    EnrolmentText, NewFact, NewHousehold, NewTip, Replica, ScanFor, StoreKey, SyncOptions, Synced, TipOutcome,
};
use tokio::runtime::Builder;

use crate::county::County;

pub(crate) struct Phone {
    pub(crate) replica: Replica,
    folder: PathBuf,
}

impl Phone {
    /// A phone of this courier that the county knows.
    pub(crate) fn of(county: &County, courier: &str, name: &str) -> Self {
        let phone = Self::at(county.path(name));
        let code = county.admin("M01", &["code", courier]);
        let said = EnrolmentText {
            address: county.address.clone(),
            code: code["code"].as_str().unwrap().to_owned(),
            county: None,
            server_key: None,
        };
        runtime(phone.replica.enrol(&said, "test 1")).unwrap();
        phone.sync(county);
        phone
    }

    /// The phone whose store lies in this folder.
    pub(crate) fn at(folder: PathBuf) -> Self {
        let replica = Replica::open(&folder, StoreKey([7; 32]), Surroundings::of_this_machine()).unwrap();
        Self { replica, folder }
    }

    /// Copies its folder, as a backup of a phone or a second phone has it. Nothing is open meanwhile.
    pub(crate) fn copied(self, to: &str) -> (Self, PathBuf) {
        let Self { replica, folder } = self;
        drop(replica);
        let copy = folder.with_file_name(to);
        copy_folder(&folder, &copy);
        (Self::at(folder), copy)
    }

    /// Puts an older copy in its place.
    pub(crate) fn put_back(self, copy: &Path) -> Self {
        let Self { replica, folder } = self;
        drop(replica);
        std::fs::remove_dir_all(&folder).unwrap();
        copy_folder(copy, &folder);
        Self::at(folder)
    }

    /// Its person has another role for all that it knows: as a phone has it whose rules are not the county's.
    pub(crate) fn that_takes_its_person_for(self, role: &str) -> Self {
        self.after(|store| store.execute("UPDATE identity SET role = ?1", [role]))
    }

    /// A bit flipped in each of its facts about deliveries.
    pub(crate) fn whose_facts_are_damaged(self) -> Self {
        let flipped =
            "UPDATE facts SET bytes = CAST(substr(bytes, 1, 20) || x'00' || substr(bytes, 22) AS BLOB)
            WHERE record IN (SELECT record FROM records WHERE kind = 1)";
        self.after(|store| store.execute(flipped, []))
    }

    /// The same phone after this was done behind its back.
    fn after(self, act: impl FnOnce(&Connection) -> rusqlite::Result<usize>) -> Self {
        let Self { replica, folder } = self;
        drop(replica);
        let store = Connection::open(folder.join("records.db")).unwrap();
        let key = hex::encode([7; 32]);
        store
            .execute_batch(&format!("PRAGMA key = \"x'{key}'\""))
            .unwrap();
        act(&store).unwrap();
        drop(store);
        Self::at(folder)
    }

    pub(crate) fn device(&self) -> DeviceNumber {
        self.replica.identity().unwrap().unwrap().device
    }

    pub(crate) fn try_sync(&self, county: &County) -> Result<Synced, SyncError> {
        let options = SyncOptions {
            address: Some(county.address.clone()),
            ..SyncOptions::default()
        };
        runtime(self.replica.sync(options))
    }

    /// Syncs: everything goes, and nothing is refused.
    pub(crate) fn sync(&self, county: &County) {
        assert!(matches!(self.try_sync(county).unwrap(), Synced::Done(_)));
        let pending = self.replica.pending(usize::MAX).unwrap();
        assert!(pending.is_empty(), "{pending:?}");
        assert_eq!(self.replica.refused().unwrap(), []);
        assert_eq!(self.replica.only_here().unwrap().facts, 0);
    }

    pub(crate) fn load(&self, number: &str) -> RecordId {
        self.replica
            .scan(number, ScanFor::LoadingOut { place: None })
            .unwrap();
        self.find(number)
    }

    pub(crate) fn find(&self, number: &str) -> RecordId {
        self.replica.search(number, None, 10).unwrap()[0].record
    }

    pub(crate) fn tell(&self, record: RecordId, kind: FactKind, body: Body) -> FactId {
        self.replica.record(NewFact::new(record, kind, body)).unwrap()
    }

    pub(crate) fn delivered(&self, record: RecordId) -> FactId {
        self.tell(
            record,
            kinds::delivery::DELIVERED,
            Body::new().with(field::PROOF, 1u16),
        )
    }

    pub(crate) fn damaged(&self, record: RecordId) -> FactId {
        self.tell(record, kinds::delivery::DAMAGED, Body::new())
    }

    /// The addressee paid so much.
    pub(crate) fn collected(&self, record: RecordId, fen: u64) -> FactId {
        let me = self.replica.identity().unwrap().unwrap().person.id;
        let body = Body::new()
            .with(field::FROM, record)
            .with(field::TO, me)
            .with(field::FEN, fen);
        self.tell(record, kinds::delivery::CASH_COLLECTED, body)
    }

    pub(crate) fn household(&self, name: &str) -> RecordId {
        let home = NewHousehold {
            name: name.to_owned(),
            language: None,
            drop_point: None,
            phone: None,
        };
        self.replica.register_household(&home).unwrap()
    }

    pub(crate) fn report(&self, text: &str) -> RecordId {
        let tip = NewTip {
            kind: 1,
            text: Some(text.to_owned()),
            ..NewTip::default()
        };
        match self.replica.report(&tip).unwrap() {
            TipOutcome::Saved { record, .. } => record,
            outcome => panic!("{outcome:?}"),
        }
    }

    pub(crate) fn notes(&self, record: RecordId) -> String {
        let plan = self.replica.show(record).unwrap().plan;
        plan.and_then(|plan| plan.text("notes").map(str::to_owned))
            .unwrap_or_default()
    }

    /// What a record is here: its state, what does not fit together, how many facts it has.
    pub(crate) fn status(&self, record: RecordId) -> saddlebag_records::status::Status {
        self.replica.show(record).unwrap().status
    }

    pub(crate) fn owed(&self) -> i64 {
        self.replica.cash().unwrap().owed_fen
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

pub(crate) fn runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}
