//! Syncing: what is new here goes to the county, what is new there comes here.
//!
//! The [`Session`] decides and does no I/O; [`Transport`] carries; the replica's store gives and takes. A session may
//! end at any moment, by a cut, a cancel or a kill: all that it had not finished is still there for the next one.

mod asked_again;
mod backoff;
mod budget;
mod drive;
mod enrol;
mod leave;
mod request;
mod session;
mod take;
mod tls;
mod transport;

pub use backoff::Patience;
pub use drive::{SyncError, SyncOptions, Synced, ToldOfWaiting};
pub use request::{Composed, Outgoing, Signatory};
pub use session::{Next, Progress, Session};
pub use tls::{KeyHash, Trust};
pub use transport::{Transport, TransportError};
