//! Side values have fewer readers than their records: every cell of `rules/side_values.csv`.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use std::collections::BTreeMap;

use saddlebag_records::access::{
    Audience, Cause, Grant, Role, SideUntil, Until, may_see_side, side_until, visible_until,
};
use saddlebag_records::fact::SideName;
use saddlebag_records::kind::RecordKind;

const TABLE: &str = include_str!("../rules/side_values.csv");

fn cells() -> impl Iterator<Item = (Role, RecordKind, SideName, Cause)> {
    let sides = |kind| SideName::ALL.into_iter().map(move |side| (kind, side));
    let causes = |(kind, side)| Cause::ALL.into_iter().map(move |cause| (kind, side, cause));
    RecordKind::ALL
        .into_iter()
        .flat_map(sides)
        .flat_map(causes)
        .flat_map(|(kind, side, cause)| Role::ALL.into_iter().map(move |role| (role, kind, side, cause)))
}

/// The name in the table of an enum's value.
fn name(value: impl serde::Serialize) -> String {
    toml::Value::try_from(value).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn every_cell_shows_what_it_says_and_no_more() {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(TABLE.as_bytes());
    let roles: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .skip(3)
        .map(str::to_owned)
        .collect();
    assert_eq!(roles, Role::ALL.map(|role| role.name().to_owned()));
    let mut table = BTreeMap::new();
    for row in reader.records() {
        let row: Vec<_> = row.unwrap().iter().map(str::to_owned).collect();
        for (role, cell) in roles.iter().zip(&row[3..]) {
            let key = (role.clone(), row[0].clone(), row[1].clone(), row[2].clone());
            assert!(table.insert(key, cell.clone()).is_none(), "{row:?} stands twice");
        }
    }
    let mut showing = 0;
    for (role, kind, side, cause) in cells() {
        let key = (name(role), name(kind), name(side), name(cause));
        let cell = table.get(&key).map_or("-", String::as_str);
        showing += usize::from(cell != "-");
        for open in [true, false] {
            let grant = Grant {
                audience: Audience::Everyone,
                cause,
                until_ms: None,
                open,
            };
            let expected = match cell {
                "-" => false,
                "grant" => true,
                "open" => open,
                other => panic!("no word {other}"),
            };
            assert_eq!(
                may_see_side(role, &grant, side, kind),
                expected,
                "{key:?}, open: {open}"
            );
        }
    }
    let written = table.values().filter(|cell| *cell != "-").count();
    assert_eq!(
        showing, written,
        "a row of the table names no record, side value or cause"
    );
}

#[test]
fn nobody_sees_a_side_value_of_a_record_that_they_do_not_see() {
    for (role, kind, side, cause) in cells() {
        if side_until(role, kind, side, cause) != SideUntil::Never {
            assert_ne!(
                visible_until(role, kind, cause),
                Until::Never,
                "{role:?} {kind:?} {side:?} {cause:?}"
            );
        }
    }
}

#[test]
fn what_only_the_holder_of_a_task_may_see_ends_with_the_task() {
    for (role, kind, side, cause) in cells() {
        let cell = side_until(role, kind, side, cause);
        if cell == SideUntil::Never {
            continue;
        }
        match (kind, side) {
            (_, SideName::PickupCodeHash | SideName::Medicine) => {
                assert_eq!(
                    (role, cause, cell),
                    (Role::Courier, Cause::Assigned, SideUntil::Open)
                );
            }
            (RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand, SideName::Phone) => {
                assert_eq!(cell, SideUntil::Open);
                assert!(matches!(role, Role::Courier | Role::Clerk));
            }
            (RecordKind::Household, SideName::Phone) => {
                assert!(matches!(role, Role::Courier | Role::Clerk));
                assert!(cell == SideUntil::Open || cause == Cause::Created);
            }
            _ => {}
        }
    }
}

#[test]
fn appeals_have_none_errands_no_position_and_tips_are_for_triage() {
    for (role, kind, side, cause) in cells() {
        let seen = side_until(role, kind, side, cause) != SideUntil::Never;
        match kind {
            RecordKind::Appeal => assert!(!seen),
            RecordKind::Errand => assert!(!seen || side != SideName::Position),
            RecordKind::Tip => assert!(
                !seen
                    || matches!(
                        (role, cause),
                        (Role::Courier, Cause::Created) | (Role::Dispatcher, Cause::Office)
                    )
            ),
            _ => {}
        }
        assert!(!seen || !matches!(role, Role::Auditor | Role::Liaison));
    }
}
