//! What records are: their status, discrepancies, credits and cash.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod account;
mod cash;
mod cash_book;
mod concurrent;
mod delivery;
mod errand;
mod handover;
mod loops;
mod merging;
mod pickup;
mod same_and_other;
mod small;
mod story;
mod two_lists;
