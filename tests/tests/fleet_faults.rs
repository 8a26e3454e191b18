//! The fleet's checker finds what it is there to find: servers with a planted fault each, and none of them passes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use saddlebag_tests::fleet::{Options, Summary, built_with_faults, run};

/// What a fleet finds at a server with this fault.
fn found_at(fault: &str, couriers: usize, kills: bool) -> BTreeMap<&'static str, u64> {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        server: built_with_faults(&std::env::current_exe().unwrap()).unwrap(),
        seed: 1,
        couriers,
        days: 2,
        kills,
        fault: Some(fault.to_owned()),
        folder: folder.path().to_owned(),
    };
    println!("seed {}, a server that {fault}", options.seed);
    let ended = run(&options, &|line| println!("{line}")).unwrap();
    println!("{}", ended.told);
    let Summary {
        lost,
        duplicated,
        disagreements,
        leaked,
        ..
    } = ended.summary;
    [
        ("lost", lost),
        ("duplicated", duplicated),
        ("disagreements", disagreements),
        ("leaked", leaked),
    ]
    .into()
}

#[test]
fn a_server_that_answers_before_it_commits_loses_what_it_confirmed() {
    assert!(found_at("answers-before-commit", 4, true)["lost"] > 0);
}

#[test]
fn a_server_that_drops_one_fact_in_500_loses_it() {
    assert!(found_at("drops-facts", 9, false)["lost"] > 0);
}

#[test]
fn a_server_that_credits_twice_is_found() {
    assert!(found_at("credits-twice", 3, false)["duplicated"] > 0);
}

#[test]
fn a_server_that_serves_one_record_to_the_wrong_courier_is_found() {
    assert!(found_at("serves-the-wrong-courier", 3, false)["leaked"] > 0);
}

/// Not found since phones are put back and copied in the fleet: of four runs with other seeds one found it. Until it is
/// known whether the checker or a phone hides it, nobody may take the fleet for a proof that removals are told.
#[test]
#[ignore = "the checker does not find it reliably; see above"]
fn a_server_that_forgets_one_removal_is_found() {
    assert!(found_at("forgets-removal", 4, false)["leaked"] > 0);
}
