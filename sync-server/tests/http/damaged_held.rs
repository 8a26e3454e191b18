//! A held item or a plan that is damaged keeps its own record waiting, and nothing else.

use std::path::Path;
use std::sync::Arc;

use saddlebag_protocol::{Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, FactKind, kinds};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::county::{Counties, DataFolder};
use saddlebag_sync_server::forgetting;
use saddlebag_sync_server::outside::Outside;
use saddlebag_sync_server::store::{ChangeHead, HeldId, HeldState, Moment, NewHeldChange, StoreError};
use saddlebag_sync_server::sync::sync;

use crate::support::{Outsider, Server};

const HELD: RecordId = RecordId([40; 16]);
const PLAN: RecordId = RecordId([41; 16]);
const SOUND: RecordId = RecordId([42; 16]);
const NEWER: FactKind = FactKind::new(RecordKind::Delivery, 200);
const DAY_MS: i64 = 86_400_000;

fn opened(data: &Path, outside: &Arc<Outsider>) -> Counties {
    let outside: Arc<dyn Outside> = outside.clone();
    Counties::open(DataFolder::take(data).unwrap(), &outside).unwrap()
}

fn damage(data: &Path, sql: &str) {
    let mut counties = std::fs::read_dir(data.join("counties")).unwrap();
    let file = counties.next().unwrap().unwrap().path().join("county.db");
    let conn = rusqlite::Connection::open(file).unwrap();
    assert_eq!(conn.execute(sql, []).unwrap(), 1);
}

#[test]
fn changes_of_a_record_with_a_damaged_plan_or_held_item_wait_and_no_other() {
    let server = Server::start();
    let dispatcher = server.person(10, Role::Dispatcher, None);
    let courier = server.person(11, Role::Courier, Some(server.station(3)));
    for record in [HELD, PLAN, SOUND] {
        let part = Part {
            record,
            kind: RecordKind::Delivery,
            facts: vec![Draft::new(kinds::delivery::ANNOUNCED, Body::new())],
            edits: vec![PlanEdit::set("assignee", PlanValue::Person(courier))],
        };
        server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
    }
    let mut phone = server.device(courier);
    phone.write(HELD, NEWER, Body::new());
    assert_eq!(phone.sync(), [Outcome::Held("waiting".into())]);
    let folder = server.stop();
    let data = folder.path().join("data");
    damage(&data, "UPDATE held SET sum = x'0102030405060708'");
    damage(
        &data,
        &format!(
            "UPDATE record_plan SET snapshot = x'00' WHERE record = x'{}'",
            "29".repeat(16)
        ),
    );

    let counties = opened(&data, &Arc::new(Outsider::new(8)));
    for record in [HELD, PLAN, SOUND] {
        phone.edit(
            record,
            RecordKind::Delivery,
            &[PlanEdit::set("order", PlanValue::Integer(7))],
        );
    }
    phone.write(SOUND, kinds::delivery::LOADED_OUT, Body::new());
    let request = SyncRequest {
        cursor: phone.cursor,
        push: Some(phone.push_from(2, &[])),
        ..SyncRequest::default()
    };
    let answer = sync(&counties.only().unwrap(), &phone.enrolled.token, request).unwrap();
    let receipts = answer.receipts.unwrap();
    let facts: Vec<_> = receipts.facts.iter().map(|receipt| &receipt.outcome).collect();
    assert_eq!(facts, [&Outcome::Admitted]);
    let changes = receipts.changes.iter();
    let changes: Vec<_> = changes
        .map(|receipt| (receipt.record, &receipt.outcome))
        .collect();
    assert_eq!(changes, [(HELD.0, &Outcome::Later), (PLAN.0, &Outcome::Later)]);
    let county = counties.only().unwrap();
    let sound = county.store().read_blocking(|tx| tx.changes(SOUND)).unwrap();
    assert_eq!(sound.len(), 2);
}

#[test]
fn what_is_over_goes_where_something_else_that_is_held_is_damaged() {
    let server = Server::start();
    let by = server.device(server.person(11, Role::Courier, None)).number();
    for record in [HELD, SOUND] {
        let held = NewHeldChange {
            record,
            head: ChangeHead {
                actor: ActorId([1; 16]),
                actor_seq: 1,
                hash: [1; 32],
                start_op: 1,
                max_op: 1,
            },
            state: HeldState::Late,
            reason: "late".to_owned(),
            by,
            bytes: vec![1],
        };
        let moment = Moment {
            ms: server.outside.now_ms(),
            nonce: [5; 8],
        };
        let hold = server
            .county
            .store()
            .write(moment, move |tx| tx.hold_change(&held));
        assert_eq!(hold.wait(), Ok::<_, StoreError>(true));
    }
    let folder = server.stop();
    let data = folder.path().join("data");
    let first = "UPDATE held SET sum = x'0102030405060708' WHERE id = (SELECT min(id) FROM held)";
    damage(&data, first);

    let outside = Arc::new(Outsider::new(8));
    let counties = opened(&data, &outside);
    let county = counties.only().unwrap();
    let late = || {
        let one = county
            .store()
            .read_blocking(|tx| tx.held_list(HeldState::Late, HeldId(0), 1));
        one.unwrap()
            .into_iter()
            .map(|held| held.record)
            .collect::<Vec<_>>()
    };
    assert_eq!(late(), [SOUND], "a page of them has what is sound");
    outside.pass(200 * DAY_MS);
    assert_eq!(forgetting::run(&county).unwrap().held, 1);
    assert_eq!(late(), []);
}
