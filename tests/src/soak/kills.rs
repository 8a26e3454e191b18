//! SIGKILL, at moments that nobody chose. A seed is [`EACH`] kills of one server, or of one phone's command line.

use std::path::Path;

use anyhow::Result;

use super::threads::each_seed;
use super::{Drawn, Failed, Report};
use crate::fleet::small::{Template, killed};

/// The part that kills servers.
pub const SERVERS: &str = "server-kills";
/// The part that kills the command line.
pub const REPLICAS: &str = "replica-kills";
/// Kills of one seed.
pub const EACH: u64 = 10;

/// Kills a server of each seed while three phones write and sync.
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
    let one = |seed: u64, folder: &Path| killed::server(&template, seed, EACH, folder);
    Ok(each_seed(SERVERS, drawn, tell, |seed| {
        told(SERVERS, drawn, seed, &one)
    }))
}

/// Kills the command line of each seed while it scans and syncs.
///
/// # Errors
/// Where the county cannot be founded that all of them are copies of.
pub fn soak_replicas(
    drawn: Drawn,
    server: &Path,
    cli: &Path,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Report> {
    let template = Template::found(server, None)?;
    let one = |seed: u64, folder: &Path| killed::command_line(&template, cli, seed, EACH, folder);
    Ok(each_seed(REPLICAS, drawn, tell, |seed| {
        told(REPLICAS, drawn, seed, &one)
    }))
}

fn told(
    part: &'static str,
    drawn: Drawn,
    seed: u64,
    one: &(dyn Fn(u64, &Path) -> Result<killed::Killed> + Sync),
) -> Result<Report> {
    let folder = tempfile::Builder::new().prefix("saddlebag-kills-").tempdir()?;
    let killed = match one(seed, folder.path()) {
        Ok(killed) => killed,
        Err(error) => return Err(error.context(drawn.files_of_failed(folder))),
    };
    let mut report = Report::default();
    report.count("SIGKILLs", killed.kills);
    report.count("facts told to be saved", killed.facts);
    report.count("syncs done between kills", killed.syncs);
    if !killed.told.is_empty() {
        let why = killed.told + &drawn.files_of_failed(folder);
        report.failed.push(Failed { part, seed, why });
    }
    Ok(report)
}
