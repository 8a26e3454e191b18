//! Bits that flip on the disk, anywhere in a county's file: what it answers is right, or it says that it is damaged.

use std::path::Path;
use std::sync::Arc;

use saddlebag_protocol::{Cursor, Page, Receipts, SyncRequest};
use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, SideName, SideValue, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanEdit, PlanValue};
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::county::{Counties, County, DataFolder};
use saddlebag_sync_server::outside::Outside;
use saddlebag_sync_server::scrub::scrub;
use saddlebag_sync_server::sync::sync;

use crate::support::{Device, Dice, Outsider, Running, Server, send};

const FLIPS: usize = 60;
/// A position: 47.65° N, 86.4° E, within 9 m.
const HERE: [u8; 10] = [0x1c, 0x66, 0xd4, 0xa0, 0x33, 0x7f, 0x98, 0x00, 0, 9];

/// A county with some history, closed; and its phones, each of which has written.
fn county() -> (tempfile::TempDir, Vec<Device>) {
    let server = Server::start();
    let station = server.station(3);
    let dispatcher = server.person(10, Role::Dispatcher, None);
    let couriers = [11, 12].map(|n| server.person(n, Role::Courier, Some(station)));
    let mut phones: Vec<_> = couriers.iter().map(|courier| server.device(*courier)).collect();
    phones.push(server.device(dispatcher));
    for n in 0..40u8 {
        let (record, courier) = (RecordId([100 + n; 16]), couriers[usize::from(n % 2)]);
        let announced = vec![Draft::new(kinds::delivery::ANNOUNCED, Body::new())];
        assign(&server, dispatcher, record, courier, announced);
    }
    for (at, phone) in phones.iter_mut().enumerate().take(2) {
        phone.sync();
        for n in (0..40u8).filter(|n| usize::from(n % 2) == at) {
            let record = RecordId([100 + n; 16]);
            let sides = [(SideName::Position, &HERE[..])];
            phone.write_with(record, kinds::delivery::LOADED_OUT, Body::new(), &sides);
        }
        phone.sync();
    }
    // A parcel that changed hands: one is given it, the other loses it.
    assign(&server, dispatcher, RecordId([100; 16]), couriers[1], vec![]);
    (server.stop(), phones)
}

fn assign(server: &Server, dispatcher: PersonId, record: RecordId, courier: PersonId, facts: Vec<Draft>) {
    let part = Part {
        record,
        kind: RecordKind::Delivery,
        facts,
        edits: vec![PlanEdit::set("assignee", PlanValue::Person(courier))],
    };
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
}

/// What a phone is told when it asks for everything, and sends again all that it wrote.
type Told = Vec<(Option<Receipts>, Option<Page>, Option<Cursor>)>;

fn everything(county: &County, phone: &Device) -> Option<Told> {
    let mut phone = phone.clone();
    let mut push = (!phone.own.is_empty()).then(|| phone.push_from(1, &[]));
    let (mut told, mut cursor) = (Told::new(), None);
    loop {
        let request = SyncRequest {
            cursor,
            push: push.take(),
            ..SyncRequest::default()
        };
        let answer = sync(county, &phone.enrolled.token, request).ok()?;
        if answer.code.is_some() {
            return None;
        }
        cursor = answer.cursor;
        told.push((answer.receipts, answer.page, answer.cursor));
        // A damaged cursor may lead in a circle.
        if !answer.more || told.len() > 1000 {
            return Some(told);
        }
    }
}

