use std::sync::{Arc, PoisonError};

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use saddlebag_protocol::limits::MAX_ENROL;
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, ErrorCode};
use saddlebag_records::id::{CountyId, DeviceNumber};

use super::body::{CBOR, check_type, read};
use super::connections::Connected;
use super::{ServerState, work};
use crate::enrol::enrol as enrol_device;
use crate::failure::Failure;
use crate::origin::Origin;

/// `POST /v1/enrol`.
pub(super) async fn enrol(
    State(state): State<Arc<ServerState>>,
    Extension(connected): Extension<Connected>,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    check_type(&head.headers, None)?;
    let body = read(&head.headers, body, MAX_ENROL, state.patience).await?;
    let (server, origin) = (Arc::clone(&state), connected.origin());
    let answer = {
        let _worked_on = connected.is_worked_on();
        work(&state, body.len(), move || answer_to(&server, origin, &body)).await?
    };
    // Its first requests come over the same connection.
    let device = (CountyId(answer.county), DeviceNumber(answer.device));
    let _ = connected.is_of(device);
    let mut bytes = Vec::new();
    minicbor::encode(&answer, &mut bytes).map_err(|_| ErrorCode::Internal)?;
    Ok(([(header::CONTENT_TYPE, CBOR)], bytes).into_response())
}

fn answer_to(server: &ServerState, origin: Origin, body: &[u8]) -> Result<EnrolAnswer, Failure> {
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
    if let Some(seconds) = guesses().wait_s(origin, county.now_ms()) {
        return Err(Failure::busy(seconds));
    }
    let answer = enrol_device(&county, &request);
    if answer
        .as_ref()
        .is_err_and(|failure| failure.code == ErrorCode::BadCode)
    {
        guesses().wrong(origin, county.now_ms());
    }
    let keys = server.server_keys().map_or_else(Vec::new, |keys| keys.keys);
    answer.map(|answer| EnrolAnswer {
        server_keys: keys,
        ..answer
    })
}
