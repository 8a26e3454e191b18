//! The program itself: it says where it listens, keeps what it acknowledged over a kill, and stops when told.

use std::sync::Arc;

use saddlebag_protocol::{Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_sync_server::county::{Counties, CountyError, DataFolder};
use saddlebag_sync_server::outside::{Outside, System};

use crate::support::{Running, Server};

#[test]
fn what_was_acknowledged_outlives_a_kill_and_a_stop_is_graceful() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let data = server.folder().join("data");
    let system: Arc<dyn Outside> = Arc::new(System);
    assert!(matches!(DataFolder::take(&data), Err(CountyError::Locked)));
    let kept = server.stop();

    let mut running = Running::serve(&data);
    phone.address = running.address;
    phone.write(RecordId([40; 16]), kinds::delivery::LOADED_OUT, Body::new());
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    running.signal("-KILL");
    running.child.wait().unwrap();

    let mut running = Running::serve(&data);
    phone.address = running.address;
    let push = phone.push_from(1, &[]);
    let again = phone
        .ask(&SyncRequest {
            push: Some(push),
            ..SyncRequest::default()
        })
        .unwrap();
    assert_eq!(again.receipts.unwrap().facts[0].outcome, Outcome::Admitted);
    running.signal("-TERM");
    assert!(running.child.wait().unwrap().success());

    let counties = Counties::open(DataFolder::take(&data).unwrap(), &system).unwrap();
    let county = counties.only().unwrap();
    assert_eq!(county.name(), "生成县");
    let facts = county
        .store()
        .read_blocking(|tx| tx.facts(RecordId([40; 16])))
        .unwrap();
    assert_eq!(facts.len(), 1);
    drop(kept);
}

#[test]
fn private_keys_go_outside_the_data_folder_once() {
    let server = Server::start();
    let id = server.county.id();
    let folder = server.folder();
    for purpose in ["recovery", "liaison", "backup"] {
        let text = std::fs::read_to_string(folder.join(format!("keys/{id}-{purpose}.key"))).unwrap();
        // Of the backup key's all but the key itself are remarks to `age`.
        let remark = if purpose == "backup" { "# " } else { "" };
        assert!(
            text.starts_with(&format!(
                "{remark}saddlebag {purpose} key, X25519\n{remark}county {id}\n"
            )),
            "{text}"
        );
        let secret = format!("{remark}secret ");
        let secret = text.lines().find_map(|line| line.strip_prefix(&secret)).unwrap();
        assert_eq!(text.contains("\nAGE-SECRET-KEY-1"), purpose == "backup");
        let kept =
            std::fs::read_to_string(folder.join(format!("data/counties/{id}/keys/keys.json"))).unwrap();
        assert!(!kept.contains(secret));
    }
    let inside = folder.join("data/keys");
    let system: Arc<dyn Outside> = Arc::new(System);
    let made = server.state.counties.create("x", &inside, system);
    assert!(matches!(made, Err(CountyError::KeysInside)));
    assert_eq!(server.state.counties.all().len(), 1);
}
