use std::collections::HashMap;

use saddlebag_protocol::limits::ENROL_SECONDS;

use crate::origin::Origin;

/// Wrong codes that one address may send within the life of a code. Many phones may stand behind one address, and
/// 60 bits are not guessed in any number of tries: this only keeps the noise down.
const WRONG_CODES: u32 = 60;
/// The most addresses that are remembered.
const ADDRESSES: usize = 10_000;

/// Wrong codes by address, in memory: a code that nobody has cannot be counted by itself.
#[derive(Debug, Default)]
pub(crate) struct Guesses {
    by_address: HashMap<Origin, Wrong>,
}

#[derive(Debug)]
struct Wrong {
    since_ms: i64,
    count: u32,
}

impl Guesses {
    /// Seconds until this address may try again, where it has tried too often.
    pub(crate) fn wait_s(&self, address: Origin, now_ms: i64) -> Option<u32> {
        let wrong = self
            .by_address
            .get(&address)
            .filter(|wrong| wrong.count >= WRONG_CODES)?;
        let left_ms = wrong.since_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms);
        u32::try_from(left_ms)
            .ok()
            .filter(|left| *left > 0)
            .map(|left| left.div_ceil(1000))
    }

    /// Counts a wrong code.
    pub(crate) fn wrong(&mut self, address: Origin, now_ms: i64) {
        if self.by_address.len() >= ADDRESSES && !self.by_address.contains_key(&address) {
            self.by_address.retain(|_, wrong| !wrong.is_over(now_ms));
            // With so many addresses at work a bounded memory is worth more than their counts.
            if self.by_address.len() >= ADDRESSES {
                self.by_address.clear();
            }
        }
        let wrong = self.by_address.entry(address).or_insert(Wrong {
            since_ms: now_ms,
            count: 0,
        });
        if wrong.is_over(now_ms) {
            *wrong = Wrong {
                since_ms: now_ms,
                count: 0,
            };
        }
        wrong.count = wrong.count.saturating_add(1);
    }
}

const WINDOW_MS: i64 = ENROL_SECONDS as i64 * 1000;

impl Wrong {
    fn is_over(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.since_ms) >= WINDOW_MS
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(n: u32) -> Origin {
        Origin::of((Ipv4Addr::from(n), 1).into())
    }

    #[test]
    fn an_address_that_guesses_waits_and_others_do_not() {
        let mut guesses = Guesses::default();
        for _ in 0..WRONG_CODES {
            assert_eq!(guesses.wait_s(address(1), 1000), None);
            guesses.wrong(address(1), 1000);
        }
        assert_eq!(guesses.wait_s(address(1), 1000), Some(900));
        assert_eq!(guesses.wait_s(address(1), 1000 + WINDOW_MS), None);
        assert_eq!(guesses.wait_s(address(2), 1000), None);
        guesses.wrong(address(1), 1000 + WINDOW_MS);
        assert_eq!(guesses.wait_s(address(1), 1000 + WINDOW_MS), None);
    }

    #[test]
    fn the_table_is_bounded() {
        let mut guesses = Guesses::default();
        for n in 0..3 * ADDRESSES as u32 {
            guesses.wrong(address(n), 0);
            assert!(guesses.by_address.len() <= ADDRESSES);
        }
    }
}
