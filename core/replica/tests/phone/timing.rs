//! Timings, for those who change the store: `cargo test -p saddlebag-replica --test phone timing -- --ignored --nocapture`.
//! `make bench` measures the same on optimised builds.

use std::time::{Duration, Instant};

use crate::a_phone::{KEY, Phone, person, raw, surroundings};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::fact::{Batch, Body, Fact, SideName, SideValue, field, kinds};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::wire::WireChange;
use saddlebag_records::plan::{PlanEdit, edit};
use saddlebag_replica::{Answer, NewFact, PageContent, Replica};

const SURNAMES: [&str; 8] = ["张", "王", "李", "刘", "陈", "杨", "赵", "黄"];
const GIVEN: [&str; 10] = ["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "洋"];

fn record(n: u32) -> RecordId {
    let mut id = *blake3::hash(&n.to_be_bytes()).as_bytes();
    id[0] = 0x10;
    RecordId(id[..16].try_into().unwrap())
}

/// A county's page of deliveries `from..to`; of those, the first 60 of the store are this phone's to carry.
fn page(from: u32, to: u32) -> PageContent {
    let mut page = PageContent {
        facts: Batch::default(),
        ..PageContent::default()
    };
    for n in from..to {
        let name = format!("{}{}", SURNAMES[n as usize % 8], GIVEN[n as usize / 8 % 10]);
        let mut edits = vec![
            PlanEdit::set("waybill", format!("YT{:010}", u64::from(n) * 7919).as_str()),
            PlanEdit::set("name", name.as_str()),
            PlanEdit::set("address", format!("库勒拜镇 {} 号", n % 400).as_str()),
            PlanEdit::set("cash_fen", i64::from(n % 50) * 100),
        ];
        if n < 60 {
            edits.push(PlanEdit::set("assignee", person(1)));
            edits.push(PlanEdit::set("order", i64::from(n) * 1024));
        }
        let edited = edit(RecordKind::Delivery, None, ActorId([0xc0; 16]), &edits)
            .unwrap()
            .unwrap();
        page.changes.push(WireChange {
            record: record(n),
            kind: RecordKind::Delivery,
            bytes: edited.change,
        });
        let id = FactId::new(DeviceNumber(9_000), u64::from(n) + 1);
        page.facts.facts.push(Fact {
            id,
            record: record(n),
            kind: kinds::delivery::ANNOUNCED,
            version: 1,
            after: Vec::new(),
            stamp: Stamp {
                hlc_ms: crate::a_phone::MORNING_MS,
                hlc_count: 0,
                source: ClockSource::County,
            },
            observed: None,
            was: None,
            body: Body::new(),
        });
        page.facts.side.push(SideValue {
            record: record(n),
            fact: id,
            name: SideName::Phone,
            value: format!("170{:08}", u64::from(n) * 104_729 % 100_000_000).into_bytes(),
        });
    }
    page
}

fn phone_with(records: u32) -> Phone {
    let phone = Phone::of_courier(1);
    let began = Instant::now();
    for from in (0..records).step_by(500) {
        let page = page(from, (from + 500).min(records));
        phone
            .apply(&Answer {
                page,
                county_time_ms: crate::a_phone::MORNING_MS,
                ..Answer::default()
            })
            .unwrap();
    }
    println!("{records} records pulled in {:?}", began.elapsed());
    phone
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    format!(
        "median {:?}, p90 {:?}",
        times[times.len() / 2],
        times[times.len() * 9 / 10]
    )
}

fn timed(rounds: usize, mut run: impl FnMut(usize)) -> String {
    let times = (0..rounds).map(|round| {
        let began = Instant::now();
        run(round);
        began.elapsed()
    });
    spread(times.collect())
}

/// `SIZES=1000` measures that size alone.
fn sizes() -> Vec<u32> {
    let sizes = std::env::var("SIZES").unwrap_or("1000,10000".to_owned());
    sizes.split(',').map(|size| size.parse().unwrap()).collect()
}

/// `ROUNDS=2000` measures longer, for a profiler.
fn rounds() -> usize {
    std::env::var("ROUNDS").map_or(200, |rounds| rounds.parse().unwrap())
}

/// Runs in turn, so that what else the machine does meets all alike.
fn interleaved<const N: usize>(rounds: usize, mut runs: [&mut dyn FnMut(usize); N]) -> [String; N] {
    let mut times: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::new());
    for round in 0..rounds {
        for (run, times) in runs.iter_mut().zip(&mut times) {
            let began = Instant::now();
            run(round);
            times.push(began.elapsed());
        }
    }
    times.map(spread)
}

#[test]
#[ignore = "prints timings"]
fn timings() {
    for records in sizes() {
        let phone = phone_with(records);
        // A file of its own: a transaction of another connection would make the replica's read its pages again.
        let beside = tempfile::tempdir().unwrap();
        let bare = raw(beside.path());
        bare.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE bare (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
        )
        .unwrap();
        let mut insert = bare.prepare("INSERT INTO bare (bytes) VALUES (?1)").unwrap();
        let mut bare_insert = |_: usize| drop(insert.execute([vec![7u8; 200]]).unwrap());
        let parcel = |round: usize| record((round as u32 * 37) % records);
        let mut loaded = |round: usize| {
            phone
                .record(NewFact::new(
                    parcel(round),
                    kinds::delivery::LOADED_OUT,
                    Body::new(),
                ))
                .unwrap();
        };
        let mut delivered = |round: usize| {
            let body = Body::new().with(field::PROOF, 1u16).with(field::RECEIVER, "张三");
            let new = NewFact::new(parcel(round), kinds::delivery::DELIVERED, body);
            phone.record(new.with_side(SideName::Position, [1; 10])).unwrap();
        };
        let [bare, loaded] = interleaved(rounds(), [&mut bare_insert, &mut loaded]);
        println!("bare insert: {bare}\nloaded out:  {loaded}");
        let [bare, delivered] = interleaved(rounds(), [&mut bare_insert, &mut delivered]);
        println!("bare insert: {bare}\ndelivered:   {delivered}");
        println!("today: {}", timed(50, |_| drop(phone.today().unwrap())));
        println!("items on the route: {}", phone.today().unwrap().stops.len());
        for typed in ["张", "zw", "2345", "YT0000"] {
            let found = phone.search(typed, 50).unwrap();
            println!(
                "search {typed}: {} found, {}",
                found.len(),
                timed(50, |_| drop(phone.search(typed, 50).unwrap()))
            );
        }
        drop(insert);
        drop(bare);
        let Phone { replica, dir, .. } = phone;
        drop(replica);
        let bare = timed(50, |_| {
            let connection = raw(dir.path());
            let mut statement = connection
                .prepare("SELECT * FROM records WHERE record = ?1")
                .unwrap();
            assert!(statement.exists([record(5).0]).unwrap());
        });
        println!("bare open and one indexed select: {bare}");
        let opened = timed(50, |_| {
            drop(
                Replica::open(dir.path(), KEY, surroundings(5))
                    .unwrap()
                    .today()
                    .unwrap(),
            )
        });
        println!("open and today: {opened}");
    }
}
