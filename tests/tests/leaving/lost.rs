use saddlebag_replica::{Leaving, State, Synced};
use saddlebag_sync_server::admin::{devices, held};

use crate::county::County;
use crate::phone::Phone;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn a_lost_phone_brings_what_it_has_into_quarantine_and_is_emptied_once_that_is_covered() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    county.back_up();
    let second = phone.scan("SBLEAVE0002");
    devices::lost(&county.open, phone.device()).unwrap();
    county.goes_on(12);
    assert!(matches!(phone.sync().unwrap(), Synced::Done(_)));
    assert_eq!(phone.replica.leaving().unwrap(), Some(Leaving::Lost));
    let page = phone.replica.show(second).unwrap();
    assert_eq!(page.facts[0].state, State::Held);
    assert_eq!(county.facts(second), []);
    assert_eq!(
        phone.replica.search("另一同事", None, 9).unwrap().len(),
        0,
        "nothing is served"
    );
    // What is held is no row of the log: a backup of the same rows may have been taken before it.
    county.back_up();
    assert!(matches!(phone.sync().unwrap(), Synced::Done(_)));
    assert!(phone.is_whole());
    county.goes_on(13);
    county.back_up();
    let device = phone.device();
    phone.sync().unwrap();
    assert!(matches!(phone.sync(), Err("wiped") | Ok(Synced::Wiped { .. })));
    phone.was_wiped(Leaving::Lost);
    assert_eq!(county.state_of(device), "lost");
    let held = held::list(&county.open, Some("quarantined"), 0, 9).unwrap();
    assert!(held.iter().any(|item| item.record == second), "{held:?}");
}

#[test]
fn after_30_days_a_lost_phone_brings_nothing_and_keeps_what_it_could_not_bring() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    phone.scan("SBLEAVE0002");
    devices::lost(&county.open, phone.device()).unwrap();
    county.ahead_by(31 * DAY_MS);
    county.back_up();
    assert_eq!(phone.sync(), Err("revoked"));
    assert!(phone.is_whole());
    assert_eq!(phone.unsent(), 1);
}

#[test]
fn after_30_days_a_lost_phone_that_has_nothing_to_bring_is_emptied() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    devices::lost(&county.open, phone.device()).unwrap();
    county.ahead_by(31 * DAY_MS);
    county.back_up();
    let synced = phone.sync().unwrap();
    assert_eq!(synced, Synced::Wiped { why: Leaving::Lost });
    phone.was_wiped(Leaving::Lost);
}
