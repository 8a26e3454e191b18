//! Whatever is done to them, the backends answer and read alike.

use proptest::prelude::*;
use saddlebag_records::access::{Audience, Cause, Grant};
use saddlebag_records::fact::{FactHash, FactKind, Was};
use saddlebag_records::id::{DeviceNumber, FactId};
use saddlebag_records::kind::RecordKind;
use saddlebag_sync_server::store::{
    ForgetReason, HeldId, HeldState, NewFact, ReadTx, Seq, SideKey, StoreError, WriteTx,
};

use crate::given::{
    COURIER, County, DEVICE, OFFICE, STATION, changes, delivery, fact, grant, held, push, record, refused,
    side,
};

const AUDIENCES: [Audience; 3] = [COURIER, STATION, OFFICE];

#[derive(Clone, Debug)]
enum Act {
    AddRecord(u8),
    Facts(Vec<(u8, u8, u8)>),
    Changes(u8, u8, u64),
    Side(u64, u8, u8),
    RemoveSide(u64, u8),
    Grants(u8, Vec<(u8, bool, Option<i64>)>),
    AdmitHeld(u64),
    DropHeld(u64),
    Forget(u8, bool),
    Prune(u64),
    Fail(Box<Act>),
}

fn act() -> impl Strategy<Value = Act> {
    let id = 1..4_u8;
    let simple = prop_oneof![
        2 => id.clone().prop_map(Act::AddRecord),
        6 => prop::collection::vec((id.clone(), 0..5_u8, 0..3_u8), 1..5).prop_map(Act::Facts),
        2 => (id.clone(), 1..3_u8, 1..4_u64).prop_map(|(id, actor, seq)| Act::Changes(id, actor, seq)),
        2 => (1..12_u64, 0..2_u8, 0..2_u8).prop_map(|(n, name, value)| Act::Side(n, name, value)),
        1 => (1..12_u64, 0..2_u8).prop_map(|(n, name)| Act::RemoveSide(n, name)),
        3 => (id.clone(), prop::collection::vec((0..6_u8, any::<bool>(), prop::option::of(0..3_i64)), 0..4))
            .prop_map(|(id, grants)| Act::Grants(id, grants)),
        1 => (1..9_u64).prop_map(Act::AdmitHeld),
        1 => (1..9_u64).prop_map(Act::DropHeld),
        1 => (id, any::<bool>()).prop_map(|(id, person)| Act::Forget(id, person)),
        1 => (0..9_u64).prop_map(Act::Prune),
    ];
    simple.prop_flat_map(|act| prop_oneof![7 => Just(act.clone()), 1 => Just(Act::Fail(Box::new(act)))])
}

/// Does it, and says what came of it.
fn perform(tx: &mut dyn WriteTx, act: &Act) -> Result<String, StoreError> {
    Ok(match act {
        Act::AddRecord(id) => format!("{:?}", tx.add_record(&delivery(record(*id)))?),
        Act::Facts(facts) => {
            let first = tx.author(DEVICE)?.fact_count + 1;
            let facts = facts
                .iter()
                .zip(first..)
                .map(|(drawn, n)| drawn_fact(n, *drawn))
                .collect();
            format!("{:?}", tx.append_facts(&push(facts))?)
        }
        Act::Changes(id, actor, seq) => {
            let tried_at = tx.plan(record(*id))?.map_or(0, |plan| plan.change_count);
            format!(
                "{:?}",
                tx.append_changes(&changes(record(*id), *actor, &[*seq], tried_at))?
            )
        }
        Act::Side(n, name, value) => {
            let fact = FactId::new(DEVICE, *n);
            format!("{:?}", tx.append_side(fact, DEVICE, &side(*name, &[*value]))?)
        }
        Act::RemoveSide(n, name) => {
            let key = SideKey {
                fact: FactId::new(DEVICE, *n),
                name: *name,
                ordinal: 0,
            };
            format!("{:?}", tx.remove_side(key)?)
        }
        Act::Grants(id, drawn) => {
            let wanted: Vec<_> = drawn.iter().map(|drawn| drawn_grant(*drawn)).collect();
            format!("{:?}", tx.replace_grants(record(*id), &wanted)?)
        }
        Act::AdmitHeld(id) => {
            let kind = FactKind::new(RecordKind::Delivery, 3);
            format!("{:?}", tx.admit_held_fact(HeldId(*id), kind, None)?)
        }
        Act::DropHeld(id) => format!("{:?}", tx.drop_held(HeldId(*id), "dropped")?),
        Act::Forget(id, person) => {
            let reason = if *person {
                ForgetReason::Person
            } else {
                ForgetReason::Retention
            };
            format!("{:?}", tx.forget_record(record(*id), reason)?)
        }
        Act::Prune(up_to) => format!("{:?}", tx.prune_log(Seq(*up_to))?),
        Act::Fail(act) => {
            perform(tx, act)?;
            return Err(StoreError::Conflict("on purpose"));
        }
    })
}

