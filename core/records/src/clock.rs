//! What time it is when clocks cannot be trusted (DESIGN.md, "Time").
//!
//! Everything here takes what the clocks show from outside and never refuses it; numbers of any size
//! saturate.

mod beijing;

pub use beijing::{beijing_day, courier_day, day_starts_at_ms, due_at_ms, plus_working_days};
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How far ahead of this phone's own time a received clock may be and still be adopted, in milliseconds.
pub const MAX_AHEAD_MS: i64 = 10 * 60 * 1000;

/// How long after the last county time a wall clock is believed, in milliseconds: 400 days.
pub const MAX_WITHOUT_COUNTY_MS: i64 = 400 * DAY_MS;

/// How far the wall clock may move against the monotonic one before a fact says so, in milliseconds.
pub const STEP_MS: i64 = 2_000;

/// What a stamp was made from. The number is frozen: it stands in stored facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum ClockSource {
    /// The county's time, carried on by the monotonic clock within one boot.
    County = 0,
    /// Satellite time.
    Satellite = 1,
    /// The wall clock, within its bounds.
    Wall = 2,
    /// The wall clock was outside its bounds: the stamp is the bound that it was held at.
    WallHeld = 3,
}

impl ClockSource {
    /// The source with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::County, Self::Satellite, Self::Wall, Self::WallHeld]
            .into_iter()
            .find(|s| *s as u64 == number)
    }

    /// Whether the time is as good as the county's or a satellite's; a screen says "about" for the others.
    pub fn is_sure(self) -> bool {
        matches!(self, Self::County | Self::Satellite)
    }
}

/// The time of a fact, a hybrid logical clock: later than every stamp that its writer had made or adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// UTC milliseconds.
    pub hlc_ms: i64,
    /// Counts the stamps within one millisecond.
    pub hlc_count: u16,
    /// What it was made from.
    pub source: ClockSource,
}

/// What a phone's clocks show at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Observed {
    /// The wall clock, UTC milliseconds.
    pub wall_ms: i64,
    /// The monotonic clock, milliseconds; it counts on while the phone sleeps.
    pub mono_ms: u64,
    /// Which boot the monotonic clock belongs to.
    pub boot: u64,
    /// Satellite time at this moment, UTC milliseconds, where there is any.
    pub satellite_ms: Option<i64>,
}

/// The observation that a fact carries: none where the device's last written one implies it, that is, in the
/// same boot, with wall clock and satellite time still the same distance (2 s) from the monotonic clock.
///
/// Always compared with what was written last, so that slow drift is written too.
pub fn observation_to_write(last: Option<&Observed>, reading: &Observed) -> Option<Observed> {
    let implied = last.is_some_and(|last| {
        last.boot == reading.boot
            && still(last.wall_ms, last.mono_ms, reading.wall_ms, reading.mono_ms)
            && reading.satellite_ms.is_none_or(|now| {
                last.satellite_ms
                    .is_some_and(|then| still(then, last.mono_ms, now, reading.mono_ms))
            })
    });
    (!implied).then_some(*reading)
}

/// Whether a clock moved as far as the monotonic clock did, give or take [`STEP_MS`].
fn still(then_ms: i64, then_mono: u64, now_ms: i64, now_mono: u64) -> bool {
    let offset = |ms: i64, mono: u64| i128::from(ms) - i128::from(mono);
    offset(now_ms, now_mono).abs_diff(offset(then_ms, then_mono)) <= u128::from(STEP_MS.unsigned_abs())
}

/// The county's time as one of its answers gave it, and where the monotonic clock stood then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Anchor {
    county_ms: i64,
    mono_ms: u64,
    boot: u64,
}

/// What became of a clock that came with a fact of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// This phone's next stamp is later than it.
    Adopted,
    /// This phone's own stamps are later already.
    AlreadyPast,
    /// More than 10 minutes ahead of this phone's own time: it stays in its fact, and poisons nobody.
    TooFarAhead,
}

/// All that a phone keeps to know the time. Stored with the replica, changed in the transaction that stores
/// the stamped fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    build_date_ms: i64,
    anchor: Option<Anchor>,
    hlc_ms: i64,
    hlc_count: u16,
}

impl Clock {
    /// The clock of a phone that never heard from a county. `build_date_ms`: when this app was built, UTC
    /// milliseconds.
    pub fn new(build_date_ms: i64) -> Self {
        Self {
            build_date_ms,
            anchor: None,
            hlc_ms: i64::MIN,
            hlc_count: 0,
        }
    }

