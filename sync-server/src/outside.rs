//! Time and randomness. They come in from outside, so that tests can say what they are.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where a server gets the time and random bytes from.
pub trait Outside: Send + Sync + 'static {
    /// The time, UTC milliseconds.
    fn now_ms(&self) -> i64;
    /// Fills the bytes with randomness fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Outside {
    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// The operating system's clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Outside for System {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn fill(&self, bytes: &mut [u8]) {
        // A key that is not random is worse than no server.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

/// The operating system's, but for so many milliseconds more than its clock says as a file says now: a simulation of
/// days lets them pass by writing there.
#[derive(Debug)]
pub struct Shifted {
    file: PathBuf,
    /// What the file said when it could last be read.
    last_ms: AtomicI64,
}

impl Shifted {
    /// By what this file says, each time that the time is asked for.
    pub fn by(file: PathBuf) -> Self {
        Self {
            file,
            last_ms: AtomicI64::new(0),
        }
    }
}

impl Outside for Shifted {
    fn now_ms(&self) -> i64 {
        let said = std::fs::read_to_string(&self.file)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        if let Some(ms) = said {
            self.last_ms.store(ms, Ordering::Relaxed);
        }
        System
            .now_ms()
            .saturating_add(self.last_ms.load(Ordering::Relaxed))
    }

    fn fill(&self, bytes: &mut [u8]) {
        System.fill(bytes);
    }
}

/// The operating system's clock, shifted where a simulation says by how much.
pub fn system_or_shifted(file: Option<PathBuf>) -> std::sync::Arc<dyn Outside> {
    match file {
        Some(file) => std::sync::Arc::new(Shifted::by(file)),
        None => std::sync::Arc::new(System),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_goes_by_its_file_and_stays_where_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("offset");
        let shifted = Shifted::by(file.clone());
        let ahead_ms = || shifted.now_ms() - System.now_ms();
        assert!((-1000..=0).contains(&ahead_ms()));
        std::fs::write(&file, "86400000\n").unwrap();
        assert!((86_399_000..=86_400_000).contains(&ahead_ms()));
        std::fs::write(&file, "half of a").unwrap();
        assert!((86_399_000..=86_400_000).contains(&ahead_ms()));
    }
}
