//! One fleet of 310 phones, and thirty days of one phone without signal.

use std::path::Path;

use anyhow::Result;

use super::threads::each_seed;
use super::{Drawn, Failed, Report};
use crate::fleet::small::{Template, long_queue};
use crate::fleet::{Options, run};

/// The part with many phones.
pub const FLEET: &str = "large-fleet";
/// The part with one that is away for long.
pub const QUEUE: &str = "long-queue";
/// Phones and desks of the large fleet.
pub const PHONES: usize = 310;
/// Days without signal.
pub const DAYS: usize = 30;
/// Those of the phones that sit at desks: seven clerks, a dispatcher, the liaison.
const DESKS: usize = 9;

/// Lets a fleet of so many phones live for a day, with everything that cuts and kills.
pub fn soak_fleet(drawn: Drawn, server: &Path, phones: usize, tell: &(dyn Fn(&str) + Sync)) -> Report {
    let drawn = Drawn { threads: 1, ..drawn };
    each_seed(FLEET, drawn, tell, |seed| {
        let folder = tempfile::Builder::new().prefix("saddlebag-large-").tempdir()?;
        let options = Options {
            server: server.to_owned(),
            seed,
            couriers: phones - DESKS,
            days: 1,
            kills: true,
            fault: None,
            folder: folder.path().to_owned(),
        };
        let ended = run(&options, &|line| tell(line))?;
        let mut report = Report::default();
        let summary = &ended.summary;
        for (what, many) in [
            ("phones", phones as u64),
            ("facts shown as saved", summary.saved_facts),
            ("edits of plans shown as saved", summary.saved_edits),
            ("requests", summary.requests),
            ("connections cut", summary.cuts),
            ("servers killed", summary.server_kills),
        ] {
            report.count(what, many);
        }
        if !summary.is_clean() {
            report.failed.push(Failed {
                part: FLEET,
                seed,
                why: ended.told,
            });
        }
        Ok(report)
    })
}

/// Lets one phone work for so many days without signal, and then sync over a link that cuts every few kilobytes.
///
/// # Errors
/// Where the county cannot be founded.
pub fn soak_queue(drawn: Drawn, server: &Path, days: usize, tell: &(dyn Fn(&str) + Sync)) -> Result<Report> {
    let template = Template::found(server, None)?;
    Ok(each_seed(QUEUE, drawn, tell, |seed| {
        let folder = tempfile::Builder::new().prefix("saddlebag-queue-").tempdir()?;
        let queue = long_queue::live(&template, seed, days, folder.path())?;
        let mut report = Report::default();
        for (what, many) in [
            ("days without signal", days as u64),
            ("facts that waited", queue.facts),
            ("edits of plans that waited", queue.edits),
            ("requests", queue.requests),
            ("connections cut", queue.cuts),
            ("bytes up", queue.bytes_up),
        ] {
            report.count(what, many);
        }
        Ok(report)
    }))
}
