//! What leaves a phone leaves nothing behind: the real server and a real replica.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::{EnrolmentText, NewFact, Replica, StoreKey, SyncOptions, Synced};
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::county::{Counties, County as Open, DataFolder};
use saddlebag_sync_server::enrol::issue_code;
use saddlebag_sync_server::forgetting;
use saddlebag_sync_server::http::{Patience, ServerState, serve};
use saddlebag_sync_server::outside::system_or_shifted;
use saddlebag_sync_server::people::{self, By, Colleague};
use saddlebag_sync_server::store::{Moment, StoreError};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

const ADMIN: PersonId = PersonId([1; 16]);
const DISPATCHER: PersonId = PersonId([2; 16]);
const COURIER: PersonId = PersonId([11; 16]);
const HOUSEHOLD: RecordId = RecordId([0x81; 16]);
const CAMP: RecordId = RecordId([0x91; 16]);
const PARCEL: RecordId = RecordId([0xa1; 16]);

// Words of their own, so that no index has one of them in part under another.
const NAME: &str = "Zqxjkvwy ωμεγαλεξανδρα";
const WORD: &str = "ωμεγαλεξανδρα";
const PHONE: &str = "12400009901";
const LANDMARK: &str = "hinterdemweissenpferd";
const NOTE: &str = "klopfenundwarten";

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

struct County {
    open: Open,
    address: String,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for County {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

impl County {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = system_or_shifted(Some(folder.path().join("offset")));
        let data = DataFolder::take(&folder.path().join("data")).unwrap();
        let counties = Counties::open(data, &outside).unwrap();
        let open = counties
            .create("生成县", &folder.path().join("keys"), outside)
            .unwrap();
        let joins = |by, person, role| {
            let colleague = Colleague {
                name: "同事".into(),
                role,
                station: None,
                mentor: None,
                phone: None,
            };
            people::join(&open, by, person, colleague).unwrap();
        };
        joins(By::Founding, ADMIN, Role::Admin);
        joins(By::Admin(ADMIN), DISPATCHER, Role::Dispatcher);
        joins(By::Admin(ADMIN), COURIER, Role::Courier);
        let state = Arc::new(ServerState::new(counties, Patience::default()));
        let ((stop, stopped), (bound, told)) = (oneshot::channel::<()>(), std::sync::mpsc::channel());
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, state, async { drop(stopped.await) }).await;
            });
        });
        Self {
            open,
            address: format!("http://{}", told.recv().unwrap()),
            folder,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// A parcel for a household with a camp, on its way with the courier.
    fn give_a_parcel(&self) {
        let part = |record, kind, facts, edits| Part {
            record,
            kind,
            facts,
            edits,
        };
        let given = Draft {
            sides: vec![(SideName::Phone, PHONE.as_bytes().to_vec())],
            ..Draft::new(kinds::household::PHONE_GIVEN, Body::new())
        };
        let announced = Draft::new(kinds::delivery::ANNOUNCED, Body::new());
        let parts = vec![
            part(
                HOUSEHOLD,
                RecordKind::Household,
                vec![given],
                vec![PlanEdit::set("name", NAME)],
            ),
            part(
                CAMP,
                RecordKind::Camp,
                Vec::new(),
                vec![
                    PlanEdit::set("household", HOUSEHOLD),
                    PlanEdit::set("landmark", LANDMARK),
                ],
            ),
            part(
                PARCEL,
                RecordKind::Delivery,
                vec![announced],
                vec![
                    PlanEdit::set("waybill", "SBFORGET0001"),
                    PlanEdit::set("household", HOUSEHOLD),
                    PlanEdit::set("assignee", COURIER),
                ],
            ),
        ];
        self.open.act(DISPATCHER, Act { parts }).unwrap();
    }

    /// A backup that covers all that is there now.
    fn back_up(&self) {
        let moment = Moment {
            ms: self.open.now_ms(),
            nonce: [1; 8],
        };
        let noted = self.open.store().write(moment, |tx| {
            let head = tx.log_head()?;
            tx.note_backup(head)?;
            Ok::<_, StoreError>(())
        });
        noted.wait().unwrap();
    }

    /// Lets so many days pass at the county.
    fn days_pass(&self, days: i64) {
        let ms = days * 86_400_000;
        std::fs::write(self.folder.path().join("new"), ms.to_string()).unwrap();
        std::fs::rename(self.folder.path().join("new"), self.folder.path().join("offset")).unwrap();
    }
}

