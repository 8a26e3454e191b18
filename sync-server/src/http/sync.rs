use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use saddlebag_protocol::limits::MAX_FRAME;
use saddlebag_protocol::{BadFrame, ErrorCode, Receipts, SyncRequest, from_frame, to_frame, unpacked_size};

use super::body::{CBOR, ZSTD, check_type, discard, length, read};
use super::connections::{Connected, Room};
use super::metrics::outcome;
use super::{ServerState, work};
use crate::county::County;
use crate::failure::Failure;
use crate::sync::{LEVEL, device_of, sync as sync_device};
use crate::token;

/// When a device should come back of which all that it may ask at once is being worked on.
const AT_ONCE_AGAIN_S: u32 = 5;

/// `POST /v1/sync`.
pub(super) async fn sync(
    State(state): State<Arc<ServerState>>,
    Extension(connected): Extension<Connected>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    check_type(&head.headers, Some(ZSTD))?;
    let (county, token) = match admit(&state, &connected, &head.headers).await {
        Ok(admitted) => admitted,
        Err(failure) => {
            discard(body, MAX_FRAME, state.patience.stranger).await;
            return Err(failure);
        }
    };
    let body = read(&head.headers, body, MAX_FRAME, state.patience).await?;
    let server_keys = state.server_keys();
    let _worked_on = connected.is_worked_on();
    let answered = work(&state, unpacked_size(&body), move || {
        let request: SyncRequest = from_frame(&body)?;
        let held_since_s = request.server_keys_since_s;
        let mut answer = sync_device(&county, &token, request)?;
        answer.server_keys = server_keys
            .filter(|keys| held_since_s.is_some_and(|held| held < keys.since_s))
            .map(|keys| county.keys().signed_server_keys(county.id(), &keys));
        let frame = to_frame(&answer, LEVEL);
        Ok((answer.receipts, frame))
    });
    let (receipts, frame) = answered.await?;
    count(&state, receipts.as_ref());
    Ok((
        [(header::CONTENT_TYPE, CBOR), (header::CONTENT_ENCODING, ZSTD)],
        frame,
    )
        .into_response())
}

/// The county and the token of a device that may ask now. Nothing of its request is read before.
async fn admit(
    state: &ServerState,
    connected: &Connected,
    headers: &HeaderMap,
) -> Result<(County, String), Failure> {
    let token = bearer(headers).ok_or(ErrorCode::Unauthorised)?;
    let county = token::county_of(&token).and_then(|county| state.counties.get(county));
    let county = county.ok_or(ErrorCode::Unauthorised)?;
    let (asked, shown) = (county.clone(), token.clone());
    let number = work(state, 0, move || device_of(&asked, &shown)).await?;
    let device = (county.id(), number);
    if connected.is_of(device) == Room::None {
        return Err(Failure::busy(AT_ONCE_AGAIN_S));
    }
    let bytes = length(headers).unwrap_or(MAX_FRAME as u64).min(MAX_FRAME as u64);
    state
        .shares
        .take(device, u32::try_from(bytes).unwrap_or(u32::MAX))?;
    Ok((county, token))
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

fn count(state: &ServerState, receipts: Option<&Receipts>) {
    let Some(receipts) = receipts else { return };
    for receipt in &receipts.facts {
        let facts = receipt.to.saturating_sub(receipt.from).saturating_add(1);
        state.metrics.facts(outcome(&receipt.outcome), facts);
    }
    for receipt in &receipts.changes {
        let changes = receipt.to.saturating_sub(receipt.from).saturating_add(1);
        state.metrics.changes(outcome(&receipt.outcome), changes);
    }
}

impl From<BadFrame> for Failure {
    fn from(bad: BadFrame) -> Self {
        match bad {
            BadFrame::TooLarge => ErrorCode::TooLarge.into(),
            BadFrame::NotZstd | BadFrame::NotMessage => ErrorCode::Malformed.into(),
        }
    }
}
