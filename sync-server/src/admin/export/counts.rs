use std::collections::BTreeMap;

use saddlebag_records::fact::{field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::State;

use super::personal::state_of;
use super::{Exported, table};
use crate::admin::record::{Record, each};
use crate::admin::{AdminError, tips, value};
use crate::county::County;

/// The smallest count of people, households, errands or appeals that is shown (PRODUCT.md, privacy rule 10). A cell that is
/// left out may be any less than this: there is no total from which it would follow.
const LEAST: u64 = 5;

/// Statistics: how many of what, by what, in which month of Beijing time. Parcels, places, tips and cases are counted as
/// they are; people, households, errands and appeals in cells of at least 5 (PRODUCT.md, privacy rule 10).
pub fn counts(county: &County) -> Result<Exported, AdminError> {
    let mut told = Told::default();
    county.store().read_blocking(|tx| {
        let read = |kind, take: &mut dyn FnMut(&Record)| {
            each(tx, kind, |row| {
                take(&Record::read(tx, row)?);
                Ok::<_, AdminError>(())
            })
        };
        read(RecordKind::Delivery, &mut |record| {
            told.plain("deliveries", state(record), "", month(record))
        })?;
        read(RecordKind::Pickup, &mut |record| {
            told.plain("pickups", state(record), "", month(record))
        })?;
        read(RecordKind::Place, &mut |record| {
            told.plain("places", coded(record, "kind", "place_kind"), "", "")
        })?;
        read(RecordKind::Case, &mut |record| {
            told.plain("cases", coded(record, "kind", "tip_kind"), "", month(record));
        })?;
        read(RecordKind::Tip, &mut |record| {
            let reported = record.facts.iter().find(|fact| fact.kind == kinds::tip::REPORTED);
            let said = |key| reported.and_then(|fact| fact.body.uint(key));
            let township = said(field::TOWNSHIP)
                .map(|code| code.to_string())
                .unwrap_or_default();
            told.plain(
                "tips",
                said(field::TIP_KIND).map(tips::shown_kind).unwrap_or_default(),
                township,
                month(record),
            );
        })?;
        read(RecordKind::Household, &mut |record| {
            let language = record
                .plan
                .as_ref()
                .and_then(|plan| plan.text("language"))
                .unwrap_or("none");
            told.few("households", language.to_owned(), "");
        })?;
        read(RecordKind::Errand, &mut |record| {
            told.few("errands", state(record), month(record))
        })?;
        read(RecordKind::Appeal, &mut |record| {
            if let State::Appeal(appeal) = &record.status.state {
                let kind = appeal.appeal_kind.map(|kind| tips::shown(kind, "appeal_kind"));
                told.few("appeals", kind.unwrap_or_default(), month(record));
            }
        })?;
        for person in tx.people()?.into_iter().filter(|person| person.active) {
            told.few("people", person.role.name().to_owned(), "");
        }
        Ok::<_, AdminError>(())
    })?;
    told.into_table()
}

#[derive(Default)]
struct Told {
    /// By what is counted, by what, where and when.
    plain: BTreeMap<(&'static str, String, String, String), u64>,
    /// The same of people and what is theirs, without where.
    few: BTreeMap<(&'static str, String, String), u64>,
}

impl Told {
    fn plain(&mut self, what: &'static str, by: String, place: impl Into<String>, month: impl Into<String>) {
        *self
            .plain
            .entry((what, by, place.into(), month.into()))
            .or_default() += 1;
    }

    fn few(&mut self, what: &'static str, by: String, month: impl Into<String>) {
        *self.few.entry((what, by, month.into())).or_default() += 1;
    }

    fn into_table(self) -> Result<Exported, AdminError> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let row = |what: &str, by: &str, place: &str, month: &str, count: u64| {
            [what, by, place, month, &count.to_string()]
                .map(str::to_owned)
                .to_vec()
        };
        for ((what, by, place, month), count) in &self.plain {
            rows.push(row(what, by, place, month, *count));
        }
        for ((what, by, month), count) in self.few.iter().filter(|(_, count)| **count >= LEAST) {
            rows.push(row(what, by, "", month, *count));
        }
        table(&["what", "by", "township", "month", "count"], rows)
    }
}

fn state(record: &Record) -> String {
    state_of(&record.status.state)
}

fn coded(record: &Record, field: &str, list: &str) -> String {
    let code = record.plan.as_ref().and_then(|plan| plan.uint(field));
    code.map(|code| tips::shown(code, list)).unwrap_or_default()
}

/// `2026-11`.
fn month(record: &Record) -> String {
    value::shown_time(record.row.created_ms).chars().take(7).collect()
}
