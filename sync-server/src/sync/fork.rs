use saddlebag_protocol::{ErrorCode, Fork};

use super::sender::Sender;
use crate::county::{County, Entry};
use crate::enrol::{NewIdentity, encoded};
use crate::failure::Failure;
use crate::store::{DeviceState, StoreError, WriteTx};

/// Gives a device whose past is not the county's a number of its own. The same request gets the same answer, so
/// that a lost one leaves no number behind; every clone sends requests of its own and so gets another. A device that
/// is not served, for it was lost or nobody has confirmed it, is not served under its new number either.
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
    let state = tx.device(sender.number)?.map(|device| device.state);
    let mut new = NewIdentity::give(tx, county, &person, sender.public_key, Some(sender.number))?;
    match state {
        Some(DeviceState::Lost) => {
            county.journal(&[Entry::Lost { device: new.device }])?;
            tx.set_device_state(new.device, DeviceState::Lost)?;
            tx.void_one_time_numbers(new.device)?;
            new.one_time.clear();
        }
        Some(DeviceState::Unconfirmed) => tx.set_device_state(new.device, DeviceState::Unconfirmed)?,
        _ => {
            county.journal(&[Entry::Forked {
                device: sender.number,
            }])?;
            tx.set_device_state(sender.number, DeviceState::Forked)?;
        }
    }
    county.seal_devices(tx, &[new.device])?;
    tx.void_one_time_numbers(sender.number)?;
    let fork = Fork {
        device: new.device.0,
        token: new.token,
        one_time: new.one_time.iter().map(|number| number.0).collect(),
    };
    tx.keep_answer(&request, new.device, &encoded(&fork))?;
    Ok(fork)
}
