//! What an edit gives back, what it refuses, and which fields a change writes.

use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::schema::PlanSchema;
use saddlebag_records::plan::{
    DamagedPlan, EditError, GuardRefusal, ItemId, PlanEdit, PlanValue, Verdict, edit, fields_touched, trial,
};
use saddlebag_records::position::Position;

use crate::kit::*;

#[test]
fn an_edit_gives_the_change_the_plan_and_the_fields() {
    let mut copy = Copy::new(RecordKind::Delivery, 1);
    let edited = copy
        .edit(&[
            PlanEdit::set("order", 7),
            PlanEdit::set("waybill", "YT8812345678901"),
        ])
        .unwrap();
    assert_eq!(edited.fields, ["order", "waybill"]);
    assert_eq!((edited.header.seq, edited.header.ops), (1, 2));
    assert_eq!(edited.header.hash, hash_of(&edited.change));
    assert_eq!(edited.view.text("waybill"), Some("YT8812345678901"));
    let mut other = Copy::new(RecordKind::Delivery, 2);
    other.pull(&[edited.change]);
    assert_eq!(other.view, copy.view);
}

#[test]
fn every_field_of_every_kind_can_be_written_and_read() {
    for schema in PlanSchema::all() {
        let mut copy = Copy::new(schema.kind, 1);
        let edited = copy.edit(&fill_all(schema.kind, 3)).unwrap();
        assert_eq!(edited.fields.len(), schema.fields.len());
        for field in &schema.fields {
            let value = copy
                .view
                .get(&field.name)
                .unwrap_or_else(|| panic!("{} is empty", field.name));
            assert!(field.holds.may_hold(value), "{}", field.name);
        }
        let touched = fields_touched(schema.kind, None, &[&edited.change])
            .unwrap()
            .remove(0)
            .unwrap();
        assert!(touched.fields.iter().eq(&edited.fields));
        assert!(touched.unknown.is_empty() && !touched.elsewhere);
    }
}

#[test]
fn nothing_happens_where_nothing_changes() {
    let mut copy = Copy::new(RecordKind::Place, 1);
    copy.edit(&fill_all(RecordKind::Place, 3));
    let name = "not_direct".to_owned();
    let again = fill_all(RecordKind::Place, 3)
        .into_iter()
        .filter(|edit| edit.field() != name);
    assert!(copy.edit(&again.collect::<Vec<_>>()).is_none());
    assert!(
        copy.edit(&[PlanEdit::Remove {
            field: "services".into(),
            value: PlanValue::Integer(99)
        }])
        .is_none()
    );
    assert!(
        copy.edit(&[PlanEdit::ClearEntry {
            field: "names".into(),
            key: "en".into()
        }])
        .is_none()
    );
    assert!(copy.edit(&[]).is_none());
}

#[test]
fn an_edit_that_does_not_fit_changes_nothing_and_says_why() {
    let mut copy = Copy::new(RecordKind::Errand, 1);
    copy.edit(&fill_all(RecordKind::Errand, 3));
    let refused =
        |edits: &[PlanEdit]| edit(copy.kind, copy.snapshot.as_deref(), copy.actor, edits).unwrap_err();
    let not_of_type = |field: &str| EditError::NotOfItsType(field.to_owned());
    assert_eq!(
        refused(&[PlanEdit::set("phone", "x")]),
        EditError::NoSuchField("phone".into())
    );
    assert_eq!(refused(&[PlanEdit::set("order", "x")]), not_of_type("order"));
    assert_eq!(refused(&[PlanEdit::set("order", -1)]), not_of_type("order"));
    assert_eq!(
        refused(&[PlanEdit::set("order", 5), PlanEdit::set("notes", "x")]),
        not_of_type("notes")
    );
    let item = |item: u8| (String::from("shopping"), ItemId([item; 8]));
    let (field, there) = item(3);
    let twice = PlanEdit::AddItem {
        field,
        item: there,
        values: Default::default(),
    };
    assert_eq!(refused(&[twice]), EditError::Item(there));
    let (field, missing) = item(9);
    assert_eq!(
        refused(&[PlanEdit::RemoveItem { field, item: missing }]),
        EditError::Item(missing)
    );
    let (field, item) = item(3);
    let line_feed = PlanValue::Texts(vec!["a\nb".into()]);
    let set = PlanEdit::SetInItem {
        field,
        item,
        name: "or_else".into(),
        value: line_feed,
    };
    assert_eq!(refused(&[set]), not_of_type("or_else"));
    let beyond = PlanEdit::SpliceNote {
        field: "notes".into(),
        at: 0,
        delete: 99,
        insert: String::new(),
    };
    assert_eq!(refused(&[beyond]), EditError::OutOfRange);
    let long = PlanEdit::note("notes", &"雪".repeat(20_000));
    assert_eq!(refused(&[long]), EditError::ChangeTooLarge);
    assert_eq!(
        edit(copy.kind, None, ActorId::ZERO, &[]),
        Err(EditError::ZeroActor)
    );
    assert_eq!(
        edit(RecordKind::Tip, None, copy.actor, &[]),
        Err(EditError::NoPlan)
    );
    assert_eq!(
        edit(copy.kind, Some(b"x"), copy.actor, &[]),
        Err(EditError::Damaged)
    );
    let mut camp = Copy::new(RecordKind::Camp, 1);
    let off_the_earth = Position {
        lat_e7: 900_000_001,
        lon_e7: 0,
    };
    let set = PlanEdit::set("position", off_the_earth);
    assert_eq!(
        edit(camp.kind, None, camp.actor, &[set]),
        Err(not_of_type("position"))
    );
    assert!(
        camp.edit(&[PlanEdit::set("household", RecordId([1; 16]))])
            .is_some()
    );
    // A plan of another kind is damaged too.
    assert_eq!(
        edit(copy.kind, camp.snapshot.as_deref(), copy.actor, &[]),
        Err(EditError::Damaged)
    );
}

