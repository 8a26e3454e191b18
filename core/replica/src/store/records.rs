//! The rows that screens read, one a record.

use std::collections::BTreeSet;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params, params_from_iter};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::Phase;

use super::column::Id;
use crate::error::Result;

/// A time that no window ends at.
pub(crate) const NO_END_MS: i64 = i64::MAX;
/// The place on the route of what nobody has put in order.
pub(crate) const UNORDERED: i64 = i64::MAX;

/// Why a record is on the route. The number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum OnRoute {
    /// It is not.
    No = 0,
    /// To carry or to visit.
    Mine = 1,
    /// It waits at a drop point, to be fetched when the keeping days are over.
    AtDropPoint = 2,
    /// A case to be followed up by whoever passes.
    FollowUp = 3,
    /// Not to be ridden any more: it was handed to a colleague, who has not taken it over yet.
    HandedOver = 4,
}

/// What screens read of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) kind: RecordKind,
    /// The state's name.
    pub(crate) status: String,
    pub(crate) phase: Phase,
    pub(crate) on_route: OnRoute,
    pub(crate) route_order: i64,
    pub(crate) due_from_ms: i64,
    pub(crate) due_until_ms: i64,
    pub(crate) place: Option<RecordId>,
    /// The place's names by language, in JSON.
    pub(crate) place_names: String,
    pub(crate) household: Option<RecordId>,
    pub(crate) household_name: String,
    pub(crate) title: String,
    pub(crate) address: String,
    pub(crate) waybill: String,
    pub(crate) generation: u32,
    pub(crate) assignee: Option<PersonId>,
    pub(crate) in_my_bag: bool,
    pub(crate) cash_fen: i64,
    pub(crate) flags: i64,
    pub(crate) unsent: u32,
    pub(crate) discrepancies: u32,
    pub(crate) moves_cash: bool,
    pub(crate) granted: bool,
    pub(crate) touched_ms: i64,
    pub(crate) searched: [u8; 8],
    /// The language of the household.
    pub(crate) language: String,
    /// Where it may be found (project::spot); empty until somebody looked.
    pub(crate) found_at: Vec<u8>,
    /// Since when something cold is under way; 0 for what is not.
    pub(crate) cold_since_ms: i64,
    /// When this person did what there was to do; 0 where they did not.
    pub(crate) done_by_me_ms: i64,
    /// To whom this person handed it; none once it has moved since.
    pub(crate) handed_to: Option<PersonId>,
    /// Where it lies by its facts; none where somebody has it.
    pub(crate) lies_at: Option<RecordId>,
    /// Since when it lies at that station; 0 where nobody brought it to one.
    pub(crate) lies_since_ms: i64,
}

impl Row {
    /// The row of a record of which nothing is known yet.
    pub(crate) fn new(kind: RecordKind, granted: bool) -> Self {
        Self {
            kind,
            status: String::new(),
            phase: Phase::Open,
            on_route: OnRoute::No,
            route_order: UNORDERED,
            due_from_ms: 0,
            due_until_ms: NO_END_MS,
            place: None,
            place_names: String::new(),
            household: None,
            household_name: String::new(),
            title: String::new(),
            address: String::new(),
            waybill: String::new(),
            generation: 0,
            assignee: None,
            in_my_bag: false,
            cash_fen: 0,
            flags: 0,
            unsent: 0,
            discrepancies: 0,
            moves_cash: false,
            granted,
            touched_ms: 0,
            searched: [0; 8],
            language: String::new(),
            found_at: Vec::new(),
            cold_since_ms: 0,
            done_by_me_ms: 0,
            handed_to: None,
            lies_at: None,
            lies_since_ms: 0,
        }
    }

    /// The household to which one goes for it: to none for what waits at a drop point, and for what was collected from
    /// them already.
    pub(crate) fn household_to_go_to(&self) -> Option<RecordId> {
        let goes_to_place = self.on_route == OnRoute::AtDropPoint || is_under_way(self.kind, &self.status);
        self.household.filter(|_| !goes_to_place)
    }

