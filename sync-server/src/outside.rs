//! Time and randomness. They come in from outside, so that tests can say what they are.

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
