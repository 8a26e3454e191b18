//! This repository as cargo sees it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

/// The part of `cargo metadata` (format version 1) that the tests look at.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// The crates of this workspace, and with [`metadata`] also all that they need.
    pub packages: Vec<Package>,
}

/// One crate.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// An SPDX expression; older crates write `/` for `OR`.
    pub license: Option<String>,
    /// Where it comes from; `None` for a crate of this workspace.
    pub source: Option<String>,
    /// What its manifest asks for, of every kind and for every platform.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The name of the crate that it asks for.
    pub name: String,
    /// `None` for what the crate itself is built from, else `dev` or `build`.
    pub kind: Option<String>,
}

impl Metadata {
    /// The crates of this workspace.
    pub fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }

    /// The crates of others.
    pub fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_some())
    }
}

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every crate in `Cargo.lock`, for every platform.
///
/// # Errors
/// When a crate was never downloaded: `cargo fetch --locked` (part of `make setup`) brings all.
pub fn metadata() -> anyhow::Result<Metadata> {
    read(&["--locked", "--offline"])
}

/// The crates of this workspace alone; needs nothing to be downloaded.
///
/// # Errors
/// When a manifest cannot be read.
pub fn metadata_of_ours() -> anyhow::Result<Metadata> {
    read(&["--no-deps"])
}

fn read(arguments: &[&str]) -> anyhow::Result<Metadata> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .current_dir(root())
        .output()
        .context("cargo does not start")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed; `make setup` downloads what it needs:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}
