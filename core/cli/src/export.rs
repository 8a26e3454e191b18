use std::collections::BTreeMap;
use std::io;

use saddlebag_records::access::Role;
use saddlebag_records::codes::CodeList;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_replica::{Error, Replica};
use serde_json::{Map, Value};

use crate::args::Export;
use crate::failure::Failure;
use crate::output::answer;

/// A table: the names of its columns and its rows.
struct Table<const N: usize> {
    head: [&'static str; N],
    rows: Vec<[String; N]>,
}

/// Writes a table to stdout, as CSV or as a list of objects in JSON. None of them is about a person: places, carriers,
/// and counts of one's own items.
pub(crate) fn export(replica: &Replica, what: Export, as_json: bool) -> Result<(), Failure> {
    match what {
        Export::Places => places(replica)?.write(as_json),
        Export::Carriers => carriers(replica)?.write(as_json),
        Export::Counts => counts(replica)?.write(as_json),
    }
}

impl<const N: usize> Table<N> {
    fn write(self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            let object = |row: [String; N]| -> Map<String, Value> {
                let named = self.head.iter().zip(row);
                named
                    .map(|(name, cell)| ((*name).to_owned(), cell.into()))
                    .collect()
            };
            let rows: Vec<_> = self.rows.into_iter().map(object).collect();
            return answer(&rows, true);
        }
        self.write_csv().map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Failure::Io(io::Error::other(format!("{other:?}"))),
        })
    }

    fn write_csv(self) -> csv::Result<()> {
        let mut out = csv::Writer::from_writer(io::stdout().lock());
        out.write_record(self.head)?;
        for row in self.rows {
            out.write_record(row)?;
        }
        Ok(out.flush()?)
    }
}

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

fn services(plan: &PlanView) -> String {
    let list = CodeList::get("rest_service");
    let service = |value: &PlanValue| match value {
        PlanValue::Integer(code) => Some(list?.shown(u16::try_from(*code).ok()?)),
        _ => None,
    };
    let services: Vec<_> = plan.list("services").iter().filter_map(service).collect();
    services.join(";")
}

fn places(replica: &Replica) -> Result<Table<10>, Failure> {
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
    let row = |(id, status, plan): (String, String, PlanView)| {
        let name = |language| match plan.entry("names", language) {
            Some(PlanValue::Text(name)) => name.clone(),
            _ => String::new(),
        };
        [
            id,
            status,
            coded(&plan, "kind", "place_kind"),
            name("zh-Hans"),
            name("kk-Arab"),
            name("en"),
            text(&plan, "hours"),
            number(&plan, "keeping_days"),
            number(&plan, "capacity"),
            services(&plan),
        ]
    };
    let rows = plans(replica, RecordKind::Place)?.into_iter().map(row).collect();
    Ok(Table { head, rows })
}

fn carriers(replica: &Replica) -> Result<Table<5>, Failure> {
    let row = |(id, status, plan): (String, String, PlanView)| {
        let kind = coded(&plan, "kind", "carrier_kind");
        [id, status, text(&plan, "name"), kind, text(&plan, "kuaidi100")]
    };
    let rows = plans(replica, RecordKind::Carrier)?
        .into_iter()
        .map(row)
        .collect();
    let head = ["id", "status", "name", "kind", "kuaidi100"];
    Ok(Table { head, rows })
}

/// A courier's own count of items is theirs to see. A clerk's copy holds a station's: small cells about errands would
/// leave the county's rules behind (docs/privacy.md, rule 10).
fn counts(replica: &Replica) -> Result<Table<3>, Failure> {
    let identity = replica.identity()?.ok_or(Error::NotEnrolled)?;
    if identity.person.role != Role::Courier.name() {
        let text = "only a courier has counts of their own".to_owned();
        return Err(Failure::Outcome("not_own_counts", text));
    }
    let mut counts: BTreeMap<(RecordKind, String), u64> = BTreeMap::new();
    for kind in [RecordKind::Delivery, RecordKind::Pickup, RecordKind::Errand] {
        for item in replica.list(kind)? {
            *counts.entry((kind, item.status)).or_default() += 1;
        }
    }
    let row = |((kind, status), count): ((RecordKind, String), u64)| {
        [kind.name().to_owned(), status, count.to_string()]
    };
    Ok(Table {
        head: ["kind", "status", "count"],
        rows: counts.into_iter().map(row).collect(),
    })
}
