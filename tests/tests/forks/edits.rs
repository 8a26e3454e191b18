//! Edits of plans under an actor that two copies share.

use saddlebag_records::id::PersonId;
use saddlebag_records::plan::PlanEdit;
use saddlebag_replica::{RefusedWhich, Synced};
use serde_json::json;

use crate::county::County;
use crate::phone::Phone;

#[test]
fn edits_of_two_copies_in_one_plan_both_stand() {
    let county = County::found();
    county.give(&["SBFORK0001"], "C01");
    let first = Phone::of(&county, "C01", "first");
    let parcel = first.find("SBFORK0001");
    first.replica.edit_notes(parcel, "门口。").unwrap();
    first.sync(&county);
    let (first, copy) = first.copied("second");
    let second = Phone::at(copy);

    // Nothing but edits: no fact tells that there are two.
    first.replica.edit_notes(parcel, "门口。放左边").unwrap();
    second.replica.edit_notes(parcel, "要电话。门口。").unwrap();
    second.replica.edit_notes(parcel, "要先电话。门口。").unwrap();
    for phone in [&first, &second, &first, &second] {
        phone.sync(&county);
    }
    assert_eq!(first.notes(parcel), "要先电话。门口。放左边");
    assert_eq!(second.notes(parcel), first.notes(parcel));
    assert_ne!(first.device(), second.device());
    assert_eq!(second.replica.forks().unwrap()[0].edits, 1);
    let other = Phone::of(&county, "C01", "other");
    assert_eq!(other.notes(parcel), first.notes(parcel), "and whoever reads them");
}

/// What a phone takes to be its person's to write and the county does not, in the middle of what is.
#[test]
fn an_edit_that_is_refused_takes_no_honest_one_with_it() {
    let county = County::found();
    county.give(&["SBFORK0001", "SBFORK0002"], "C01");
    let (phone, other) = (
        Phone::of(&county, "C01", "phone"),
        Phone::of(&county, "C01", "other"),
    );
    let parcel = phone.find("SBFORK0001");
    phone.replica.edit_notes(parcel, "门口。").unwrap();
    phone.sync(&county);
    let phone = phone.that_takes_its_person_for("dispatcher");
    phone.replica.edit_notes(parcel, "门口。左边。").unwrap();
    phone
        .replica
        .edit(parcel, &[PlanEdit::set("assignee", PersonId([9; 16]))])
        .unwrap();
    phone.replica.edit_notes(parcel, "门口。左边。轻放。").unwrap();
    let elsewhere = phone.find("SBFORK0002");
    phone.replica.edit_notes(elsewhere, "易碎").unwrap();
    // Meanwhile somebody else writes there too.
    other.replica.edit_notes(parcel, "门口。先打电话。").unwrap();
    other.sync(&county);

    assert!(matches!(phone.try_sync(&county).unwrap(), Synced::Done(_)));
    let told = phone.replica.refused_edits().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].record, told[0].code.as_str()), (parcel, "role_may_not"));
    assert_eq!(
        told[0].edit.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["assignee"]
    );
    phone
        .replica
        .refused_seen(&RefusedWhich::Edit { id: told[0].id })
        .unwrap();
    phone.sync(&county);
    other.sync(&county);
    for phone in [&phone, &other] {
        let notes = phone.notes(parcel);
        for part in ["左边。", "轻放。", "先打电话。"] {
            assert_eq!(notes.matches(part).count(), 1, "{notes}");
        }
        assert_eq!(phone.notes(elsewhere), "易碎");
        let plan = phone.replica.show(parcel).unwrap().plan.unwrap();
        assert_eq!(
            plan.person("assignee"),
            Some(phone.replica.identity().unwrap().unwrap().person.id)
        );
    }
    assert_eq!(phone.notes(parcel), other.notes(parcel));
    assert_eq!(phone.replica.forks().unwrap(), [], "nobody has a copy of it");

    // And editing goes on.
    phone.replica.edit_notes(parcel, "收下了").unwrap();
    phone.sync(&county);
    other.sync(&county);
    assert_eq!(other.notes(parcel), "收下了");
}

#[test]
fn edits_of_what_is_somebody_elses_by_now_are_told_and_the_countys_plan_stands() {
    let county = County::found();
    county.give(&["SBFORK0001"], "C01");
    let (first, second) = (
        Phone::of(&county, "C01", "first"),
        Phone::of(&county, "C02", "second"),
    );
    let parcel = first.find("SBFORK0001");
    first.replica.edit_notes(parcel, "门口。").unwrap();
    first.sync(&county);
    first.replica.edit_notes(parcel, "门口。左边。").unwrap();
    first.replica.edit_notes(parcel, "门口。左边。轻放。").unwrap();
    county.admin("D01", &["reassign", "SBFORK0001", "C02"]);

    assert!(matches!(first.try_sync(&county).unwrap(), Synced::Done(_)));
    let told = first.replica.refused_edits().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].code, "superseded");
    assert_eq!(told[0].edit, json!({ "notes": "门口。左边。轻放。" }));
    assert!(first.replica.pending(usize::MAX).unwrap().is_empty());
    second.sync(&county);
    assert_eq!(second.notes(parcel), "门口。");
}
