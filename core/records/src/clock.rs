//! What time it is when clocks cannot be trusted.

use serde::{Deserialize, Serialize};

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
    /// The wall clock, held at a bound.
    WallHeld = 3,
}

impl ClockSource {
    /// The source with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::County, Self::Satellite, Self::Wall, Self::WallHeld]
            .into_iter()
            .find(|s| *s as u64 == number)
    }
}

/// A hybrid logical clock's reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// UTC milliseconds.
    pub hlc_ms: i64,
    /// Counts within one millisecond.
    pub hlc_count: u16,
    /// What it was made from.
    pub source: ClockSource,
}

/// What a phone's clocks showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Observed {
    /// The wall clock, UTC milliseconds.
    pub wall_ms: i64,
    /// The monotonic clock, milliseconds.
    pub mono_ms: u64,
    /// Which boot the monotonic clock belongs to.
    pub boot: u64,
    /// Satellite time, UTC milliseconds.
    pub satellite_ms: Option<i64>,
}
