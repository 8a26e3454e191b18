use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use saddlebag_protocol::limits::MAX_MESSAGE;

use super::ServerState;
use super::body::length;
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
    // Capped where it lies.
    let bytes_in = length(request.headers()).map_or(0, |said| said.min(MAX_MESSAGE as u64));
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
