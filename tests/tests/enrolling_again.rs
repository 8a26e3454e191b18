//! A phone that enrols again, was damaged, or was reported lost, with work that it has not sent: through the real
//! server's HTTP.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use saddlebag_records::access::Role;
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::plan::PlanView;
use saddlebag_replica::surroundings::Surroundings;
use saddlebag_replica::{
    EnrolmentText, NewTip, Replica, Salvaged, ScanFor, State, StoreKey, SyncOptions, Synced, TipOutcome,
    Whereabouts,
};
use saddlebag_sync_server::admin::{devices, held};
use saddlebag_sync_server::county::{Counties, County, DataFolder};
use saddlebag_sync_server::enrol::issue_code;
use saddlebag_sync_server::http::{Patience, ServerState, serve};
use saddlebag_sync_server::outside::system_or_shifted;
use saddlebag_sync_server::people::{self, By, Colleague};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

const COURIER: PersonId = PersonId([11; 16]);
const WAYBILL: &str = "SBREENR001";

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

struct Server {
    county: County,
    address: String,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A county with an admin and a courier.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = system_or_shifted(None);
        let data = DataFolder::take(&folder.path().join("data")).unwrap();
        let counties = Counties::open(data, &outside).unwrap();
        let county = counties
            .create("生成县", &folder.path().join("keys"), outside)
            .unwrap();
        let admin = PersonId([1; 16]);
        people::join(&county, By::Founding, admin, colleague("管理", Role::Admin)).unwrap();
        people::join(
            &county,
            By::Admin(admin),
            COURIER,
            colleague("同事", Role::Courier),
        )
        .unwrap();
        let state = Arc::new(ServerState::new(counties, Patience::default()));
        let (stop, stopped) = oneshot::channel::<()>();
        let (bound, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                serve(listener, state, stopped).await;
            });
        });
        Self {
            county,
            address: format!("http://{}", told.recv().unwrap()),
            folder,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn facts(&self, record: RecordId) -> Vec<Fact> {
        let rows = self.county.store().read_blocking(|tx| tx.facts(record)).unwrap();
        rows.iter().map(|row| Fact::decode(&row.bytes).unwrap()).collect()
    }

    fn waybill(&self, record: RecordId) -> Option<String> {
        let plan = self.county.store().read_blocking(|tx| tx.plan(record)).unwrap()?;
        let view = PlanView::from_bytes(&plan.view).unwrap();
        view.text("waybill").map(str::to_owned)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn colleague(name: &str, role: Role) -> Colleague {
    Colleague {
        name: name.into(),
        role,
        station: None,
        mentor: None,
        phone: None,
    }
}

fn open(folder: &Path) -> Replica {
    Replica::open(folder, StoreKey([7; 32]), Surroundings::of_this_machine()).unwrap()
}

fn enrol(server: &Server, phone: &Replica) -> DeviceNumber {
    let said = EnrolmentText {
        address: server.address.clone(),
        code: issue_code(&server.county, COURIER).unwrap().to_string(),
        county: None,
        server_key: None,
    };
    runtime().block_on(phone.enrol(&said, "test 1")).unwrap();
    phone.identity().unwrap().unwrap().device
}

fn sync(phone: &Replica) {
    let synced = runtime().block_on(phone.sync(SyncOptions::default())).unwrap();
    assert!(matches!(synced, Synced::Done(_)));
    assert!(phone.pending(usize::MAX).unwrap().is_empty());
}

fn tip(phone: &Replica) -> RecordId {
    let tip = NewTip {
        kind: 1,
        text: Some("bridge gone".to_owned()),
        ..NewTip::default()
    };
    match phone.report(&tip).unwrap() {
        TipOutcome::Saved { record, numbered } => {
            assert!(numbered);
            record
        }
        other => panic!("{other:?}"),
    }
}

/// An enrolled phone with a scan and a tip that the county does not have.
struct Unsent {
    server: Server,
    phone: Replica,
    device: DeviceNumber,
    parcel: RecordId,
    tip: RecordId,
}

fn unsent() -> Unsent {
    let server = Server::start();
    let phone = open(&server.folder.path().join("phone"));
    let device = enrol(&server, &phone);
    sync(&phone);
    phone.scan(WAYBILL, ScanFor::LoadingOut { place: None }).unwrap();
    let parcel = phone.unsent().unwrap()[0].record;
    let tip = tip(&phone);
    Unsent {
        server,
        phone,
        device,
        parcel,
        tip,
    }
}

/// The county has everything, once, and the phone knows it.
fn all_came(
    Unsent {
        server,
        phone,
        parcel,
        tip,
        ..
    }: &Unsent,
) {
    assert_eq!(phone.refused().unwrap(), []);
    let sent = server.facts(*tip);
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].id.device.is_one_time());
    assert_eq!(server.facts(*parcel).len(), 1);
    assert_eq!(server.waybill(*parcel).as_deref(), Some(WAYBILL));
    for record in [*parcel, *tip] {
        assert_eq!(phone.show(record).unwrap().whereabouts, Whereabouts::County);
    }
    assert_eq!(phone.search(WAYBILL, None, 10).unwrap().len(), 1);

    // Its reporter goes on with the tip.
    phone.reopen_tip(*tip, Some("still gone")).unwrap();
    sync(phone);
    assert_eq!(server.facts(*tip).len(), 2);
    assert_eq!(phone.refused().unwrap(), []);
}

