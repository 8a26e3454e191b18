//! How often one may ask, and how much one may send.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::ServerState;
use super::connections::{Connected, DeviceKey};
use super::rate::Rate;
use crate::failure::Failure;
use crate::origin::Origin;

/// Requests of one device: all of a month offline over a link that cuts every 2 KB is some 1,000 of them.
const REQUESTS: (u32, Duration) = (6000, Duration::from_secs(600));
/// Bytes that one device sends, compressed: a month offline is 2 MB.
const BYTES: (u32, Duration) = (64 * 1024 * 1024, Duration::from_secs(24 * 3600));
/// Requests of strangers from one address. Many phones may stand behind one, but those show their tokens.
const STRANGERS: (u32, Duration) = (600, Duration::from_secs(60));

/// What each device, and each address, may have of the server.
#[derive(Debug)]
pub(super) struct Shares {
    requests: Mutex<Rate<DeviceKey>>,
    bytes: Mutex<Rate<DeviceKey>>,
    strangers: Mutex<Rate<Origin>>,
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            requests: Mutex::new(Rate::new(REQUESTS.0, REQUESTS.1)),
            bytes: Mutex::new(Rate::new(BYTES.0, BYTES.1)),
            strangers: Mutex::new(Rate::new(STRANGERS.0, STRANGERS.1)),
        }
    }
}

impl Shares {
    /// A request of a device with a body of so many bytes.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`](saddlebag_protocol::ErrorCode::Busy), with the time after which there is room again.
    pub(super) fn take(&self, device: DeviceKey, bytes: u32) -> Result<(), Failure> {
        let now = Instant::now();
        take(&self.requests, device, 1, now)
            .and_then(|()| take(&self.bytes, device, bytes, now))
            .map_err(|wait| Failure::busy(wait.as_secs().saturating_add(1).try_into().unwrap_or(u32::MAX)))
    }

    fn is_too_often(&self, origin: Origin) -> bool {
        take(&self.strangers, origin, 1, Instant::now()).is_err()
    }
}

fn take<K: Eq + std::hash::Hash>(
    rate: &Mutex<Rate<K>>,
    key: K,
    units: u32,
    now: Instant,
) -> Result<(), Duration> {
    rate.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take(key, units, now)
}

/// Whoever has not shown a token gets one answer over a connection, and waits for it where they ask too often. They are
/// slowed down and not refused: an honest phone may stand behind the same address, or be the one without a token.
pub(super) async fn slow_strangers(
    State(state): State<Arc<ServerState>>,
    connected: Option<Extension<Connected>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let Some(Extension(connected)) = connected.filter(|connected| !connected.is_known()) else {
        return response;
    };
    if state.shares.is_too_often(connected.origin()) {
        tokio::time::sleep(state.patience.stranger).await;
    }
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
