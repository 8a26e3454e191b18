//! Small fleets by the thousand.

use std::path::Path;

use anyhow::Result;

use super::threads::each_seed;
use super::{Drawn, Failed, Report};
use crate::fleet::small::{Template, Trouble, run};

/// The part's name.
pub const PART: &str = "fleets";

/// Lets a small fleet of each seed live and checks it. The files of one that fails stay in the temporary folder.
///
/// # Errors
/// Where the county cannot be founded that all of them are copies of.
pub fn soak(
    drawn: Drawn,
    server: &Path,
    fault: Option<&str>,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Report> {
    let template = Template::found(server, fault)?;
    Ok(each_seed(PART, drawn, tell, |seed| one(&template, drawn, seed)))
}

fn one(template: &Template, drawn: Drawn, seed: u64) -> Result<Report> {
    let folder = tempfile::Builder::new()
        .prefix(&format!("saddlebag-fleet-{seed}-"))
        .tempdir()?;
    let ended = match run(template, seed, folder.path()) {
        Ok(ended) => ended,
        Err(error) => return Err(error.context(drawn.files_of_failed(folder))),
    };
    let mut report = Report::default();
    let summary = &ended.summary;
    for (what, many) in [
        ("fleets", 1),
        ("facts shown as saved", summary.saved_facts),
        ("edits of plans shown as saved", summary.saved_edits),
        ("syncs", summary.syncs),
        ("requests", summary.requests),
        ("connections cut", summary.cuts),
        ("answers lost", summary.lost_answers),
        ("requests doubled", summary.duplicates),
        ("servers killed", summary.server_kills),
    ] {
        report.count(what, many);
    }
    for (_, _, name) in Trouble::ALL {
        report.count(name, ended.troubles.get(name).copied().unwrap_or(0));
    }
    if !ended.told.is_empty() {
        let why = ended.told + &drawn.files_of_failed(folder);
        report.failed.push(Failed {
            part: PART,
            seed,
            why,
        });
    }
    Ok(report)
}
