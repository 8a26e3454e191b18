use std::collections::HashMap;
use std::ops::BitOrAssign;
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

/// The rows by what is asked for: with every page it is asked for every side value in it.
static SIDE_VALUES: LazyLock<HashMap<(RecordKind, SideName, Cause), PerRole<SideUntil>>> =
    LazyLock::new(|| {
        let rows: Vec<Row> = rows(include_str!("../../rules/side_values.csv"));
        let row = |row: Row| ((row.record, row.side, row.cause), row.until);
        rows.into_iter().map(row).collect()
    });

/// Until when this role sees such a side value by this cause: the cell of `rules/side_values.csv`, which is
/// [`SideUntil::Never`] where the table has no row.
pub fn side_until(role: Role, kind: RecordKind, side: SideName, cause: Cause) -> SideUntil {
    let row = SIDE_VALUES.get(&(kind, side, cause));
    row.map_or(SideUntil::Never, |until| until.get(role))
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

/// Which side values of a record are seen by grants, for each role: told apart for every grant that comes and goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight(u64);

/// The sights of grants of each kind of record and cause: while the record is open, and once it is not.
static SIGHTS: LazyLock<HashMap<(RecordKind, Cause), [Sight; 2]>> = LazyLock::new(|| {
    let mut sights: HashMap<_, [Sight; 2]> = HashMap::new();
    for ((kind, name, cause), until) in SIDE_VALUES.iter() {
        let [open, over] = sights.entry((*kind, *cause)).or_default();
        for role in Role::ALL {
            let bit = Sight(1 << (Role::ALL.len() * (*name as usize) + role as usize));
            match until.get(role) {
                SideUntil::Never => {}
                SideUntil::Open => *open |= bit,
                SideUntil::Grant => {
                    *open |= bit;
                    *over |= bit;
                }
            }
        }
    }
    sights
});

impl Sight {
    /// What is seen of a record of this kind by this grant: two grants with the same sight show everybody the same.
    pub fn of(kind: RecordKind, grant: &Grant) -> Self {
        let sights = SIGHTS.get(&(kind, grant.cause));
        sights.map_or(
            Self::default(),
            |[open, over]| if grant.open { *open } else { *over },
        )
    }
}

impl BitOrAssign for Sight {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Audience;

    #[test]
    fn a_sight_says_which_side_values_are_seen() {
        for kind in RecordKind::ALL {
            let seen = |grant: &Grant| {
                let cells = Role::ALL
                    .into_iter()
                    .flat_map(|role| SideName::ALL.map(|name| (role, name)));
                cells
                    .map(|(role, name)| may_see_side(role, grant, name, kind))
                    .collect::<Vec<_>>()
            };
            let grants: Vec<Grant> = Cause::ALL
                .into_iter()
                .flat_map(|cause| [(cause, true), (cause, false)])
                .map(|(cause, open)| Grant {
                    audience: Audience::Everyone,
                    cause,
                    until_ms: None,
                    open,
                })
                .collect();
            for a in &grants {
                for b in &grants {
                    assert_eq!(
                        Sight::of(kind, a) == Sight::of(kind, b),
                        seen(a) == seen(b),
                        "{a:?} {b:?}"
                    );
                }
            }
        }
    }
}
