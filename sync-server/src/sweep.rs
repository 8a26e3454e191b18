//! What time alone ends: grants that are over.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::county::County;
use crate::store::{StoreError, WriteTx};
use crate::visibility;

/// How often a county is swept at most, in milliseconds.
const EVERY_MS: i64 = 60_000;
/// Records that one job asks again about: others must not wait for long.
const AT_A_TIME: usize = 100;

/// When a county was last swept, UTC milliseconds.
#[derive(Debug)]
pub(crate) struct LastSweep(AtomicI64);

impl Default for LastSweep {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl LastSweep {
    /// Whether it is time again; then it counts as done.
    fn is_due(&self, now_ms: i64) -> bool {
        let last = self.0.load(Ordering::Relaxed);
        let due = now_ms.saturating_sub(last) >= EVERY_MS || now_ms < last;
        due && self
            .0
            .compare_exchange(last, now_ms, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }
}

/// Takes back what has ended by now, if that was not done within the last minute.
pub(crate) fn sweep_if_due(county: &County) -> Result<(), StoreError> {
    if !county.last_sweep().is_due(county.now_ms()) {
        return Ok(());
    }
    let now_ms = county.now_ms();
    // Most sweeps find nothing: those need no writer.
    if county
        .store()
        .read_blocking(|tx| tx.expired_grants(now_ms, 1))?
        .is_empty()
    {
        return Ok(());
    }
    while county
        .store()
        .write(county.moment(), move |tx: &mut dyn WriteTx| {
            visibility::sweep(tx, now_ms, AT_A_TIME)
        })
        .wait()?
    {}
    Ok(())
}
