//! A small fleet against the real server: some couriers, three days, bad links, a server that is killed, a disk that
//! dies, phones that leave, phones of which there is a copy.
//!
//! `SEED=7 cargo test -p saddlebag-tests --test fleet` draws another one. The server's binary must have been built:
//! `cargo build -p saddlebag-sync-server`.

use saddlebag_tests::fleet::{Options, built_beside, run};

#[test]
fn nothing_is_lost_doubled_or_leaked_and_all_agree() {
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(1);
    println!("seed {seed}");
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        server: built_beside(&std::env::current_exe().unwrap()).unwrap(),
        seed,
        couriers: 4,
        days: 3,
        kills: true,
        fault: None,
        folder: folder.path().to_owned(),
    };
    let ended = run(&options, &|line| println!("{line}")).unwrap();
    println!("{}{}", ended.told, ended.summary.json());
    assert!(ended.summary.is_clean(), "{}", ended.summary.json());
    assert_eq!(ended.summary.restores, 1);
    assert!(ended.summary.gone_with_phone > 0 && ended.summary.held.contains_key("lost_device"));
    assert!(
        ended.summary.forks >= 3,
        "one was put back, and two are copies of one"
    );
    assert!(ended.summary.server_kills > 0 && ended.summary.cuts > 0 && ended.summary.lost_answers > 0);
}
