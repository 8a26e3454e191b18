//! Facts that do not fit together, until somebody closes the matter by another fact.

use saddlebag_records::discrepancy::Discrepancy;
use saddlebag_records::fact::{Body, FactKind, field};
use saddlebag_records::id::{FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use serde::Serialize;

use super::looking::{sees, sees_kind};
use super::record::{Record, each};
use super::{AdminError, code, find};
use crate::act::{Act, Draft, Part};
use crate::county::County;
use crate::store::Person;

/// A discrepancy of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: &'static str,
    /// What does not fit.
    #[serde(flatten)]
    pub discrepancy: Discrepancy,
}

/// What is open in the records that the person sees. Reads every record of those kinds.
pub fn list(county: &County, person: &Person) -> Result<Vec<Open>, AdminError> {
    county.store().read_blocking(|tx| {
        let mut open = Vec::new();
        for kind in RecordKind::ALL
            .into_iter()
            .filter(|kind| sees_kind(person.role, *kind))
        {
            each(tx, kind, |row| {
                let record = Record::read(tx, row)?;
                open.extend(record.status.discrepancies.into_iter().map(|discrepancy| Open {
                    record: row.id,
                    kind: kind.name(),
                    discrepancy,
                }));
                Ok::<_, AdminError>(())
            })?;
        }
        Ok(open)
    })
}

/// How a discrepancy is closed.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// The fact that stands, where one does.
    pub stands: Option<FactId>,
    /// Only the discrepancy with this fact in it; else all of the record.
    pub about: Option<FactId>,
    /// Why.
    pub note: &'a str,
}

/// Closes what is open about a record, by a fact for each discrepancy; gives back what was closed.
///
/// # Errors
/// `wrong_state` where nothing is open; `bad_value` where the fact that is to stand is in none of it.
pub fn close(
    county: &County,
    by: &Person,
    record: &str,
    closing: Closing<'_>,
) -> Result<Vec<Discrepancy>, AdminError> {
    let (row, open) = county.store().read_blocking(|tx| {
        let row = find::record(county, tx, record)?;
        sees(tx, by, row.id)?;
        Ok::<_, AdminError>((row, Record::read(tx, row)?.status.discrepancies))
    })?;
    let meant = |discrepancy: &Discrepancy| {
        let facts = [closing.about, closing.stands];
        facts
            .into_iter()
            .flatten()
            .all(|fact| discrepancy.facts.contains(&fact))
    };
    let closed: Vec<Discrepancy> = open
        .iter()
        .filter(|discrepancy| meant(discrepancy))
        .cloned()
        .collect();
    if closed.is_empty() {
        let code = if open.is_empty() {
            code::WRONG_STATE
        } else {
            code::BAD_VALUE
        };
        return Err(AdminError::new(code, "nothing of this is open"));
    }
    let kind = FactKind::from_name(row.kind, "discrepancy_closed");
    let kind = kind.ok_or_else(|| AdminError::new(code::WRONG_KIND, row.kind.name()))?;
    let facts = closed.iter().map(|discrepancy| {
        let mut body = Body::new()
            .with(field::FACTS, discrepancy.facts.clone())
            .with(field::NOTE, closing.note);
        if let Some(stands) = closing.stands {
            body = body.with(field::STANDS, stands);
        }
        Draft::new(kind, body)
    });
    let part = Part {
        record: row.id,
        kind: row.kind,
        facts: facts.collect(),
        edits: Vec::new(),
    };
    county.act(by.id, Act { parts: vec![part] })?;
    Ok(closed)
}
