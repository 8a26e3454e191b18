//! The keys that phones know a server without a public name by.

use saddlebag_records::id::DeviceNumber;
use serde::Serialize;

use super::{AdminError, code};
use crate::county::Counties;
use crate::store::DeviceState;
use crate::tls::{PinnedKeys, TlsError};

/// What phones know the server by: hashes of public keys, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// What it shows now.
    pub now: String,
    /// What it will show after the next change.
    pub next: String,
    /// Since when, UTC milliseconds.
    pub since_ms: i64,
    /// Devices that have not synced since then: they know `now`, but not `next`.
    pub behind: Vec<DeviceNumber>,
}

/// Makes them, for a folder that has none.
///
/// # Errors
/// `tls_keys_there`.
pub fn create(counties: &Counties, now_ms: i64) -> Result<Told, AdminError> {
    told(counties, &PinnedKeys::create(counties.folder().path(), now_ms)?)
}

/// Tells them.
///
/// # Errors
/// `tls_no_keys`.
pub fn show(counties: &Counties) -> Result<Told, AdminError> {
    let keys = PinnedKeys::load(counties.folder().path())?;
    told(counties, &keys.ok_or(TlsError::NoKeys)?)
}

/// The key that the server shows now; none where its phones go by its certificate.
pub fn now(counties: &Counties) -> Result<Option<String>, AdminError> {
    let keys = PinnedKeys::load(counties.folder().path())?;
    Ok(keys
        .map(|keys| told(counties, &keys))
        .transpose()?
        .map(|told| told.now))
}

/// Makes the next key the one of now, and a new one the next.
///
/// # Errors
/// `tls_leaves_behind` where there are devices that do not know the next one, unless they may be left behind.
pub fn rotate(counties: &Counties, now_ms: i64, leave_behind: bool) -> Result<Told, AdminError> {
    let was = show(counties)?;
    if !leave_behind && !was.behind.is_empty() {
        let numbers: Vec<_> = was.behind.iter().map(|device| device.0.to_string()).collect();
        return Err(AdminError::new(code::TLS_LEAVES_BEHIND, numbers.join(", ")));
    }
    told(counties, &PinnedKeys::rotate(counties.folder().path(), now_ms)?)
}

fn told(counties: &Counties, keys: &PinnedKeys) -> Result<Told, AdminError> {
    let hashes = keys.server_keys()?.keys;
    let hash = |at: usize| hashes.get(at).map(|key| hex::encode(**key)).unwrap_or_default();
    let mut behind = Vec::new();
    for county in counties.all() {
        let devices = county.store().read_blocking(|tx| tx.devices())?;
        let unaware = devices.into_iter().filter(|device| {
            use DeviceState::{Active, Retiring, Unconfirmed};
            matches!(device.state, Active | Retiring | Unconfirmed)
                && device.last_seen_ms.unwrap_or(device.enrolled_ms) < keys.since_ms()
        });
        behind.extend(unaware.map(|device| device.number));
    }
    Ok(Told {
        now: hash(0),
        next: hash(1),
        since_ms: keys.since_ms(),
        behind,
    })
}

impl From<TlsError> for AdminError {
    fn from(error: TlsError) -> Self {
        Self::new(error.code(), &error)
    }
}
