//! The HTTP edge: routes that hand a request to the rules and turn what comes back into bytes.

mod body;
mod connections;
mod enrol;
mod failure;
mod health;
mod metrics;
mod observe;
mod rate;
mod serve;
mod shares;
mod stream;
mod sync;
mod tls;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use rustix::process::{Resource, getrlimit};
use saddlebag_protocol::limits::MAX_MESSAGE;
use saddlebag_protocol::{ErrorCode, ServerKeys};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

pub use metrics::Metrics;
pub use serve::serve;
pub use tls::reload_on_hangup;

use crate::county::Counties;
use crate::enrol::Guesses;
use crate::failure::Failure;
use crate::tls::ServerTls;
use connections::Connections;
use shares::Shares;

/// Places of requests that are worked on at once; others wait.
const PLACES: usize = 64;
/// What a place is for, in bytes of the unpacked message: the largest request takes eight of them. What is made of a
/// message is some four times as large.
const PLACE: usize = MAX_MESSAGE / 8;
/// How long a request waits for room.
const PATIENCE: Duration = Duration::from_secs(20);
/// When one that waited in vain should come back.
const RETRY_AFTER_S: u32 = 30;

/// How long a server waits for a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a request's head, and between two requests of one connection.
    pub head: Duration,
    /// For the next byte of a body. A phone at the edge of its signal stalls for many seconds.
    pub stall: Duration,
    /// For a whole body, however slow the link: 10 minutes are 64 KB at 110 bytes a second.
    pub body: Duration,
    /// For an answer to be taken.
    pub answer: Duration,
    /// For what a stranger sends, which is not kept, and for their answer where they ask too often.
    pub stranger: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        Self {
            head: minutes(1),
            stall: minutes(1),
            body: minutes(10),
            answer: minutes(10),
            stranger: Duration::from_secs(5),
        }
    }
}

/// What the routes share.
pub struct ServerState {
    /// The counties that are served.
    pub counties: Counties,
    /// What `/metrics` shows.
    pub metrics: Metrics,
    patience: Patience,
    tls: Option<Arc<ServerTls>>,
    guesses: Mutex<Guesses>,
    places: Semaphore,
    connections: Arc<Connections>,
    shares: Shares,
}

impl ServerState {
    /// The state of a server of these counties.
    pub fn new(counties: Counties, patience: Patience) -> Self {
        Self {
            counties,
            metrics: Metrics::new(),
            patience,
            tls: None,
            guesses: Mutex::default(),
            places: Semaphore::new(PLACES),
            connections: Arc::new(Connections::within(getrlimit(Resource::Nofile).current)),
            shares: Shares::default(),
        }
    }

    /// The same, over TLS.
    pub fn with_tls(self, tls: Option<Arc<ServerTls>>) -> Self {
        Self { tls, ..self }
    }

    /// What phones are told of the server's keys; none without TLS, and with a public certificate.
    fn server_keys(&self) -> Option<ServerKeys> {
        self.tls.as_ref()?.keys()
    }
}

/// Every route.
pub fn router(state: Arc<ServerState>) -> Router {
    let routes = Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/sync", post(sync::sync))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics));
    guarded(routes, state)
}

/// These routes, with an answer to everything else and to a panic, counted and logged.
fn guarded(routes: Router<Arc<ServerState>>, state: Arc<ServerState>) -> Router {
    routes
        .method_not_allowed_fallback(async || Failure::from(ErrorCode::WrongMethod))
        .fallback(no_such_endpoint)
        // Its payload may hold what a device sent: it is dropped unread.
        .layer(CatchPanicLayer::custom(|_| {
            Failure::from(ErrorCode::Internal).into_response()
        }))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&state),
            shares::slow_strangers,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&state),
            observe::observe,
        ))
        .with_state(state)
}

/// Works on a request of so many bytes on a thread that may block, when there is room.
async fn work<T: Send + 'static>(
    state: &ServerState,
    bytes: usize,
    job: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let places = u32::try_from(bytes.min(MAX_MESSAGE).div_ceil(PLACE).max(1)).unwrap_or(1);
    let place = tokio::time::timeout(PATIENCE, state.places.acquire_many(places)).await;
    let Ok(Ok(_place)) = place else {
        return Err(Failure::busy(RETRY_AFTER_S));
    };
    // A panic's payload may hold what a device sent: it is dropped unread.
    tokio::task::spawn_blocking(job)
        .await
        .unwrap_or_else(|_| Err(ErrorCode::Internal.into()))
}

/// A path of another version of the protocol is told apart from one that never was.
async fn no_such_endpoint(request: Request) -> Response {
    let version = request
        .uri()
        .path()
        .strip_prefix("/v")
        .and_then(|rest| rest.split('/').next());
    let other = version.is_some_and(|v| v != "1" && !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()));
    let code = if other {
        ErrorCode::WrongVersion
    } else {
        ErrorCode::NotFound
    };
    Failure::from(code).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;
    use crate::county::DataFolder;
    use crate::outside::{Outside, System};

    async fn panics_while_working(
        state: axum::extract::State<Arc<ServerState>>,
    ) -> Result<Response, Failure> {
        work(&state, 0, || -> Result<(), Failure> { panic!("a name") }).await?;
        Ok(().into_response())
    }

    #[test]
    fn a_panic_is_answered_without_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let outside: Arc<dyn Outside> = Arc::new(System);
        let counties = Counties::open(DataFolder::take(folder.path()).unwrap(), &outside).unwrap();
        let state = Arc::new(ServerState::new(counties, Patience::default()));
        let routes = Router::new()
            .route("/at_once", get(async || -> Response { panic!("a name") }))
            .route("/working", get(panics_while_working));
        let router = guarded(routes, state);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await });
        for path in ["/at_once", "/working"] {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            let answer = String::from_utf8_lossy(&answer).into_owned();
            assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
            assert!(
                answer.contains("internal") && !answer.contains("a name"),
                "{answer}"
            );
        }
    }
}
