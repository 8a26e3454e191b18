use saddlebag_records::clock::{courier_day, day_starts_at_ms};
use serde::Serialize;

use super::handed_over::{HandedOver, handed_over};
use super::item::{Item, items};
use super::stop::{ReadStop, Stop, Until, stops};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::own::Own;

/// A courier's day ends at 04:00.
const DAY_ENDS_MS: i64 = 4 * 60 * 60 * 1000;

/// Today's route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Route {
    /// The best guess at the time, UTC milliseconds.
    pub now_ms: i64,
    /// Whether that is the county's or a satellite's time; if not, screens say "about".
    pub time_is_sure: bool,
    /// The courier's day: days since 1970 of the Beijing day in whose 04:00 it began.
    pub day: i64,
    /// The stops, in the order of the route.
    pub stops: Vec<Stop>,
    /// Deliveries, pickups and errands that this person did today.
    pub done_today: u32,
    /// What was handed to colleagues who have not taken it over yet: no stop of this person's any more.
    pub handed_over: Vec<HandedOver>,
}

/// A moment of a courier's day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// The best guess at the time, UTC milliseconds.
    pub(crate) now_ms: i64,
    pub(crate) is_sure: bool,
    /// The courier's day.
    pub(crate) day: i64,
}

impl Moment {
    /// When the day began and when it ends, UTC milliseconds.
    fn of_day(day: i64) -> i64 {
        day_starts_at_ms(day).saturating_add(DAY_ENDS_MS)
    }

    pub(crate) fn at(now_ms: i64, is_sure: bool) -> Self {
        Self {
            now_ms,
            is_sure,
            day: courier_day(now_ms),
        }
    }

    pub(crate) fn until(self) -> Until {
        Until {
            now_ms: self.now_ms,
            day_ends_ms: Self::of_day(self.day.saturating_add(1)),
        }
    }
}

impl Replica {
    /// Today's route: deliveries, pickups and errands that are this person's to do, what is overdue at drop points, and cases
    /// to follow up. What may not be done before another day is left out.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn today(&self) -> Result<Route> {
        let (moment, stops, (done_today, handed_over)) = self.read_route(|connection, moment| {
            let done: i64 = connection
                .prepare_cached(
                    "SELECT count(*) FROM records WHERE done_by_me_ms > 0 AND done_by_me_ms >= ?1",
                )?
                .query_row([Moment::of_day(moment.day)], |row| row.get(0))?;
            Ok((u32::try_from(done).unwrap_or(u32::MAX), handed_over(connection)?))
        })?;
        Ok(Route {
            now_ms: moment.now_ms,
            time_is_sure: moment.is_sure,
            day: moment.day,
            stops: stops.into_iter().map(|read| read.stop).collect(),
            done_today,
            handed_over,
        })
    }

    /// What this person did today, the latest first.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn done_today(&self) -> Result<Vec<Item>> {
        let moment = self.moment()?;
        self.read(|connection| {
            let today = "done_by_me_ms > 0 AND done_by_me_ms >= ?1 ORDER BY done_by_me_ms DESC, id DESC";
            items(connection, today, &[&Moment::of_day(moment.day)])
        })
    }

    /// What time it is, for all that this phone knows.
    pub(crate) fn moment(&self) -> Result<Moment> {
        let reading = self.surroundings().clock.read();
        self.read(|connection| {
            let own = Own::load(connection, self.surroundings().built_ms)?;
            let (now_ms, source) = own.clock.now(&reading);
            Ok(Moment::at(now_ms, source.is_sure()))
        })
    }

    /// The stops of the route, and whatever else is read at the same moment.
    pub(crate) fn read_route<T>(
        &self,
        also: impl FnOnce(&rusqlite::Connection, Moment) -> Result<T>,
    ) -> Result<(Moment, Vec<ReadStop>, T)> {
        let reading = self.surroundings().clock.read();
        self.read(|connection| {
            let own = Own::load(connection, self.surroundings().built_ms)?;
            let (now_ms, source) = own.clock.now(&reading);
            let moment = Moment::at(now_ms, source.is_sure());
            let stops = stops(connection, moment.until())?;
            Ok((moment, stops, also(connection, moment)?))
        })
    }
}
