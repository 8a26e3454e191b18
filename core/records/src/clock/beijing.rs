//! Days as the county counts them: Beijing time (UTC+8, no summer time since 1991), whatever the phone's zone.
//!
//! A day is the number of days since 1 January 1970, which was a Thursday.

use super::DAY_MS;

const HOUR_MS: i64 = 60 * 60 * 1000;
const BEIJING_MS: i64 = 8 * HOUR_MS;

/// A courier's day ends at 04:00: what is delivered at 03:59 still belongs to the evening before.
const COURIER_DAY_ENDS_MS: i64 = 4 * HOUR_MS;

const WORKING_DAYS_A_WEEK: i64 = 5;

/// The calendar day in Beijing at this moment (UTC milliseconds).
pub fn beijing_day(utc_ms: i64) -> i64 {
    utc_ms.saturating_add(BEIJING_MS).div_euclid(DAY_MS)
}

/// The courier's day at this moment (UTC milliseconds): the Beijing day in whose 04:00 it began.
pub fn courier_day(utc_ms: i64) -> i64 {
    utc_ms
        .saturating_add(BEIJING_MS - COURIER_DAY_ENDS_MS)
        .div_euclid(DAY_MS)
}

/// When a Beijing day starts, UTC milliseconds.
pub fn day_starts_at_ms(beijing_day: i64) -> i64 {
    beijing_day.saturating_mul(DAY_MS).saturating_sub(BEIJING_MS)
}

/// The Beijing day that is `working_days` working days after this one, which itself never counts.
///
/// Monday to Friday are working days. Public holidays, and the weekends worked in exchange for them, are
/// announced a year at a time and are not known here: a due day can be too early by them.
pub fn plus_working_days(beijing_day: i64, working_days: u16) -> i64 {
    let monday_first = beijing_day.saturating_add(3).rem_euclid(7);
    // From a weekend one counts as from its Friday.
    let weekday = monday_first.min(WORKING_DAYS_A_WEEK - 1);
    let start = beijing_day.saturating_sub(monday_first - weekday);
    let days = i64::from(working_days);
    if days == 0 {
        return beijing_day;
    }
    let weekends = (weekday + days).div_euclid(WORKING_DAYS_A_WEEK);
    start.saturating_add(days).saturating_add(2 * weekends)
}

/// When a case with so many working days to answer is due, UTC milliseconds: the last millisecond of that
/// Beijing day. Default days are 3, 7 and 15 (`case_tier`).
pub fn due_at_ms(utc_ms: i64, working_days: u16) -> i64 {
    let due_day = plus_working_days(beijing_day(utc_ms), working_days);
    day_starts_at_ms(due_day.saturating_add(1)).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-23 00:00 in Beijing, a Monday.
    const MONDAY_MS: i64 = 1_795_363_200_000;
    const MINUTE_MS: i64 = 60 * 1000;

    #[test]
    fn days_are_beijing_days() {
        let monday = beijing_day(MONDAY_MS);
        assert_eq!(monday, 20_780);
        assert_eq!(beijing_day(MONDAY_MS - 1), monday - 1);
        assert_eq!(beijing_day(MONDAY_MS + DAY_MS - 1), monday);
        assert_eq!(day_starts_at_ms(monday), MONDAY_MS);
        assert_eq!(beijing_day(0), 0);
        assert_eq!(beijing_day(-BEIJING_MS - 1), -1);
    }

    #[test]
    fn a_couriers_day_ends_at_four_in_the_morning() {
        let monday = beijing_day(MONDAY_MS);
        let four = MONDAY_MS + 4 * HOUR_MS;
        assert_eq!(courier_day(four - 1), monday - 1);
        assert_eq!(courier_day(four), monday);
        assert_eq!(
            courier_day(MONDAY_MS + DAY_MS + 3 * HOUR_MS + 59 * MINUTE_MS),
            monday
        );
    }

    #[test]
    fn working_days_skip_weekends() {
        let monday = beijing_day(MONDAY_MS);
        let (friday, saturday, sunday) = (monday + 4, monday + 5, monday + 6);
        let cases = [
            (monday, 0, monday),
            (saturday, 0, saturday),
            (monday, 1, monday + 1),
            (monday, 3, monday + 3),
            (monday, 7, monday + 9),
            (monday, 15, monday + 21),
            (friday, 1, monday + 7),
            (friday, 3, monday + 9),
            (friday, 7, monday + 15),
            (saturday, 3, monday + 9),
            (sunday, 1, monday + 7),
            (sunday, 5, monday + 11),
        ];
        for (from, days, due) in cases {
            assert_eq!(
                plus_working_days(from, days),
                due,
                "{days} after day {}",
                from - monday
            );
        }
    }

    #[test]
    fn a_case_is_due_with_the_end_of_its_day() {
        let reported = MONDAY_MS + 14 * HOUR_MS;
        assert_eq!(due_at_ms(reported, 3), MONDAY_MS + 4 * DAY_MS - 1);
    }

    proptest! {
        #[test]
        fn working_days_are_those_one_would_tick_off(day in -40_000i64..40_000, working_days in 0u16..200) {
            let mut due = day;
            for _ in 0..working_days {
                due += 1;
                while (due + 3).rem_euclid(7) >= 5 {
                    due += 1;
                }
            }
            prop_assert_eq!(plus_working_days(day, working_days), due);
        }

        #[test]
        fn no_number_overflows(ms in any::<i64>(), working_days in any::<u16>()) {
            courier_day(ms);
            day_starts_at_ms(ms);
            plus_working_days(ms, working_days);
            due_at_ms(ms, working_days);
        }
    }
}
