//! What has been seen to harm Automerge 0.12, and what the guard and the trial say to it.

use saddlebag_records::id::ActorId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::{Judgement, PlanHistory, Sender, judge};
use saddlebag_records::plan::{GuardRefusal, MAX_CHANGE_BYTES, PlanEdit, Verdict, start};

use crate::kit::*;

const KIND: RecordKind = RecordKind::Delivery;

/// A courier with one change in the plan, and a second one that nobody has yet.
fn courier() -> (Copy, Vec<u8>) {
    let mut copy = Copy::new(KIND, 7);
    copy.edit(&[
        PlanEdit::set("address", "沙尔布拉克 12"),
        PlanEdit::note("notes", "慢"),
    ])
    .unwrap();
    let mut ahead = copy.clone();
    let next = ahead
        .edit(&[PlanEdit::set("order", 2048), PlanEdit::note("notes", "慢点")])
        .unwrap();
    (copy, next.change)
}

/// What is said to the second change after something was done to its parts.
fn verdict_on(spoil: impl FnOnce(&mut Forged)) -> Verdict {
    let (copy, change) = courier();
    let mut forged = Forged::take_apart(&change);
    assert_eq!(forged.put_together(), change, "the parts are all there");
    spoil(&mut forged);
    copy.verdict(&forged.put_together())
}

#[test]
fn an_honest_change_is_admitted() {
    assert!(matches!(verdict_on(|_| {}), Verdict::Admitted(_)));
}

#[test]
fn a_wrong_checksum_is_refused() {
    let (copy, mut change) = courier();
    change[4] ^= 1;
    assert_refused(&copy.verdict(&change), GuardRefusal::Checksum);
    let (copy, mut change) = courier();
    *change.last_mut().unwrap() ^= 1;
    assert_refused(&copy.verdict(&change), GuardRefusal::Checksum);
}

#[test]
fn deflated_changes_documents_and_bundles_are_refused_unread() {
    for chunk_type in [0, 2, 3, 4, 255] {
        assert_refused(
            &verdict_on(|forged| forged.chunk_type = chunk_type),
            GuardRefusal::NotPlain,
        );
    }
    let (copy, _) = courier();
    assert_refused(
        &copy.verdict(copy.snapshot.as_deref().unwrap()),
        GuardRefusal::NotPlain,
    );
}

#[test]
fn a_run_length_bomb_costs_nothing() {
    let mut twenty_million = Vec::new();
    write_uint(&mut twenty_million, 20_000_000);
    for (specification, run) in [(0x42, 1), (0x34, 0), (0x56, 0), (0x70, 0), (0x01, 0)] {
        let bomb = [&twenty_million[..], &[run]].concat();
        let verdict = verdict_on(|forged| *forged.column(specification) = bomb);
        assert_refused(&verdict, GuardRefusal::OpCount);
    }
}

#[test]
fn no_more_operations_than_allowed() {
    let mut copy = Copy::new(KIND, 7);
    copy.edit(&[PlanEdit::set("order", 1)]).unwrap();
    let ops = |count: u64| {
        let mut forged = Forged::take_apart(&copy.written[0]);
        (forged.seq, forged.start_op, forged.deps) = (2, 4, vec![hash_of(&copy.written[0]).0]);
        // A signed run length of two bytes and a sign byte: 10,000 and 10,001 need their 14th bit.
        let run = [count as u8 | 0x80, (count >> 7) as u8 | 0x80, 0, 1];
        *forged.column(0x42) = run.to_vec();
        copy.verdict(&forged.put_together())
    };
    assert_refused(&ops(10_001), GuardRefusal::OpCount);
    assert_refused(&ops(10_000), GuardRefusal::Malformed);
    assert_refused(
        &verdict_on(|forged| forged.columns.clear()),
        GuardRefusal::OpCount,
    );
}

#[test]
fn a_gap_in_the_sequence_is_refused() {
    for seq in [0, 3, 4, 1 << 20, u64::MAX] {
        assert_refused(&verdict_on(|forged| forged.seq = seq), GuardRefusal::Sequence);
    }
}

