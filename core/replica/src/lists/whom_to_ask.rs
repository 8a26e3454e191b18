use std::collections::BTreeMap;

use rusqlite::Connection;
use saddlebag_records::codes::role;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::status::Phase;
use serde::Serialize;

use crate::error::Result;
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::{identity, plans, records};

/// Whom to ask, each with a number to call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct WhomToAsk {
    /// One's station.
    pub station: Option<Contact>,
    /// One's mentor.
    pub mentor: Option<Contact>,
    /// The liaisons.
    pub liaisons: Vec<Contact>,
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Contact {
    /// The place or colleague.
    pub record: RecordId,
    /// Their name; a place's by language, a colleague's under the empty one.
    pub names: BTreeMap<String, String>,
    /// The latest phone number that is known.
    pub phone: Option<String>,
}

impl Replica {
    /// Whom this person can ask: station, mentor, liaison.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn whom_to_ask(&self) -> Result<WhomToAsk> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            let reader = Reader::of(&author);
            let own = plans::view(connection, author.person.into())?;
            let mentor = own.as_ref().and_then(|plan| plan.person("mentor"));
            let station = author
                .station
                .or(own.as_ref().and_then(|plan| plan.record("station")));
            let mut ask = WhomToAsk::default();
            if let Some(station) = station {
                ask.station = contact(connection, &reader, station)?;
            }
            if let Some(mentor) = mentor {
                ask.mentor = contact(connection, &reader, mentor.into())?;
            }
            for colleague in records::of_kind(connection, RecordKind::Colleague)? {
                let plan = plans::view(connection, colleague)?;
                if plan.and_then(|plan| plan.uint("role")) == Some(role::LIAISON.into()) {
                    ask.liaisons.extend(contact(connection, &reader, colleague)?);
                }
            }
            Ok(ask)
        })
    }
}

/// How to reach a place or colleague that is here and has not closed or left.
fn contact(connection: &Connection, reader: &Reader, record: RecordId) -> Result<Option<Contact>> {
    let Some(kind) = records::kind_of(connection, record)? else {
        return Ok(None);
    };
    let known = Known::load(connection, reader, record, kind)?;
    if known.status.phase == Phase::Ended {
        return Ok(None);
    }
    let phone = known.phones().into_iter().next_back().map(|phone| phone.number);
    let names = match known
        .plan
        .as_ref()
        .and_then(|plan| plan.get("names").or(plan.get("name")))
    {
        Some(PlanValue::Map(names)) => names
            .iter()
            .filter_map(|(tag, name)| Some((tag.clone(), text(name)?)))
            .collect(),
        Some(name) => text(name).into_iter().map(|name| (String::new(), name)).collect(),
        None => BTreeMap::new(),
    };
    Ok(Some(Contact { record, names, phone }))
}

fn text(value: &PlanValue) -> Option<String> {
    match value {
        PlanValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}
