//! A server that knows more than the one before it takes in what waited for it.

use std::sync::Arc;

use saddlebag_protocol::{Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, FactKind, SideName, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ChangeHeader, PlanEdit, PlanView};
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::county::{Counties, County, DataFolder};
use saddlebag_sync_server::outside::{Outside, System};
use saddlebag_sync_server::store::{
    ChangeHead, FactPush, Fate, HeldId, HeldState, Moment, NewFact, NewHeldChange, NewSide, StoreError,
    WriteTx,
};

use crate::support::{Device, Server};

const HOUSEHOLD: RecordId = RecordId([41; 16]);
const PARCEL: RecordId = RecordId([40; 16]);
const NEWER_RECORD: RecordId = RecordId([42; 16]);
const NEWER: FactKind = FactKind::new(RecordKind::Delivery, 200);

fn does<T: Send + 'static>(
    server: &Server,
    job: impl FnOnce(&mut dyn WriteTx) -> Result<T, StoreError> + Send + 'static,
) -> T {
    let moment = Moment {
        ms: server.outside.now_ms(),
        nonce: [5; 8],
    };
    server.county.store().write(moment, job).wait().unwrap()
}

/// Leaves all that the phone wrote as an older server would have: one to which it was new.
fn hold_as_newer(server: &Server, phone: &mut Device) {
    let mut chain = phone.chain_below(phone.confirmed + 1);
    let mut facts = Vec::new();
    for written in &phone.own[phone.confirmed..] {
        let (fact, sides) = (&written.fact, &written.sides);
        chain = chain.then(&fact.hash());
        let sides = sides.iter().map(|side| NewSide {
            name: side.name as u8,
            ordinal: 0,
            value: side.value.clone(),
        });
        facts.push(NewFact {
            n: fact.id.n,
            record: fact.record,
            kind: fact.kind,
            hash: fact.hash(),
            running: chain.running_hash(),
            was: None,
            bytes: fact.encode(),
            sides: sides.collect(),
            fate: Fate::Held {
                state: HeldState::Waiting,
                reason: "newer_kind".into(),
            },
        });
    }
    phone.confirmed = phone.own.len();
    let push = FactPush {
        author: phone.number(),
        by: phone.number(),
        chain: chain.to_bytes(),
        facts,
    };
    does(server, move |tx| tx.append_facts(&push).map(drop));
}

/// Leaves the phone's changes so, each for its reason.
fn hold_changes(server: &Server, phone: &mut Device, reasons: [&str; 2]) {
    let by = phone.number();
    for (change, reason) in std::mem::take(&mut phone.edits).into_iter().zip(reasons) {
        let header = ChangeHeader::read(&change.bytes).unwrap();
        let held = NewHeldChange {
            record: change.record,
            head: ChangeHead {
                actor: header.actor,
                actor_seq: header.seq,
                hash: header.hash.0,
                start_op: header.start_op,
                max_op: header.max_op,
            },
            state: HeldState::Waiting,
            reason: reason.to_owned(),
            by,
            bytes: change.bytes,
        };
        assert!(does(server, move |tx| tx.hold_change(&held)));
    }
}

/// The records of what waits.
fn waiting(county: &County) -> Vec<RecordId> {
    let held = county
        .store()
        .read_blocking(|tx| tx.held_list(HeldState::Waiting, HeldId(0), 100))
        .unwrap();
    held.into_iter().map(|held| held.record).collect()
}

/// The county as the next start of the server finds it.
fn upgraded(data: &std::path::Path) -> County {
    let system: Arc<dyn Outside> = Arc::new(System);
    let counties = Counties::open(DataFolder::take(data).unwrap(), &system).unwrap();
    counties.only().unwrap()
}

fn plan(county: &County, record: RecordId) -> PlanView {
    let row = county.store().read_blocking(|tx| tx.plan(record)).unwrap();
    PlanView::from_bytes(&row.unwrap().view).unwrap()
}

#[test]
fn what_waits_is_judged_where_something_else_that_waits_is_damaged() {
    let server = Server::start();
    let station = server.station(3);
    let mut phone = server.device(server.person(11, Role::Courier, Some(station)));
    phone.write(PARCEL, NEWER, Body::new());
    assert_eq!(phone.sync(), [Outcome::Held("waiting".into())]);
    phone.write(HOUSEHOLD, kinds::household::REGISTERED, Body::new());
    hold_as_newer(&server, &mut phone);
    let folder = server.stop();
    let data = folder.path().join("data");
    let mut counties = std::fs::read_dir(data.join("counties")).unwrap();
    let file = counties.next().unwrap().unwrap().path().join("county.db");
    let conn = rusqlite::Connection::open(file).unwrap();
    let first = "UPDATE held SET sum = x'0102030405060708' WHERE id = (SELECT min(id) FROM held)";
    assert_eq!(conn.execute(first, []).unwrap(), 1);
    drop(conn);
    let county = upgraded(&data);
    assert_eq!(waiting(&county), []);
    let facts = county.store().read_blocking(|tx| tx.facts(HOUSEHOLD)).unwrap();
    assert_eq!(facts.len(), 1);
}