fn opened(data: &Path) -> Option<County> {
    let outside: Arc<dyn Outside> = Arc::new(Outsider::new(8));
    Counties::open(DataFolder::take(data).unwrap(), &outside)
        .ok()?
        .only()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn database(data: &Path) -> std::path::PathBuf {
    let mut counties = std::fs::read_dir(data.join("counties")).unwrap();
    counties.next().unwrap().unwrap().path().join("county.db")
}

/// Where in a file a position stands.
fn places(bytes: &[u8]) -> Vec<usize> {
    let is_here = |at: &usize| bytes[*at..].starts_with(&HERE);
    (0..bytes.len()).filter(is_here).collect()
}

#[test]
fn flipped_bits_are_noticed_or_do_nothing() {
    let seed = std::env::var("SEED").map_or(20_261_130, |seed| seed.parse().unwrap());
    println!("seed {seed}");
    let mut dice = Dice::new(seed);
    let (folder, phones) = county();
    let data = folder.path().join("data");
    let right: Vec<_> = {
        let county = opened(&data).unwrap();
        assert!(scrub(&county).unwrap().sound);
        phones
            .iter()
            .map(|phone| everything(&county, phone).unwrap())
            .collect()
    };
    let whole = std::fs::read(database(&data)).unwrap();
    let (mut refused, mut found, mut harmless) = (0, 0, 0);
    for at in 0..FLIPS {
        let place = tempfile::tempdir().unwrap();
        copy(&data, place.path());
        let bit = dice.below(whole.len() as u64 * 8);
        let mut bytes = whole.clone();
        bytes[(bit / 8) as usize] ^= 1 << (bit % 8);
        std::fs::write(database(place.path()), bytes).unwrap();
        let Some(county) = opened(place.path()) else {
            refused += 1;
            continue;
        };
        let told: Vec<_> = phones.iter().map(|phone| everything(&county, phone)).collect();
        let is_right = told
            .iter()
            .zip(&right)
            .all(|(told, right)| told.as_ref() == Some(right));
        if !scrub(&county).unwrap().sound {
            found += 1;
        } else {
            assert!(
                is_right,
                "flip {at}, bit {bit}: an answer is wrong and nobody is told"
            );
            harmless += 1;
        }
    }
    println!(
        "{FLIPS} bits: {refused} are refused at the start, {found} found by the scrub, {harmless} change nothing"
    );
    assert!(
        refused + found >= 10,
        "the pages of a small county are mostly empty, but not all"
    );
}

#[test]
fn damage_that_is_found_is_told_until_it_is_mended() {
    let (folder, _) = county();
    let data = folder.path().join("data");
    let whole = std::fs::read(database(&data)).unwrap();
    let place = places(&whole).pop().unwrap();
    let mut bytes = whole.clone();
    bytes[place] ^= 1;
    std::fs::write(database(&data), bytes).unwrap();
    let found = scrub(&opened(&data).unwrap()).unwrap();
    assert_eq!((found.sound, found.damaged, found.file), (false, 1, true));

    let ready = |running: &Running| send(running.address, "GET", "/readyz", &[], b"");
    for _ in 0..2 {
        let running = Running::serve(&data);
        assert_eq!(ready(&running).status, 503, "it is told after a restart too");
        assert!(ready(&running).text().contains(r#""damaged":1"#));
        let metrics = send(running.address, "GET", "/metrics", &[], b"").text();
        assert!(
            metrics
                .lines()
                .any(|line| line.starts_with("saddlebag_damaged{") && line.ends_with(" 1"))
        );
    }
    let mut bytes = std::fs::read(database(&data)).unwrap();
    bytes[place] ^= 1;
    std::fs::write(database(&data), bytes).unwrap();
    assert!(scrub(&opened(&data).unwrap()).unwrap().sound);
    assert_eq!(ready(&Running::serve(&data)).status, 200);
}

#[test]
fn what_is_damaged_is_told_as_soon_as_it_is_read() {
    let (folder, phones) = county();
    let data = folder.path().join("data");
    let mut bytes = std::fs::read(database(&data)).unwrap();
    for place in places(&bytes) {
        bytes[place] ^= 1;
    }
    std::fs::write(database(&data), bytes).unwrap();
    let running = Running::serve(&data);
    let mut phone = phones[2].clone();
    phone.address = running.address;
    let ready = || send(running.address, "GET", "/readyz", &[], b"").status;
    assert_eq!(ready(), 200);
    phone.sync();
    assert_eq!(ready(), 503);
    let here = |side: &&SideValue| side.name == SideName::Position;
    assert!(phone.sides.iter().filter(here).all(|side| side.value == HERE));
}
