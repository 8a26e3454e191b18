//! Backups of a county, and a county from its backup.
//!
//! A backup is one file: an archive of `tar`, packed by `zstd`, sealed by `age` to the operator's key, so that it opens
//! with those three programs alone. In it are `manifest.json`, `county.json`, `keys/keys.json` and `county.db`. The
//! journal is not: what must outlive a backup is there.

mod archive;
mod claims;
mod error;
mod keep;
mod nightly;
mod replay;
mod restore;
mod scratch;
mod take;
mod verify;

pub use error::BackupError;
pub use nightly::{BackupAt, nightly, take_due};
pub use restore::{Restored, Restoring, restore};
pub use take::{Taken, take};
pub use verify::{Verified, verify};
