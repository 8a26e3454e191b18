//! 随手拍: what couriers reported, for triage.

use saddlebag_records::codes::CodeList;
use saddlebag_records::fact::{Body, SideName, field, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{Phase, State, tip};
use serde::Serialize;

use super::record::{Record, each};
use super::{AdminError, find, looking, names, show, value};
use crate::act::{Act, Draft, Part};
use crate::county::County;
use crate::store::{Person, ReadTx, StoreError};

/// A tip as triage sees it: nothing of it names its reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The tip.
    pub tip: RecordId,
    /// When the county got it, UTC milliseconds.
    pub received_ms: i64,
    /// What it is about.
    pub kind: String,
    /// The place that it names.
    pub place: Option<RecordId>,
    /// That place's name.
    pub place_name: Option<String>,
    /// Latitude and longitude in degrees, as coarse as its kind asks for.
    pub position: Option<String>,
    /// How far off that may be by its receiver, in metres.
    pub accuracy_m: Option<u16>,
    /// The township, by its code.
    pub township: Option<u64>,
    /// What its reporter wrote, last first.
    pub texts: Vec<String>,
    /// How far it is.
    #[serde(flatten)]
    pub state: tip::State,
}

/// The tips that wait for triage, oldest first; with `all` those that were answered too.
pub fn list(county: &County, person: &Person, all: bool) -> Result<Vec<Listed>, AdminError> {
    looking::sees_all(person, RecordKind::Tip)?;
    county.store().read_blocking(|tx| {
        let mut tips = Vec::new();
        each(tx, RecordKind::Tip, |row| {
            let record = Record::read(tx, row)?;
            if all || record.status.phase != Phase::Ended {
                tips.push(listed(tx, &record)?);
            }
            Ok::<_, AdminError>(())
        })?;
        tips.sort_by_key(|tip| (tip.received_ms, tip.tip));
        Ok(tips)
    })
}

fn listed(tx: &dyn ReadTx, record: &Record) -> Result<Listed, StoreError> {
    let reported = record.facts.iter().find(|fact| fact.kind == kinds::tip::REPORTED);
    let said = |key| reported.and_then(|fact| fact.body.uint(key));
    let texts = record
        .facts
        .iter()
        .rev()
        .filter_map(|fact| fact.body.text(field::TEXT));
    let place = reported.and_then(|fact| fact.body.record(field::PLACE));
    let sides = tx.sides(record.row.id)?;
    let of_report = sides.iter().filter(|side| {
        side.key.name == SideName::Position as u8 && reported.is_some_and(|fact| fact.id == side.key.fact)
    });
    let position = of_report.filter_map(|side| show::found(&side.value)).next_back();
    Ok(Listed {
        tip: record.row.id,
        received_ms: record.row.created_ms,
        kind: said(field::TIP_KIND).map_or_else(String::new, shown_kind),
        place,
        place_name: names::place(tx, place)?,
        position: position.map(|(position, _)| value::shown_position(position)),
        accuracy_m: position.map(|(_, metres)| metres),
        township: said(field::TOWNSHIP),
        texts: texts.map(str::to_owned).collect(),
        state: match record.status.state {
            State::Tip(state) => state,
            _ => tip::State::Planned,
        },
    })
}

pub(super) fn shown_kind(code: u64) -> String {
    shown(code, "tip_kind")
}

pub(super) fn shown(code: u64, list: &str) -> String {
    let list = CodeList::get(list);
    list.map_or_else(
        || code.to_string(),
        |list| list.shown(u16::try_from(code).unwrap_or(u16::MAX)),
    )
}

/// Answers a tip. Its reporter reads it.
pub fn answer(
    county: &County,
    by: &Person,
    tip: &str,
    answer: &str,
    case: Option<&str>,
) -> Result<RecordId, AdminError> {
    let (tip, case) = county.store().read_blocking(|tx| {
        let case = case
            .map(|case| find::of_kind(county, tx, RecordKind::Case, case))
            .transpose()?;
        Ok::<_, AdminError>((
            find::of_kind(county, tx, RecordKind::Tip, tip)?.id,
            case.map(|case| case.id),
        ))
    })?;
    county.act(
        by.id,
        Act {
            parts: vec![answered(tip, answer, case)],
        },
    )?;
    Ok(tip)
}

pub(super) fn answered(tip: RecordId, answer: &str, case: Option<RecordId>) -> Part {
    let mut body = Body::new().with(field::ANSWER, answer);
    if let Some(case) = case {
        body = body.with(field::CASE, case);
    }
    let facts = vec![Draft::new(kinds::tip::ANSWERED, body)];
    Part {
        record: tip,
        kind: RecordKind::Tip,
        facts,
        edits: Vec::new(),
    }
}
