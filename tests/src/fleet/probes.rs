//! What the server says to nobody in particular: metrics, health, logs, and its answers to bad requests that are full
//! of what must not come back.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::checker::{Canaries, Heard};
use super::server::ServerProcess;

/// Asks for everything that is open, and asks badly.
pub(crate) fn hear(server: &ServerProcess, canaries: &Canaries) -> Result<Vec<Heard>> {
    let mut heard = Vec::new();
    let mut ask = |at: &str, head: String, body: &[u8]| -> Result<()> {
        let answer = server.ask(&head, body).with_context(|| at.to_owned())?;
        heard.push(Heard {
            at: at.to_owned(),
            text: String::from_utf8_lossy(&answer).into_owned(),
        });
        Ok(())
    };
    for path in ["/healthz", "/readyz"] {
        ask(path, format!("GET {path} HTTP/1.1\r\n"), b"")?;
    }
    let cbor = "Content-Type: application/cbor\r\n";
    for word in canaries.some() {
        let escaped: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
        ask("an unknown path", format!("GET /v1/{escaped} HTTP/1.1\r\n"), b"")?;
        ask(
            "an enrolment that is no CBOR",
            format!("POST /v1/enrol HTTP/1.1\r\n{cbor}"),
            word.as_bytes(),
        )?;
        ask(
            "an enrolment with a wrong code",
            format!("POST /v1/enrol HTTP/1.1\r\n{cbor}"),
            &wrong_code(word),
        )?;
        let bearer = format!("Authorization: Bearer {word}\r\nContent-Encoding: zstd\r\n{cbor}");
        ask(
            "a sync with a wrong token",
            format!("POST /v1/sync HTTP/1.1\r\n{bearer}"),
            word.as_bytes(),
        )?;
    }
    // Last: it counts what was asked before.
    ask("/metrics", "GET /metrics HTTP/1.1\r\n".to_owned(), b"")?;
    Ok(heard)
}

/// A log, or another file.
pub(crate) fn file(path: &Path) -> Result<Heard> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(Heard {
        at: path.display().to_string(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// `{0: word, 2: 32 zeros, 3: 16 zeros, 4: word}`: an enrolment request.
fn wrong_code(word: &str) -> Vec<u8> {
    let text = |word: &str| {
        let short: String = word.chars().take(6).collect();
        // Six characters are at most 24 bytes: one byte of head up to 23, else two.
        let head = match u8::try_from(short.len()) {
            Ok(length @ ..=23) => vec![0x60 | length],
            Ok(length) => vec![0x78, length],
            Err(_) => vec![0x60],
        };
        [head, short.into_bytes()].concat()
    };
    let mut body = vec![0xa4, 0x00];
    body.extend(text(word));
    body.extend(
        [
            &[0x02, 0x58, 0x20][..],
            &[0; 32],
            &[0x03, 0x50],
            &[0; 16],
            &[0x04],
        ]
        .concat(),
    );
    body.extend(text(word));
    body
}
