//! What waits for a server that knows it, or for others who bring again what a restored county lost: judged anew when a
//! server starts, and then now and again, as if its device brought it now.

use std::collections::BTreeSet;

use saddlebag_records::fact::{Fact, SideName, SideValue};
use saddlebag_records::id::{DeviceNumber, RecordId};

use super::changes;
use super::judge::{AFTER_RESTORE, Judge, NEWER};
use super::sender::Sender;
use crate::county::County;
use crate::failure::Failure;
use crate::store::{Fate, Held, HeldId, HeldItem, HeldState, StoreError, WriteTx};
use crate::visibility;

/// Held items that one job judges: others must not wait for long.
const AT_A_TIME: usize = 100;

/// Judges what earlier versions did not know. What this one does not know either, or does not take, stays held; doing
/// it again changes nothing.
pub(crate) fn judge_waiting(county: &County) -> Result<(), Failure> {
    each_waiting(county, |held| judge_facts(county, held))?;
    // Last: a plan can only be tried where its record is there.
    each_waiting(county, |held| try_changes(county, &held))
}

fn each_waiting(
    county: &County,
    mut judge: impl FnMut(Vec<Held>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut after = HeldId(0);
    loop {
        let held = county
            .store()
            .read_blocking(|tx| tx.held_list(HeldState::Waiting, after, AT_A_TIME))?;
        let Some(last) = held.last() else { return Ok(()) };
        after = last.id;
        judge(held)?;
    }
}

fn judge_facts(county: &County, held: Vec<Held>) -> Result<(), Failure> {
    let judged = |item: &Held| {
        [NEWER, AFTER_RESTORE].contains(&&*item.reason) && matches!(item.item, HeldItem::Fact { .. })
    };
    let held: Vec<HeldId> = held
        .iter()
        .filter(|item| judged(item))
        .map(|item| item.id)
        .collect();
    if held.is_empty() {
        return Ok(());
    }
    let now_ms = county.now_ms();
    let judge = |held: Vec<HeldId>| {
        let job = move |tx: &mut dyn WriteTx| {
            let mut admitted = BTreeSet::new();
            for id in held {
                if let Some(item) = tx.held(id)? {
                    admitted.extend(judge_fact(tx, &item)?);
                }
            }
            visibility::refresh(tx, now_ms, admitted)
        };
        county.store().write(county.moment(), job).wait()
    };
    each_alone_where_damaged(held, judge).map_err(Failure::from)
}

/// Does it to all of them in one job, or, where something of them is damaged, to each that is not in a job of its own.
pub(crate) fn each_alone_where_damaged(
    held: Vec<HeldId>,
    mut job: impl FnMut(Vec<HeldId>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    match job(held.clone()) {
        Err(StoreError::Damaged(_)) => {}
        done => return done,
    }
    for id in held {
        match job(vec![id]) {
            Err(StoreError::Damaged(what)) => tracing::error!(what, "a held item is passed over"),
            done => done?,
        }
    }
    Ok(())
}

/// Judges a fact that waits. Gives its record if it counts now; else it stays, for it was told to be safe: a person
/// decides.
fn judge_fact(tx: &mut dyn WriteTx, item: &Held) -> Result<Option<RecordId>, StoreError> {
    let Ok(fact) = Fact::decode(&item.bytes) else {
        return Ok(None);
    };
    if judge_held(tx, item, &fact, false)? != Some(Fate::Admitted) {
        return Ok(None);
    }
    tx.admit_held_fact(item.id, fact.kind, fact.was)?;
    Ok(Some(item.record))
}

/// Judges a held fact as if its device, in good standing, brought it now; none where there is no such device. A record
/// that it begins is added. `vouched`: somebody of the county decided that it counts.
pub(crate) fn judge_held(
    tx: &mut dyn WriteTx,
    item: &Held,
    fact: &Fact,
    vouched: bool,
) -> Result<Option<Fate>, StoreError> {
    let Some(device) = tx.device(item.by)? else {
        return Ok(None);
    };
    let sender = Sender::of_county(tx, device.number, device.person, device.role)?;
    let sides = held_sides(tx, item, fact)?;
    let sides: Vec<&SideValue> = sides.iter().collect();
    let mut judge = match vouched && item.reason == AFTER_RESTORE {
        true => Judge::of_vouched(&sender),
        false => Judge::of_held(&sender),
    };
    let judged = judge.judge(tx, fact, item.bytes.len(), &sides)?;
    Ok(Some(judged.fate))
}

/// The side values that wait with a held fact.
fn held_sides(tx: &dyn WriteTx, item: &Held, fact: &Fact) -> Result<Vec<SideValue>, StoreError> {
    let held = tx.held_of(item.record)?.into_iter();
    let hanging = held.filter_map(|side| match side.item {
        HeldItem::Side(key) if key.fact == fact.id => Some(SideValue {
            record: item.record,
            fact: fact.id,
            name: SideName::from_number(key.name)?,
            value: side.bytes,
        }),
        _ => None,
    });
    Ok(hanging.collect())
}

/// Tries the changes that wait for a field, in the plans that are there, as those who brought them.
fn try_changes(county: &County, held: &[Held]) -> Result<(), Failure> {
    let newer = held.iter().filter(|item| item.reason == changes::NEWER);
    let plans: BTreeSet<(RecordId, DeviceNumber)> = newer.map(|item| (item.record, item.by)).collect();
    for (record, by) in plans {
        let found = county.store().read_blocking(|tx| {
            let (row, device) = (tx.record(record)?, tx.device(by)?);
            let Some((row, device)) = row.zip(device) else {
                return Ok(None);
            };
            let sender = Sender::of_device(tx, &device)?;
            Ok::<_, StoreError>(Some((row.kind, sender)))
        });
        let found = match found {
            Err(StoreError::Damaged(what)) => {
                tracing::error!(what, "a held change is passed over");
                None
            }
            found => found?,
        };
        if let Some((kind, sender)) = found {
            changes::try_held(county, &sender, record, kind)?;
        }
    }
    Ok(())
}
