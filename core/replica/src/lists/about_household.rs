use std::collections::BTreeSet;

use rusqlite::Connection;
use saddlebag_records::fact::SideName;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use serde::Serialize;

use super::page::is_for_their_eyes;
use crate::error::{Error, Result};
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::column::Id;
use crate::store::{identity, records};

/// What this phone has on a household: "what do you have on me".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AboutHousehold {
    /// The household.
    pub household: RecordId,
    /// The name it goes by here; masked for those who do not hold a task of theirs.
    pub name: String,
    /// What is held, the household's own entry first.
    pub held: Vec<HeldAbout>,
}

/// A record about a household, and which things it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HeldAbout {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The name of its state.
    pub status: String,
    /// The plan's fields that hold something.
    pub fields: Vec<String>,
    /// The names of what hangs on its facts: phone numbers, positions, signatures, photos.
    pub side: BTreeSet<SideName>,
    /// How many facts it has.
    pub facts: usize,
}

impl Replica {
    /// Everything that this phone holds about a household.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`].
    pub fn my_data_about(&self, household: RecordId) -> Result<AboutHousehold> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            let reader = Reader::of(&author);
            let own = records::load(connection, household)?.ok_or(Error::UnknownRecord(household))?;
            let known = Known::load(connection, &reader, household, own.row.kind)?;
            let is_whole = is_for_their_eyes(connection, &author, &known, &own.row)?;
            let mut held = vec![held(connection, &reader, household)?];
            let mut statement = connection.prepare_cached(
                "SELECT record FROM records WHERE household = ?1 AND household <> x'' ORDER BY kind, id",
            )?;
            for record in statement.query_map([Id::from(household)], |row| row.get(0).map(RecordId))? {
                held.push(self::held(connection, &reader, record?)?);
            }
            Ok(AboutHousehold {
                household,
                name: if is_whole {
                    own.row.title
                } else {
                    mask::name(&own.row.title)
                },
                held,
            })
        })
    }
}

fn held(connection: &Connection, reader: &Reader, record: RecordId) -> Result<HeldAbout> {
    let found = records::load(connection, record)?.ok_or(Error::UnknownRecord(record))?;
    let known = Known::load(connection, reader, record, found.row.kind)?;
    Ok(HeldAbout {
        record,
        kind: found.row.kind,
        status: found.row.status,
        fields: known
            .plan
            .iter()
            .flat_map(|plan| plan.fields.keys().cloned())
            .collect(),
        side: known.side.iter().map(|side| side.name).collect(),
        facts: known.stored.len(),
    })
}
