use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::connect_info::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{ServerState, router, tls};
use crate::sweep::sweep_if_due;

/// What is being worked on at a stop may end within this.
const STOP: Duration = Duration::from_secs(30);
/// Between two looks at what has ended.
const SWEEP: Duration = Duration::from_secs(60);
/// Bytes that a connection buffers; a request's head must fit.
const BUFFER: usize = 64 * 1024;
/// Open connections; more wait in the kernel's queue.
const CONNECTIONS: usize = 1024;

/// Serves until `shutdown` completes, then lets the requests end that are being worked on.
pub async fn serve(listener: TcpListener, state: Arc<ServerState>, shutdown: impl Future<Output = ()>) {
    let router = router(Arc::clone(&state));
    let open = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(state.patience.head)
        .max_buf_size(BUFFER);
    let mut shutdown = pin!(shutdown);
    let stopping = CancellationToken::new();
    let sweeping = tokio::spawn(sweep(Arc::clone(&state)));
    loop {
        let accepted = async {
            let place = Arc::clone(&open).acquire_owned().await;
            (place, listener.accept().await)
        };
        tokio::select! {
            () = &mut shutdown => break,
            (place, accepted) = accepted => match accepted {
                Ok((stream, peer)) => {
                    // Answers are written at once and whole: waiting for more costs a round trip on a slow link.
                    let _ = stream.set_nodelay(true);
                    let service = router.clone().layer(Extension(ConnectInfo(peer)));
                    let service = TowerToHyperService::new(service);
                    let (http, watcher) = (http.clone(), connections.watcher());
                    let (state, stopping) = (Arc::clone(&state), stopping.clone());
                    tokio::spawn(async move {
                        let _place = place;
                        let tls = state.tls.as_deref();
                        let agreed = tls::agree(tls, stream, state.patience.head, &stopping).await;
                        let Some(stream) = agreed else { return };
                        // It ends badly whenever a phone leaves the signal: nothing to tell anybody.
                        let _ = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await;
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
    let _ = tokio::time::timeout(STOP, connections.shutdown()).await;
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
