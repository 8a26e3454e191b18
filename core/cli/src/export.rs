use std::collections::BTreeMap;
use std::io;

use saddlebag_records::codes::CodeList;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_replica::Replica;

use crate::args::Export;
use crate::failure::Failure;

/// Writes the table to stdout. None of them is about a person: places, carriers, and counts of one's own items.
pub(crate) fn export(replica: &Replica, what: Export) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    let written = match what {
        Export::Places => places(replica, &mut out)?,
        Export::Carriers => carriers(replica, &mut out)?,
        Export::Counts => counts(replica, &mut out)?,
    };
    written
        .and_then(|()| out.flush().map_err(csv::Error::from))
        .map_err(|error| Failure::Io(io::Error::other(error)))
}

type Out<'a> = csv::Writer<io::StdoutLock<'a>>;
type Written = Result<csv::Result<()>, Failure>;

fn plans(replica: &Replica, kind: RecordKind) -> Result<Vec<(String, String, PlanView)>, Failure> {
    let mut found = Vec::new();
    for item in replica.list(kind)? {
        if let Some(plan) = replica.show(item.record)?.plan {
            found.push((item.record.to_string(), item.status, plan));
        }
    }
    Ok(found)
}

fn text(plan: &PlanView, name: &str) -> String {
    plan.text(name).unwrap_or_default().to_owned()
}

fn coded(plan: &PlanView, name: &str, list: &str) -> String {
    let code = plan.int(name).and_then(|code| u16::try_from(code).ok());
    code.and_then(|code| CodeList::get(list).map(|list| list.shown(code)))
        .unwrap_or_default()
}

fn number(plan: &PlanView, name: &str) -> String {
    plan.int(name).map(|n| n.to_string()).unwrap_or_default()
}

fn places(replica: &Replica, out: &mut Out<'_>) -> Written {
    let rows = plans(replica, RecordKind::Place)?;
    let head = [
        "id",
        "status",
        "kind",
        "zh-Hans",
        "kk-Arab",
        "en",
        "hours",
        "keeping_days",
        "capacity",
        "services",
    ];
    let write = |out: &mut Out<'_>| {
        out.write_record(head)?;
        for (id, status, plan) in rows {
            let name = |language| match plan.entry("names", language) {
                Some(PlanValue::Text(name)) => name.clone(),
                _ => String::new(),
            };
            let services = CodeList::get("rest_service");
            let service = |value: &PlanValue| match value {
                PlanValue::Integer(code) => Some(services?.shown(u16::try_from(*code).ok()?)),
                _ => None,
            };
            let services: Vec<_> = plan.list("services").iter().filter_map(service).collect();
            out.write_record([
                id,
                status,
                coded(&plan, "kind", "place_kind"),
                name("zh-Hans"),
                name("kk-Arab"),
                name("en"),
                text(&plan, "hours"),
                number(&plan, "keeping_days"),
                number(&plan, "capacity"),
                services.join(";"),
            ])?;
        }
        Ok(())
    };
    Ok(write(out))
}

fn carriers(replica: &Replica, out: &mut Out<'_>) -> Written {
    let rows = plans(replica, RecordKind::Carrier)?;
    let write = |out: &mut Out<'_>| {
        out.write_record(["id", "status", "name", "kind", "kuaidi100"])?;
        for (id, status, plan) in rows {
            let kind = coded(&plan, "kind", "carrier_kind");
            out.write_record([id, status, text(&plan, "name"), kind, text(&plan, "kuaidi100")])?;
        }
        Ok(())
    };
    Ok(write(out))
}

/// One's own count of items is one's own to see (docs/privacy.md, rule 10).
fn counts(replica: &Replica, out: &mut Out<'_>) -> Written {
    let mut counts: BTreeMap<(RecordKind, String), u64> = BTreeMap::new();
    for kind in [RecordKind::Delivery, RecordKind::Pickup, RecordKind::Errand] {
        for item in replica.list(kind)? {
            *counts.entry((kind, item.status)).or_default() += 1;
        }
    }
    let write = |out: &mut Out<'_>| {
        out.write_record(["kind", "status", "count"])?;
        for ((kind, status), count) in counts {
            out.write_record([kind.name(), &status, &count.to_string()])?;
        }
        Ok(())
    };
    Ok(write(out))
}
