//! Forgetting (PRODUCT.md, privacy rule 9): every night what is over by `core/records/rules/retention.csv` goes, and what
//! somebody asked for. A record leaves its bare id and why.
//!
//! A run reads a page at a time beside the writer and forgets a few at a time in jobs of it, each with its tombstones in
//! the journal first. It rests on nothing but what it finds: one that was killed is begun anew.

mod by_time;
mod covered;
mod due;
mod person;
mod records;
mod sides;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::county::{Counties, County};
use crate::store::{StoreError, WriteTx};

pub(crate) use person::destroy;
pub(crate) use records::{forget_again, left_of_forgotten};

/// Records that one job forgets, and side values that one removes: others must not wait for long.
const AT_A_TIME: usize = 50;
/// 02:30 in Beijing, in UTC: before the night's backup, so that it has nothing that was due.
const NIGHT_MS: i64 = (18 * 60 + 30) * 60_000;
const DAY_MS: i64 = 86_400_000;
/// Rows that are read at a time.
const PAGE: usize = 200;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Records whose time was over.
    pub records: u64,
    /// Records that somebody asked to be forgotten, or that a withdrawn consent covered.
    pub for_person: u64,
    /// Side values.
    pub side_values: u64,
    /// Held items.
    pub held: u64,
    /// Entries of the auditor's log.
    pub audit: u64,
    /// Rows of the log below its new floor.
    pub log: u64,
}

impl Forgotten {
    fn is_anything(&self) -> bool {
        *self != Self::default()
    }
}

/// Forgets everything of a county that is due now. Blocks until it is durable and the write-ahead log is empty.
///
/// # Errors
/// Every [`StoreError`]; what was done until then stays done.
pub fn run(county: &County) -> Result<Forgotten, StoreError> {
    let running = &county.last_forgetting().running;
    let _running = running.lock().unwrap_or_else(PoisonError::into_inner);
    let now_ms = county.now_ms();
    let mut forgotten = Forgotten::default();
    covered::withdrawn(county, now_ms, &mut forgotten)?;
    due::records(county, now_ms, &mut forgotten)?;
    sides::of_forgotten(county, &mut forgotten)?;
    sides::over(county, now_ms, &mut forgotten)?;
    by_time::over(county, now_ms, &mut forgotten)?;
    if forgotten.is_anything() {
        let told = serde_json::to_string(&forgotten).unwrap_or_default();
        let note = move |tx: &mut dyn WriteTx| tx.append_audit(None, "forgotten", None, &told);
        county.store().write(county.moment(), note).wait()?;
    }
    // Also where nothing was due: a run that was killed, or a restore, may not have come to it.
    empty_log(county)?;
    Ok(forgotten)
}

/// Until then what was deleted stands in the file, or in the log.
fn empty_log(county: &County) -> Result<(), StoreError> {
    if !county.store().empty_log()? {
        tracing::warn!("somebody read for long: the write-ahead log was not emptied");
    }
    Ok(())
}

/// When a county last forgot what was due, UTC milliseconds: never, after it was opened.
#[derive(Debug)]
pub(crate) struct LastForgetting {
    at_ms: AtomicI64,
    /// Held by a run: another one would look at the same.
    running: Mutex<()>,
}

impl Default for LastForgetting {
    fn default() -> Self {
        Self {
            at_ms: AtomicI64::new(i64::MIN),
            running: Mutex::default(),
        }
    }
}

impl LastForgetting {
    /// Whether a night began since then. A clock that was set back is no night.
    fn is_due(&self, now_ms: i64) -> bool {
        let night = |ms: i64| ms.saturating_sub(NIGHT_MS).div_euclid(DAY_MS);
        night(self.at_ms.load(Ordering::Relaxed)) < night(now_ms)
    }
}

/// Runs it for every county where it was not run since the night began, or since it was opened, and says whether none
/// failed.
pub fn run_due(counties: &Counties) -> bool {
    let mut went_well = true;
    for county in counties.all() {
        let now_ms = county.now_ms();
        if !county.last_forgetting().is_due(now_ms) {
            continue;
        }
        match run(&county) {
            Ok(forgotten) => {
                county.last_forgetting().at_ms.store(now_ms, Ordering::Relaxed);
                if forgotten.is_anything() {
                    tracing::info!(
                        records = forgotten.records + forgotten.for_person,
                        side_values = forgotten.side_values,
                        held = forgotten.held,
                        "what was due was forgotten"
                    );
                }
            }
            Err(error) => {
                tracing::error!(code = error.code(), "forgetting failed");
                went_well = false;
            }
        }
    }
    went_well
}
