//! Phones that were restored from an older copy, or copied, or whose county was: the real server, and real replicas that
//! go on. Nothing that anybody wrote is lost, and everything counts once.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod copies;
mod county;
mod damaged;
mod disk_lost;
mod edits;
mod gaps;
mod phone;
mod without_journal;
