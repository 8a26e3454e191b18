use rusqlite::{Connection, params};
use saddlebag_records::fact::{SideName, field, kinds::delivery as kind};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::Holder;
use serde::Serialize;

use super::item::{self, Item};
use super::names;
use crate::error::Result;
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::identity;

/// A parcel that lies at one's station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct StationParcel {
    /// The delivery, masked.
    #[serde(flatten)]
    pub item: Item,
    /// Since when it lies there, UTC milliseconds.
    pub since_ms: Option<i64>,
    /// Whom the plan gives it to.
    pub assignee: Option<PersonId>,
    /// Their name; empty where it is not known here.
    pub assignee_name: String,
    /// Whether a pickup code of it can be checked here.
    pub pickup_code: bool,
}

impl Replica {
    /// What lies at this person's station, the oldest first; nothing for who has none.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn station_parcels(&self) -> Result<Vec<StationParcel>> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            let Some(station) = author.station else {
                return Ok(Vec::new());
            };
            let reader = Reader::of(&author);
            let mut parcels = Vec::new();
            for item in item::items(connection, MAY_LIE_SOMEWHERE, params![RecordKind::Delivery as u8])? {
                let known = Known::load(connection, &reader, item.record, RecordKind::Delivery)?;
                if known.status.holders.contains(&Holder::Place(station)) {
                    parcels.push(parcel(connection, item, &known, station)?);
                }
            }
            parcels.sort_by_key(|parcel| (parcel.since_ms, parcel.item.record));
            Ok(parcels)
        })
    }
}

/// What ended lies nowhere, and what waits at a station waits as it does at a drop point. In every other state it lies at
/// a place only where that is in question, so most records need not be looked at.
const MAY_LIE_SOMEWHERE: &str = "kind = ?1 AND phase < 2
    AND (status IN ('at_station', 'returned_to_station', 'at_drop_point') OR discrepancies > 0)";

fn parcel(connection: &Connection, item: Item, known: &Known, station: RecordId) -> Result<StationParcel> {
    let counted = known.counted();
    let brought = counted.facts_of(known.record).filter(|fact| {
        matches!(fact.kind, kind::SCANNED_IN | kind::RETURNED_TO_STATION)
            && fact.body.record(field::PLACE) == Some(station)
    });
    let assignee = known.plan.as_ref().and_then(|plan| plan.person("assignee"));
    let assignee_name = assignee.map(|person| names::shown_name(connection, person.into()));
    Ok(StationParcel {
        since_ms: brought.map(|fact| fact.stamp.hlc_ms).max(),
        assignee,
        assignee_name: assignee_name.transpose()?.unwrap_or_default(),
        pickup_code: known
            .side
            .iter()
            .any(|side| side.name == SideName::PickupCodeHash),
        item,
    })
}
