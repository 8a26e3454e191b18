//! What the replica takes from outside: clocks, randomness, and whose certificates are believed.
//!
//! The same replica runs in the app, in a background worker and in a simulator; nothing below reads a clock or
//! draws a number on its own.

mod machine;
mod roots;
mod simulated;

use std::sync::Arc;

use saddlebag_records::clock::Observed;

pub use machine::{MachineClock, MachineRandomness};
pub use roots::TrustedRoots;
pub use simulated::{HandClock, SeededRandomness};

/// When this app was built, UTC milliseconds: 2026-11-01 in Beijing. Raised with each release; no clock is
/// believed that shows less.
pub const BUILT_MS: i64 = 1_793_462_400_000;

/// What the phone's clocks show.
pub trait Clock: Send + Sync {
    /// All clocks at one moment.
    fn read(&self) -> Observed;
}

/// Where ids, keys, actors and nonces come from.
pub trait Randomness: Send + Sync {
    /// Fills the bytes with random ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// All that a replica takes from outside.
#[derive(Clone)]
pub struct Surroundings {
    /// The phone's clocks.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub randomness: Arc<dyn Randomness>,
    /// When the app was built, UTC milliseconds.
    pub built_ms: i64,
    /// Whose certificates a server may show.
    pub roots: TrustedRoots,
}

impl Surroundings {
    /// Those of the machine that this runs on.
    pub fn of_this_machine() -> Self {
        Self {
            clock: Arc::new(MachineClock::new()),
            randomness: Arc::new(MachineRandomness),
            built_ms: BUILT_MS,
            roots: TrustedRoots::bundled(),
        }
    }

    /// So many random bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }
}
