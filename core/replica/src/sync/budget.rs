use saddlebag_protocol::limits::{FRAME_BUDGET, LEAST_BUDGET, SUCCESSES_TO_GROW};

/// How many bytes one request, or one answer, may weigh on this link. Shrinks at a cut, so that something arrives on
/// a link that cuts every few kilobytes; grows again where the link holds, so that a day is one request. Each cut makes
/// it slower to grow: on a link that cuts at the same byte every time, each try at more is that many bytes wasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    bytes: usize,
    successes: u32,
    /// Successes in a row after which it doubles.
    wanted: u32,
}

const MOST_WANTED: u32 = 16 * SUCCESSES_TO_GROW;

impl Default for Budget {
    fn default() -> Self {
        Self::from_bytes(FRAME_BUDGET)
    }
}

impl Budget {
    /// The budget that an earlier session ended with, brought within its bounds.
    pub(super) fn from_bytes(bytes: usize) -> Self {
        Self {
            bytes: bytes.clamp(LEAST_BUDGET, FRAME_BUDGET),
            successes: 0,
            wanted: SUCCESSES_TO_GROW,
        }
    }

    /// Bytes, from 2 KB to 64 KB.
    pub(super) fn bytes(self) -> usize {
        self.bytes
    }

    /// An exchange arrived whole.
    pub(super) fn succeeded(&mut self) {
        self.successes += 1;
        if self.successes >= self.wanted {
            self.successes = 0;
            self.bytes = self.bytes.saturating_mul(2).min(FRAME_BUDGET);
        }
    }

    /// The link cut while a request of `sent` bytes, or its answer, was under way. A cut answer is no reason to send
    /// less than half of what may be sent, hence the smaller of the two, and never below the floor.
    pub(super) fn cut(&mut self, sent: usize) {
        let wanted = self.wanted.saturating_mul(2).min(MOST_WANTED);
        *self = Self {
            wanted,
            ..Self::from_bytes(self.bytes.min(sent.max(LEAST_BUDGET)) / 2)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_halves_what_was_under_way() {
        let mut budget = Budget::default();
        budget.cut(10_000);
        assert_eq!(budget.bytes(), 5_000);
        budget.cut(60_000);
        assert_eq!(budget.bytes(), 2_500);
        budget.cut(2_500);
        assert_eq!(budget.bytes(), LEAST_BUDGET);
    }

    #[test]
    fn four_successes_in_a_row_double_it() {
        let mut budget = Budget::from_bytes(3_000);
        (0..3).for_each(|_| budget.succeeded());
        assert_eq!(budget.bytes(), 3_000);
        budget.succeeded();
        assert_eq!(budget.bytes(), 6_000);
        (0..3).for_each(|_| budget.succeeded());
        budget.cut(6_000);
        budget.succeeded();
        assert_eq!(budget.bytes(), 3_000, "a cut starts the count anew");
    }

    #[test]
    fn after_each_cut_it_takes_twice_as_many() {
        let mut budget = Budget::default();
        budget.cut(8_192);
        (0..7).for_each(|_| budget.succeeded());
        assert_eq!(budget.bytes(), 4_096);
        budget.succeeded();
        assert_eq!(budget.bytes(), 8_192);
        budget.cut(8_192);
        (0..15).for_each(|_| budget.succeeded());
        assert_eq!(budget.bytes(), 4_096);
        budget.succeeded();
        assert_eq!(budget.bytes(), 8_192);
    }

    #[test]
    fn it_stays_within_its_bounds() {
        let mut budget = Budget::from_bytes(0);
        assert_eq!(budget.bytes(), LEAST_BUDGET);
        (0..100).for_each(|_| budget.succeeded());
        assert_eq!(budget.bytes(), FRAME_BUDGET);
    }
}