    /// Its columns and what stands in them, in the order of [`COLUMNS`].
    fn columns(&self) -> [(&'static str, Value); 32] {
        let id = |id: Option<[u8; 16]>| Value::Blob(id.map(Vec::from).unwrap_or_default());
        let text = |text: &String| Value::Text(text.clone());
        let number = |number: u32| Value::Integer(number.into());
        [
            ("kind", Value::Integer((self.kind as u8).into())),
            ("status", text(&self.status)),
            ("phase", Value::Integer(phase_number(self.phase))),
            ("on_route", Value::Integer((self.on_route as u8).into())),
            ("route_order", Value::Integer(self.route_order)),
            ("due_from_ms", Value::Integer(self.due_from_ms)),
            ("due_until_ms", Value::Integer(self.due_until_ms)),
            ("place", id(self.place.map(|place| place.0))),
            ("place_names", text(&self.place_names)),
            ("household", id(self.household.map(|household| household.0))),
            ("household_name", text(&self.household_name)),
            ("title", text(&self.title)),
            ("address", text(&self.address)),
            ("waybill", text(&self.waybill)),
            ("generation", number(self.generation)),
            ("assignee", id(self.assignee.map(|assignee| assignee.0))),
            ("in_my_bag", Value::Integer(self.in_my_bag.into())),
            ("cash_fen", Value::Integer(self.cash_fen)),
            ("flags", Value::Integer(self.flags)),
            ("unsent", number(self.unsent)),
            ("discrepancies", number(self.discrepancies)),
            ("moves_cash", Value::Integer(self.moves_cash.into())),
            ("granted", Value::Integer(self.granted.into())),
            ("touched_ms", Value::Integer(self.touched_ms)),
            ("searched", Value::Blob(self.searched.to_vec())),
            ("language", text(&self.language)),
            ("found_at", Value::Blob(self.found_at.clone())),
            ("cold_since_ms", Value::Integer(self.cold_since_ms)),
            ("done_by_me_ms", Value::Integer(self.done_by_me_ms)),
            ("handed_to", id(self.handed_to.map(|person| person.0))),
            ("lies_at", id(self.lies_at.map(|place| place.0))),
            ("lies_since_ms", Value::Integer(self.lies_since_ms)),
        ]
    }
}

/// Whether it is a pickup that somebody has collected.
pub(crate) fn is_under_way(kind: RecordKind, status: &str) -> bool {
    kind == RecordKind::Pickup && status != "planned"
}

/// A row and its number.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    pub(crate) id: i64,
    pub(crate) row: Row,
}

const COLUMNS: &str = "kind, status, phase, on_route, route_order, due_from_ms, due_until_ms, place, place_names,
    household, household_name, title, address, waybill, generation, assignee, in_my_bag, cash_fen, flags, unsent,
    discrepancies, moves_cash, granted, touched_ms, searched, language, found_at, cold_since_ms, done_by_me_ms,
    handed_to, lies_at, lies_since_ms";

/// The record's row.
pub(crate) fn load(connection: &Connection, record: RecordId) -> Result<Option<Numbered>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS}, id FROM records WHERE record = ?1"))?;
    let row = statement.query_row([record.0], |row| {
        Ok(Numbered {
            row: read(row)?,
            id: row.get(32)?,
        })
    });
    Ok(row.optional()?)
}

pub(crate) fn read(row: &SqlRow<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        kind: row.get::<_, Kind>(0)?.0,
        status: row.get(1)?,
        phase: row.get::<_, StoredPhase>(2)?.0,
        on_route: row.get(3)?,
        route_order: row.get(4)?,
        due_from_ms: row.get(5)?,
        due_until_ms: row.get(6)?,
        place: row.get::<_, Id>(7)?.record(),
        place_names: row.get(8)?,
        household: row.get::<_, Id>(9)?.record(),
        household_name: row.get(10)?,
        title: row.get(11)?,
        address: row.get(12)?,
        waybill: row.get(13)?,
        generation: row.get(14)?,
        assignee: row.get::<_, Id>(15)?.person(),
        in_my_bag: row.get(16)?,
        cash_fen: row.get(17)?,
        flags: row.get(18)?,
        unsent: row.get(19)?,
        discrepancies: row.get(20)?,
        moves_cash: row.get(21)?,
        granted: row.get(22)?,
        touched_ms: row.get(23)?,
        searched: row.get(24)?,
        language: row.get(25)?,
        found_at: row.get(26)?,
        cold_since_ms: row.get(27)?,
        done_by_me_ms: row.get(28)?,
        handed_to: row.get::<_, Id>(29)?.person(),
        lies_at: row.get::<_, Id>(30)?.record(),
        lies_since_ms: row.get(31)?,
    })
}

/// Adds the row of a record that is not here yet; one that is here becomes granted, if it is now.
pub(crate) fn begin(
    connection: &Connection,
    record: RecordId,
    kind: RecordKind,
    granted: bool,
) -> Result<()> {
    match load(connection, record)? {
        Some(present) if granted && !present.row.granted => {
            let mut grant = connection.prepare_cached("UPDATE records SET granted = 1 WHERE record = ?1")?;
            grant.execute([record.0])?;
        }
        Some(_) => {}
        None => insert(connection, record, &Row::new(kind, granted))?,
    }
    Ok(())
}

fn insert(connection: &Connection, record: RecordId, row: &Row) -> Result<()> {
    let columns = row.columns();
    let marks = vec!["?"; columns.len() + 1].join(", ");
    let mut statement = connection.prepare_cached(&format!(
        "INSERT INTO records ({COLUMNS}, record) VALUES ({marks})"
    ))?;
    let record = Value::Blob(record.0.to_vec());
    statement.execute(params_from_iter(
        columns.into_iter().map(|(_, value)| value).chain([record]),
    ))?;
    Ok(())
}

