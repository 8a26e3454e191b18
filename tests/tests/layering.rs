//! The arrows between the crates, as ARCHITECTURE.md draws them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use saddlebag_tests::workspace::{self, Metadata, Package};

/// Which crates of ours a crate of ours may use, in its programs, its build and its own tests alike.
/// `saddlebag-tests` is not here: it may use all.
const MAY_USE: [(&str, &[&str]); 6] = [
    ("saddlebag-records", &[]),
    ("saddlebag-protocol", &[]),
    ("saddlebag-replica", &["saddlebag-records", "saddlebag-protocol"]),
    ("saddlebag", &["saddlebag-replica", "saddlebag-records"]),
    ("saddlebag-app", &["saddlebag-replica", "saddlebag-records"]),
    (
        "saddlebag-sync-server",
        &["saddlebag-records", "saddlebag-protocol"],
    ),
];

/// Tests look at the files of all, and stand beside all.
const TESTS: &str = "saddlebag-tests";

#[test]
fn a_crate_uses_only_what_its_arrows_point_to() -> anyhow::Result<()> {
    let metadata = workspace::metadata_of_ours()?;
    let arrows = BTreeMap::from(MAY_USE);
    let mut wrong = Vec::new();
    for package in metadata.ours().filter(|package| package.name != TESTS) {
        let allowed = arrows.get(package.name.as_str()).with_context(|| {
            format!(
                "{} has no row in MAY_USE: say which crates of ours it may use",
                package.name
            )
        })?;
        for used in used_by(package).filter(|used| is_ours(&metadata, used)) {
            if !allowed.contains(&used) {
                wrong.push(format!("{} uses {used}", package.name));
            }
        }
    }
    assert!(wrong.is_empty(), "against the arrows: {}", wrong.join(", "));
    Ok(())
}

#[test]
fn only_the_two_stores_open_databases() -> anyhow::Result<()> {
    let users = users_of("rusqlite", &workspace::metadata_of_ours()?);
    assert_eq!(users, ["saddlebag-replica", "saddlebag-sync-server", TESTS]);
    Ok(())
}

#[test]
fn only_records_and_the_tests_build_on_automerge() -> anyhow::Result<()> {
    let users = users_of("automerge", &workspace::metadata_of_ours()?);
    assert!(
        users
            .iter()
            .all(|user| ["saddlebag-records", TESTS].contains(&user.as_str())),
        "{users:?}"
    );
    Ok(())
}

#[test]
fn one_module_names_automerge() -> anyhow::Result<()> {
    let plan = workspace::root().join("core/records/src/plan");
    let sources = [
        "core/records/src",
        "core/protocol/src",
        "core/replica/src",
        "core/cli/src",
        "mobile/src-tauri/src",
        "sync-server/src",
    ];
    let lines = code_lines(&sources, |path| !path.starts_with(&plan))?;
    let found: Vec<_> = lines
        .iter()
        .filter(|line| line.code.contains("automerge::"))
        .collect();
    assert!(found.is_empty(), "outside core/records/src/plan: {found:#?}");
    Ok(())
}

/// Rules take values and give values: time, randomness, disk and network come in from outside, so that
/// the same code runs in the app, in a background worker and in a simulator.
#[test]
fn records_and_protocol_touch_nothing_outside_themselves() -> anyhow::Result<()> {
    let rim = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "Uuid::now_v7",
        "Uuid::new_v",
        "getrandom",
    ];
    let lines = code_lines(&["core/records/src", "core/protocol/src"], |_| true)?;
    let found: Vec<_> = lines
        .iter()
        .filter(|line| rim.iter().any(|outside| line.code.contains(outside)))
        .collect();
    assert!(
        found.is_empty(),
        "I/O, time or randomness in a pure crate: {found:#?}"
    );
    Ok(())
}

fn used_by(package: &Package) -> impl Iterator<Item = &str> {
    package
        .dependencies
        .iter()
        .map(|dependency| dependency.name.as_str())
}

fn is_ours(metadata: &Metadata, name: &str) -> bool {
    metadata.ours().any(|package| package.name == name)
}

fn users_of(name: &str, metadata: &Metadata) -> Vec<String> {
    let mut users: Vec<String> = metadata
        .ours()
        .filter(|package| used_by(package).any(|used| used == name))
        .map(|package| package.name.clone())
        .collect();
    users.sort_by_key(|user| (user == TESTS, user.clone()));
    users
}

#[derive(Debug)]
#[expect(dead_code, reason = "read by Debug, when a test fails")]
struct Line {
    file: PathBuf,
    number: usize,
    code: String,
}

/// A Rust file other than a module of unit tests.
fn is_program(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") && path.file_stem() != Some("tests".as_ref())
}

/// The lines of the Rust files below `folders` that are neither comments nor unit tests, which end a file.
fn code_lines(folders: &[&str], wanted: impl Fn(&Path) -> bool) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut open: Vec<PathBuf> = folders
        .iter()
        .map(|folder| workspace::root().join(folder))
        .collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                open.push(entry?.path());
            }
        } else if is_program(&path) && wanted(&path) {
            let text = fs::read_to_string(&path)?;
            let code = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
            for (number, line) in (1..)
                .zip(code)
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
            {
                lines.push(Line {
                    file: path.clone(),
                    number,
                    code: line.to_owned(),
                });
            }
        }
    }
    anyhow::ensure!(!lines.is_empty(), "no Rust file below {folders:?}");
    Ok(lines)
}
