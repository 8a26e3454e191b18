use proptest::prelude::*;

use super::*;

const BUILT: i64 = 1_790_000_000_000;
const COUNTY: i64 = 1_795_000_000_000;
const MINUTE: i64 = 60 * 1000;
const YEAR: i64 = 365 * DAY_MS;

fn reading(wall_ms: i64, mono_ms: u64, boot: u64) -> Observed {
    Observed {
        wall_ms,
        mono_ms,
        boot,
        satellite_ms: None,
    }
}

fn satellite(satellite_ms: i64, wall_ms: i64) -> Observed {
    Observed {
        satellite_ms: Some(satellite_ms),
        ..reading(wall_ms, 0, 9)
    }
}

/// A clock whose county answered in boot 1 with the monotonic clock at 5,000 ms.
fn synced() -> Clock {
    let mut clock = Clock::new(BUILT);
    clock.county_answered(COUNTY, &reading(0, 5_000, 1));
    clock
}

fn order(stamp: &Stamp) -> (i64, u16) {
    (stamp.hlc_ms, stamp.hlc_count)
}

#[test]
fn within_the_boot_the_countys_time_counts_on_whatever_the_wall_clock_says() {
    let mut clock = synced();
    for wall in [COUNTY - 20 * YEAR, COUNTY + 20 * YEAR, i64::MIN, i64::MAX] {
        assert_eq!(
            clock.now(&reading(wall, 65_000, 1)),
            (COUNTY + MINUTE, ClockSource::County)
        );
    }
    let stamp = clock.stamp(&reading(0, 65_000, 1));
    assert_eq!(
        stamp,
        Stamp {
            hlc_ms: COUNTY + MINUTE,
            hlc_count: 0,
            source: ClockSource::County
        }
    );
}

#[test]
fn after_a_reboot_the_wall_clock_is_held_between_its_bounds() {
    let clock = synced();
    let latest = COUNTY + MAX_WITHOUT_COUNTY_MS;
    for (wall, now, source) in [
        (COUNTY + DAY_MS, COUNTY + DAY_MS, ClockSource::Wall),
        (BUILT, BUILT, ClockSource::Wall),
        (latest, latest, ClockSource::Wall),
        (BUILT - 1, BUILT, ClockSource::WallHeld),
        (COUNTY - 20 * YEAR, BUILT, ClockSource::WallHeld),
        (COUNTY + 20 * YEAR, latest, ClockSource::WallHeld),
        (i64::MIN, BUILT, ClockSource::WallHeld),
        (i64::MAX, latest, ClockSource::WallHeld),
    ] {
        assert_eq!(clock.now(&reading(wall, 0, 2)), (now, source), "{wall}");
    }
}

#[test]
fn a_monotonic_clock_that_went_back_is_another_boot() {
    let clock = synced();
    assert_eq!(
        clock.now(&reading(COUNTY + MINUTE, 4_999, 1)),
        (COUNTY + MINUTE, ClockSource::Wall)
    );
}

#[test]
fn satellite_time_beats_the_wall_clock_where_it_can_be_true() {
    let clock = synced();
    let true_time = COUNTY + DAY_MS;
    assert_eq!(
        clock.now(&satellite(true_time, 0)),
        (true_time, ClockSource::Satellite)
    );
    // A receiver whose week number rolled over shows a time 19.6 years back.
    let rolled_over = true_time - 1024 * 7 * DAY_MS;
    assert_eq!(
        clock.now(&satellite(rolled_over, true_time)),
        (true_time, ClockSource::Wall)
    );
    assert_eq!(
        clock.now(&satellite(rolled_over, 0)),
        (BUILT, ClockSource::WallHeld)
    );
}

#[test]
fn a_phone_that_never_synced_holds_its_clock_around_the_build_date() {
    let clock = Clock::new(BUILT);
    assert_eq!(clock.now(&reading(0, 0, 1)), (BUILT, ClockSource::WallHeld));
    assert_eq!(
        clock.now(&reading(i64::MAX, 0, 1)),
        (BUILT + MAX_WITHOUT_COUNTY_MS, ClockSource::WallHeld)
    );
}

