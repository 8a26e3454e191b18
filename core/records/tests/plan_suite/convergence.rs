//! People edit one plan apart, and what they wrote reaches each of them in any order.

use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::schema::{FieldType, PlanSchema};
use saddlebag_records::plan::{ItemId, MAX_DEPENDENCIES, PlanEdit, PlanValue, PlanView, Verdict};

use crate::kit::*;

/// Something that one of them does.
#[derive(Clone, Debug)]
enum Step {
    Edit {
        who: usize,
        field: usize,
        how: u8,
        n: u8,
    },
    Pull {
        who: usize,
        from: usize,
    },
}

fn step(people: usize) -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..people, any::<usize>(), 0..4_u8, 0..6_u8)
            .prop_map(|(who, field, how, n)| Step::Edit { who, field, how, n }),
        1 => (0..people, 0..people).prop_map(|(who, from)| Step::Pull { who, from }),
    ]
}

/// An edit of one field, if it can be made to what the plan says now.
fn edits(view: &PlanView, field: usize, how: u8, n: u8) -> Vec<PlanEdit> {
    let fields = &PlanSchema::of(view.kind).unwrap().fields;
    let field = &fields[field % fields.len()];
    let name = field.name.clone();
    let item = view.items(&name).first().map(|item| item.id);
    match (&field.holds, how) {
        (FieldType::Scalar(_), 0) => vec![PlanEdit::Clear { field: name }],
        (FieldType::Note, 1 | 2) => {
            let length = view.text(&name).unwrap_or("").chars().count();
            let at = usize::from(n).min(length);
            let delete = usize::from(how - 1).min(length - at);
            vec![PlanEdit::SpliceNote {
                field: name,
                at,
                delete,
                insert: "қар".repeat(usize::from(n % 3)),
            }]
        }
        (FieldType::List(holds), 0) => vec![PlanEdit::Remove {
            field: name,
            value: scalar(holds, n),
        }],
        (FieldType::Map(_), 0) => vec![PlanEdit::ClearEntry {
            field: name,
            key: "zh-Hans".into(),
        }],
        (FieldType::Map(holds), 1) => {
            vec![PlanEdit::SetEntry {
                field: name,
                key: "kk-Arab".into(),
                value: scalar(holds, n),
            }]
        }
        (FieldType::Items(_), 0 | 1) if item.is_some() => {
            vec![PlanEdit::RemoveItem {
                field: name,
                item: item.unwrap(),
            }]
        }
        (FieldType::Items(of_item), 2) if item.is_some() => {
            let of_item = &of_item[usize::from(n) % of_item.len()];
            let FieldType::Scalar(holds) = &of_item.holds else {
                return Vec::new();
            };
            let (item, value) = (item.unwrap(), scalar(holds, n));
            vec![PlanEdit::SetInItem {
                field: name,
                item,
                name: of_item.name.clone(),
                value,
            }]
        }
        (FieldType::Items(_), _) if view.items(&name).iter().any(|item| item.id == ItemId([n; 8])) => {
            Vec::new()
        }
        _ => fill(field, n),
    }
}

