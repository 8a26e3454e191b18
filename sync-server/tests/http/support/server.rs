use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use saddlebag_protocol::{EnrolAnswer, EnrolRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::county::{Counties, County, DataFolder};
use saddlebag_sync_server::enrol::issue_code;
use saddlebag_sync_server::http::{Patience, ServerState, serve};
use saddlebag_sync_server::outside::Outside;
use saddlebag_sync_server::people::{self, By, Colleague};
use saddlebag_sync_server::store::{DeviceState, Moment, StoreError, WriteTx};
use tokio::sync::oneshot;

use super::{Device, Reply, send};

/// Time that stands still until it is moved, and bytes that follow from a seed.
pub(crate) struct Outsider {
    now_ms: AtomicI64,
    random: Mutex<blake3::OutputReader>,
}

impl Outsider {
    pub(crate) fn new(seed: u64) -> Self {
        let random = blake3::Hasher::new().update(&seed.to_be_bytes()).finalize_xof();
        Self {
            now_ms: AtomicI64::new(1_790_000_000_000),
            random: Mutex::new(random),
        }
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Outside for Outsider {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.random.lock().unwrap().fill(bytes);
    }
}

/// A server with one county and its admin, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) county: County,
    pub(crate) outside: Arc<Outsider>,
    pub(crate) admin: PersonId,
    pub(crate) state: Arc<ServerState>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    folder: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(Patience::default())
    }

    pub(crate) fn start_with(patience: Patience) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = Arc::new(Outsider::new(7));
        let system: Arc<dyn Outside> = outside.clone();
        let data = DataFolder::take(&folder.path().join("data")).unwrap();
        let counties = Counties::open(data, &system).unwrap();
        let county = counties
            .create("生成县", &folder.path().join("keys"), system)
            .unwrap();
        let admin = PersonId([1; 16]);
        let first = Colleague {
            name: "管理".into(),
            role: Role::Admin,
            station: None,
            mentor: None,
            phone: None,
        };
        people::join(&county, By::Founding, admin, first).unwrap();
        let state = Arc::new(ServerState::new(counties, patience));
        let (address, stop, thread) = run(Arc::clone(&state));
        Self {
            address,
            county,
            outside,
            admin,
            state,
            stop: Some(stop),
            thread: Some(thread),
            folder,
        }
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A new person; the id is made of the number.
    pub(crate) fn person(&self, number: u8, role: Role, station: Option<RecordId>) -> PersonId {
        let id = PersonId([number; 16]);
        let colleague = Colleague {
            name: format!("同事{number}"),
            role,
            station,
            mentor: None,
            phone: Some(format!("1990000{number:04}")),
        };
        people::join(&self.county, By::Admin(self.admin), id, colleague).unwrap();
        id
    }

    /// A new station.
    pub(crate) fn station(&self, number: u8) -> RecordId {
        let id = RecordId([number; 16]);
        let kind = i64::from(saddlebag_records::codes::place_kind::STATION);
        let part = Part {
            record: id,
            kind: RecordKind::Place,
            facts: vec![Draft::new(kinds::place::OPENED, Body::new())],
            edits: vec![PlanEdit::set("kind", PlanValue::Integer(kind))],
        };
        self.county.act(self.admin, Act { parts: vec![part] }).unwrap();
        id
    }

    pub(crate) fn set_state(&self, device: DeviceNumber, state: DeviceState) {
        let moment = Moment {
            ms: self.outside.now_ms(),
            nonce: [5; 8],
        };
        let job = move |tx: &mut dyn WriteTx| tx.set_device_state(device, state);
        self.county
            .store()
            .write::<_, StoreError>(moment, job)
            .wait()
            .unwrap();
    }

    /// A device of this person, enrolled over HTTP.
    pub(crate) fn device(&self, person: PersonId) -> Device {
        let code = issue_code(&self.county, person).unwrap();
        Device::enrol(self, code.to_string())
    }

    pub(crate) fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, Reply> {
        enrol(self.address, request)
    }
}

/// Enrols at a server.
fn enrol(address: SocketAddr, request: &EnrolRequest) -> Result<EnrolAnswer, Reply> {
    let mut body = Vec::new();
    minicbor::encode(request, &mut body).unwrap();
    let cbor = [("Content-Type", "application/cbor")];
    let reply = send(address, "POST", "/v1/enrol", &cbor, &body);
    if reply.status == 200 {
        Ok(reply.message())
    } else {
        Err(reply)
    }
}

fn run(state: Arc<ServerState>) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel::<()>();
    let (bound, told) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            bound.send(listener.local_addr().unwrap()).unwrap();
            let stopped = async {
                let _ = stopped.await;
            };
            serve(listener, state, stopped).await;
        });
    });
    (told.recv().unwrap(), stop, thread)
}

impl Server {
    /// Stops serving and lets the data folder go, which stays until what this gives is dropped.
    pub(crate) fn stop(mut self) -> tempfile::TempDir {
        self.halt();
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }

    fn halt(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.halt();
    }
}
