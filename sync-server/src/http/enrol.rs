use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError};

use axum::Extension;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use saddlebag_protocol::limits::MAX_ENROL;
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, ErrorCode};
use saddlebag_records::id::CountyId;

use super::body::{CBOR, check_type, read};
use super::{ServerState, work};
use crate::enrol::enrol as enrol_device;
use crate::failure::Failure;

/// `POST /v1/enrol`.
pub(super) async fn enrol(
    State(state): State<Arc<ServerState>>,
    Extension(ConnectInfo(peer)): Extension<ConnectInfo<SocketAddr>>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    check_type(&head.headers, None)?;
    let body = read(&head.headers, body, MAX_ENROL, state.patience).await?;
    let server = Arc::clone(&state);
    let answer = work(&state, move || answer_to(&server, peer.ip(), &body)).await?;
    let mut bytes = Vec::new();
    minicbor::encode(&answer, &mut bytes).map_err(|_| ErrorCode::Internal)?;
    Ok(([(header::CONTENT_TYPE, CBOR)], bytes).into_response())
}

fn answer_to(server: &ServerState, address: IpAddr, body: &[u8]) -> Result<EnrolAnswer, Failure> {
    let mut decoder = minicbor::Decoder::new(body);
    let request: EnrolRequest = decoder.decode().map_err(|_| ErrorCode::Malformed)?;
    if decoder.position() != body.len() {
        return Err(ErrorCode::Malformed.into());
    }
    let county = match &request.county {
        Some(id) => server.counties.get(CountyId(**id)),
        None => server.counties.only(),
    };
    let county = county.ok_or(ErrorCode::UnknownCounty)?;
    let guesses = || server.guesses.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(seconds) = guesses().wait_s(address, county.now_ms()) {
        return Err(Failure::busy(seconds));
    }
    let answer = enrol_device(&county, &request);
    if answer
        .as_ref()
        .is_err_and(|failure| failure.code == ErrorCode::BadCode)
    {
        guesses().wrong(address, county.now_ms());
    }
    let keys = server.server_keys().map_or_else(Vec::new, |keys| keys.keys);
    answer.map(|answer| EnrolAnswer {
        server_keys: keys,
        ..answer
    })
}
