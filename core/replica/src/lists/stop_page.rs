use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::position::Position;
use serde::Serialize;

use super::addressee::by_addressee;
use super::consent_entry::{ConsentEntry, consents};
use super::item::Item;
use super::names::names_of;
use super::page::is_for_their_eyes;
use super::stop::{ReadStop, Stop, StopKey, later};
use super::way::{Way, way};
use crate::error::{Error, Result};
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::identity::{self, Author};
use crate::store::records;

/// Everything for one stop.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct StopPage {
    /// The stop as the route has it.
    pub stop: Stop,
    /// Whom one can call about it.
    pub contacts: Vec<Callable>,
    /// Whether there is a number to call.
    pub phones_known: bool,
    /// The language of the household, such as `kk-Arab`.
    pub language: Option<String>,
    /// How to get there.
    pub way: Option<Way>,
    /// What the household agreed to, those that stand first.
    pub consents: Vec<ConsentEntry>,
    /// What is in the bag for it and may not be delivered before another day.
    pub later: Vec<Item>,
    /// The deliveries to hand over, those for the same people together.
    pub by_addressee: Vec<Vec<RecordId>>,
}

/// Somebody who can be called, without their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Callable {
    /// The household, place or delivery.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// A person's name, masked; of a place the first one.
    pub name: String,
    /// A place's names, by language.
    pub names: BTreeMap<String, String>,
    /// Whether a number of theirs is known, and theirs to call.
    pub is_callable: bool,
}

impl Replica {
    /// Everything for one stop of the route; none where nothing is to be done there any more. `from`: where the phone is.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn stop(&self, key: &str, from: Option<Position>) -> Result<Option<StopPage>> {
        let Ok(key) = key.parse::<StopKey>() else {
            return Ok(None);
        };
        let (moment, stops, ()) = self.read_route(|_, _| Ok(()))?;
        let Some(ReadStop { stop, spots, .. }) = stops.into_iter().find(|stop| stop.key == key) else {
            return Ok(None);
        };
        self.read(|connection| {
            let author = identity::author(connection)?;
            let reader = Reader::of(&author);
            let contacts = contacts(connection, &author, &stop)?;
            Ok(Some(StopPage {
                phones_known: contacts.iter().any(|contact| contact.is_callable),
                contacts,
                later: later(connection, key, moment.until())?,
                language: stop.language.clone(),
                by_addressee: by_addressee(connection, &author, &stop)?,
                way: way(connection, &author, &spots, moment, from)?,
                consents: match stop.household {
                    Some(household) => consents(connection, &reader, household, moment, true)?,
                    None => Vec::new(),
                },
                stop,
            }))
        })
    }

    /// The number to call for a household, a place, a colleague or a delivery: the latest that is known. For what dials
    /// alone; of somebody whose task is not this person's there is none.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`].
    pub fn number_to_call(&self, record: RecordId) -> Result<Option<String>> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            number(connection, &author, record)
        })
    }
}

/// The latest number of a record, if it is for this person to call.
pub(super) fn number(connection: &Connection, author: &Author, record: RecordId) -> Result<Option<String>> {
    let row = records::load(connection, record)?
        .ok_or(Error::UnknownRecord(record))?
        .row;
    let known = Known::load(connection, &Reader::of(author), record, row.kind)?;
    if !is_for_their_eyes(connection, author, &known, &row)? {
        return Ok(None);
    }
    Ok(known.phones().into_iter().next_back().map(|phone| phone.number))
}

/// The household, then those whom its items are for, then the place.
fn contacts(connection: &Connection, author: &Author, stop: &Stop) -> Result<Vec<Callable>> {
    let mut contacts = Vec::new();
    let mut told = BTreeSet::new();
    if let Some(household) = stop.household
        && records::kind_of(connection, household)?.is_some()
    {
        contacts.push(Callable {
            record: household,
            kind: RecordKind::Household,
            name: stop.household_name.clone(),
            names: BTreeMap::new(),
            is_callable: note(&mut told, number(connection, author, household)?),
        });
    }
    for item in &stop.items {
        let number = number(connection, author, item.item.record)?;
        // A number that stands there already is not listed once more.
        if number.is_some() && note(&mut told, number) {
            contacts.push(Callable {
                record: item.item.record,
                kind: item.item.kind,
                name: item.item.title.clone(),
                names: BTreeMap::new(),
                is_callable: true,
            });
        }
    }
    if let Some(place) = stop.place
        && records::kind_of(connection, place)? == Some(RecordKind::Place)
    {
        let names = names_of(connection, place)?;
        contacts.push(Callable {
            record: place,
            kind: RecordKind::Place,
            name: names
                .get("zh-Hans")
                .or(names.values().next())
                .cloned()
                .unwrap_or_default(),
            names,
            is_callable: note(&mut told, number(connection, author, place)?),
        });
    }
    Ok(contacts)
}

fn note(told: &mut BTreeSet<String>, number: Option<String>) -> bool {
    number.is_some_and(|number| told.insert(number))
}
