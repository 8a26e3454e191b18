//! What is damaged in a county's file is set aside and asked for again of the phones that hold it. Each gives what it has;
//! the county takes what is byte for byte what was written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use minicbor::bytes::ByteVec;
use saddlebag_protocol::{FactName, GivenAgain, Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Batch, Body, SideName, kinds, pack};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::county::{Counties, DataFolder};
use saddlebag_sync_server::outside::Outside;
use saddlebag_sync_server::scrub::{scrub, scrub_what_was_read};
use saddlebag_sync_server::sync::sync;

use crate::support::{Device, Outsider, Running, Server, admin, send};

const PARCEL: RecordId = RecordId([100; 16]);
/// A position: 47.65° N, 86.4° E, within 9 m.
const HERE: [u8; 10] = [0x1c, 0x66, 0xd4, 0xa0, 0x33, 0x7f, 0x98, 0x00, 0, 9];

/// A county that is not served, whose courier has a parcel, and the phones of those who see it.
struct County {
    folder: tempfile::TempDir,
    courier: Device,
    office: Device,
    /// Who sees nothing of it.
    stranger: Device,
}

impl County {
    fn with_a_parcel() -> Self {
        let server = Server::start();
        let station = server.station(3);
        let dispatcher = server.person(10, Role::Dispatcher, None);
        let courier = server.person(11, Role::Courier, Some(station));
        let elsewhere = server.person(12, Role::Courier, Some(server.station(4)));
        let [mut courier_phone, mut office, mut stranger] =
            [courier, dispatcher, elsewhere].map(|person| server.device(person));
        assign(&server, dispatcher, courier);
        courier_phone.sync();
        courier_phone.edit(
            PARCEL,
            RecordKind::Delivery,
            &[PlanEdit::set("order", PlanValue::Integer(7))],
        );
        let sides = [(SideName::Position, &HERE[..])];
        courier_phone.write_with(PARCEL, kinds::delivery::LOADED_OUT, Body::new(), &sides);
        courier_phone.sync();
        office.sync();
        stranger.sync();
        Self {
            folder: server.stop(),
            courier: courier_phone,
            office,
            stranger,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One bit of these bytes flips, wherever they stand in the file.
    fn flip(&self, bytes: &[u8]) {
        let file = database(&self.data());
        let mut all = std::fs::read(&file).unwrap();
        let places: Vec<_> = (0..all.len())
            .filter(|at| all[*at..].starts_with(bytes))
            .collect();
        assert_eq!(places.len(), 1);
        all[places[0] + bytes.len() / 2] ^= 4;
        std::fs::write(file, all).unwrap();
    }

    fn serve(&mut self) -> Running {
        let running = Running::serve(&self.data());
        for phone in [&mut self.courier, &mut self.office, &mut self.stranger] {
            phone.address = running.address;
        }
        running
    }

    /// What a scrub tells: whether all is sound, how many rows are damaged, how many are set aside.
    fn scrub(&self) -> (bool, u64, u64) {
        let told = admin(&self.data(), &["scrub"]).unwrap();
        let number = |name: &str| told[name].as_u64().unwrap();
        (
            told["sound"].as_bool().unwrap(),
            number("damaged"),
            number("set_aside"),
        )
    }
}

fn assign(server: &Server, dispatcher: PersonId, courier: PersonId) {
    let part = Part {
        record: PARCEL,
        kind: RecordKind::Delivery,
        facts: vec![Draft::new(kinds::delivery::ANNOUNCED, Body::new())],
        edits: vec![PlanEdit::set("assignee", PlanValue::Person(courier))],
    };
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
}

fn database(data: &Path) -> PathBuf {
    let mut counties = std::fs::read_dir(data.join("counties")).unwrap();
    counties.next().unwrap().unwrap().path().join("county.db")
}

/// One bit flips in the head of a row: what was bytes is text now, which no column takes by itself.
fn to_text(data: &Path, table: &str, set: &str) {
    let file = database(data);
    let open = || {
        let conn = rusqlite::Connection::open(&file).unwrap();
        conn.pragma_update(None, "writable_schema", true).unwrap();
        conn
    };
    let put_schema = |sql: &str| {
        let put = "UPDATE sqlite_schema SET sql = ?1 WHERE name = ?2";
        assert_eq!(open().execute(put, [sql, table]).unwrap(), 1);
    };
    let ask = "SELECT sql FROM sqlite_schema WHERE name = ?1";
    let strict: String = open().query_row(ask, [table], |row| row.get(0)).unwrap();
    put_schema(strict.strip_suffix(" STRICT").unwrap());
    let update = format!("UPDATE {table} SET {set}");
    assert_eq!(open().execute(&update, []).unwrap(), 1);
    put_schema(&strict);
}

fn ready(running: &Running) -> u16 {
    send(running.address, "GET", "/readyz", &[], b"").status
}

/// Forgets all that it was given, and how far it read.
fn emptied(phone: &mut Device) {
    phone.cursor = None;
    phone.facts.clear();
    phone.sides.clear();
    phone.plans.clear();
}

#[test]
fn a_fact_whose_bits_flipped_is_given_again_by_its_author() {
    let mut county = County::with_a_parcel();
    let fact = county.courier.own[0].fact.clone();
    county.flip(&fact.encode());
    let running = county.serve();
    assert_eq!(county.scrub(), (false, 1, 1));
    assert_eq!(ready(&running), 503);

    emptied(&mut county.office);
    county.office.sync();
    assert_eq!(county.office.given(PARCEL), [kinds::delivery::ANNOUNCED]);
    assert_eq!(county.scrub(), (false, 1, 1), "nobody had it to give");

    assert_eq!(county.courier.sync(), []);
    county.office.sync();
    assert_eq!(
        county.office.facts[&fact.id], fact,
        "who was not given it is given it now"
    );
    assert_eq!(county.scrub(), (true, 0, 0));
    assert_eq!(ready(&running), 200);
    county
        .courier
        .write(PARCEL, kinds::delivery::DAMAGED, Body::new());
    assert_eq!(county.courier.sync(), [Outcome::Admitted], "its chain goes on");
}

#[test]
fn whoever_was_given_a_fact_can_give_it_again() {
    let mut county = County::with_a_parcel();
    county.flip(&county.courier.own[0].fact.encode());
    let _running = county.serve();
    assert_eq!(county.scrub(), (false, 1, 1));
    assert!(county.office.facts.contains_key(&county.courier.own[0].fact.id));
    county.office.sync();
    assert_eq!(county.scrub(), (true, 0, 0));
}

#[test]
fn what_is_written_about_a_damaged_record_is_admitted_meanwhile() {
    let mut county = County::with_a_parcel();
    county.flip(&county.courier.own[0].fact.encode());
    let _running = county.serve();
    assert_eq!(county.scrub(), (false, 1, 1));
    county
        .courier
        .write(PARCEL, kinds::delivery::DAMAGED, Body::new());
    assert_eq!(county.courier.sync(), [Outcome::Admitted]);
    assert_eq!(county.scrub(), (true, 0, 0));
    county.office.sync();
    assert_eq!(county.office.given(PARCEL).len(), 3);
}

#[test]
fn side_values_and_plan_changes_are_given_again_as_well() {
    let mut county = County::with_a_parcel();
    county.flip(&HERE);
    county.flip(&county.courier.edited[0].bytes);
    let _running = county.serve();
    assert_eq!(county.scrub(), (false, 2, 2));
    county.courier.sync();
    assert_eq!(county.scrub(), (true, 0, 0));
    emptied(&mut county.office);
    county.office.sync();
    assert_eq!(county.office.view(PARCEL).int("order"), Some(7));
    let positions = county.office.sides.iter().filter(|side| side.value == HERE);
    assert_eq!(positions.count(), 1);
}

#[test]
fn a_damaged_plan_is_made_anew_of_its_changes() {
    let mut county = County::with_a_parcel();
    let file = database(&county.data());
    let store = rusqlite::Connection::open(&file).unwrap();
    let sql = "SELECT snapshot FROM record_plan WHERE record = ?1";
    let snapshot: Vec<u8> = store.query_row(sql, [PARCEL.0], |row| row.get(0)).unwrap();
    drop(store);
    county.flip(&snapshot);
    let _running = county.serve();
    assert_eq!(county.scrub(), (false, 1, 0));
    assert_eq!(county.scrub(), (true, 0, 0));
    let edits = [PlanEdit::set("order", PlanValue::Integer(8))];
    county.courier.edit(PARCEL, RecordKind::Delivery, &edits);
    county.courier.sync();
    assert_eq!(county.courier.refused_edits, []);
    county.office.sync();
    assert_eq!(county.office.view(PARCEL).int("order"), Some(8));
}

#[test]
fn nobody_can_give_anything_else_and_nobody_else_is_asked() {
    let mut county = County::with_a_parcel();
    let fact = county.courier.own[0].fact.clone();
    county.flip(&fact.encode());
    let _running = county.serve();
    assert_eq!(county.scrub(), (false, 1, 1));

    let ask = |phone: &Device, given: Option<GivenAgain>| {
        let request = SyncRequest {
            cursor: phone.cursor,
            given_again: given,
            ..SyncRequest::default()
        };
        phone.ask(&request).unwrap().again.map(|again| again.facts)
    };
    let name = FactName {
        author: fact.id.device.0,
        n: fact.id.n,
    };
    let of = |fact| GivenAgain {
        facts: Some(ByteVec::from(pack(&Batch {
            facts: vec![fact],
            side: vec![],
        }))),
        changes: None,
    };
    let mut other = fact.clone();
    other.stamp.hlc_ms += 1;
    assert_eq!(ask(&county.courier, Some(of(other))), Some(vec![name]));
    assert_eq!(ask(&county.stranger, Some(of(fact.clone()))), None);
    assert_eq!(county.scrub(), (false, 1, 1));
    assert_eq!(ask(&county.office, Some(of(fact))), None);
    assert_eq!(county.scrub(), (true, 0, 0));
}

/// Nobody can be asked for it, and everybody goes on.
#[test]
fn a_row_whose_very_name_flipped_keeps_nobody_from_syncing() {
    let mut county = County::with_a_parcel();
    county
        .courier
        .write(PARCEL, kinds::delivery::DAMAGED, Body::new());
    let running = county.serve();
    county.courier.sync();
    drop(running);
    let number = county.courier.number().0;
    let first = format!("record = CAST(record AS TEXT) WHERE author = {number} AND n = 1");
    to_text(&county.data(), "fact", &first);
    let change = "actor = CAST('0123456789abcdef' AS TEXT) WHERE seq = (SELECT max(seq) FROM plan_change)";
    to_text(&county.data(), "plan_change", change);
    let second = county.courier.own[1].fact.clone();
    county.flip(&second.encode());

    let _running = county.serve();
    assert_eq!(county.scrub(), (false, 3, 3));
    emptied(&mut county.office);
    county.office.sync();
    assert_eq!(county.office.given(PARCEL), [kinds::delivery::ANNOUNCED]);
    assert_eq!(county.courier.sync(), []);
    assert_eq!(county.scrub(), (false, 2, 2), "what has its name is given again");
    county.office.sync();
    assert_eq!(county.office.facts[&second.id], second);
    county
        .courier
        .write(PARCEL, kinds::delivery::DAMAGED, Body::new());
    assert_eq!(county.courier.sync(), [Outcome::Admitted], "its chain goes on");
}

/// No scrub was asked for: who reads comes upon it.
#[test]
fn what_is_read_is_set_aside_too_and_what_was_brought_back_is_asked_for_no_more() {
    let county = County::with_a_parcel();
    let whole = std::fs::read(database(&county.data())).unwrap();
    county.flip(&county.courier.own[0].fact.encode());
    let outside: Arc<dyn Outside> = Arc::new(Outsider::new(8));
    let open = || Counties::open(DataFolder::take(&county.data()).unwrap(), &outside).unwrap();
    let wanted = |counties: &Counties| {
        let store = counties.only().unwrap();
        store.store().read_blocking(|tx| tx.set_aside()).unwrap().len()
    };
    let counties = open();
    scrub_what_was_read(&counties);
    assert_eq!(wanted(&counties), 0, "nobody has read it");
    let office = &county.office.enrolled.token;
    sync(&counties.only().unwrap(), office, SyncRequest::default()).unwrap();
    scrub_what_was_read(&counties);
    assert_eq!(wanted(&counties), 1);
    drop(counties);

    // The damaged page alone, as from a copy.
    let mut bytes = std::fs::read(database(&county.data())).unwrap();
    let fact = county.courier.own[0].fact.encode();
    let at = (0..whole.len())
        .find(|at| whole[*at..].starts_with(&fact))
        .unwrap();
    bytes[at..at + fact.len()].copy_from_slice(&fact);
    std::fs::write(database(&county.data()), bytes).unwrap();
    let counties = open();
    assert!(scrub(&counties.only().unwrap()).unwrap().sound);
    assert_eq!(wanted(&counties), 0);
}

/// Half of what a scrub knows would be worse than nothing: what waits to be given again goes on waiting.
#[test]
fn a_scrub_that_cannot_be_finished_lets_go_of_nothing() {
    let county = County::with_a_parcel();
    county.flip(&county.courier.own[0].fact.encode());
    let outside: Arc<dyn Outside> = Arc::new(Outsider::new(8));
    let open = || Counties::open(DataFolder::take(&county.data()).unwrap(), &outside).unwrap();
    let wanted = |counties: &Counties| {
        let store = counties.only().unwrap();
        store.store().read_blocking(|tx| tx.set_aside()).unwrap().len()
    };
    let counties = open();
    assert_eq!(scrub(&counties.only().unwrap()).unwrap().set_aside, 1);
    drop(counties);

    let file = database(&county.data());
    let conn = rusqlite::Connection::open(&file).unwrap();
    let ask = "SELECT (rootpage - 1) * (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'held'";
    let page: i64 = conn.query_row(ask, [], |row| row.get(0)).unwrap();
    drop(conn);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[usize::try_from(page).unwrap()] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let counties = open();
    let scrubbed = scrub(&counties.only().unwrap()).unwrap();
    assert_eq!((scrubbed.sound, scrubbed.facts), (false, 0), "it came to no end");
    assert_eq!(scrubbed.set_aside, 1);
    assert_eq!(wanted(&counties), 1);
}

/// The sums of more rows than are asked for at a time are damaged themselves: nothing that comes mends those.
#[test]
fn what_cannot_be_mended_keeps_nothing_else_from_being_asked_for() {
    let mut county = County::with_a_parcel();
    let server = county.serve();
    for _ in 0..40 {
        county
            .courier
            .write(PARCEL, kinds::delivery::DAMAGED, Body::new());
    }
    county.courier.sync();
    let last = county.courier.own[40].fact.clone();
    drop(server);
    let number = county.courier.number().0;
    let conn = rusqlite::Connection::open(database(&county.data())).unwrap();
    let sql = format!("UPDATE fact SET sum = x'0102030405060708' WHERE author = {number} AND n <= 40");
    assert_eq!(conn.execute(&sql, []).unwrap(), 40);
    drop(conn);
    county.flip(&last.encode());

    let outside: Arc<dyn Outside> = Arc::new(Outsider::new(8));
    let counties = Counties::open(DataFolder::take(&county.data()).unwrap(), &outside).unwrap();
    let served = counties.only().unwrap();
    assert_eq!(scrub(&served).unwrap().set_aside, 41);
    let token = &county.courier.enrolled.token;
    let ask = |given_again| {
        let request = SyncRequest {
            given_again,
            ..SyncRequest::default()
        };
        sync(&served, token, request).unwrap().again.unwrap()
    };
    let mut again = ask(None);
    for _ in 0..40 {
        assert_eq!(again.facts.len(), 32);
        again = ask(Some(county.courier.giving_again(&again)));
    }
    assert_eq!(scrub(&served).unwrap().set_aside, 40);
    let held = |tx: &dyn saddlebag_sync_server::store::ReadTx| tx.fact(last.id);
    assert_eq!(
        served.store().read_blocking(held).unwrap().unwrap().bytes,
        last.encode()
    );
}
