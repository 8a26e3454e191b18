//! Plans merge at the county, and a change that is no longer somebody's to make is told apart from a bad one.

use saddlebag_protocol::Outcome;
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_sync_server::act::{Act, Draft, Part};

use crate::support::Server;

const PARCEL: RecordId = RecordId([40; 16]);

/// A parcel that the dispatcher announces for this courier.
fn announce(server: &Server, dispatcher: PersonId, assignee: PersonId) {
    let part = Part {
        record: PARCEL,
        kind: RecordKind::Delivery,
        facts: vec![Draft::new(kinds::delivery::ANNOUNCED, Body::new())],
        edits: vec![
            PlanEdit::set("assignee", assignee),
            PlanEdit::set("name", "生成的收件人"),
        ],
    };
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
}

fn assign(server: &Server, dispatcher: PersonId, assignee: PersonId) {
    let edits = vec![PlanEdit::set("assignee", assignee)];
    let part = Part {
        record: PARCEL,
        kind: RecordKind::Delivery,
        facts: vec![],
        edits,
    };
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
}

#[test]
fn notes_written_apart_come_together_everywhere() {
    let server = Server::start();
    let station = server.station(3);
    let courier = server.person(11, Role::Courier, Some(station));
    let dispatcher = server.person(12, Role::Dispatcher, None);
    announce(&server, dispatcher, courier);
    let mut phone = server.device(courier);
    let mut office = server.device(dispatcher);
    phone.sync();
    office.sync();
    assert_eq!(phone.view(PARCEL).text("name"), Some("生成的收件人"));
    phone.edit(
        PARCEL,
        RecordKind::Delivery,
        &[PlanEdit::note("notes", "门口有狗")],
    );
    office.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 1024i64)]);
    phone.sync();
    office.sync();
    phone.sync();
    for device in [&phone, &office] {
        assert_eq!(device.view(PARCEL).text("notes"), Some("门口有狗"));
        assert_eq!(device.view(PARCEL).int("order"), Some(1024));
        assert_eq!(device.refused_edits, []);
    }
    let plan = server
        .county
        .store()
        .read_blocking(|tx| tx.plan(PARCEL))
        .unwrap()
        .unwrap();
    assert_eq!(plan.view, phone.view(PARCEL).to_bytes());
}

#[test]
fn an_edit_of_what_was_reassigned_meanwhile_is_superseded() {
    let server = Server::start();
    let station = server.station(3);
    let [first, second] = [11, 13].map(|n| server.person(n, Role::Courier, Some(station)));
    let dispatcher = server.person(12, Role::Dispatcher, None);
    announce(&server, dispatcher, first);
    let mut phone = server.device(first);
    phone.sync();
    let one = phone.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 2048i64)]);
    phone.edit(
        PARCEL,
        RecordKind::Delivery,
        &[PlanEdit::note("notes", "hung on it")],
    );
    assign(&server, dispatcher, second);
    phone.sync();
    // The second one alone may have been theirs; it hangs on the first.
    let [receipt] = &phone.refused_edits[..] else {
        panic!("{:?}", phone.refused_edits)
    };
    assert_eq!((receipt.actor, receipt.from, receipt.to), (one.actor.0, 1, 2));
    assert_eq!(receipt.outcome, Outcome::Superseded);
    assert_eq!(phone.forgotten.len(), 1, "it left with the assignment");
    let changes = server
        .county
        .store()
        .read_blocking(|tx| tx.changes(PARCEL))
        .unwrap();
    assert_eq!(changes.len(), 2);
}

#[test]
fn what_never_was_theirs_is_refused() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let mut phone = server.device(courier);
    phone.edit(
        RecordId([41; 16]),
        RecordKind::Place,
        &[PlanEdit::set("keeper", "x")],
    );
    phone.sync();
    assert_eq!(
        phone.refused_edits[0].outcome,
        Outcome::Refused("may_not_create".into())
    );
}

#[test]
fn a_change_waits_for_what_it_hangs_on_and_then_counts() {
    let server = Server::start();
    let dispatcher = server.person(12, Role::Dispatcher, None);
    let courier = server.person(11, Role::Courier, None);
    announce(&server, dispatcher, courier);
    let mut office = server.device(dispatcher);
    office.sync();
    office.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 1i64)]);
    office.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 2i64)]);
    let first = office.edits.remove(0);
    office.sync();
    let [receipt] = &office.refused_edits[..] else {
        panic!("{:?}", office.refused_edits)
    };
    assert_eq!(
        (receipt.from, &receipt.outcome),
        (2, &Outcome::Held("waiting".into()))
    );
    office.refused_edits.clear();
    office.edits.push(first);
    office.sync();
    assert_eq!(office.refused_edits, []);
    let mut other = server.device(dispatcher);
    other.sync();
    assert_eq!(other.view(PARCEL).int("order"), Some(2));
    let held = server
        .county
        .store()
        .read_blocking(|tx| tx.held_of(PARCEL))
        .unwrap();
    assert_eq!(held, []);
}

#[test]
fn a_resent_change_is_known() {
    let server = Server::start();
    let dispatcher = server.person(12, Role::Dispatcher, None);
    announce(&server, dispatcher, server.person(11, Role::Courier, None));
    let mut office = server.device(dispatcher);
    office.sync();
    office.edit(PARCEL, RecordKind::Delivery, &[PlanEdit::set("order", 1i64)]);
    let again = office.edits.clone();
    office.sync();
    office.edits = again;
    office.sync();
    assert_eq!(office.refused_edits, []);
    let changes = server
        .county
        .store()
        .read_blocking(|tx| tx.changes(PARCEL))
        .unwrap();
    assert_eq!(changes.len(), 2);
}

#[test]
fn many_who_edit_one_plan_at_once_all_get_in() {
    let server = Server::start();
    let dispatcher = server.person(12, Role::Dispatcher, None);
    announce(&server, dispatcher, server.person(11, Role::Courier, None));
    let devices: Vec<_> = (0..6).map(|_| server.device(dispatcher)).collect();
    std::thread::scope(|scope| {
        for (n, mut device) in devices.into_iter().enumerate() {
            scope.spawn(move || {
                device.sync();
                for turn in 0..4 {
                    let text = format!("{n}.{turn} ");
                    let edit = PlanEdit::SpliceNote {
                        field: "notes".into(),
                        at: 0,
                        delete: 0,
                        insert: text,
                    };
                    device.edit(PARCEL, RecordKind::Delivery, &[edit]);
                    // What the county had no time for is sent again.
                    while let [only] = &device.edits[..] {
                        let again = only.clone();
                        device.sync();
                        for receipt in device.refused_edits.drain(..) {
                            assert_eq!(receipt.outcome, Outcome::Later);
                            device.edits = vec![again.clone()];
                        }
                    }
                }
            });
        }
    });
    let plan = server
        .county
        .store()
        .read_blocking(|tx| tx.plan(PARCEL))
        .unwrap()
        .unwrap();
    assert_eq!(plan.change_count, 1 + 6 * 4);
}
