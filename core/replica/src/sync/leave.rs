use minicbor::bytes::ByteArray;
use saddlebag_protocol::{Order, SignedOrder, SyncAnswer, SyncRequest, from_frame, to_frame};

use super::drive::{SyncError, SyncOptions, blocking};
use super::request::LEVEL;
use super::tls::Trust;
use super::transport::Transport;
use crate::error::Error;
use crate::exchange::Asking;
use crate::identity::Identity;
use crate::leaving::Leaving;
use crate::replica::Replica;
use crate::signed::is_signed_by;

/// Leaves the county, where this device was told to and all that it wrote is covered: asks for the order, and destroys
/// everything if it is the county's own word for this device, this epoch and this very question. None where there is
/// nothing to leave, or no such word came: then everything is as it was.
pub(super) async fn leave(replica: &Replica, options: &SyncOptions) -> Result<Option<Leaving>, SyncError> {
    let its = replica.clone();
    if !blocking(move || its.is_ready_to_leave()).await? {
        return Ok(None);
    }
    let (its, app) = (replica.clone(), options.app.clone());
    let asked = blocking(move || its.asked_to_leave(&app)).await?;
    let Some(question) = asked else {
        return Ok(None);
    };
    let identity = &question.identity;
    let trust = Trust::of(identity, &replica.surroundings().roots, question.earliest_ms);
    let address = options.address.as_deref().unwrap_or(&identity.server);
    let transport = Transport::new(address, trust)?;
    let frame = to_frame(&question.request(), LEVEL);
    // Everything has been exchanged: what goes wrong here is tried again with the next syncing.
    let Ok(frame) = transport.sync(&identity.token, frame).await else {
        return Ok(None);
    };
    let Ok(answer) = from_frame::<SyncAnswer>(&frame) else {
        return Ok(None);
    };
    let ordered = answer.order.and_then(|order| question.is_answered_by(&order));
    let Some(why) = ordered else { return Ok(None) };
    let its = replica.clone();
    let wiped = blocking(move || its.wipe(why)).await?;
    Ok(wiped.then_some(why))
}

/// Who asks for the order, when, and with what.
struct Question {
    identity: Identity,
    asking: Asking,
    epoch: [u8; 8],
    earliest_ms: i64,
    nonce: [u8; 8],
}

impl Question {
    fn request(&self) -> SyncRequest {
        SyncRequest {
            cursor: self.asking.cursor,
            keys: Some(self.asking.key_list_version),
            // The county looks at what it last said to be unsent.
            report: self.asking.report.clone(),
            leave: Some(ByteArray::from(self.nonce)),
            ..SyncRequest::default()
        }
    }

    /// Why this device is to destroy what it holds, if the county says so to it, now, and to nobody else.
    fn is_answered_by(&self, signed: &SignedOrder) -> Option<Leaving> {
        let bytes = SignedOrder::to_sign(&self.identity.county.0, &signed.order);
        let trusted = self.identity.keys()?;
        if !is_signed_by(&trusted, signed.signed_by, &bytes, &signed.signature) {
            return None;
        }
        let order: Order = minicbor::decode(&signed.order).ok()?;
        let is_for_us =
            order.device == self.identity.device.0 && order.epoch == self.epoch && order.nonce == self.nonce;
        is_for_us.then(|| order.leaving.into())
    }
}

impl Replica {
    /// None before enrolment.
    fn asked_to_leave(&self, app: &str) -> Result<Option<Question>, Error> {
        let (Some(identity), Some(epoch)) = (self.identity()?, self.epoch()?) else {
            return Ok(None);
        };
        Ok(Some(Question {
            identity,
            asking: self.asking(app, None, &[])?,
            epoch,
            earliest_ms: self.earliest_true_ms()?,
            nonce: self.draw_nonce(),
        }))
    }
}
