//! A courier's day by Saddlebag and by what one would take instead: automerge-repo with its WebSocket server, and
//! PouchDB with express-pouchdb. The same parcels and facts, the same link before each server, everything at its best:
//! `tests/peers` says what each peer was given.
//!
//! `PARCELS=150` measures one number of parcels alone.

mod day;
mod memory;
mod node;
mod run;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use day::Day;
use run::{Came, LONGEST};
use saddlebag_tests::bench::{Narrow, Row, Table};

const SEED: u64 = 41;
const PARCELS: [usize; 2] = [150, 1_000];
const LINKS: [(&str, Narrow); 2] = [
    (
        "500 ms and 5 KB/s",
        Narrow {
            round_trip: Duration::from_millis(500),
            bytes_a_second: Some(5 * 1024),
        },
    ),
    (
        "an unlimited link",
        Narrow {
            round_trip: Duration::ZERO,
            bytes_a_second: None,
        },
    ),
];
/// The peers, and their folders.
const PEERS: [(&str, &str); 2] = [("automerge-repo 2.5", "automerge-repo"), ("PouchDB 9", "pouchdb")];

fn main() -> Result<()> {
    let Some(peers) = node::installed() else {
        println!("Nothing is measured beside peers: they are not installed (scripts/set-up.sh bench).");
        return Ok(());
    };
    let only: Option<usize> = std::env::var("PARCELS")
        .ok()
        .and_then(|number| number.parse().ok());
    println!(
        "Seed {SEED}; three facts a parcel. 500 ms are a round trip; 1 KB is 1,024 B, 1 MB 1,048,576 B;"
    );
    println!("bytes are with the headers of HTTP or WebSocket; memory is the server's resident pages.\n");
    let mut table = Table::default();
    for parcels in PARCELS
        .into_iter()
        .filter(|parcels| only.is_none_or(|only| only == *parcels))
    {
        let mut day = Day::of(SEED, parcels)?;
        for (link, (called, narrow)) in LINKS.into_iter().enumerate() {
            let what = format!("{parcels} parcels, {called}");
            let ours = run::ours(&mut day, narrow, &format!("ours-{link}"), SEED)?;
            let mut beside = Vec::new();
            for (name, folder) in PEERS {
                let scripts = peers.join("src").join(folder);
                beside.push((name, a_peer(&scripts, &day, narrow, &format!("{folder}-{link}"))?));
            }
            compare(&mut table, &what, ours, &beside);
        }
    }
    table.print();
    Ok(())
}

fn a_peer(scripts: &Path, day: &Day, narrow: Narrow, name: &str) -> Result<Came> {
    let came = run::peer(scripts, day, narrow, name)?;
    eprintln!("{name}: {came:?}");
    Ok(came)
}

/// A line for each figure. What a peer did not end in time it is behind in; its bytes so far are told and not compared.
fn compare(table: &mut Table, what: &str, ours: Came, beside: &[(&str, Came)]) {
    let mut line = |figure: &str, say: &dyn Fn(&Came) -> String, ahead: &dyn Fn(&Came) -> bool| {
        let said = beside.iter().map(|(name, came)| format!("{name} {}", say(came)));
        table.add(Row {
            what: format!("{what}: {figure}"),
            came_to: say(&ours),
            beside: said.collect::<Vec<_>>().join("; "),
            at_most: "less than either".into(),
            is_within: beside.iter().all(|(_, came)| ahead(came)),
        });
    };
    line(
        "time until all is acknowledged",
        &|came| match came.time {
            Some(time) => format!("{:.2} s", time.as_secs_f64()),
            None => format!("more than {} s", LONGEST.as_secs()),
        },
        &|came| {
            came.time
                .is_none_or(|time| ours.time.is_some_and(|ours| ours < time))
        },
    );
    line(
        "bytes up and down",
        &|came| {
            let [up, down] = came.bytes;
            format!(
                "{up} + {down} B{}",
                if came.time.is_none() { " so far" } else { "" }
            )
        },
        &|came| came.time.is_none() || ours.bytes.iter().sum::<u64>() < came.bytes.iter().sum(),
    );
    line(
        "messages both ways",
        &|came| {
            came.messages
                .map_or("not told".into(), |messages| messages.to_string())
        },
        &|came| {
            came.messages
                .is_none_or(|messages| ours.messages.is_some_and(|ours| ours < messages))
        },
    );
    line(
        "memory of the server at its peak",
        &|came| format!("{:.1} MB", came.memory.peak),
        &|came| ours.memory.peak < came.memory.peak,
    );
    line(
        "of that, over idle",
        &|came| format!("{:.1} MB", came.memory.over_idle),
        &|came| ours.memory.over_idle < came.memory.over_idle,
    );
}
