use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use saddlebag_protocol::ErrorCode;

use super::Patience;
use crate::failure::Failure;

/// The type of every message.
pub(super) const CBOR: &str = "application/cbor";
/// The encoding of every message but those of enrolment.
pub(super) const ZSTD: &str = "zstd";

/// Whether a body of this type and encoding is taken.
pub(super) fn check_type(headers: &HeaderMap, encoding: Option<&str>) -> Result<(), Failure> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let given = text(header::CONTENT_ENCODING).filter(|encoding| *encoding != "identity");
    if text(header::CONTENT_TYPE) == Some(CBOR) && given == encoding {
        Ok(())
    } else {
        Err(ErrorCode::WrongType.into())
    }
}

/// What a request says of its body's length.
pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The whole body, where it is at most this large and comes in time.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    most: usize,
    patience: Patience,
) -> Result<Vec<u8>, Failure> {
    if length(headers).is_some_and(|length| length > most as u64) {
        return Err(ErrorCode::TooLarge.into());
    }
    tokio::time::timeout(patience.body, read_frames(body, most, patience.stall))
        .await
        .unwrap_or(Err(ErrorCode::Timeout.into()))
}

async fn read_frames(mut body: Body, most: usize, stall: Duration) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    loop {
        let frame = tokio::time::timeout(stall, body.frame())
            .await
            .map_err(|_| ErrorCode::Timeout)?;
        let Some(frame) = frame else { return Ok(bytes) };
        // The connection broke within the request: nobody will read what we answer.
        let frame = frame.map_err(|_| ErrorCode::Malformed)?;
        let data = frame.data_ref().map_or(&[][..], |data| data);
        if bytes.len() + data.len() > most {
            return Err(ErrorCode::TooLarge.into());
        }
        bytes.extend_from_slice(data);
    }
}

/// Takes a body and keeps nothing of it, as much of it as an endpoint may be sent. Whoever gets an answer before they
/// have sent all may lose it: their system forgets it when the connection is reset.
pub(super) async fn discard(mut body: Body, most: usize, within: Duration) {
    let taken = async {
        let mut left = most;
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, |data| data.len());
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => break,
            }
        }
    };
    let _ = tokio::time::timeout(within, taken).await;
}
