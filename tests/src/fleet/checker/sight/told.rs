//! What the script says of who made what, and to whom parcels were given.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use saddlebag_records::id::{PersonId, RecordId};

use crate::fleet::checker::Evidence;
use crate::fleet::script::{Act, CountyAct, Item};
use crate::fleet::world::{Coming, Who};

/// The script, by record and person.
pub(super) struct Told {
    /// Everybody.
    pub(super) whos: HashMap<PersonId, Who>,
    /// The station that each belongs to.
    pub(super) stations: HashMap<Who, RecordId>,
    /// Who made what.
    pub(super) makers: BTreeMap<RecordId, Who>,
    /// To whom a parcel was ever assigned.
    pub(super) assigned: BTreeMap<RecordId, BTreeSet<PersonId>>,
    /// Whose word about a parcel the dispatcher let stand.
    pub(super) confirmed: BTreeMap<RecordId, BTreeSet<PersonId>>,
}

impl Told {
    pub(super) fn of(evidence: &Evidence<'_>) -> Result<Self> {
        let whos = evidence.names.whos();
        let mut told = Self {
            stations: stations(evidence, whos.values())?,
            whos,
            makers: makers(evidence)?,
            assigned: BTreeMap::new(),
            confirmed: BTreeMap::new(),
        };
        let names = evidence.names;
        for (index, parcel) in evidence.world.parcels.iter().enumerate() {
            if let Coming::Assigned(courier) = parcel.coming {
                let people = told
                    .assigned
                    .entry(names.record(Item::Parcel(index))?)
                    .or_default();
                people.insert(names.person(Who::Courier(courier))?);
            }
        }
        for step in &evidence.script.county {
            match step.act {
                CountyAct::Assign { parcel, to } => {
                    let people = told
                        .assigned
                        .entry(names.record(Item::Parcel(parcel))?)
                        .or_default();
                    people.insert(names.person(to)?);
                }
                CountyAct::Close { parcel, stands } => {
                    let wrote = evidence.script.steps.iter().find(|step| step.id == stands);
                    let people = told
                        .confirmed
                        .entry(names.record(Item::Parcel(parcel))?)
                        .or_default();
                    people.extend(wrote.map(|step| names.person(step.who)).transpose()?);
                }
                _ => {}
            }
        }
        Ok(told)
    }

    /// The station that somebody belongs to.
    pub(super) fn station_of(&self, who: Who) -> Option<RecordId> {
        self.stations.get(&who).copied()
    }

    /// Whether this person belongs to this station.
    pub(super) fn is_of_station(&self, person: PersonId, station: RecordId) -> bool {
        self.whos
            .get(&person)
            .is_some_and(|who| self.station_of(*who) == Some(station))
    }
}

fn stations<'a>(
    evidence: &Evidence<'_>,
    whos: impl Iterator<Item = &'a Who>,
) -> Result<HashMap<Who, RecordId>> {
    let mut stations = HashMap::new();
    for who in whos {
        let mut colleagues = evidence.world.county.colleagues.iter();
        if let Some(colleague) = colleagues.find(|colleague| colleague.key == who.key()) {
            let station = Item::Place(evidence.world.place(&colleague.station));
            stations.insert(*who, evidence.names.record(station)?);
        }
    }
    Ok(stations)
}

fn makers(evidence: &Evidence<'_>) -> Result<BTreeMap<RecordId, Who>> {
    let made = evidence.script.steps.iter().filter_map(|step| {
        let item = match &step.act {
            Act::Create { item, .. }
            | Act::Consent { item, .. }
            | Act::Register { item, .. }
            | Act::Camp { item, .. }
            | Act::Tip { item, .. }
            | Act::Appeal { item, .. }
            | Act::Pass { item, .. } => *item,
            Act::HandIn { courier, .. } => Item::HandIn(*courier, 1),
            Act::Count { courier, number, .. } => Item::Count(*courier, *number),
            _ => return None,
        };
        Some((item, step.who))
    });
    made.map(|(item, who)| Ok((evidence.names.record(item)?, who)))
        .collect()
}