#[test]
fn stamps_of_one_millisecond_are_counted_and_the_count_runs_over_into_the_next() {
    let mut clock = synced();
    let still = reading(0, 5_000, 1);
    assert_eq!(order(&clock.stamp(&still)), (COUNTY, 0));
    assert_eq!(order(&clock.stamp(&still)), (COUNTY, 1));
    for _ in 2..=u16::MAX {
        clock.stamp(&still);
    }
    assert_eq!(order(&clock.stamp(&still)), (COUNTY + 1, 0));
}

#[test]
fn a_received_clock_is_adopted_up_to_ten_minutes_ahead_of_ones_own_time() {
    let mut clock = synced();
    let here = reading(0, 5_000, 1);
    let from = |ms: i64, count: u16| Stamp {
        hlc_ms: ms,
        hlc_count: count,
        source: ClockSource::Wall,
    };
    assert_eq!(
        clock.receive(&from(COUNTY + 20 * YEAR, 0), &here),
        Received::TooFarAhead
    );
    assert_eq!(clock.receive(&from(i64::MAX, 0), &here), Received::TooFarAhead);
    assert_eq!(order(&clock.stamp(&here)), (COUNTY, 0));
    assert_eq!(
        clock.receive(&from(COUNTY - 20 * YEAR, 0), &here),
        Received::AlreadyPast
    );
    assert_eq!(
        clock.receive(&from(COUNTY + 10 * MINUTE, 4), &here),
        Received::Adopted
    );
    assert_eq!(order(&clock.stamp(&here)), (COUNTY + 10 * MINUTE, 5));
    // Having adopted once does not open the way to ten minutes more.
    assert_eq!(
        clock.receive(&from(COUNTY + 10 * MINUTE + 1, 0), &here),
        Received::TooFarAhead
    );
    assert_eq!(
        clock.receive(&from(COUNTY + 10 * MINUTE, u16::MAX), &here),
        Received::Adopted
    );
    assert_eq!(order(&clock.stamp(&here)), (COUNTY + 10 * MINUTE + 1, 0));
}

#[test]
fn a_phone_that_ran_ahead_comes_back_when_the_county_answers() {
    let mut clock = Clock::new(BUILT);
    clock.stamp(&reading(BUILT + 20 * YEAR, 0, 1));
    clock.county_answered(COUNTY, &reading(BUILT + 20 * YEAR, 1_000, 1));
    let stamp = clock.stamp(&reading(BUILT + 20 * YEAR, 2_000, 1));
    assert_eq!(
        stamp,
        Stamp {
            hlc_ms: COUNTY + 1_000,
            hlc_count: 0,
            source: ClockSource::County
        }
    );
}

#[test]
fn a_certificate_is_refused_only_when_it_had_certainly_expired() {
    let unsynced = Clock::new(BUILT);
    assert_eq!(unsynced.earliest_true_time(), BUILT);
    assert!(unsynced.certificate_expired(BUILT - 1));
    assert!(!unsynced.certificate_expired(BUILT));
    assert_eq!(synced().earliest_true_time(), COUNTY);
    assert!(synced().certificate_expired(COUNTY - 1));
    let mut updated = synced();
    updated.built_at(COUNTY + DAY_MS);
    assert_eq!(updated.earliest_true_time(), COUNTY + DAY_MS);
}

#[test]
fn an_observation_is_written_when_the_last_one_does_not_imply_it() {
    let last = reading(COUNTY, 1_000, 1);
    let implied = |now: &Observed| observation_to_write(Some(&last), now).is_none();
    assert_eq!(observation_to_write(None, &last), Some(last));
    assert!(implied(&last));
    assert!(implied(&reading(COUNTY + DAY_MS, 1_000 + DAY_MS as u64, 1)));
    assert!(implied(&reading(COUNTY + 2_000, 1_000, 1)));
    assert!(!implied(&reading(COUNTY + 2_001, 1_000, 1)));
    assert!(!implied(&reading(COUNTY - 2_001, 1_000, 1)));
    assert!(!implied(&reading(COUNTY, 1_000, 2)));
    assert!(!implied(&reading(i64::MIN, u64::MAX, 1)));
}

