//! The same facts give the same record, status, cash and discrepancies, on every device and in any order of arrival.

pub(crate) mod history;

use std::collections::BTreeSet;

use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use saddlebag_records::cash::cash;
use saddlebag_records::discrepancy::Code;
use saddlebag_records::fact::kinds::delivery;
use saddlebag_records::fact::{Body, Fact, FactKind, field};
use saddlebag_records::id::{FactId, PersonId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::{PlanEdit, PlanView, Verdict, edit, trial};
use saddlebag_records::status::{About, Status, status};

use crate::story::{Story, authors, fact, person, status_of};
use history::{RECORDS, history};

fn kinds() -> impl Strategy<Value = RecordKind> {
    prop_oneof![4 => Just(RecordKind::Delivery), 3 => prop::sample::select(RecordKind::ALL.to_vec())]
}

/// A device's own order of arrival, with repeats.
fn arrival(facts: &[Fact], seed: u64) -> Vec<Fact> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut arrived = facts.to_vec();
    arrived.extend(facts.iter().filter(|_| random.random_bool(0.3)).cloned());
    arrived.shuffle(&mut random);
    arrived
}

fn statuses(kind: RecordKind, facts: &[Fact]) -> Vec<Status> {
    let read = |record| {
        let story = Story {
            record,
            ..Story::of(kind)
        };
        status_of(&story, facts)
    };
    RECORDS.into_iter().map(read).collect()
}

/// The ids that a set of facts voids, by the rules' own words.
fn voided(facts: &[Fact]) -> BTreeSet<FactId> {
    let correction = |fact: &&Fact| fact.kind.is_known() && fact.kind.is_correction();
    let named = facts.iter().filter(correction).filter_map(|correction| {
        let target = correction.body.fact(field::FACT)?;
        let target = facts.iter().find(|fact| fact.id == target)?;
        (target.record == correction.record && !correction_kind(target.kind)).then_some(target.id)
    });
    named.collect()
}

