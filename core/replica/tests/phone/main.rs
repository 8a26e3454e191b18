//! The phone's copy, as the app uses it: real files in real folders.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod a_phone;
mod any_day;
mod county;
mod custody;
mod damage;
mod exchanging;
mod finding;
mod lists;
mod opening;
mod photos;
mod recording;
mod several_handles;
