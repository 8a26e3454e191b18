//! Who writes what: every cell of `rules/writes.csv`.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::access::{
    Refusal, Relation, Role, Verdict, may_create, may_edit_plan, may_write_fact,
};
use saddlebag_records::fact::kinds::delivery;
use saddlebag_records::fact::{FactKind, schema_of, schemas};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::schema::PlanSchema;

const TABLE: &str = include_str!("../rules/writes.csv");

/// (record, what, name) to the words, in the order of the columns, read without the code under test.
fn table() -> BTreeMap<(String, String, String), Vec<String>> {
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
        let key = (row[0].clone(), row[1].clone(), row[2].clone());
        assert!(
            table.insert(key, row[3..].to_vec()).is_none(),
            "{row:?} stands twice"
        );
    }
    table
}

/// What there is to write: the rows that the table must have.
fn everything() -> BTreeSet<(String, String, String)> {
    let key = |kind: RecordKind, what: &str, name: &str| (kind.name().into(), what.into(), name.into());
    let creations = RecordKind::ALL.into_iter().map(|kind| key(kind, "create", ""));
    let facts = schemas()
        .iter()
        .map(|schema| key(schema.kind.record().unwrap(), "fact", &schema.name));
    let fields = PlanSchema::all().flat_map(|plan| {
        plan.fields
            .iter()
            .map(move |field| key(plan.kind, "plan", &field.name))
    });
    creations.chain(facts).chain(fields).collect()
}

fn every_relation() -> impl Iterator<Item = Relation> {
    (0..1u8 << 7).map(|bits| {
        let bit = |n: u8| bits & (1 << n) != 0;
        Relation {
            ever_given: bit(0),
            created: bit(1),
            given_now: bit(2),
            assigned_now: bit(3),
            assigned_to_another: bit(4),
            wrote_the_voided: bit(5),
            is_party: bit(6),
        }
    })
}

fn fact_verdict(word: &str, role: Role, kind: FactKind, is: Relation) -> Verdict {
    let may = match word {
        "yes" => Ok(()),
        "own" if is.ever_given || is.created => Ok(()),
        "own" => Err(Refusal::NotGiven),
        "mine" if is.wrote_the_voided => Ok(()),
        "mine" => Err(Refusal::NotTheirFact),
        "no" => Err(Refusal::RoleMayNot),
        other => panic!("no word {other} for facts"),
    };
    let not_theirs = role == Role::Courier && schema_of(kind).unwrap().moves_money() && !is.is_party;
    match may {
        Ok(()) if not_theirs => Verdict::Refuse(Refusal::NotAParty),
        Ok(()) => Verdict::Admit,
        Err(refusal) => Verdict::Refuse(refusal),
    }
}

fn edit_verdict(word: &str, kind: RecordKind, is: Relation) -> Verdict {
    let made_and_still_theirs = is.created && !is.assigned_to_another;
    let may = match word {
        "yes" => true,
        "given" => is.given_now || made_and_still_theirs,
        "assigned" => is.assigned_now || made_and_still_theirs,
        "created" => made_and_still_theirs,
        "no" => return Verdict::Refuse(Refusal::RoleMayNot),
        other => panic!("no word {other} for plans"),
    };
    if may {
        Verdict::Admit
    } else if is.ever_given || is.created || kind == RecordKind::Delivery {
        Verdict::Superseded
    } else {
        Verdict::Refuse(Refusal::NotGiven)
    }
}