#[test]
fn a_sequence_number_used_twice_harms_no_other_change() {
    assert_refused(&verdict_on(|forged| forged.seq = 1), GuardRefusal::SequenceReused);
    let (copy, change) = courier();
    let mut clone = copy.clone();
    let other = clone.edit(&[PlanEdit::set("order", 4096)]).unwrap().change;
    let mut neighbour = Copy::new(KIND, 9);
    let honest = neighbour
        .edit(&[PlanEdit::set("name", "叶尔兰（示例）")])
        .unwrap()
        .change;
    let actors = [copy.actor, neighbour.actor];
    let outcome = copy.trial(Sender::Device(&actors), &[change, other, honest]);
    assert!(matches!(outcome.verdicts[0], Verdict::Admitted(_)));
    assert_refused(&outcome.verdicts[1], GuardRefusal::SequenceReused);
    assert!(matches!(outcome.verdicts[2], Verdict::Admitted(_)));
    assert_eq!(outcome.view.uint("order"), Some(2048));
}

#[test]
fn a_change_hangs_on_its_actors_last_one() {
    let golden = start(KIND).unwrap().hash.0;
    let verdict = verdict_on(|forged| (forged.deps, forged.start_op) = (vec![golden], 4));
    assert_refused(&verdict, GuardRefusal::Sequence);
}

#[test]
fn the_first_counter_follows_the_dependencies() {
    let (_, change) = courier();
    let begins = Forged::take_apart(&change).start_op;
    for start_op in [
        0,
        1,
        begins - 1,
        begins + 16,
        u64::from(u32::MAX),
        1 << 24,
        u64::MAX,
    ] {
        let verdict = verdict_on(|forged| forged.start_op = start_op);
        // Below, what the operations name may come after them, which is refused as well.
        let refused = [GuardRefusal::StartOp, GuardRefusal::Reference].map(Verdict::Refused);
        assert!(refused.contains(&verdict), "{start_op}: {verdict:?}");
    }
}

#[test]
fn a_missing_dependency_is_waited_for() {
    let (copy, change) = courier();
    let fresh = Copy::new(KIND, 7);
    let Verdict::Waiting { missing, .. } = fresh.verdict(&change) else {
        panic!("it waits")
    };
    assert_eq!(missing, [hash_of(&copy.written[0])]);
    let backwards = [change, copy.written[0].clone()];
    let outcome = fresh.trial(Sender::Device(&[fresh.actor]), &backwards);
    assert!(
        outcome
            .verdicts
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Admitted(_)))
    );
    assert_eq!(outcome.view.text("notes"), Some("慢点"));
}

#[test]
fn messages_times_trailing_bytes_and_unknown_columns_are_refused() {
    assert_refused(
        &verdict_on(|forged| forged.message = b"hi".to_vec()),
        GuardRefusal::Message,
    );
    assert_refused(&verdict_on(|forged| forged.time = 1), GuardRefusal::Time);
    assert_refused(&verdict_on(|forged| forged.time = -1), GuardRefusal::Time);
    assert_refused(
        &verdict_on(|forged| forged.extra = vec![0]),
        GuardRefusal::TrailingBytes,
    );
    for unknown in [0x94, 0xa5, 0x42 | 8, 0x16, 0x20, 0x107] {
        assert_refused(
            &verdict_on(|forged| forged.column(unknown).push(1)),
            GuardRefusal::UnknownColumn,
        );
    }
    let (copy, mut change) = courier();
    change.push(0);
    assert_refused(&copy.verdict(&change), GuardRefusal::TrailingBytes);
}

#[test]
fn nothing_is_larger_than_allowed() {
    let (copy, _) = courier();
    let large = frame(1, &vec![0; MAX_CHANGE_BYTES]);
    assert_refused(&copy.verdict(&large), GuardRefusal::TooLarge);
    let nine = verdict_on(|forged| forged.deps.extend((0..8).map(|n| [n; 32])));
    assert_refused(&nine, GuardRefusal::Dependencies);
    assert_refused(
        &verdict_on(|forged| forged.deps.push(forged.deps[0])),
        GuardRefusal::Dependencies,
    );
    assert_refused(
        &verdict_on(|forged| forged.deps.clear()),
        GuardRefusal::Dependencies,
    );
}

#[test]
fn actors_are_their_devices_own() {
    assert_refused(
        &verdict_on(|forged| forged.actor.truncate(15)),
        GuardRefusal::ActorLength,
    );
    assert_refused(
        &verdict_on(|forged| forged.actor.clear()),
        GuardRefusal::ActorLength,
    );
    assert_refused(
        &verdict_on(|forged| forged.actor[0] ^= 1),
        GuardRefusal::ForeignActor,
    );
    assert_refused(
        &verdict_on(|forged| forged.actor = vec![0; 16]),
        GuardRefusal::OtherActors,
    );
    let zero = verdict_on(|forged| {
        forged.actor = vec![0; 16];
        forged.others.clear();
    });
    assert_refused(&zero, GuardRefusal::ZeroActor);
    let golden = &start(KIND).unwrap().bytes;
    assert_refused(&courier().0.verdict(golden), GuardRefusal::ZeroActor);
}

