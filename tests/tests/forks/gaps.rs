//! A fact of a phone's own that is lost before the county had it: those after it must come all the same.

use saddlebag_protocol::{Forget, ForgetReason};
use saddlebag_replica::{Answer, PageContent, WhyForked};

use crate::county::County;
use crate::phone::Phone;

/// The county destroyed a record about a person while a phone had something to send of it.
#[test]
fn what_was_written_after_a_destroyed_record_still_goes() {
    let mut county = County::found();
    county.give(&["SBFORK0001", "SBFORK0002"], "C01");
    let phone = Phone::of(&county, "C01", "phone");
    let (gone, other) = (phone.find("SBFORK0001"), phone.load("SBFORK0002"));
    phone.sync(&county);
    let was = phone.device();
    phone.load("SBFORK0001");
    phone.damaged(other);
    let log = phone.replica.asking("test 1", None, &[]).unwrap().cursor;
    let forget = Forget {
        record: gone.0,
        reason: ForgetReason::Person,
    };
    let page = PageContent {
        forget: vec![forget],
        ..PageContent::default()
    };
    let answer = Answer {
        county_time_ms: phone.replica.now_ms().unwrap(),
        page,
        cursor: log,
        ..Answer::default()
    };
    phone.replica.apply(&answer).unwrap();
    assert_eq!(phone.replica.only_here().unwrap().facts, 1);

    phone.sync(&county);
    assert_ne!(phone.device(), was);
    let facts = county.facts(other);
    assert_eq!(facts.len(), 3, "announced, loaded out and damaged");
    assert_eq!(facts[2].id.n, 1, "under the new number");
    let notices = phone.replica.forks().unwrap();
    assert_eq!((notices.len(), notices[0].why), (1, WhyForked::FactLost));
    phone.delivered(other);
    phone.sync(&county);
    assert_eq!(
        (county.facts(other).len(), phone.replica.forks().unwrap().len()),
        (4, 1)
    );
}
