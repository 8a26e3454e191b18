//! A county that lost its disk and its journal does not know any more which numbers it gave.

use saddlebag_records::discrepancy::Code;
use saddlebag_records::status::{Phase, Status};
use saddlebag_replica::WhyForked;

use crate::county::County;
use crate::phone::Phone;

fn codes(status: &Status) -> Vec<Code> {
    status.discrepancies.iter().map(|found| found.code).collect()
}

#[test]
fn phones_bring_everything_again_and_are_served_once_they_are_confirmed() {
    let mut county = County::found();
    county.give(&["SBFORK0001", "SBFORK0002"], "C01");
    let (first, second) = (
        Phone::of(&county, "C01", "first"),
        Phone::of(&county, "C02", "second"),
    );
    let one = first.load("SBFORK0001");
    first.sync(&county);
    let backup = county.backup();
    first.sync(&county);

    // Of this the backup knows nothing.
    first.delivered(one);
    first.collected(one, 300);
    let two = first.load("SBFORK0002");
    let begun = second.load("SBFORK0009");
    let tip = second.report("桥断了");
    for phone in [&first, &second] {
        phone.sync(&county);
    }
    let owed = first.owed();
    let before = first.status(one);
    let was = [first.device(), second.device()];
    let told = county.lose_disk_and_journal_and_restore(&backup);
    assert_eq!(told["unconfirmed"], 2);

    first.damaged(two);
    second.damaged(begun);
    for phone in [&first, &second, &first, &second] {
        phone.sync(&county);
    }
    let now = [first.device(), second.device()];
    assert!(now[0] != was[0] && now[1] != was[1]);
    for (phone, was) in [&first, &second].into_iter().zip(was) {
        let notices = phone.replica.forks().unwrap();
        assert_eq!(notices.len(), 1);
        assert_eq!((notices[0].was, notices[0].why), (was, WhyForked::CountyRestored));
    }
    county.give(&["SBFORK0003"], "C01");
    first.sync(&county);
    assert!(
        first.replica.search("SBFORK0003", None, 1).unwrap().is_empty(),
        "nothing is served to who is not confirmed"
    );
    let numbers = now.map(|device| device.0.to_string());
    county.admin("M01", &["devices", "confirm", &numbers[0], &numbers[1]]);
    for phone in [&first, &second] {
        phone.sync(&county);
    }
    first.find("SBFORK0003");

    assert_eq!(
        county.facts(one).len(),
        4,
        "announced, loaded out, delivered and paid"
    );
    assert_eq!(county.facts(two).len(), 3);
    assert_eq!((county.facts(begun).len(), county.facts(tip).len()), (2, 1));
    let after = first.status(one);
    assert_eq!(after.phase, Phase::Ended);
    assert_eq!(codes(&after), codes(&before));
    assert_eq!((first.owed(), owed), (300, 300));
    assert_eq!(
        county
            .devices()
            .values()
            .filter(|state| *state == "active")
            .count(),
        2
    );
}
