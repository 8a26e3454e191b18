//! The real server over its own library, with a courier and a hand on its store.

use std::sync::Arc;
use std::thread::JoinHandle;

use ed25519_dalek::SigningKey;
use saddlebag_records::access::Role;
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{DeviceNumber, PersonId, RecordId};
use saddlebag_replica::EnrolmentText;
use saddlebag_sync_server::admin::devices;
use saddlebag_sync_server::county::{Counties, County as Open, DataFolder};
use saddlebag_sync_server::enrol::issue_code;
use saddlebag_sync_server::http::{Patience, ServerState, serve};
use saddlebag_sync_server::outside::system_or_shifted;
use saddlebag_sync_server::people::{self, By, Colleague};
use saddlebag_sync_server::store::{Moment, StoreError};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::phone::runtime;

const ADMIN: PersonId = PersonId([1; 16]);
const COURIER: PersonId = PersonId([11; 16]);

pub(crate) struct County {
    pub(crate) open: Open,
    pub(crate) address: String,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl County {
    /// A county with an admin and a courier.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outside = system_or_shifted(Some(folder.path().join("offset")));
        let data = DataFolder::take(&folder.path().join("data")).unwrap();
        let counties = Counties::open(data, &outside).unwrap();
        let open = counties
            .create("生成县", &folder.path().join("keys"), outside)
            .unwrap();
        let joins = |by, person, name: &str, role| {
            let colleague = Colleague {
                name: name.into(),
                role,
                station: None,
                mentor: None,
                phone: None,
            };
            people::join(&open, by, person, colleague).unwrap();
        };
        joins(By::Founding, ADMIN, "管理", Role::Admin);
        joins(By::Admin(ADMIN), COURIER, "同事", Role::Courier);
        let state = Arc::new(ServerState::new(counties, Patience::default()));
        let ((stop, stopped), (bound, told)) = (oneshot::channel::<()>(), std::sync::mpsc::channel());
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async { drop(stopped.await) };
                serve(listener, state, stopped).await;
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

    /// With what a phone of the courier enrols.
    pub(crate) fn code(&self) -> EnrolmentText {
        EnrolmentText {
            address: self.address.clone(),
            code: issue_code(&self.open, COURIER).unwrap().to_string(),
            county: None,
            server_key: None,
        }
    }

    /// A backup that covers all that is there now.
    pub(crate) fn back_up(&self) {
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

    /// Something happens at the county.
    pub(crate) fn goes_on(&self, number: u8) {
        let colleague = Colleague {
            name: "另一同事".into(),
            role: Role::Courier,
            station: None,
            mentor: None,
            phone: None,
        };
        people::join(&self.open, By::Admin(ADMIN), PersonId([number; 16]), colleague).unwrap();
    }

    pub(crate) fn facts(&self, record: RecordId) -> Vec<Fact> {
        let rows = self.open.store().read_blocking(|tx| tx.facts(record)).unwrap();
        rows.iter().map(|row| Fact::decode(&row.bytes).unwrap()).collect()
    }

    /// What `devices list` says of its state.
    pub(crate) fn state_of(&self, device: DeviceNumber) -> &'static str {
        let listed = devices::list(&self.open).unwrap();
        listed
            .iter()
            .find(|listed| listed.device == device)
            .unwrap()
            .state
    }

    pub(crate) fn epoch(&self) -> [u8; 8] {
        let epoch = self.open.store().read_blocking(|tx| tx.epoch()).unwrap();
        epoch.unwrap().name
    }

    /// The key with which the county signs.
    pub(crate) fn signing_key(&self) -> SigningKey {
        let folder = self
            .folder
            .path()
            .join("data/counties")
            .join(self.open.id().to_string());
        let text = std::fs::read_to_string(folder.join("keys/keys.json")).unwrap();
        let keys: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut secret = [0; 32];
        hex::decode_to_slice(keys["signing"]["secret"].as_str().unwrap(), &mut secret).unwrap();
        SigningKey::from_bytes(&secret)
    }

    /// Lets its time go on.
    pub(crate) fn ahead_by(&self, ms: i64) {
        std::fs::write(self.folder.path().join("new"), ms.to_string()).unwrap();
        std::fs::rename(self.folder.path().join("new"), self.folder.path().join("offset")).unwrap();
    }
}

impl Drop for County {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
