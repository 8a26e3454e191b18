use saddlebag_records::codes::CodeList;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};

use super::{Exported, shown, table, text};
use crate::admin::AdminError;
use crate::admin::record::{each, phones};
use crate::county::County;
use crate::plans::view_of;

/// Every place.
pub fn places(county: &County) -> Result<Exported, AdminError> {
    let mut rows = Vec::new();
    county.store().read_blocking(|tx| {
        each(tx, RecordKind::Place, |row| {
            let plan = view_of(tx, row.id)?.unwrap_or_else(|| PlanView::empty(RecordKind::Place));
            let position = plan.position("position");
            let services = plan.list("services").iter().filter_map(|value| match value {
                PlanValue::Integer(code) => u64::try_from(*code)
                    .ok()
                    .map(|code| named(Some(code), "rest_service")),
                _ => None,
            });
            let not_direct = plan.items("not_direct").iter().map(|item| {
                let from = match item.values.get("place") {
                    Some(PlanValue::Record(place)) => place.to_string(),
                    _ => String::new(),
                };
                let reason = match item.values.get("reason") {
                    Some(PlanValue::Text(reason)) => reason.as_str(),
                    _ => "",
                };
                format!("{from} {reason}")
            });
            rows.push(vec![
                row.id.to_string(),
                named(plan.uint("kind"), "place_kind"),
                text(name_of(&plan)),
                shown(position.map(|position| degrees(position.lat_e7))),
                shown(position.map(|position| degrees(position.lon_e7))),
                shown(plan.record("station")),
                named(plan.uint("host"), "drop_point_host"),
                text(plan.text("keeper")),
                text(phones(tx, row.id)?.pop().as_deref()),
                text(plan.text("hours")),
                shown(plan.uint("keeping_days")),
                shown(plan.uint("capacity")),
                services.collect::<Vec<_>>().join(";"),
                text(Some(&not_direct.collect::<Vec<_>>().join(";"))),
            ]);
            Ok::<_, AdminError>(())
        })
    })?;
    let columns = [
        "key",
        "kind",
        "name",
        "latitude",
        "longitude",
        "station",
        "host",
        "keeper",
        "phone",
        "hours",
        "keeping_days",
        "capacity",
        "services",
        "not_direct",
    ];
    table(&columns, rows)
}

/// Every carrier.
pub fn carriers(county: &County) -> Result<Exported, AdminError> {
    let mut rows = Vec::new();
    county.store().read_blocking(|tx| {
        each(tx, RecordKind::Carrier, |row| {
            let plan = view_of(tx, row.id)?.unwrap_or_else(|| PlanView::empty(RecordKind::Carrier));
            rows.push(vec![
                text(plan.text("kuaidi100")),
                named(plan.uint("kind"), "carrier_kind"),
                text(plan.text("name")),
            ]);
            Ok::<_, AdminError>(())
        })
    })?;
    table(&["kuaidi100", "kind", "name"], rows)
}

/// The name in the first language that it has.
fn name_of(plan: &PlanView) -> Option<&str> {
    let tags = CodeList::get("language").into_iter().flat_map(CodeList::entries);
    let mut names = tags.filter_map(|language| plan.entry("names", language.text("tag")?));
    names.find_map(|name| match name {
        PlanValue::Text(name) => Some(name.as_str()),
        _ => None,
    })
}

fn named(code: Option<u64>, list: &str) -> String {
    code.map(|code| crate::admin::tips::shown(code, list))
        .unwrap_or_default()
}

fn degrees(e7: i32) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let e7 = e7.unsigned_abs();
    format!("{sign}{}.{:07}", e7 / 10_000_000, e7 % 10_000_000)
}
