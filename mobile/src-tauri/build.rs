//! Prepares what `generate_context!` embeds.

use std::fs;

fn main() {
    // A fresh clone has no front end yet, and everything else must build without it.
    fs::create_dir_all("../dist").expect("the front end's folder can be made");
    // Its files have hashed names: only the folder says that they are others.
    println!("cargo:rerun-if-changed=../dist");
    tauri_build::build();
}
