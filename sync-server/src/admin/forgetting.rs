//! Forgetting on somebody's word.

use saddlebag_records::access::Role;
use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use super::looking::{self, has_role};
use super::{AdminError, find};
use crate::act::{Act, Draft, Part};
use crate::county::County;
use crate::forgetting::{self, Forgotten};
use crate::store::Person;

/// Forgets all that is due now, instead of next night.
pub fn run(county: &County, by: &Person) -> Result<Forgotten, AdminError> {
    has_role(by, &[Role::Admin, Role::Dispatcher])?;
    Ok(forgetting::run(county)?)
}

/// Writes down that a household asked to be forgotten, and forgets it, with its camps, its consents and what it was helped
/// with. Where something is still on the way to it that comes first; the next nights see to the rest.
pub fn household(county: &County, by: &Person, household: &str) -> Result<Forgotten, AdminError> {
    let row = county
        .store()
        .read_blocking(|tx| find::of_kind(county, tx, RecordKind::Household, household))?;
    let asked = Draft::new(kinds::household::ASKED_TO_BE_FORGOTTEN, Body::new());
    let part = Part {
        record: row.id,
        kind: RecordKind::Household,
        facts: vec![asked],
        edits: Vec::new(),
    };
    county.act(by.id, Act { parts: vec![part] })?;
    Ok(forgetting::run(county)?)
}

/// Destroys a tip that is about a person, and the case that came of it: only how many there were is kept.
pub fn about_a_person(county: &County, by: &Person, tip: &str) -> Result<RecordId, AdminError> {
    looking::sees_all(by, RecordKind::Tip)?;
    let (tip, records) = county.store().read_blocking(|tx| {
        let tip = find::of_kind(county, tx, RecordKind::Tip, tip)?.id;
        let mut records = vec![tip];
        for named in tx.references_from(tip)? {
            let case = tx.record(named)?.filter(|row| row.kind == RecordKind::Case);
            records.extend(case.map(|case| case.id));
        }
        Ok::<_, AdminError>((tip, records))
    })?;
    forgetting::destroy(county, by.id, records, "about_a_person")?;
    Ok(tip)
}

/// The same from the case, with every tip that led to it.
pub(super) fn case_about_a_person(county: &County, by: &Person, case: &str) -> Result<RecordId, AdminError> {
    looking::sees_all(by, RecordKind::Case)?;
    let (case, records) = county.store().read_blocking(|tx| {
        let case = find::of_kind(county, tx, RecordKind::Case, case)?.id;
        let mut records = vec![case];
        for namer in tx.references_to(case)? {
            let tip = tx.record(namer)?.filter(|row| row.kind == RecordKind::Tip);
            records.extend(tip.map(|tip| tip.id));
        }
        Ok::<_, AdminError>((case, records))
    })?;
    forgetting::destroy(county, by.id, records, "about_a_person")?;
    Ok(case)
}
