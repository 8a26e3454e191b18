use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use saddlebag_protocol::sealed_words;
use saddlebag_records::access::Role;
use saddlebag_records::cbor::Value;
use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{Fact, FactKind, Field, FieldType, SideName, SideValue, field, fields};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_records::status::{Holder, Phase, Status};
use serde::Serialize;

use super::item::Whereabouts;
use super::names::{NameOf, names_of_all};
use crate::error::{Error, Result};
use crate::project::{Known, Phone, Reader};
use crate::replica::Replica;
use crate::store::answer_keys;
use crate::store::column::{Id, count, signed};
use crate::store::facts::StoredFact;
use crate::store::identity::{self, Author};
use crate::store::records::{self, Numbered, OnRoute, Row};
use crate::store::state::State;

/// All that this phone knows of one record.
#[derive(Clone, Debug, Serialize, specta::Type)]
pub struct RecordPage {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// What it is, with its notices and open discrepancies.
    pub status: Status,
    /// What ought to happen, and where people wrote different things apart.
    pub plan: Option<PlanView>,
    /// What happened, by best time.
    pub facts: Vec<FactLine>,
    /// Phone numbers that are not known to be wrong; empty where names are masked.
    pub phones: Vec<Phone>,
    /// Whether names, phones and addresses are whole: for the holder of the record's current task.
    pub is_whole: bool,
    /// What the people, places, households and carriers are called that its plan and its facts name.
    pub names: BTreeMap<RecordId, NameOf>,
    /// Where it is.
    pub whereabouts: Whereabouts,
    /// Whether this person has it with them.
    pub in_my_bag: bool,
    /// Whether the county gave it to this person; if not, this is what this phone wrote itself.
    pub is_granted: bool,
}

/// One fact, ready for words: screens translate its kind and its codes.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct FactLine {
    /// Its name.
    pub fact: FactId,
    /// Its kind.
    pub kind: FactKind,
    /// When, UTC milliseconds, as well as its writer's phone knew.
    pub at_ms: i64,
    /// Whether that was the county's or a satellite's time; if not, screens say "about".
    pub time_is_sure: bool,
    /// Who wrote it, if that is known.
    pub by: Option<PersonId>,
    /// Whether this phone wrote it.
    pub is_own: bool,
    /// Its fields by name.
    pub fields: BTreeMap<String, FieldValue>,
    /// Sealed words that this phone can open: a liaison's answer to an appeal that was raised on it.
    pub words: Option<String>,
    /// Names of its side values here.
    pub side: Vec<SideName>,
    /// Whether another fact voids it.
    pub is_voided: bool,
    /// Whether a newer version wrote it: it is kept, carried and not understood.
    pub is_newer: bool,
    /// How far it has come.
    pub state: State,
    /// Why the county holds or refused it, as a stable code.
    pub verdict: Option<String>,
}

/// What a field of a fact says.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
#[serde(untagged)]
pub enum FieldValue {
    /// An integer in the unit of its field.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// A text; or the few bytes that name something, such as an item, in hexadecimal.
    Text(String),
    /// An entry of a code list.
    Code(Named),
    /// A record or a party.
    Record(RecordId),
    /// A fact.
    Fact(FactId),
    /// Facts.
    Facts(Vec<FactId>),
    /// Sealed bytes, and what no version here knows, shown as their number alone.
    Bytes {
        /// How many.
        bytes: usize,
    },
}

/// An entry of a code list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Named {
    /// The list.
    pub list: String,
    /// The code.
    pub code: u16,
    /// Its name; none for one that is newer than this app.
    pub name: Option<String>,
}

