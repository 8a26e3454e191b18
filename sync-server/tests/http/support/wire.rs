//! HTTP/1.1 by hand, so that a test can send what no client library would.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use minicbor::Decode;
use saddlebag_protocol::{ErrorBody, ErrorCode};

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The code of an answer that is not 200, whose status must be the code's.
    pub(crate) fn code(&self) -> ErrorCode {
        let body: ErrorBody = self.message();
        assert_eq!(self.status, body.code.status());
        assert_eq!(body.text, body.code.code());
        body.code
    }

    pub(crate) fn message<T: for<'b> Decode<'b, ()>>(&self) -> T {
        minicbor::decode(&self.body).unwrap_or_else(|error| panic!("{} {error}: {}", self.status, self.head))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Sends a request with these headers and this body, and reads the answer.
pub(crate) fn send(to: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += &format!("Content-Length: {}\r\n\r\n", body.len());
    let bytes = [request.as_bytes(), body].concat();
    let mut stream = TcpStream::connect(to).unwrap();
    // The server may answer, and close, before all was sent.
    let _ = stream.write_all(&bytes);
    read(stream).unwrap_or_else(|| panic!("no answer to {method} {path}"))
}

/// Sends bytes, ends the connection's sending half, and reads whatever answer comes.
pub(crate) fn send_and_cut(to: SocketAddr, bytes: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(to).unwrap();
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    read(stream)
}

/// Reads an answer to the end of the connection; none where it ends without one.
fn read(mut stream: TcpStream) -> Option<Reply> {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
    let status = head.split(' ').nth(1)?.parse().unwrap();
    Some(Reply {
        status,
        head,
        body: answer[end + 4..].to_vec(),
    })
}
