//! Who sees what: every cell of `rules/visibility.csv`, and the lines that no cell may cross.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::access::{
    Audience, Cause, ColleagueTies, Creation, Grant, Handing, RecordForAccess, Role, Scan, Until, Who,
    grants, visible_until,
};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

const TABLE: &str = include_str!("../rules/visibility.csv");
const DAY_MS: i64 = 86_400_000;
const CREATED_MS: i64 = 1_000_000;
const ENDED_MS: i64 = 9_000_000;

const STATION: RecordId = RecordId([0xa1; 16]);

fn person(n: u8) -> PersonId {
    PersonId([n; 16])
}

fn who(n: u8, role: Role) -> Who {
    Who {
        person: person(n),
        role,
        station: Some(STATION),
    }
}

fn courier(n: u8) -> Who {
    who(n, Role::Courier)
}

/// The table read without the code under test: (record, cause) to the cells, in the order of the columns.
fn table() -> BTreeMap<(String, String), Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(TABLE.as_bytes());
    let roles: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .skip(2)
        .map(str::to_owned)
        .collect();
    assert_eq!(roles, Role::ALL.map(|role| role.name().to_owned()));
    let mut table = BTreeMap::new();
    for row in reader.records() {
        let row: Vec<_> = row.unwrap().iter().map(str::to_owned).collect();
        let before = table.insert((row[0].clone(), row[1].clone()), row[2..].to_vec());
        assert!(before.is_none(), "{} {} stands twice", row[0], row[1]);
    }
    table
}

fn name(cause: Cause) -> String {
    format!("{cause:?}")
        .chars()
        .fold(String::new(), |mut name, letter| {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
            name
        })
}

fn cell(
    table: &BTreeMap<(String, String), Vec<String>>,
    role: Role,
    kind: RecordKind,
    cause: Cause,
) -> String {
    let cells = table.get(&(kind.name().to_owned(), name(cause)));
    cells.map_or("-".to_owned(), |cells| cells[role as usize - 1].clone())
}

/// A record that holds this cause, and as little else as may be, for couriers 1 and 2 and for the station; the
/// same people's like in every other role, 11 to 15, stand beside them and must gain nothing.
fn record_with(cause: Cause, kind: RecordKind) -> RecordForAccess {
    let mut record = RecordForAccess::new(RecordId([1; 16]), kind);
    let others = Role::ALL.into_iter().filter(|role| *role != Role::Courier);
    let people: Vec<_> = [courier(1), courier(2)]
        .into_iter()
        .chain(others.zip(11..).map(|(role, n)| who(n, role)))
        .collect();
    record.given = people.iter().map(|who| who.person).collect();
    record.created = Some(Creation {
        by: who(99, Role::Admin),
        at_ms: CREATED_MS,
    });
    let colleague = |role, station_people, mentees| {
        Some(ColleagueTies {
            role,
            station: Some(STATION),
            station_people,
            mentees,
        })
    };
    match cause {
        Cause::Assigned => record.assignee = Some(courier(1)),
        Cause::Held => record.holders = people,
        Cause::Handed => {
            record.handings = people
                .into_iter()
                .map(|to| Handing {
                    by: person(1),
                    to,
                    stands: true,
                })
                .collect();
        }
        Cause::Scanned => {
            record.scans = people
                .into_iter()
                .map(|who| Scan {
                    who,
                    lay_at: Some(STATION),
                })
                .collect();
        }
        Cause::Confirmed => record.confirmed = people,
        Cause::EndedBy => record.ended_by = people,
        Cause::Created => {
            record.created = Some(Creation {
                by: courier(1),
                at_ms: CREATED_MS,
            })
        }
        Cause::Unsettled => record.unsettled = people,
        Cause::NextThere => record.next_there = people,
        Cause::OwnCash => record.cash_of = vec![courier(1)],
        Cause::Matched => {
            (record.cash_of, record.matched) = (vec![courier(1)], true);
            record.stations = vec![STATION];
        }
        Cause::Own => record.colleague = colleague(Role::Courier, vec![], vec![]),
        Cause::SameStation => record.colleague = colleague(Role::Courier, people, vec![]),
        Cause::Mentor => record.colleague = colleague(Role::Courier, vec![], people),
        Cause::Liaison => record.colleague = colleague(Role::Liaison, vec![], vec![]),
        Cause::Station => record.stations = vec![STATION],
        Cause::Everyone | Cause::Office | Cause::Named => {}
    }
    record
}

fn audiences(role: Role, cause: Cause) -> Vec<Audience> {
    match (cause, role) {
        (Cause::Everyone | Cause::Liaison, _) => vec![Audience::Everyone],
        (Cause::Office, _) => vec![Audience::Role(role)],
        (
            Cause::Held
            | Cause::Handed
            | Cause::Scanned
            | Cause::Confirmed
            | Cause::EndedBy
            | Cause::Unsettled
            | Cause::NextThere
            | Cause::SameStation
            | Cause::Mentor,
            Role::Courier,
        ) => vec![Audience::Person(person(1)), Audience::Person(person(2))],
        (_, Role::Courier) => vec![Audience::Person(person(1))],
        (_, Role::Clerk) => vec![Audience::Station(STATION)],
        _ => panic!("{role:?} sees by {cause:?}"),
    }
}