struct Phone {
    replica: Replica,
    folder: TempDir,
}

impl Phone {
    fn enrolled(county: &County) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let surroundings = Surroundings::of_this_machine();
        let replica = Replica::open(folder.path(), StoreKey([7; 32]), surroundings).unwrap();
        let said = EnrolmentText {
            address: county.address.clone(),
            code: issue_code(&county.open, COURIER).unwrap().to_string(),
            county: None,
            server_key: None,
        };
        runtime().block_on(replica.enrol(&said, "test 1")).unwrap();
        let phone = Self { replica, folder };
        phone.sync();
        phone
    }

    fn sync(&self) {
        let synced = runtime().block_on(self.replica.sync(SyncOptions::default()));
        assert!(matches!(synced.unwrap(), Synced::Done(_)));
    }

    fn deliver(&self) {
        let body = Body::new().with(field::PROOF, 1u16).with(field::NOTE, NOTE);
        let delivered = NewFact::new(PARCEL, kinds::delivery::DELIVERED, body);
        self.replica.record(delivered).unwrap();
    }

    /// Its databases, as far as there are any.
    fn databases(&self) -> impl Iterator<Item = PathBuf> {
        let files = ["records.db", "photos.db"].map(|file| self.folder.path().join(file));
        files.into_iter().filter(|file| file.exists())
    }

    /// That its write-ahead logs, which keep pages as they were, are empty.
    fn has_empty_logs(&self) -> bool {
        let mut logs = self.databases().map(|file| file.with_extension("db-wal"));
        logs.all(|log| log.metadata().map_or(0, |log| log.len()) == 0)
    }

    /// Every page of its databases, decrypted: those in use with what lies between their rows, and free ones.
    fn pages(&self) -> Vec<u8> {
        let mut pages = Vec::new();
        for file in self.databases() {
            let mut connection = Connection::open(file).unwrap();
            let key = format!("PRAGMA key = \"x'{}'\"", "07".repeat(32));
            connection.execute_batch(&key).unwrap();
            pages.extend_from_slice(&connection.serialize("main").unwrap());
        }
        pages
    }
}

fn stands_in(pages: &[u8], canary: &str) -> bool {
    pages.windows(canary.len()).any(|part| part == canary.as_bytes())
}

const CANARIES: [&str; 5] = [NAME, WORD, PHONE, LANDMARK, NOTE];

#[test]
fn nothing_of_what_left_a_phone_is_in_any_page_of_its_store() {
    let county = County::start();
    county.give_a_parcel();
    let phone = Phone::enrolled(&county);
    assert_eq!(phone.replica.search(WORD, None, 9).unwrap().len(), 3);
    for canary in [NAME, WORD, PHONE, LANDMARK] {
        assert!(stands_in(&phone.pages(), canary), "{canary} was planted");
    }
    phone.deliver();
    phone.sync();
    assert!(stands_in(&phone.pages(), NOTE), "{NOTE} was planted");

    county.back_up();
    county.days_pass(31);
    phone.sync();
    assert!(phone.replica.search(WORD, None, 9).unwrap().is_empty());
    assert!(phone.replica.search("SBFORGET0001", None, 9).unwrap().is_empty());
    assert!(phone.has_empty_logs());
    let after = phone.pages();
    for canary in CANARIES {
        assert!(!stands_in(&after, canary), "{canary}");
    }
}

#[test]
fn a_household_that_asks_on_a_phone_is_forgotten_there_too() {
    let county = County::start();
    county.give_a_parcel();
    let phone = Phone::enrolled(&county);
    phone.deliver();
    let asked = kinds::household::ASKED_TO_BE_FORGOTTEN;
    phone
        .replica
        .record(NewFact::new(HOUSEHOLD, asked, Body::new()))
        .unwrap();
    phone.sync();
    forgetting::run(&county.open).unwrap();
    phone.sync();
    assert!(phone.replica.search(WORD, None, 9).unwrap().is_empty());
    assert_eq!(phone.replica.search("SBFORGET0001", None, 9).unwrap().len(), 1);
    assert!(phone.has_empty_logs());
    let after = phone.pages();
    for canary in [NAME, WORD, PHONE, LANDMARK] {
        assert!(!stands_in(&after, canary), "{canary}");
    }
}
