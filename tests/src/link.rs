//! A bad link: a proxy on loopback that delays, throttles, duplicates and cuts, as a seed tells it.
//!
//! The cut that matters most delivers the request and loses the answer.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a link does to the connections over it. Chances are in thousandths, drawn once a connection.
#[derive(Clone, Debug)]
pub struct Weather {
    /// How long each piece is under way, in milliseconds.
    pub delay_ms: Range<u64>,
    /// How many bytes a second pass, each way; none: as many as come.
    pub bytes_a_second: Option<u64>,
    /// Cut after so many bytes from the client, or from the server.
    pub cut: u16,
    /// Where such a cut falls.
    pub cut_at: Range<u64>,
    /// Deliver the request and lose the answer.
    pub lose_answer: u16,
    /// Send everything that the client sent to the server once more, on a connection of its own.
    pub duplicate: u16,
    /// Close before anything is sent.
    pub refuse: u16,
}

impl Weather {
    /// Nothing happens to anything.
    pub fn clear() -> Self {
        Self {
            delay_ms: 0..0,
            bytes_a_second: None,
            cut: 0,
            cut_at: 0..0,
            lose_answer: 0,
            duplicate: 0,
            refuse: 0,
        }
    }

    /// A township station's link on a bad day.
    pub fn bad() -> Self {
        Self {
            delay_ms: 0..4,
            bytes_a_second: Some(2_000_000),
            cut: 250,
            cut_at: 0..12_000,
            lose_answer: 100,
            duplicate: 80,
            refuse: 40,
        }
    }

    /// Every connection ends after so many bytes in either direction.
    pub fn cuts_after(bytes: u64) -> Self {
        Self {
            cut: 1000,
            cut_at: bytes..bytes + 1,
            ..Self::clear()
        }
    }
}

/// What went over a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Connections that a client opened.
    pub connections: u64,
    /// Connections that the link ended, answers lost and connections refused among them.
    pub cuts: u64,
    /// Requests delivered whose answers were lost.
    pub lost_answers: u64,
    /// Connections whose bytes were sent to the server twice.
    pub duplicates: u64,
    /// Bytes taken from clients, headers and what a cut wasted included.
    pub bytes_up: u64,
    /// Bytes given to clients, likewise.
    pub bytes_down: u64,
}

#[derive(Default)]
struct Counters {
    connections: AtomicU64,
    cuts: AtomicU64,
    lost_answers: AtomicU64,
    duplicates: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
}

/// What happens to one connection.
#[derive(Clone, Copy, Debug)]
struct Fate {
    most_up: u64,
    most_down: u64,
    lose_answer: bool,
    duplicate: bool,
    refuse: bool,
    delay: Duration,
    bytes_a_second: Option<u64>,
}

/// A running proxy. It ends when it is dropped.
pub struct Link {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    weather: Arc<Mutex<Weather>>,
    counters: Arc<Counters>,
    running: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Link {
    /// Opens a link to `target` on a free port of loopback. Must be called within a tokio runtime.
    pub async fn open(target: SocketAddr, weather: Weather, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let target = Arc::new(Mutex::new(target));
        let weather = Arc::new(Mutex::new(weather));
        let counters = Arc::new(Counters::default());
        let running = tokio::spawn(accept(
            listener,
            target.clone(),
            weather.clone(),
            counters.clone(),
            seed,
        ));
        Ok(Self {
            address,
            target,
            weather,
            counters,
            running,
        })
    }

    /// Where clients connect to, for plain HTTP. It carries bytes, whatever they are.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same for TLS.
    pub fn url_over_tls(&self) -> String {
        format!("https://{}", self.address)
    }

    /// From now on connections go here: a server that was killed comes back on another port.
    pub fn lead_to(&self, target: SocketAddr) {
        *self
            .target
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner()) = target;
    }

    /// From now on connections meet this.
    pub fn change_weather(&self, weather: Weather) {
        *self
            .weather
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner()) = weather;
    }

    /// What went over it so far.
    pub fn counted(&self) -> Counted {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let c = &self.counters;
        Counted {
            connections: read(&c.connections),
            cuts: read(&c.cuts),
            lost_answers: read(&c.lost_answers),
            duplicates: read(&c.duplicates),
            bytes_up: read(&c.up),
            bytes_down: read(&c.down),
        }
    }
}

async fn accept(
    listener: TcpListener,
    target: Arc<Mutex<SocketAddr>>,
    weather: Arc<Mutex<Weather>>,
    counters: Arc<Counters>,
    seed: u64,
) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    while let Ok((client, _)) = listener.accept().await {
        counters.connections.fetch_add(1, Ordering::Relaxed);
        let target = *target.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let fate = fate(
            &weather.lock().unwrap_or_else(|poisoned| poisoned.into_inner()),
            &mut rng,
        );
        tokio::spawn(carry(client, target, fate, counters.clone()));
    }
}

fn fate(weather: &Weather, rng: &mut impl Rng) -> Fate {
    let mut happens = |thousandths: u16| rng.random_range(0..1000) < thousandths;
    let (cut, lose_answer) = (happens(weather.cut), happens(weather.lose_answer));
    let (duplicate, refuse) = (happens(weather.duplicate), happens(weather.refuse));
    let mut within = |range: &Range<u64>| {
        if range.is_empty() {
            range.start
        } else {
            rng.random_range(range.clone())
        }
    };
    let (up, down) = (within(&weather.cut_at), within(&weather.cut_at));
    let delay = Duration::from_millis(within(&weather.delay_ms));
    Fate {
        most_up: if cut { up } else { u64::MAX },
        most_down: if cut { down } else { u64::MAX },
        lose_answer,
        duplicate,
        refuse,
        delay,
        bytes_a_second: weather.bytes_a_second,
    }
}

