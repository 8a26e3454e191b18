//! Seeded chance.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What is drawn for. The numbers are part of what a seed means.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Places = 1,
    Colleagues = 2,
    Carriers = 3,
    Households = 4,
    Camps = 5,
    Deliveries = 6,
}

pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream as u64);
        Self(rng)
    }

    /// From 0 up to but not `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        // 64 bits on every machine, so that a seed means the same on all.
        self.0.random_range(0..end as u64) as usize
    }

    /// From `low` to `high`, both of them included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True this many times in a hundred.
    pub(super) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Early entries more often than late ones, as with surnames.
    pub(super) fn pick_early<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let (one, other) = (self.below(list.len()), self.below(list.len()));
        &list[one.min(other)]
    }
}
