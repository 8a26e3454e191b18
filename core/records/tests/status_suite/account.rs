//! An account that is told record by record says what counting everything anew says.

use std::collections::BTreeSet;

use proptest::prelude::*;
use saddlebag_records::cash::{Account, cash};
use saddlebag_records::fact::{Fact, field};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;

use crate::merging::history::{history, is_link};
use crate::story::person;

const KINDS: [RecordKind; 6] = [
    RecordKind::Delivery,
    RecordKind::Pickup,
    RecordKind::Errand,
    RecordKind::CashPass,
    RecordKind::HandIn,
    RecordKind::Count,
];

/// Facts of records that cash moves in, of one kind or of all, in an order in which they may arrive.
fn cash_history() -> impl Strategy<Value = Vec<Fact>> {
    let of_one = prop::sample::select(KINDS.to_vec()).prop_flat_map(|kind| history(kind, 30));
    let of_all = KINDS.map(|kind| history(kind, 10)).prop_map(|of_kinds| {
        let apart = of_kinds.into_iter().zip(0u8..).flat_map(|(facts, nth)| {
            facts.into_iter().map(move |mut fact| {
                fact.id.device.0 += 100 * u64::from(nth);
                fact.record.0[0] += 20 * nth;
                fact
            })
        });
        apart.collect()
    });
    prop_oneof![3 => of_one, 1 => of_all]
}

/// The records that are joined to others by these facts.
fn joined(facts: &[Fact]) -> BTreeSet<RecordId> {
    let links = facts.iter().filter(|fact| is_link(fact.kind));
    links
        .flat_map(|fact| [Some(fact.record), fact.body.record(field::RECORD)])
        .flatten()
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_account_told_bit_by_bit_is_the_account_counted_anew(facts in cash_history(), gone in 20u8..23) {
        let mut accounts: Vec<_> = (1..5).map(|who| (person(who), Account::of(person(who)))).collect();
        for end in 1..=facts.len() {
            let heard = &facts[..end];
            let joined = joined(heard);
            let last = heard.last().unwrap().record;
            let touched = if joined.contains(&last) { joined.clone() } else { BTreeSet::from([last]) };
            let anew = cash(heard).unwrap();
            for (who, account) in &mut accounts {
                let before = account.unsettled().unwrap();
                let its = |record: &RecordId| heard.iter().filter(|fact| fact.record == *record).collect();
                let records = touched.iter().map(|record| (*record, its(record), joined.contains(record)));
                let changed = account.put(records).unwrap();
                prop_assert_eq!(account.unsettled().unwrap(), anew.unsettled(*who).unwrap());
                prop_assert!(changed || account.unsettled().unwrap() == before);
                prop_assert_eq!(account.owed().unwrap(), anew.owed(*who).unwrap());
                prop_assert_eq!(account.settlements(), &anew.settlements[..]);
            }
        }
        // A record that does not name them any more takes nothing else with it.
        let gone = RecordId([gone; 16]);
        let left: Vec<Fact> = facts.iter().filter(|fact| fact.record != gone).cloned().collect();
        for (who, mut account) in accounts {
            account.leave_out(gone).unwrap();
            prop_assert_eq!(account.unsettled().unwrap(), cash(&left).unwrap().unsettled(who).unwrap());
        }
    }
}
