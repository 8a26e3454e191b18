//! Power cuts, simulated: a process works under strace, its files are rebuilt as a disk may hold them at some moment,
//! opened again, and compared with what was acknowledged before that moment.
//!
//! SQLite's shared memory is a map that no power cut leaves behind, so what is written there does not matter. A seed is
//! one recording and [`EACH`] cuts of it, in half of which the disk loses all that was not synced, in half some of it.

mod disk;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::threads::each_seed;
use super::{Drawn, Failed, Report};
use crate::fleet::dice::Dice;
use crate::fleet::small::Template;
use crate::fleet::small::recorded::{self, Recorded};
use crate::strace::{Event, read};
use disk::{Loses, after_a_cut};

/// The part that cuts the server's power.
pub const SERVERS: &str = "server-power-cuts";
/// The part that cuts a phone's.
pub const REPLICAS: &str = "replica-power-cuts";
/// Cuts of one seed.
pub const EACH: u64 = 20;

/// Cuts the power of a server of each seed, to which three phones write and sync.
///
/// # Errors
/// Where the county cannot be founded that all of them are copies of.
pub fn soak_servers(
    drawn: Drawn,
    server: &Path,
    fault: Option<&str>,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Report> {
    let template = Template::found(server, fault)?;
    Ok(each_seed(SERVERS, drawn, tell, |seed| {
        one(SERVERS, drawn, seed, &|seed, folder| {
            recorded::server(&template, seed, folder)
        })
    }))
}

/// Cuts the power of a phone of each seed, on which somebody works: `worker` is the program of the soak itself.
///
/// # Errors
/// Where the county cannot be founded that all of them are copies of.
pub fn soak_replicas(
    drawn: Drawn,
    server: &Path,
    worker: &Path,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Report> {
    let template = Template::found(server, None)?;
    Ok(each_seed(REPLICAS, drawn, tell, |seed| {
        one(REPLICAS, drawn, seed, &|seed, folder| {
            recorded::replica(&template, seed, folder, worker)
        })
    }))
}

fn one(
    part: &'static str,
    drawn: Drawn,
    seed: u64,
    record: &dyn Fn(u64, &Path) -> Result<Recorded>,
) -> Result<Report> {
    let folder = tempfile::Builder::new().prefix("saddlebag-cuts-").tempdir()?;
    let told = cut_often(seed, folder.path(), record);
    let (mut report, wrong) = match told {
        Ok(told) => told,
        Err(error) => return Err(error.context(drawn.files_of_failed(folder))),
    };
    if !wrong.is_empty() {
        let why = format!("{}\n{}", wrong.join("\n"), drawn.files_of_failed(folder));
        report.failed.push(Failed { part, seed, why });
    }
    Ok(report)
}

fn cut_often(
    seed: u64,
    folder: &Path,
    record: &dyn Fn(u64, &Path) -> Result<Recorded>,
) -> Result<(Report, Vec<String>)> {
    let recorded = record(seed, folder)?;
    let events = read(&recorded.trace, &recorded.live)?;
    ensure!(
        !recorded.acknowledged.is_empty(),
        "nothing was acknowledged while it was recorded"
    );
    let mut dice = Dice::new(seed, "power cuts");
    let (mut report, mut wrong) = (Report::default(), Vec::new());
    report.count("writes and syncs recorded", events.len() as u64);
    for cut in 0..EACH {
        let at = dice.below(events.len());
        let loses = if cut % 2 == 0 {
            Loses::Everything
        } else {
            Loses::Some
        };
        let to = folder.join(format!("cut-{cut}"));
        let done = events.get(..at).context("events before the cut")?;
        after_a_cut(&recorded.before, &recorded.live, done, loses, &mut dice, &to)?;
        let before = events.get(at).map_or(u64::MAX, |event: &Event| event.at_us);
        report.count("power cuts", 1);
        match recorded.holds(&to, before) {
            Ok(held) => {
                report.count("acknowledged before, and there", held);
                std::fs::remove_dir_all(&to)?;
            }
            Err(error) => wrong.push(format!("cut {cut}, {loses:?} lost after {at} events: {error:#}")),
        }
    }
    Ok((report, wrong))
}
