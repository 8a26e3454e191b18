//! Somebody who stands where the county's server should.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;

use rustls::crypto::aws_lc_rs;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::authority::Shown;

/// Takes one connection and tells what it got to read.
pub(crate) struct Stranger {
    pub(crate) url: String,
    heard: JoinHandle<Vec<u8>>,
}

impl Stranger {
    /// One who shows this.
    pub(crate) fn who_shows(shown: &Shown) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Shows::of(shown)));
        Self::who("https", move |stream| {
            let connection = ServerConnection::new(Arc::new(config)).unwrap();
            read(StreamOwned::new(connection, stream))
        })
    }

    /// One who speaks no TLS.
    pub(crate) fn in_the_clear() -> Self {
        Self::who("https", |mut stream| {
            let mut hello = [0; 64];
            let read = stream.read(&mut hello).unwrap();
            std::io::Write::write_all(
                &mut stream,
                b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
            )
            .unwrap();
            hello[..read].to_vec()
        })
    }

    fn who(scheme: &str, hear: impl FnOnce(TcpStream) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{scheme}://localhost:{}", listener.local_addr().unwrap().port());
        let heard = std::thread::spawn(move || hear(listener.accept().unwrap().0));
        Self { url, heard }
    }

    /// What it could read of what was sent to it, once the other side has gone.
    pub(crate) fn heard(self) -> Vec<u8> {
        self.heard.join().unwrap()
    }
}

/// Up to the end of a request's head: nobody answers it.
fn read(mut from: impl Read) -> Vec<u8> {
    let (mut heard, mut piece) = (Vec::new(), [0; 1024]);
    while !heard.windows(4).any(|four| four == b"\r\n\r\n") {
        match from.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(read) => heard.extend_from_slice(&piece[..read]),
        }
    }
    heard
}

/// A chain with whatever key, its own or another's.
#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl Shows {
    fn of(shown: &Shown) -> Self {
        let key = aws_lc_rs::sign::any_supported_type(&shown.private_key()).unwrap();
        Self(Arc::new(CertifiedKey::new(shown.chain.clone(), key)))
    }
}

impl ResolvesServerCert for Shows {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}
