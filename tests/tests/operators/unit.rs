use std::process::Command;

use crate::{binary, text};

const UNIT: &str = "sync-server/deploy/saddlebag.service";

/// Where systemd is not installed, what it would say of the unit is not tried: only what the unit says by itself is.
#[test]
fn systemd_takes_the_unit_and_finds_little_that_it_leaves_open() {
    let unit = text(UNIT);
    let there = "/usr/local/bin/saddlebag-sync-server";
    assert_eq!(unit.matches(there).count(), 1);
    for closed in [
        "User=saddlebag",
        "ProtectSystem=strict",
        "LimitCORE=0",
        "UMask=0077",
    ] {
        assert!(unit.lines().any(|line| line == closed), "{closed}");
    }
    let dir = tempfile::tempdir().unwrap();
    let copy = dir.path().join("saddlebag.service");
    let ours = binary("saddlebag-sync-server");
    std::fs::write(&copy, unit.replace(there, ours.to_str().unwrap())).unwrap();
    let analyze = |words: &[&str]| Command::new("systemd-analyze").args(words).arg(&copy).output();
    let Ok(verified) = analyze(&["verify", "--man=no"]) else {
        eprintln!("systemd-analyze is not installed: the unit is not verified");
        return;
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !said.contains("saddlebag"), "{said}");
    // In tenths: 10.0 is a service with nothing closed.
    let security = analyze(&["security", "--offline=yes", "--threshold=20"]).unwrap();
    assert!(
        security.status.success(),
        "{}",
        String::from_utf8_lossy(&security.stdout)
    );
}
