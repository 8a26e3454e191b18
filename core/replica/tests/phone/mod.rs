//! A phone for tests.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use saddlebag_replica::StoreKey;
use saddlebag_replica::surroundings::{BUILT_MS, HandClock, SeededRandomness, Surroundings};

/// The key of every store in these tests.
pub const KEY: StoreKey = StoreKey([7; 32]);

/// A key that opens none of them.
pub fn another_key() -> StoreKey {
    StoreKey([8; 32])
}

/// 2026-11-23 08:00 in Beijing, UTC milliseconds.
pub const MORNING_MS: i64 = 1_795_392_000_000;

/// A clock that stands still at [`MORNING_MS`], and numbers from a seed.
pub fn surroundings(seed: u64) -> Surroundings {
    Surroundings {
        clock: Arc::new(HandClock::at_wall(MORNING_MS)),
        randomness: Arc::new(SeededRandomness::new(seed)),
        built_ms: BUILT_MS,
    }
}

/// The store's own database, opened behind the replica's back.
pub fn raw(dir: &Path) -> Connection {
    let connection = Connection::open(dir.join("records.db")).unwrap();
    let key: String = KEY.0.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).unwrap();
    connection
}
