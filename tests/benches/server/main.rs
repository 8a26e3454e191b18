//! What the server bears: durable facts a second, what a fact costs as the county grows, plan changes, a phone among
//! many, memory, and a restart. The real binary behind loopback, driven by requests that were built beforehand; beside
//! it what the same rows, or the same changes, cost by themselves.
//!
//! `FACTS=100000` ends it at a smaller county.

mod county;
mod floor;
mod plans;
mod process;

use std::time::Instant;

use anyhow::Result;
use county::{BusyCounty, Pushed};
use saddlebag_tests::bench::{Row, Sample, Table};

const SEED: u64 = 21;
/// Phones that push, each over a connection of its own.
const PHONES: usize = 32;
const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;
/// Times that a phone syncs alone, and among the others.
const SYNCS: usize = 15;

const LEAST_A_SECOND: f64 = 10_000.0;
const LEAST_OF_FLOOR: f64 = 0.3;
const MOST_GROWTH: f64 = 1.25;
const MOST_OF_AUTOMERGE: f64 = 1.5;
const MOST_AMONG_OTHERS: f64 = 3.0;
const MOST_MEMORY: f64 = 150.0;
const MOST_RESTART_S: f64 = 2.0;

fn main() -> Result<()> {
    let many = std::env::var("FACTS")
        .ok()
        .and_then(|facts| facts.parse().ok())
        .unwrap_or(MANY);
    println!(
        "Seed {SEED}; {PHONES} connections, batches of {} facts.\n",
        county::BATCH
    );
    let mut county = BusyCounty::found(SEED, PHONES)?;
    let mut table = Table::default();
    let first = county.day(false)?;
    let floor = floor::Rows::after(&county.server, first.log_before)?.facts_a_second(PHONES)?;
    let few = county.until(FEW.max(first.in_county))?.unwrap_or(first);
    let (alone, among) = among_others(&mut county)?;
    let changes = plans::measure(&mut county)?;
    let last = county.until(many)?;
    let (restart, idle) = county.restart()?;
    let at_end = county.day(false)?;
    let peak = county.peak_memory()?;
    let last = last.unwrap_or_else(|| at_end.clone());
    throughput(&mut table, &few, &last, floor);
    growth(&mut table, &few, &last);
    table.add(changes.row(MOST_OF_AUTOMERGE));
    table.add_times(
        &format!("a phone's day in one request while {PHONES} others push without pause"),
        &among,
        &alone,
        "the same alone",
        [Some(MOST_AMONG_OTHERS), None],
    );
    let megabytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let over = megabytes(peak.saturating_sub(idle));
    table.add(Row {
        what: format!(
            "memory of the server with {} facts, at its peak over idle",
            at_end.in_county
        ),
        came_to: format!("{over:.0} MB"),
        beside: format!("peak {:.0} MB, idle {:.0} MB", megabytes(peak), megabytes(idle)),
        at_most: format!("{MOST_MEMORY} MB"),
        is_within: over <= MOST_MEMORY,
    });
    table.add(Row {
        what: format!("start of a server with {} facts until `/readyz`", last.in_county),
        came_to: format!("{:.2} s", restart.as_secs_f64()),
        beside: String::new(),
        at_most: format!("{MOST_RESTART_S} s"),
        is_within: restart.as_secs_f64() <= MOST_RESTART_S,
    });
    table.print();
    Ok(())
}

fn throughput(table: &mut Table, few: &Pushed, last: &Pushed, floor: f64) {
    for (pushed, at) in [(few, few.in_county), (last, last.in_county)] {
        let a_second = pushed.facts as f64 / pushed.took.as_secs_f64();
        table.add(Row {
            what: format!("admitted, durable facts a second, {at} in the county"),
            came_to: format!("{a_second:.0}, {:.2} of the floor", a_second / floor),
            beside: format!(
                "the same rows of facts, log and side values, group-committed with FULL: {floor:.0}"
            ),
            at_most: format!("at least {LEAST_A_SECOND}, {LEAST_OF_FLOOR} of the floor"),
            is_within: a_second >= LEAST_A_SECOND && a_second >= LEAST_OF_FLOOR * floor,
        });
    }
}

fn growth(table: &mut Table, few: &Pushed, last: &Pushed) {
    let a_fact = |pushed: &Pushed| pushed.cpu.as_secs_f64() * 1e6 / pushed.facts as f64;
    let (before, after) = (a_fact(few), a_fact(last));
    table.add(Row {
        what: format!("CPU of the server for a fact, {} in the county", last.in_county),
        came_to: format!("{after:.0} µs, {:.2} ×", after / before),
        beside: format!("{} in the county: {before:.0} µs", few.in_county),
        at_most: format!("{MOST_GROWTH} ×"),
        is_within: after <= MOST_GROWTH * before,
    });
}

/// A phone's syncing by itself, and the same among others that never pause.
fn among_others(county: &mut BusyCounty) -> Result<(Sample, Sample)> {
    let (mut alone, mut among) = (Sample::default(), Sample::default());
    let begun = Instant::now();
    for _ in 0..SYNCS {
        county.one_phone(&mut alone)?;
    }
    while among.count() < SYNCS {
        county.one_phone_among_others(&mut among, SYNCS)?;
    }
    eprintln!("a phone among others: {:.0} s", begun.elapsed().as_secs_f64());
    Ok((alone, among))
}
