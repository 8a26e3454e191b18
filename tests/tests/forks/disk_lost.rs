//! A county that lost its disk and has its journal still, and phones that took another number since the backup.

use crate::county::County;
use crate::phone::Phone;

/// Whoever reads everything anew and brings it in the same go is given nothing of it back: it must not be let go.
#[test]
fn a_phone_that_forked_after_the_backup_keeps_what_it_brings_again() {
    let mut county = County::found();
    county.give(&["SBFORK0001"], "C01");
    let (phone, copy) = Phone::of(&county, "C01", "phone").copied("copy");
    let parcel = phone.find("SBFORK0001");
    let backup = county.backup();
    phone.damaged(parcel);
    let home = phone.household("牧户");
    phone.replica.edit_notes(parcel, "门口。").unwrap();
    phone.sync(&county);
    let phone = phone.put_back(&copy);
    phone.load("SBFORK0001");
    phone.sync(&county);
    let before = county.facts(home).len();
    assert_eq!(phone.notes(parcel), "门口。", "it was given back what it lost");
    phone.replica.show(home).unwrap();

    county.lose_disk_and_restore(&backup);
    assert_eq!(county.facts(home), []);
    for _ in 0..2 {
        phone.sync(&county);
    }
    assert_eq!(county.facts(home).len(), before);
    assert_eq!(county.facts(parcel).len(), 3);
    phone.replica.show(home).unwrap();
    let other = Phone::of(&county, "C01", "other");
    assert_eq!(other.notes(parcel), "门口。");
    assert_eq!(other.status(parcel), phone.status(parcel));
}

/// Nothing but the journal tells whose number a tip was begun under that was given after the backup.
#[test]
fn a_tip_that_was_answered_after_the_backup_comes_again() {
    let mut county = County::found();
    let (phone, copy) = Phone::of(&county, "C01", "phone").copied("copy");
    let backup = county.backup();
    phone.load("SBFORK0001");
    phone.sync(&county);
    let phone = phone.put_back(&copy);
    phone.load("SBFORK0002");
    phone.sync(&county);
    // Under a number that came with the fork.
    let tip = phone.report("桥断了");
    phone.sync(&county);
    let id = tip.to_string();
    let case = ["case", "new", "--tip", &id, "--tier", "coordinated_by_township"];
    county.admin(
        "D01",
        &[&case[..], &["--text", "已核实", "--answer", "已转交办理"]].concat(),
    );
    phone.sync(&county);
    let before = county.facts(tip);
    assert_eq!(before.len(), 2);

    county.lose_disk_and_restore(&backup);
    for _ in 0..2 {
        phone.sync(&county);
    }
    let after = county.facts(tip);
    assert_eq!(after.len(), 2, "{after:?}");
    assert!(before.iter().all(|fact| after.contains(fact)));
    assert_eq!(phone.replica.show(tip).unwrap().facts.len(), 2);
}
