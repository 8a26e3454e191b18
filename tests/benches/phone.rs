//! What a courier waits for: recording, opening, searching; each beside the least that SQLCipher could do for it.

use std::cell::RefCell;

use anyhow::{Context, Result};
use saddlebag_records::fact::{Body, field, kinds::delivery};
use saddlebag_records::id::RecordId;
use saddlebag_replica::NewFact;
use saddlebag_tests::bench::{Bare, FilledPhone, Row, Sample, Table, interleaved};
use saddlebag_tests::county::{Sizes, generate};

const SEED: u64 = 11;
const RUNS: usize = 200;

fn main() -> Result<()> {
    println!("seed {SEED}, {RUNS} interleaved runs; times are median / p90\n");
    let phone = |deliveries: usize| -> Result<FilledPhone> {
        let sizes = Sizes { couriers: 31, households: deliveries.min(7000), deliveries, ..Sizes::default() };
        FilledPhone::with(&generate(SEED, sizes)?)
    };
    let (large, small) = (phone(10_000)?, phone(1_000)?);
    let mut table = Table::default();
    recording(&mut table, &large)?;
    opening(&mut table, &large, &small)?;
    searching(&mut table, &large, &small)?;
    table.print();
    Ok(())
}

/// Fails the whole run: a benchmark of what does not work measures nothing.
#[allow(clippy::expect_used)]
fn sure<T, E: std::fmt::Debug>(done: Result<T, E>) -> T {
    done.expect("a step of the benchmark failed")
}

fn recording(table: &mut Table, phone: &FilledPhone) -> Result<()> {
    let bare = RefCell::new(Bare::with_rows(&phone.folder().join("bare.db"), 10_000)?);
    let mut records = phone.records.iter().cycle();
    let [ours, peer] = interleaved(
        RUNS,
        |sample| {
            let record: RecordId = sure(records.next().copied().context("no records"));
            let body = Body::new().with(field::REASON, 1u16);
            let fact = NewFact::new(record, delivery::ATTEMPTED, body);
            sure(sample.time(|| phone.replica.record(fact)));
        },
        |sample| sure(sample.time(|| bare.borrow_mut().insert())),
    );
    let what = "recording one fact, durable, 10,000 records in the store";
    table.add_times(what, &ours, &peer, "one bare SQLCipher insert transaction, FULL", [Some(2.0), Some(3.0)]);
    Ok(())
}

fn opening(table: &mut Table, large: &FilledPhone, small: &FilledPhone) -> Result<()> {
    let file = large.folder().join("records.db");
    let open_and_read = |phone: &FilledPhone, sample: &mut Sample| {
        let route = sample.time(|| sure(phone.open_again().and_then(|replica| Ok(replica.today()?))));
        assert!(!route.stops.is_empty(), "the route is empty");
    };
    let [ours, peer] = interleaved(
        RUNS,
        |sample| open_and_read(large, sample),
        |sample| {
            let rows = sample.time(|| {
                let connection = sure(Bare::open(&file));
                let select = "SELECT * FROM records INDEXED BY route WHERE on_route > 0";
                let mut statement = sure(connection.prepare(select));
                let mut rows = sure(statement.query([]));
                let mut count = 0;
                while sure(rows.next()).is_some() {
                    count += 1;
                }
                count
            });
            assert!(rows > 0, "the select found nothing");
        },
    );
    let what = "opening with 10,000 records and reading today's route";
    table.add_times(what, &ours, &peer, "a bare open of the same file, one indexed select", [Some(3.0), None]);
    let [ours, few] =
        interleaved(RUNS, |sample| open_and_read(large, sample), |sample| open_and_read(small, sample));
    table.add_times("the same", &ours, &few, "the same with 1,000 records", [Some(1.5), None]);
    Ok(())
}

fn searching(table: &mut Table, large: &FilledPhone, small: &FilledPhone) -> Result<()> {
    for (what, typed) in [("a common surname", "王"), ("two initials", "wj"), ("four digits", "2400")] {
        let found = large.replica.search(typed, 50)?;
        if found.is_empty() {
            table.add(Row {
                what: format!("searching 10,000 records: {what}"),
                came_to: "nothing was found".into(),
                beside: String::new(),
                at_most: "10 × at p90".into(),
                is_within: false,
            });
            continue;
        }
        let ids: Vec<RecordId> = found.iter().map(|item| item.record).collect();
        let connection = Bare::open(&large.folder().join("records.db"))?;
        let [ours, peer] = interleaved(
            RUNS,
            |sample| drop(sure(sample.time(|| large.replica.search(typed, 50)))),
            |sample| {
                let rows = sample.time(|| {
                    let mut statement = sure(connection.prepare_cached("SELECT * FROM records WHERE record = ?1"));
                    let row = |id: &RecordId| sure(statement.query_row([id.0], |row| row.get::<_, Vec<u8>>(1)));
                    ids.iter().map(row).count()
                });
                assert_eq!(rows, ids.len());
            },
        );
        let what = format!("searching 10,000 records: {what}, {} rows", ids.len());
        table.add_times(&what, &ours, &peer, "selecting the same rows by their ids", [None, Some(10.0)]);
        let [ours, few] = interleaved(
            RUNS,
            |sample| drop(sure(sample.time(|| large.replica.search(typed, 50)))),
            |sample| drop(sure(sample.time(|| small.replica.search(typed, 50)))),
        );
        table.add_times("the same", &ours, &few, "the same with 1,000 records", [None, Some(3.0)]);
    }
    Ok(())
}
