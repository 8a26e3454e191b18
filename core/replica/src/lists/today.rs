use saddlebag_records::clock::{courier_day, day_starts_at_ms};
use saddlebag_records::id::RecordId;
use serde::Serialize;

use super::item::{self, Item};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::own::Own;
use crate::store::records::OnRoute;

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
}

/// A place or a household, with all that there is to do at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Stop {
    /// The place.
    pub place: Option<RecordId>,
    /// The household.
    pub household: Option<RecordId>,
    /// What is to do, in the order of the route.
    pub items: Vec<RouteItem>,
    /// Cash to be collected here, in fen.
    pub cash_fen: i64,
}

/// Something to do at a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct RouteItem {
    /// Why it is on the route.
    pub why: Why,
    /// The record.
    #[serde(flatten)]
    pub item: Item,
}

/// Why a record is on the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// To carry or to visit: the plan says so, or it is in the bag.
    Mine,
    /// It waited too long at a drop point and is to be fetched back.
    OverdueAtDropPoint,
    /// A case was handled: whoever passes asks how it went.
    FollowUp,
}

impl Why {
    fn of(on_route: OnRoute) -> Self {
        match on_route {
            OnRoute::AtDropPoint => Self::OverdueAtDropPoint,
            OnRoute::FollowUp => Self::FollowUp,
            OnRoute::Mine | OnRoute::No => Self::Mine,
        }
    }
}

impl Replica {
    /// Today's route: deliveries, pickups and errands that are this person's, what is overdue at drop points, and cases
    /// to follow up. What may not be done before another day is left out.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn today(&self) -> Result<Route> {
        let reading = self.surroundings().clock.read();
        self.read(|connection| {
            let own = Own::load(connection, self.surroundings().built_ms)?;
            let (now_ms, source) = own.clock.now(&reading);
            let day = courier_day(now_ms);
            let ends_ms = day_starts_at_ms(day.saturating_add(1)).saturating_add(DAY_ENDS_MS);
            // The index of the route holds every column, so nothing else is read.
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {}, on_route FROM records INDEXED BY route
                 WHERE on_route > 0 AND due_from_ms < CASE on_route WHEN 2 THEN ?1 ELSE ?2 END
                 ORDER BY on_route, route_order, due_until_ms, due_from_ms, id",
                item::COLUMNS
            ))?;
            let mut rows = statement.query([now_ms, ends_ms])?;
            let mut stops: Vec<Stop> = Vec::new();
            while let Some(row) = rows.next()? {
                let item = RouteItem {
                    item: item::read(row)?,
                    why: Why::of(row.get(16)?),
                };
                put(&mut stops, item);
            }
            Ok(Route {
                now_ms,
                time_is_sure: source.is_sure(),
                day,
                stops,
            })
        })
    }
}

/// Puts an item to the stop that it belongs to. What has neither place nor household is a stop of its own.
fn put(stops: &mut Vec<Stop>, item: RouteItem) {
    let (place, household) = (item.item.place, item.item.household);
    let here = |stop: &&mut Stop| match (household, place) {
        (Some(_), _) => stop.household == household,
        (None, Some(_)) => stop.place == place && stop.household.is_none(),
        (None, None) => false,
    };
    let cash_fen = item.item.cash_fen;
    match stops.iter_mut().find(here) {
        Some(stop) => {
            stop.cash_fen = stop.cash_fen.saturating_add(cash_fen);
            stop.items.push(item);
        }
        None => stops.push(Stop {
            place,
            household,
            items: vec![item],
            cash_fen,
        }),
    }
}