fn correction_kind(kind: FactKind) -> bool {
    kind.is_known() && kind.is_correction()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_part_in_any_order_is_the_same_everywhere(
        (kind, facts) in kinds().prop_flat_map(|kind| (Just(kind), history(kind, 30))),
        parts in any::<u64>(),
        seeds in any::<[u64; 3]>(),
    ) {
        let mut random = ChaCha8Rng::seed_from_u64(parts);
        let part: Vec<Fact> = facts.iter().filter(|_| parts % 2 == 0 || random.random_bool(0.8)).cloned().collect();
        let here = statuses(kind, &part);
        let owed = cash(&part).unwrap();
        prop_assert_eq!(owed.balances().unwrap().values().sum::<i64>(), 0);
        let void = voided(&part);
        for status in &here {
            prop_assert!(status.credits.len() <= 1);
            for credit in &status.credits {
                prop_assert!(!void.contains(&credit.fact), "a voided fact is credited");
                prop_assert_eq!(credit.device, credit.fact.device);
            }
            for id in status.discrepancies.iter().flat_map(|discrepancy| &discrepancy.facts) {
                prop_assert!(!void.contains(id), "a voided fact is in question");
            }
            prop_assert!(status.discrepancies.is_empty() || status.ended_at_ms.is_none());
        }
        // Nothing is credited in two records either.
        let credited: Vec<_> = here.iter().flat_map(|status| &status.credits).collect();
        prop_assert_eq!(credited.iter().collect::<BTreeSet<_>>().len(), credited.len());
        for seed in seeds {
            let arrived = arrival(&part, seed);
            prop_assert_eq!(&statuses(kind, &arrived), &here);
            prop_assert_eq!(&cash(&arrived).unwrap(), &owed);
        }
    }

    /// What a voided fact says makes no difference at all.
    #[test]
    fn a_voided_fact_never_counts(
        (kind, facts) in kinds().prop_flat_map(|kind| (Just(kind), history(kind, 20))),
        other in any::<prop::sample::Index>(),
        fen in 0u64..1000,
    ) {
        let void = voided(&facts);
        // Written anew under another name it is the same fact only with its own words.
        let copied: BTreeSet<_> = facts.iter().filter_map(|fact| fact.was.map(|was| was.id)).collect();
        let kinds = history::kinds_of(kind);
        let mut otherwise = facts.clone();
        let said = otherwise.iter_mut().filter(|fact| void.contains(&fact.id) && !copied.contains(&fact.id));
        // A settlement that was closed stays closed whatever is voided later, so it remembers its sums.
        let settles = matches!(kind, RecordKind::HandIn | RecordKind::Count);
        for fact in said.filter(|fact| fact.was.is_none() && !history::is_link(fact.kind) && !settles) {
            let kind = kinds[other.index(kinds.len())];
            if !correction_kind(kind) && !history::is_link(kind) {
                fact.kind = kind;
                fact.body = fact.body.clone().with(field::FEN, fen).with(field::FROM, person(3));
            }
        }
        prop_assert_eq!(statuses(kind, &otherwise), statuses(kind, &facts));
        let balances = |facts: &[Fact]| cash(facts).unwrap().balances().unwrap();
        prop_assert_eq!(balances(&otherwise), balances(&facts));
    }

    #[test]
    fn kinds_of_a_newer_version_change_nothing(
        (kind, facts) in kinds().prop_flat_map(|kind| (Just(kind), history(kind, 20))),
        newer in proptest::collection::vec((1u64..5, 100u8..250, any::<prop::sample::Index>()), 1..6),
    ) {
        let before = (statuses(kind, &facts), cash(&facts).unwrap());
        let mut more = facts.clone();
        for (n, (device, number, at)) in newer.into_iter().enumerate() {
            let after = if facts.is_empty() { vec![] } else { vec![facts[at.index(facts.len())].id] };
            let body = Body::new().with(field::FEN, 5u64).with(field::FROM, person(1)).with(field::TO, person(2));
            more.push(fact(RECORDS[0], device, 5_000 + n as u64, FactKind::new(kind, number), &after, body.clone()));
            let unheard_of = FactKind(0xf000 | u16::from(number));
            more.push(fact(RECORDS[0], device, 6_000 + n as u64, unheard_of, &after, body));
        }
        prop_assert_eq!((statuses(kind, &more), cash(&more).unwrap()), before);
    }

    #[test]
    fn a_settlement_once_closed_stays_closed(
        hand_in in history(RecordKind::HandIn, 12),
        count in history(RecordKind::Count, 12),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut facts = hand_in;
        // Counts are written by other devices than hand-ins.
        facts.extend(count.into_iter().map(|mut fact| {
            fact.id.device.0 += 200;
            fact.record = saddlebag_records::id::RecordId([60 + fact.record.0[0] % 4; 16]);
            fact
        }));
        let early = cash(&facts[..cut.index(facts.len() + 1)]).unwrap();
        let late = cash(&facts).unwrap();
        for settlement in early.settlements.iter().filter(|settlement| settlement.closed) {
            let same = late.settlements.iter().find(|other| {
                (other.courier, other.number) == (settlement.courier, settlement.number)
            });
            prop_assert!(same.is_some_and(|same| same.closed));
        }
    }

    /// A courier carries it, and the county cancels or reassigns it at any moment of that, in sight or not.
    #[test]
    fn delivered_is_delivered_whatever_the_county_wanted(
        steps in 0usize..4,
        cancelled_after in proptest::option::of(0usize..7),
        assigned in proptest::option::of(1u8..4),
        in_sight in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut story = Story::of(RecordKind::Delivery);
        let mut way = vec![story.tell(4, delivery::ANNOUNCED, &[], Body::new())];
        let carried = [delivery::LOADED_OUT, delivery::ATTEMPTED, delivery::LOADED_OUT, delivery::ATTEMPTED];
        for kind in &carried[..steps] {
            way.push(story.tell(1, *kind, &way[way.len() - 1..], Body::new()));
        }
        let cancelled = cancelled_after.map(|after| {
            let seen = way[after.min(way.len() - 1)];
            story.tell(4, delivery::CANCELLED, &[seen], Body::new())
        });
        let mut after = vec![*way.last().unwrap()];
        after.extend(cancelled.filter(|_| in_sight));
        let delivered = story.tell(1, delivery::DELIVERED, &after, Body::new());
        if let Some(assigned) = assigned {
            story.plan("assignee", saddlebag_records::plan::PlanValue::Person(person(assigned)));
        }
        story.facts = arrival(&story.facts, seed);
        prop_assert_eq!(story.state(), "delivered");
        prop_assert_eq!(story.credited(), Some(delivered));
        let codes = if cancelled.is_some() { vec![Code::DeliveredAndCancelled] } else { vec![] };
        prop_assert_eq!(story.codes(), codes);
        let told = story.status().notices.len();
        prop_assert_eq!(told, usize::from(cancelled.is_some()) + usize::from(assigned.is_some_and(|who| who != 1)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Three people edit a plan apart, four write facts; each device hears of all of it in an order of its own.
    #[test]
    fn facts_and_plans_come_to_one_status(
        facts in history(RecordKind::Delivery, 15),
        edits in proptest::collection::vec((0usize..3, 0usize..3, 0u8..5), 1..15),
        seeds in any::<[u64; 4]>(),
    ) {
        let kind = RecordKind::Delivery;
        // Each one's snapshot, and the changes that it wrote.
        let mut copies: [Copy; 3] = Default::default();
        for (at, from, n) in edits {
            let heard = copies[from].1.clone();
            copies[at].0 = Some(merged(kind, copies[at].0.as_deref(), heard).0);
            let edits = [
                PlanEdit::set("assignee", saddlebag_records::plan::PlanValue::Person(PersonId([n; 16]))),
                PlanEdit::set("cash_fen", i64::from(n)),
            ];
            let actor = saddlebag_records::id::ActorId([10 + at as u8; 16]);
            if let Some(edited) = edit(kind, copies[at].0.as_deref(), actor, &edits[usize::from(n % 2)..]).unwrap() {
                copies[at].0 = Some(edited.snapshot);
                copies[at].1.push(edited.change);
            }
        }
        let all: Vec<Vec<u8>> = copies.into_iter().flat_map(|(_, written)| written).collect();
        let authors = authors();
        let read = |seed: u64| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            let mut changes = all.clone();
            changes.extend(all.iter().filter(|_| random.random_bool(0.3)).cloned());
            changes.shuffle(&mut random);
            let plan = merged(kind, None, changes).1;
            let about = About { record: RECORDS[0], kind, plan: Some(&plan), authors: &authors };
            status(&about, &arrival(&facts, seed))
        };
        let first = read(seeds[0]);
        for seed in &seeds[1..] {
            prop_assert_eq!(&read(*seed), &first);
        }
    }
}

type Copy = (Option<Vec<u8>>, Vec<Vec<u8>>);

/// A plan with these changes; what waits for others is offered again.
fn merged(kind: RecordKind, snapshot: Option<&[u8]>, changes: Vec<Vec<u8>>) -> (Vec<u8>, PlanView) {
    let mut waiting = changes;
    let mut snapshot = snapshot.map(<[u8]>::to_vec);
    loop {
        let offered: Vec<_> = waiting.iter().map(Vec::as_slice).collect();
        let outcome = trial(kind, snapshot.as_deref(), Sender::County, &offered).unwrap();
        let waits: Vec<Vec<u8>> = outcome
            .verdicts
            .iter()
            .zip(&waiting)
            .filter(|(verdict, _)| matches!(verdict, Verdict::Waiting { .. }))
            .map(|(_, change)| change.clone())
            .collect();
        if waits.len() == waiting.len() || waits.is_empty() {
            return (outcome.snapshot, outcome.view);
        }
        (snapshot, waiting) = (Some(outcome.snapshot), waits);
    }
}
