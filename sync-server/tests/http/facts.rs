//! Facts reach the county once, whatever happens on the way, and come down to whom they concern.

use saddlebag_protocol::{Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, field, kinds};
use saddlebag_records::id::RecordId;

use crate::support::Server;

#[test]
fn a_fact_goes_up_and_comes_down_to_a_colleague() {
    let server = Server::start();
    let station = server.station(3);
    let mut phone = server.device(server.person(11, Role::Courier, Some(station)));
    let mut office = server.device(server.person(12, Role::Dispatcher, None));
    phone.sync();
    office.sync();
    let household = RecordId([40; 16]);
    let id = phone.write(household, kinds::household::REGISTERED, Body::new());
    assert_eq!(phone.sync(), [Outcome::Admitted]);
    office.sync();
    assert_eq!(office.facts.get(&id), Some(&phone.own[0].fact));
    assert!(
        !phone.facts.contains_key(&id),
        "a device is never sent its own facts back"
    );
}

#[test]
fn a_lost_answer_costs_a_resend_and_no_duplicate() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let parcel = RecordId([40; 16]);
    phone.write(parcel, kinds::delivery::LOADED_OUT, Body::new());
    phone.write(
        parcel,
        kinds::delivery::ATTEMPTED,
        Body::new().with(field::REASON, 1u64),
    );
    let push = phone.push_from(1, &[]);
    let request = SyncRequest {
        push: Some(push),
        ..SyncRequest::default()
    };
    let first = phone.ask(&request).unwrap();
    let again = phone.ask(&request).unwrap();
    assert_eq!(first.receipts, again.receipts);
    assert_eq!(
        first.position, again.position,
        "nothing was written the second time"
    );
    let facts = server
        .county
        .store()
        .read_blocking(|tx| tx.facts(parcel))
        .unwrap();
    assert_eq!(facts.len(), 2);
}
