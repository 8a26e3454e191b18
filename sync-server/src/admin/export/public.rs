use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};

use super::{Exported, shown, table, text};
use crate::admin::record::{each, phones};
use crate::admin::value::shown_degrees as degrees;
use crate::admin::{AdminError, names};
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
                text(names::in_plan(&plan)),
                shown(position.map(|position| degrees(position.lat_e7))),
                shown(position.map(|position| degrees(position.lon_e7))),
                shown(plan.record("station")),
                text(names::place(tx, plan.record("station"))?.as_deref()),
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
        "station_name",
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

fn named(code: Option<u64>, list: &str) -> String {
    code.map(|code| crate::admin::tips::shown(code, list))
        .unwrap_or_default()
}
