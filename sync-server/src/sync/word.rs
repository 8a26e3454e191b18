use saddlebag_protocol::limits::{MAX_ACTORS, MAX_CHECKPOINTS};
use saddlebag_protocol::{ErrorCode, SyncRequest};
use saddlebag_records::id::ActorId;

use crate::enrol::{MAX_CAPABILITIES, MAX_NAME};

/// Whether what a request says beside its push is within the limits.
pub(super) fn check(request: &SyncRequest) -> Result<(), ErrorCode> {
    let checkpoints = request.checkpoints.as_ref().map_or(0, Vec::len);
    let actors = request.actors.as_deref().unwrap_or_default();
    let capabilities = request.capabilities.as_deref().unwrap_or_default();
    if checkpoints > MAX_CHECKPOINTS || actors.len() > MAX_ACTORS || capabilities.len() > MAX_CAPABILITIES {
        return Err(ErrorCode::TooLarge);
    }
    let named = |name: &String| name.chars().count() <= MAX_NAME;
    if !capabilities.iter().all(named) || !request.report.as_ref().is_none_or(|report| named(&report.app)) {
        return Err(ErrorCode::Malformed);
    }
    if actors.iter().any(|actor| ActorId(**actor) == ActorId::ZERO) {
        return Err(ErrorCode::BadActor);
    }
    Ok(())
}
