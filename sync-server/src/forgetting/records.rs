use std::collections::BTreeSet;

use jiff::Timestamp;
use saddlebag_records::fact::{Fact, SideName, field, kinds};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

use super::Forgotten;
use crate::county::{County, Entry, TombstoneReason};
use crate::plans::view_of;
use crate::store::{ForgetReason, ReadTx, RecordRow, Seq, SideKey, StoreError, WriteTx};
use crate::visibility::{self, Lives};

/// Records that are forgotten together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Each with the row of the log of its newest item, as it was when it was looked at.
    records: Vec<(RecordId, Seq)>,
    reason: ForgetReason,
}

impl Group {
    pub(super) fn of(
        tx: &dyn ReadTx,
        records: impl IntoIterator<Item = RecordId>,
        reason: ForgetReason,
    ) -> Result<Self, StoreError> {
        let mut group = Self {
            records: Vec::new(),
            reason,
        };
        for record in records {
            let row = tx.record(record)?;
            group.records.extend(row.map(|row| (row.id, row.version)));
        }
        Ok(group)
    }

    fn ids(&self) -> BTreeSet<RecordId> {
        self.records.iter().map(|(record, _)| *record).collect()
    }

    /// Whether nothing came since it was looked at.
    fn still_is(&self, tx: &dyn ReadTx) -> Result<bool, StoreError> {
        for (record, version) in &self.records {
            if tx.record(*record)?.is_none_or(|row| row.version != *version) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Forgets these groups in one job. What has changed since it was looked at waits for the next run. Where one of them cannot
/// be read each has a job of its own: it must not keep the others from being forgotten.
pub(super) fn forget(
    county: &County,
    groups: Vec<Group>,
    forgotten: &mut Forgotten,
) -> Result<(), StoreError> {
    match forget_now(county, groups.clone(), forgotten) {
        Err(StoreError::Damaged(_)) => groups.into_iter().try_for_each(|group| {
            let done = forget_now(county, vec![group], forgotten);
            if let Err(StoreError::Damaged(what)) = done {
                tracing::error!(what, "damaged: a record was not forgotten");
                return Ok(());
            }
            done
        }),
        done => done,
    }
}

fn forget_now(county: &County, groups: Vec<Group>, forgotten: &mut Forgotten) -> Result<(), StoreError> {
    let its = county.clone();
    let job = move |tx: &mut dyn WriteTx| {
        let mut still = Vec::new();
        for group in groups {
            if group.still_is(tx)? {
                still.push(group);
            }
        }
        forget_in(tx, &its, &still)?;
        Ok::<_, StoreError>(still)
    };
    for group in county.store().write(county.moment(), job).wait()? {
        let count = group.records.len() as u64;
        match group.reason {
            ForgetReason::Retention => forgotten.records += count,
            ForgetReason::Person => forgotten.for_person += count,
        }
    }
    Ok(())
}

/// The same within a job.
pub(super) fn forget_in(tx: &mut dyn WriteTx, county: &County, groups: &[Group]) -> Result<(), StoreError> {
    let now_ms = county.now_ms();
    let lines = groups.iter().flat_map(|group| {
        let reason = match group.reason {
            ForgetReason::Retention => TombstoneReason::Retention,
            ForgetReason::Person => TombstoneReason::Person,
        };
        let line = move |(record, _): &(RecordId, Seq)| Entry::Tombstone {
            record: *record,
            reason,
        };
        group.records.iter().map(line)
    });
    let lines: Vec<Entry> = lines.collect();
    if lines.is_empty() {
        return Ok(());
    }
    // What stands in the journal has to be done, so whatever may fail to be read is read before.
    let last = Last::of(tx, now_ms, groups)?;
    // First where no restore undoes it.
    county.journal(&lines)?;
    empty(tx, now_ms, groups, last)
}

/// Forgets again what the journal says was forgotten, in a county that does not know it: all in one job, since what
/// belongs together is not told there.
pub(crate) fn forget_again(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    forgotten: Vec<(RecordId, ForgetReason)>,
) -> Result<(), StoreError> {
    let mut groups = Vec::new();
    for reason in [ForgetReason::Retention, ForgetReason::Person] {
        let mut group = Group {
            records: Vec::new(),
            reason,
        };
        for (record, _) in forgotten.iter().filter(|(_, of)| *of == reason) {
            let its = but_for_damage(Group::of(tx, [*record], reason).map(|its| its.records))?;
            group.records.extend(its);
        }
        groups.push(group);
    }
    let last = Last::of(tx, now_ms, &groups)?;
    empty(tx, now_ms, &groups, last)?;
    // Of those that never came here, too, nothing is taken.
    for (record, reason) in forgotten {
        tx.forget_record(record, reason)?;
    }
    Ok(())
}

/// What is done for the last time for records that go.
#[derive(Default)]
struct Last {
    /// What couriers owe by them.
    owed: Vec<(PersonId, i64)>,
    /// Under what they are counted.
    counted: Vec<String>,
    /// What leads to a person elsewhere.
    sides: Vec<SideKey>,
    /// What names them, or is named by them.
    touched: BTreeSet<RecordId>,
}

impl Last {
    /// What is damaged is left out: deleting needs no sound row, and a record that cannot be read must go all the same.
    fn of(tx: &dyn ReadTx, now_ms: i64, groups: &[Group]) -> Result<Self, StoreError> {
        let (mut lives, mut last) = (Lives::at(now_ms), Self::default());
        for group in groups {
            let records = group.ids();
            last.owed.extend(but_for_damage(lives.owed_by(tx, &records))?);
            for record in records {
                but_for_damage(last.note(tx, record, group.reason))?;
            }
        }
        Ok(last)
    }

    fn note(&mut self, tx: &dyn ReadTx, record: RecordId, reason: ForgetReason) -> Result<(), StoreError> {
        self.touched.extend(tx.references_from(record)?);
        self.touched.extend(tx.references_to(record)?);
        let Some(row) = tx.record(record)? else {
            return Ok(());
        };
        if row.kind == RecordKind::Tip {
            self.counted.push(counted_as(tx, &row, reason)?);
        }
        if row.kind == RecordKind::Household && reason == ForgetReason::Person {
            self.sides.extend(what_names(tx, record)?);
        }
        Ok(())
    }
}

fn empty(tx: &mut dyn WriteTx, now_ms: i64, groups: &[Group], last: Last) -> Result<(), StoreError> {
    for (courier, fen) in last.owed {
        tx.carry_cash(courier, fen)?;
    }
    for name in last.counted {
        tx.tally(&name, 1)?;
    }
    for side in last.sides {
        tx.remove_side(side)?;
    }
    for group in groups {
        for record in group.ids() {
            tx.forget_record(record, group.reason)?;
        }
    }
    let mut asked = Vec::new();
    for record in last.touched {
        let row = but_for_damage(tx.record(record))?;
        asked.extend(row.filter(hangs_on_others).map(|row| row.id));
    }
    visibility::refresh(tx, now_ms, asked)
}

/// What cannot be read is told, and is as if it were not there.
fn but_for_damage<T: Default>(read: Result<T, StoreError>) -> Result<T, StoreError> {
    match read {
        Err(StoreError::Damaged(what)) => {
            tracing::error!(what, "damaged: a record is forgotten without it");
            Ok(T::default())
        }
        read => read,
    }
}

/// Whether who sees a record, or what it is, may be another once one is gone that named it or that it named.
fn hangs_on_others(row: &RecordRow) -> bool {
    matches!(
        row.kind,
        RecordKind::Delivery | RecordKind::Household | RecordKind::Consent | RecordKind::Camp
    )
}

/// What stays of a tip: that there was one of its kind, in which township, in which month; or that there was one about a
/// person, and nothing else of that. Of one that cannot be read the month alone.
fn counted_as(tx: &dyn ReadTx, row: &RecordRow, reason: ForgetReason) -> Result<String, StoreError> {
    if reason == ForgetReason::Person {
        return Ok("tip.about_a_person".to_owned());
    }
    let mut said = (None, None);
    for fact in but_for_damage(tx.facts(row.id))? {
        let fact = but_for_damage(
            Fact::decode(&fact.bytes)
                .map(Some)
                .map_err(|_| StoreError::Damaged("fact")),
        )?;
        if let Some(fact) = fact.filter(|fact| fact.kind == kinds::tip::REPORTED) {
            said = (fact.body.uint(field::TIP_KIND), fact.body.uint(field::TOWNSHIP));
        }
    }
    let (kind, township) = (said.0.unwrap_or_default(), said.1.unwrap_or_default());
    Ok(format!("tip.{kind}.{township}.{}", month(row.created_ms)))
}

/// The month in Beijing, such as 2026-06.
fn month(utc_ms: i64) -> String {
    let beijing = jiff::tz::Offset::constant(8);
    Timestamp::from_millisecond(utc_ms).map_or_else(
        |_| String::new(),
        |at| beijing.to_datetime(at).strftime("%Y-%m").to_string(),
    )
}

/// A parcel stays for as long as the law says, under a household that is no more; what leads to the person does not.
fn what_names(tx: &dyn ReadTx, household: RecordId) -> Result<Vec<SideKey>, StoreError> {
    let mut sides = Vec::new();
    for namer in tx.references_to(household)? {
        if but_for_damage(tx.record(namer))?.filter(is_carried).is_some() {
            sides.extend(but_for_damage(leading(tx, namer))?);
        }
    }
    Ok(sides)
}

/// What leads to somebody who was forgotten because they asked, and came back: from the sealed journal, or late from a phone.
/// Of a bare id nobody knows that it was a household, so it is what a parcel's plan calls one.
pub(crate) fn left_of_forgotten(tx: &dyn ReadTx) -> Result<Vec<SideKey>, StoreError> {
    let mut sides = Vec::new();
    for (forgotten, stone) in tx.tombstones()? {
        if stone.reason != ForgetReason::Person {
            continue;
        }
        for namer in tx.references_to(forgotten)? {
            let plan = but_for_damage(view_of(tx, namer))?;
            let is_its = plan.is_some_and(|plan| plan.record("household") == Some(forgotten));
            if is_its && but_for_damage(tx.record(namer))?.filter(is_carried).is_some() {
                sides.extend(but_for_damage(leading(tx, namer))?);
            }
        }
    }
    Ok(sides)
}

fn is_carried(row: &RecordRow) -> bool {
    matches!(row.kind, RecordKind::Delivery | RecordKind::Pickup)
}

/// The side values of a record that lead to a person. By their keys alone: one that is damaged goes too.
pub(super) fn leading(tx: &dyn ReadTx, record: RecordId) -> Result<Vec<SideKey>, StoreError> {
    let leads = [
        SideName::Position,
        SideName::Phone,
        SideName::Medicine,
        SideName::Signature,
        SideName::Photo,
    ]
    .map(|name| name as u8);
    let mut sides = tx.side_keys(record)?;
    sides.retain(|side| leads.contains(&side.name));
    Ok(sides)
}

/// Removes the side values of a record that lead to a person, of the facts that count, and says how many.
pub(super) fn strip(
    tx: &mut dyn WriteTx,
    record: RecordId,
    counts: impl Fn(FactId) -> bool,
) -> Result<u64, StoreError> {
    let mut removed = 0;
    for side in leading(tx, record)? {
        if counts(side.fact) {
            removed += u64::from(tx.remove_side(side)?.is_some());
        }
    }
    Ok(removed)
}
