//! What a courier waits for: recording, opening, searching; each beside the least that SQLCipher could do for it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use saddlebag_records::codes::failure_reason;
use saddlebag_records::fact::{Body, SideName, field, kinds::delivery};
use saddlebag_records::fold::tokens_for_index;
use saddlebag_records::id::RecordId;
use saddlebag_records::position::Position;
use saddlebag_records::stop_order;
use saddlebag_replica::NewFact;
use saddlebag_tests::bench::{Bare, FilledPhone, Row, Sample, Table, interleaved};
use saddlebag_tests::county::{County, Sizes, generate};

const SEED: u64 = 11;
const RUNS: usize = 300;
const MANY: usize = 10_000;
const FEW: usize = 1_000;
/// Stops of a long day, and how often they are put in order.
const STOPS: usize = 60;
const RIDES: usize = 40;
/// Rows of a screen.
const FIRST: u32 = 50;

fn main() -> Result<()> {
    println!("Seed {SEED}, {RUNS} interleaved runs; times are median / p90.\n");
    let (large, small) = (county(MANY)?, county(FEW)?);
    let (in_large, in_small) = (FilledPhone::with(&large)?, FilledPhone::with(&small)?);
    let mut table = Table::default();
    recording(&mut table, &in_large)?;
    opening(&mut table, &in_large, &in_small)?;
    searching(&mut table, &large, &in_large, &in_small)?;
    ordering(&mut table, &large)?;
    table.print();
    Ok(())
}

/// So many deliveries, seven for ten of them to a household of its own.
fn county(deliveries: usize) -> Result<County> {
    let households = deliveries * 7 / 10;
    generate(
        SEED,
        Sizes {
            households,
            deliveries,
            ..Sizes::default()
        },
    )
}

/// Fails the whole run: a benchmark of what does not work measures nothing.
#[allow(clippy::expect_used)]
fn sure<T, E: std::fmt::Debug>(done: Result<T, E>) -> T {
    done.expect("a step of the benchmark failed")
}

fn recording(table: &mut Table, phone: &FilledPhone) -> Result<()> {
    let bare = RefCell::new(Bare::with_rows(&phone.folder().join("bare.db"), MANY)?);
    let mut records = phone.on_route.iter().cycle();
    let [ours, peer] = interleaved(
        RUNS,
        |sample| {
            phone.pass(60_000);
            let record = sure(records.next().copied().context("no records"));
            let reason = Body::new().with(field::REASON, failure_reason::RECIPIENT_ABSENT);
            let fact =
                NewFact::new(record, delivery::ATTEMPTED, reason).with_side(SideName::Position, [1; 10]);
            sure(sample.time(|| phone.replica.record(fact)));
        },
        |sample| sure(sample.time(|| bare.borrow_mut().insert())),
    );
    let what = "recording one fact with its position, durable, 10,000 deliveries in the store";
    table.add_times(
        what,
        &ours,
        &peer,
        "one bare SQLCipher insert transaction, FULL",
        [Some(2.0), Some(3.0)],
    );
    Ok(())
}

fn opening(table: &mut Table, large: &FilledPhone, small: &FilledPhone) -> Result<()> {
    let file = large.folder().join("records.db");
    let open_and_read = |phone: &FilledPhone, sample: &mut Sample| {
        let (_open, route) = sample.time(|| {
            let replica = sure(phone.open_again());
            let route = sure(replica.today());
            (replica, route)
        });
        assert_eq!(
            route.stops.iter().map(|stop| stop.items.len()).sum::<usize>(),
            phone.on_route.len()
        );
    };
    let [ours, peer] = interleaved(
        RUNS,
        |sample| open_and_read(large, sample),
        |sample| {
            let (_open, rows) = sample.time(|| {
                let connection = sure(Bare::open(&file));
                let rows = sure(read_route(&connection));
                (connection, rows)
            });
            assert_eq!(rows, large.on_route.len());
        },
    );
    let what = "opening with 10,000 deliveries and reading today's route, 150 items";
    table.add_times(
        what,
        &ours,
        &peer,
        "a bare open of the same file, one indexed select",
        [Some(3.0), None],
    );
    let [ours, few] = interleaved(
        RUNS,
        |sample| open_and_read(large, sample),
        |sample| open_and_read(small, sample),
    );
    table.add_times(
        "the same",
        &ours,
        &few,
        "the same with 1,000 deliveries",
        [Some(1.5), None],
    );
    Ok(())
}

