//! The courier's copy: encrypted store, projections, search and syncing, behind one handle.

mod error;
mod identity;
mod replica;
mod store;
pub mod surroundings;
mod sync_lock;

pub use error::{Error, Result};
pub use identity::{Enrolment, EnrolmentKeys, Identity, Person};
pub use replica::{Changed, Replica};
pub use store::open::StoreKey;
pub use store::state::State;
pub use sync_lock::{SyncLock, SyncLocked};
