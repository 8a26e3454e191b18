//! What lies at a station: the clerk's queue.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use saddlebag_records::fact::SideName;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use serde::Serialize;

use super::item::{self, Item};
use super::names;
use crate::error::Result;
use crate::replica::Replica;
use crate::store::column::Id;
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
        self.read(|connection| match identity::author(connection)?.station {
            Some(station) => parcels_at(connection, station),
            None => Ok(Vec::new()),
        })
    }
}

/// From their rows alone: a queue of thousands is read again after each scan.
fn parcels_at(connection: &Connection, station: RecordId) -> Result<Vec<StationParcel>> {
    // What waits at a station waits as it does at a drop point; what ended lies nowhere.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {}, lies_since_ms, assignee,
                EXISTS (SELECT 1 FROM side_values WHERE side_values.record = records.record AND name = ?3)
         FROM records
         WHERE lies_at = ?1 AND lies_at <> x'' AND kind = ?2 AND phase < 2
         ORDER BY lies_since_ms, record",
        item::COLUMNS
    ))?;
    let of = params![
        station.0,
        RecordKind::Delivery as u8,
        SideName::PickupCodeHash as u8
    ];
    let mut rows = statement.query(of)?;
    let mut called: HashMap<PersonId, String> = HashMap::new();
    let mut parcels = Vec::new();
    while let Some(row) = rows.next()? {
        let since_ms: i64 = row.get(16)?;
        let assignee = row.get::<_, Id>(17)?.person();
        let assignee_name = match assignee {
            Some(person) => match called.get(&person) {
                Some(name) => name.clone(),
                None => {
                    let name = names::shown_name(connection, person.into())?;
                    called.insert(person, name.clone());
                    name
                }
            },
            None => String::new(),
        };
        parcels.push(StationParcel {
            item: item::read(row)?,
            since_ms: (since_ms != 0).then_some(since_ms),
            assignee,
            assignee_name,
            pickup_code: row.get(18)?,
        });
    }
    Ok(parcels)
}
