//! The number under which somebody reports says nothing of them to anybody but the county.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::{Evidence, Findings};
use crate::fleet::world::Who;

/// Looks for one-time numbers where they could be joined: used twice, near each other, or on phones that are neither
/// their reporter's nor triage's nor the liaison's.
pub(crate) fn check(evidence: &Evidence<'_>, found: &mut Findings) -> Result<()> {
    let mut used: BTreeMap<DeviceNumber, BTreeSet<RecordId>> = BTreeMap::new();
    for admitted in evidence.county.facts.values() {
        let id = admitted.fact.id;
        if id.device.is_one_time() {
            used.entry(id.device).or_default().insert(admitted.fact.record);
            // What a phone's clock shows would tell one phone's tips from another's.
            if admitted.fact.observed.is_some() {
                found.leaked(format!("{id} tells what its phone's clocks show"));
            }
        }
    }
    for (number, records) in used.iter().filter(|(_, records)| records.len() > 1) {
        found.leaked(format!(
            "the one-time number {number} stands in {} records",
            records.len()
        ));
    }
    // Numbers of one device must be as far from each other as from any other's.
    let numbers: BTreeMap<DeviceNumber, DeviceNumber> = evidence
        .county
        .one_time
        .iter()
        .map(|(number, (device, _))| (*number, *device))
        .collect();
    let mut before: Option<(&DeviceNumber, &DeviceNumber)> = None;
    for (number, device) in &numbers {
        if let Some((last, of)) = before
            && number.0 - last.0 < 1 << 20
        {
            found.leaked(format!(
                "one-time numbers of {of} and {device} lie beside each other"
            ));
        }
        before = Some((number, device));
    }
    for phone in evidence.phones {
        // Who has two phones reads on each what was reported on the other; and on one that was put back to an old copy,
        // what was reported on it since.
        let person = evidence.names.person(phone.who)?;
        let is_theirs = |device: &DeviceNumber| evidence.county.authors.person(*device) == Some(person);
        let mut own: BTreeSet<DeviceNumber> = phone.store.one_time_numbers()?.into_iter().collect();
        let numbers = evidence.county.one_time.iter();
        own.extend(numbers.filter_map(|(number, (device, _))| is_theirs(device).then_some(*number)));
        let authors = phone.store.authors()?;
        if let Some(number) = authors
            .keys()
            .find(|number| number.is_one_time() && !own.contains(number))
        {
            found.leaked(format!("{} knows whose {number} is", phone.name()));
        }
        let may_meet_them = matches!(phone.who, Who::Dispatcher(_) | Who::Liaison);
        let facts = phone.store.facts()?;
        // The liaison answers an appeal under such a number too, and its reporter reads that.
        let reported: BTreeSet<RecordId> = facts
            .iter()
            .filter(|held| own.contains(&held.fact.id.device))
            .map(|held| held.fact.record)
            .collect();
        for held in facts
            .iter()
            .filter(|held| !may_meet_them && !reported.contains(&held.fact.record))
        {
            let mut named = [held.fact.id].into_iter().chain(held.fact.after.iter().copied());
            let foreign = |id: &FactId| id.device.is_one_time() && !own.contains(&id.device);
            if let Some(id) = named.find(foreign) {
                found.leaked(format!(
                    "{} holds {id}, which is somebody else's report",
                    phone.name()
                ));
            }
        }
    }
    Ok(())
}
