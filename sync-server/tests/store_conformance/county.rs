use saddlebag_records::id::{ActorId, CountyId, DeviceNumber, PersonId};
use saddlebag_sync_server::store::{Counts, ForgetReason, Seq, StoreError};

use crate::given::{County, START, changes, fact, held, push, record};

pub(crate) fn a_county_is_founded_once(county: &County) {
    assert_eq!(county.sees(|tx| tx.county()), None);
    assert_eq!(county.sees(|tx| tx.epoch()), None);
    assert_eq!(
        county.tries(|tx| tx.take_device_number()),
        Err(StoreError::Conflict("county"))
    );
    county.does(|tx| tx.found_county(CountyId([1; 16])));
    let founded = county.sees(|tx| tx.county()).unwrap();
    assert_eq!(
        (founded.id, founded.founded_ms, founded.log_floor),
        (CountyId([1; 16]), START + 1, Seq::START)
    );
    assert_eq!(
        county
            .tries(|tx| tx.found_county(CountyId([2; 16])))
            .unwrap_err()
            .code(),
        "store_conflict"
    );
    assert_eq!(county.sees(|tx| tx.county()), Some(founded));
}

pub(crate) fn device_numbers_are_never_given_twice(county: &County) {
    county.with(&[]);
    assert_eq!(county.does(|tx| tx.take_device_number()), DeviceNumber(2));
    county.does(|tx| tx.skip_device_numbers(DeviceNumber(40)));
    county.does(|tx| tx.skip_device_numbers(DeviceNumber(7)));
    assert_eq!(county.does(|tx| tx.take_device_number()), DeviceNumber(41));
    let one_time = DeviceNumber(DeviceNumber::ONE_TIME | 5);
    assert!(county.tries(move |tx| tx.skip_device_numbers(one_time)).is_err());
    assert_eq!(county.sees(|tx| tx.last_device()), DeviceNumber(41));
}

pub(crate) fn epochs_and_backups_come_in_their_order(county: &County) {
    county.with(&[record(1)]);
    county.does(|tx| tx.start_epoch(*b"zzzzzzzz", DeviceNumber(2), ActorId([2; 16])));
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1))])));
    county.does(|tx| tx.start_epoch(*b"aaaaaaaa", DeviceNumber(3), ActorId([3; 16])));
    let epochs = county.sees(|tx| tx.epochs());
    assert_eq!(
        epochs.iter().map(|epoch| epoch.after).collect::<Vec<_>>(),
        [Seq(0), Seq(1)]
    );
    assert_eq!(county.sees(|tx| tx.epoch()), epochs.last().copied());
    assert_eq!(epochs[1].name, *b"aaaaaaaa");
    assert_eq!(
        (epochs[1].own_device, epochs[1].own_actor),
        (DeviceNumber(3), ActorId([3; 16]))
    );
    let again = county.tries(|tx| tx.start_epoch(*b"aaaaaaaa", DeviceNumber(4), ActorId([4; 16])));
    assert_eq!(again.unwrap_err().code(), "store_conflict");

    county.does(|tx| tx.note_backup(Seq(0)));
    county.does(|tx| tx.note_backup(Seq(1)));
    let backups = county.sees(|tx| tx.backups());
    assert_eq!(
        backups.iter().map(|backup| backup.covers).collect::<Vec<_>>(),
        [Seq(0), Seq(1)]
    );
    assert!(backups[0].taken_ms < backups[1].taken_ms);
}

pub(crate) fn the_audit_log_is_read_a_page_at_a_time_and_drops_what_is_old(county: &County) {
    county.with(&[]);
    let who = Some(PersonId([9; 16]));
    for n in 0..5 {
        county.does(move |tx| tx.append_audit(who, "viewed", Some(record(n)), "a call"));
    }
    county.does(|tx| tx.append_audit(None, "retention", None, "30 days"));
    let (first, rest) = county.sees(|tx| {
        let first = tx.audit(0, 4)?;
        let rest = tx.audit(first.last().unwrap().0, 4)?;
        Ok((first, rest))
    });
    let records: Vec<_> = first.iter().chain(&rest).map(|(_, entry)| entry.record).collect();
    let expected: Vec<_> = (0..5).map(|n| Some(record(n))).chain([None]).collect();
    assert_eq!(records, expected);
    assert_eq!(
        (rest[1].1.who, rest[1].1.what.as_str(), rest[1].1.why.as_str()),
        (None, "retention", "30 days")
    );

    let before = rest[1].1.ms;
    assert_eq!(county.does(move |tx| tx.drop_audit(before)), 5);
    assert_eq!(county.sees(|tx| tx.audit(0, 10)), [rest[1].clone()]);
}

pub(crate) fn everything_is_counted(county: &County) {
    county.with(&[record(1), record(2)]);
    county.does(|tx| tx.append_facts(&push(vec![fact(1, record(1)), held(fact(2, record(1)))])));
    county.does(|tx| tx.append_changes(&changes(record(1), 3, &[1, 2], 0)));
    county.does(|tx| tx.forget_record(record(2), ForgetReason::Retention));
    let counts = Counts {
        records: 1,
        facts: 1,
        plan_changes: 2,
        waiting: 0,
        quarantined: 1,
        late: 0,
        devices: 1,
        tombstones: 1,
    };
    assert_eq!(county.sees(|tx| tx.counts()), counts);
}

pub(crate) fn what_is_not_kept_is_counted_by_its_name(county: &County) {
    county.with(&[]);
    for (name, more) in [("b", 1), ("a", 2), ("b", 3)] {
        county.does(move |tx| tx.tally(name, more));
    }
    assert!(
        county
            .tries(|tx| tx.tally("a", 1).and(Err::<(), _>(StoreError::Full)))
            .is_err()
    );
    let tallies = county.sees(|tx| tx.tallies());
    assert_eq!(tallies, [("a".to_owned(), 2), ("b".to_owned(), 4)]);
}

pub(crate) fn what_is_carried_on_adds_up(county: &County) {
    county.with(&[]);
    let somebody = PersonId([7; 16]);
    assert_eq!(county.sees(|tx| tx.cash_carried(somebody)), 0);
    for fen in [500, -1_200] {
        county.does(move |tx| tx.carry_cash(somebody, fen));
    }
    assert_eq!(county.sees(|tx| tx.cash_carried(somebody)), -700);
    assert_eq!(county.sees(|tx| tx.cash_carried(PersonId([8; 16]))), 0);
    let beyond = county.tries(move |tx| tx.carry_cash(somebody, i64::MIN));
    assert_eq!(beyond, Err(StoreError::Conflict("sums of money")));
    assert_eq!(county.sees(|tx| tx.cash_carried(somebody)), -700);
}
