//! The PIN that the screens may ask for.

use saddlebag_replica::Unlock;
use saddlebag_replica::surroundings::BUILT_MS;

use crate::a_phone::{MORNING_MS, Phone, raw};

const PIN: &str = "270915";
const WRONG: &str = "000000";
const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;

/// A phone with a PIN that was typed wrong so often, each time as soon as that was possible.
fn typed_wrong(times: u32) -> Phone {
    let phone = Phone::of_courier(1);
    phone.set_pin(Some(PIN)).unwrap();
    for _ in 0..times {
        let Unlock::Wrong { wait_ms } = phone.unlock(WRONG).unwrap() else {
            panic!("it was not looked at");
        };
        phone.clock.pass(wait_ms);
    }
    phone
}

#[test]
fn without_a_pin_nothing_is_asked() {
    let phone = Phone::of_courier(1);
    assert!(!phone.has_pin().unwrap());
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Open);
}

#[test]
fn the_right_pin_opens_on_any_keyboard_and_after_a_restart() {
    let phone = Phone::of_courier(1);
    phone.set_pin(Some(PIN)).unwrap();
    let phone = phone.opened_again();
    assert!(phone.has_pin().unwrap());
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Open);
    assert_eq!(phone.unlock("٢٧٠٩١٥").unwrap(), Unlock::Open);
    phone.set_pin(None).unwrap();
    assert!(!phone.has_pin().unwrap());
}

#[test]
fn a_pin_is_six_digits() {
    let phone = Phone::of_courier(1);
    for typed in ["", "12345", "1234567", "abcdef"] {
        assert_eq!(phone.set_pin(Some(typed)).unwrap_err().code(), "unfit_pin");
        assert_eq!(phone.unlock(typed).unwrap_err().code(), "unfit_pin");
    }
    assert!(!phone.has_pin().unwrap());
}

#[test]
fn four_tries_are_free_and_then_it_takes_longer_and_longer() {
    let phone = typed_wrong(0);
    let mut waits = Vec::new();
    for _ in 0..10 {
        let Unlock::Wrong { wait_ms } = phone.unlock(WRONG).unwrap() else {
            panic!("it was not looked at");
        };
        waits.push(wait_ms / SECOND);
        phone.clock.pass(wait_ms);
    }
    assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 300, 900, 900]);
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Open, "nothing was wiped");
    assert_eq!(
        phone.unlock(WRONG).unwrap(),
        Unlock::Wrong { wait_ms: 0 },
        "and it begins anew"
    );
}

#[test]
fn while_it_waits_not_even_the_right_one_opens() {
    let phone = typed_wrong(4);
    assert_eq!(
        phone.unlock(WRONG).unwrap(),
        Unlock::Wrong { wait_ms: 30 * SECOND }
    );
    phone.clock.pass(29 * SECOND);
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Wait { wait_ms: SECOND });
    phone.clock.pass(SECOND);
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Open);
}

#[test]
fn neither_a_restart_nor_a_clock_that_was_set_shortens_it() {
    let phone = typed_wrong(8);
    assert_eq!(
        phone.unlock(WRONG).unwrap(),
        Unlock::Wrong { wait_ms: 15 * MINUTE }
    );
    phone.clock.pass(MINUTE);
    let phone = phone.opened_again();
    for wall_ms in [MORNING_MS + 400 * 86_400_000, BUILT_MS - 1, 0] {
        phone.clock.set_wall(wall_ms);
        assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Wait { wait_ms: 14 * MINUTE });
    }
}

#[test]
fn a_reboot_shortens_nothing_and_what_passes_after_it_counts() {
    let phone = typed_wrong(8);
    phone.unlock(WRONG).unwrap();
    phone.clock.pass(5 * MINUTE);
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Wait { wait_ms: 10 * MINUTE });

    phone.clock.reboot();
    phone.clock.set_wall(MORNING_MS + 86_400_000);
    let phone = phone.opened_again();
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Wait { wait_ms: 10 * MINUTE });
    phone.clock.pass(4 * MINUTE);
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Wait { wait_ms: 6 * MINUTE });
    phone.clock.reboot();
    phone.clock.pass(6 * MINUTE);
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Open);
}

#[test]
fn tries_on_two_handles_are_counted_together() {
    let phone = typed_wrong(4);
    let other = phone.another_handle();
    assert_eq!(
        other.unlock(WRONG).unwrap(),
        Unlock::Wrong { wait_ms: 30 * SECOND }
    );
    assert_eq!(phone.unlock(PIN).unwrap(), Unlock::Wait { wait_ms: 30 * SECOND });
}

#[test]
fn the_pin_is_nowhere_in_the_store() {
    let phone = typed_wrong(0);
    let mut found: Vec<Vec<u8>> = Vec::new();
    let database = raw(phone.dir.path());
    let mut rows = database.prepare("SELECT salt, hash FROM pin").unwrap();
    let mut rows = rows.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        found.extend([row.get(0).unwrap(), row.get(1).unwrap()]);
    }
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [16, 32]);
    assert!(
        found
            .iter()
            .all(|bytes| !bytes.windows(PIN.len()).any(|part| part == PIN.as_bytes()))
    );
}