/// Carries one connection to its fate.
async fn carry(client: TcpStream, target: SocketAddr, fate: Fate, counters: Arc<Counters>) {
    if fate.refuse {
        counters.cuts.fetch_add(1, Ordering::Relaxed);
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    // Small pieces go at once: what is measured is bytes and order, never the kernel's patience.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let up = Way {
        fate,
        most: fate.most_up,
        copy: fate.duplicate.then(|| sent.clone()),
        lose: false,
    };
    let down = Way {
        fate,
        most: fate.most_down,
        copy: None,
        lose: fate.lose_answer,
    };
    // Whichever way ends first ends both: a cut is a cut.
    let cut = tokio::select! {
        cut = pass(from_client, to_server, up, &counters.up) => cut,
        cut = pass(from_server, to_client, down, &counters.down) => cut,
    };
    if cut {
        counters.cuts.fetch_add(1, Ordering::Relaxed);
    }
    if fate.lose_answer && cut {
        counters.lost_answers.fetch_add(1, Ordering::Relaxed);
    }
    let again = std::mem::take(&mut *sent.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
    if !again.is_empty() && send_again(target, &again).await.is_ok() {
        counters.duplicates.fetch_add(1, Ordering::Relaxed);
    }
}

/// One direction of a connection.
struct Way {
    fate: Fate,
    most: u64,
    copy: Option<Arc<Mutex<Vec<u8>>>>,
    lose: bool,
}

/// Passes bytes on until an end or the cut; says whether it was the cut.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: Way, counter: &AtomicU64) -> bool {
    let mut buffer = [0; 4096];
    let mut passed = 0;
    loop {
        let Ok(read) = from.read(&mut buffer).await else {
            return false;
        };
        if read == 0 {
            return false;
        }
        if way.lose {
            return true;
        }
        let left = usize::try_from(way.most - passed).unwrap_or(usize::MAX);
        let piece = buffer.get(..read.min(left)).unwrap_or_default();
        let mut wait = way.fate.delay;
        if let Some(rate) = way.fate.bytes_a_second {
            wait += Duration::from_micros(piece.len() as u64 * 1_000_000 / rate);
        }
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        if to.write_all(piece).await.is_err() {
            return false;
        }
        if let Some(copy) = &way.copy {
            copy.lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner())
                .extend_from_slice(piece);
        }
        passed += piece.len() as u64;
        counter.fetch_add(piece.len() as u64, Ordering::Relaxed);
        if passed == way.most {
            return true;
        }
    }
}

/// Sends a connection's bytes to the server once more and waits for its first bytes back, which nobody sees.
async fn send_again(target: SocketAddr, bytes: &[u8]) -> io::Result<()> {
    let mut server = TcpStream::connect(target).await?;
    server.write_all(bytes).await?;
    let _ = server.read(&mut [0; 64]).await?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// A server that answers what it is sent, byte for byte.
    async fn echo() -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (mut from, mut to) = stream.into_split();
                tokio::spawn(async move { tokio::io::copy(&mut from, &mut to).await });
            }
        });
        (address, running)
    }

    async fn ask(link: &Link, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(link.address).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let mut answer = vec![0; bytes.len()];
        let mut read = 0;
        while read < bytes.len() {
            match stream.read(&mut answer[read..]).await {
                Ok(0) | Err(_) => break,
                Ok(n) => read += n,
            }
        }
        answer.truncate(read);
        answer
    }

    #[tokio::test]
    async fn in_clear_weather_everything_arrives() {
        let (server, _running) = echo().await;
        let link = Link::open(server, Weather::clear(), 1).await.unwrap();
        assert_eq!(ask(&link, &[7; 50_000]).await, [7; 50_000]);
        let counted = link.counted();
        assert_eq!(
            (counted.bytes_up, counted.bytes_down, counted.cuts),
            (50_000, 50_000, 0)
        );
    }

    #[tokio::test]
    async fn a_cut_falls_on_its_byte() {
        let (server, _running) = echo().await;
        let link = Link::open(server, Weather::cuts_after(4096), 1).await.unwrap();
        assert!(ask(&link, &[7; 10_000]).await.len() <= 4096);
        assert_eq!(link.counted().bytes_up, 4096);
    }

    #[tokio::test]
    async fn a_lost_answer_was_a_delivered_request() {
        let (server, _running) = echo().await;
        let link = Link::open(
            server,
            Weather {
                lose_answer: 1000,
                ..Weather::clear()
            },
            1,
        )
        .await
        .unwrap();
        assert!(ask(&link, b"question").await.is_empty());
        let counted = link.counted();
        assert_eq!((counted.bytes_up, counted.bytes_down), (8, 0));
    }

    #[test]
    fn the_same_seed_brings_the_same_weather() {
        let fates = |seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            (0..50)
                .map(|_| format!("{:?}", fate(&Weather::bad(), &mut rng)))
                .collect::<Vec<_>>()
        };
        assert_eq!(fates(7), fates(7));
        assert_ne!(fates(7), fates(8));
    }
}