#[test]
fn satellite_time_is_written_when_it_comes_or_shifts_but_not_when_it_goes() {
    let with = |satellite_ms, mono_ms| Observed {
        satellite_ms,
        ..reading(COUNTY + i64::try_from(mono_ms).unwrap(), mono_ms, 1)
    };
    let (without, seen) = (with(None, 0), with(Some(COUNTY + 70), 0));
    assert_eq!(observation_to_write(Some(&without), &seen), Some(seen));
    assert_eq!(observation_to_write(Some(&seen), &with(None, 5_000)), None);
    assert_eq!(
        observation_to_write(Some(&seen), &with(Some(COUNTY + 5_070), 5_000)),
        None
    );
    let shifted = with(Some(COUNTY + 7_071), 5_000);
    assert_eq!(observation_to_write(Some(&seen), &shifted), Some(shifted));
}

#[test]
fn sources_keep_their_numbers() {
    for (number, source) in [
        ClockSource::County,
        ClockSource::Satellite,
        ClockSource::Wall,
        ClockSource::WallHeld,
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(ClockSource::from_number(number as u64), Some(*source));
    }
    assert_eq!(ClockSource::from_number(4), None);
}

#[derive(Clone, Debug)]
enum Event {
    Stamp(Observed),
    Receive(Stamp, Observed),
}

fn observed() -> impl Strategy<Value = Observed> {
    let ms = || prop_oneof![any::<i64>(), COUNTY - YEAR..COUNTY + YEAR];
    (
        ms(),
        prop_oneof![any::<u64>(), 0..100_000u64],
        0..3u64,
        proptest::option::of(ms()),
    )
        .prop_map(|(wall_ms, mono_ms, boot, satellite_ms)| Observed {
            wall_ms,
            mono_ms,
            boot,
            satellite_ms,
        })
}

fn event() -> impl Strategy<Value = Event> {
    let received = (
        prop_oneof![any::<i64>(), COUNTY - MINUTE..COUNTY + YEAR],
        any::<u16>(),
    )
        .prop_map(|(hlc_ms, hlc_count)| Stamp {
            hlc_ms,
            hlc_count,
            source: ClockSource::Wall,
        });
    prop_oneof![
        observed().prop_map(Event::Stamp),
        (received, observed()).prop_map(|(s, o)| Event::Receive(s, o))
    ]
}

proptest! {
    #[test]
    fn between_two_answers_of_the_county_stamps_always_advance(events in prop::collection::vec(event(), 1..40)) {
        let mut clock = synced();
        let mut last = None;
        for event in events {
            match event {
                Event::Receive(stamp, at) => {
                    let received = clock.receive(&stamp, &at);
                    if received == Received::Adopted {
                        last = last.max(Some(order(&stamp)));
                    }
                }
                // Saturated at the end of time there is nothing later.
                Event::Stamp(at) if clock.now(&at).0 < i64::MAX => {
                    let stamp = order(&clock.stamp(&at));
                    prop_assert!(last < Some(stamp) || stamp.0 == i64::MAX);
                    last = Some(stamp);
                }
                Event::Stamp(_) => {}
            }
        }
    }

    #[test]
    fn no_reading_overflows(county_ms in any::<i64>(), built in any::<i64>(), a in observed(), b in observed()) {
        let mut clock = Clock::new(built);
        clock.stamp(&a);
        clock.county_answered(county_ms, &a);
        clock.stamp(&b);
        clock.certificate_expired(built);
        observation_to_write(Some(&a), &b);
    }
}
