//! Phones and computers that write to the county.

use saddlebag_protocol::Report;
use saddlebag_records::access::Role;
use saddlebag_records::id::{DeviceNumber, PersonId};
use serde::Serialize;

use super::{AdminError, code, names};
use crate::county::{County, Entry};
use crate::store::{Device, DeviceState, StoreError, WriteTx};

/// A device, and what it last said of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its number.
    pub device: DeviceNumber,
    /// Whose it is.
    pub person: PersonId,
    /// Their name, masked.
    pub name: Option<String>,
    /// The role of its enrolment.
    pub role: Role,
    /// What it may do.
    pub state: &'static str,
    /// Since when, UTC milliseconds.
    pub state_ms: i64,
    /// When it enrolled, UTC milliseconds.
    pub enrolled_ms: i64,
    /// When it last synced, UTC milliseconds.
    pub last_seen_ms: Option<i64>,
    /// The last row of the log that it holds.
    pub holds_to: u64,
    /// Rows of the log beyond that, of whatever audience.
    pub behind: u64,
    /// How many of its facts the county has.
    pub facts_here: u64,
    /// Facts that it holds and the county had not confirmed when it last spoke.
    pub unsent_facts: Option<u64>,
    /// Photos, likewise.
    pub unsent_photos: Option<u64>,
    /// Bytes of those photos.
    pub unsent_photo_bytes: Option<u64>,
    /// Wall clock less county time, milliseconds.
    pub clock_error_ms: Option<i64>,
    /// Free space, bytes.
    pub free_bytes: Option<u64>,
    /// Name and version of its app.
    pub app: Option<String>,
}

/// Every device, in the order of their numbers.
pub fn list(county: &County) -> Result<Vec<Listed>, AdminError> {
    county.store().read_blocking(|tx| {
        let head = tx.log_head()?;
        let devices = tx.devices()?.into_iter().map(|device| {
            let report: Option<Report> = minicbor::decode(&device.report).ok();
            let report = report.as_ref();
            Ok(Listed {
                device: device.number,
                person: device.person,
                name: names::masked(tx, device.person)?,
                role: device.role,
                state: name_of(device.state),
                state_ms: device.state_ms,
                enrolled_ms: device.enrolled_ms,
                last_seen_ms: device.last_seen_ms,
                holds_to: device.cursor.0,
                behind: head.0.saturating_sub(device.cursor.0),
                facts_here: tx.author(device.number)?.fact_count,
                unsent_facts: report.map(|report| report.unsent_facts),
                unsent_photos: report.map(|report| report.unsent_photos),
                unsent_photo_bytes: report.map(|report| report.unsent_photo_bytes),
                clock_error_ms: report.and_then(|report| report.clock_error_ms),
                free_bytes: report.and_then(|report| report.free_bytes),
                app: report.map(|report| report.app.clone()),
            })
        });
        devices
            .collect::<Result<_, StoreError>>()
            .map_err(AdminError::from)
    })
}

/// Lets a device do nothing any more. It stays so: a county that is restored from a backup knows it from the journal.
pub fn revoke(county: &County, device: DeviceNumber) -> Result<(), AdminError> {
    let its = county.clone();
    let revoked = county.store().write(county.moment(), move |tx| {
        let device = known(tx, device)?;
        revoke_in(tx, &its, &device)
    });
    revoked.wait()
}

/// Notes that a device was lost: for 30 days what it still brings goes into quarantine, and it is served nothing. Once a
/// backup covers all that it wrote it is ordered to destroy what it holds. That stays so, as for one that is revoked.
///
/// # Errors
/// `wrong_state` for one that may do nothing any more.
pub fn lost(county: &County, device: DeviceNumber) -> Result<(), AdminError> {
    let its = county.clone();
    let noted = county.store().write(county.moment(), move |tx| {
        let device = known(tx, device)?;
        if device.state == DeviceState::Lost {
            return Ok(());
        }
        if !may_act(device.state) {
            return Err(AdminError::new(code::WRONG_STATE, name_of(device.state)));
        }
        // First where no restore undoes it.
        its.journal(&[Entry::Lost {
            device: device.number,
        }])?;
        // Its one-time numbers stay: without them nobody could tell whose a tip is that it still brings.
        tx.set_device_state(device.number, DeviceState::Lost)?;
        Ok(())
    });
    noted.wait()
}

/// Lets devices be served that wait for it: an admin has looked who they are. Each has spoken since the county was
/// restored and has its new number.
///
/// # Errors
/// `wrong_state` for one that does not wait, or has not spoken. Then none is confirmed.
pub fn confirm(county: &County, numbers: Vec<DeviceNumber>) -> Result<(), AdminError> {
    let its = county.clone();
    county.own(move |tx| {
        let own = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.own_device;
        for number in &numbers {
            let device = known(tx, *number)?;
            if device.state != DeviceState::Unconfirmed || device.number < own {
                return Err(AdminError::new(
                    code::WRONG_STATE,
                    format!("{number} is {}", name_of(device.state)),
                ));
            }
            tx.set_device_state(*number, DeviceState::Active)?;
        }
        Ok(its.seal_devices(tx, &numbers)?)
    })
}

/// Lets a device leave the county: it goes on as before, and once a backup covers all that it wrote it is ordered to
/// destroy what it holds. That stays so, as for one that is revoked.
///
/// # Errors
/// `wrong_state` for one that may do nothing any more, or was lost.
pub fn retire(county: &County, device: DeviceNumber) -> Result<(), AdminError> {
    let its = county.clone();
    let noted = county.store().write(county.moment(), move |tx| {
        let device = known(tx, device)?;
        match device.state {
            DeviceState::Retiring | DeviceState::Retired => return Ok(()),
            DeviceState::Active | DeviceState::Unconfirmed => {}
            _ => return Err(AdminError::new(code::WRONG_STATE, name_of(device.state))),
        }
        // First where no restore undoes it.
        its.journal(&[Entry::Retiring {
            device: device.number,
        }])?;
        tx.set_device_state(device.number, DeviceState::Retiring)?;
        Ok(())
    });
    noted.wait()
}

fn known(tx: &dyn WriteTx, device: DeviceNumber) -> Result<Device, AdminError> {
    tx.device(device)?
        .ok_or_else(|| AdminError::new(code::NO_DEVICE, device))
}

fn revoke_in(tx: &mut dyn WriteTx, county: &County, device: &Device) -> Result<(), AdminError> {
    if device.state == DeviceState::Revoked {
        return Ok(());
    }
    // First where no restore undoes it.
    county.journal(&[Entry::Revoked {
        device: device.number,
    }])?;
    tx.set_device_state(device.number, DeviceState::Revoked)?;
    tx.void_one_time_numbers(device.number)?;
    Ok(())
}

/// Whether a device in this state may still write or read.
pub(super) fn may_act(state: DeviceState) -> bool {
    matches!(
        state,
        DeviceState::Active | DeviceState::Unconfirmed | DeviceState::Retiring | DeviceState::Lost
    )
}

fn name_of(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Active => "active",
        DeviceState::Unconfirmed => "unconfirmed",
        DeviceState::Retiring => "retiring",
        DeviceState::Retired => "retired",
        DeviceState::Lost => "lost",
        DeviceState::Revoked => "revoked",
        DeviceState::Forked => "forked",
    }
}
