use saddlebag_replica::{Leaving, Synced};
use saddlebag_sync_server::admin::devices;

use crate::county::County;
use crate::phone::Phone;

#[test]
fn a_retired_phone_works_on_and_is_empty_once_a_backup_covers_all_that_it_wrote() {
    let county = County::start();
    let (phone, parcel) = Phone::enrolled(&county);
    county.back_up();
    phone.scan("SBLEAVE0002");
    devices::retire(&county.open, phone.device()).unwrap();
    assert!(
        matches!(phone.sync().unwrap(), Synced::Done(_)),
        "no backup covers the second scan"
    );
    assert_eq!(phone.replica.leaving().unwrap(), Some(Leaving::Retired));
    assert!(phone.is_whole());
    // It is used as before.
    let third = phone.scan("SBLEAVE0003");
    county.back_up();
    assert!(matches!(phone.sync().unwrap(), Synced::Done(_)));
    assert!(phone.is_whole());
    assert_eq!(county.state_of(phone.device()), "retiring");
    let device = phone.device();
    county.back_up();
    let synced = phone.sync().unwrap();
    assert_eq!(
        synced,
        Synced::Wiped {
            why: Leaving::Retired
        }
    );
    phone.was_wiped(Leaving::Retired);
    assert_eq!(county.state_of(device), "retired");
    for record in [parcel, third] {
        assert_eq!(county.facts(record).len(), 1);
    }
}

#[test]
fn what_is_on_this_phone_alone_keeps_it_from_being_emptied() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    phone
        .replica
        .keep_photo(saddlebag_replica::Lane::Photo, b"a photo")
        .unwrap();
    devices::retire(&county.open, phone.device()).unwrap();
    for _ in 0..2 {
        county.back_up();
        assert!(
            matches!(phone.sync().unwrap(), Synced::Done(_)),
            "photos are not sent yet"
        );
    }
    assert!(phone.is_whole());
    assert_eq!(county.state_of(phone.device()), "retiring");
}

#[test]
fn a_phone_that_enrols_again_before_it_was_emptied_keeps_all() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let before = phone.device();
    devices::retire(&county.open, before).unwrap();
    phone.sync().unwrap();
    assert_eq!(phone.replica.leaving().unwrap(), Some(Leaving::Retired));
    let second = phone.scan("SBLEAVE0002");
    phone.enrol(&county);
    county.back_up();
    assert!(matches!(phone.sync().unwrap(), Synced::Done(_)));
    county.back_up();
    assert!(matches!(phone.sync().unwrap(), Synced::Done(_)));
    assert_eq!(phone.replica.leaving().unwrap(), None);
    assert!(phone.is_whole());
    assert_eq!(county.facts(second).len(), 1);
    assert_eq!(
        (county.state_of(before), county.state_of(phone.device())),
        ("retiring", "active")
    );
}

#[test]
fn an_emptied_phone_is_enrolled_as_a_new_one() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    devices::retire(&county.open, phone.device()).unwrap();
    county.back_up();
    phone.sync().unwrap();
    phone.sync().unwrap_or(Synced::Elsewhere);
    phone.was_wiped(Leaving::Retired);
    let stale = phone.replica.clone();
    let code = county.code();
    let enrolled = crate::phone::runtime().block_on(stale.enrol(&code, "test 1"));
    assert_eq!(
        enrolled.unwrap_err().code(),
        "wiped",
        "a handle of the store that is gone"
    );
    let anew = Phone {
        replica: phone.another_handle(),
        folder: phone.folder,
    };
    anew.enrol(&county);
    anew.scan("SBLEAVE0001");
    anew.sync().unwrap();
    assert!(anew.is_whole(), "and nothing is told any more of what was");
}

#[test]
fn only_a_device_that_works_can_be_retired() {
    let county = County::start();
    let (phone, _) = Phone::enrolled(&county);
    let code = |done: Result<(), saddlebag_sync_server::admin::AdminError>| done.unwrap_err().code;
    assert_eq!(
        code(devices::retire(
            &county.open,
            saddlebag_records::id::DeviceNumber(999)
        )),
        "no_such_device"
    );
    devices::retire(&county.open, phone.device()).unwrap();
    devices::retire(&county.open, phone.device()).unwrap();
    devices::revoke(&county.open, phone.device()).unwrap();
    assert_eq!(code(devices::retire(&county.open, phone.device())), "wrong_state");
    assert_eq!(phone.sync(), Err("revoked"));
    assert!(phone.is_whole(), "a revoked phone destroys nothing");
}
