//! Nobody holds what they may not see.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::id::{DeviceNumber, RecordId};

use super::sight::Sights;
use super::{Evidence, Findings};
use crate::fleet::courier::Phone;

/// Compares what lies on each phone with what its person may see. What somebody wrote themselves is theirs.
pub(crate) fn check(evidence: &Evidence<'_>, sights: &Sights<'_>, found: &mut Findings) -> Result<()> {
    for phone in evidence.phones {
        let sight = sights.of(phone.who)?;
        let own: BTreeSet<DeviceNumber> = phone.store.own_numbers()?.into_iter().collect();
        for (record, what) in from_elsewhere(phone, &own)? {
            if !sight.of(record) {
                found.leaked(format!("{} holds {record} ({what})", phone.name()));
            }
        }
        for side in phone.store.side_values()? {
            if own.contains(&side.fact.device) {
                continue;
            }
            let kind = evidence.county.records.get(&side.record).copied();
            let may = side
                .name
                .zip(kind)
                .is_some_and(|(name, kind)| sight.of_side(side.record, kind, name));
            if !may {
                let (phone, record, name) = (phone.name(), side.record, side.name);
                found.leaked(format!("{phone} holds {name:?} of {record} ({kind:?})"));
            }
        }
    }
    Ok(())
}

/// The records of which a phone holds something that it did not write, and what.
fn from_elsewhere(phone: &Phone, own: &BTreeSet<DeviceNumber>) -> Result<BTreeMap<RecordId, String>> {
    let mut records = BTreeMap::new();
    for held in phone.store.facts()? {
        if !own.contains(&held.fact.id.device) {
            records.insert(held.fact.record, format!("{} {}", held.fact.kind, held.fact.id));
        }
    }
    for record in phone.store.foreign_changes()? {
        records.entry(record).or_insert_with(|| "a plan".to_owned());
    }
    Ok(records)
}
