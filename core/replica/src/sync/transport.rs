use std::error::Error as _;
use std::io;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use saddlebag_protocol::limits::MAX_FRAME;
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, ErrorBody, ErrorCode};

use super::tls::Trust;

/// Why an exchange brought no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The server's address is no URL that can be asked.
    #[error("the server's address cannot be used")]
    BadAddress,
    /// No connection came about: nothing was sent.
    #[error("the server was not reached")]
    Unreachable,
    /// The link broke, or was silent for too long, after something was sent. The county may have got it.
    #[error("the link broke")]
    Cut,
    /// The server answered that it will not.
    #[error("the server answered {}", .0.code())]
    Refused(ErrorCode, Option<u32>),
    /// Something answered that is not such a server.
    #[error("the answer is none of a sync server's")]
    Foreign,
    /// The address begins with `http:` and leads away from this machine: nothing was sent.
    #[error("nothing is sent to another machine unencrypted")]
    Insecure,
    /// The server has none of the keys that this device was told of: nothing was sent.
    #[error("the server does not have the county's key")]
    WrongKey,
    /// Its certificate does not show that the server is who it should be: nothing was sent.
    #[error("the server's certificate is not to be trusted")]
    Untrusted,
    /// The server's certificate has expired: nothing was sent.
    #[error("the server's certificate has expired")]
    Expired,
}

impl TransportError {
    /// The codes that are not the server's.
    pub(crate) const CODES: [&str; 8] = [
        "bad_address",
        "unreachable",
        "cut",
        "foreign_server",
        "insecure_address",
        "wrong_server_key",
        "untrusted_certificate",
        "certificate_expired",
    ];

    /// A stable code: the key of its translation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress => "bad_address",
            Self::Unreachable => "unreachable",
            Self::Cut => "cut",
            Self::Refused(code, _) => code.code(),
            Self::Foreign => "foreign_server",
            Self::Insecure => "insecure_address",
            Self::WrongKey => "wrong_server_key",
            Self::Untrusted => "untrusted_certificate",
            Self::Expired => "certificate_expired",
        }
    }

    /// Whether another try may bring more than this one.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Cut | Self::Unreachable => true,
            Self::Refused(code, _) => {
                matches!(
                    code,
                    ErrorCode::Busy | ErrorCode::Timeout | ErrorCode::StoreFull | ErrorCode::Internal
                )
            }
            Self::BadAddress
            | Self::Foreign
            | Self::Insecure
            | Self::WrongKey
            | Self::Untrusted
            | Self::Expired => false,
        }
    }
}

/// A connection is given up after this long without a byte.
const SILENCE: Duration = Duration::from_secs(60);
/// The same for a connection to come about, its TLS included.
const CONNECT: Duration = Duration::from_secs(30);

/// Requests to one server.
#[derive(Clone, Debug)]
pub struct Transport {
    client: Client,
    address: String,
    trust: Trust,
    /// Kept for connections of their own: what was agreed on once makes the next handshake short.
    tls: Option<rustls::ClientConfig>,
}

impl Transport {
    /// To the server at this address, such as `https://sync.example`, if it shows what `trust` wants. Unencrypted
    /// (`http:`) only to this very machine, and not where it is known which key the server must have.
    pub fn new(address: &str, trust: Trust) -> Result<Self, TransportError> {
        let url = reqwest::Url::parse(address).map_err(|_| TransportError::BadAddress)?;
        if !url.has_host() {
            return Err(TransportError::BadAddress);
        }
        let tls = match (url.scheme(), &trust) {
            ("https", _) => Some(trust.config()?),
            ("http", Trust::Certificate(..)) if is_this_machine(&url) => None,
            ("http", _) => return Err(TransportError::Insecure),
            _ => return Err(TransportError::BadAddress),
        };
        Ok(Self {
            client: built(client(tls.as_ref()))?,
            address: address.trim_end_matches('/').to_owned(),
            trust,
            tls,
        })
    }

    /// The same with a connection of its own for each request: where a link cuts after so many bytes, what went over a
    /// connection before is missing to what comes after, and every other request is wasted.
    pub fn one_connection_each(&self) -> Result<Self, TransportError> {
        Ok(Self {
            client: built(client(self.tls.as_ref()).pool_max_idle_per_host(0))?,
            ..self.clone()
        })
    }

