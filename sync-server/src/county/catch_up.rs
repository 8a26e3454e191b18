//! The journal and the database: the first is written before the second.

use std::collections::BTreeMap;

use saddlebag_records::id::{DeviceNumber, RecordId};

use super::{Entry, TombstoneReason};
use crate::forgetting::forget_again;
use crate::outside::Outside;
use crate::store::{DeviceState, ForgetReason, Moment, ReadTx, Store, StoreError, WriteTx};

/// Whether the journal has the epoch and every device number that the database has: both stand there first.
pub(crate) fn knows(entries: &[Entry], epoch: Option<[u8; 8]>, last: DeviceNumber) -> bool {
    let (mut names_epoch, mut highest) = (epoch.is_none(), 0);
    for entry in entries {
        match entry {
            Entry::Epoch { epoch: name, .. } => names_epoch |= epoch == Some(*name),
            Entry::DeviceNumber { device } => highest = highest.max(device.0),
            _ => {}
        }
    }
    names_epoch && last.0 <= highest
}

/// What the journal says and the database does not: a server was killed between the two, or a copy of the database was
/// put in its place. No number is given twice all the same, and what ended or was forgotten stays so.
pub(super) fn catch_up(
    store: &Store,
    entries: &[Entry],
    last: DeviceNumber,
    outside: &dyn Outside,
) -> Result<(), StoreError> {
    let given = entries.iter().filter_map(|entry| match entry {
        Entry::DeviceNumber { device } => Some(*device),
        _ => None,
    });
    let given = given.max().unwrap_or(last);
    let ended = ended(entries);
    let forgotten = forgotten(entries);
    let missing = store.read_blocking(|tx| missing(tx, forgotten))?;
    if !missing.is_empty() {
        let moment = Moment {
            ms: outside.now_ms(),
            nonce: outside.random(),
        };
        let job = move |tx: &mut dyn WriteTx| forget_again(tx, moment.ms, missing);
        store.write(moment, job).wait()?;
        // Else it stands in the file until the next checkpoint.
        store.empty_log()?;
    }
    let lags = store.read_blocking(|tx| {
        for (number, state) in &ended {
            let known = tx.device(*number)?;
            if known.is_some_and(|known| is_to_end(known.state, *state)) {
                return Ok(true);
            }
        }
        Ok::<_, StoreError>(last < given)
    })?;
    if !lags {
        return Ok(());
    }
    let moment = Moment {
        ms: outside.now_ms(),
        nonce: outside.random(),
    };
    let job = move |tx: &mut dyn WriteTx| {
        tx.skip_device_numbers(given)?;
        end_devices(tx, ended)
    };
    store.write(moment, job).wait()
}

/// The records that the journal says were forgotten, each for the strongest reason.
pub(crate) fn forgotten(entries: &[Entry]) -> BTreeMap<RecordId, ForgetReason> {
    let mut forgotten = BTreeMap::new();
    for entry in entries {
        let Entry::Tombstone { record, reason } = entry else {
            continue;
        };
        let known = forgotten.entry(*record).or_insert(ForgetReason::Retention);
        if *reason == TombstoneReason::Person {
            *known = ForgetReason::Person;
        }
    }
    forgotten
}

/// Those of them that are not forgotten, or for a weaker reason.
pub(crate) fn missing(
    tx: &dyn ReadTx,
    mut forgotten: BTreeMap<RecordId, ForgetReason>,
) -> Result<Vec<(RecordId, ForgetReason)>, StoreError> {
    for (record, stone) in tx.tombstones()? {
        if stone.reason == ForgetReason::Person || forgotten.get(&record) == Some(&stone.reason) {
            forgotten.remove(&record);
        }
    }
    Ok(forgotten.into_iter().collect())
}

/// The devices that the journal ends, each as it last says; but one that is revoked stays so.
pub(crate) fn ended(entries: &[Entry]) -> BTreeMap<DeviceNumber, DeviceState> {
    let mut ended = BTreeMap::new();
    for (device, state) in entries.iter().filter_map(Entry::ends) {
        let known = ended.entry(device).or_insert(state);
        if *known != DeviceState::Revoked {
            *known = state;
        }
    }
    ended
}

/// Ends devices that are not ended yet.
pub(crate) fn end_devices(
    tx: &mut dyn WriteTx,
    ended: BTreeMap<DeviceNumber, DeviceState>,
) -> Result<(), StoreError> {
    for (number, state) in ended {
        let known = tx.device(number)?;
        if known.is_none_or(|known| !is_to_end(known.state, state)) {
            continue;
        }
        tx.set_device_state(number, state)?;
        // Without its numbers nobody could tell whose a tip is that one still brings which was lost or is to leave.
        if matches!(state, DeviceState::Revoked | DeviceState::Forked) {
            tx.void_one_time_numbers(number)?;
        }
    }
    Ok(())
}

fn is_to_end(known: DeviceState, ends_as: DeviceState) -> bool {
    match known {
        DeviceState::Active | DeviceState::Unconfirmed => true,
        DeviceState::Retiring => ends_as != DeviceState::Retiring,
        DeviceState::Retired | DeviceState::Lost | DeviceState::Forked => ends_as == DeviceState::Revoked,
        DeviceState::Revoked => false,
    }
}
