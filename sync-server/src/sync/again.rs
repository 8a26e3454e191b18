//! What is damaged here is asked for again of whoever may hold it, and taken from whoever brings it.

use std::collections::BTreeSet;

use saddlebag_protocol::limits::MAX_AGAIN;
use saddlebag_protocol::{Again, ChangeName, ErrorCode, FactName, GivenAgain};
use saddlebag_records::access::Audience;
use saddlebag_records::fact::{Batch, unpack};
use saddlebag_records::id::{ActorId, DeviceNumber, RecordId};
use saddlebag_records::plan::ChangeHeader;
use saddlebag_records::plan::wire::{self, Unpacked, WireLimits};

use super::sender::Sender;
use crate::county::County;
use crate::failure::Failure;
use crate::plans::head_of;
use crate::store::{LostName, ReadTx, SetAside, StoreError, WriteTx};
use crate::visibility;

/// What this device is to give again; none where it holds nothing of what is damaged. Damage in the looking ends no sync.
pub(super) fn wanted(county: &County, tx: &dyn ReadTx, sender: &Sender) -> Result<Option<Again>, StoreError> {
    let Some(mut again) = or_passed_over(wanted_by(tx, sender))? else {
        return Ok(None);
    };
    if again.facts.len().max(again.changes.len()) > MAX_AGAIN {
        let at = u64::from_be_bytes(county.moment().nonce);
        some_from(&mut again.facts, at);
        some_from(&mut again.changes, at);
    }
    Ok(Some(again))
}

/// As many as may be asked for at a time, from another place at each request: what nobody can give, such as a row whose sum
/// is damaged itself, must not keep what lies behind it from being asked for.
fn some_from<T>(names: &mut Vec<T>, at: u64) {
    let all = names.len().max(1) as u64;
    names.rotate_left((at % all) as usize);
    names.truncate(MAX_AGAIN);
}

/// What is set aside is damaged, and more around it may be: whoever syncs is not to be kept from it for that.
fn or_passed_over<T: Default>(looked: Result<T, StoreError>) -> Result<T, StoreError> {
    match looked {
        Err(StoreError::Damaged(what)) => {
            tracing::error!(what, "what is set aside cannot be looked at");
            Ok(T::default())
        }
        looked => looked,
    }
}

fn wanted_by(tx: &dyn ReadTx, sender: &Sender) -> Result<Option<Again>, StoreError> {
    let mut again = Again::default();
    for row in held_by(tx, sender)? {
        match row.name {
            LostName::Fact(id) => again.facts.push(FactName {
                author: id.device.0,
                n: id.n,
            }),
            LostName::Change(actor, seq) => again.changes.push(ChangeName {
                record: row.record.0,
                actor: actor.0,
                seq,
            }),
        }
    }
    Ok((!again.is_empty()).then_some(again))
}

/// What of the damaged rows this device wrote, or may see: nobody else is told that they are there.
fn held_by(tx: &dyn ReadTx, sender: &Sender) -> Result<Vec<SetAside>, StoreError> {
    let mut held = Vec::new();
    let audiences = sender.audiences();
    for row in tx.set_aside()? {
        if or_passed_over(is_known_to(tx, sender, &audiences, row))? {
            held.push(row);
        }
    }
    Ok(held)
}

fn is_known_to(
    tx: &dyn ReadTx,
    sender: &Sender,
    audiences: &[Audience],
    row: SetAside,
) -> Result<bool, StoreError> {
    Ok(is_its(tx, sender, row.by)? || tx.sees(audiences, row.record)?)
}

/// Whether the sender wrote under this number, or goes on for who did.
fn is_its(tx: &dyn ReadTx, sender: &Sender, number: DeviceNumber) -> Result<bool, StoreError> {
    let device = match tx.one_time_number(number)? {
        Some(known) => known.device,
        None => number,
    };
    sender.goes_on_for(tx, device)
}

/// Takes what a device gives again: what is byte for byte what was written mends its row, and whoever sees the record reads
/// it once more, since it was passed over meanwhile. All else is passed over.
///
/// # Errors
/// [`ErrorCode::Malformed`] for what cannot be unpacked, and those of the store.
pub(super) fn take(county: &County, sender: &Sender, given: &GivenAgain) -> Result<(), Failure> {
    // Mostly nothing is asked for, and then nothing is looked at.
    let held = county.store().read_blocking(|tx| held_by(tx, sender));
    if or_passed_over(held)?.is_empty() {
        return Ok(());
    }
    let facts = match &given.facts {
        Some(packed) => unpack(packed).map_err(|_| ErrorCode::Malformed)?,
        None => Batch::default(),
    };
    let changes = match &given.changes {
        Some(packed) => wire::unpack(packed, WireLimits::default()).map_err(|_| ErrorCode::Malformed)?,
        None => Unpacked::default(),
    };
    let (its, whose, sender) = (county.clone(), Some(sender.number), sender.clone());
    let job = move |tx: &mut dyn WriteTx| {
        let asked = held_by(tx, &sender)?.into_iter();
        let asked = asked.map(|row| row.name).collect();
        let mended = mend(tx, &asked, &facts, &changes)?;
        visibility::refresh(tx, its.now_ms(), mended.iter().copied())?;
        for record in &mended {
            tx.grant_anew(*record)?;
        }
        Ok::<_, StoreError>(mended.len())
    };
    match county.store().write_for(whose, county.moment(), job).wait() {
        Ok(0) => Ok(()),
        Ok(records) => {
            tracing::warn!(records, "what was damaged was given again");
            Ok(())
        }
        // More is damaged than the row: its device must not be kept from syncing for it.
        Err(StoreError::Damaged(what)) => {
            tracing::error!(what, "what was damaged cannot be mended");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// The records of which something was mended.
fn mend(
    tx: &mut dyn WriteTx,
    asked: &BTreeSet<LostName>,
    facts: &Batch,
    changes: &Unpacked,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut mended = BTreeSet::new();
    for fact in facts
        .facts
        .iter()
        .filter(|fact| asked.contains(&LostName::Fact(fact.id)))
    {
        if tx.mend_fact(fact)? {
            mended.insert(fact.record);
        }
    }
    for side in facts
        .side
        .iter()
        .filter(|side| asked.contains(&LostName::Fact(side.fact)))
    {
        if tx.mend_side(side)? {
            mended.insert(side.record);
        }
    }
    for change in &changes.changes {
        let Ok(header) = ChangeHeader::read(&change.bytes) else {
            continue;
        };
        let is_asked = asked.contains(&LostName::Change(ActorId(header.actor.0), header.seq));
        if is_asked && tx.mend_change(change.record, &head_of(&header), &change.bytes)? {
            mended.insert(change.record);
        }
    }
    Ok(mended)
}
