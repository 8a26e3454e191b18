//! 20,000 mutated changes, as they were measured to come: none may panic through, spoil a save or harm an honest edit.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::{Judgement, PlanHistory, Sender, judge};
use saddlebag_records::plan::{ChangeHeader, ItemId, PlanEdit, Verdict, edit};

use crate::kit::*;

const MUTATED: usize = 20_000;

/// A plan and a change that is not in it yet.
struct Target {
    copy: Copy,
    /// Every change of the plan.
    changes: Vec<Vec<u8>>,
    known: PlanHistory,
    next: Vec<u8>,
}

/// Plans of the kinds with every type of field, each with an edit of every sort as the next change.
fn targets() -> Vec<Target> {
    let mut targets = Vec::new();
    for kind in [
        RecordKind::Delivery,
        RecordKind::Errand,
        RecordKind::Place,
        RecordKind::Case,
        RecordKind::Camp,
    ] {
        let mut copy = Copy::new(kind, 7);
        copy.edit(&fill_all(kind, 1)).unwrap();
        let mut other = Copy::new(kind, 3);
        other.edit(&fill_all(kind, 2)).unwrap();
        copy.pull(&other.written);
        let mut known = PlanHistory::new();
        let changes = [copy.written.clone(), other.written].concat();
        for change in &changes {
            known.add(&ChangeHeader::read(change).unwrap());
        }
        let mut ahead = copy.clone();
        let mut edits = fill_all(kind, 3);
        edits.extend(match kind {
            RecordKind::Delivery => vec![PlanEdit::SpliceNote {
                field: "notes".into(),
                at: 1,
                delete: 2,
                insert: "й".into(),
            }],
            RecordKind::Errand => vec![
                PlanEdit::RemoveItem {
                    field: "shopping".into(),
                    item: ItemId([1; 8]),
                },
                PlanEdit::SetInItem {
                    field: "shopping".into(),
                    item: ItemId([2; 8]),
                    name: "quantity".into(),
                    value: text("2 kg"),
                },
            ],
            RecordKind::Place => vec![PlanEdit::ClearEntry {
                field: "names".into(),
                key: "zh-Hans".into(),
            }],
            RecordKind::Case => vec![PlanEdit::Clear {
                field: "place".into(),
            }],
            _ => Vec::new(),
        });
        let next = ahead.edit(&edits).unwrap().change;
        targets.push(Target {
            copy,
            changes,
            known,
            next,
        });
    }
    targets
}

/// The change with something done to its contents, in a frame that is right again.
fn mutate(change: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut at = 9;
    uint(change, &mut at);
    let mut contents = change[at..].to_vec();
    // The header alone decides most fates, so half of the mutations spare it.
    let from = if random.random_bool(0.5) {
        contents.len() / 3
    } else {
        0
    };
    for _ in 0..random.random_range(1..=3) {
        let place = random.random_range(from..contents.len());
        match random.random_range(0..6) {
            0 => contents[place] ^= 1 << random.random_range(0..8),
            1 => contents[place] = random.random(),
            2 => contents[place] = contents[place].wrapping_add(1),
            3 => contents[place] = contents[place].wrapping_sub(1),
            4 => contents.insert(place, random.random()),
            _ => drop(contents.remove(place)),
        }
    }
    frame(1, &contents)
}

/// The change with something done to one of its columns, the others left whole.
fn mutate_column(change: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut forged = Forged::take_apart(change);
    let column = random.random_range(0..forged.columns.len());
    let data = &mut forged.columns[column].1;
    for _ in 0..random.random_range(1..=2) {
        let place = random.random_range(0..data.len());
        data[place] = if random.random_bool(0.5) {
            random.random()
        } else {
            data[place] ^ 1
        };
    }
    if random.random_bool(0.2) {
        forged.start_op += random.random_range(0..3);
    }
    forged.put_together()
}

