//! What records are called, by language; what has one name alone, such as a person, under the empty one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use saddlebag_records::plan::{PlanValue, PlanView};
use serde::Serialize;

use super::item;
use crate::error::Result;
use crate::store::identity::{self, Author};
use crate::store::{plans, records};

/// The names in a plan.
pub(super) fn names(plan: &PlanView) -> BTreeMap<String, String> {
    match plan.get("names").or(plan.get("name")).or(plan.get("landmark")) {
        Some(PlanValue::Map(names)) => names
            .iter()
            .filter_map(|(tag, name)| Some((tag.clone(), text(name)?)))
            .collect(),
        Some(name) => text(name).into_iter().map(|name| (String::new(), name)).collect(),
        None => BTreeMap::new(),
    }
}

/// The names of a record; none where it is not here.
pub(super) fn names_of(connection: &Connection, record: RecordId) -> Result<BTreeMap<String, String>> {
    Ok(plans::view(connection, record)?
        .as_ref()
        .map(names)
        .unwrap_or_default())
}

/// What lists call a record, a household's name masked; empty where it is not here.
pub(super) fn shown_name(connection: &Connection, record: RecordId) -> Result<String> {
    let found = records::load(connection, record)?;
    Ok(found
        .map(|found| item::shown_title(found.row.kind, found.row.title))
        .unwrap_or_default())
}

fn text(value: &PlanValue) -> Option<String> {
    match value {
        PlanValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// What a record that another one names is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct NameOf {
    /// The record's kind.
    pub kind: RecordKind,
    /// Its names by language, or its one name under the empty one; a household's masked for those who do not hold a
    /// task of theirs.
    pub names: BTreeMap<String, String>,
}

/// What these records are called, as far as they are here and have names.
pub(super) fn names_of_all(
    connection: &Connection,
    author: &Author,
    records: &BTreeSet<RecordId>,
    is_whole: bool,
) -> Result<BTreeMap<RecordId, NameOf>> {
    let mut named = BTreeMap::new();
    for record in records {
        let Some(kind) = records::kind_of(connection, *record)? else {
            continue;
        };
        let has_a_name = matches!(
            kind,
            RecordKind::Household
                | RecordKind::Camp
                | RecordKind::Place
                | RecordKind::Colleague
                | RecordKind::Carrier
        );
        if !has_a_name {
            continue;
        }
        let mut names = names_of(connection, *record)?;
        if kind == RecordKind::Household && !is_whole {
            names.values_mut().for_each(|name| *name = mask::name(name));
        }
        if !names.is_empty() {
            named.insert(*record, NameOf { kind, names });
        }
    }
    // One's own entry may not be here.
    let own = RecordId::from(author.person);
    if records.contains(&own) && !named.contains_key(&own) {
        let name = identity::identity(connection)?.map(|identity| identity.person.name);
        let names = name.into_iter().map(|name| (String::new(), name)).collect();
        let kind = RecordKind::Colleague;
        named.insert(own, NameOf { kind, names });
    }
    Ok(named)
}
