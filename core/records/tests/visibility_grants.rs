//! Whom a record's own facts and plan let in, and whom not.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use std::collections::BTreeSet;

use saddlebag_records::access::{
    Audience, Cause, Creation, Handing, RecordForAccess, Role, Scan, Who, grants,
};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

const DAY_MS: i64 = 86_400_000;
const ENDED_MS: i64 = 9_000_000;

const STATION: RecordId = RecordId([0xa1; 16]);
const ELSEWHERE: RecordId = RecordId([0xa2; 16]);

fn person(n: u8) -> PersonId {
    PersonId([n; 16])
}

fn courier(n: u8) -> Who {
    Who {
        person: person(n),
        role: Role::Courier,
        station: Some(STATION),
    }
}

fn delivery() -> RecordForAccess {
    RecordForAccess::new(RecordId([0xee; 16]), RecordKind::Delivery)
}

fn sees(record: &RecordForAccess, courier: u8, cause: Cause) -> bool {
    let audience = Audience::Person(person(courier));
    grants(record)
        .iter()
        .any(|grant| grant.audience == audience && grant.cause == cause)
}

#[test]
fn what_the_county_brings_in_is_not_its_dispatchers_stations() {
    for kind in [RecordKind::Delivery, RecordKind::Household, RecordKind::Pickup] {
        for (role, sees) in [
            (Role::Dispatcher, false),
            (Role::Admin, false),
            (Role::Clerk, true),
        ] {
            let mut record = RecordForAccess::new(RecordId([0xee; 16]), kind);
            let by = Who {
                person: person(9),
                role,
                station: Some(STATION),
            };
            record.created = Some(Creation { by, at_ms: 0 });
            let stations = grants(&record)
                .into_iter()
                .filter(|grant| grant.audience == Audience::Station(STATION));
            assert_eq!(stations.count() > 0, sees, "{kind:?} by {role:?}");
        }
    }
}

#[test]
fn a_waybill_alone_opens_nothing_whatever_the_phone_writes() {
    let mut record = delivery();
    record.created = Some(Creation {
        by: courier(1),
        at_ms: 0,
    });
    record.holders = vec![courier(1)];
    record.ended_by = vec![courier(1)];
    record.unsettled = vec![courier(1)];
    record.handings = vec![Handing {
        by: person(1),
        to: courier(2),
        stands: true,
    }];
    record.scans = vec![
        Scan {
            who: courier(1),
            lay_at: None,
        },
        Scan {
            who: courier(2),
            lay_at: Some(ELSEWHERE),
        },
    ];
    let seen_by: Vec<_> = grants(&record).into_iter().map(|grant| grant.audience).collect();
    assert_eq!(seen_by, [Audience::Role(Role::Dispatcher)]);
}

#[test]
fn a_waybill_opens_what_lies_unassigned_at_ones_station_and_what_is_confirmed() {
    for (scanned, confirmed) in [(true, false), (false, true)] {
        let mut record = delivery();
        record.holders = vec![courier(1)];
        record.scans = vec![Scan {
            who: courier(1),
            lay_at: scanned.then_some(STATION),
        }];
        record.confirmed = if confirmed { vec![courier(1)] } else { vec![] };
        let by_waybill: Vec<_> = grants(&record)
            .into_iter()
            .filter(|g| g.cause.is_by_waybill())
            .collect();
        assert_eq!(by_waybill.len(), 1);
        assert!(sees(&record, 1, Cause::Held), "what they then do with it counts");

        record.assignee = Some(courier(2));
        assert!(
            grants(&record)
                .iter()
                .all(|grant| grant.audience != Audience::Person(person(1)))
        );
        record.given = vec![person(1)];
        assert!(
            sees(&record, 1, Cause::Held),
            "once given, their bag is theirs to see"
        );
    }
}

#[test]
fn a_parcel_handed_on_and_on_is_seen_by_who_has_it_last() {
    let mut record = delivery();
    record.given = vec![person(1)];
    record.handings = vec![
        Handing {
            by: person(2),
            to: courier(3),
            stands: true,
        },
        Handing {
            by: person(1),
            to: courier(2),
            stands: false,
        },
    ];
    assert!(sees(&record, 3, Cause::Handed));
    assert!(!sees(&record, 2, Cause::Handed));
    record.given = vec![];
    assert!(
        !sees(&record, 3, Cause::Handed),
        "nobody in the chain ever had it"
    );
}

#[test]
fn a_reassigned_record_leaves_who_neither_has_nor_ended_it() {
    let mut record = delivery();
    record.given = vec![person(1)];
    record.assignee = Some(courier(2));
    assert!(
        grants(&record)
            .iter()
            .all(|grant| grant.audience != Audience::Person(person(1)))
    );
    record.holders = vec![courier(1)];
    assert!(sees(&record, 1, Cause::Held));
    (record.holders, record.ended_by, record.ended_ms) = (vec![], vec![courier(1)], Some(ENDED_MS));
    assert!(
        sees(&record, 1, Cause::EndedBy) && sees(&record, 2, Cause::Assigned),
        "both sides see why"
    );
}

#[test]
fn neither_side_of_a_count_sees_the_other_before_both_are_there() {
    for kind in [RecordKind::HandIn, RecordKind::Count] {
        let mut record = RecordForAccess::new(RecordId([5; 16]), kind);
        record.cash_of = vec![courier(1)];
        record.stations = vec![STATION];
        record.unsettled = vec![
            courier(1),
            Who {
                role: Role::Clerk,
                ..courier(2)
            },
        ];
        let (mine, theirs) = (Audience::Person(person(1)), Audience::Station(STATION));
        let sees = |record: &RecordForAccess| -> BTreeSet<_> {
            grants(record)
                .into_iter()
                .map(|g| g.audience)
                .filter(|a| *a == mine || *a == theirs)
                .collect()
        };
        let own = if kind == RecordKind::HandIn { mine } else { theirs };
        assert_eq!(sees(&record), [own].into());
        record.matched = true;
        assert_eq!(sees(&record), [mine, theirs].into());
    }
}

#[test]
fn a_grant_ends_when_it_says() {
    let mut record = delivery();
    (record.assignee, record.ended_ms) = (Some(courier(1)), Some(ENDED_MS));
    let grant = grants(&record)
        .into_iter()
        .find(|grant| grant.cause == Cause::Assigned)
        .unwrap();
    assert!(grant.holds_at(ENDED_MS + 30 * DAY_MS - 1));
    assert!(!grant.holds_at(ENDED_MS + 30 * DAY_MS));
    record.ended_ms = Some(i64::MAX);
    assert!(grants(&record).iter().all(|grant| grant.holds_at(i64::MAX - 1)));
}
