use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// A connection that takes what is written to it within a time. A peer that reads a byte now and then, or is gone without
/// a word, would hold its answer for ever.
pub(super) struct TakenInTime<S> {
    stream: S,
    within: Duration,
    /// Runs from when something could not be written at once until all is.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S> TakenInTime<S> {
    pub(super) fn new(stream: S, within: Duration) -> Self {
        Self {
            stream,
            within,
            until: None,
        }
    }

    /// What came of writing: an error where it has waited for too long.
    fn waited<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            return written;
        }
        let within = self.within;
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(within)));
        ready!(until.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TakenInTime<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TakenInTime<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.waited(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.waited(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if flushed.is_ready() {
            self.until = None;
        }
        self.waited(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.waited(cx, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const SOON: Duration = Duration::from_millis(100);
    /// More than any kernel buffers between two of its sockets.
    const MUCH: usize = 32 * 1024 * 1024;

    async fn connected() -> (TakenInTime<TcpStream>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        (TakenInTime::new(stream, SOON), peer)
    }

    async fn write(stream: &mut TakenInTime<TcpStream>, bytes: usize) -> io::Result<()> {
        stream.write_all(&vec![0; bytes]).await?;
        stream.flush().await
    }

    #[tokio::test]
    async fn a_peer_that_takes_nothing_is_left() {
        let (mut stream, _peer) = connected().await;
        let error = write(&mut stream, MUCH).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_peer_that_takes_a_little_now_and_then_is_left_as_well() {
        let (mut stream, mut peer) = connected().await;
        let trickling = tokio::spawn(async move {
            let mut every = tokio::time::interval(SOON / 20);
            while peer.read(&mut [0; 64 * 1024]).await.is_ok_and(|taken| taken > 0) {
                every.tick().await;
            }
        });
        let error = write(&mut stream, 4 * MUCH).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(stream);
        trickling.await.unwrap();
    }

    #[tokio::test]
    async fn each_answer_has_its_own_time() {
        let (mut stream, mut peer) = connected().await;
        stream.within = 1000 * SOON;
        let taken = async {
            let (mut left, mut some) = (MUCH, vec![0; 1024 * 1024]);
            while left > 0 {
                left -= peer.read(&mut some).await.unwrap();
            }
        };
        let writes = async {
            stream.write_all(&vec![0; MUCH]).await.unwrap();
            assert!(stream.until.is_some(), "it had to wait");
            stream.flush().await.unwrap();
        };
        tokio::join!(writes, taken);
        assert!(stream.until.is_none());
    }
}
