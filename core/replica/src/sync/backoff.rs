use std::time::Duration;

/// How long to wait between tries, and when to leave it for another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// Failures in a row after which a session ends. Everything stays saved; the next session goes on.
    pub failures: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            failures: 12,
        }
    }
}

impl Patience {
    /// The wait after this many failures in a row: twice as long each time, and between half and all of that, by
    /// `jitter` (0 to 255), so that couriers who come to a station together do not knock together.
    pub fn wait(&self, failures: u32, jitter: u8) -> Duration {
        let doubled = self.first.saturating_mul(1 << failures.saturating_sub(1).min(16));
        let half = doubled.min(self.longest) / 2;
        half + half.mul_f64(f64::from(jitter) / 255.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_are_bounded() {
        let patience = Patience::default();
        assert_eq!(patience.wait(1, 255), Duration::from_millis(500));
        assert_eq!(patience.wait(1, 0), Duration::from_millis(250));
        assert_eq!(patience.wait(3, 255), Duration::from_secs(2));
        assert_eq!(patience.wait(u32::MAX, 255), Duration::from_secs(30));
    }
}