#[test]
fn every_cell_says_what_the_functions_say() {
    let table = table();
    let mut tried = 0;
    for ((record, what, name), words) in &table {
        let kind = RecordKind::from_name(record).unwrap();
        for (role, word) in Role::ALL.into_iter().zip(words) {
            tried += 1;
            match what.as_str() {
                "create" => {
                    assert!(["yes", "no"].contains(&word.as_str()));
                    assert_eq!(may_create(role, kind), word == "yes", "{role:?} {record}");
                }
                "fact" => {
                    let fact = FactKind::from_name(kind, name).unwrap();
                    for relation in every_relation() {
                        let expected = fact_verdict(word, role, fact, relation);
                        assert_eq!(
                            may_write_fact(role, fact, 1, relation),
                            expected,
                            "{role:?} {fact}"
                        );
                    }
                }
                "plan" => {
                    for relation in every_relation() {
                        let expected = edit_verdict(word, kind, relation);
                        let verdict = may_edit_plan(role, kind, &[name], relation);
                        assert_eq!(verdict, expected, "{role:?} {record}.{name} {relation:?}");
                    }
                }
                other => panic!("nothing is {other}"),
            }
        }
    }
    assert_eq!(tried, everything().len() * Role::ALL.len());
}

#[test]
fn whatever_can_be_written_has_its_row_and_no_row_is_about_anything_else() {
    let written: BTreeSet<_> = table().into_keys().collect();
    let missing: Vec<_> = everything().difference(&written).cloned().collect();
    let foreign: Vec<_> = written.difference(&everything()).cloned().collect();
    assert!(missing.is_empty(), "no cell says who may write {missing:?}");
    assert!(foreign.is_empty(), "nothing is called {foreign:?}");
}

#[test]
fn the_table_keeps_the_lines_that_nobody_may_cross() {
    for ((record, what, name), words) in table() {
        let [courier, clerk, dispatcher, liaison, auditor, admin] = &words[..] else {
            panic!()
        };
        let row = format!("{record} {what} {name}");
        assert_eq!(auditor, "no", "{row}");
        assert!(liaison == "no" || record == "appeal", "{row}");
        assert!(
            record != "appeal" || [clerk, dispatcher, admin] == ["no"; 3],
            "{row}"
        );
        assert!(record != "tip" || [clerk, liaison, admin] == ["no"; 3], "{row}");
        assert!(
            admin == "no" || ["place", "colleague", "carrier"].contains(&record.as_str()),
            "{row}"
        );
        if name == "assignee" {
            assert_eq!(
                [courier.as_str(), clerk, dispatcher],
                ["no", "given", "yes"],
                "{row}"
            );
        }
        if name == "discrepancy_closed" {
            assert_eq!([courier, clerk, dispatcher], ["no", "no", "yes"], "{row}");
        }
        if what == "plan" {
            let notes = ["notes", "directions"].contains(&name.as_str());
            let allowed: &[_] = match () {
                () if notes => &["given"],
                () if name == "order" => &["assigned"],
                () => &["created", "no"],
            };
            assert!(allowed.contains(&courier.as_str()), "{row}");
        }
    }
    let creates = |role| {
        RecordKind::ALL
            .into_iter()
            .filter(move |kind| may_create(role, *kind))
    };
    use RecordKind::*;
    let couriers = [
        Delivery, Pickup, Errand, Tip, Appeal, Household, Consent, Camp, CashPass, HandIn,
    ];
    assert!(creates(Role::Courier).eq(couriers));
    assert!(creates(Role::Admin).eq([Place, Colleague, Carrier]));
    assert_eq!(creates(Role::Liaison).chain(creates(Role::Auditor)).count(), 0);
}

#[test]
fn no_fact_is_refused_because_the_record_was_assigned_to_somebody_else() {
    for schema in schemas() {
        for role in Role::ALL {
            for was in every_relation() {
                let now = Relation {
                    given_now: false,
                    assigned_now: false,
                    assigned_to_another: true,
                    ..was
                };
                assert_eq!(
                    may_write_fact(role, schema.kind, 1, was),
                    may_write_fact(role, schema.kind, 1, now),
                    "{role:?} {}",
                    schema.kind
                );
            }
        }
    }
}

