use std::future::Future;
use std::pin::pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::take;
use crate::county::{Counties, County};
use crate::scrub::scrub;

/// Between two looks at the clock. The clock of a simulation lets a day pass in less than a minute.
const LOOK: Duration = Duration::from_secs(1);
/// How long a backup that failed is left alone.
const AGAIN: Duration = Duration::from_secs(600);
/// All of Xinjiang keeps Beijing's time.
const BEIJING_MS: i64 = 8 * 3600 * 1000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// At which time of the day backups are taken, in Beijing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupAt {
    minute: i64,
}

impl FromStr for BackupAt {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let two_digits = |text: &str, below: i64| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.then(|| text.parse::<i64>().ok()).flatten();
            number.filter(|number| *number < below)
        };
        let parsed = text
            .split_once(':')
            .and_then(|(hour, minute)| Some((two_digits(hour, 24)?, two_digits(minute, 60)?)));
        let (hour, minute) = parsed.ok_or("a time of the day, such as 03:00, or off")?;
        Ok(Self {
            minute: hour * 60 + minute,
        })
    }
}

impl BackupAt {
    /// Whether a backup should have been taken since the last one, or since the county was founded. A server that was
    /// off at the time makes up for it.
    fn is_due(self, since_ms: i64, now_ms: i64) -> bool {
        let shift_ms = BEIJING_MS - self.minute * MINUTE_MS;
        let day = |ms: i64| ms.saturating_add(shift_ms).div_euclid(DAY_MS);
        day(since_ms) < day(now_ms)
    }
}

/// Calls `do_due` every second until `shutdown`, and when it failed not again for ten minutes.
pub async fn nightly(do_due: impl Fn() -> bool + Send + Sync + 'static, shutdown: impl Future<Output = ()>) {
    let do_due = Arc::new(do_due);
    let mut shutdown = pin!(shutdown);
    let mut failed: Option<Instant> = None;
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if failed.is_some_and(|failed| failed.elapsed() < AGAIN) {
            continue;
        }
        let taking = Arc::clone(&do_due);
        let went_well = tokio::task::spawn_blocking(move || taking())
            .await
            .unwrap_or(false);
        failed = (!went_well).then(Instant::now);
    }
}

/// Takes a backup of every county whose last one is of before the time of today, and says whether none failed.
pub fn take_due(counties: &Counties, at: BackupAt) -> bool {
    let mut went_well = true;
    for county in counties.all().iter().filter(|county| is_due(county, at)) {
        match take(county, &counties.backups()) {
            Ok(taken) => {
                tracing::info!(bytes = taken.bytes, ms = taken.took, "a backup was taken");
                went_well &= taken.damaged == 0;
            }
            Err(error) => {
                tracing::error!(code = error.code(), "a backup failed");
                went_well = false;
            }
        }
        // The backup's copy has other pages than the file: that one is looked at too.
        if let Err(error) = scrub(county) {
            tracing::error!(code = error.code(), "a scrub failed");
        }
    }
    went_well
}

fn is_due(county: &County, at: BackupAt) -> bool {
    let since_ms = county.backup_time().or_else(|| county.founded_ms());
    since_ms.is_some_and(|since_ms| at.is_due(since_ms, county.now_ms()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-06-01 at this time in Beijing, as UTC milliseconds.
    fn ms(hour: i64, minute: i64) -> i64 {
        1_780_243_200_000 + (hour * 60 + minute) * MINUTE_MS
    }

    #[test]
    fn one_is_due_once_the_time_of_the_day_has_passed() {
        let at: BackupAt = "03:30".parse().unwrap();
        assert!(!at.is_due(ms(0, 0), ms(3, 29)));
        assert!(at.is_due(ms(0, 0), ms(3, 30)));
        assert!(!at.is_due(ms(3, 30), ms(27, 29)));
        assert!(at.is_due(ms(3, 30), ms(27, 30)));
        assert!(at.is_due(ms(3, 30), ms(24 * 9, 0)), "the server was off");
        assert!(!at.is_due(ms(4, 0), ms(0, 0)), "the clock was set back");
    }

    #[test]
    fn a_time_of_the_day_has_four_digits() {
        for bad in ["", "3:00", "24:00", "03:60", "03.00", "+3:00", "off"] {
            assert!(bad.parse::<BackupAt>().is_err(), "{bad}");
        }
    }
}
