//! Reports are about places: what leads to a person is not kept, and who reported is not served.

use std::io::Write;
use std::sync::{Arc, Mutex};

use saddlebag_protocol::{Outcome, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_sync_server::store::Fate;

use crate::support::{Device, Server, Written, written};

const TIP: RecordId = RecordId([50; 16]);
/// A road that was washed out, and water that is not there.
const ROAD: u64 = saddlebag_records::codes::tip_kind::ROAD_WASHED_OUT as u64;
const NO_WATER: u64 = saddlebag_records::codes::tip_kind::NO_WATER as u64;

fn tip(phone: &Device, alias: usize, record: RecordId, body: Body, sides: &[(SideName, &[u8])]) -> Written {
    let id = FactId::new(DeviceNumber(phone.enrolled.one_time[alias]), 1);
    written(id, record, kinds::tip::REPORTED, body, sides)
}

fn position(lat_e7: i32, lon_e7: i32) -> Vec<u8> {
    [
        &lat_e7.to_be_bytes()[..],
        &lon_e7.to_be_bytes(),
        &5u16.to_be_bytes(),
    ]
    .concat()
}

fn refused(code: &str) -> Outcome {
    Outcome::Refused(code.to_owned())
}

#[test]
fn a_tip_reaches_triage_under_an_alias_and_nobody_else() {
    let server = Server::start();
    let station = server.station(3);
    let mut phone = server.device(server.person(11, Role::Courier, Some(station)));
    let mut office = server.device(server.person(12, Role::Dispatcher, None));
    let mut desk = server.device(server.person(14, Role::Clerk, Some(station)));
    let report = tip(&phone, 0, TIP, Body::new().with(field::TIP_KIND, ROAD), &[]);
    assert_eq!(phone.sync_with(vec![report.clone()]).1, [Outcome::Admitted]);
    office.sync();
    desk.sync();
    assert_eq!(office.facts.get(&report.fact.id), Some(&report.fact));
    assert_eq!(desk.given(TIP), []);
    let person = server
        .county
        .store()
        .read_blocking(|tx| tx.record(TIP))
        .unwrap()
        .unwrap()
        .creator_person;
    assert_eq!(person, None);
    assert!(
        office
            .authors
            .keys()
            .all(|number| !DeviceNumber(*number).is_one_time())
    );
    assert!(!office.authors.contains_key(&phone.enrolled.device));
}

#[test]
fn a_text_with_a_number_is_kept_nowhere() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let words = "牌照 新H·12345 的车";
    let body = |text: &str| Body::new().with(field::TIP_KIND, ROAD).with(field::TEXT, text);
    let reports = vec![
        tip(&phone, 0, TIP, body("电话 19912345678"), &[]),
        tip(&phone, 1, RecordId([51; 16]), body(words), &[]),
        tip(&phone, 2, RecordId([52; 16]), body("桥边的路没了"), &[]),
    ];
    let outcomes = phone.sync_with(reports).1;
    let expected = [
        refused("tip_text_phone_number"),
        refused("tip_text_plate"),
        Outcome::Admitted,
    ];
    assert_eq!(outcomes, expected);
    server.set_state(phone.number(), saddlebag_sync_server::store::DeviceState::Lost);
    let late = tip(&phone, 3, RecordId([53; 16]), body(words), &[]);
    assert_eq!(phone.sync_with(vec![late]).1, [refused("tip_text_plate")]);
    for entry in walk(server.folder()) {
        let bytes = std::fs::read(&entry).unwrap();
        for text in ["19912345678", words] {
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{text} in {}", entry.display());
        }
    }
    let number = DeviceNumber(phone.enrolled.one_time[0]);
    let kept = server
        .county
        .store()
        .read_blocking(|tx| tx.numbers(number, 1, 1))
        .unwrap();
    assert_eq!(
        kept[0].fate,
        Fate::NotKept {
            code: "tip_text_phone_number".into()
        }
    );
}

#[test]
fn what_everybody_may_read_of_a_case_holds_no_number_either() {
    let server = Server::start();
    let mut office = server.device(server.person(12, Role::Dispatcher, None));
    let case = RecordId([60; 16]);
    let seen = Body::new().with(field::TIP_KIND, ROAD).with(field::TIER, 1u64);
    office.write(case, kinds::case::TRIAGED, seen);
    for answer in ["修好了，有事打 19912345678", "路修好了"] {
        office.write(
            case,
            kinds::case::HANDLED,
            Body::new().with(field::ANSWER, answer),
        );
    }
    let expected = [
        Outcome::Admitted,
        refused("tip_text_phone_number"),
        Outcome::Admitted,
    ];
    assert_eq!(office.sync(), expected);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path))
        } else {
            files.push(path)
        }
    }
    files
}

