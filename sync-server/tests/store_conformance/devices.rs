use saddlebag_records::id::{ActorId, DeviceNumber, PersonId};
use saddlebag_sync_server::store::{Announced, DeviceState, NewDevice, Seq, StoreError, Touch};

use crate::given::{County, DEVICE, START, device, record};

const SPARE: DeviceNumber = DeviceNumber(DeviceNumber::ONE_TIME | 17);
const OTHER_SPARE: DeviceNumber = DeviceNumber(u64::MAX);

pub(crate) fn a_device_is_found_by_number_token_and_person(county: &County) {
    county.with(&[]);
    let second = NewDevice {
        replaces: Some(DEVICE),
        ..device(DeviceNumber(2))
    };
    county.does(move |tx| tx.add_device(&second));
    county.does(|tx| {
        tx.add_device(&NewDevice {
            person: PersonId([3; 16]),
            ..device(DeviceNumber(3))
        })
    });
    county.sees(|tx| {
        let found = tx.device(DeviceNumber(2))?.unwrap();
        assert_eq!(found.state, DeviceState::Active);
        assert_eq!((found.enrolled_ms, found.state_ms), (START + 1, START + 1));
        assert_eq!(
            (found.replaces, found.last_seen_ms, found.cursor),
            (Some(DEVICE), None, Seq::START)
        );
        assert_eq!(tx.device_by_token(&[2; 32])?, Some(found));
        assert_eq!(tx.device_by_token(&[9; 32])?, None);
        let numbers = |devices: Vec<_>| {
            devices
                .into_iter()
                .map(|d: saddlebag_sync_server::store::Device| d.number.0)
        };
        assert_eq!(numbers(tx.devices()?).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(
            numbers(tx.devices_of(PersonId([0xC0; 16]))?).collect::<Vec<_>>(),
            [1, 2]
        );
        Ok(())
    });
}

pub(crate) fn a_number_or_a_token_cannot_be_given_to_two_devices(county: &County) {
    county.with(&[]);
    let same_number = NewDevice {
        token_hash: [9; 32],
        ..device(DEVICE)
    };
    let same_token = NewDevice {
        number: DeviceNumber(9),
        ..device(DEVICE)
    };
    for twice in [same_number, same_token] {
        assert_eq!(
            county.tries(move |tx| tx.add_device(&twice)).unwrap_err().code(),
            "store_conflict"
        );
    }
    assert_eq!(county.sees(|tx| tx.devices()).len(), 1);
}

pub(crate) fn a_sync_leaves_what_it_does_not_say(county: &County) {
    county.with(&[]);
    let all = Touch {
        cursor: Some(Seq(7)),
        report: Some(vec![1]),
        capabilities: Some(vec![2]),
    };
    county.does(move |tx| tx.touch_device(DEVICE, &all));
    county.does(|tx| {
        tx.touch_device(
            DEVICE,
            &Touch {
                cursor: Some(Seq(9)),
                ..Touch::default()
            },
        )
    });
    county.does(|tx| tx.set_device_state(DEVICE, DeviceState::Lost));
    let device = county.sees(|tx| tx.device(DEVICE)).unwrap();
    assert_eq!(
        (device.cursor, device.report, device.capabilities),
        (Seq(9), vec![1], vec![2])
    );
    assert_eq!(
        (device.last_seen_ms, device.state_ms),
        (Some(START + 2), START + 3)
    );
    assert_eq!(device.state, DeviceState::Lost);
    let nobody = county.tries(|tx| tx.touch_device(DeviceNumber(5), &Touch::default()));
    assert_eq!(nobody, Err(StoreError::Conflict("device")));
}

pub(crate) fn an_actor_belongs_to_who_announced_it_first(county: &County) {
    county.with(&[]);
    let announce = |actor: u8, number: u64| {
        county.does(move |tx| tx.announce_actor(ActorId([actor; 16]), DeviceNumber(number)))
    };
    assert_eq!(announce(2, 1), Announced::New);
    assert_eq!(announce(2, 1), Announced::Known);
    assert_eq!(announce(2, 8), Announced::Taken);
    assert_eq!(announce(1, 1), Announced::New);
    county.sees(|tx| {
        assert_eq!(tx.actor_owner(ActorId([2; 16]))?, Some(DEVICE));
        assert_eq!(tx.actor_owner(ActorId([3; 16]))?, None);
        assert_eq!(tx.actors_of(DEVICE)?, [ActorId([1; 16]), ActorId([2; 16])]);
        Ok(())
    });
}

pub(crate) fn a_one_time_number_is_good_for_one_record(county: &County) {
    county.with(&[]);
    county.does(|tx| tx.add_one_time_numbers(DEVICE, &[OTHER_SPARE, SPARE]));
    let plain = county.tries(|tx| tx.add_one_time_numbers(DEVICE, &[DeviceNumber(17)]));
    assert_eq!(plain, Err(StoreError::Conflict("one-time number")));
    let twice = county.tries(|tx| tx.add_one_time_numbers(DeviceNumber(2), &[SPARE]));
    assert_eq!(twice.unwrap_err().code(), "store_conflict");

    county.does(|tx| tx.use_one_time_number(SPARE, record(1)));
    county.does(|tx| tx.use_one_time_number(SPARE, record(1)));
    let again = county.tries(|tx| tx.use_one_time_number(SPARE, record(2)));
    assert_eq!(again, Err(StoreError::Conflict("one-time number")));
    let numbers = county.sees(|tx| tx.one_time_numbers_of(DEVICE));
    let shown: Vec<_> = numbers
        .iter()
        .map(|one| (one.number, one.device, one.record))
        .collect();
    assert_eq!(
        shown,
        [(SPARE, DEVICE, Some(record(1))), (OTHER_SPARE, DEVICE, None)]
    );

    assert_eq!(county.does(|tx| tx.void_one_time_numbers(DEVICE)), 1);
    assert_eq!(county.sees(|tx| tx.one_time_number(OTHER_SPARE)), None);
    assert_eq!(county.sees(|tx| tx.one_time_number(SPARE)), Some(numbers[0]));
}

pub(crate) fn an_answer_is_kept_until_its_device_shows_that_it_has_it(county: &County) {
    county.with(&[]);
    county.does(|tx| tx.keep_answer(b"nonce", DeviceNumber(2), b"a token"));
    let again = county.tries(|tx| tx.keep_answer(b"nonce", DeviceNumber(3), b"another"));
    assert_eq!(again.unwrap_err().code(), "store_conflict");
    let kept = county.sees(|tx| tx.kept_answer(b"nonce")).unwrap();
    assert_eq!(
        (kept.device, kept.bytes.as_slice(), kept.kept_ms),
        (DeviceNumber(2), &b"a token"[..], START + 1)
    );
    assert_eq!(county.does(|tx| tx.drop_answers(DeviceNumber(2))), 1);
    assert_eq!(county.sees(|tx| tx.kept_answer(b"nonce")), None);
}
