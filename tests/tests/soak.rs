//! A sample of each part of `make soak`. `SEED=7 cargo test -p saddlebag-tests --test soak` draws another one. The binaries
//! must have been built: `cargo build --workspace --bins`.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use saddlebag_tests::fleet::{built_beside, program_beside};
use saddlebag_tests::soak::{Drawn, Report, fleets, kills, large, mutations, power_cuts};

fn drawn(count: u64) -> Drawn {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    // One thread each: they run beside one another.
    Drawn {
        threads: 1,
        ..Drawn::from(seed.unwrap_or(1), count)
    }
}

fn this() -> std::path::PathBuf {
    std::env::current_exe().unwrap()
}

fn tell(line: &str) {
    println!("{line}");
}

/// Nothing failed, and of each of these something was done.
#[track_caller]
fn assert_clean(report: &Report, done: &[&str]) {
    println!("{}", report.told());
    assert!(report.failed.is_empty(), "{}", report.told());
    for what in done {
        assert!(report.counted(what) > 0, "no {what}");
    }
}

#[test]
fn small_fleets_lose_double_and_leak_nothing_and_agree() {
    let report = fleets::soak(drawn(8), &built_beside(&this()).unwrap(), None, &tell).unwrap();
    let done = [
        "connections cut",
        "answers lost",
        "requests doubled",
        "servers killed",
        "phones killed",
        "moments of signal",
        "phones put back",
        "phones copied",
    ];
    assert_clean(&report, &done);
    assert!(report.counted("facts shown as saved") > 8 * 20);
}

#[test]
fn a_county_and_a_phone_withstand_mutations() {
    let report = mutations::soak(drawn(4), &tell);
    let done = [
        "mutated facts at the decoder",
        "mutated plan changes at the county's guard",
        "mutated plan changes at the phone's guard",
        "mutated packs of facts",
        "mutated requests at the decoder",
        "answered admitted",
        "answered refused",
        "facts admitted by a county",
        "plan changes admitted by a county",
        "read again by an honest phone",
    ];
    assert_clean(&report, &done);
}

#[test]
fn a_killed_server_has_all_that_it_confirmed() {
    let report = kills::soak_servers(drawn(1), &built_beside(&this()).unwrap(), None, &tell).unwrap();
    assert_clean(
        &report,
        &["SIGKILLs", "facts told to be saved", "syncs done between kills"],
    );
}

#[test]
fn a_killed_command_line_has_all_that_it_told_to_be_saved() {
    let cli = program_beside(&this(), "saddlebag").unwrap();
    let report = kills::soak_replicas(drawn(1), &built_beside(&this()).unwrap(), &cli, &tell).unwrap();
    assert_clean(&report, &["SIGKILLs", "facts told to be saved"]);
}

#[test]
fn a_server_whose_power_is_cut_has_all_that_it_confirmed() {
    let report = power_cuts::soak_servers(drawn(1), &built_beside(&this()).unwrap(), None, &tell).unwrap();
    assert_clean(&report, &["power cuts", "acknowledged before, and there"]);
}

#[test]
fn a_phone_whose_power_is_cut_has_all_that_it_showed_as_saved() {
    let worker = Path::new(env!("CARGO_BIN_EXE_saddlebag-soak"));
    let report = power_cuts::soak_replicas(drawn(1), &built_beside(&this()).unwrap(), worker, &tell).unwrap();
    assert_clean(&report, &["power cuts", "acknowledged before, and there"]);
}

#[test]
fn two_days_of_a_phone_without_signal_arrive_over_a_link_that_cuts() {
    let report = large::soak_queue(drawn(1), &built_beside(&this()).unwrap(), 2, &tell).unwrap();
    assert_clean(
        &report,
        &[
            "facts that waited",
            "edits of plans that waited",
            "connections cut",
        ],
    );
}
