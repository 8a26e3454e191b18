//! What a phone and a server say to each other, overheard; or one of them played from what was overheard before.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

/// A request's body and its answer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Where it went, such as `/v1/sync`.
    pub path: String,
    /// The bearer token.
    pub token: String,
    /// As it was sent.
    #[serde(with = "as_hex")]
    pub request: Vec<u8>,
    /// As it was answered.
    #[serde(with = "as_hex")]
    pub answer: Vec<u8>,
}

/// A server that passes everything on and keeps it, or that answers from what was kept. It ends with the process.
pub struct Tap {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Exchange>>>,
}

/// What stands behind a tap.
#[derive(Clone)]
enum Behind {
    Server(SocketAddr),
    Kept(Arc<Vec<Exchange>>),
}

impl Tap {
    /// Before this server.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn before(server: SocketAddr) -> Result<Self> {
        Self::open(Behind::Server(server))
    }

    /// In the stead of a server: the first request gets the first answer, and so on; whoever asks for more is cut off.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn answering(kept: Vec<Exchange>) -> Result<Self> {
        Self::open(Behind::Kept(Arc::new(kept)))
    }

    fn open(behind: Behind) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let tap = Self {
            address: listener.local_addr()?,
            heard: Arc::default(),
        };
        let heard = tap.heard.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (heard, behind) = (heard.clone(), behind.clone());
                thread::spawn(move || serve(client, &behind, &heard));
            }
        });
        Ok(tap)
    }

    /// Where phones reach it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was heard so far.
    pub fn heard(&self) -> Vec<Exchange> {
        self.heard
            .lock()
            .map_or_else(|broken| broken.into_inner().clone(), |heard| heard.clone())
    }
}

/// Serves one connection until either side ends it.
fn serve(client: TcpStream, behind: &Behind, heard: &Mutex<Vec<Exchange>>) -> Result<()> {
    let mut requests = BufReader::new(client.try_clone()?);
    let mut client = client;
    while let Some(Message { head, body }) = Message::read(&mut requests)? {
        let mut words = head.split(' ');
        let path = words.nth(1).context("a path")?.to_owned();
        let token = header(&head, "authorization").unwrap_or_default();
        let token = token.trim_start_matches("Bearer ").to_owned();
        let answer = match behind {
            Behind::Server(server) => {
                let mut server = TcpStream::connect(server)?;
                server.write_all(head.as_bytes())?;
                server.write_all(&body)?;
                Message::read(&mut BufReader::new(server))?.context("an answer")?
            }
            Behind::Kept(kept) => {
                let at = heard.lock().map_err(|_| anyhow::anyhow!("a panic"))?.len();
                let body = kept.get(at).context("nothing more was kept")?.answer.clone();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/cbor\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                Message { head, body }
            }
        };
        heard
            .lock()
            .map_err(|_| anyhow::anyhow!("a panic"))?
            .push(Exchange {
                path,
                token,
                request: body,
                answer: answer.body.clone(),
            });
        client.write_all(answer.head.as_bytes())?;
        client.write_all(&answer.body)?;
    }
    Ok(())
}

/// A request or an answer of HTTP/1.1, its body of a length that is told.
struct Message {
    /// With the empty line that ends it.
    head: String,
    body: Vec<u8>,
}

impl Message {
    /// The next one; none at the end.
    fn read(from: &mut BufReader<TcpStream>) -> Result<Option<Self>> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if from.read_line(&mut head)? == 0 {
                ensure!(head.is_empty(), "cut in a head");
                return Ok(None);
            }
        }
        let length = header(&head, "content-length").context("a length")?.parse()?;
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        Ok(Some(Self { head, body }))
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// Bytes as they stand in a file that people read.
mod as_hex {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}
