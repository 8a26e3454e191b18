use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::ServerState;

/// A county whose last backup is older says so.
const BACKUP_DUE_MS: i64 = 7 * 24 * 3600 * 1000;

#[derive(Serialize)]
struct Ready {
    ready: bool,
    counties: usize,
    /// Counties that have no backup, or none of the last 7 days.
    backup_overdue: usize,
    /// Counties of which something is not as it was written.
    damaged: usize,
}

/// The process runs.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Every county can be read, and nothing of it is known to be damaged. A backup that is overdue is told, and is no reason to stop serving.
pub(super) async fn readyz(State(state): State<Arc<ServerState>>) -> Response {
    let asked = tokio::task::spawn_blocking(move || {
        let counties = state.counties.all();
        let damaged = counties
            .iter()
            .filter(|county| county.damage().is_raised())
            .count();
        let ready = damaged == 0 && counties.iter().all(|county| county.is_ready());
        let overdue = |at: Option<i64>, now: i64| at.is_none_or(|at| now - at > BACKUP_DUE_MS);
        let backup_overdue = counties
            .iter()
            .filter(|county| overdue(county.backup_time(), county.now_ms()))
            .count();
        Ready {
            ready,
            counties: counties.len(),
            backup_overdue,
            damaged,
        }
    });
    let answer = asked.await.unwrap_or(Ready {
        ready: false,
        counties: 0,
        backup_overdue: 0,
        damaged: 0,
    });
    let status = if answer.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(answer)).into_response()
}
