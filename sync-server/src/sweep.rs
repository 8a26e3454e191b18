//! What time alone changes: grants that are over, parcels that wait too long.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::county::County;
use crate::store::{Epoch, StoreError, WriteTx};
use crate::sync::judge_waiting;
use crate::visibility;

/// How often grants that are over are looked for, at most, in milliseconds.
const GRANTS_EVERY_MS: i64 = 60_000;
/// How often drop points are gone through, at most, in milliseconds.
const DROP_POINTS_EVERY_MS: i64 = 30 * 60_000;
/// How often what waits is judged anew in a county that was restored, at most, in milliseconds.
const WAITING_EVERY_MS: i64 = 10 * 60_000;
/// Records that one job asks again about: others must not wait for long.
const AT_A_TIME: usize = 100;

/// When a county was last swept, UTC milliseconds.
#[derive(Debug)]
pub(crate) struct LastSweep {
    grants: AtomicI64,
    drop_points: AtomicI64,
    waiting: AtomicI64,
}

impl Default for LastSweep {
    fn default() -> Self {
        Self {
            grants: AtomicI64::new(i64::MIN),
            drop_points: AtomicI64::new(i64::MIN),
            waiting: AtomicI64::new(i64::MIN),
        }
    }
}

/// Whether it is time again; then it counts as done.
fn is_due(last: &AtomicI64, now_ms: i64, every_ms: i64) -> bool {
    let before = last.load(Ordering::Relaxed);
    let due = now_ms.saturating_sub(before) >= every_ms || now_ms < before;
    due && last
        .compare_exchange(before, now_ms, Ordering::Relaxed, Ordering::Relaxed)
        .is_ok()
}

/// Looks for what time has changed, if that was not done just now.
pub(crate) fn sweep_if_due(county: &County) -> Result<(), StoreError> {
    let now_ms = county.now_ms();
    if is_due(&county.last_sweep().grants, now_ms, GRANTS_EVERY_MS) {
        sweep_grants(county, now_ms)?;
    }
    if is_due(&county.last_sweep().drop_points, now_ms, DROP_POINTS_EVERY_MS) {
        sweep_drop_points(county, now_ms)?;
    }
    if is_due(&county.last_sweep().waiting, now_ms, WAITING_EVERY_MS) {
        sweep_waiting(county);
    }
    Ok(())
}

fn sweep_grants(county: &County, now_ms: i64) -> Result<(), StoreError> {
    // Most sweeps find nothing: those need no writer.
    if county
        .store()
        .read_blocking(|tx| tx.expired_grants(now_ms, 1))?
        .is_empty()
    {
        return Ok(());
    }
    let job = move |tx: &mut dyn WriteTx| visibility::sweep(tx, now_ms, AT_A_TIME);
    while county.store().write(county.moment(), job).wait()? {}
    Ok(())
}

/// What waits overdue comes onto the route of whoever passes there next.
fn sweep_drop_points(county: &County, now_ms: i64) -> Result<(), StoreError> {
    let overdue = county
        .store()
        .read_blocking(|tx| visibility::overdue(tx, now_ms))?;
    for some in overdue.chunks(AT_A_TIME) {
        let some = some.to_vec();
        let job = move |tx: &mut dyn WriteTx| visibility::refresh(tx, now_ms, some);
        county.store().write(county.moment(), job).wait()?;
    }
    Ok(())
}

/// What waits in a restored county goes in once others have brought again what it builds on.
fn sweep_waiting(county: &County) {
    let epochs = county.store().read_blocking(|tx| tx.epochs());
    let was_restored = epochs.is_ok_and(|epochs: Vec<Epoch>| epochs.len() > 1);
    if !was_restored {
        return;
    }
    if let Err(error) = judge_waiting(county) {
        tracing::error!(code = error.code.code(), "what waits was not judged anew");
    }
}
