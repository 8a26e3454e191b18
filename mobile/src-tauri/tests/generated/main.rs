//! What the front end is told of Rust is generated and committed.
//! `UPDATE_GENERATED=1 cargo test -p saddlebag-app` writes it anew.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used)]

mod code_lists;
mod codes;

use std::fs;
use std::path::Path;

use specta_typescript::Typescript;

const HEAD: &str = "// Made by mobile/src-tauri/tests/generated; edit what it reads.\n\n";

/// Fails where the front end's file is not `fresh`, or writes it so.
fn is_kept(file: &str, fresh: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../src/backend")
        .join(file);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::write(&file, fresh).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == fresh,
        "{} is stale: run with UPDATE_GENERATED=1",
        file.display()
    );
}

#[test]
fn commands_and_types_are_those_of_rust() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bindings.ts");
    saddlebag_app::bindings()
        .export(Typescript::default().header(HEAD), &file)
        .unwrap();
    // What answers with nothing is nothing to TypeScript too.
    let fresh = fs::read_to_string(file)
        .unwrap()
        .replace("__TAURI_INVOKE<null>", "__TAURI_INVOKE<void>");
    is_kept("bindings.gen.ts", &fresh);
}

#[test]
fn codes_of_refusals_are_those_of_rust() {
    let fresh = [
        HEAD.to_owned(),
        codes::typescript(
            "ERROR_CODES",
            "What a command can be refused with.",
            codes::of_errors(),
        ),
        codes::typescript(
            "VALUE_CODES",
            "Why a text was not taken, in the value that a command answers with.",
            codes::of_values(),
        ),
        codes::typescript(
            "VERDICT_CODES",
            "Why the county holds or refused something.",
            codes::of_verdicts(),
        ),
    ];
    is_kept("errors.gen.ts", &fresh.concat());
}

#[test]
fn code_lists_are_those_of_rust() {
    is_kept("codes.gen.ts", &format!("{HEAD}{}", code_lists::typescript()));
}
