//! How long everything is kept: every row of `rules/retention.csv`, and what is stronger than any of them.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::discrepancy::{Code, Discrepancy};
use saddlebag_records::fact::SideName;
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_records::retention::{
    Due, Hold, KeptFor, Lived, Moment, Money, Named, Reason, What, due, of_record, of_side, rows,
};
use saddlebag_records::status::{About, Authors, State, Status, consent, household, status};

const TABLE: &str = include_str!("../rules/retention.csv");
const DAY_MS: i64 = 86_400_000;

/// The table read without the code under test: (what, name) to (from, county).
fn table() -> BTreeMap<(String, String), (String, String)> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut table = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.splitn(6, ',').collect();
        let key = (cells[0].to_owned(), cells[1].to_owned());
        let before = table.insert(key, (cells[2].to_owned(), cells[3].to_owned()));
        assert!(before.is_none(), "stands twice: {line}");
    }
    table
}

fn status_of(kind: RecordKind) -> Status {
    let authors = Authors::default();
    let about = About {
        record: RecordId([1; 16]),
        kind,
        plan: None,
        authors: &authors,
    };
    status(&about, [])
}

/// A record of this kind, long over, with nothing in its way: every moment is another one.
fn over<'a>(kind: RecordKind, status: &'a Status, plan: Option<&'a PlanView>) -> Lived<'a> {
    Lived {
        kind,
        status,
        plan,
        ended_ms: Some(1_000),
        written_ms: 2_000,
        money: Money::None,
        named: Named {
            any: true,
            open: false,
            last_end_ms: Some(3_000),
        },
    }
}

/// A plan of this kind, with the times that it may end by.
fn plan_of(kind: RecordKind) -> PlanView {
    let mut plan = PlanView::empty(kind);
    for field in ["valid_until_ms", "until_ms"] {
        plan.fields.insert(field.to_owned(), PlanValue::Integer(500));
    }
    plan
}

#[test]
fn every_kind_of_record_and_every_side_value_has_a_row() {
    let table = table();
    let names = |what: &str| -> BTreeSet<&str> {
        let of = table.keys().filter(|(of, _)| of == what);
        of.map(|(_, name)| name.as_str()).collect()
    };
    assert_eq!(names("record"), RecordKind::ALL.map(RecordKind::name).into());
    let sides = names("side");
    for side in SideName::ALL {
        assert!(
            sides.contains(format!("any.{}", side.name()).as_str()),
            "{side:?}"
        );
    }
    for row in sides {
        let (kind, side) = row.split_once('.').unwrap();
        assert!(kind == "any" || RecordKind::from_name(kind).is_some(), "{row}");
        assert!(SideName::ALL.iter().any(|known| known.name() == side), "{row}");
    }
}

#[test]
fn every_row_is_read_as_it_stands() {
    let table = table();
    assert_eq!(rows().len(), table.len());
    for row in rows() {
        let (from, county) = &table[&(format!("{:?}", row.what).to_lowercase(), row.name.clone())];
        assert_eq!(*from == "-", row.from == Moment::None, "{}", row.name);
        let days = county.strip_suffix('d').and_then(|days| days.parse().ok());
        match row.county {
            KeptFor::Days(read) => assert_eq!(Some(read), days, "{}", row.name),
            _ => assert_eq!(days, None, "{}", row.name),
        }
        // So many days need a moment to count from, and nothing else does.
        assert_eq!(days.is_some(), row.from != Moment::None, "{}", row.name);
    }
}

#[test]
fn a_record_goes_when_its_row_says() {
    for kind in RecordKind::ALL {
        let (status, plan) = (status_of(kind), plan_of(kind));
        let mut lived = over(kind, &status, Some(&plan));
        lived.named.any = false;
        let (from, county) = &table()[&("record".to_owned(), kind.name().to_owned())];
        let from_ms = match from.as_str() {
            "ended" | "settled" => 1_000,
            "used" => 3_000,
            "season" | "over" => 500,
            other => panic!("{other}"),
        };
        let days: i64 = county.strip_suffix('d').unwrap().parse().unwrap();
        let at = Due::At {
            ms: from_ms + days * DAY_MS,
            reason: Reason::Retention,
        };
        assert_eq!(due(&lived), at, "{kind:?}");
    }
}

