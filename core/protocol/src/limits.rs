//! Every limit of the wire, in one place. Sizes in bytes, times in seconds.

/// What a request may weigh on a link that holds, compressed.
pub const FRAME_BUDGET: usize = 64 * 1024;
/// Below this a budget does not shrink, however often the link cuts.
pub const LEAST_BUDGET: usize = 2 * 1024;
/// Successes in a row after which a budget doubles; twice as many are wanted after each cut of a session.
pub const SUCCESSES_TO_GROW: u32 = 4;
/// The largest request or answer, compressed.
pub const MAX_FRAME: usize = 256 * 1024;
/// The largest request or answer, decompressed.
pub const MAX_MESSAGE: usize = 2 * 1024 * 1024;
/// The largest zstd window that a receiver must provide, as a power of two.
pub const MAX_WINDOW_LOG: u32 = 21;
/// The largest request to enrol, which is not compressed.
pub const MAX_ENROL: usize = 4 * 1024;
/// Older cursors that a device keeps and offers after `unknown_cursor`.
pub const MAX_CHECKPOINTS: usize = 32;
/// One-time numbers that a device holds when it is topped up.
pub const ONE_TIME_NUMBERS: usize = 64;
/// Actors that one device may announce in one request.
pub const MAX_ACTORS: usize = 16;
/// Facts, and plan changes, that are asked for again in one message.
pub const MAX_AGAIN: usize = 32;
/// Facts under one number of which the answer to a fork tells.
pub const MAX_HEARD: usize = 1024;
/// Tries that an enrolment code bears.
pub const ENROL_TRIES: u32 = 5;
/// How long an enrolment code lives.
pub const ENROL_SECONDS: u64 = 15 * 60;
/// Trial time that one request may use at the county, in milliseconds; the rest is answered `later`.
pub const TRIAL_MS: u64 = 2_000;
