use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use super::{Drawn, Failed, Report};

/// Runs `one` with each seed, on all threads, and adds up what came of it. A seed that fails or panics is in the report;
/// the others go on.
pub(super) fn each_seed(
    part: &'static str,
    drawn: Drawn,
    tell: &(dyn Fn(&str) + Sync),
    one: impl Fn(u64) -> Result<Report> + Sync,
) -> Report {
    let next = AtomicU64::new(0);
    let sum = Mutex::new(Report::default());
    std::thread::scope(|scope| {
        for _ in 0..drawn.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= drawn.count {
                        return;
                    }
                    let seed = drawn.seed.wrapping_add(at);
                    let report = told_of(part, seed, || one(seed));
                    for failed in &report.failed {
                        tell(&format!("FAILED: {}\n{}", failed.again(), failed.why));
                    }
                    sum.lock().unwrap_or_else(PoisonError::into_inner).add(report);
                    if (at + 1).is_multiple_of((drawn.count / 20).max(1)) {
                        tell(&format!("{part}: {} of {}", at + 1, drawn.count));
                    }
                }
            });
        }
    });
    sum.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn told_of(part: &'static str, seed: u64, one: impl FnOnce() -> Result<Report>) -> Report {
    let why = match catch_unwind(AssertUnwindSafe(one)) {
        Ok(Ok(report)) => return report,
        Ok(Err(error)) => format!("{error:#}"),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
            format!("a panic: {}", said.unwrap_or_default())
        }
    };
    Report {
        counted: Vec::new(),
        failed: vec![Failed { part, seed, why }],
    }
}