    /// `POST /v1/enrol`.
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, TransportError> {
        let mut body = Vec::new();
        // Writing to a Vec cannot fail.
        let _ = minicbor::encode(request, &mut body);
        let post = self
            .client
            .post(format!("{}/v1/enrol", self.address))
            .header(CONTENT_TYPE, "application/cbor");
        let answer = whole(
            post.body(body)
                .send()
                .await
                .map_err(|error| self.failure(&error))?,
        )
        .await?;
        minicbor::decode(&answer).map_err(|_| TransportError::Foreign)
    }

    /// `POST /v1/sync`: one frame there, one frame back.
    pub async fn sync(&self, token: &str, frame: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| TransportError::BadAddress)?;
        bearer.set_sensitive(true);
        let post = self
            .client
            .post(format!("{}/v1/sync", self.address))
            .header(AUTHORIZATION, bearer)
            .header(CONTENT_TYPE, "application/cbor")
            .header(CONTENT_ENCODING, "zstd");
        whole(
            post.body(frame)
                .send()
                .await
                .map_err(|error| self.failure(&error))?,
        )
        .await
    }

    fn failure(&self, error: &reqwest::Error) -> TransportError {
        if error.is_builder() {
            TransportError::BadAddress
        } else if !error.is_connect() {
            TransportError::Cut
        } else if let Some(error) = handshake_error(error) {
            self.trust.failure(error)
        } else {
            TransportError::Unreachable
        }
    }
}

fn client(tls: Option<&rustls::ClientConfig>) -> ClientBuilder {
    let client = Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none());
    match tls {
        Some(tls) => client.tls_backend_preconfigured(tls.clone()).https_only(true),
        // A proxy is another machine.
        None => client.no_proxy(),
    }
}

fn built(client: ClientBuilder) -> Result<Client, TransportError> {
    client.build().map_err(|_| TransportError::BadAddress)
}

/// Whether no byte to this address leaves the machine.
fn is_this_machine(url: &reqwest::Url) -> bool {
    url.host_str().is_some_and(|host| {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        address
            .parse::<std::net::IpAddr>()
            .map_or(host == "localhost", |address| address.is_loopback())
    })
}

/// Why the handshake failed, where one was begun and answered.
fn handshake_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref() {
            return Some(error);
        }
        // What an I/O error holds is not its source, but what stands in its place.
        let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(held) = held {
            let held: &(dyn std::error::Error + 'static) = held;
            source = Some(held);
        } else {
            source = error.source();
        }
    }
    None
}

/// The body of an answer, read up to the largest frame.
async fn whole(mut response: Response) -> Result<Vec<u8>, TransportError> {
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| TransportError::Cut)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_FRAME {
            return Err(TransportError::Foreign);
        }
    }
    if status == StatusCode::OK {
        return Ok(body);
    }
    let refused = |error: ErrorBody| TransportError::Refused(error.code, error.retry_after_s);
    Err(minicbor::decode(&body).map_or(TransportError::Foreign, refused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::TrustedRoots;

    #[test]
    fn nothing_goes_to_another_machine_unencrypted() {
        let by_certificate = || Trust::Certificate(TrustedRoots::bundled(), 0);
        let code = |address: &str, trust| match Transport::new(address, trust) {
            Ok(_) => "ok",
            Err(error) => error.code(),
        };
        for address in [
            "http://127.0.0.1:8470",
            "http://127.9.9.9",
            "http://[::1]:8470",
            "http://localhost:8470",
            "https://sync.example",
            "https://192.168.1.4:8470",
        ] {
            assert_eq!(code(address, by_certificate()), "ok", "{address}");
        }
        for address in [
            "http://sync.example",
            "http://192.168.1.4:8470",
            "http://localhost.sync.example",
            "http://127.0.0.1.sync.example",
            "http://[::ffff:10.0.0.1]",
            "http://0.0.0.0",
        ] {
            assert_eq!(code(address, by_certificate()), "insecure_address", "{address}");
        }
        let pinned = Trust::Keys(vec![[1; 32]]);
        assert_eq!(
            code("http://127.0.0.1:8470", pinned.clone()),
            "insecure_address",
            "whatever listens there has not shown the key"
        );
        assert_eq!(code("https://127.0.0.1:8470", pinned), "ok");
        assert_eq!(code("ftp://sync.example", by_certificate()), "bad_address");
        assert_eq!(code("sync.example", by_certificate()), "bad_address");
    }
}
