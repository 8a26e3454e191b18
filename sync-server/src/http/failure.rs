use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use saddlebag_protocol::{ErrorBody, ErrorCode};

use super::body::CBOR;
use crate::failure::Failure;

/// The code of an answer that is not 200, for logs and metrics.
#[derive(Clone, Copy)]
pub(super) struct AnsweredWith(pub(super) ErrorCode);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut body = Vec::new();
        let message = ErrorBody {
            retry_after_s: self.retry_after_s,
            ..self.code.into()
        };
        // Writing to a Vec cannot fail: its error type has no value.
        let _ = minicbor::encode(message, &mut body);
        let mut response = body.into_response();
        *response.status_mut() =
            StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CBOR));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(AnsweredWith(self.code));
        response
    }
}
