//! What goes over the air: a courier's day up, a day's parcels down, nothing at all, and a day on a link that cuts.
//! Real replicas against the real server binary, through a proxy that counts every byte of every connection; beside
//! them Automerge's own sync protocol, and the least that the same facts could weigh.

mod automerge_sync;
mod field;
mod floor;

use anyhow::Result;
use field::{Day, Field, Idle};
use saddlebag_tests::bench::{Exchanged, Numbers, Row, Table};

const SEED: u64 = 12;
/// Days, each of a seed of its own.
const RUNS: usize = 10;
/// Parcels of a day.
const JOBS: usize = 150;
/// Deliveries on the courier's phone before the first day, and on the phones that have nothing to say.
const ON_PHONE: usize = 5_000;
const MANY: usize = 100_000;

const DAY_MOST: u64 = 10 * 1024;
const TIMES_OF_FLOOR: f64 = 1.3;
const CREATING_MOST: u64 = 14 * 1024;
const IDLE_MOST: u64 = 600;
const TIMES_OF_CLEAN: f64 = 3.0;

fn main() -> Result<()> {
    println!(
        "Seeds {SEED} to {}, a day each. Bytes are median / p90, with HTTP/1.1 headers",
        SEED + RUNS as u64 - 1
    );
    println!("unless they are called bodies; TLS is not counted; 1 KB is 1,024 B.\n");
    let deliveries = ON_PHONE + RUNS * JOBS + ON_PHONE + MANY;
    let mut field = Field::set_up(SEED, deliveries, ON_PHONE)?;
    let days = (SEED..).take(RUNS).map(|seed| field.day(seed, JOBS));
    let days = days.collect::<Result<Vec<_>>>()?;
    let idle = field.idle(RUNS, JOBS, [ON_PHONE, MANY])?;
    let mut table = Table::default();
    table.add(a_day(&days));
    table.add(creating(&days, &idle.to_a_stranger));
    table.add(nothing(&idle));
    table.add(cut(&days));
    table.print();
    Ok(())
}

fn of(days: &[Day], number: impl Fn(&Day) -> u64) -> Numbers {
    days.iter().map(number).collect()
}

fn a_day(days: &[Day]) -> Row {
    let up = of(days, |day| day.clean.counted.bytes_up);
    let body = of(days, |day| day.clean.progress.bytes_up);
    let requests = of(days, |day| day.clean.progress.requests).most();
    let floor = of(days, |day| day.floor);
    let peer = of(days, |day| day.automerge.bytes_up);
    let messages = of(days, |day| day.automerge.messages);
    let times = of_each(days, |day| day.clean.counted.bytes_up as f64 / day.floor as f64);
    Row {
        what: "a day of 450 facts on 150 jobs, 5,000 records on the phone: bytes up".into(),
        came_to: format!(
            "{up} B, the heaviest day {}, {requests} request, {times:.2} × the floor; body {body} B",
            up.most()
        ),
        beside: format!("Automerge's sync protocol {peer} B up in {messages} messages; floor {floor} B"),
        at_most: format!("{DAY_MOST} B at p90, 1 request, {TIMES_OF_FLOOR} × the floor"),
        is_within: up.percentile(90) <= DAY_MOST && requests == 1 && times <= TIMES_OF_FLOOR,
    }
}

fn creating(days: &[Day], to_a_stranger: &Exchanged) -> Row {
    let down = of(days, |day| day.created.counted.bytes_down);
    let body = of(days, |day| day.created.progress.bytes_down);
    Row {
        what: "creating 150 deliveries with their plans at the county: bytes down to one phone".into(),
        came_to: format!("{down} B; body {body} B"),
        beside: format!(
            "to a phone that knows none of the households yet, with these and their camps {} B",
            to_a_stranger.counted.bytes_down
        ),
        at_most: format!("{CREATING_MOST} B"),
        is_within: down.most() <= CREATING_MOST,
    }
}

fn nothing(idle: &Idle) -> Row {
    let came_to = idle.phones.each_ref().map(|(number, runs)| {
        let numbers = |of: fn(&Exchanged) -> u64| runs.iter().map(of).collect::<Numbers>();
        let up = numbers(|run| run.counted.bytes_up);
        let down = numbers(|run| run.counted.bytes_down);
        let requests = numbers(|run| run.progress.requests).most();
        let is_within = up.most() <= IDLE_MOST && down.most() <= IDLE_MOST && requests == 1;
        (
            format!("{number}: {up} B up, {down} B down, {requests} request"),
            is_within,
        )
    });
    let [(few, few_within), (many, many_within)] = came_to;
    Row {
        what: "idle sync, by deliveries on the phone".into(),
        came_to: format!("{few}; {many}"),
        beside: String::new(),
        at_most: format!("{IDLE_MOST} B each way, 1 request, for both"),
        is_within: few_within && many_within,
    }
}

fn cut(days: &[Day]) -> Row {
    let both_ways = |run: &Exchanged| run.counted.bytes_up + run.counted.bytes_down;
    let all = of(days, |day| day.cut.iter().map(both_ways).sum());
    let clean = of(days, |day| both_ways(&day.clean));
    let requests = of(days, |day| day.cut.iter().map(|run| run.progress.requests).sum());
    let cuts = of(days, |day| day.cut.iter().map(|run| run.counted.cuts).sum());
    let times = of_each(days, |day| {
        day.cut.iter().map(both_ways).sum::<u64>() as f64 / both_ways(&day.clean) as f64
    });
    Row {
        what: "the same day, each connection cut after 4 KB in either direction: bytes both ways".into(),
        came_to: format!("arrives; {all} B, {times:.2} × the clean day; {requests} requests, {cuts} cuts"),
        beside: format!("the clean day: {clean} B"),
        at_most: format!("{TIMES_OF_CLEAN} ×"),
        is_within: times <= TIMES_OF_CLEAN,
    }
}

/// The greatest of a ratio.
fn of_each(days: &[Day], ratio: impl Fn(&Day) -> f64) -> f64 {
    days.iter().map(ratio).fold(0.0, f64::max)
}