#[test]
fn facts_that_waited_count_and_those_still_unknown_wait_on() {
    let server = Server::start();
    let station = server.station(3);
    let mut phone = server.device(server.person(11, Role::Courier, Some(station)));
    phone.write(PARCEL, NEWER, Body::new());
    assert_eq!(phone.sync(), [Outcome::Held("waiting".into())]);
    phone.write(HOUSEHOLD, kinds::household::REGISTERED, Body::new());
    let phone_number: (SideName, &[u8]) = (SideName::Phone, b"12400000042");
    let given = phone.write_with(
        HOUSEHOLD,
        kinds::household::PHONE_GIVEN,
        Body::new(),
        &[phone_number],
    );
    // Not a courier's to write, whoever judges it: it was told to be safe, so a person decides.
    phone.write(PARCEL, kinds::delivery::ANNOUNCED, Body::new());
    hold_as_newer(&server, &mut phone);
    let data = server.folder().join("data");
    let kept = server.stop();

    let county = upgraded(&data);
    assert_eq!(waiting(&county), [PARCEL, PARCEL]);
    let head = county.store().read_blocking(|tx| {
        assert_eq!(tx.facts(HOUSEHOLD)?.len(), 2);
        assert_eq!(tx.sides(HOUSEHOLD)?[0].key.fact, given);
        assert!(!tx.grants(HOUSEHOLD)?.is_empty(), "its creator sees it");
        tx.log_head()
    });
    drop(county);
    let county = upgraded(&data);
    assert_eq!(waiting(&county), [PARCEL, PARCEL]);
    assert_eq!(county.store().read_blocking(|tx| tx.log_head()), head);
    drop((county, kept));
}

#[test]
fn changes_that_waited_for_a_field_go_into_the_plan_and_those_behind_them() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let dispatcher = server.person(12, Role::Dispatcher, None);
    let part = Part {
        record: PARCEL,
        kind: RecordKind::Delivery,
        facts: vec![Draft::new(kinds::delivery::ANNOUNCED, Body::new())],
        edits: vec![PlanEdit::set("assignee", courier)],
    };
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
    let mut phone = server.device(courier);
    phone.sync();
    phone.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::note("notes", "蓝门")]);
    phone.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 2048i64)]);
    hold_changes(&server, &mut phone, ["newer_field", "missing_dependency"]);
    let data = server.folder().join("data");
    let kept = server.stop();

    let county = upgraded(&data);
    assert_eq!(waiting(&county), []);
    let view = plan(&county, PARCEL);
    assert_eq!(
        (view.text("notes"), view.uint("order")),
        (Some("蓝门"), Some(2048))
    );
    drop((county, kept));
}

#[test]
fn a_change_of_a_record_of_a_newer_kind_waits_and_hurts_no_other() {
    const NEWER_KIND: u8 = 200;
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    // Packed as of a kind whose start it has not, so that its start is named by its hash.
    phone.edit(
        NEWER_RECORD,
        RecordKind::Delivery,
        &[PlanEdit::note("notes", "1")],
    );
    phone.edits[0].kind = RecordKind::Count;
    phone.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::note("notes", "2")]);
    let mut push = phone.push_from(1, &[]);
    let mut packed: Vec<u8> = push.changes.take().unwrap().into();
    let kind_of_the_first = 2 + 2 * 16;
    assert_eq!(packed[kind_of_the_first], RecordKind::Count as u8);
    packed[kind_of_the_first] = NEWER_KIND;
    push.changes = Some(packed.into());
    let push = Some(phone.signed(push));
    let request = SyncRequest {
        push,
        ..SyncRequest::default()
    };
    // The second time as after a lost answer.
    for _ in 0..2 {
        let receipts = phone.ask(&request).unwrap().receipts.unwrap().changes;
        let [receipt] = &receipts[..] else {
            panic!("{receipts:?}")
        };
        assert_eq!((receipt.record, receipt.from, receipt.to), (NEWER_RECORD.0, 1, 1));
        assert_eq!(receipt.outcome, Outcome::Held("waiting".into()));
        assert_eq!(waiting(&server.county), [NEWER_RECORD]);
        assert_eq!(plan(&server.county, PARCEL).text("notes"), Some("2"));
    }
}