#[test]
fn the_other_actors_are_a_sorted_list_without_the_author() {
    let spoils: [fn(&mut Forged); 5] = [
        |forged| forged.others.push(vec![7; 16]),
        |forged| forged.others.push(forged.others[0].clone()),
        |forged| forged.others.insert(0, vec![9; 16]),
        |forged| forged.others.push(vec![9; 15]),
        |forged| forged.others.extend((0..64).map(|n| vec![100 + n; 16])),
    ];
    for spoil in spoils {
        assert_refused(&verdict_on(spoil), GuardRefusal::OtherActors);
    }
    // One that no operation names would be lost in a save.
    let unused = verdict_on(|forged| forged.others.push(vec![9; 16]));
    assert!(matches!(unused, Verdict::Refused(_)), "{unused:?}");
}

/// A change by Automerge itself, by somebody who does not keep to the schema.
fn by_automerge(write: impl FnOnce(&mut automerge::AutoCommit)) -> Verdict {
    let mut document = automerge::AutoCommit::new();
    document.load_incremental(&start(KIND).unwrap().bytes).unwrap();
    document.set_actor(automerge::ActorId::from([7; 16]));
    write(&mut document);
    let options = automerge::transaction::CommitOptions::default().with_time(0);
    document.commit_with(options).unwrap();
    Copy::new(KIND, 7).verdict(document.get_last_local_change().unwrap().raw_bytes())
}

#[test]
fn only_a_start_makes_or_replaces_an_object_at_the_root() {
    use automerge::transaction::Transactable;
    use automerge::{ObjType, ROOT, ReadDoc, ScalarValue};
    for object in [ObjType::Map, ObjType::List, ObjType::Text] {
        for key in ["n", "new", "a", "_"] {
            let verdict = by_automerge(|doc| drop(doc.put_object(ROOT, key, object).unwrap()));
            assert_refused(&verdict, GuardRefusal::RootObject);
        }
    }
    assert_refused(
        &by_automerge(|doc| doc.delete(ROOT, "n").unwrap()),
        GuardRefusal::RootObject,
    );
    assert_refused(
        &by_automerge(|doc| doc.delete(ROOT, "_").unwrap()),
        GuardRefusal::RootObject,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "_", 2).unwrap()),
        GuardRefusal::RootObject,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "n", "x").unwrap()),
        GuardRefusal::RootObject,
    );
    let counter = ScalarValue::counter(1);
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "o", counter).unwrap()),
        GuardRefusal::Action,
    );
    let block = by_automerge(|doc| {
        let (_, note) = doc.get(ROOT, "n").unwrap().unwrap();
        doc.split_block(note, 0).unwrap();
    });
    assert_refused(&block, GuardRefusal::RootObject);
}

#[test]
fn a_field_holds_what_its_type_says() {
    use automerge::ROOT;
    use automerge::transaction::Transactable;
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "o", "first").unwrap()),
        GuardRefusal::FieldType,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "o", -1).unwrap()),
        GuardRefusal::FieldType,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "q", 10_000_001).unwrap()),
        GuardRefusal::FieldType,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "h", vec![1; 15]).unwrap()),
        GuardRefusal::FieldType,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "m", "長".repeat(61)).unwrap()),
        GuardRefusal::FieldType,
    );
    assert_refused(
        &by_automerge(|doc| doc.put(ROOT, "m", ()).unwrap()),
        GuardRefusal::FieldType,
    );
    let long_key = by_automerge(|doc| doc.put(ROOT, "seventeen letters", 1).unwrap());
    assert_refused(&long_key, GuardRefusal::Key);
    assert!(matches!(
        by_automerge(|doc| doc.put(ROOT, "zz", 1.5).unwrap()),
        Verdict::Admitted(_)
    ));
    assert!(matches!(
        by_automerge(|doc| doc.put(ROOT, "o", 5_u64).unwrap()),
        Verdict::Admitted(_)
    ));
}

