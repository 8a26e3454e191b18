//! Whom a phone speaks to: real replicas against the real server's TLS, and against strangers.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod authority;
mod certificates;
mod county;
mod phone;
mod pinned;
mod serving;
mod stranger;
