use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use saddlebag_records::id::{CountyId, DeviceNumber, RecordId};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::identity::Person;
use crate::replica::Replica;
use crate::store::own::Own;
use crate::store::{identity, plans};

/// What a person may want to read out about their device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct ThisDevice {
    /// The number under which it writes its facts.
    pub device: DeviceNumber,
    /// Whose it is.
    pub person: Person,
    /// The names of their station, by language; empty where it is not known here.
    pub station_names: BTreeMap<String, String>,
    /// Where the county's server is.
    pub server: String,
    /// The county.
    pub county: CountyId,
    /// What the databases take on the disk, in bytes.
    pub store_bytes: u64,
    /// Whether the time is the county's or a satellite's, and not a clock that anybody can set.
    pub clock_is_sure: bool,
}

impl Replica {
    /// What this device is.
    ///
    /// # Errors
    ///
    /// [`Error::NotEnrolled`].
    pub fn this_device(&self) -> Result<ThisDevice> {
        self.read(|connection| {
            let identity = identity::identity(connection)?.ok_or(Error::NotEnrolled)?;
            let own = Own::load(connection, self.surroundings().built_ms)?;
            let (_, source) = own.clock.now(&self.surroundings().clock.read());
            Ok(ThisDevice {
                device: identity.device,
                station_names: match identity.person.station {
                    Some(station) => names_of(connection, station)?,
                    None => BTreeMap::new(),
                },
                person: identity.person,
                server: identity.server,
                county: identity.county,
                store_bytes: bytes_of(self.dir())?,
                clock_is_sure: source.is_sure(),
            })
        })
    }
}

fn names_of(connection: &Connection, place: RecordId) -> Result<BTreeMap<String, String>> {
    let plan = plans::view(connection, place)?;
    Ok(plan.map(|plan| plan.texts("names")).unwrap_or_default())
}

fn bytes_of(dir: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        // A log may go between being listed and being looked at.
        bytes += entry?.metadata().map_or(0, |file| file.len());
    }
    Ok(bytes)
}
