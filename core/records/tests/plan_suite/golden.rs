//! Frozen bytes of plans.
//!
//! None of these may change. Every change of a plan hangs on the hash of its start, so another start would make
//! every stored plan unreadable to new devices and every new plan to old ones; a change's bytes are its name; and a
//! stored view is read by versions to come. A new field gets new lines in a new file, never other bytes here.

use std::fs;
use std::path::PathBuf;

use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::guard::Sender;
use saddlebag_records::plan::schema::PlanSchema;
use saddlebag_records::plan::{PlanView, Verdict, starts};

use crate::kit::*;

fn path(kind: RecordKind) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden/plan")
        .join(format!("{}.txt", kind.name()))
}

/// The start of a kind, a change that writes each of its fields, and the view after it. Generated content.
fn lines(kind: RecordKind) -> Vec<(String, Vec<u8>)> {
    let mut copy = Copy::new(kind, 7);
    let edited = copy.edit(&fill_all(kind, 1)).unwrap();
    vec![
        ("start 1".to_owned(), starts(kind)[0].bytes.clone()),
        ("change".to_owned(), edited.change),
        ("view".to_owned(), edited.view.to_bytes()),
    ]
}

fn read(kind: RecordKind) -> Vec<(String, Vec<u8>)> {
    let text =
        fs::read_to_string(path(kind)).unwrap_or_else(|_| panic!("no golden bytes of {}", kind.name()));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let line = |line: &str| {
        let (name, bytes) = line.split_once(" = ").unwrap();
        (name.to_owned(), hex::decode(bytes).unwrap())
    };
    lines.map(line).collect()
}

/// `GOLDEN=write` writes the files of kinds that have none yet; it never writes over one.
#[test]
fn the_bytes_of_one_plan_of_each_kind_are_frozen() {
    for schema in PlanSchema::all() {
        let (kind, made) = (schema.kind, lines(schema.kind));
        if std::env::var("GOLDEN").is_ok_and(|golden| golden == "write") && !path(kind).exists() {
            let lines = made
                .iter()
                .map(|(name, bytes)| format!("{name} = {}\n", hex::encode(bytes)));
            fs::create_dir_all(path(kind).parent().unwrap()).unwrap();
            fs::write(
                path(kind),
                format!(
                    "# Frozen: see plan_suite/golden.rs.\n{}",
                    lines.collect::<String>()
                ),
            )
            .unwrap();
        }
        assert_eq!(made, read(kind), "{}", kind.name());
    }
}

#[test]
fn a_frozen_change_is_admitted_and_its_frozen_view_is_read() {
    for schema in PlanSchema::all() {
        let golden = read(schema.kind);
        let bytes = |name: &str| golden.iter().find(|(other, _)| other == name).unwrap().1.clone();
        let outcome = Copy::new(schema.kind, 9).trial(Sender::County, &[bytes("change")]);
        assert!(matches!(outcome.verdicts[0], Verdict::Admitted(_)));
        assert_eq!(PlanView::from_bytes(&bytes("view")), Ok(outcome.view));
    }
}
