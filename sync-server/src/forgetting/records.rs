use std::collections::BTreeSet;

use jiff::Timestamp;
use saddlebag_records::fact::{Fact, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::Forgotten;
use crate::county::{County, Entry, TombstoneReason};
use crate::store::{ForgetReason, ReadTx, RecordRow, Seq, StoreError, WriteTx};
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

/// Forgets these groups in one job. What has changed since it was looked at waits for the next run.
pub(super) fn forget(
    county: &County,
    groups: Vec<Group>,
    forgotten: &mut Forgotten,
) -> Result<(), StoreError> {
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
    // First where no restore undoes it.
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
    county.journal(&lines)?;
    empty(tx, now_ms, groups)
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
        let its = forgotten.iter().filter(|(_, of)| *of == reason);
        groups.push(Group::of(tx, its.map(|(record, _)| *record), reason)?);
    }
    empty(tx, now_ms, &groups)?;
    // Of those that never came here, too, nothing is taken.
    for (record, reason) in forgotten {
        tx.forget_record(record, reason)?;
    }
    Ok(())
}

fn empty(tx: &mut dyn WriteTx, now_ms: i64, groups: &[Group]) -> Result<(), StoreError> {
    let (mut lives, mut touched) = (Lives::at(now_ms), BTreeSet::new());
    for group in groups {
        let records = group.ids();
        for (courier, fen) in lives.owed_by(tx, &records)? {
            tx.carry_cash(courier, fen)?;
        }
        for record in &records {
            touched.extend(tx.references_from(*record)?);
            touched.extend(tx.references_to(*record)?);
            if let Some(row) = tx.record(*record)? {
                count(tx, &row, group.reason)?;
                if row.kind == RecordKind::Household && group.reason == ForgetReason::Person {
                    strip_what_names(tx, *record)?;
                }
            }
        }
        for record in records {
            tx.forget_record(record, group.reason)?;
        }
    }
    let mut asked = Vec::new();
    for record in touched {
        asked.extend(tx.record(record)?.filter(hangs_on_others).map(|row| row.id));
    }
    visibility::refresh(tx, now_ms, asked)
}

/// Whether who sees a record, or what it is, may be another once one is gone that named it or that it named.
fn hangs_on_others(row: &RecordRow) -> bool {
    matches!(
        row.kind,
        RecordKind::Delivery | RecordKind::Household | RecordKind::Consent | RecordKind::Camp
    )
}

/// What stays of a tip: that there was one of its kind, in which township, in which month; or that there was one about a
/// person, and nothing else of that.
fn count(tx: &mut dyn WriteTx, row: &RecordRow, reason: ForgetReason) -> Result<(), StoreError> {
    if row.kind != RecordKind::Tip {
        return Ok(());
    }
    if reason == ForgetReason::Person {
        return tx.tally("tip.about_a_person", 1);
    }
    let mut said = (None, None);
    for fact in tx.facts(row.id)? {
        let fact = Fact::decode(&fact.bytes).map_err(|_| StoreError::Damaged("fact"))?;
        if fact.kind == kinds::tip::REPORTED {
            said = (fact.body.uint(field::TIP_KIND), fact.body.uint(field::TOWNSHIP));
        }
    }
    let (kind, township) = (said.0.unwrap_or_default(), said.1.unwrap_or_default());
    tx.tally(&format!("tip.{kind}.{township}.{}", month(row.created_ms)), 1)
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
fn strip_what_names(tx: &mut dyn WriteTx, household: RecordId) -> Result<(), StoreError> {
    for namer in tx.references_to(household)? {
        let carried = |row: &RecordRow| matches!(row.kind, RecordKind::Delivery | RecordKind::Pickup);
        if tx.record(namer)?.filter(carried).is_some() {
            strip(tx, namer, |_| true)?;
        }
    }
    Ok(())
}

/// Removes the side values of a record that lead to a person, of the facts that count, and says how many.
pub(super) fn strip(
    tx: &mut dyn WriteTx,
    record: RecordId,
    counts: impl Fn(saddlebag_records::id::FactId) -> bool,
) -> Result<u64, StoreError> {
    let leads = [
        SideName::Position,
        SideName::Phone,
        SideName::Medicine,
        SideName::Signature,
        SideName::Photo,
    ]
    .map(|name| name as u8);
    let mut removed = 0;
    for side in tx.sides(record)? {
        if leads.contains(&side.key.name) && counts(side.key.fact) {
            removed += u64::from(tx.remove_side(side.key)?.is_some());
        }
    }
    Ok(removed)
}
