//! What holds of grants whatever a record says: random records, and the seed of a failing one is printed.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use saddlebag_records::access::{
    Audience, ColleagueTies, Creation, Handing, RecordForAccess, Role, Scan, Who, audiences_of, grants,
};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

const STATION: RecordId = RecordId([0xa1; 16]);
const ELSEWHERE: RecordId = RecordId([0xa2; 16]);

fn person(n: u8) -> PersonId {
    PersonId([n; 16])
}

fn someone() -> impl Strategy<Value = Who> {
    (0..6u8, 0..6usize, option::of(0..2u8)).prop_map(|(n, role, station)| Who {
        person: person(n),
        role: Role::ALL[role],
        station: station.map(|n| [STATION, ELSEWHERE][usize::from(n)]),
    })
}

fn people() -> impl Strategy<Value = Vec<Who>> {
    vec(someone(), 0..3)
}

fn place() -> impl Strategy<Value = RecordId> {
    prop_oneof![Just(STATION), Just(ELSEWHERE)]
}

fn ties() -> impl Strategy<Value = ColleagueTies> {
    (0..6usize, option::of(place()), people(), people()).prop_map(
        |(role, station, station_people, mentees)| ColleagueTies {
            role: Role::ALL[role],
            station,
            station_people,
            mentees,
        },
    )
}

fn anything() -> impl Strategy<Value = RecordForAccess> {
    let handing = (0..6u8, someone(), any::<bool>());
    let scan = (someone(), option::of(place()));
    let first = (
        0..16usize,
        option::of((someone(), any::<i64>())),
        option::of(any::<i64>()),
        option::of(someone()),
    );
    let second = (
        people(),
        vec(handing, 0..4),
        vec(scan, 0..3),
        people(),
        vec(0..6u8, 0..3),
    );
    let third = (
        people(),
        people(),
        people(),
        vec(place(), 0..3),
        people(),
        any::<bool>(),
    );
    (first, second, third, option::of(ties())).prop_map(
        |(
            (kind, created, ended_ms, assignee),
            (holders, handings, scans, confirmed, given),
            (ended_by, unsettled, next_there, stations, cash_of, matched),
            colleague,
        )| RecordForAccess {
            id: RecordId([9; 16]),
            kind: RecordKind::ALL[kind],
            created: created.map(|(by, at_ms)| Creation { by, at_ms }),
            ended_ms,
            assignee,
            holders,
            handings: handings
                .into_iter()
                .map(|(by, to, stands)| Handing {
                    by: person(by),
                    to,
                    stands,
                })
                .collect(),
            scans: scans
                .into_iter()
                .map(|(who, lay_at)| Scan { who, lay_at })
                .collect(),
            confirmed,
            given: given.into_iter().map(person).collect(),
            ended_by,
            unsettled,
            next_there,
            stations,
            cash_of,
            matched,
            colleague,
        },
    )
}

/// The same record, every list turned round and doubled.
fn told_otherwise(record: &RecordForAccess) -> RecordForAccess {
    fn turned<T: Clone>(list: &[T]) -> Vec<T> {
        list.iter().rev().chain(list).cloned().collect()
    }
    let mut other = record.clone();
    other.holders = turned(&record.holders);
    other.handings = turned(&record.handings);
    other.scans = turned(&record.scans);
    other.confirmed = turned(&record.confirmed);
    other.given = turned(&record.given);
    other.ended_by = turned(&record.ended_by);
    other.unsettled = turned(&record.unsettled);
    other.next_there = turned(&record.next_there);
    other.stations = turned(&record.stations);
    if let Some(ties) = &mut other.colleague {
        ties.station_people = turned(&ties.station_people);
        ties.mentees = turned(&ties.mentees);
    }
    other
}

proptest! {
    #[test]
    fn only_audiences_that_somebody_reads_are_granted(record in anything()) {
        for grant in grants(&record) {
            let read = match grant.audience {
                Audience::Everyone => true,
                Audience::Role(role) => audiences_of(role, person(0), None).contains(&grant.audience),
                Audience::Station(station) => {
                    audiences_of(Role::Clerk, person(0), Some(station)).contains(&grant.audience)
                }
                Audience::Person(person) => {
                    audiences_of(Role::Courier, person, None).contains(&grant.audience)
                }
            };
            prop_assert!(read, "{grant:?}");
            prop_assert!(![Role::Courier, Role::Clerk, Role::Auditor].map(Audience::Role).contains(&grant.audience));
        }
        prop_assert!(audiences_of(Role::Auditor, person(0), Some(STATION)).is_empty());
    }

    #[test]
    fn tips_and_appeals_go_to_their_reporter_and_to_who_answers(mut record in anything(), appeal in any::<bool>()) {
        let (kind, office) = if appeal {
            (RecordKind::Appeal, Role::Liaison)
        } else {
            (RecordKind::Tip, Role::Dispatcher)
        };
        record.kind = kind;
        let reporter = record.created.filter(|created| created.by.role == Role::Courier);
        let reporter = reporter.map(|created| Audience::Person(created.by.person));
        let expected: Vec<_> = [Audience::Role(office)].into_iter().chain(reporter).collect();
        let granted: Vec<_> = grants(&record).into_iter().map(|grant| grant.audience).collect();
        prop_assert_eq!(granted, expected);
    }

    #[test]
    fn a_courier_is_granted_by_name_or_with_everyone(record in anything()) {
        let everyones = [
            RecordKind::Case,
            RecordKind::Place,
            RecordKind::Carrier,
            RecordKind::CommonIssue,
            RecordKind::Colleague,
        ];
        for grant in grants(&record) {
            prop_assert!(grant.audience != Audience::Everyone || everyones.contains(&record.kind));
        }
    }

    #[test]
    fn the_order_in_which_it_is_told_means_nothing(record in anything()) {
        let granted = grants(&record);
        prop_assert_eq!(&granted, &grants(&told_otherwise(&record)));
        prop_assert!(granted.is_sorted());
        let causes: BTreeSet<_> = granted.iter().map(|grant| (grant.audience, grant.cause)).collect();
        prop_assert_eq!(causes.len(), granted.len(), "each audience and cause once");
    }

    #[test]
    fn who_reached_a_delivery_by_its_waybill_sees_nothing_of_it(mut record in anything()) {
        record.kind = RecordKind::Delivery;
        let stranger = person(1);
        let known = |who: &Who| who.person != stranger;
        record.given.retain(|person| *person != stranger);
        record.assignee = record.assignee.filter(known);
        record.confirmed.retain(known);
        record.scans.iter_mut().filter(|scan| !known(&scan.who)).for_each(|scan| scan.lay_at = None);
        record.handings.retain(|handing| known(&handing.to));
        record.next_there.retain(known);
        let sees = grants(&record).into_iter().any(|grant| grant.audience == Audience::Person(stranger));
        prop_assert!(!sees);
    }
}
