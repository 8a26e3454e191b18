//! Dates in Beijing time, which is UTC+8 the year round.

/// A day, milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;
pub(super) const HOUR_MS: i64 = 3_600_000;
const BEIJING_MS: i64 = 8 * HOUR_MS;

/// When the courier's day of this date begins, 04:00 in Beijing, UTC milliseconds.
pub(super) fn courier_day(year: i64, month: i64, day: i64) -> i64 {
    days(year, month, day) * DAY_MS + 4 * HOUR_MS - BEIJING_MS
}

/// The year that herders are in: camps change with the seasons, and the first move is in April.
pub(super) fn herding_year(utc_ms: i64) -> i64 {
    let (year, month, _) = date((utc_ms + BEIJING_MS).div_euclid(DAY_MS));
    if month < 4 { year - 1 } else { year }
}

/// An instant as RFC 3339 in Beijing time, to the minute.
pub fn beijing(utc_ms: i64) -> String {
    let local = utc_ms + BEIJING_MS;
    let (year, month, day) = date(local.div_euclid(DAY_MS));
    let minutes = local.rem_euclid(DAY_MS) / 60_000;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}+08:00",
        minutes / 60,
        minutes % 60
    )
}

/// Days from 1970-01-01 to this date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is a year's last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

fn date(days_since_1970: i64) -> (i64, i64, i64) {
    // The mean year is at most three days off after thousands of years, so one step either way suffices.
    let guess = 1970 + (days_since_1970 * 400).div_euclid(146_097);
    let year = (guess - 1..=guess + 1)
        .rev()
        .find(|year| days(*year, 1, 1) <= days_since_1970)
        .unwrap_or(guess);
    let month = (1..=12)
        .rev()
        .find(|month| days(year, *month, 1) <= days_since_1970)
        .unwrap_or(1);
    (year, month, days_since_1970 - days(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_in_beijing_time() {
        assert_eq!(beijing(0), "1970-01-01T08:00+08:00");
        assert_eq!(beijing(951_782_400_000), "2000-02-29T08:00+08:00");
        assert_eq!(beijing(1_767_196_799_000), "2025-12-31T23:59+08:00");
        assert_eq!(beijing(1_767_196_800_000), "2026-01-01T00:00+08:00");
    }

    #[test]
    fn a_couriers_day_begins_at_four() {
        assert_eq!(beijing(courier_day(2026, 6, 1)), "2026-06-01T04:00+08:00");
    }

    #[test]
    fn every_date_comes_back() {
        for day in (-200_000..200_000).step_by(17) {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day, "{year}-{month}-{of_month}");
        }
    }

    #[test]
    fn the_herding_year_begins_in_april() {
        assert_eq!(herding_year(courier_day(2026, 3, 31)), 2025);
        assert_eq!(herding_year(courier_day(2026, 4, 1)), 2026);
    }
}
