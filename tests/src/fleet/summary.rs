//! What happened, for people and, in the last line, for scripts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::checker::Findings;

/// How many findings of a kind are shown.
const SHOWN: usize = 20;

/// The numbers of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// What everything was drawn from.
    pub seed: u64,
    /// Couriers.
    pub couriers: u64,
    /// Days that each was offline.
    pub days: u64,
    /// Records at the county.
    pub records: u64,
    /// Facts at the county.
    pub facts: u64,
    /// Facts that phones showed as saved.
    pub saved_facts: u64,
    /// Edits of plans that phones showed as saved.
    pub saved_edits: u64,
    /// Sessions of syncing.
    pub syncs: u64,
    /// Requests, answered or not.
    pub requests: u64,
    /// Connections that a link cut.
    pub cuts: u64,
    /// Requests that were delivered, and whose answers a link lost.
    pub lost_answers: u64,
    /// Requests that a link delivered twice.
    pub duplicates: u64,
    /// How often the server was killed while it served.
    pub server_kills: u64,
    /// Acts that were shown as saved and are nowhere.
    pub lost: u64,
    /// Acts, credits and fen that are there twice, or that nobody did.
    pub duplicated: u64,
    /// Differences between a phone and the county.
    pub disagreements: u64,
    /// What somebody holds and may not see.
    pub leaked: u64,
    /// What still waits on a phone though it should have arrived.
    pub waiting: u64,
    /// Stamps more than 10 minutes off that no wrong clock excuses.
    pub misdated: u64,
    /// How often the county was restored from a backup.
    pub restores: u64,
    /// What never left a phone that is gone.
    pub gone_with_phone: u64,
    /// How often the county told a phone to go on under another number, since there was a copy of it or it was put back.
    pub forks: u64,
    /// What the county holds and shows to nobody, by its reason.
    pub held: BTreeMap<String, u64>,
    /// Bytes from the phones to the server, headers and what cuts wasted included.
    pub bytes_up: u64,
    /// Bytes from the server to the phones, likewise.
    pub bytes_down: u64,
    /// How long all of it took.
    pub seconds: f64,
}

impl Summary {
    pub(crate) fn count(&mut self, found: &Findings) {
        let len = |findings: &[String]| findings.len() as u64;
        self.lost = len(&found.lost);
        self.duplicated = len(&found.duplicated);
        self.disagreements = len(&found.disagreements);
        self.leaked = len(&found.leaked);
        self.waiting = len(&found.waiting);
        self.misdated = len(&found.misdated);
    }

    /// Whether everything is as it must be.
    pub fn is_clean(&self) -> bool {
        [
            self.lost,
            self.duplicated,
            self.disagreements,
            self.leaked,
            self.waiting,
            self.misdated,
        ] == [0; 6]
    }

    /// The last line: one JSON object.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What happened, to be read.
    pub(crate) fn told(&self, found: &Findings) -> String {
        let mut told = String::new();
        let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        // Writing to a String cannot fail.
        let _ = writeln!(
            told,
            "{} couriers worked {} days offline: {} facts and {} edits of plans, each shown as saved.\n\
             They synced {} times in {} requests; the links cut {} connections, lost {} answers and delivered {} \
             requests twice; the server was killed {} times while it served.\n\
             {:.1} MiB went up, {:.1} MiB came down. The county holds {} records and {} facts.",
            self.couriers,
            self.days,
            self.saved_facts,
            self.saved_edits,
            self.syncs,
            self.requests,
            self.cuts,
            self.lost_answers,
            self.duplicates,
            self.server_kills,
            mebibytes(self.bytes_up),
            mebibytes(self.bytes_down),
            self.records,
            self.facts,
        );
        for (kind, findings) in found.all() {
            let _ = writeln!(told, "{kind}: {}", findings.len());
            for finding in findings.iter().take(SHOWN) {
                let _ = writeln!(told, "    {finding}");
            }
            if findings.len() > SHOWN {
                let _ = writeln!(told, "    and {} more", findings.len() - SHOWN);
            }
        }
        told
    }
}
