//! Cash that couriers handed in and stations counted.

use saddlebag_records::cash::{Settlement, cash};
use saddlebag_records::fact::{Body, Fact, field, kinds};
use saddlebag_records::id::PersonId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::waybill::{count_id, hand_in_id};
use serde::Serialize;

use super::record::{each, facts_of};
use super::{AdminError, code, looking, names};
use crate::act::{Act, Draft, Part};
use crate::county::County;
use crate::store::{Person, ReadTx};

/// A hand-in and its count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Whose, masked.
    pub name: Option<String>,
    /// What was handed in and counted.
    #[serde(flatten)]
    pub settlement: Settlement,
}

/// The hand-ins and counts that are not settled, in the order of couriers and numbers.
pub fn open(county: &County, person: &Person) -> Result<Vec<Listed>, AdminError> {
    looking::sees_all(person, RecordKind::Count)?;
    county.store().read_blocking(|tx| {
        let mut facts: Vec<Fact> = Vec::new();
        for kind in [RecordKind::HandIn, RecordKind::Count] {
            each(tx, kind, |row| {
                facts.extend(facts_of(tx, row.id)?);
                Ok::<_, AdminError>(())
            })?;
        }
        let open = settlements(&facts)?
            .into_iter()
            .filter(|settlement| !settlement.closed);
        open.map(|settlement| {
            let name = names::masked(tx, settlement.courier)?;
            Ok(Listed { name, settlement })
        })
        .collect()
    })
}

/// Explains the difference between a hand-in and its count, which settles them by what was counted.
///
/// # Errors
/// `wrong_state` where the two are not both there, or do not differ.
pub fn settle(
    county: &County,
    by: PersonId,
    courier: PersonId,
    number: u32,
    note: &str,
) -> Result<Settlement, AdminError> {
    let id_key = county.keys().id_key();
    let (count, hand_in) = (
        count_id(id_key, courier, number),
        hand_in_id(id_key, courier, number),
    );
    let read = |tx: &dyn ReadTx| {
        let facts = [facts_of(tx, hand_in)?, facts_of(tx, count)?].concat();
        Ok::<_, AdminError>(settlements(&facts)?.pop())
    };
    let before = county.store().read_blocking(read)?;
    if !before.is_some_and(|settlement| settlement.differs()) {
        return Err(AdminError::new(code::WRONG_STATE, format!("hand-in {number}")));
    }
    let explained = Draft::new(
        kinds::count::DIFFERENCE_EXPLAINED,
        Body::new().with(field::NOTE, note),
    );
    let part = Part {
        record: count,
        kind: RecordKind::Count,
        facts: vec![explained],
        edits: Vec::new(),
    };
    county.act(by, Act { parts: vec![part] })?;
    let after = county.store().read_blocking(read)?;
    after.ok_or_else(|| AdminError::new(code::NO_RECORD, count))
}

fn settlements(facts: &[Fact]) -> Result<Vec<Settlement>, AdminError> {
    let ledger = cash(facts).map_err(|error| AdminError::new(error.code(), error))?;
    Ok(ledger.settlements)
}
