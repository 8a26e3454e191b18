//! What was handed to a colleague who has not taken it over yet.

use rusqlite::Connection;
use saddlebag_records::id::{PersonId, RecordId};
use serde::Serialize;

use super::item::{self, Item};
use super::names;
use crate::error::Result;
use crate::store::column::Id;

/// A parcel that was handed to a colleague. Whoever handed it over answers for it until they take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HandedOver {
    /// The delivery, masked.
    #[serde(flatten)]
    pub item: Item,
    /// To whom.
    pub to: PersonId,
    /// Their name; empty where it is not known here.
    pub to_name: String,
}

/// Those that wait to be taken over, the longest waiting first.
pub(super) fn handed_over(connection: &Connection) -> Result<Vec<HandedOver>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {}, handed_to FROM records WHERE on_route > 0 AND on_route = 4 ORDER BY touched_ms, id",
        item::COLUMNS
    ))?;
    let mut rows = statement.query([])?;
    let mut waiting = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(to) = row.get::<_, Id>(16)?.person() else {
            continue;
        };
        waiting.push(HandedOver {
            item: item::read(row)?,
            to,
            to_name: names::shown_name(connection, RecordId::from(to))?,
        });
    }
    Ok(waiting)
}