impl Replica {
    /// Everything about one record.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`].
    pub fn show(&self, record: RecordId) -> Result<RecordPage> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            let Numbered { row, .. } =
                records::load(connection, record)?.ok_or(Error::UnknownRecord(record))?;
            let reader = Reader::of(&author);
            let mut known = Known::load(connection, &reader, record, row.kind)?;
            let is_whole = is_for_their_eyes(connection, &author, &known, &row)?;
            let mut facts = Vec::with_capacity(known.stored.len());
            for stored in &known.stored {
                facts.push(line(connection, &known, stored)?);
            }
            facts.sort_by_key(|line| (line.at_ms, line.fact));
            let names = names_of_all(connection, &author, &named(&known, &facts), is_whole)?;
            let phones = if is_whole { known.phones() } else { Vec::new() };
            if let Some(plan) = known.plan.as_mut().filter(|_| !is_whole) {
                mask_plan(plan);
            }
            if !is_whole {
                facts.iter_mut().for_each(mask_fact);
            }
            Ok(RecordPage {
                record,
                kind: row.kind,
                status: known.status,
                plan: known.plan,
                facts,
                phones,
                names,
                is_whole,
                whereabouts: Whereabouts::of(row.unsent),
                in_my_bag: row.in_my_bag,
                is_granted: row.granted,
            })
        })
    }

    /// The side values of a record, as they are.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`].
    pub fn side_values(&self, record: RecordId) -> Result<Vec<SideValue>> {
        self.read(|connection| {
            records::kind_of(connection, record)?.ok_or(Error::UnknownRecord(record))?;
            crate::store::side_values::of_record(connection, record)
        })
    }
}

/// Whether this person holds the record's current task, and so sees it whole (PRODUCT.md, privacy rule 12).
pub(super) fn is_for_their_eyes(
    connection: &Connection,
    author: &Author,
    known: &Known,
    row: &Row,
) -> Result<bool> {
    let wrote_all = || {
        let mut authors = known
            .stored
            .iter()
            .map(|stored| known.authors.person(stored.fact.id.device));
        let is_theirs = !known.stored.is_empty() && authors.all(|person| person == Some(author.person));
        is_theirs || !row.granted
    };
    Ok(match row.kind {
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand => {
            let lies_here =
                |holder: &Holder| matches!(holder, Holder::Place(place) if Some(*place) == author.station);
            let is_on_route = matches!(row.on_route, OnRoute::Mine | OnRoute::HandedOver);
            let theirs = is_on_route || known.status.holders.iter().any(lies_here);
            theirs && row.phase != Phase::Ended
        }
        RecordKind::Household => wrote_all() || is_on_their_way(connection, author, known.record)?,
        RecordKind::Consent | RecordKind::Camp => {
            let of = row
                .household
                .map(|household| is_on_their_way(connection, author, household))
                .transpose()?;
            wrote_all() || of == Some(true)
        }
        _ => true,
    })
}

/// Whether something that this person has to do names the household: on their route, or, for a clerk, at their counter.
fn is_on_their_way(connection: &Connection, author: &Author, household: RecordId) -> Result<bool> {
    let counter = author.station.filter(|_| author.role == Some(Role::Clerk));
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM records WHERE household = ?1 AND household <> x''
            AND (on_route IN (1, 4) OR (lies_at = ?2 AND lies_at <> x'' AND phase < 2))",
    )?;
    let counter = counter.map_or_else(Vec::new, |station| station.0.to_vec());
    Ok(statement.exists(params![Id::from(household), counter])?)
}

/// The field of a plan in which people write in their own words.
const NOTES: &str = "notes";

/// The records that its plan and its facts name, and who wrote them.
fn named(known: &Known, facts: &[FactLine]) -> BTreeSet<RecordId> {
    let by = facts.iter().filter_map(|line| line.by).map(RecordId::from);
    let fields = facts.iter().flat_map(|line| line.fields.values());
    let in_facts = fields.filter_map(|field| match field {
        FieldValue::Record(record) => Some(*record),
        _ => None,
    });
    let fields = known.plan.iter().flat_map(|plan| plan.fields.values());
    let in_plan = fields.filter_map(|value| match value {
        PlanValue::Record(record) => Some(*record),
        PlanValue::Person(person) => Some(RecordId::from(*person)),
        _ => None,
    });
    let handed_to = known
        .status
        .handings
        .iter()
        .map(|handing| RecordId::from(handing.to));
    by.chain(in_facts).chain(in_plan).chain(handed_to).collect()
}

fn mask_plan(plan: &mut PlanView) {
    // What people wrote in their own words may name anybody.
    plan.fields.remove(NOTES);
    plan.conflicts.retain(|conflict| conflict.at.field != NOTES);
    let masked = |field: &str, value: &mut PlanValue| {
        if let PlanValue::Text(text) = value {
            match field {
                "name" | "proxy" => *text = mask::name(text),
                "address" | "destination" => *text = mask::address(text),
                _ => {}
            }
        }
    };
    plan.fields
        .iter_mut()
        .for_each(|(field, value)| masked(field, value));
    for conflict in &mut plan.conflicts {
        conflict
            .values
            .iter_mut()
            .for_each(|written| masked(&conflict.at.field, &mut written.value));
    }
}