/// Stores a row in the place of another. Only what differs is named: SQLite writes an index anew whenever one of its
/// columns is named in an update, and a fact usually changes few of them.
pub(crate) fn update(connection: &Connection, id: i64, old: &Row, new: &Row) -> Result<()> {
    let differs = new
        .columns()
        .into_iter()
        .zip(old.columns())
        .filter(|(new, old)| new != old);
    let (names, values): (Vec<&str>, Vec<Value>) = differs.map(|(new, _)| new).unzip();
    if names.is_empty() {
        return Ok(());
    }
    let mut statement = connection.prepare_cached(&format!(
        "UPDATE records SET {} = ? WHERE id = ?",
        names.join(" = ?, ")
    ))?;
    statement.execute(params_from_iter(values.into_iter().chain([Value::Integer(id)])))?;
    Ok(())
}

/// The records whose rows show something of this place, camp or household.
pub(crate) fn that_show(connection: &Connection, record: RecordId) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare_cached(
        "SELECT record FROM records WHERE household = ?1 AND household <> x''
         UNION SELECT record FROM records WHERE place = ?1 AND place <> x''",
    )?;
    let records = statement.query_map([record.0], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// Those of a household that are on the route.
pub(crate) fn on_route_of(connection: &Connection, household: RecordId) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare_cached(
        "SELECT record FROM records WHERE household = ?1 AND household <> x'' AND on_route > 0",
    )?;
    let records = statement.query_map([household.0], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// Those whose rows an earlier version of the app made.
pub(crate) fn made_before(connection: &Connection) -> Result<BTreeSet<RecordId>> {
    let mut statement = connection.prepare("SELECT record FROM made_before")?;
    let records = statement.query_map([], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// Has every row made anew when the store is opened, names and words of others in it too. Whoever has something of
/// somebody else in a record was given it.
pub(crate) fn to_be_made_anew(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "UPDATE records SET place_names = '', household_name = '', found_at = x'', searched = zeroblob(8);
         UPDATE records SET granted = 1 WHERE granted = 0 AND record IN (
            SELECT record FROM facts WHERE state = 3 AND chain_below = x''
                AND device NOT IN (SELECT number FROM one_time_numbers)
            UNION SELECT record FROM plan_changes WHERE actor NOT IN (SELECT actor FROM actors));
         INSERT OR IGNORE INTO made_before SELECT record FROM records;",
    )?;
    Ok(())
}

/// All rows were made by this version.
pub(crate) fn all_made_anew(connection: &Connection) -> Result<()> {
    connection.execute("DELETE FROM made_before", [])?;
    Ok(())
}

/// The kind of a record that is here.
pub(crate) fn kind_of(connection: &Connection, record: RecordId) -> Result<Option<RecordKind>> {
    let mut statement = connection.prepare_cached("SELECT kind FROM records WHERE record = ?1")?;
    Ok(statement
        .query_row([record.0], |row| row.get::<_, Kind>(0))
        .optional()?
        .map(|kind| kind.0))
}

/// The records of a kind.
pub(crate) fn of_kind(connection: &Connection, kind: RecordKind) -> Result<Vec<RecordId>> {
    let mut statement = connection.prepare_cached("SELECT record FROM records WHERE kind = ?1")?;
    let records = statement.query_map([kind as u8], |row| row.get(0).map(RecordId))?;
    Ok(records.collect::<rusqlite::Result<_>>()?)
}

/// The delivery under this waybill number with the highest generation that is here.
pub(crate) fn by_waybill(connection: &Connection, waybill: &str) -> Result<Option<(RecordId, u32)>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, generation FROM records WHERE waybill = ?1 AND waybill <> '' AND kind = ?2
         ORDER BY generation DESC LIMIT 1",
    )?;
    let found = statement.query_row(params![waybill, RecordKind::Delivery as u8], |row| {
        Ok((RecordId(row.get(0)?), row.get(1)?))
    });
    Ok(found.optional()?)
}

/// Takes a record's row away, with its words in search.
pub(crate) fn remove(connection: &Connection, record: RecordId) -> Result<()> {
    if let Some(Numbered { id, .. }) = load(connection, record)? {
        super::search::remove(connection, id)?;
        connection
            .prepare_cached("DELETE FROM records WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(())
}

struct Kind(RecordKind);

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let kind = u8::try_from(number).ok().and_then(RecordKind::from_number);
        kind.map(Self).ok_or(FromSqlError::OutOfRange(number))
    }
}

fn phase_number(phase: Phase) -> i64 {
    match phase {
        Phase::Open => 0,
        Phase::Waiting => 1,
        Phase::Ended => 2,
    }
}

struct StoredPhase(Phase);

impl FromSql for StoredPhase {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self(Phase::Open)),
            1 => Ok(Self(Phase::Waiting)),
            2 => Ok(Self(Phase::Ended)),
            number => Err(FromSqlError::OutOfRange(number)),
        }
    }
}

impl FromSql for OnRoute {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self::No),
            1 => Ok(Self::Mine),
            2 => Ok(Self::AtDropPoint),
            3 => Ok(Self::FollowUp),
            4 => Ok(Self::HandedOver),
            number => Err(FromSqlError::OutOfRange(number)),
        }
    }
}
