//! Who is to carry what, and what is not to be carried any more.

use std::collections::BTreeSet;

use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, FactKind, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanEdit;
use saddlebag_records::status::Phase;
use serde::Serialize;

use super::record::Record;
use super::{AdminError, code, find};
use crate::act::{Act, Draft, Part};
use crate::county::County;
use crate::plans::view_of;
use crate::store::{ReadTx, RecordRow};

/// What a verb over several records did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The records that it changed.
    pub changed: Vec<RecordId>,
    /// Those that were so before.
    pub unchanged: Vec<RecordId>,
}

/// Gives deliveries, pickups and errands to a courier: all of them, or none. With `again` also those that are somebody
/// else's.
///
/// # Errors
/// `not_a_courier`; `wrong_state` for one that has ended, or is somebody else's.
pub fn assign(
    county: &County,
    by: PersonId,
    records: &[String],
    to: PersonId,
    again: bool,
) -> Result<Changed, AdminError> {
    let mut told = Changed::default();
    let mut parts = Vec::new();
    county.store().read_blocking(|tx| {
        let courier = tx
            .person(to)?
            .filter(|person| person.active && person.role == Role::Courier);
        courier.ok_or_else(|| AdminError::new(code::NOT_A_COURIER, to))?;
        for (word, row) in open_duties(county, tx, records)? {
            let assignee = view_of(tx, row.id)?.and_then(|plan| plan.person("assignee"));
            match assignee {
                Some(assignee) if assignee == to => told.unchanged.push(row.id),
                Some(_) if !again => {
                    return Err(AdminError::new(code::WRONG_STATE, format!("{word} is assigned")));
                }
                _ => {
                    told.changed.push(row.id);
                    parts.push(part(&row, Vec::new(), vec![PlanEdit::set("assignee", to)]));
                }
            }
        }
        Ok(())
    })?;
    county.act(by, Act { parts })?;
    Ok(told)
}

/// Cancels deliveries, pickups and errands: all of them, or none. Whoever carries one brings it back.
///
/// # Errors
/// `wrong_state` for one that has ended.
pub fn cancel(
    county: &County,
    by: PersonId,
    records: &[String],
    note: Option<&str>,
) -> Result<Changed, AdminError> {
    let mut told = Changed::default();
    let mut parts = Vec::new();
    county.store().read_blocking(|tx| {
        for (_, row) in open_duties(county, tx, records)? {
            let kind =
                cancelled(row.kind).ok_or_else(|| AdminError::new(code::WRONG_KIND, row.kind.name()))?;
            if tx.facts(row.id)?.iter().any(|fact| fact.kind == kind) {
                told.unchanged.push(row.id);
                continue;
            }
            let body = note.map_or_else(Body::new, |note| Body::new().with(field::NOTE, note));
            told.changed.push(row.id);
            parts.push(part(&row, vec![Draft::new(kind, body)], Vec::new()));
        }
        Ok::<_, AdminError>(())
    })?;
    county.act(by, Act { parts })?;
    Ok(told)
}

/// The records that the words stand for, each once, none of which has ended.
fn open_duties<'a>(
    county: &County,
    tx: &dyn ReadTx,
    words: &'a [String],
) -> Result<Vec<(&'a str, RecordRow)>, AdminError> {
    let mut seen = BTreeSet::new();
    let mut duties = Vec::new();
    for word in words {
        let row = find::record(county, tx, word)?;
        if cancelled(row.kind).is_none() {
            return Err(AdminError::new(code::WRONG_KIND, row.kind.name()));
        }
        if Record::read(tx, row)?.status.phase == Phase::Ended {
            return Err(AdminError::new(code::WRONG_STATE, format!("{word} has ended")));
        }
        if seen.insert(row.id) {
            duties.push((word.as_str(), row));
        }
    }
    Ok(duties)
}

/// The fact that cancels a record of a kind that is somebody's to do.
fn cancelled(kind: RecordKind) -> Option<FactKind> {
    match kind {
        RecordKind::Delivery => Some(kinds::delivery::CANCELLED),
        RecordKind::Pickup => Some(kinds::pickup::CANCELLED),
        RecordKind::Errand => Some(kinds::errand::CANCELLED),
        _ => None,
    }
}

fn part(row: &RecordRow, facts: Vec<Draft>, edits: Vec<PlanEdit>) -> Part {
    Part {
        record: row.id,
        kind: row.kind,
        facts,
        edits,
    }
}
