//! What operators are handed, pages and files, fits the programs as they are.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alerts;
mod command_lines;
mod unit;

use std::path::{Path, PathBuf};

/// The binaries lie beside each other.
fn binary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_saddlebag-fleet")).with_file_name(name)
}

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(path)).unwrap()
}