#[test]
fn a_delivery_takes_a_couriers_facts_by_its_waybill_alone() {
    let never_given = Relation::default();
    for kind in [
        delivery::SCANNED_IN,
        delivery::DELIVERED,
        delivery::ATTEMPTED,
        delivery::TAKEN_OVER,
    ] {
        assert_eq!(
            may_write_fact(Role::Courier, kind, 1, never_given),
            Verdict::Admit
        );
    }
    let edit = may_edit_plan(
        Role::Courier,
        RecordKind::Delivery,
        &["waybill", "name"],
        never_given,
    );
    assert_eq!(
        edit,
        Verdict::Superseded,
        "the phone made apart what the county had"
    );
}

#[test]
fn a_courier_moves_no_money_between_others() {
    let given = Relation {
        ever_given: true,
        given_now: true,
        assigned_now: true,
        ..Relation::default()
    };
    let party = Relation {
        is_party: true,
        ..given
    };
    let cash = delivery::CASH_COLLECTED;
    assert_eq!(
        may_write_fact(Role::Courier, cash, 1, given),
        Verdict::Refuse(Refusal::NotAParty)
    );
    assert_eq!(may_write_fact(Role::Courier, cash, 1, party), Verdict::Admit);
}

#[test]
fn of_several_fields_the_hardest_verdict_counts() {
    let mine = Relation {
        ever_given: true,
        given_now: true,
        assigned_now: true,
        ..Relation::default()
    };
    let edit = |fields: &[&str], is| may_edit_plan(Role::Courier, RecordKind::Delivery, fields, is);
    assert_eq!(edit(&["notes", "order"], mine), Verdict::Admit);
    assert_eq!(edit(&["notes", "a field of tomorrow"], mine), Verdict::Hold);
    assert_eq!(edit(&["a field of tomorrow", "name"], mine), Verdict::Superseded);
    assert_eq!(
        edit(&["name", "assignee", "notes"], mine),
        Verdict::Refuse(Refusal::RoleMayNot)
    );
    assert_eq!(edit(&[], mine), Verdict::Admit);
    let reassigned = Relation {
        assigned_now: false,
        assigned_to_another: true,
        ..mine
    };
    assert_eq!(edit(&["order"], reassigned), Verdict::Superseded);
}

#[test]
fn what_a_newer_version_writes_waits_but_not_in_reports() {
    let own = Relation {
        ever_given: true,
        created: true,
        given_now: true,
        ..Relation::default()
    };
    let (no_cell, not_kept) = (
        Verdict::Refuse(Refusal::RoleMayNot),
        Verdict::Refuse(Refusal::Unknown),
    );
    for kind in RecordKind::ALL {
        let report = matches!(kind, RecordKind::Tip | RecordKind::Case | RecordKind::Appeal);
        let known = schemas()
            .iter()
            .find(|schema| schema.kind.record() == Some(kind))
            .unwrap()
            .kind;
        for (fact, version) in [(FactKind::new(kind, 200), 1), (known, 2), (known, 0)] {
            let dispatchers = may_write_fact(Role::Dispatcher, fact, version, own);
            let auditors = may_write_fact(Role::Auditor, fact, version, own);
            match (report, kind) {
                (true, _) => assert_eq!([dispatchers, auditors], [not_kept; 2], "{fact}"),
                (_, RecordKind::Colleague | RecordKind::Carrier) => {
                    assert_eq!([dispatchers, auditors], [no_cell; 2], "{fact}");
                }
                _ => assert_eq!([dispatchers, auditors], [Verdict::Hold, no_cell], "{fact}"),
            }
        }
        if report {
            assert_eq!(
                may_edit_plan(Role::Dispatcher, kind, &["tomorrow's"], own),
                not_kept
            );
        }
    }
    let of_no_record = FactKind(0xc801);
    assert_eq!(may_write_fact(Role::Courier, of_no_record, 1, own), Verdict::Hold);
    assert_eq!(may_write_fact(Role::Auditor, of_no_record, 1, own), no_cell);
}

#[test]
fn codes_of_refusals_are_frozen() {
    let codes = Refusal::ALL.map(Refusal::code);
    assert_eq!(
        codes,
        [
            "role_may_not",
            "not_given",
            "not_their_fact",
            "not_a_party",
            "unknown_kind"
        ]
    );
}
