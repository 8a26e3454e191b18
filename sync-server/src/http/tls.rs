use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

use crate::tls::ServerTls;

/// A connection that requests can be read from.
pub(super) type Stream = Either<TcpStream, TlsStream<TcpStream>>;

/// Agrees on TLS, where the server has it. None where the other side does not within `patience`, or not at all.
pub(super) async fn agree(tls: Option<&ServerTls>, stream: TcpStream, patience: Duration) -> Option<Stream> {
    let Some(tls) = tls else {
        return Some(Either::Left(stream));
    };
    let agreed = Box::pin(TlsAcceptor::from(tls.config()).accept(stream));
    let agreed = tokio::time::timeout(patience, agreed).await.ok()?;
    agreed.ok().map(Either::Right)
}

/// Reads the certificate anew whenever a SIGHUP comes, which would end the process otherwise.
///
/// # Errors
/// Where the signal cannot be listened for.
pub fn reload_on_hangup(tls: Option<Arc<ServerTls>>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangups = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            let Some(tls) = tls.clone() else { continue };
            let _ = tokio::task::spawn_blocking(move || tls.reload()).await;
        }
    });
    Ok(())
}
