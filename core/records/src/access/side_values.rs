use std::sync::LazyLock;

use serde::Deserialize;

use super::table::{PerRole, rows};
use super::{Cause, Grant, Role};
use crate::fact::SideName;
use crate::kind::RecordKind;

/// Until when a side value is seen: the cells of `rules/side_values.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum SideUntil {
    /// The role does not see it by this cause.
    #[serde(rename = "-")]
    Never,
    /// As long as the record is seen by this cause.
    #[serde(rename = "grant")]
    Grant,
    /// As long as the record, or one that names it, is open.
    #[serde(rename = "open")]
    Open,
}

#[derive(Deserialize)]
struct Row {
    record: RecordKind,
    side: SideName,
    cause: Cause,
    #[serde(flatten)]
    until: PerRole<SideUntil>,
}

static SIDE_VALUES: LazyLock<Vec<Row>> = LazyLock::new(|| rows(include_str!("../../rules/side_values.csv")));

/// Until when this role sees such a side value by this cause: the cell of `rules/side_values.csv`, which is
/// [`SideUntil::Never`] where the table has no row.
pub fn side_until(role: Role, kind: RecordKind, side: SideName, cause: Cause) -> SideUntil {
    let row = SIDE_VALUES
        .iter()
        .find(|row| (row.record, row.side, row.cause) == (kind, side, cause));
    row.map_or(SideUntil::Never, |row| row.until.get(role))
}

/// Whether somebody of this role who sees a record of this kind by this grant sees such a side value of it.
/// Several grants add up: one that says yes is enough.
pub fn may_see_side(role: Role, grant: &Grant, side: SideName, kind: RecordKind) -> bool {
    match side_until(role, kind, side, grant.cause) {
        SideUntil::Never => false,
        SideUntil::Grant => true,
        SideUntil::Open => grant.open,
    }
}
