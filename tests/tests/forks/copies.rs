//! A phone that is put back to an older state, and one that there are two of.

use saddlebag_records::status::Phase;
use saddlebag_replica::WhyForked;

use crate::county::County;
use crate::phone::Phone;

#[test]
fn a_phone_put_back_to_an_older_copy_goes_on_and_loses_nothing() {
    let mut county = County::found();
    county.give(&["SBFORK0001", "SBFORK0002"], "C01");
    let phone = Phone::of(&county, "C01", "phone");
    let parcel = phone.load("SBFORK0001");
    phone.sync(&county);
    let (phone, copy) = phone.copied("copy");

    // Of this the copy knows nothing, but the county does.
    let delivered = phone.delivered(parcel);
    phone.collected(parcel, 4_500);
    phone.sync(&county);
    let number = phone.device();

    let phone = phone.put_back(&copy);
    let other = phone.load("SBFORK0002");
    let damaged = phone.damaged(other);
    phone.damaged(parcel);
    phone.sync(&county);
    assert_ne!(phone.device(), number, "it has a number of its own");
    assert_eq!(phone.status(parcel).phase, Phase::Ended);
    assert_eq!(phone.status(parcel).ended_by, [delivered]);
    assert_eq!(phone.owed(), 4_500);
    let facts = county.facts(other);
    assert_eq!(facts.len(), 2 + 1, "announced, loaded out and damaged");
    let anew = facts
        .iter()
        .find(|fact| fact.was.map(|was| was.id) == Some(damaged));
    let loaded = facts
        .iter()
        .find(|fact| fact.id.n == 1 && fact.id.device == phone.device());
    assert_eq!(
        anew.unwrap().after,
        [loaded.unwrap().id],
        "what it came after has a new name too"
    );

    let [notice] = &phone.replica.forks().unwrap()[..] else {
        panic!("not told once")
    };
    assert_eq!(
        (notice.was, notice.device, notice.why, notice.facts),
        (number, phone.device(), WhyForked::Copied, 3)
    );
    phone.replica.fork_seen(notice.id).unwrap();
    assert_eq!(phone.replica.forks().unwrap(), []);

    // And it goes on as any other.
    phone.delivered(other);
    phone.sync(&county);
    assert_eq!(county.facts(other).len(), 4);
    assert_eq!(phone.replica.forks().unwrap(), []);
    assert_eq!(county.devices()[&number.0], "forked");
}

#[test]
fn a_phone_put_back_keeps_nothing_that_left_meanwhile() {
    let mut county = County::found();
    county.give(&["SBFORK0001", "SBFORK0002"], "C01");
    let phone = Phone::of(&county, "C01", "phone");
    let (left, stays) = (phone.find("SBFORK0001"), phone.load("SBFORK0002"));
    phone.sync(&county);
    let (phone, copy) = phone.copied("copy");
    phone.damaged(stays);
    county.admin("D01", &["reassign", "SBFORK0001", "C02"]);
    phone.sync(&county);
    assert_eq!(phone.replica.show(left).unwrap_err().code(), "unknown_record");

    let phone = phone.put_back(&copy);
    phone.replica.show(left).unwrap();
    let own = phone.delivered(stays);
    phone.sync(&county);
    assert_eq!(phone.replica.show(left).unwrap_err().code(), "unknown_record");
    let facts = county.facts(stays);
    assert!(facts.iter().any(|fact| fact.was.map(|was| was.id) == Some(own)));
    phone.replica.show(stays).unwrap();
}

#[test]
fn both_phones_of_a_copied_folder_go_on_and_end_with_what_both_wrote() {
    let mut county = County::found();
    county.give(&["SBFORK0001", "SBFORK0002", "SBFORK0003", "SBFORK0004"], "C01");
    let first = Phone::of(&county, "C01", "first");
    let [one, two, three, four] =
        ["SBFORK0001", "SBFORK0002", "SBFORK0003", "SBFORK0004"].map(|number| first.find(number));
    first.load("SBFORK0001");
    first.sync(&county);
    // Both have this to send.
    first.load("SBFORK0003");
    let (first, copy) = first.copied("second");
    let second = Phone::at(copy);

    first.delivered(one);
    first.collected(one, 1_000);
    first.replica.edit_notes(four, "放在门口").unwrap();
    let tip = first.report("桥断了");
    second.load("SBFORK0002");
    second.damaged(two);
    second.collected(two, 200);
    second.replica.edit_notes(two, "易碎").unwrap();
    second.delivered(three);
    let other_tip = second.report("路上有石头");
    let was = first.device();
    for _ in 0..2 {
        for phone in [&first, &second] {
            phone.sync(&county);
        }
    }
    // The first one hears of it when it has something to bring.
    first.damaged(three);
    for phone in [&first, &second, &first] {
        phone.sync(&county);
    }

    assert!(first.device() != was && second.device() != was && first.device() != second.device());
    for phone in [&first, &second] {
        assert_eq!(phone.status(one).phase, Phase::Ended);
        assert_eq!(phone.status(three).phase, Phase::Ended);
        assert_eq!(phone.owed(), 1_200, "each counted once");
        assert_eq!(
            (phone.notes(four), phone.notes(two)),
            ("放在门口".into(), "易碎".into())
        );
    }
    for record in [one, two, three] {
        assert_eq!(first.status(record), second.status(record));
        let (at_first, at_second) = (
            first.replica.show(record).unwrap(),
            second.replica.show(record).unwrap(),
        );
        assert_eq!(at_first.facts.len(), at_second.facts.len());
        assert_eq!(county.facts(record).len(), at_first.facts.len());
    }
    assert_eq!(county.facts(one).len(), 4);
    assert_eq!(county.facts(two).len(), 4);
    assert_eq!(county.facts(three).len(), 4);
    assert_eq!((county.facts(tip).len(), county.facts(other_tip).len()), (1, 1));
}

/// Two copies draw their one-time numbers from one heap.
#[test]
fn tips_of_two_copies_go_under_numbers_of_their_own() {
    let mut county = County::found();
    let (first, copy) = Phone::of(&county, "C01", "first").copied("second");
    let second = Phone::at(copy);
    let tips = [first.report("桥断了"), second.report("路上有石头")];
    first.sync(&county);
    second.sync(&county);
    let again = second.report("灯坏了");
    second.sync(&county);
    for tip in tips.into_iter().chain([again]) {
        assert_eq!(county.facts(tip).len(), 1);
    }
    assert!(!second.replica.waits_for_numbers().unwrap());
}