#[test]
fn a_damaged_snapshot_is_said_to_be_one() {
    let mut copy = Copy::new(RecordKind::Delivery, 1);
    copy.edit(&fill_all(RecordKind::Delivery, 3));
    let sound = copy.snapshot.unwrap();
    for at in 0..sound.len() {
        let mut damaged = sound.clone();
        damaged[at] ^= 0x10;
        assert_eq!(
            trial(copy.kind, Some(&damaged), Sender::County, &[]),
            Err(DamagedPlan),
            "byte {at}"
        );
    }
}

#[test]
fn what_a_change_writes_is_found_through_items_of_others() {
    let mut copy = Copy::new(RecordKind::Errand, 1);
    copy.edit(&fill_all(RecordKind::Errand, 3));
    let before = copy.snapshot.clone();
    let field = String::from("shopping");
    let set = PlanEdit::SetInItem {
        field,
        item: ItemId([3; 8]),
        name: "quantity".into(),
        value: text("5"),
    };
    let edited = copy.edit(&[set]).unwrap();
    let of = |snapshot: Option<&[u8]>, changes: &[&[u8]]| {
        let touched = fields_touched(RecordKind::Errand, snapshot, changes).unwrap();
        touched.last().unwrap().clone().unwrap()
    };
    let in_plan = of(before.as_deref(), &[&edited.change]);
    assert!(in_plan.fields.iter().eq(["shopping"]) && !in_plan.elsewhere);
    let in_batch = of(None, &[&copy.written[0], &edited.change]);
    assert_eq!(in_batch, in_plan);
    let alone = of(None, &[&edited.change]);
    assert!(alone.fields.is_empty() && alone.elsewhere);
    let junk = fields_touched(RecordKind::Errand, None, &[b"junk"])
        .unwrap()
        .remove(0);
    assert_eq!(junk, Err(GuardRefusal::NotPlain));
}

#[test]
fn a_plan_stops_growing_at_its_limit_and_stays_whole() {
    use automerge::transaction::{CommitOptions, Transactable};
    let mut document = automerge::AutoCommit::new();
    let start = saddlebag_records::plan::start(RecordKind::Delivery).unwrap();
    document.load_incremental(&start.bytes).unwrap();
    document.set_actor(automerge::ActorId::from([1; 16]));
    for n in 0..2_001 {
        document.put(automerge::ROOT, "o", n).unwrap();
        document.commit_with(CommitOptions::default().with_time(0));
    }
    let changes = document.get_changes(&[]);
    let changes: Vec<_> = changes[1..].iter().map(|change| change.raw_bytes()).collect();
    let outcome = trial(RecordKind::Delivery, None, Sender::County, &changes).unwrap();
    let (last, before) = outcome.verdicts.split_last().unwrap();
    assert!(
        before
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Admitted(_)))
    );
    assert_refused(last, GuardRefusal::PlanTooLarge);
    assert_eq!(outcome.view.int("order"), Some(1999));
    let next = edit(
        RecordKind::Delivery,
        Some(&outcome.snapshot),
        ActorId([2; 16]),
        &[PlanEdit::set("order", 0)],
    );
    assert_eq!(next, Err(EditError::PlanTooLarge));
}

#[test]
fn a_view_is_json_for_other_programs() {
    let mut copy = Copy::new(RecordKind::Errand, 1);
    copy.edit(&[
        PlanEdit::set("asked_by", RecordId([0x11; 16])),
        PlanEdit::note("notes", "先去合作社"),
        fill_all(RecordKind::Errand, 2).remove(2),
    ]);
    let json = serde_json::to_value(&copy.view).unwrap();
    let expected = serde_json::json!({
        "kind": "errand",
        "fields": {
            "asked_by": "11111111-1111-1111-1111-111111111111",
            "notes": "先去合作社",
            "shopping": [{ "id": "0202020202020202", "text": "示例 2", "quantity": "示例 2", "or_else": ["a2", "b2"] }],
        },
        "conflicts": [],
        "unknown": [],
    });
    assert_eq!(json, expected);
}
