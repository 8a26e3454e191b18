//! Who and what an operator means: by id, by key, or by waybill number.

use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::waybill::Waybill;

use super::key::Keys;
use super::{AdminError, code};
use crate::county::County;
use crate::store::{Person, ReadTx, RecordRow};

/// Kinds whose records have keys in files.
pub(super) const KEYED: [RecordKind; 5] = [
    RecordKind::Place,
    RecordKind::Household,
    RecordKind::Camp,
    RecordKind::Colleague,
    RecordKind::Carrier,
];

/// What a word may stand for, as the record of a kind: its id, or the key that it has in files. It need not exist.
pub(super) fn meant(county: &County, kind: RecordKind, word: &str) -> Result<RecordId, &'static str> {
    if let Ok(id) = word.parse() {
        return Ok(id);
    }
    super::value::key(word).map(|key| Keys(county.keys().id_key()).record(kind, key))
}

/// The record of this kind that the word stands for.
pub fn of_kind(
    county: &County,
    tx: &dyn ReadTx,
    kind: RecordKind,
    word: &str,
) -> Result<RecordRow, AdminError> {
    let found = match kind {
        RecordKind::Delivery => delivery(tx, word)?,
        _ => meant(county, kind, word)
            .ok()
            .map_or(Ok(None), |id| tx.record(id))?,
    };
    let found = match found {
        Some(found) => found,
        // Another record may be called so.
        None => record(county, tx, word)?,
    };
    (found.kind == kind)
        .then_some(found)
        .ok_or_else(|| AdminError::new(code::WRONG_KIND, found.kind.name()))
}

/// The record that the word stands for, of whatever kind.
pub fn record(county: &County, tx: &dyn ReadTx, word: &str) -> Result<RecordRow, AdminError> {
    if let Some(found) = delivery(tx, word)? {
        return Ok(found);
    }
    for kind in KEYED {
        let id = meant(county, kind, word).ok();
        if let Some(found) = id.map_or(Ok(None), |id| tx.record(id))? {
            return Ok(found);
        }
    }
    Err(AdminError::new(code::NO_RECORD, word))
}

/// By id, whatever it is, or the delivery of the newest generation under a waybill number.
fn delivery(tx: &dyn ReadTx, word: &str) -> Result<Option<RecordRow>, AdminError> {
    if let Ok(id) = word.parse::<RecordId>() {
        return Ok(tx.record(id)?);
    }
    let Ok(waybill) = Waybill::parse(word) else {
        return Ok(None);
    };
    let newest = tx.records_by_waybill(&waybill)?.pop();
    Ok(newest.map_or(Ok(None), |(_, id)| tx.record(id))?)
}

/// Somebody of the county who has not left.
pub fn person(county: &County, tx: &dyn ReadTx, word: &str) -> Result<Person, AdminError> {
    let person = anybody(county, tx, word)?;
    person
        .active
        .then_some(person)
        .ok_or_else(|| AdminError::new(code::LEFT, word))
}

/// Somebody of the county, left or not.
pub fn anybody(county: &County, tx: &dyn ReadTx, word: &str) -> Result<Person, AdminError> {
    let id = meant(county, RecordKind::Colleague, word)
        .ok()
        .map(PersonId::from);
    let found = id.map_or(Ok(None), |id| tx.person(id))?;
    found.ok_or_else(|| AdminError::new(code::NO_PERSON, word))
}
