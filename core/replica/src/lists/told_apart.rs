//! What tells households of one masked name apart: where they stay, and how their number ends.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;

use super::item::{Item, items};
use super::names::names_of;
use crate::error::Result;
use crate::project::{phones, spot};
use crate::replica::Replica;
use crate::store::column::Id;
use crate::store::{links, side_values};

impl Replica {
    /// These items, each household among them with the landmark of its camp, or else with the place that something of
    /// theirs goes to, and with the tail of its number.
    pub(super) fn told_apart(&self, mut items: Vec<Item>) -> Result<Vec<Item>> {
        if !items.iter().any(|item| item.kind == RecordKind::Household) {
            return Ok(items);
        }
        let now_ms = self.moment()?.now_ms;
        self.read(|connection| {
            let households = items.iter_mut().filter(|item| item.kind == RecordKind::Household);
            for item in households {
                item.place_names = whereabouts(connection, item.record, now_ms)?;
                item.phone_tail = phone_tail(connection, item.record)?;
            }
            Ok(items)
        })
    }
}

fn whereabouts(
    connection: &Connection,
    household: RecordId,
    now_ms: i64,
) -> Result<BTreeMap<String, String>> {
    let spots = spot::spots(connection, Some(household), None)?;
    let Some((best, _)) = spot::best(&spots, now_ms) else {
        let theirs = "household = ?1 AND household <> x'' AND place <> x'' ORDER BY phase, id DESC LIMIT 1";
        let last = items(connection, theirs, params![Id::from(household)])?;
        return Ok(last
            .into_iter()
            .map(|item| item.place_names)
            .next()
            .unwrap_or_default());
    };
    if best.landmark.is_empty() {
        return names_of(connection, best.record());
    }
    Ok(BTreeMap::from([(String::new(), best.landmark.clone())]))
}

fn phone_tail(connection: &Connection, household: RecordId) -> Result<String> {
    let family = links::family_facts(connection, household)?;
    let numbers = phones(&family.all, &side_values::of_record(connection, household)?);
    let last = numbers.last().map(|phone| mask::phone(&phone.number));
    Ok(last.unwrap_or_default())
}