fn drawn_fact(n: u64, (id, sides, fate): (u8, u8, u8)) -> NewFact {
    let mut drawn = fact(n, record(id));
    drawn.sides = (0..sides.min(2)).map(|name| side(name, &[sides])).collect();
    if sides == 4 {
        drawn.was = Some(Was {
            id: FactId::new(DeviceNumber(9), n / 4),
            hash: FactHash([1; 32]),
        });
    }
    match fate {
        0 => drawn,
        1 => held(drawn),
        _ => refused(drawn),
    }
}

fn drawn_grant((audience, open, until_ms): (u8, bool, Option<i64>)) -> Grant {
    let cause = if audience < 3 {
        Cause::Assigned
    } else {
        Cause::Held
    };
    Grant {
        until_ms,
        open,
        ..grant(AUDIENCES[usize::from(audience % 3)], cause)
    }
}

/// All that the acts can have touched.
fn everything(tx: &dyn ReadTx) -> Result<Vec<String>, StoreError> {
    let mut all = vec![
        format!("{:?}", tx.county()?),
        format!("{:?}", tx.counts()?),
        format!("{:?}", tx.author(DEVICE)?),
        format!("{:?}", tx.numbers(DEVICE, 1, 1000)?),
        format!("{:?}", tx.facts_by(DEVICE, 1, 1000)?),
        format!("{:?}", tx.expired_grants(1, 10)?),
        format!("{:?}", tx.granted_to(&AUDIENCES, Seq::START, 1000)?),
        format!("{:?}", tx.held_bytes(DEVICE)?),
    ];
    for state in HeldState::ALL {
        all.push(format!("{:?}", tx.held_list(state, HeldId(0), 1000)?));
    }
    for id in (1..4).map(record) {
        all.push(format!(
            "{:?}",
            (tx.record(id)?, tx.plan(id)?, tx.grants(id)?, tx.tombstone(id)?)
        ));
        all.push(format!(
            "{:?}",
            (tx.facts(id)?, tx.changes(id)?, tx.change_heads(id)?)
        ));
        all.push(format!(
            "{:?}",
            (
                tx.sides(id)?,
                tx.held_of(id)?,
                tx.items(id, Seq::START, Seq(1000), 1000)?
            )
        ));
        for audience in AUDIENCES {
            all.push(format!(
                "{:?}",
                (tx.sees(&[audience], id)?, tx.ever_saw(&[audience], id)?)
            ));
        }
    }
    for audience in AUDIENCES {
        for row in tx.log_page(&[audience], Seq::START, 1000)? {
            all.push(format!("{row:?} {:?}", tx.item(&row)?));
        }
    }
    Ok(all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn backends_answer_and_read_alike(acts in prop::collection::vec(act(), 1..40)) {
        let (memory, file) = (County::in_memory(), County::in_a_file());
        memory.with(&[record(1)]);
        file.with(&[record(1)]);
        for act in acts {
            let answers = [&memory, &file].map(|county| {
                let act = act.clone();
                county.tries(move |tx| perform(tx, &act)).map_err(|error| error.code())
            });
            prop_assert_eq!(&answers[0], &answers[1], "{:?}", act);
        }
        prop_assert_eq!(memory.sees(everything), file.sees(everything));
        let kept = file.sees(everything);
        prop_assert_eq!(file.reopened().sees(everything), kept);
    }

    /// A number is 64 bits: no author, position or counter that somebody makes up breaks a read.
    #[test]
    fn made_up_numbers_find_nothing(device: u64, n in any::<u64>(), m in any::<u64>()) {
        for county in [County::in_memory(), County::in_a_file()] {
            let author = DeviceNumber(device);
            county.sees(|tx| {
                assert_eq!(tx.fact(FactId::new(author, n))?, None);
                assert_eq!(tx.facts_by(author, n.min(m), n.max(m))?, []);
                assert_eq!(tx.numbers(author, n.min(m), n.max(m))?, []);
                assert_eq!(tx.log_nonce(Seq(n))?, None);
                assert_eq!(tx.log_page(&AUDIENCES, Seq(n), usize::MAX)?, []);
                assert_eq!(tx.items(record(1), Seq(n), Seq(m), usize::MAX)?, []);
                assert_eq!(tx.held(HeldId(n))?, None);
                tx.device(author).map(drop)
            });
        }
    }
}
