//! What a record opens by naming it.

// So that clippy.toml lets the helpers here do what it lets tests do.
#![cfg(test)]

use saddlebag_records::access::{Audience, Cause, Grant, Namer, Role, brought_by, named_grants, references};
use saddlebag_records::clock::{ClockSource, Stamp};
use saddlebag_records::codes::consent_scope;
use saddlebag_records::fact::kinds::{delivery, field, tip};
use saddlebag_records::fact::{Body, Fact, FactKind};
use saddlebag_records::id::{ActorId, DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{Conflict, ConflictPlace, Item, ItemId, PlanValue, PlanView, Written};

const DAY_MS: i64 = 86_400_000;
const COURIER: Audience = Audience::Person(PersonId([1; 16]));
const COUNTER: Audience = Audience::Station(RecordId([2; 16]));

fn record(n: u8) -> RecordId {
    RecordId([n; 16])
}

fn seen_by(audience: Audience, until_ms: Option<i64>) -> Grant {
    Grant {
        audience,
        cause: Cause::Assigned,
        until_ms,
        open: until_ms.is_none(),
    }
}

fn named(audience: Audience, until_ms: Option<i64>, open: bool) -> Grant {
    Grant {
        audience,
        cause: Cause::Named,
        until_ms,
        open,
    }
}

fn namer(kind: RecordKind, ended_ms: Option<i64>, grants: &[Grant]) -> Namer<'_> {
    Namer {
        kind,
        ended_ms,
        grants,
    }
}

#[test]
fn an_open_record_opens_what_it_names_to_who_sees_it() {
    let everybody = [
        seen_by(COURIER, None),
        seen_by(COUNTER, None),
        seen_by(Audience::Role(Role::Dispatcher), None),
        seen_by(Audience::Everyone, None),
    ];
    for namer_kind in RecordKind::ALL {
        for kind in RecordKind::ALL {
            let opens = matches!(
                namer_kind,
                RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
            ) && matches!(
                kind,
                RecordKind::Household | RecordKind::Consent | RecordKind::Camp
            );
            let expected = if opens {
                vec![named(COUNTER, None, true), named(COURIER, None, true)]
            } else {
                vec![]
            };
            assert_eq!(
                named_grants(kind, None, &[namer(namer_kind, None, &everybody)]),
                expected
            );
        }
    }
}

#[test]
fn it_stays_for_7_days_after_the_last_one_that_names_it() {
    let (first, last) = (DAY_MS, 3 * DAY_MS);
    let seen = [seen_by(COURIER, Some(last + 30 * DAY_MS))];
    let ended = |end| namer(RecordKind::Delivery, Some(end), &seen);
    let grants = named_grants(RecordKind::Household, None, &[ended(last), ended(first)]);
    assert_eq!(grants, [named(COURIER, Some(last + 7 * DAY_MS), false)]);

    let open = [seen_by(COURIER, None)];
    let grants = named_grants(
        RecordKind::Household,
        None,
        &[ended(last), namer(RecordKind::Errand, None, &open)],
    );
    assert_eq!(grants, [named(COURIER, None, true)]);
}

#[test]
fn it_goes_with_the_grant_that_opened_it() {
    let created = [Grant {
        cause: Cause::Created,
        ..seen_by(COURIER, Some(5 * DAY_MS))
    }];
    let grants = named_grants(
        RecordKind::Household,
        None,
        &[namer(RecordKind::Pickup, None, &created)],
    );
    assert_eq!(grants, [named(COURIER, Some(5 * DAY_MS), true)]);
    assert_eq!(
        named_grants(
            RecordKind::Household,
            None,
            &[namer(RecordKind::Pickup, None, &[])]
        ),
        []
    );
}

#[test]
fn a_camp_is_never_seen_past_its_season() {
    let seen = [seen_by(COURIER, None)];
    let grants = named_grants(
        RecordKind::Camp,
        Some(40),
        &[namer(RecordKind::Delivery, None, &seen)],
    );
    assert_eq!(grants, [named(COURIER, Some(40), true)]);
}

#[test]
fn a_household_brings_its_camps_and_consents_but_no_need_of_help() {
    let household = |kind, scope: Option<u16>| {
        let mut plan = PlanView::empty(kind);
        plan.fields.insert("household".into(), record(7).into());
        if let Some(scope) = scope {
            plan.fields.insert("to".into(), i64::from(scope).into());
        }
        brought_by(&plan)
    };
    assert_eq!(household(RecordKind::Camp, None), Some(record(7)));
    assert_eq!(
        household(RecordKind::Consent, Some(consent_scope::PROXY)),
        Some(record(7))
    );
    assert_eq!(
        household(RecordKind::Consent, Some(consent_scope::DROP_POINT)),
        Some(record(7))
    );
    assert_eq!(
        household(RecordKind::Consent, Some(consent_scope::ERRAND_HELP)),
        None
    );
    assert_eq!(
        household(RecordKind::Consent, Some(60_000)),
        None,
        "newer than this version"
    );
    assert_eq!(household(RecordKind::Consent, None), None);
    assert_eq!(household(RecordKind::Delivery, None), None);
}