fn kinds() -> impl Strategy<Value = RecordKind> {
    prop::sample::select(vec![
        RecordKind::Delivery,
        RecordKind::Errand,
        RecordKind::Place,
        RecordKind::Case,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_order_and_duplication_gives_one_plan(
        kind in kinds(),
        steps in prop::collection::vec(step(4), 1..40),
        seed: u64,
    ) {
        let mut people: Vec<_> = (1..=4).map(|actor| Copy::new(kind, actor)).collect();
        for step in steps {
            match step {
                Step::Edit { who, field, how, n } => {
                    let edits = edits(&people[who].view, field, how, n);
                    people[who].edit(&edits);
                }
                Step::Pull { who, from } => {
                    let written = people[from].written.clone();
                    people[who].pull(&written);
                }
            }
        }
        let all: Vec<_> = people.iter().flat_map(|copy| copy.written.clone()).collect();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        for copy in people.iter_mut().chain([&mut Copy::new(kind, 9)]) {
            let mut unsent = all.clone();
            unsent.extend(all.iter().filter(|_| random.random_bool(0.3)).cloned());
            unsent.shuffle(&mut random);
            // What waits is kept beside the plan and offered again, as a phone and a server do.
            let mut waiting: Vec<Vec<u8>> = Vec::new();
            for part in unsent.chunks(random.random_range(1..=unsent.len().max(1))) {
                let offered: Vec<_> = waiting.drain(..).chain(part.iter().cloned()).collect();
                let verdicts = copy.pull(&offered);
                for (change, verdict) in offered.into_iter().zip(verdicts) {
                    match verdict {
                        Verdict::Admitted(_) | Verdict::Known(_) => {}
                        Verdict::Waiting { .. } => waiting.push(change),
                        other => prop_assert!(false, "an honest change is not {:?}", other),
                    }
                }
            }
            prop_assert!(waiting.is_empty());
        }
        let first = people[0].trial(Sender::County, &[]);
        for copy in &people[1..] {
            let other = copy.trial(Sender::County, &[]);
            prop_assert_eq!(&other.view, &first.view);
            prop_assert_eq!(&other.heads, &first.heads);
        }
        let stored = first.view.to_bytes();
        prop_assert_eq!(PlanView::from_bytes(&stored).unwrap(), first.view);
    }
}

#[test]
fn different_values_written_apart_are_both_shown_until_settled() {
    let (mut a, mut b) = (
        Copy::new(RecordKind::Delivery, 1),
        Copy::new(RecordKind::Delivery, 2),
    );
    a.edit(&[PlanEdit::set("order", 1024), PlanEdit::set("cash_fen", 500)]);
    b.edit(&[PlanEdit::set("order", 2048), PlanEdit::set("cash_fen", 500)]);
    let (from_a, from_b) = (a.written.clone(), b.written.clone());
    a.pull(&from_b);
    b.pull(&from_a);
    assert_eq!(a.view, b.view);
    assert!(!a.view.is_contested("cash_fen"), "equal values are no conflict");
    let [conflict] = &a.view.conflicts[..] else {
        panic!("one conflict")
    };
    let written: Vec<_> = conflict
        .values
        .iter()
        .map(|w| (w.value.clone(), w.actor))
        .collect();
    assert_eq!(
        written,
        [
            (PlanValue::Integer(2048), b.actor),
            (PlanValue::Integer(1024), a.actor)
        ]
    );
    assert_eq!(a.view.uint("order"), Some(2048), "the first of them stands");

    let settled = a
        .edit(&[PlanEdit::set("order", 2048)])
        .expect("to write what stands is to settle it");
    b.pull(&[settled.change]);
    assert!(b.view.conflicts.is_empty());
    assert!(
        b.edit(&[PlanEdit::set("order", 2048)]).is_none(),
        "nothing is left to write"
    );
}

#[test]
fn items_are_merged_field_by_field_and_named_for_good() {
    let (mut a, mut b) = (Copy::new(RecordKind::Errand, 1), Copy::new(RecordKind::Errand, 2));
    let add = |id: u8, what: &str| PlanEdit::AddItem {
        field: "shopping".into(),
        item: ItemId([id; 8]),
        values: [("text".to_owned(), text(what))].into(),
    };
    let set = |name: &str, value| PlanEdit::SetInItem {
        field: "shopping".into(),
        item: ItemId([1; 8]),
        name: name.into(),
        value,
    };
    a.edit(&[add(1, "茶砖")]);
    let first = a.written.clone();
    b.pull(&first);
    a.edit(&[set("quantity", text("2"))]);
    b.edit(&[
        set("or_else", PlanValue::Texts(vec!["红茶".into(), "奶茶粉".into()])),
        add(2, "盐"),
    ]);
    let (from_a, from_b) = (a.written.clone(), b.written.clone());
    a.pull(&from_b);
    b.pull(&from_a);
    assert_eq!(a.view, b.view);
    let [tea, salt] = a.view.items("shopping") else {
        panic!("two items")
    };
    assert_eq!((tea.id, salt.id), (ItemId([1; 8]), ItemId([2; 8])));
    assert_eq!(tea.values["quantity"], text("2"));
    assert_eq!(
        tea.values["or_else"],
        PlanValue::Texts(vec!["红茶".into(), "奶茶粉".into()])
    );
    assert!(a.view.conflicts.is_empty());
}

#[test]
fn a_plan_with_many_heads_can_be_edited() {
    let mut county = Copy::new(RecordKind::Delivery, 100);
    county.edit(&[PlanEdit::set("order", 1)]);
    let mut all = Vec::new();
    for n in 1..=12 {
        let mut apart = Copy::new(RecordKind::Delivery, n);
        apart.edit(&[PlanEdit::note("notes", &format!("{n}。"))]);
        county.pull(&apart.written);
        all.extend(apart.written);
    }
    assert_eq!(county.trial(Sender::County, &[]).heads.len(), 13);
    for (edit, heads) in [(1, 6), (2, 1)] {
        let edited = county.edit(&[PlanEdit::set("order", 1000 + edit)]).unwrap();
        assert!(edited.header.deps.len() <= MAX_DEPENDENCIES);
        assert_eq!(county.trial(Sender::County, &[]).heads.len(), heads);
        assert_eq!(county.view.int("order"), Some(1000 + edit));
    }
    let mut other = Copy::new(RecordKind::Delivery, 101);
    all.extend(county.written.clone());
    all.reverse();
    assert!(
        other
            .pull(&all)
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Admitted(_)))
    );
    assert_eq!(other.view, county.view);
}
