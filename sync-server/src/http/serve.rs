use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::connections::Connected;
use super::stream::TakenInTime;
use super::{ServerState, router, tls};
use crate::sweep::sweep_if_due;

/// What is being worked on at a stop may end within this.
const STOP: Duration = Duration::from_secs(30);
/// Between two looks at what has ended.
const SWEEP: Duration = Duration::from_secs(60);
/// Bytes that a connection buffers of what comes; a request's head must fit.
const BUFFER: usize = 16 * 1024;

/// Serves until `shutdown` completes, then lets the requests end that are being worked on.
pub async fn serve(listener: TcpListener, state: Arc<ServerState>, shutdown: impl Future<Output = ()>) {
    let router = router(Arc::clone(&state));
    let watched = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    let stopping = CancellationToken::new();
    let sweeping = tokio::spawn(sweep(Arc::clone(&state)));
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Answers are written at once and whole: waiting for more costs a round trip on a slow link.
                    let _ = stream.set_nodelay(true);
                    let connected = state.connections.open(peer);
                    let (state, router) = (Arc::clone(&state), router.clone());
                    let (watcher, stopping) = (watched.watcher(), stopping.clone());
                    tokio::spawn(async move {
                        let begun = tokio::select! {
                            begun = begin(stream, &state) => begun,
                            () = connected.is_to_end() => None,
                            () = stopping.cancelled() => None,
                        };
                        let Some(stream) = begun else { return };
                        // On the heap of its own: else every silent connection would have room for one that speaks.
                        let conversation = Box::pin(converse(stream, router, state, connected.clone(), watcher));
                        tokio::select! {
                            () = conversation => {}
                            () = connected.is_to_end() => {}
                        }
                    });
                }
                // Out of file descriptors, mostly: the next may be served once another ends.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
        }
    }
    drop(listener);
    stopping.cancel();
    sweeping.abort();
    let _ = tokio::time::timeout(STOP, watched.shutdown()).await;
}

/// A connection that something came over, and that TLS was agreed on for where the server has it. Until then it costs
/// next to nothing.
async fn begin(stream: TcpStream, state: &ServerState) -> Option<tls::Stream> {
    let patience = state.patience.head;
    tokio::time::timeout(patience, stream.readable())
        .await
        .ok()?
        .ok()?;
    tls::agree(state.tls.as_deref(), stream, patience).await
}

/// Answers the requests that come, one after the other.
async fn converse(
    stream: tls::Stream,
    router: Router,
    state: Arc<ServerState>,
    connected: Connected,
    watcher: Watcher,
) {
    let router = TowerToHyperService::new(router);
    let answer = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(connected.clone());
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(state.patience.head)
        .max_buf_size(BUFFER);
    let stream = TokioIo::new(TakenInTime::new(stream, state.patience.answer));
    // It ends badly whenever a phone leaves the signal: nothing to tell anybody.
    let _ = watcher.watch(http.serve_connection(stream, answer)).await;
}

/// Takes back what time has ended, also while nobody syncs.
async fn sweep(state: Arc<ServerState>) {
    let mut minutes = tokio::time::interval(SWEEP);
    loop {
        minutes.tick().await;
        for county in state.counties.all() {
            let swept = tokio::task::spawn_blocking(move || sweep_if_due(&county)).await;
            if let Ok(Err(error)) = swept {
                tracing::error!(code = error.code(), "a sweep failed");
            }
        }
    }
}