fn until(cell: &str, ended_ms: Option<i64>) -> Option<i64> {
    match cell {
        "kept" | "cause" | "settlement" => None,
        "end+30d" => ended_ms.map(|end| end + 30 * DAY_MS),
        "created+30d" => Some(CREATED_MS + 30 * DAY_MS),
        other => panic!("no end {other}"),
    }
}

#[test]
fn every_cell_grants_what_it_says_and_no_more() {
    let table = table();
    let (mut tried, mut granting) = (0, 0);
    for kind in RecordKind::ALL {
        for cause in Cause::ALL {
            for ended_ms in [None, Some(ENDED_MS)] {
                let record = RecordForAccess {
                    ended_ms,
                    ..record_with(cause, kind)
                };
                let mut expected = BTreeSet::new();
                for role in Role::ALL {
                    let cell = cell(&table, role, kind, cause);
                    tried += 1;
                    granting += usize::from(cell != "-");
                    assert_eq!(visible_until(role, kind, cause) == Until::Never, cell == "-");
                    if cell != "-" && cause != Cause::Named {
                        let (until_ms, open) = (until(&cell, ended_ms), ended_ms.is_none());
                        let audiences = audiences(role, cause).into_iter();
                        expected.extend(audiences.map(|audience| Grant {
                            audience,
                            cause,
                            until_ms,
                            open,
                        }));
                    }
                }
                let granted: BTreeSet<_> = grants(&record).into_iter().filter(|g| g.cause == cause).collect();
                assert_eq!(granted, expected, "{kind:?} by {cause:?}");
            }
        }
    }
    let written = table.values().flatten().filter(|cell| *cell != "-").count();
    assert_eq!(
        tried,
        2 * RecordKind::ALL.len() * Cause::ALL.len() * Role::ALL.len()
    );
    assert_eq!(
        granting,
        2 * written,
        "a row of the table names no record or no cause"
    );
}

#[test]
fn the_table_keeps_the_lines_that_nobody_may_cross() {
    let table = table();
    for kind in RecordKind::ALL {
        assert!(
            table.keys().any(|(record, _)| record == kind.name()),
            "{kind:?} has no row"
        );
    }
    for ((record, cause), cells) in &table {
        let [courier, clerk, dispatcher, liaison, auditor, admin] = &cells[..] else {
            panic!()
        };
        assert!(
            cells.iter().any(|cell| cell != "-"),
            "{record} {cause} grants nothing"
        );
        assert_eq!(auditor, "-", "{record} {cause}");
        assert!(liaison == "-" || record == "appeal");
        assert!(dispatcher == "-" || record != "appeal");
        assert!(admin == "-" || ["place", "colleague", "carrier"].contains(&record.as_str()));
        match cause.as_str() {
            // One audience: the cells cannot differ.
            "everyone" | "liaison" => assert!(courier == clerk && clerk == dispatcher && admin == "-"),
            "office" => assert!(courier == "-" && clerk == "-"),
            _ => assert!(dispatcher == "-" && liaison == "-" && admin == "-"),
        }
    }
    let tips_and_appeals: BTreeSet<_> = table
        .keys()
        .filter(|(record, _)| record == "tip" || record == "appeal")
        .collect();
    assert_eq!(tips_and_appeals.len(), 4, "{tips_and_appeals:?}");
}

/// The log is indexed by these bytes: they may never change.
#[test]
fn the_bytes_of_audiences_are_frozen() {
    let frozen = [
        (Audience::Everyone, "00"),
        (Audience::Role(Role::Courier), "0101"),
        (Audience::Role(Role::Clerk), "0102"),
        (Audience::Role(Role::Dispatcher), "0103"),
        (Audience::Role(Role::Liaison), "0104"),
        (Audience::Role(Role::Auditor), "0105"),
        (Audience::Role(Role::Admin), "0106"),
        (Audience::Station(STATION), "02a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"),
        (Audience::Person(person(7)), "0307070707070707070707070707070707"),
    ];
    for (audience, bytes) in frozen {
        assert_eq!(hex::encode(audience.to_bytes()), bytes);
        assert_eq!(Audience::from_bytes(&hex::decode(bytes).unwrap()), Ok(audience));
    }
    for bad in [
        "", "0000", "01", "0100", "0107", "010101", "02", "0207", "03", "04",
    ] {
        assert!(Audience::from_bytes(&hex::decode(bad).unwrap()).is_err(), "{bad}");
    }
}

#[test]
fn numbers_of_roles_and_causes_lead_back() {
    for role in Role::ALL {
        assert_eq!(Role::from_number(role.number()), Some(role));
        assert_eq!(Role::from_name(role.name()), Some(role));
        let code = saddlebag_records::codes::CodeList::get("role")
            .unwrap()
            .code(role.name());
        assert_eq!(code, Some(role.number()), "the list's number is the role's");
    }
    assert_eq!(Role::from_number(7), None);
    for (n, cause) in (1..).zip(Cause::ALL) {
        assert_eq!((cause as u8, Cause::from_number(n)), (n, Some(cause)));
    }
    let known = saddlebag_records::codes::CodeList::get("role")
        .unwrap()
        .entries()
        .len();
    assert_eq!(known, Role::ALL.len(), "a new role needs columns in the tables");
}
