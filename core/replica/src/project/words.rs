//! The words of a row: what a record is called, and what it is found by.

use std::collections::BTreeMap;

use saddlebag_records::codes::{CodeList, delivery_flag};
use saddlebag_records::fact::{Fact, SideName, field, kinds};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_records::status::Status;

use super::Known;
use crate::store::records::{NO_END_MS, Row, UNORDERED};

/// The language whose name stands where one name alone has room.
const FIRST_LANGUAGE: &str = "zh-Hans";

/// The name of the state, as the status tells it in JSON.
pub(super) fn state_name(status: &Status) -> String {
    let state = serde_json::to_value(&status.state).ok();
    let name = state.as_ref().and_then(|state| state.get("state")?.as_str());
    name.unwrap_or_default().to_owned()
}

/// What a plan says of a row. Fields are those of `codes/plans.toml`; a kind without one leaves the row as it is.
pub(super) fn from_plan(row: &mut Row, plan: &PlanView) {
    let text = |name| plan.text(name).unwrap_or_default().to_owned();
    row.place = plan.record("place");
    row.household = plan.record("household").or(plan.record("asked_by"));
    row.assignee = plan.person("assignee").or(plan.person("courier"));
    row.route_order = plan.int("order").unwrap_or(UNORDERED);
    row.due_from_ms = plan.int("due_from_ms").unwrap_or(0);
    row.due_until_ms = plan
        .int("due_until_ms")
        .or(plan.int("due_ms"))
        .unwrap_or(NO_END_MS);
    row.cash_fen = plan.int("cash_fen").unwrap_or(0);
    row.flags = plan.int("flags").unwrap_or(0);
    if row.kind == RecordKind::Pickup && is_cold(plan) {
        row.flags |= i64::from(delivery_flag::COLD_CHAIN);
    }
    row.waybill = text("waybill");
    row.generation = plan
        .uint("generation")
        .and_then(|n| u32::try_from(n).ok())
        .unwrap_or(0);
    row.address = match row.kind {
        RecordKind::Pickup => text("destination"),
        _ => text("address"),
    };
    row.title = match row.kind {
        RecordKind::Camp => text("landmark"),
        RecordKind::Case | RecordKind::CommonIssue => text("text"),
        RecordKind::Consent => text("proxy"),
        RecordKind::Errand => shopping(plan),
        _ => name(plan),
    };
}

/// Whether what is picked up must stay cold: its plan sets a limit, or its goods need one.
fn is_cold(plan: &PlanView) -> bool {
    let goods = plan.uint("goods").and_then(|code| u16::try_from(code).ok());
    let known = CodeList::get("goods").zip(goods);
    plan.int("cold_max_tenths").is_some()
        || known
            .and_then(|(list, code)| list.entry(code))
            .is_some_and(|goods| goods.is("cold_chain"))
}

/// The name of a record that has one.
pub(super) fn name(plan: &PlanView) -> String {
    let Some(PlanValue::Map(names)) = plan.get("names") else {
        return plan.text("name").unwrap_or_default().to_owned();
    };
    let first = names.get(FIRST_LANGUAGE).or(names.values().next());
    first.map(written).unwrap_or_default()
}

/// A place's names by language, in JSON; a camp's landmark, under no language.
pub(super) fn names_in_json(plan: &PlanView) -> String {
    let names: BTreeMap<&str, String> = match plan.get("names") {
        Some(PlanValue::Map(names)) => names
            .iter()
            .map(|(tag, name)| (tag.as_str(), written(name)))
            .collect(),
        _ => plan
            .text("landmark")
            .into_iter()
            .map(|landmark| ("", landmark.to_owned()))
            .collect(),
    };
    serde_json::to_string(&names).unwrap_or_default()
}

fn shopping(plan: &PlanView) -> String {
    let texts = plan
        .items("shopping")
        .iter()
        .filter_map(|item| item.values.get("text"));
    texts.map(written).collect::<Vec<_>>().join("、")
}

fn written(value: &PlanValue) -> String {
    match value {
        PlanValue::Text(text) | PlanValue::Note(text) => text.clone(),
        _ => String::new(),
    }
}

/// What facts and side values say of a row.
pub(super) fn from_facts(row: &mut Row, known: &Known) {
    // Lists say "urgent" and never why.
    if known.side.iter().any(|side| side.name == SideName::Medicine) {
        row.flags |= i64::from(delivery_flag::URGENT);
    }
    match known.kind {
        RecordKind::Delivery => {
            let counted = known.counted();
            let of_cash = |fact: &&Fact| fact.kind == kinds::delivery::CASH_COLLECTED;
            let collected = counted.facts_of(known.record).filter(of_cash);
            let fen = collected
                .filter_map(|fact| fact.body.uint(field::FEN))
                .fold(0, u64::saturating_add);
            row.cash_fen = row
                .cash_fen
                .saturating_sub(i64::try_from(fen).unwrap_or(i64::MAX))
                .max(0);
        }
        RecordKind::Tip => {
            let reported = known.stored.iter().map(|stored| &stored.fact);
            let text = reported.filter_map(|fact| fact.body.text(field::TEXT)).next();
            row.title = text.unwrap_or_default().to_owned();
        }
        _ => {}
    }
}

/// Every text that a record is found by.
pub(super) fn of(known: &Known, row: &Row) -> Vec<String> {
    let mut texts = vec![
        row.title.clone(),
        row.address.clone(),
        row.waybill.clone(),
        row.household_name.clone(),
    ];
    if let Some(plan) = &known.plan {
        if let Some(PlanValue::Map(names)) = plan.get("names") {
            texts.extend(names.values().map(written));
        }
        texts.extend(
            ["keeper", "kuaidi100"]
                .iter()
                .filter_map(|field| plan.text(field))
                .map(str::to_owned),
        );
    }
    let carrier_waybill = known
        .facts
        .iter()
        .filter_map(|fact| fact.body.text(field::WAYBILL));
    texts.extend(carrier_waybill.map(str::to_owned));
    texts.extend(known.phones().into_iter().map(|phone| phone.number));
    texts.retain(|text| !text.is_empty());
    texts
}