    /// Takes the build date of the app that runs now: after an update it is later than the stored one.
    pub fn built_at(&mut self, build_date_ms: i64) {
        self.build_date_ms = build_date_ms;
    }

    /// The best guess at the time, UTC milliseconds, and where it comes from. Within the boot in which the
    /// county last answered: its time and what the monotonic clock counted since. Else satellite time, else
    /// the wall clock, within the build date and the last county time + 400 days.
    pub fn now(&self, reading: &Observed) -> (i64, ClockSource) {
        if let Some(ms) = self.anchor.and_then(|anchor| anchor.carried_on_to(reading)) {
            return (ms, ClockSource::County);
        }
        let latest = self.earliest_true_time().saturating_add(MAX_WITHOUT_COUNTY_MS);
        let held = |ms: i64| ms.max(self.build_date_ms).min(latest);
        match reading.satellite_ms {
            Some(ms) if held(ms) == ms => (ms, ClockSource::Satellite),
            _ if held(reading.wall_ms) == reading.wall_ms => (reading.wall_ms, ClockSource::Wall),
            _ => (held(reading.wall_ms), ClockSource::WallHeld),
        }
    }

    /// Stamps a fact: later than every stamp before it, whatever the clocks did meanwhile.
    pub fn stamp(&mut self, reading: &Observed) -> Stamp {
        let (now_ms, source) = self.now(reading);
        if now_ms > self.hlc_ms {
            (self.hlc_ms, self.hlc_count) = (now_ms, 0);
        } else if let Some(count) = self.hlc_count.checked_add(1) {
            self.hlc_count = count;
        } else {
            (self.hlc_ms, self.hlc_count) = (self.hlc_ms.saturating_add(1), 0);
        }
        Stamp {
            hlc_ms: self.hlc_ms,
            hlc_count: self.hlc_count,
            source,
        }
    }

    /// Takes the clock of a received fact, so that what is written next is stamped later.
    ///
    /// Measured against this phone's own time, not its last stamp: else each colleague who runs 9 minutes
    /// ahead of the one before would carry all of them further from the truth.
    pub fn receive(&mut self, stamp: &Stamp, reading: &Observed) -> Received {
        if stamp.hlc_ms > self.now(reading).0.saturating_add(MAX_AHEAD_MS) {
            Received::TooFarAhead
        } else if (stamp.hlc_ms, stamp.hlc_count) > (self.hlc_ms, self.hlc_count) {
            (self.hlc_ms, self.hlc_count) = (stamp.hlc_ms, stamp.hlc_count);
            Received::Adopted
        } else {
            Received::AlreadyPast
        }
    }

    /// Takes the county's time, UTC milliseconds, from an answer that arrived at this reading.
    ///
    /// Stamps that had run more than 10 minutes ahead of it (a dead clock, held at its upper bound) come back
    /// to it: the one case in which they step back. Facts are ordered by `after`, never by this clock.
    pub fn county_answered(&mut self, county_ms: i64, reading: &Observed) {
        self.anchor = Some(Anchor {
            county_ms,
            mono_ms: reading.mono_ms,
            boot: reading.boot,
        });
        if self.hlc_ms > county_ms.saturating_add(MAX_AHEAD_MS) {
            (self.hlc_ms, self.hlc_count) = (county_ms, 0);
        }
    }

    /// The earliest that it can be, UTC milliseconds: the later of the build date and the last county time.
    pub fn earliest_true_time(&self) -> i64 {
        self.anchor.map_or(self.build_date_ms, |anchor| {
            anchor.county_ms.max(self.build_date_ms)
        })
    }

    /// Whether a TLS certificate that ends at `not_after_ms` (UTC milliseconds) has certainly expired. "Not
    /// yet valid" is nobody's question: a phone with a dead clock must sync.
    pub fn certificate_expired(&self, not_after_ms: i64) -> bool {
        not_after_ms < self.earliest_true_time()
    }
}

impl Anchor {
    /// The county's time at a reading of the same boot.
    fn carried_on_to(self, reading: &Observed) -> Option<i64> {
        if self.boot != reading.boot {
            return None;
        }
        // A monotonic clock that went back is another boot, whatever its id says.
        let elapsed = reading.mono_ms.checked_sub(self.mono_ms)?;
        Some(
            self.county_ms
                .saturating_add(i64::try_from(elapsed).unwrap_or(i64::MAX)),
        )
    }
}

#[cfg(test)]
mod tests;
