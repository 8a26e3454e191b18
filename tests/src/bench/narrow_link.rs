use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as Bound};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until};

/// What goes through at a time, in bytes: about a packet.
const PIECE: usize = 1_400;
/// Pieces that may be under way in a connection, each way.
const UNDER_WAY: usize = 1_024;

/// How narrow a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Narrow {
    /// From asking until the first byte back, whatever the server does with it.
    pub round_trip: Duration,
    /// How many bytes a second pass, each way, of all connections together; none: as many as come.
    pub bytes_a_second: Option<u64>,
}

/// A proxy on loopback as a mobile link is: all connections share what passes in a second, a connection is there
/// after a round trip, and what is under way delays nothing behind it. It ends when it is dropped.
pub struct NarrowLink {
    address: SocketAddr,
    line: Arc<Line>,
    ends: Option<oneshot::Sender<()>>,
    carrying: Option<JoinHandle<()>>,
}

struct Line {
    round_trip: Duration,
    up: Way,
    down: Way,
}

/// One direction of the link.
struct Way {
    delay: Duration,
    bytes_a_second: Option<u64>,
    free_at: Mutex<Instant>,
    bytes: AtomicU64,
}

impl NarrowLink {
    /// Opens a link to `target` on a free port, carried by a thread of its own.
    pub fn open(target: SocketAddr, narrow: Narrow) -> io::Result<Self> {
        let bound = Bound::bind((Ipv4Addr::LOCALHOST, 0))?;
        bound.set_nonblocking(true)?;
        let address = bound.local_addr()?;
        let line = Arc::new(Line {
            round_trip: narrow.round_trip,
            up: Way::of(narrow),
            down: Way::of(narrow),
        });
        let (ends, ended) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let accepting = accept(bound, target, line.clone());
        let carrying = thread::Builder::new().name("narrow link".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = ended => {}
                    _ = accepting => {}
                }
            });
        })?;
        Ok(Self {
            address,
            line,
            ends: Some(ends),
            carrying: Some(carrying),
        })
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The bytes that clients have sent and got, headers of HTTP and WebSocket included.
    pub fn bytes(&self) -> [u64; 2] {
        [&self.line.up, &self.line.down].map(|way| way.bytes.load(Ordering::Relaxed))
    }
}

impl Drop for NarrowLink {
    fn drop(&mut self) {
        self.ends.take();
        if let Some(carrying) = self.carrying.take() {
            let _ = carrying.join();
        }
    }
}

impl Way {
    fn of(narrow: Narrow) -> Self {
        Self {
            delay: narrow.round_trip / 2,
            bytes_a_second: narrow.bytes_a_second,
            free_at: Mutex::new(Instant::now()),
            bytes: AtomicU64::new(0),
        }
    }

    /// When so many bytes, which are there now, have gone through, behind all that came before them.
    fn through(&self, now: Instant, bytes: usize) -> Instant {
        let mut free_at = self
            .free_at
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        let takes = match self.bytes_a_second {
            Some(rate) => Duration::from_secs_f64(bytes as f64 / rate as f64),
            None => Duration::ZERO,
        };
        *free_at = (*free_at).max(now) + takes;
        *free_at
    }
}

async fn accept(bound: Bound, target: SocketAddr, line: Arc<Line>) -> io::Result<()> {
    let listener = TcpListener::from_std(bound)?;
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(carry(client, target, line.clone()));
    }
}

async fn carry(client: TcpStream, target: SocketAddr, line: Arc<Line>) {
    sleep(line.round_trip).await;
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(
        pass(from_client, to_server, &line.up),
        pass(from_server, to_client, &line.down)
    );
}

/// Passes on what one side says until it has said all.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: &Way) {
    let (under_way, mut arriving) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let sending = async move {
        let mut piece = [0; PIECE];
        while let Ok(read @ 1..) = from.read(&mut piece).await {
            way.bytes.fetch_add(read as u64, Ordering::Relaxed);
            let through = way.through(Instant::now(), read);
            sleep_until(through).await;
            let bytes = piece.get(..read).unwrap_or_default().to_vec();
            if under_way.send((through + way.delay, bytes)).await.is_err() {
                break;
            }
        }
    };
    let receiving = async move {
        while let Some((due, bytes)) = arriving.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(sending, receiving);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::Shutdown;

    use super::*;

    #[test]
    fn all_connections_share_what_passes_in_a_second() {
        let way = Way::of(Narrow {
            round_trip: Duration::from_millis(500),
            bytes_a_second: Some(1_000),
        });
        let now = Instant::now() + Duration::from_secs(1);
        assert_eq!(way.through(now, 500), now + Duration::from_millis(500));
        assert_eq!(way.through(now, 250), now + Duration::from_millis(750));
        let later = now + Duration::from_secs(5);
        assert_eq!(way.through(later, 1_000), later + Duration::from_secs(1));
    }

    #[test]
    fn what_is_sent_arrives_whole_and_not_before_it_can() {
        let server = Bound::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let target = server.local_addr().unwrap();
        let round_trip = Duration::from_millis(40);
        let link = NarrowLink::open(
            target,
            Narrow {
                round_trip,
                bytes_a_second: Some(1_000_000),
            },
        )
        .unwrap();
        let begun = std::time::Instant::now();
        let asking = thread::spawn({
            let address = link.address();
            move || {
                let mut client = std::net::TcpStream::connect(address).unwrap();
                client.write_all(&[7; 50_000]).unwrap();
                client.shutdown(Shutdown::Write).unwrap();
                let mut answer = Vec::new();
                client.read_to_end(&mut answer).unwrap();
                answer
            }
        });
        let (mut client, _) = server.accept().unwrap();
        let mut asked = Vec::new();
        client.read_to_end(&mut asked).unwrap();
        client.write_all(b"all of it").unwrap();
        drop(client);
        assert_eq!(asking.join().unwrap(), b"all of it");
        assert_eq!(asked, [7; 50_000]);
        assert_eq!(link.bytes(), [50_000, 9]);
        // A round trip for the connection, one for the question and its answer, and 50 KB at 1 MB a second.
        assert!(begun.elapsed() >= 2 * round_trip + Duration::from_millis(50));
    }
}