/// The defaults that PRODUCT.md sets, by name.
#[test]
fn the_defaults_are_those_of_the_privacy_rules() {
    let days = |kind| of_record(kind).unwrap().county;
    for kind in [
        RecordKind::Delivery,
        RecordKind::Pickup,
        RecordKind::Tip,
        RecordKind::Appeal,
        RecordKind::Household,
        RecordKind::Consent,
    ] {
        assert_eq!(days(kind), KeptFor::Days(365), "{kind:?}");
    }
    assert_eq!(days(RecordKind::Errand), KeptFor::Days(30));
    assert_eq!(days(RecordKind::Camp), KeptFor::Days(90));
    for kind in [RecordKind::CashPass, RecordKind::HandIn, RecordKind::Count] {
        assert_eq!(days(kind), KeptFor::Days(1_095), "{kind:?}");
    }
    let side = |kind, name| of_side(kind, name).unwrap().county;
    assert_eq!(side(RecordKind::Delivery, SideName::Position), KeptFor::Days(30));
    assert_eq!(side(RecordKind::Delivery, SideName::Photo), KeptFor::Days(180));
    assert_eq!(
        side(RecordKind::Delivery, SideName::PickupCodeHash),
        KeptFor::Days(0)
    );
    assert_eq!(side(RecordKind::Tip, SideName::Photo), KeptFor::Days(90));
    assert_eq!(side(RecordKind::Household, SideName::Phone), KeptFor::Record);
    let table = |what, name: &str| {
        rows()
            .iter()
            .find(|row| row.what == what && row.name == name)
            .unwrap()
    };
    assert_eq!(table(What::County, "held.quarantined").county, KeptFor::Days(90));
    assert_eq!(table(What::County, "held.quarantined").from, Moment::LookedAt);
    assert_eq!(table(What::County, "audit").county, KeptFor::Days(1_095));
    assert_eq!(table(What::File, "backups").county, KeptFor::Days(30));
}

#[test]
fn what_is_open_is_never_due() {
    for kind in RecordKind::ALL {
        let status = status_of(kind);
        let lived = Lived {
            ended_ms: None,
            named: Named::default(),
            ..over(kind, &status, None)
        };
        let used = of_record(kind).unwrap().from == Moment::Used;
        assert_eq!(due(&lived) == Due::Not(Hold::Open), !used, "{kind:?}");
    }
}

#[test]
fn no_record_with_unsettled_money_is_ever_due() {
    for kind in RecordKind::ALL {
        let mut status = status_of(kind);
        if kind == RecordKind::Household {
            status.state = State::Household(household::State::AskedToBeForgotten);
        }
        let lived = Lived {
            money: Money::Unsettled,
            ..over(kind, &status, None)
        };
        assert_eq!(due(&lived), Due::Not(Hold::Unsettled), "{kind:?}");
    }
}

#[test]
fn what_does_not_fit_together_waits_for_a_dispatcher() {
    for kind in RecordKind::ALL {
        let mut status = status_of(kind);
        status.discrepancies = vec![Discrepancy {
            code: Code::DeliveredTwice,
            facts: vec![FactId::new(DeviceNumber(1), 1), FactId::new(DeviceNumber(2), 1)],
        }];
        assert_eq!(
            due(&over(kind, &status, None)),
            Due::Not(Hold::Discrepancy),
            "{kind:?}"
        );
    }
}

#[test]
fn what_something_open_names_waits() {
    for kind in RecordKind::ALL {
        let status = status_of(kind);
        let mut lived = over(kind, &status, None);
        lived.named.open = true;
        assert_eq!(due(&lived), Due::Not(Hold::Named), "{kind:?}");
    }
}

#[test]
fn what_others_stand_on_stays_until_nothing_names_it() {
    for kind in [
        RecordKind::Place,
        RecordKind::Carrier,
        RecordKind::Colleague,
        RecordKind::CommonIssue,
    ] {
        let status = status_of(kind);
        assert_eq!(due(&over(kind, &status, None)), Due::Not(Hold::Named), "{kind:?}");
    }
}

#[test]
fn an_errand_counts_from_when_its_money_was_settled() {
    let status = status_of(RecordKind::Errand);
    let mut lived = over(RecordKind::Errand, &status, None);
    for (at_ms, from_ms) in [(7_000, 7_000), (900, 1_000)] {
        lived.money = Money::Settled { at_ms };
        let at = Due::At {
            ms: from_ms + 30 * DAY_MS,
            reason: Reason::Retention,
        };
        assert_eq!(due(&lived), at);
    }
}

#[test]
fn a_household_that_asks_is_forgotten_at_once_for_its_own_sake() {
    let mut status = status_of(RecordKind::Household);
    status.state = State::Household(household::State::AskedToBeForgotten);
    let at = Due::At {
        ms: 1_000,
        reason: Reason::Person,
    };
    assert_eq!(due(&over(RecordKind::Household, &status, None)), at);
}

#[test]
fn a_camp_goes_by_whichever_comes_first_and_a_consent_by_its_withdrawal() {
    let (status, mut plan) = (status_of(RecordKind::Camp), plan_of(RecordKind::Camp));
    let mut lived = over(RecordKind::Camp, &status, Some(&plan));
    lived.ended_ms = Some(400);
    let after = |days: i64, from_ms: i64| Due::At {
        ms: from_ms + days * DAY_MS,
        reason: Reason::Retention,
    };
    assert_eq!(due(&lived), after(90, 400));
    plan.fields.clear();
    let moved_on = over(RecordKind::Camp, &status, Some(&plan));
    assert_eq!(due(&moved_on), after(90, 1_000));

    let mut status = status_of(RecordKind::Consent);
    status.state = State::Consent(consent::State::Withdrawn);
    let plan = plan_of(RecordKind::Consent);
    assert_eq!(
        due(&over(RecordKind::Consent, &status, Some(&plan))),
        after(365, 1_000)
    );
}
