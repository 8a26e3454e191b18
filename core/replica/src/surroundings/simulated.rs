use std::sync::Mutex;

use saddlebag_records::clock::Observed;

use super::{Clock, Randomness};

/// A clock that goes only when it is moved: for tests and the simulator.
#[derive(Debug)]
pub struct HandClock(Mutex<Observed>);

impl HandClock {
    /// A clock that shows this.
    pub fn at(shows: Observed) -> Self {
        Self(Mutex::new(shows))
    }

    /// A clock in its first boot whose wall clock shows this, UTC milliseconds.
    pub fn at_wall(wall_ms: i64) -> Self {
        Self::at(Observed {
            wall_ms,
            mono_ms: 0,
            boot: 1,
            satellite_ms: None,
        })
    }

    /// Lets this much time pass, in milliseconds.
    pub fn pass(&self, ms: u64) {
        let step = i64::try_from(ms).unwrap_or(i64::MAX);
        self.change(|shows| {
            shows.wall_ms = shows.wall_ms.saturating_add(step);
            shows.mono_ms = shows.mono_ms.saturating_add(ms);
            shows.satellite_ms = shows.satellite_ms.map(|at| at.saturating_add(step));
        });
    }

    /// Sets the wall clock, as a person or a network does, UTC milliseconds.
    pub fn set_wall(&self, wall_ms: i64) {
        self.change(|shows| shows.wall_ms = wall_ms);
    }

    /// Starts the phone anew: the monotonic clock begins at 0 in another boot.
    pub fn reboot(&self) {
        self.change(|shows| {
            shows.boot = shows.boot.wrapping_add(1);
            shows.mono_ms = 0;
        });
    }

    fn change(&self, change: impl FnOnce(&mut Observed)) {
        change(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Clock for HandClock {
    fn read(&self) -> Observed {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Numbers that look random and are the same for the same seed: for tests and the simulator.
#[derive(Debug)]
pub struct SeededRandomness(Mutex<blake3::OutputReader>);

impl SeededRandomness {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(b"saddlebag seeded randomness")
            .update(&seed.to_be_bytes());
        Self(Mutex::new(hasher.finalize_xof()))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .fill(bytes);
    }
}
