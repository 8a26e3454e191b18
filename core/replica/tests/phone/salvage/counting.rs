//! Who the device is and how far it had counted, where those pages are lost.

use std::fs;
use std::path::Path;

use saddlebag_records::fact::{Body, kinds};
use saddlebag_records::id::RecordId;
use saddlebag_replica::NewFact;

use super::a_filled_phone::{Filled, answers, filled, salvage};
use crate::a_phone::{Phone, enrolment, raw_file};

const PAGE: usize = 4_096;

/// A copy of the phone's folder without the pages of this table.
fn without(filled: &Filled, table: &str) -> tempfile::TempDir {
    let dir = filled.copy();
    let file = dir.path().join("records.db");
    let pages = pages_of(&filled.dir.path().join("records.db"), table);
    let mut bytes = fs::read(&file).unwrap();
    for page in pages {
        bytes[(page - 1) * PAGE..][..PAGE].fill(0x5a);
    }
    fs::write(&file, bytes).unwrap();
    dir
}

fn pages_of(file: &Path, table: &str) -> Vec<usize> {
    let connection = raw_file(file);
    let mut statement = connection
        .prepare("SELECT pageno FROM dbstat WHERE name = ?1")
        .unwrap();
    let pages = statement.query_map([table], |row| row.get::<_, i64>(0)).unwrap();
    pages
        .map(|page| usize::try_from(page.unwrap()).unwrap())
        .collect()
}

#[test]
fn a_phone_that_does_not_know_who_it_is_keeps_its_facts_until_it_is_enrolled_again() {
    let filled = filled();
    let dir = without(&filled, "identity");
    let saved = salvage(dir.path()).unwrap();
    assert!(!saved.is_enrolled);
    assert_eq!(
        (saved.facts, saved.facts_lost),
        (filled.only_here.len() as u64, 0)
    );
    let phone = Phone::in_folder(dir, 1, 4).unwrap();
    assert_eq!(phone.identity().unwrap(), None);
    phone.today().unwrap();

    // Only into the county, and for the person, whose records these are.
    let mut of_somebody_else = enrolment(&phone.replica, 2, "courier", 4);
    of_somebody_else.answer.device = 77;
    let refused = phone.keep_enrolment(&of_somebody_else).unwrap_err();
    assert_eq!(refused.code(), "enrolled_elsewhere");

    let mut again = enrolment(&phone.replica, 1, "courier", 4);
    again.answer.device = 78;
    again.answer.one_time = Vec::new();
    phone.keep_enrolment(&again).unwrap();
    assert!(
        phone
            .pending(usize::MAX)
            .unwrap()
            .facts
            .iter()
            .any(|fact| fact.was.is_some())
    );
    let mut county = filled.county.clone();
    county.sync(&phone);
    let now = answers(&phone, &filled.records).unwrap();
    assert_eq!(now.len(), filled.in_the_end().len());
    let only = phone.only_here().unwrap();
    assert_eq!(
        (only.facts, only.edits),
        (0, 0),
        "all that was saved is at the county"
    );
    assert!(phone.show(RecordId([45; 16])).unwrap().facts.len() >= 3);
}

#[test]
fn a_counter_that_cannot_be_read_does_not_go_back() {
    let filled = filled();
    let highest = filled
        .only_here
        .iter()
        .filter(|id| !id.device.is_one_time())
        .map(|id| id.n)
        .max()
        .unwrap();
    for has_mark in [true, false] {
        let dir = without(&filled, "own");
        if !has_mark {
            fs::remove_file(dir.path().join("records.db.mark")).unwrap();
        }
        let saved = salvage(dir.path()).unwrap();
        assert_eq!(
            (saved.facts, saved.facts_lost),
            (filled.only_here.len() as u64, 0)
        );
        let phone = Phone::in_folder(dir, 1, 4).unwrap();
        let next = phone
            .record(NewFact::new(
                RecordId([61; 16]),
                kinds::delivery::LOADED_OUT,
                Body::new(),
            ))
            .unwrap();
        assert_eq!(next.n, highest + 1, "{has_mark}");
        let mut county = filled.county.clone();
        county.sync(&phone);
        assert_eq!(phone.only_here().unwrap().facts, 0);
    }
}

#[test]
fn after_a_salvage_nothing_is_edited_under_an_actor_whose_edits_may_be_lost() {
    let filled = filled();
    let dir = without(&filled, "plan_changes");
    let before = {
        let phone = Phone::in_folder(filled.copy(), 1, 4).unwrap();
        phone.pending(usize::MAX).unwrap().changes[0].actor
    };
    let saved = salvage(dir.path()).unwrap();
    assert_eq!((saved.edits, saved.is_enrolled), (0, true));
    let phone = Phone::in_folder(dir, 1, 4).unwrap();
    let mut county = filled.county.clone();
    county.sync(&phone);
    let note = saddlebag_records::plan::PlanEdit::note("notes", "再试");
    phone.edit(RecordId([61; 16]), &[note]).unwrap();
    let pending = phone.pending(usize::MAX).unwrap().changes;
    assert_eq!(pending.len(), 1);
    assert_ne!(pending[0].actor, before);
}
