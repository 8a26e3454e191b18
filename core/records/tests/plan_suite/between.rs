//! What was edited is edited anew, one small change after the other, beside what others wrote meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::id::ActorId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{ItemId, MAX_CHANGE_BYTES, PlanEdit, PlanValue, PlanView, edit, edits_between};

/// A plan, edited one change after the other.
struct Plan {
    kind: RecordKind,
    snapshot: Option<Vec<u8>>,
    view: PlanView,
}

impl Plan {
    fn new(kind: RecordKind) -> Self {
        Self {
            kind,
            snapshot: None,
            view: PlanView::empty(kind),
        }
    }

    /// Each edit in a change of its own. The longest of them, in bytes.
    fn edit(&mut self, edits: &[PlanEdit]) -> usize {
        let mut longest = 0;
        for one in edits {
            let edited = edit(
                self.kind,
                self.snapshot.as_deref(),
                ActorId([7; 16]),
                std::slice::from_ref(one),
            );
            let edited = edited.unwrap().expect("an edit that changes nothing");
            longest = longest.max(edited.change.len());
            (self.snapshot, self.view) = (Some(edited.snapshot), edited.view);
        }
        longest
    }

    fn fields(&self) -> BTreeSet<String> {
        self.view.fields.keys().cloned().collect()
    }
}

#[test]
fn every_type_of_field_is_brought_from_one_state_to_the_other() {
    let names = |key: &str, value: &str| PlanEdit::SetEntry {
        field: "names".to_owned(),
        key: key.to_owned(),
        value: value.into(),
    };
    let service = |code: i64| PlanEdit::Add {
        field: "services".to_owned(),
        value: code.into(),
    };
    let from = |item: u8, reason: &str| PlanEdit::AddItem {
        field: "not_direct".to_owned(),
        item: ItemId([item; 8]),
        values: BTreeMap::from([("reason".to_owned(), reason.into())]),
    };
    let mut before = Plan::new(RecordKind::Place);
    before.edit(&[
        PlanEdit::set("kind", 1),
        PlanEdit::set("keeping_days", 3),
        names("zh-Hans", "一站"),
        names("en", "Station 1"),
        service(1),
        service(2),
        from(1, "河"),
        from(2, "河"),
    ]);
    let mut after = Plan::new(RecordKind::Place);
    after.edit(&[
        PlanEdit::set("kind", 1),
        PlanEdit::set("hours", "9–18"),
        names("zh-Hans", "第一站"),
        names("kk-Arab", "ستانسيا"),
        service(2),
        service(3),
        from(2, "雪"),
        from(3, "路"),
    ]);
    let fields = before.fields().union(&after.fields()).cloned().collect();
    let edits = edits_between(&before.view, &after.view, &fields);
    before.edit(&edits);
    assert_eq!(before.view, after.view);
    assert_eq!(edits_between(&before.view, &after.view, &fields), []);

    let only = BTreeSet::from(["hours".to_owned()]);
    let edits = edits_between(&PlanView::empty(RecordKind::Place), &after.view, &only);
    assert_eq!(edits, [PlanEdit::set("hours", "9–18")]);
}

#[test]
fn a_long_note_is_written_in_changes_that_each_fit() {
    let long = "很长的话。".repeat(1_000);
    let fields = BTreeSet::from(["notes".to_owned()]);
    let mut after = PlanView::empty(RecordKind::Delivery);
    after
        .fields
        .insert("notes".to_owned(), PlanValue::Note(long.clone()));
    let mut plan = Plan::new(RecordKind::Delivery);
    plan.edit(&[PlanEdit::note("notes", "门口。")]);
    let edits = edits_between(&plan.view, &after, &fields);
    assert_eq!(edits.len(), 4, "three characters go, 5,000 come");
    assert!(plan.edit(&edits) < MAX_CHANGE_BYTES);
    assert_eq!(plan.view.text("notes"), Some(long.as_str()));
    let edits = edits_between(&plan.view, &PlanView::empty(RecordKind::Delivery), &fields);
    assert!(plan.edit(&edits) < MAX_CHANGE_BYTES);
    assert_eq!(plan.view.text("notes").unwrap_or_default(), "");
}
