use saddlebag_protocol::{Leaving, Order, Report, SignedOrder};
use saddlebag_records::id::FactId;

use super::sender::Sender;
use crate::county::{County, Entry};
use crate::failure::Failure;
use crate::store::{Device, DeviceState, StoreError, WriteTx};

/// How long a lost device may bring what it still has, in milliseconds: 30 days.
const LOST_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Why a device in this state is to leave.
pub(super) fn told(state: DeviceState) -> Option<Leaving> {
    match state {
        DeviceState::Retiring | DeviceState::Retired => Some(Leaving::Retired),
        DeviceState::Lost => Some(Leaving::Lost),
        DeviceState::Active | DeviceState::Unconfirmed | DeviceState::Revoked | DeviceState::Forked => None,
    }
}

/// Whether a device was reported lost so long ago that it brings nothing any more.
pub(super) fn is_too_late(device: &Device, now_ms: i64) -> bool {
    device.state == DeviceState::Lost && now_ms.saturating_sub(device.state_ms) > LOST_MS
}

/// The order to destroy what it holds, for a device that says that a backup covers all that it wrote. None where it is
/// not to leave, or where the county knows better.
pub(super) fn order(
    county: &County,
    sender: &Sender,
    nonce: [u8; 8],
) -> Result<Option<SignedOrder>, Failure> {
    let (its, number) = (county.clone(), sender.number);
    let whose = Some(number);
    let ordered = county.store().write_for(whose, county.moment(), move |tx| {
        let device = tx.device(number)?.ok_or(StoreError::Damaged("device"))?;
        let Some(leaving) = told(device.state) else {
            return Ok(None);
        };
        if !is_covered(tx, &device)? {
            return Ok(None);
        }
        if device.state == DeviceState::Retiring {
            its.journal(&[Entry::Retired { device: number }])?;
            tx.set_device_state(number, DeviceState::Retired)?;
        }
        let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?;
        Ok::<_, Failure>(Some(Order {
            leaving,
            device: number.0,
            epoch: epoch.name,
            nonce,
        }))
    });
    let order = ordered.wait()?;
    Ok(order.map(|order| county.keys().signed_order(county.id(), &order)))
}

/// Whether a backup covers the last of its facts that was admitted, and it last said that it had nothing to send. The
/// device knows best; this is in case that it is wrong.
fn is_covered(tx: &dyn WriteTx, device: &Device) -> Result<bool, StoreError> {
    let Some(backup) = tx.backups()?.pop() else {
        return Ok(false);
    };
    let report: Option<Report> = minicbor::decode(&device.report).ok();
    if report.is_some_and(|report| report.unsent_facts > 0 || report.unsent_photos > 0) {
        return Ok(false);
    }
    let last = FactId::new(device.number, tx.author(device.number)?.fact_count);
    Ok(tx.fact(last)?.is_none_or(|fact| fact.seq <= backup.covers))
}
