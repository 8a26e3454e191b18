//! Plans: hostile changes, convergence, golden bytes, wire forms.

// clippy.toml allows these in test functions; here everything is test code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod between;
mod convergence;
mod edits;
mod golden;
mod hostile;
mod kit;
mod mutated;
mod smuggled;
mod wire;
