//! Prepares what `generate_context!` builds in.

fn main() -> std::io::Result<()> {
    // A fresh clone has no front end yet, and everything else must build without it.
    std::fs::create_dir_all("../dist")?;
    // The front end's files have hashed names: only their folder says that they are others now.
    println!("cargo:rerun-if-changed=../dist");
    tauri_build::build();
    Ok(())
}
