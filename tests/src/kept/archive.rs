//! A scene as one file: nothing can open it in place, and so nothing can change it.

use std::fs::File;
use std::path::Path;

use anyhow::Result;

/// Slow and small: it is done once.
const LEVEL: i32 = 19;

pub(super) fn pack(folder: &Path, file: &Path) -> Result<()> {
    let frame = zstd::Encoder::new(File::create_new(file)?, LEVEL)?;
    let mut archive = tar::Builder::new(frame);
    archive.mode(tar::HeaderMode::Deterministic);
    archive.append_dir_all(".", folder)?;
    archive.into_inner()?.finish()?.sync_all()?;
    Ok(())
}

pub(super) fn unpack(file: &Path, folder: &Path) -> Result<()> {
    let frame = zstd::Decoder::new(File::open(file)?)?;
    Ok(tar::Archive::new(frame).unpack(folder)?)
}
