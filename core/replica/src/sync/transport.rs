use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use saddlebag_protocol::limits::MAX_FRAME;
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, ErrorBody, ErrorCode};

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
}

impl TransportError {
    /// The codes that are not the server's.
    pub(crate) const CODES: [&str; 4] = ["bad_address", "unreachable", "cut", "foreign_server"];

    /// A stable code: the key of its translation.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress => "bad_address",
            Self::Unreachable => "unreachable",
            Self::Cut => "cut",
            Self::Refused(code, _) => code.code(),
            Self::Foreign => "foreign_server",
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
            Self::BadAddress | Self::Foreign => false,
        }
    }
}

/// A connection is given up after this long without a byte.
const SILENCE: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(20);

/// Requests to one server.
#[derive(Clone, Debug)]
pub struct Transport {
    client: Client,
    address: String,
}

impl Transport {
    /// To the server at this address, such as `https://sync.example`; no other scheme than that and `http` will do.
    pub fn new(address: &str) -> Result<Self, TransportError> {
        let url = reqwest::Url::parse(address).map_err(|_| TransportError::BadAddress)?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(TransportError::BadAddress);
        }
        Ok(Self {
            client: built(client())?,
            address: address.trim_end_matches('/').to_owned(),
        })
    }

    /// The same with a connection of its own for each request: where a link cuts after so many bytes, what went over a
    /// connection before is missing to what comes after, and every other request is wasted.
    pub fn one_connection_each(&self) -> Result<Self, TransportError> {
        Ok(Self {
            client: built(client().pool_max_idle_per_host(0))?,
            address: self.address.clone(),
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
        let answer = whole(post.body(body).send().await.map_err(failure)?).await?;
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
        whole(post.body(frame).send().await.map_err(failure)?).await
    }
}

fn client() -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
}

fn built(client: ClientBuilder) -> Result<Client, TransportError> {
    client.build().map_err(|_| TransportError::BadAddress)
}

fn failure(error: reqwest::Error) -> TransportError {
    if error.is_builder() {
        TransportError::BadAddress
    } else if error.is_connect() {
        TransportError::Unreachable
    } else {
        TransportError::Cut
    }
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
