//! Seeded chance: a stream of its own for each thing that is drawn, so that one thing more changes no other.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Draws of one seed for one purpose.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The draws of this seed for this purpose.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        Self(ChaCha8Rng::seed_from_u64(sub_seed(seed, purpose)))
    }

    /// From 0 up to but not `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // 64 bits on every machine, so that a seed means the same on all.
        usize::try_from(self.0.random_range(0..end as u64)).unwrap_or(0)
    }

    /// From `low` to `high`, both of them included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True this many times in a hundred.
    pub(crate) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// One of them; the list must not be empty.
    #[expect(clippy::indexing_slicing, reason = "below its length")]
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Eight random bytes, for the name of an item.
    pub(crate) fn name(&mut self) -> [u8; 8] {
        self.0.random()
    }
}

/// A seed of its own for one purpose.
pub(crate) fn sub_seed(seed: u64, purpose: &str) -> u64 {
    let hash = blake3::keyed_hash(blake3::hash(&seed.to_be_bytes()).as_bytes(), purpose.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}