/// Who received it reads as names do, and what others wrote in their own words, which may name anybody, is left out.
fn mask_fact(line: &mut FactLine) {
    if !line.is_own {
        line.fields.remove("note");
    }
    if let Some(FieldValue::Text(receiver)) = line.fields.get_mut("receiver") {
        *receiver = mask::name(receiver);
    }
}

fn line(connection: &Connection, known: &Known, stored: &StoredFact) -> Result<FactLine> {
    let fact = &stored.fact;
    let counted = known.counted();
    let side = known
        .side
        .iter()
        .filter(|side| side.fact == fact.id)
        .map(|side| side.name)
        .collect();
    Ok(FactLine {
        fact: fact.id,
        kind: fact.kind,
        at_ms: fact.stamp.hlc_ms,
        time_is_sure: fact.stamp.source.is_sure(),
        by: known.authors.person(fact.id.device),
        is_own: identity::is_own(connection, fact.id.device)?,
        fields: field_values(fact),
        words: opened(connection, fact)?,
        side,
        is_voided: fact.kind.is_known() && !counted.facts().any(|other| other.id == counted.name(fact.id)),
        is_newer: !fact.kind.is_known() || fact.version > 1,
        state: stored.state,
        verdict: verdict(connection, fact.id)?,
    })
}

/// The sealed words of a fact, where the key to them is here.
fn opened(connection: &Connection, fact: &Fact) -> Result<Option<String>> {
    let Some(sealed) = fact.body.bytes(field::SEALED) else {
        return Ok(None);
    };
    let secret = answer_keys::of(connection, fact.record)?;
    Ok(secret.and_then(|secret| sealed_words::open(&secret, &fact.record.0, sealed)))
}

fn verdict(connection: &Connection, fact: FactId) -> Result<Option<String>> {
    let mut statement =
        connection.prepare_cached("SELECT code FROM fact_verdicts WHERE device = ?1 AND n = ?2")?;
    let mut rows = statement.query(params![signed(fact.device), count(fact.n)])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

fn field_values(fact: &Fact) -> BTreeMap<String, FieldValue> {
    let named = |(key, value): (u64, &Value)| match fields().iter().find(|field| field.key == key) {
        Some(field) => (field.name.clone(), field_value(field, value)),
        None => (key.to_string(), plain(value)),
    };
    fact.body.iter().map(named).collect()
}

fn field_value(field: &Field, value: &Value) -> FieldValue {
    match (&field.holds, value) {
        (FieldType::Code(list), value) => match value.as_uint().and_then(|code| u16::try_from(code).ok()) {
            Some(code) => {
                let name = CodeList::get(list)
                    .and_then(|list| list.name(code))
                    .map(str::to_owned);
                FieldValue::Code(Named {
                    list: list.clone(),
                    code,
                    name,
                })
            }
            None => plain(value),
        },
        (FieldType::Party | FieldType::Record, Value::Bytes(bytes)) => {
            RecordId::from_slice(bytes).map_or_else(|_| plain(value), FieldValue::Record)
        }
        (FieldType::Bytes(_), Value::Bytes(bytes)) => FieldValue::Text(hex::encode(bytes)),
        (FieldType::Fact, value) => fact_id(value).map_or_else(|| plain(value), FieldValue::Fact),
        (FieldType::Facts, Value::Array(items)) => {
            let facts: Option<Vec<FactId>> = items.iter().map(fact_id).collect();
            facts.map_or_else(|| plain(value), FieldValue::Facts)
        }
        _ => plain(value),
    }
}

fn fact_id(value: &Value) -> Option<FactId> {
    match value.as_array()? {
        [device, n] => Some(FactId::new(DeviceNumber(device.as_uint()?), n.as_uint()?)),
        _ => None,
    }
}

fn plain(value: &Value) -> FieldValue {
    match value {
        Value::Int(number) => FieldValue::Number(*number),
        Value::Bool(flag) => FieldValue::Flag(*flag),
        Value::Text(text) => FieldValue::Text(text.clone()),
        Value::Bytes(bytes) => FieldValue::Bytes { bytes: bytes.len() },
        other => FieldValue::Bytes {
            bytes: other.encode().len(),
        },
    }
}
