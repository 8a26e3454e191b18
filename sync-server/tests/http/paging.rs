//! However small the pages and whatever happens between them, a device ends up with what it may see.

use std::collections::BTreeMap;

use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, Fact, SideName, SideValue, field, kinds};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_sync_server::act::{Act, Draft, Part};
use saddlebag_sync_server::people::{self, Colleague};

use crate::support::{Device, Dice, Server};

const DAY_MS: i64 = 86_400_000;

fn parcel(number: u16) -> RecordId {
    let mut id = [40; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    RecordId(id)
}

fn announced(record: RecordId, assignee: PersonId) -> Part {
    let mut announced = Draft::new(kinds::delivery::ANNOUNCED, Body::new());
    announced.sides.push((SideName::Phone, b"19900005678".to_vec()));
    let address = format!("生成的地址 {}", blake3::hash(&record.0).to_hex());
    let edits = vec![
        PlanEdit::set("assignee", assignee),
        PlanEdit::set("address", address.as_str()),
    ];
    Part {
        record,
        kind: RecordKind::Delivery,
        facts: vec![announced],
        edits,
    }
}

#[test]
fn pages_keep_to_the_budget_and_bring_everything() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, Some(server.station(3)));
    let dispatcher = server.person(12, Role::Dispatcher, None);
    let parts = (0..200).map(|n| announced(parcel(n), courier)).collect();
    server.county.act(dispatcher, Act { parts }).unwrap();
    let mut whole = server.device(courier);
    whole.sync();
    let mut paged = server.device(courier);
    paged.budget = Some(2048);
    paged.sync();
    assert_eq!((&paged.facts, &paged.plans), (&whole.facts, &whole.plans));
    assert_eq!(whole.answers.len(), 1, "{:?}", whole.answers);
    assert!(paged.answers.len() > 4, "{:?}", paged.answers);
    assert!(
        paged.answers.iter().all(|bytes| *bytes <= 2048),
        "{:?}",
        paged.answers
    );
    // Pages are filled: else the same would take more round trips.
    let full = &paged.answers[..paged.answers.len() - 1];
    assert!(full.iter().all(|bytes| *bytes >= 1200), "{:?}", paged.answers);
}

#[test]
fn an_idle_exchange_is_small_and_writes_no_row() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, None);
    let mut phone = server.device(courier);
    phone.sync();
    let cursor = phone.cursor;
    phone.sync();
    assert_eq!(phone.cursor, cursor);
    assert!(phone.answers[1] < 200, "{:?}", phone.answers);
}

#[test]
fn a_large_record_is_paged_within() {
    let server = Server::start();
    let courier = server.person(11, Role::Courier, Some(server.station(3)));
    let dispatcher = server.person(12, Role::Dispatcher, None);
    let mut part = announced(parcel(1), courier);
    let damaged = |n: u32| {
        let noise = blake3::hash(&n.to_be_bytes()).to_hex();
        Draft::new(
            kinds::delivery::CANCELLED,
            Body::new().with(field::NOTE, noise.as_str()),
        )
    };
    part.facts.extend((0..300).map(damaged));
    server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
    let mut phone = server.device(courier);
    phone.budget = Some(2048);
    phone.sync();
    assert_eq!(phone.given(parcel(1)).len(), 301);
    assert!(phone.answers.len() > 3);
}

/// What a device holds, without what it wrote itself and has not been given.
type Held = (BTreeMap<FactId, Fact>, Vec<SideValue>, Vec<RecordId>);

fn held(device: &Device, other: &Device) -> Held {
    let theirs = |id: &FactId| id.device != device.number() && id.device != other.number();
    let facts = device
        .facts
        .iter()
        .filter(|(id, _)| theirs(id))
        .map(|(id, fact)| (*id, fact.clone()));
    let mut sides: Vec<_> = device
        .sides
        .iter()
        .filter(|side| theirs(&side.fact))
        .cloned()
        .collect();
    sides.sort_by_key(|side| (side.fact, side.name));
    (facts.collect(), sides, device.plans.keys().copied().collect())
}

/// Devices that followed every turn of the county in pages of any size hold the same as devices that come new.
#[test]
fn whoever_followed_along_holds_what_a_newcomer_gets() {
    for seed in 0..3 {
        println!("seed {seed}");
        follow_along(seed);
    }
}

fn follow_along(seed: u64) {
    let mut dice = Dice::new(seed);
    let server = Server::start();
    let stations = [3, 4].map(|n| server.station(n));
    let dispatcher = server.person(12, Role::Dispatcher, None);
    let mut people = vec![dispatcher];
    people.extend((20..24).map(|n| server.person(n, Role::Courier, Some(dice.pick(&stations)))));
    people.extend((30..33).map(|n| server.person(n, Role::Clerk, Some(dice.pick(&stations)))));
    let mut devices: Vec<Device> = people.iter().map(|person| server.device(*person)).collect();
    let household = |n: u64| RecordId([50 + (n % 3) as u8; 16]);
    for n in 0..3 {
        let mut phone = Draft::new(kinds::household::PHONE_GIVEN, Body::new());
        phone.sides.push((SideName::Phone, b"19900001234".to_vec()));
        let name = vec![PlanEdit::set("name", "生成户")];
        let part = Part {
            record: household(n),
            kind: RecordKind::Household,
            facts: vec![phone],
            edits: name,
        };
        server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
    }
    for turn in 0..120u64 {
        let record = parcel(dice.below(12) as u16);
        match dice.below(8) {
            0 => {
                let mut part = announced(record, dice.pick(&people[1..5]));
                part.edits.push(PlanEdit::set("household", household(turn)));
                server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
            }
            1 => {
                let edits = vec![PlanEdit::set("assignee", dice.pick(&people[1..5]))];
                let part = Part {
                    record,
                    kind: RecordKind::Delivery,
                    facts: vec![],
                    edits,
                };
                server.county.act(dispatcher, Act { parts: vec![part] }).unwrap();
            }
            2 => {
                let whose = dice.pick(&people[5..]);
                let colleague = Colleague {
                    name: "同事".into(),
                    role: Role::Clerk,
                    station: Some(dice.pick(&stations)),
                    mentor: None,
                    phone: None,
                };
                people::change(&server.county, server.admin, whose, colleague).unwrap();
            }
            3 => server.outside.pass(dice.below(12) as i64 * DAY_MS),
            4 => {
                let at = dice.below(devices.len() as u64 - 5) as usize + 5;
                let place = dice.pick(&stations);
                devices[at].write(
                    record,
                    kinds::delivery::SCANNED_IN,
                    Body::new().with(field::PLACE, place),
                );
            }
            5 => {
                let at = dice.below(4) as usize + 1;
                devices[at].write(record, kinds::delivery::LOADED_OUT, Body::new());
            }
            6 => {
                let at = dice.below(4) as usize + 1;
                devices[at].write(
                    record,
                    kinds::delivery::DELIVERED,
                    Body::new().with(field::PROOF, 1u64),
                );
            }
            _ => {
                let device = &mut devices[dice.below(8) as usize];
                device.budget = dice.pick(&[None, Some(2048), Some(2600)]);
                device.sync();
            }
        }
    }
    for device in &mut devices {
        device.sync();
    }
    for (person, device) in people.iter().zip(&mut devices) {
        device.sync();
        let mut fresh = server.device(*person);
        fresh.budget = Some(2048);
        fresh.sync();
        assert_eq!(held(device, &fresh), held(&fresh, device), "seed {seed}");
    }
}