#[test]
fn what_hangs_on_a_refused_change_is_orphaned_and_nothing_else() {
    let (copy, change) = courier();
    let mut ahead = copy.clone();
    ahead.pull(std::slice::from_ref(&change));
    let third = ahead.edit(&[PlanEdit::set("cash_fen", 500)]).unwrap().change;
    let mut bad = Forged::take_apart(&change);
    bad.time = 5;
    let bad = bad.put_together();
    let mut hangs = Forged::take_apart(&third);
    hangs.deps = vec![hash_of(&bad).0];
    let outcome = copy.trial(Sender::Device(&[copy.actor]), &[bad, hangs.put_together()]);
    assert_refused(&outcome.verdicts[0], GuardRefusal::Time);
    assert!(
        matches!(outcome.verdicts[1], Verdict::Waiting { .. }),
        "a change that cannot be read has no name"
    );
    let mut sound = Forged::take_apart(&change);
    sound.start_op += 40;
    let sound = sound.put_together();
    let mut hangs = Forged::take_apart(&third);
    hangs.deps = vec![hash_of(&sound).0];
    let outcome = copy.trial(Sender::Device(&[copy.actor]), &[sound, hangs.put_together()]);
    assert_refused(&outcome.verdicts[0], GuardRefusal::StartOp);
    assert_refused(&outcome.verdicts[1], GuardRefusal::Orphaned);
}

#[test]
fn the_county_alone_brings_later_starts_and_they_make_objects_alone() {
    let golden = start(KIND).unwrap();
    let mut later = Forged::take_apart(&golden.bytes);
    (later.deps, later.seq, later.start_op) = (vec![golden.hash.0], 2, golden.max_op + 1);
    let run = |bytes: &[u8]| bytes.to_vec();
    later.columns = vec![
        (0x15, run(&[0x7f, 2, b'z', b'z'])),
        (0x34, run(&[1])),
        (0x42, run(&[0x7f, 2])),
        (0x56, run(&[0x7f, 0])),
        (0x70, run(&[0x7f, 0])),
    ];
    let start_2 = later.put_together();
    let mut copy = Copy::new(KIND, 7);
    copy.edit(&[PlanEdit::set("order", 1)]);
    let from_device = copy.trial(Sender::Device(&[ActorId::ZERO]), std::slice::from_ref(&start_2));
    assert_refused(&from_device.verdicts[0], GuardRefusal::ZeroActor);
    assert!(matches!(
        copy.pull(std::slice::from_ref(&start_2))[0],
        Verdict::Admitted(_)
    ));
    assert!(matches!(
        copy.pull(std::slice::from_ref(&start_2))[0],
        Verdict::Known(_)
    ));
    assert!(copy.view.unknown.contains_key("zz"));
    assert!(
        copy.edit(&[PlanEdit::set("order", 2)]).is_some(),
        "the plan goes on"
    );

    let mut sets = Forged::take_apart(&start_2);
    sets.column(0x42).copy_from_slice(&[0x7f, 1]);
    let mut replaces = Forged::take_apart(&start_2);
    replaces.column(0x15).clone_from(&vec![0x7f, 1, b'n']);
    for bad in [sets, replaces] {
        let verdicts = Copy::new(KIND, 7).pull(&[bad.put_together()]);
        assert_refused(&verdicts[0], GuardRefusal::ZeroActor);
    }
}

#[test]
fn the_guard_alone_needs_no_plan() {
    let (copy, change) = courier();
    let mut history = PlanHistory::new();
    let actors = [copy.actor];
    let judged = |bytes: &[u8], history: &PlanHistory| judge(KIND, bytes, Sender::Device(&actors), history);
    assert!(matches!(judged(&change, &history), Judgement::Waiting { .. }));
    let Judgement::Fit(first) = judged(&copy.written[0], &history) else {
        panic!("it fits")
    };
    history.add(&first);
    assert_eq!(
        judged(&copy.written[0], &history),
        Judgement::Known(first.clone())
    );
    let Judgement::Fit(second) = judged(&change, &history) else {
        panic!("it fits")
    };
    assert_eq!((second.seq, second.start_op), (2, first.max_op + 1));
    assert_eq!(
        judge(RecordKind::Tip, &change, Sender::County, &history),
        Judgement::Refused(GuardRefusal::NoPlan)
    );
}

#[test]
fn codes_are_stable_and_told_apart() {
    for refusal in GuardRefusal::ALL {
        assert_eq!(GuardRefusal::from_code(refusal.code()), Some(refusal));
    }
}
