use saddlebag_records::access::Role;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use serde::Serialize;

use super::{Exported, shown, table, text};
use crate::admin::looking::{Looking, has_role, sees_all};
use crate::admin::record::{Record, each};
use crate::admin::{AdminError, code, people, value};
use crate::county::County;
use crate::store::{Person, StoreError};

/// Lists that say something about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// Who works for the county.
    People,
    /// Households.
    Households,
    /// Deliveries.
    Deliveries,
}

impl Personal {
    fn kind(self) -> RecordKind {
        match self {
            Self::People => RecordKind::Colleague,
            Self::Households => RecordKind::Household,
            Self::Deliveries => RecordKind::Delivery,
        }
    }

    /// What stands in the auditor's log.
    fn action(self) -> &'static str {
        match self {
            Self::People => "people_exported",
            Self::Households => "households_exported",
            Self::Deliveries => "deliveries_exported",
        }
    }
}

/// Exports a list to somebody who sees all of it, with the word of a second person (PRODUCT.md, privacy rule 11). What
/// their role does not see is not in it: phone numbers are a task's and a counter's.
///
/// # Errors
/// `second_is_first`; `role_may_not` for a second person who is neither dispatcher, auditor nor admin.
pub fn personal(
    county: &County,
    looking: &Looking,
    second: &Person,
    what: Personal,
) -> Result<Exported, AdminError> {
    sees_all(&looking.person, what.kind())?;
    if second.id == looking.person.id {
        return Err(AdminError::new(code::SECOND_IS_FIRST, what.action()));
    }
    has_role(second, &[Role::Dispatcher, Role::Auditor, Role::Admin])?;
    let (first, action) = (looking.clone(), what.action());
    let second = second.id;
    let noted: Result<(), StoreError> = county.own(move |tx| {
        tx.append_audit(Some(first.person.id), action, None, &first.why)?;
        tx.append_audit(Some(second), &format!("{action}_second"), None, &first.why)
    });
    noted?;
    match what {
        Personal::People => people_table(county),
        Personal::Households => households(county),
        Personal::Deliveries => deliveries(county),
    }
}

fn people_table(county: &County) -> Result<Exported, AdminError> {
    let rows = people::list(county, true)?.into_iter().map(|listed| {
        vec![
            listed.person.to_string(),
            listed.role.name().to_owned(),
            text(Some(&listed.name)),
            shown(listed.station),
            text(listed.phone.as_deref()),
            if listed.active { "yes" } else { "no" }.to_owned(),
        ]
    });
    table(
        &["key", "role", "name", "station", "phone", "active"],
        rows.collect(),
    )
}

fn households(county: &County) -> Result<Exported, AdminError> {
    let rows = of_kind(county, RecordKind::Household, |record, plan| {
        vec![
            record.row.id.to_string(),
            text(plan.text("name")),
            text(plan.text("language")),
            shown(plan.record("drop_point")),
        ]
    })?;
    table(&["key", "name", "language", "drop_point"], rows)
}

fn deliveries(county: &County) -> Result<Exported, AdminError> {
    let rows = of_kind(county, RecordKind::Delivery, |record, plan| {
        vec![
            record.row.id.to_string(),
            text(plan.text("waybill")),
            shown(plan.record("carrier")),
            shown(plan.record("household")),
            text(plan.text("name")),
            text(plan.text("address")),
            shown(plan.record("place")),
            shown(plan.int("due_from_ms").map(value::shown_time)),
            shown(plan.int("due_until_ms").map(value::shown_time)),
            shown(plan.uint("cash_fen")),
            shown(plan.uint("flags")),
            shown(plan.person("assignee")),
            state_of(&record.status.state),
        ]
    })?;
    let columns = [
        "record",
        "waybill",
        "carrier",
        "household",
        "name",
        "address",
        "place",
        "due_from",
        "due_until",
        "cash_fen",
        "flags",
        "assignee",
        "state",
    ];
    table(&columns, rows)
}

fn of_kind(
    county: &County,
    kind: RecordKind,
    row: impl Fn(&Record, &PlanView) -> Vec<String>,
) -> Result<Vec<Vec<String>>, AdminError> {
    let mut rows = Vec::new();
    county.store().read_blocking(|tx| {
        each(tx, kind, |found| {
            let record = Record::read(tx, found)?;
            let empty = PlanView::empty(kind);
            rows.push(row(&record, record.plan.as_ref().unwrap_or(&empty)));
            Ok::<_, AdminError>(())
        })
    })?;
    Ok(rows)
}

/// The name of a state.
pub(super) fn state_of(state: &impl Serialize) -> String {
    let state = serde_json::to_value(state).unwrap_or_default();
    state
        .get("state")
        .and_then(|name| name.as_str())
        .unwrap_or_default()
        .to_owned()
}