/// A whole ride begun at its other end each time, so that nearly every stop gets another place.
fn ordering(table: &mut Table, county: &County) -> Result<()> {
    let phone = FilledPhone::riding_to(county, STOPS)?;
    let stops = phone.replica.today()?.stops;
    ensure!(stops.len() == STOPS, "{} stops", stops.len());
    let to_order: Vec<stop_order::Stop> = stops
        .iter()
        .map(|stop| stop_order::Stop {
            position: stop.position,
            comes_first: stop.comes_first,
        })
        .collect();
    ensure!(to_order.iter().all(|stop| stop.position.is_some()));
    let corners = [(490_000_000, 870_000_000), (477_000_000, 856_000_000)];
    let froms = corners.map(|(lat_e7, lon_e7)| Some(Position { lat_e7, lon_e7 }));
    let (mut whole, mut alone) = (Sample::default(), Sample::default());
    let mut moved = Vec::new();
    for from in froms.into_iter().cycle().take(RIDES) {
        alone.time(|| std::hint::black_box(stop_order::order(from, &to_order, &BTreeSet::new())));
        moved.push(sure(whole.time(|| phone.replica.order_stops(from))).moved);
    }
    moved.sort_unstable();
    let ms = |sample: &Sample, at| sample.percentile(at).as_secs_f64() * 1e3;
    table.add(Row {
        what: format!(
            "putting {STOPS} stops in order, with the edits of their plans, 10,000 deliveries in the store"
        ),
        came_to: format!(
            "{:.0} / {:.0} ms; {} plans edited at the median",
            ms(&whole, 50),
            ms(&whole, 90),
            moved.get(RIDES / 2).copied().unwrap_or_default()
        ),
        beside: format!(
            "finding the order alone: {:.0} / {:.0} ms",
            ms(&alone, 50),
            ms(&alone, 90)
        ),
        at_most: "300 ms at p90".to_owned(),
        is_within: ms(&whole, 90) <= 300.0,
    });
    Ok(())
}

/// Reads every value of the route from the index that holds them all.
fn read_route(connection: &Connection) -> Result<usize> {
    let mut statement = connection.prepare(
        "SELECT record, kind, status, title, address, household_name, household, place_names, place, waybill,
         due_from_ms, due_until_ms, cash_fen, flags, discrepancies, unsent
         FROM records INDEXED BY route WHERE on_route > 0 ORDER BY on_route, due_from_ms",
    )?;
    read_all(&mut statement.query([])?)
}

/// Reads every value of every row. How many rows.
fn read_all(rows: &mut rusqlite::Rows<'_>) -> Result<usize> {
    let mut count = 0;
    while let Some(row) = rows.next()? {
        for column in 0..row.as_ref().column_count() {
            std::hint::black_box(row.get_ref(column)?);
        }
        count += 1;
    }
    Ok(count)
}

fn searching(table: &mut Table, county: &County, large: &FilledPhone, small: &FilledPhone) -> Result<()> {
    for (what, typed) in [
        (
            "the commonest surname",
            commonest(names(county).filter_map(|name| name.chars().next()))?,
        ),
        (
            "the two commonest initials",
            commonest(names(county).flat_map(initials))?,
        ),
        (
            "the last four digits of a phone, the commonest",
            commonest(tails(county))?,
        ),
    ] {
        let found = large.replica.search(&typed, None, FIRST)?;
        ensure!(!found.is_empty(), "{typed} is not found");
        let ids: Vec<RecordId> = found.iter().map(|item| item.record).collect();
        let connection = Bare::open(&large.folder().join("records.db"))?;
        let [ours, peer] = interleaved(
            RUNS,
            |sample| drop(sure(sample.time(|| large.replica.search(&typed, None, FIRST)))),
            |sample| {
                let rows = sample.time(|| {
                    let by_id = |id: &RecordId| {
                        let mut statement =
                            connection.prepare_cached("SELECT * FROM records WHERE record = ?1")?;
                        read_all(&mut statement.query([id.0])?)
                    };
                    ids.iter().map(|id| sure(by_id(id))).sum::<usize>()
                });
                assert_eq!(rows, ids.len());
            },
        );
        let rows = ids.len();
        let what = format!("searching 10,000 deliveries and what they name for {what}: first {rows} rows");
        table.add_times(
            &what,
            &ours,
            &peer,
            "selecting the same rows by their ids",
            [None, Some(10.0)],
        );
        let [ours, few] = interleaved(
            RUNS,
            |sample| drop(sure(sample.time(|| large.replica.search(&typed, None, FIRST)))),
            |sample| drop(sure(sample.time(|| small.replica.search(&typed, None, FIRST)))),
        );
        let rows = small.replica.search(&typed, None, FIRST)?.len();
        let beside = format!("the same with 1,000 deliveries, {rows} rows");
        table.add_times("the same", &ours, &few, &beside, [None, Some(3.0)]);
    }
    Ok(())
}

fn names(county: &County) -> impl Iterator<Item = &str> {
    county
        .households
        .iter()
        .map(|household| household.name.in_chinese.as_str())
}

/// The pinyin initials of two characters in a row.
fn initials(name: &str) -> Vec<String> {
    let tokens: BTreeSet<String> = tokens_for_index(name);
    let pair = |token: String| {
        token
            .strip_prefix('p')
            .filter(|pair| pair.len() == 2)
            .map(str::to_owned)
    };
    tokens.into_iter().filter_map(pair).collect()
}

fn tails(county: &County) -> impl Iterator<Item = &str> {
    let tail = |phone: &'_ String| phone.len().checked_sub(4);
    county
        .deliveries
        .iter()
        .filter_map(move |delivery| delivery.phone.get(tail(&delivery.phone)?..))
}

fn commonest<T: ToString>(words: impl Iterator<Item = T>) -> Result<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word.to_string()).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    Ok(most.context("nothing to search for")?.0)
}
