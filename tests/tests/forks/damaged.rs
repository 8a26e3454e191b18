//! Bits flip, at the county or on a phone: what is damaged is asked for again of the other side, which gives it.

use crate::county::County;
use crate::phone::Phone;

#[test]
fn a_fact_that_is_damaged_at_the_county_is_given_again_by_its_phone() {
    let mut county = County::found();
    county.give(&["SBFORK0001"], "C01");
    let phone = Phone::of(&county, "C01", "phone");
    let record = phone.load("SBFORK0001");
    phone.damaged(record);
    phone.sync(&county);
    let before = county.facts(record);
    for fact in &before {
        county.flip(&fact.encode());
    }
    assert_eq!(county.scrub(), (false, 3), "the county's own fact among them");
    phone.sync(&county);
    assert_eq!(county.scrub(), (true, 0));
    assert_eq!(county.facts(record), before);
    phone.delivered(record);
    phone.sync(&county);
    assert_eq!(county.facts(record).len(), 4, "and it goes on under its number");
    assert_eq!(phone.replica.forks().unwrap(), []);
}

#[test]
fn facts_that_are_damaged_on_a_phone_are_given_again_by_the_county() {
    let mut county = County::found();
    county.give(&["SBFORK0001"], "C01");
    let phone = Phone::of(&county, "C01", "phone");
    let record = phone.load("SBFORK0001");
    phone.sync(&county);
    let before = county.facts(record);
    let phone = phone.whose_facts_are_damaged();
    assert_eq!(phone.replica.show(record).unwrap().facts.len(), 0);
    assert_eq!(phone.replica.safety().unwrap().damaged, before.len() as u64);
    phone.sync(&county);
    assert_eq!(phone.replica.safety().unwrap().damaged, 0);
    let facts = phone.replica.show(record).unwrap().facts;
    let names: Vec<_> = facts.iter().map(|line| line.fact).collect();
    assert_eq!(names, before.iter().map(|fact| fact.id).collect::<Vec<_>>());
    phone.delivered(record);
    phone.sync(&county);
    assert_eq!(county.facts(record).len(), 3);
    assert_eq!(phone.replica.forks().unwrap(), []);
}
