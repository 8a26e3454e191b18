use std::collections::BTreeMap;

use rusqlite::{Connection, Row as SqlRow, ToSql};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use serde::Serialize;

use crate::error::Result;
use crate::store::column::Id;
use crate::store::records::NO_END_MS;

/// Where a record is, for all that this phone knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// Something of it is on this phone alone: not sent yet, or a fact that the county did not take.
    ThisPhone,
    /// The county has all of it.
    County,
}

impl Whereabouts {
    /// `only_here`: facts and edits that are on this phone alone.
    pub(super) fn of(only_here: u32) -> Self {
        if only_here > 0 {
            Self::ThisPhone
        } else {
            Self::County
        }
    }
}

/// A record as lists show it: names and addresses masked (PRODUCT.md, privacy rule 12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Item {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The name of its state.
    pub status: String,
    /// What it is called; a person's name masked. Of an errand nothing: whose it is says enough in a list.
    pub title: String,
    /// Its address, masked.
    pub address: String,
    /// The household's name, masked.
    pub household_name: String,
    /// The household.
    pub household: Option<RecordId>,
    /// The place's names, by language; a camp's landmark under the empty one.
    pub place_names: BTreeMap<String, String>,
    /// Where it is to go, or where it lies.
    pub place: Option<RecordId>,
    /// Its waybill number.
    pub waybill: Option<String>,
    /// Not before this, UTC milliseconds.
    pub due_from_ms: Option<i64>,
    /// Not after this, UTC milliseconds.
    pub due_until_ms: Option<i64>,
    /// Cash still to be collected, in fen.
    pub cash_fen: i64,
    /// Bits of `delivery_flag`.
    pub flags: u16,
    /// Open discrepancies.
    pub discrepancies: u32,
    /// Where it is.
    pub whereabouts: Whereabouts,
    /// The last digits of a household's number, `****1234`; empty where none is known, and for all else.
    pub phone_tail: String,
}

/// The columns of an [`Item`], all of which the index of the route holds.
pub(super) const COLUMNS: &str =
    "record, kind, status, title, address, household_name, household, place_names, place,
    waybill, due_from_ms, due_until_ms, cash_fen, flags, discrepancies, unsent";

pub(super) fn read(row: &SqlRow<'_>) -> rusqlite::Result<Item> {
    let kind = row.get::<_, u8>(1)?;
    let kind =
        RecordKind::from_number(kind).ok_or(rusqlite::Error::IntegralValueOutOfRange(1, kind.into()))?;
    let title: String = row.get(3)?;
    let place_names = row.get_ref(7)?.as_str().unwrap_or_default();
    let (from, until): (i64, i64) = (row.get(10)?, row.get(11)?);
    let waybill: String = row.get(9)?;
    Ok(Item {
        record: RecordId(row.get(0)?),
        kind,
        status: row.get(2)?,
        title: shown_title(kind, title),
        address: masked(row.get_ref(4)?.as_str().unwrap_or_default(), mask::address),
        household_name: masked(row.get_ref(5)?.as_str().unwrap_or_default(), mask::name),
        household: row.get::<_, Id>(6)?.record(),
        // Names that cannot be read are shown as none.
        place_names: serde_json::from_str(place_names).unwrap_or_default(),
        place: row.get::<_, Id>(8)?.record(),
        waybill: (!waybill.is_empty()).then_some(waybill),
        due_from_ms: (from != 0).then_some(from),
        due_until_ms: (until != NO_END_MS).then_some(until),
        cash_fen: row.get(12)?,
        flags: known_flags(row.get(13)?),
        discrepancies: row.get(14)?,
        whereabouts: Whereabouts::of(row.get(15)?),
        phone_tail: String::new(),
    })
}

/// The bits that this version has names for; a later one may write more.
fn known_flags(flags: i64) -> u16 {
    u16::try_from(flags & i64::from(u16::MAX)).unwrap_or(0)
}

/// What a record is called in a list.
pub(super) fn shown_title(kind: RecordKind, title: String) -> String {
    match kind {
        _ if is_a_persons_name(kind) => mask::name(&title),
        // What somebody needs stands on the errand's own page alone; it is found by it all the same.
        RecordKind::Errand => String::new(),
        _ => title,
    }
}

fn is_a_persons_name(kind: RecordKind) -> bool {
    matches!(
        kind,
        RecordKind::Delivery | RecordKind::Household | RecordKind::Consent
    )
}

fn masked(text: &str, mask: impl Fn(&str) -> String) -> String {
    if text.is_empty() {
        String::new()
    } else {
        mask(text)
    }
}

/// The items that this condition finds.
pub(super) fn items(
    connection: &Connection,
    condition: &str,
    parameters: &[&dyn ToSql],
) -> Result<Vec<Item>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM records WHERE {condition}"))?;
    let items = statement.query_map(parameters, read)?;
    Ok(items.collect::<rusqlite::Result<_>>()?)
}
