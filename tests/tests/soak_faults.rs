//! What is soaked finds what it is there to find: servers with a planted fault each, and none of them passes.

// Here a test fails loudly, in functions that it calls too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::PathBuf;

use saddlebag_tests::fleet::built_with_faults;
use saddlebag_tests::soak::{Drawn, Report, fleets, kills, power_cuts};

fn server() -> PathBuf {
    built_with_faults(&std::env::current_exe().unwrap()).unwrap()
}

fn drawn(count: u64) -> Drawn {
    Drawn {
        threads: 1,
        keep: false,
        ..Drawn::from(1, count)
    }
}

fn tell(line: &str) {
    println!("{line}");
}

#[track_caller]
fn assert_found(report: &Report) {
    assert!(!report.failed.is_empty(), "{}", report.told());
    let again = report.failed[0].again();
    assert!(
        again.starts_with("make soak PART=") && again.ends_with("COUNT=1"),
        "{again}"
    );
}

#[test]
fn kills_find_a_server_that_answers_before_it_commits() {
    let fault = Some("answers-before-commit");
    assert_found(&kills::soak_servers(drawn(1), &server(), fault, &tell).unwrap());
}

#[test]
fn power_cuts_find_a_server_that_commits_without_waiting_for_the_disk() {
    let fault = Some("commits-without-sync");
    assert_found(&power_cuts::soak_servers(drawn(1), &server(), fault, &tell).unwrap());
}

#[test]
fn small_fleets_find_a_server_that_serves_a_record_to_the_wrong_courier() {
    let fault = Some("serves-the-wrong-courier");
    assert_found(&fleets::soak(drawn(4), &server(), fault, &tell).unwrap());
}