fn fact(kind: FactKind, body: Body) -> Fact {
    Fact {
        id: FactId::new(DeviceNumber(1), 1),
        record: record(1),
        kind,
        version: 1,
        after: vec![],
        stamp: Stamp {
            hlc_ms: 0,
            hlc_count: 0,
            source: ClockSource::Wall,
        },
        observed: None,
        was: None,
        body,
    }
}

#[test]
fn a_record_names_what_its_plan_and_its_facts_name() {
    let mut plan = PlanView::empty(RecordKind::Delivery);
    plan.fields.insert("place".into(), record(5).into());
    plan.fields.insert("household".into(), record(3).into());
    plan.fields.insert("assignee".into(), PersonId([9; 16]).into());
    plan.conflicts.push(Conflict {
        at: ConflictPlace {
            field: "household".into(),
            item: None,
            key: None,
        },
        values: [record(3), record(4)]
            .map(|household| Written {
                value: household.into(),
                actor: ActorId([1; 16]),
            })
            .into(),
    });
    let facts = [
        fact(
            delivery::DELIVERED_TO_PROXY,
            Body::new().with(field::CONSENT, record(6)),
        ),
        fact(delivery::CASH_COLLECTED, Body::new().with(field::FROM, record(8))),
        fact(delivery::SAME_AS, Body::new().with(field::RECORD, record(1))),
        fact(FactKind(0x0163), Body::new().with(field::PLACE, record(10))),
    ];
    assert_eq!(
        references(record(1), Some(&plan), &facts),
        [record(3), record(4), record(5), record(6)],
        "neither people, nor who paid, nor the record itself, nor what this version cannot read"
    );
    let answered = [fact(tip::ANSWERED, Body::new().with(field::CASE, record(2)))];
    assert_eq!(references(record(1), None, &answered), [record(2)]);
}

#[test]
fn what_stands_in_lists_and_items_is_named_too() {
    let item = Item {
        id: ItemId([1; 8]),
        values: [("place".into(), record(3).into())].into(),
    };
    let mut plan = PlanView::empty(RecordKind::Place);
    plan.fields
        .insert("not_direct".into(), PlanValue::Items(vec![item]));
    plan.fields
        .insert("a".into(), PlanValue::List(vec![record(4).into()]));
    plan.fields.insert(
        "b".into(),
        PlanValue::Map([("kk-Arab".into(), record(5).into())].into()),
    );
    assert_eq!(
        references(record(1), Some(&plan), []),
        [record(3), record(4), record(5)]
    );
}

mod added_up {
    //! What namers open together, told bit by bit.

    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use saddlebag_records::access::Openings;

    use super::*;

    #[derive(Clone, Debug)]
    struct Naming {
        kind: RecordKind,
        ended_ms: Option<i64>,
        grants: Vec<Grant>,
    }

    impl Naming {
        fn namer(&self) -> Namer<'_> {
            namer(self.kind, self.ended_ms, &self.grants)
        }
    }

    fn end() -> impl Strategy<Value = Option<i64>> {
        option::of((0..5i64).prop_map(|days| days * DAY_MS))
    }

    fn naming() -> impl Strategy<Value = Naming> {
        let audiences = [COURIER, COUNTER, Audience::Role(Role::Dispatcher)];
        let grant =
            (prop::sample::select(audiences.to_vec()), end()).prop_map(|(who, until)| seen_by(who, until));
        let kinds = vec![RecordKind::Delivery, RecordKind::Errand, RecordKind::Household];
        (prop::sample::select(kinds), end(), vec(grant, 0..4)).prop_map(|(kind, ended_ms, grants)| Naming {
            kind,
            ended_ms,
            grants,
        })
    }

    proptest! {
        #[test]
        fn changing_one_namer_is_like_adding_all_anew(
            mut namings in vec(naming(), 1..6),
            changes in vec((any::<prop::sample::Index>(), naming()), 0..20),
            season in end(),
        ) {
            let anew = |namings: &[Naming]| {
                let mut openings = Openings::default();
                namings.iter().for_each(|naming| openings.add(&naming.namer()));
                openings
            };
            let mut kept = anew(&namings);
            for (which, now) in changes {
                let which = which.index(namings.len());
                let before = std::mem::replace(&mut namings[which], now.clone());
                if kept.take(&before.namer()) {
                    kept.add(&now.namer());
                } else {
                    kept = anew(&namings);
                }
                for kind in RecordKind::ALL {
                    let namers: Vec<_> = namings.iter().map(Naming::namer).collect();
                    let all = named_grants(kind, season, &namers);
                    prop_assert_eq!(&kept.grants(kind, season), &all);
                    let (some, others) = namings.split_at(namings.len() / 2);
                    prop_assert_eq!(&anew(some).and(&anew(others)).grants(kind, season), &all);
                    if now.namer().opens_as(&before.namer()) {
                        let mut as_before = namers;
                        as_before[which] = before.namer();
                        prop_assert_eq!(&named_grants(kind, season, &as_before), &all);
                    }
                }
            }
        }
    }
}