#[test]
fn what_is_unsent_arrives_after_enrolling_again() {
    let unsent = unsent();
    assert_ne!(enrol(&unsent.server, &unsent.phone), unsent.device);
    sync(&unsent.phone);
    all_came(&unsent);
}

/// Destroys the pages of this table on the phone's disk, and saves what is left.
fn salvaged_without(unsent: Unsent, table: &str) -> (Unsent, Salvaged) {
    let Unsent {
        server,
        phone,
        device,
        parcel,
        tip,
    } = unsent;
    let folder = phone.dir().to_owned();
    drop(phone);
    let file = folder.join("records.db");
    let pages: Vec<usize> = {
        let raw = rusqlite::Connection::open(&file).unwrap();
        let key = "07".repeat(32);
        raw.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).unwrap();
        let mut pages = raw.prepare("SELECT pageno FROM dbstat WHERE name = ?1").unwrap();
        let pages = pages.query_map([table], |row| row.get::<_, i64>(0)).unwrap();
        pages
            .map(|page| usize::try_from(page.unwrap()).unwrap())
            .collect()
    };
    let mut bytes = std::fs::read(&file).unwrap();
    for page in pages {
        bytes[(page - 1) * 4_096..][..4_096].fill(0x5a);
    }
    std::fs::write(&file, bytes).unwrap();
    let saved = Replica::salvage(&folder, &StoreKey([7; 32]), &Surroundings::of_this_machine()).unwrap();
    let phone = open(&folder);
    let unsent = Unsent {
        server,
        phone,
        device,
        parcel,
        tip,
    };
    (unsent, saved)
}

#[test]
fn what_was_saved_of_a_phone_that_does_not_know_who_it_is_arrives_after_enrolling_again() {
    let (unsent, saved) = salvaged_without(unsent(), "identity");
    assert_eq!((saved.facts, saved.facts_lost, saved.is_enrolled), (2, 0, false));
    assert_eq!(unsent.phone.identity().unwrap(), None);
    assert_ne!(enrol(&unsent.server, &unsent.phone), unsent.device);
    sync(&unsent.phone);
    all_came(&unsent);
}

#[test]
fn what_was_saved_of_a_damaged_phone_arrives_and_what_the_county_has_comes_again() {
    for table in [
        "records",
        "plans",
        "side_values",
        "authors",
        "exchange",
        "checkpoints",
        "search_data",
    ] {
        let before = unsent();
        let colleagues = before.phone.colleagues().unwrap();
        let (unsent, saved) = salvaged_without(before, table);
        assert_eq!(
            (saved.facts, saved.facts_lost, saved.is_enrolled),
            (2, 0, true),
            "{table}"
        );
        sync(&unsent.phone);
        all_came(&unsent);
        assert_eq!(unsent.phone.colleagues().unwrap(), colleagues, "{table}");
    }
}

#[test]
fn what_had_arrived_before_arrives_once() {
    let mut unsent = unsent();
    // The store as it is where the answer was lost.
    let before = unsent.server.folder.path().join("before");
    std::fs::create_dir(&before).unwrap();
    for file in std::fs::read_dir(unsent.server.folder.path().join("phone")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), before.join(file.file_name())).unwrap();
    }
    sync(&unsent.phone);
    unsent.phone = open(&before);
    enrol(&unsent.server, &unsent.phone);
    sync(&unsent.phone);
    all_came(&unsent);
}

#[test]
fn what_a_revoked_device_left_unsent_arrives_under_other_numbers() {
    let unsent = unsent();
    devices::revoke(&unsent.server.county, unsent.device).unwrap();
    let was = unsent.phone.pending(usize::MAX).unwrap().facts;
    let was = was.iter().find(|fact| fact.record == unsent.tip).unwrap();
    enrol(&unsent.server, &unsent.phone);
    sync(&unsent.phone);
    all_came(&unsent);
    let first = &unsent.server.facts(unsent.tip)[0];
    assert_ne!(first.id.device, was.id.device);
    assert_eq!(
        first.was.map(|was| (was.id, was.hash)),
        Some((was.id, was.hash()))
    );
}

#[test]
fn a_tip_of_a_lost_phone_is_kept_apart_and_tells_nobody_whose_it_is() {
    let unsent = unsent();
    let Unsent {
        server,
        phone,
        device,
        tip,
        ..
    } = &unsent;
    devices::lost(&server.county, *device).unwrap();
    sync(phone);
    assert_eq!(server.facts(*tip), []);
    let page = phone.show(*tip).unwrap();
    assert_eq!(
        (page.facts[0].state, page.whereabouts),
        (State::Held, Whereabouts::County)
    );
    let held = held::list(&server.county, Some("quarantined"), 0, 100).unwrap();
    assert_eq!(held.len(), 3, "the scan, its plan, the tip: {held:?}");
    let of_tip = held.iter().find(|item| item.record == *tip).unwrap();
    assert_eq!(of_tip.reason, "kept_apart");
    assert!(of_tip.device.is_one_time());

    // It is found, and enrolled again.
    enrol(server, phone);
    phone.reopen_tip(*tip, None).unwrap();
    sync(phone);
}
