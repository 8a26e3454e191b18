//! What others made is under a licence that `deny.toml` allows, and THIRD-PARTY.md lists it.

use saddlebag_tests::third_party::{self, Rules};
use saddlebag_tests::workspace;

#[test]
fn everything_of_others_keeps_the_rules_of_deny_toml() -> anyhow::Result<()> {
    let metadata = workspace::metadata()?;
    let mut works = third_party::crates(&metadata);
    works.extend(third_party::npm_packages()?);
    assert!(
        works.len() > 100,
        "cargo lists only {} works of others",
        works.len()
    );

    let breaches = Rules::read()?.breaches(&metadata, &works)?;
    assert!(breaches.is_empty(), "against deny.toml:\n{}", breaches.join("\n"));
    Ok(())
}

#[test]
fn third_party_md_is_not_stale() -> anyhow::Result<()> {
    let committed = std::fs::read_to_string(workspace::root().join("THIRD-PARTY.md"))?;
    assert!(
        committed == third_party::page()?,
        "THIRD-PARTY.md is stale: run `make generate`"
    );
    Ok(())
}