#[test]
fn a_tip_holds_no_phone_number_and_no_fine_position_of_water() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let here = position(480_606_123, 864_186_321);
    let at = |kind| Body::new().with(field::TIP_KIND, kind);
    let reports = vec![
        tip(&phone, 0, TIP, at(ROAD), &[(SideName::Phone, b"19912345678")]),
        tip(
            &phone,
            1,
            RecordId([51; 16]),
            at(ROAD),
            &[(SideName::Position, &here)],
        ),
        tip(
            &phone,
            2,
            RecordId([52; 16]),
            at(NO_WATER),
            &[(SideName::Position, &here)],
        ),
    ];
    let outcomes = phone.sync_with(reports).1;
    assert_eq!(
        outcomes,
        [
            refused("side_value_foreign"),
            Outcome::Admitted,
            Outcome::Admitted
        ]
    );
    let kept = |record| {
        server
            .county
            .store()
            .read_blocking(|tx| tx.sides(record))
            .unwrap()[0]
            .value
            .clone()
    };
    assert_eq!(kept(RecordId([51; 16])), here);
    assert_ne!(kept(RecordId([52; 16]))[..8], here[..8]);
}

#[test]
fn tips_go_under_aliases_one_each_and_nothing_else_does() {
    let server = Server::start();
    let mut phone = server.device(server.person(11, Role::Courier, None));
    let mut other = server.device(server.person(13, Role::Courier, None));
    let body = || Body::new().with(field::TIP_KIND, ROAD);
    phone.write(TIP, kinds::tip::REPORTED, body());
    assert_eq!(phone.sync(), [refused("needs_one_time_number")]);
    let alias = DeviceNumber(phone.enrolled.one_time[0]);
    let parcel = written(
        FactId::new(alias, 1),
        RecordId([40; 16]),
        kinds::delivery::LOADED_OUT,
        Body::new(),
        &[],
    );
    assert_eq!(
        phone.sync_with(vec![parcel]).1,
        [refused("one_time_number_misused")]
    );
    let theirs = tip(&other, 0, TIP, body(), &[]);
    assert_eq!(
        phone.sync_with(vec![theirs.clone()]).1,
        [refused("foreign_author")]
    );
    assert_eq!(
        other.sync_with(vec![theirs]).1,
        [Outcome::Admitted],
        "nothing was noted under it"
    );
    let twice = vec![
        tip(&phone, 1, RecordId([51; 16]), body(), &[]),
        written(
            FactId::new(DeviceNumber(phone.enrolled.one_time[1]), 2),
            RecordId([52; 16]),
            kinds::tip::REPORTED,
            body(),
            &[],
        ),
    ];
    assert_eq!(
        phone.sync_with(twice).1,
        [Outcome::Admitted, refused("one_time_number_misused")]
    );
    let reopened = written(
        FactId::new(DeviceNumber(phone.enrolled.one_time[2]), 1),
        TIP,
        kinds::tip::REOPENED,
        Body::new(),
        &[],
    );
    assert_eq!(
        phone.sync_with(vec![reopened]).1,
        [refused("not_given")],
        "a tip is reopened by its reporter"
    );
}

#[test]
fn one_time_numbers_are_topped_up() {
    let server = Server::start();
    let phone = server.device(server.person(11, Role::Courier, None));
    let ask = |left| {
        let request = SyncRequest {
            one_time_left: Some(left),
            ..SyncRequest::default()
        };
        phone
            .ask(&request)
            .unwrap()
            .one_time
            .map_or(0, |numbers| numbers.len())
    };
    assert_eq!((ask(64), ask(60), ask(0)), (0, 4, 64));
    // Answers that are lost again and again do not fill the county.
    for _ in 0..20 {
        ask(0);
    }
    assert_eq!(ask(0), 0);
}

/// Everything that is logged goes here.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn logs_name_nobody() {
    let log = Log::default();
    let to = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE);
    let subscriber = subscriber.with_writer(move || to.clone()).finish();
    // For the whole process: requests are answered on threads of the server's own.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let mut phone = server.device(courier);
    let secret = "生成的名字";
    phone.write(
        RecordId([40; 16]),
        kinds::delivery::DELIVERED,
        Body::new().with(field::PROOF, 1u64).with(field::RECEIVER, secret),
    );
    phone.sync();
    phone.ask_raw(b"garbage");
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains(r#""endpoint":"sync""#), "{text}");
    let id = courier.to_string();
    let address = server.address.to_string();
    for canary in [
        secret,
        "同事11",
        "1990000",
        &phone.enrolled.token,
        &id,
        &address,
        "127.0.0.1",
    ] {
        assert!(!text.contains(canary), "{canary}: {text}");
    }
}