#[test]
fn twenty_thousand_mutated_changes_harm_nothing() {
    let seed = match std::env::var("SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .subsec_nanos()
            .into(),
    };
    println!("SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let targets = targets();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for n in 0..MUTATED {
        let target = &targets[n % targets.len()];
        let change = match random.random_range(0..2) {
            0 => mutate(&target.next, &mut random),
            _ => mutate_column(&target.next, &mut random),
        };
        let kind = target.copy.kind;
        let outcome = match judge(kind, &change, Sender::Device(&[target.copy.actor]), &target.known) {
            Judgement::Refused(refusal) => refusal.code().to_owned(),
            Judgement::Waiting { .. } => "waiting".to_owned(),
            Judgement::Known(_) => "known".to_owned(),
            // Half of them are tried, by their checksums: a trial takes 4 ms in a debug build.
            Judgement::Fit(_) if !change[5].is_multiple_of(2) => "fits".to_owned(),
            Judgement::Fit(_) => tried(target, &change),
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    println!("{outcomes:#?}");
    assert!(
        outcomes.contains_key("admitted and edited on"),
        "mutation is too harsh to try the trial: {outcomes:?}"
    );
}

/// What the trial says of a change that the guard let through. One that it admits leaves a plan to live with.
fn tried(target: &Target, change: &[u8]) -> String {
    let copy = &target.copy;
    let outcome = copy.trial(Sender::Device(&[copy.actor]), &[change.to_vec()]);
    match &outcome.verdicts[0] {
        Verdict::Refused(refusal) => {
            assert_eq!(outcome.view, copy.view, "a refused change leaves no trace");
            if change[4].is_multiple_of(16) {
                let mut neighbour = Copy::new(copy.kind, 3);
                let honest = neighbour_change(copy, &mut neighbour);
                let batch = [change.to_vec(), honest];
                let verdicts = copy
                    .trial(Sender::Device(&[copy.actor, neighbour.actor]), &batch)
                    .verdicts;
                assert_eq!(verdicts[0], outcome.verdicts[0], "the bad one is found");
                assert!(matches!(verdicts[1], Verdict::Admitted(_)), "and harms no other");
            }
            format!("tried and {}", refusal.code())
        }
        // Every eighth, by its checksum, is edited on: that costs four more trials.
        Verdict::Admitted(_) if !change[4].is_multiple_of(8) => "admitted".to_owned(),
        Verdict::Admitted(_) => {
            let edited = edit(
                copy.kind,
                Some(&outcome.snapshot),
                copy.actor,
                &fill_all(copy.kind, 4),
            );
            let edited = edited
                .expect("the plan can be edited on")
                .expect("something changes");
            let mut again = copy.clone();
            let verdicts = again.pull(&[change.to_vec(), edited.change.clone()]);
            assert!(
                verdicts
                    .iter()
                    .all(|verdict| matches!(verdict, Verdict::Admitted(_))),
                "{verdicts:?}"
            );
            assert_eq!(again.view, edited.view);
            let mut elsewhere = Copy::new(copy.kind, 9);
            let mut all_at_once = vec![edited.change, change.to_vec()];
            all_at_once.extend(target.changes.clone());
            let verdicts = elsewhere.pull(&all_at_once);
            assert!(
                verdicts
                    .iter()
                    .all(|verdict| matches!(verdict, Verdict::Admitted(_))),
                "{verdicts:?}"
            );
            assert_eq!(elsewhere.view, edited.view, "in any order");
            "admitted and edited on".to_owned()
        }
        other => panic!("a change that fits is admitted or refused: {other:?}"),
    }
}

/// A change that somebody else makes to the same plan.
fn neighbour_change(copy: &Copy, neighbour: &mut Copy) -> Vec<u8> {
    neighbour.snapshot.clone_from(&copy.snapshot);
    neighbour.edit(&fill_all(copy.kind, 5)).unwrap().change
}
