use saddlebag_protocol::limits::MAX_HEARD;
use saddlebag_protocol::{ErrorCode, Fork, Heard};
use saddlebag_records::id::DeviceNumber;

use super::sender::Sender;
use crate::county::{County, Entry};
use crate::enrol::{NewIdentity, encoded};
use crate::failure::Failure;
use crate::store::{DeviceState, ReadTx, StoreError, WriteTx};

/// Gives a device whose past is not the county's a number of its own, and tells it what was heard under the old one.
/// The same request gets the same answer, so that a lost one leaves no number behind; every clone sends requests of its
/// own and so gets another. A device that is not served, for it was lost or nobody has confirmed it, is not served under
/// its new number either, and one that is to leave still is.
///
/// `pushed`: the authors of what it pushed, each with its first fact.
pub(super) fn fork(
    tx: &mut dyn WriteTx,
    county: &County,
    sender: &Sender,
    nonce: [u8; 8],
    pushed: &[(DeviceNumber, u64)],
) -> Result<Fork, Failure> {
    let request = [sender.number.0.to_be_bytes(), nonce].concat();
    if let Some(kept) = tx.kept_answer(&request)? {
        return minicbor::decode(&kept.bytes).map_err(|_| ErrorCode::Internal.into());
    }
    let person = tx
        .person(sender.person)?
        .ok_or(StoreError::Damaged("person of a device"))?;
    let state = tx.device(sender.number)?.map(|device| device.state);
    let heard = heard(tx, sender, pushed)?;
    let mut new = NewIdentity::give(tx, county, &person, sender.public_key, Some(sender.number))?;
    match state {
        Some(DeviceState::Lost) => {
            county.journal(&[Entry::Lost { device: new.device }])?;
            tx.set_device_state(new.device, DeviceState::Lost)?;
            tx.void_one_time_numbers(new.device)?;
            new.one_time.clear();
        }
        Some(DeviceState::Unconfirmed) => tx.set_device_state(new.device, DeviceState::Unconfirmed)?,
        leaving => {
            if matches!(leaving, Some(DeviceState::Retiring | DeviceState::Retired)) {
                county.journal(&[Entry::Retiring { device: new.device }])?;
                tx.set_device_state(new.device, DeviceState::Retiring)?;
            }
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
        heard: (!heard.is_empty()).then_some(heard),
    };
    tx.keep_answer(&request, new.device, &encoded(&fork))?;
    Ok(fork)
}

/// What the county has under the device's numbers: from the first fact that was pushed under each, and under its own
/// the last ones where none was.
fn heard(tx: &dyn ReadTx, sender: &Sender, pushed: &[(DeviceNumber, u64)]) -> Result<Vec<Heard>, StoreError> {
    let most = MAX_HEARD as u64;
    let mut told = Vec::new();
    let mut firsts: Vec<(DeviceNumber, Option<u64>)> = pushed
        .iter()
        .map(|(author, first)| (*author, Some(*first)))
        .collect();
    if firsts.iter().all(|(author, _)| *author != sender.number) {
        firsts.push((sender.number, None));
    }
    for (author, first) in firsts {
        let is_theirs = match tx.one_time_number(author)? {
            _ if author == sender.number => true,
            Some(number) => sender.goes_on_for(tx, number.device)?,
            None => false,
        };
        if !is_theirs {
            continue;
        }
        let last = tx.author(author)?.fact_count;
        let from = first.unwrap_or_else(|| (last + 1).saturating_sub(most)).max(1);
        if last < from {
            continue;
        }
        let numbers = tx.numbers(author, from, last.min(from.saturating_add(most - 1)))?;
        let hashes: Vec<u8> = numbers.iter().flat_map(|number| number.hash_start).collect();
        told.push(Heard {
            author: author.0,
            from,
            last,
            hashes: hashes.into(),
        });
    }
    Ok(told)
}
