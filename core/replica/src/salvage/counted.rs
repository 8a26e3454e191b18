use serde::{Deserialize, Serialize};

/// What could be saved of a damaged store. What the county had confirmed is not counted: it comes again from there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Salvaged {
    /// When, UTC milliseconds, for all that this device knew.
    pub at_ms: i64,
    /// Whether it is still known who this device is. If not it must be enrolled again, and keeps what was saved.
    pub is_enrolled: bool,
    /// Facts that only this device has, and which are saved.
    pub facts: u64,
    /// Facts that only this device had, as far as it is known, and which could not be read.
    pub facts_lost: u64,
    /// Edits of plans that only this device has, and which are saved.
    pub edits: u64,
    /// Photos that only this device has, and which are saved.
    pub photos: u64,
    /// Photos that facts on this device name, and which could not be read.
    pub photos_lost: u64,
    /// Pages of the database that could not be read, of 4,096 bytes each.
    pub pages_lost: u32,
}
