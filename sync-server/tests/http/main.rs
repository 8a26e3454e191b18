//! The server as a device meets it: through HTTP, with nothing in between but a socket.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod backups;
mod crowds;
mod damage;
mod damaged_held;
mod enrolment;
mod errors;
mod facts;
mod forks;
mod full_disk;
mod hostile;
mod paging;
mod plans;
mod privacy;
mod running;
mod set_aside;
mod support;
mod upgrade;
mod visibility;
