use saddlebag_protocol::{ErrorCode, Fork};

use super::sender::Sender;
use crate::county::County;
use crate::enrol::{NewIdentity, encoded};
use crate::failure::Failure;
use crate::store::{DeviceState, StoreError, WriteTx};

/// Gives a device whose past is not the county's a number of its own. The same request gets the same answer, so
/// that a lost one leaves no number behind; every clone sends requests of its own and so gets another.
pub(super) fn fork(
    tx: &mut dyn WriteTx,
    county: &County,
    sender: &Sender,
    nonce: [u8; 8],
) -> Result<Fork, Failure> {
    let request = [sender.number.0.to_be_bytes(), nonce].concat();
    if let Some(kept) = tx.kept_answer(&request)? {
        return minicbor::decode(&kept.bytes).map_err(|_| ErrorCode::Internal.into());
    }
    let person = tx
        .person(sender.person)?
        .ok_or(StoreError::Damaged("person of a device"))?;
    let new = NewIdentity::give(tx, county, &person, sender.public_key, Some(sender.number))?;
    tx.set_device_state(sender.number, DeviceState::Forked)?;
    tx.void_one_time_numbers(sender.number)?;
    let fork = Fork {
        device: new.device.0,
        token: new.token,
        one_time: new.one_time.iter().map(|number| number.0).collect(),
    };
    tx.keep_answer(&request, new.device, &encoded(&fork))?;
    Ok(fork)
}
