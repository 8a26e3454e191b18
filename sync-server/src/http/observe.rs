use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use super::ServerState;
use super::failure::AnsweredWith;

/// Logs and counts a request: its endpoint, what came of it, its time and bytes. Nothing that could name a person,
/// a device, an address or a token.
pub(super) async fn observe(State(state): State<Arc<ServerState>>, request: Request, next: Next) -> Response {
    // Only paths of our own: any other may hold anything.
    let endpoint = match request.uri().path() {
        "/v1/enrol" => "enrol",
        "/v1/sync" => "sync",
        "/healthz" => "healthz",
        "/readyz" => "readyz",
        "/metrics" => "metrics",
        _ => "other",
    };
    let bytes_in = length(request.headers());
    let begun = Instant::now();
    let response = next.run(request).await;
    let seconds = begun.elapsed().as_secs_f64();
    let code = response
        .extensions()
        .get::<AnsweredWith>()
        .map_or("ok", |answered| answered.0.code());
    let bytes_out = response.body().size_hint().exact().unwrap_or(0);
    state
        .metrics
        .answered(endpoint, code, seconds, [bytes_in, bytes_out]);
    tracing::info!(
        endpoint,
        code,
        ms = (seconds * 1000.0) as u64,
        bytes_in,
        bytes_out,
        "answered"
    );
    response
}

/// What the request says of its length: 0 where it says nothing, and capped where it lies.
fn length(headers: &axum::http::HeaderMap) -> u64 {
    let said = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    said.unwrap_or(0)
        .min(saddlebag_protocol::limits::MAX_MESSAGE as u64)
}
