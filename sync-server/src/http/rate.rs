use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// Keys that are remembered at once.
const KEYS: usize = 10_000;

/// How much each key may have: so much at once, and again as it fills up. Bounded: a key whose share is full again is
/// forgotten.
#[derive(Debug)]
pub(super) struct Rate<K> {
    /// For one unit.
    each: Duration,
    most: u32,
    /// When a key's share will be full again.
    full_at: HashMap<K, Instant>,
}

impl<K: Eq + Hash> Rate<K> {
    /// `most` at once, and `most` again in the time `within`.
    pub(super) fn new(most: u32, within: Duration) -> Self {
        Self {
            each: within / most,
            most,
            full_at: HashMap::new(),
        }
    }

    /// Takes of a key's share.
    ///
    /// # Errors
    /// After what time there is as much. Nothing is taken then.
    pub(super) fn take(&mut self, key: K, units: u32, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.get(&key).copied().unwrap_or(now).max(now);
        let after = full_at + self.each * units.min(self.most);
        let over = after.duration_since(now).saturating_sub(self.each * self.most);
        if !over.is_zero() {
            return Err(over);
        }
        if self.full_at.len() >= KEYS && !self.full_at.contains_key(&key) {
            self.full_at.retain(|_, full_at| *full_at > now);
            // With so many at work a bounded memory is worth more than their counts.
            if self.full_at.len() >= KEYS {
                self.full_at.clear();
            }
        }
        self.full_at.insert(key, after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn a_share_is_used_up_and_fills_again() {
        let (mut rate, now) = (Rate::new(60, MINUTE), Instant::now());
        for _ in 0..60 {
            assert_eq!(rate.take(1, 1, now), Ok(()));
        }
        assert_eq!(rate.take(1, 1, now), Err(Duration::from_secs(1)));
        assert_eq!(rate.take(1, 30, now), Err(Duration::from_secs(30)));
        assert_eq!(rate.take(2, 60, now), Ok(()), "another's is another");
        assert_eq!(rate.take(1, 2, now + Duration::from_secs(2)), Ok(()));
        assert_eq!(rate.take(1, 60, now + 2 * MINUTE), Ok(()));
    }

    #[test]
    fn what_is_larger_than_a_share_takes_all_of_it() {
        let (mut rate, now) = (Rate::new(60, MINUTE), Instant::now());
        assert_eq!(rate.take(1, 1000, now), Ok(()));
        assert_eq!(rate.take(1, 1, now), Err(Duration::from_secs(1)));
    }

    #[test]
    fn the_table_is_bounded() {
        let (mut rate, now) = (Rate::new(60, MINUTE), Instant::now());
        for n in 0..3 * KEYS {
            rate.take(n, 1, now).unwrap();
            assert!(rate.full_at.len() <= KEYS);
        }
    }
}
