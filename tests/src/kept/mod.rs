//! What a version leaves on disks and says over the wire, kept so that every later version is tried on it: a county's
//! folder with a backup, a phone's store with work that it has not sent, and the exchanges in which it sends that.
//!
//! A folder below `tests/fixtures` is written once, by the version that it is named after, and never again.

mod archive;
mod making;
mod opened;
mod tap;

pub use making::write;
pub use opened::Kept;
pub use tap::{Exchange, Tap};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use saddlebag_records::id::RecordId;
use serde::{Deserialize, Serialize};

/// The courier whose phone is kept.
const COURIER: &str = "C01";
/// The folders of a scene.
const SERVER: &str = "server";
const PHONE: &str = "phone";
/// The files of a kept version.
const SCENE: &str = "scene.tar.zst";
const EXPECTED: &str = "expected.json";
const EXCHANGES: &str = "exchanges.json";

/// The folders of the versions of which something is kept, the oldest first.
///
/// # Errors
/// When they cannot be listed.
pub fn versions() -> anyhow::Result<Vec<PathBuf>> {
    let listed = std::fs::read_dir(crate::workspace::root().join("tests/fixtures"))?;
    let mut folders: Vec<PathBuf> = listed
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    Ok(folders)
}

/// What the version that wrote it read in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// What time it was, UTC milliseconds.
    pub at_ms: i64,
    /// Which county.
    pub county: String,
    /// The backup, below the scene's folder.
    pub backup: PathBuf,
    /// Every fact that the county has by then, as `device.n`, with its hash in hexadecimal.
    pub at_the_county: BTreeMap<String, String>,
    /// The same of the phone's own facts that it has not sent.
    pub unsent: BTreeMap<String, String>,
    /// How many edits of plans it has not sent.
    pub unsent_edits: u64,
    /// Statuses by record, on the phone.
    pub statuses: BTreeMap<RecordId, String>,
    /// The stops of today's route, as their records, in order.
    pub route: Vec<Vec<RecordId>>,
    /// The cash in the courier's hands, fen.
    pub cash_fen: i64,
}

fn server(scene: &Path) -> PathBuf {
    scene.join(SERVER)
}

fn phone(scene: &Path) -> PathBuf {
    scene.join(PHONE)
}
