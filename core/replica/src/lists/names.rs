//! What records are called, by language; what has one name alone, such as a person, under the empty one.

use std::collections::BTreeMap;

use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::plan::{PlanValue, PlanView};

use crate::error::Result;
use crate::store::plans;

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

fn text(value: &PlanValue) -> Option<String> {
    match value {
        PlanValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}
