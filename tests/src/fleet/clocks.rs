//! The one time line of a run, and clocks that go wrong against it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use saddlebag_records::clock::Observed;
use saddlebag_replica::surroundings::{Clock as _, HandClock};

use crate::county::DAY_MS;

/// A minute, milliseconds.
pub(crate) const MINUTE_MS: i64 = 60_000;
/// An hour, milliseconds.
pub(crate) const HOUR_MS: i64 = 60 * MINUTE_MS;
const YEAR_MS: i64 = 365 * DAY_MS;
/// More than any phone of a run is started.
const BOOTS_OF_ONE_PHONE: u64 = 1 << 20;

/// What time it truly is: it goes on when the script says so, for the phones and for the server alike.
///
/// The server reads a file with the difference to the machine's clock. While phones sync it goes on by the time
/// that this takes, which the phones' clocks do not see; that is a minute or two, and is made up for at the next
/// step.
pub(crate) struct Timeline {
    now_ms: AtomicI64,
    offset_file: PathBuf,
}

impl Timeline {
    /// A time line that begins here, UTC milliseconds.
    pub(crate) fn begin(at_ms: i64, offset_file: PathBuf) -> anyhow::Result<Self> {
        let timeline = Self {
            now_ms: AtomicI64::new(at_ms),
            offset_file,
        };
        timeline.tell_server(at_ms)?;
        Ok(timeline)
    }

    /// The time, UTC milliseconds.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    /// Lets it become so late. Time never goes back.
    pub(crate) fn advance_to(&self, at_ms: i64) {
        self.now_ms.fetch_max(at_ms, Ordering::Relaxed);
    }

    /// Sets the server's clock to this time line: before anything is done at the county.
    pub(crate) fn bring_server_along(&self) -> anyhow::Result<()> {
        self.tell_server(self.now_ms())
    }

    fn tell_server(&self, at_ms: i64) -> anyhow::Result<()> {
        // The server may read it at any moment: a name that is moved is whole or old.
        let new = self.offset_file.with_extension("new");
        std::fs::write(&new, format!("{}\n", at_ms - machine_ms()))?;
        std::fs::rename(&new, &self.offset_file)?;
        Ok(())
    }
}

fn machine_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// What is wrong with a phone's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing but some seconds.
    Right,
    /// A dead battery: 20 years ago.
    YearsBehind,
    /// Set by hand, wrongly.
    YearsAhead,
    /// The day of tomorrow.
    DayAhead,
    /// Five minutes fast.
    MinutesAhead,
    /// Five minutes slow.
    MinutesBehind,
    /// It jumps by up to two hours whenever somebody looks.
    Stepping,
}

impl Fault {
    /// The fault of the courier with this index: six wrong clocks first, then right ones, so that a small fleet has
    /// wrong ones among the right ones too.
    pub(crate) fn of_courier(index: usize) -> Self {
        match index {
            1 => Self::YearsBehind,
            2 => Self::YearsAhead,
            4 => Self::DayAhead,
            6 => Self::MinutesAhead,
            7 => Self::MinutesBehind,
            9 => Self::Stepping,
            _ => Self::Right,
        }
    }

    /// Whether its stamps may be far off once nothing better than the wall clock is left.
    pub(crate) fn is_far_off(self) -> bool {
        matches!(
            self,
            Self::YearsBehind | Self::YearsAhead | Self::DayAhead | Self::Stepping
        )
    }

    /// What the wall clock shows at this time. `jump`: up to two hours either way, another one each time.
    fn shows(self, at_ms: i64, jump: i64) -> i64 {
        match self {
            Self::Right => at_ms + 3_000,
            Self::YearsBehind => at_ms - 20 * YEAR_MS,
            Self::YearsAhead => at_ms + 20 * YEAR_MS,
            Self::DayAhead => at_ms + DAY_MS,
            Self::MinutesAhead => at_ms + 5 * MINUTE_MS,
            Self::MinutesBehind => at_ms - 5 * MINUTE_MS,
            Self::Stepping => at_ms + jump,
        }
    }
}

/// A phone's clock: monotonic time as it is, and a wall clock that may be wrong.
pub(crate) struct PhoneClock {
    fault: Fault,
    shows: Arc<HandClock>,
    at_ms: i64,
    /// Whether it was started anew since the county last told it the time.
    alone: bool,
}

impl PhoneClock {
    /// A clock with this fault, at this time.
    pub(crate) fn new(fault: Fault, at_ms: i64) -> Self {
        let shows = Arc::new(HandClock::at_wall(fault.shows(at_ms, 0)));
        Self {
            fault,
            shows,
            at_ms,
            alone: true,
        }
    }

    /// What the replica reads.
    pub(crate) fn hands(&self) -> Arc<HandClock> {
        self.shows.clone()
    }

    /// The clock of another phone with the same fault, at the same time. No boot of one is a boot of the other.
    pub(crate) fn of_another_phone(&self) -> Self {
        let shows = Observed {
            mono_ms: 0,
            boot: self.shows.read().boot + BOOTS_OF_ONE_PHONE,
            ..self.shows.read()
        };
        Self {
            fault: self.fault,
            shows: Arc::new(HandClock::at(shows)),
            at_ms: self.at_ms,
            alone: true,
        }
    }

    /// Lets it become so late.
    pub(crate) fn pass_to(&mut self, at_ms: i64) {
        let step = at_ms - self.at_ms;
        if step > 0 {
            self.shows.pass(u64::try_from(step).unwrap_or(0));
            self.at_ms = at_ms;
            // A jump that follows from the time alone, so that a seed brings the same ones.
            let jump = (at_ms / 1_000).wrapping_mul(7_919).rem_euclid(4 * HOUR_MS) - 2 * HOUR_MS;
            self.shows.set_wall(self.fault.shows(at_ms, jump));
        }
    }

    /// Starts the phone anew.
    pub(crate) fn reboot(&mut self) {
        self.shows.reboot();
        self.alone = true;
    }

    /// The county told it the time.
    pub(crate) fn told(&mut self) {
        self.alone = false;
    }

    /// Whether what it stamps now may be far off: its wall clock is, and it has nothing else to go by.
    pub(crate) fn may_be_far_off(&self) -> bool {
        self.alone && self.fault.is_far_off()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_keeps_true_monotonic_time() {
        for fault in [
            Fault::Right,
            Fault::YearsBehind,
            Fault::YearsAhead,
            Fault::DayAhead,
            Fault::Stepping,
        ] {
            let mut clock = PhoneClock::new(fault, 1_000_000);
            let before = clock.hands().read();
            clock.pass_to(1_000_000 + HOUR_MS);
            let after = clock.hands().read();
            assert_eq!(
                after.mono_ms - before.mono_ms,
                HOUR_MS.unsigned_abs(),
                "{fault:?}"
            );
            clock.reboot();
            assert_ne!(clock.hands().read().boot, after.boot);
        }
    }

    #[test]
    fn the_server_is_told_the_difference() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("offset");
        let timeline = Timeline::begin(5_000, file.clone()).unwrap();
        timeline.advance_to(8_000);
        timeline.advance_to(7_000);
        assert_eq!(timeline.now_ms(), 8_000);
        timeline.bring_server_along().unwrap();
        let offset: i64 = std::fs::read_to_string(file).unwrap().trim().parse().unwrap();
        assert!((machine_ms() + offset - 8_000).abs() < 60_000);
    }
}
