use saddlebag_records::access::Role;
use saddlebag_records::id::{DeviceNumber, PersonId};
use saddlebag_sync_server::store::{EnrolmentCode, Item, Person, Seq, What};

use crate::given::{COURIER, County, OFFICE, STATION, record};

const WHO: PersonId = PersonId([0xC0; 16]);

pub(crate) fn a_person_is_replaced_as_a_whole(county: &County) {
    county.with(&[]);
    let clerk = Person {
        id: WHO,
        role: Role::Clerk,
        station: Some(record(5)),
        password_hash: Some("$argon2id$…".to_owned()),
        second_factor: Some(vec![1, 2, 3]),
        active: true,
    };
    let left = Person {
        station: None,
        password_hash: None,
        second_factor: None,
        active: false,
        ..clerk.clone()
    };
    let other = Person {
        id: PersonId([0xB0; 16]),
        ..clerk.clone()
    };
    for person in [&clerk, &other] {
        let person = person.clone();
        county.does(move |tx| tx.put_person(&person));
    }
    assert_eq!(county.sees(|tx| tx.people()), [other.clone(), clerk]);
    assert_eq!(county.sees(|tx| tx.people_at(record(6))), []);
    let replacement = left.clone();
    county.does(move |tx| tx.put_person(&replacement));
    assert_eq!(county.sees(|tx| tx.people()), [other.clone(), left.clone()]);
    assert_eq!(county.sees(|tx| tx.people_at(record(5))), [other]);
    assert_eq!(county.sees(|tx| tx.person(WHO)), Some(left));
    assert_eq!(county.sees(|tx| tx.person(PersonId([1; 16]))), None);
}

pub(crate) fn joining_and_leaving_an_audience_stand_in_the_persons_log(county: &County) {
    county.with(&[]);
    let joined = county.does(|tx| tx.join_audience(WHO, STATION));
    assert_eq!(joined, Some(Seq(1)));
    assert_eq!(county.does(|tx| tx.join_audience(WHO, STATION)), None);
    county.does(|tx| tx.join_audience(WHO, OFFICE));
    assert_eq!(county.does(|tx| tx.leave_audience(WHO, STATION)), Some(Seq(3)));
    assert_eq!(county.does(|tx| tx.leave_audience(WHO, STATION)), None);

    county.sees(|tx| {
        let memberships = tx.memberships(WHO)?;
        let shown: Vec<_> = memberships
            .iter()
            .map(|m| (m.audience, m.since, m.left))
            .collect();
        assert_eq!(shown, [(OFFICE, Seq(2), None), (STATION, Seq(1), Some(Seq(3)))]);
        let rows = tx.log_page(&[COURIER], Seq::START, 10)?;
        let whats: Vec<_> = rows.iter().map(|row| row.what).collect();
        assert_eq!(whats, [What::Joined, What::Joined, What::Left]);
        assert!(rows.iter().all(|row| row.record == WHO.into()));
        assert_eq!(tx.item(&rows[1])?, Some(Item::Audience(OFFICE)));
        assert_eq!(tx.item(&rows[2])?, Some(Item::Audience(STATION)));
        Ok(())
    });
    assert_eq!(county.does(|tx| tx.join_audience(WHO, STATION)), Some(Seq(4)));
    let back = county.sees(|tx| tx.memberships(WHO))[1];
    assert_eq!((back.since, back.left), (Seq(4), None));
}

pub(crate) fn enrolment_codes_are_found_by_their_hash_until_they_are_dropped(county: &County) {
    county.with(&[]);
    let code = |n: u8| EnrolmentCode {
        hash: [n; 32],
        person: WHO,
        role: Role::Courier,
        expires_ms: i64::from(n) * 1000,
        tries_left: 5,
        used_by: None,
    };
    for n in [1, 2, 3] {
        county.does(move |tx| tx.put_enrolment_code(&code(n)));
    }
    let used = EnrolmentCode {
        tries_left: 4,
        used_by: Some(DeviceNumber(8)),
        ..code(2)
    };
    let put = used.clone();
    county.does(move |tx| tx.put_enrolment_code(&put));
    assert_eq!(county.sees(|tx| tx.enrolment_code(&[2; 32])), Some(used));
    assert_eq!(county.does(|tx| tx.drop_enrolment_codes(3000)), 2);
    assert_eq!(county.sees(|tx| tx.enrolment_code(&[2; 32])), None);
    assert_eq!(county.sees(|tx| tx.enrolment_code(&[3; 32])), Some(code(3)));
}
