//! What others made that is in this repository or goes into its programs, and under which licences.
//!
//! `deny.toml` is the rule, in the format of cargo-deny. cargo-deny itself takes minutes to build and is
//! on no fresh machine, so the parts of the rule that need no network are held here too.

mod spdx;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::workspace::{self, Metadata};

/// The part of `deny.toml` that is held here.
#[derive(Debug, Deserialize)]
pub struct Rules {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: BTreeSet<String>,
}

/// A crate or npm package of others.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work {
    /// Its name at its registry.
    pub name: String,
    /// The version that the lock file holds.
    pub version: String,
    /// Its SPDX expression; empty when it states none.
    pub licence: String,
}

#[derive(Debug, Deserialize)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Debug, Deserialize)]
struct NpmPackage {
    #[serde(default)]
    version: String,
    #[serde(default)]
    license: String,
}

/// The lock files of npm packages, by their folder in the repository.
const NPM_FOLDERS: [&str; 2] = ["mobile", "tests/node-client"];

/// Packages that state no licence where npm looks for it, and the one that they state elsewhere: in their LICENSE, or,
/// for a program that is another package's part, in that package.
const STATED_ELSEWHERE: [(&str, &str); 3] = [
    ("@inlang/plugin-message-format", "MIT"),
    ("@lix-js/sdk-linux-x64", "MIT"),
    ("svelte-toolbelt", "MIT"),
];

impl Rules {
    /// Reads `deny.toml`.
    ///
    /// # Errors
    /// When it is missing or is not in cargo-deny's format.
    pub fn read() -> anyhow::Result<Self> {
        Ok(toml::from_str(&fs::read_to_string(
            workspace::root().join("deny.toml"),
        )?)?)
    }

    /// Every breach of the rules, a line each.
    ///
    /// # Errors
    /// When a licence is no SPDX expression.
    pub fn breaches(&self, metadata: &Metadata, works: &[Work]) -> anyhow::Result<Vec<String>> {
        let mut breaches = Vec::new();
        for work in works {
            if work.licence.is_empty() || !self.permits(work)? {
                breaches.push(format!(
                    "{} {}: licence `{}`",
                    work.name, work.version, work.licence
                ));
            }
        }
        for package in metadata.foreign() {
            let source = package.source.as_deref().unwrap_or_default();
            if !self
                .sources
                .allow_registry
                .iter()
                .any(|registry| source == format!("registry+{registry}"))
            {
                breaches.push(format!(
                    "{} {}: comes from {source}",
                    package.name, package.version
                ));
            }
            if let Some(ban) = self.bans.deny.iter().find(|ban| ban.name == package.name) {
                breaches.push(format!("{} {}: {}", package.name, package.version, ban.reason));
            }
        }
        Ok(breaches)
    }

    fn permits(&self, work: &Work) -> anyhow::Result<bool> {
        spdx::permits(&work.licence, &self.licenses.allow)
            .with_context(|| format!("the licence of {} {}", work.name, work.version))
    }
}

/// Every crate of others in `Cargo.lock`, by name and version.
pub fn crates(metadata: &Metadata) -> Vec<Work> {
    let mut works: Vec<Work> = metadata
        .foreign()
        .map(|package| Work {
            name: package.name.clone(),
            version: package.version.clone(),
            licence: package.license.clone().unwrap_or_default(),
        })
        .collect();
    works.sort();
    works
}

/// Every npm package in the lock files of this repository, by name and version.
///
/// # Errors
/// When a lock file cannot be read.
pub fn npm_packages() -> anyhow::Result<Vec<Work>> {
    let mut works = BTreeSet::new();
    for folder in NPM_FOLDERS {
        let path = workspace::root().join(folder).join("package-lock.json");
        if !path.exists() {
            continue;
        }
        let lock: NpmLock = serde_json::from_str(&fs::read_to_string(&path)?)
            .with_context(|| format!("{folder}/package-lock.json"))?;
        for (place, package) in lock.packages {
            let Some((_, name)) = place.rsplit_once("node_modules/") else {
                continue;
            };
            let elsewhere = STATED_ELSEWHERE.iter().find(|(stated, _)| *stated == name);
            let licence = match elsewhere {
                Some((_, licence)) if package.license.is_empty() => (*licence).to_owned(),
                _ => package.license,
            };
            works.insert(Work {
                name: name.to_owned(),
                version: package.version,
                licence,
            });
        }
    }
    Ok(works.into_iter().collect())
}

/// The whole text of `THIRD-PARTY.md`.
///
/// # Errors
/// When a lock file cannot be read, or names a package whose name or version would break the table.
pub fn page() -> anyhow::Result<String> {
    let mut page = include_str!("data.md").to_owned();
    table(&mut page, "Crates", &crates(&workspace::metadata()?))?;
    let npm = npm_packages()?;
    if !npm.is_empty() {
        table(&mut page, "npm packages (front end, its tools, and tests)", &npm)?;
    }
    Ok(page)
}

fn table(page: &mut String, title: &str, works: &[Work]) -> anyhow::Result<()> {
    write!(
        page,
        "\n## {title}\n\n| name | version | licence |\n|---|---|---|\n"
    )?;
    for Work {
        name,
        version,
        licence,
    } in works
    {
        if [name, version, licence]
            .iter()
            .any(|cell| cell.contains(['|', '\n']))
        {
            bail!("{name} {version} would break the table");
        }
        writeln!(page, "| {name} | {version} | {licence} |")?;
    }
    Ok(())
}
