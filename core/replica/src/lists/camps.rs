use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use saddlebag_records::position::Position;
use serde::Serialize;

use crate::error::Result;
use crate::replica::Replica;
use crate::store::{plans, records};

/// Where a household stays, and how to find it without a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct CampEntry {
    /// The camp.
    pub record: RecordId,
    /// Whose.
    pub household: Option<RecordId>,
    /// Their name, masked.
    pub household_name: String,
    /// The name of its state.
    pub status: String,
    /// A code of `season`.
    pub season: Option<u64>,
    /// From when, UTC milliseconds.
    pub valid_from_ms: Option<i64>,
    /// Until when, UTC milliseconds.
    pub valid_until_ms: Option<i64>,
    /// Where.
    pub position: Option<Position>,
    /// What one sees from afar.
    pub landmark: String,
    /// How to get there.
    pub directions: String,
}

impl Replica {
    /// The camps that this phone knows, by their landmarks.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn camps(&self) -> Result<Vec<CampEntry>> {
        self.read(|connection| {
            let mut camps = Vec::new();
            for record in records::of_kind(connection, RecordKind::Camp)? {
                camps.extend(camp(connection, record)?);
            }
            camps.sort_by(|a, b| a.landmark.cmp(&b.landmark).then(a.record.cmp(&b.record)));
            Ok(camps)
        })
    }
}

/// A camp as lists show it, if it is here.
pub(super) fn camp(connection: &Connection, record: RecordId) -> Result<Option<CampEntry>> {
    let Some(found) = records::load(connection, record)? else {
        return Ok(None);
    };
    let plan = plans::view(connection, record)?;
    let plan = plan.as_ref();
    let text = |name| {
        plan.and_then(|plan| plan.text(name))
            .unwrap_or_default()
            .to_owned()
    };
    let household_name = found.row.household_name;
    Ok(Some(CampEntry {
        record,
        household: found.row.household,
        household_name: if household_name.is_empty() {
            household_name
        } else {
            mask::name(&household_name)
        },
        status: found.row.status,
        season: plan.and_then(|plan| plan.uint("season")),
        valid_from_ms: plan.and_then(|plan| plan.int("valid_from_ms")),
        valid_until_ms: plan.and_then(|plan| plan.int("valid_until_ms")),
        position: plan.and_then(|plan| plan.position("position")),
        landmark: text("landmark"),
        directions: text("directions"),
    }))
}
