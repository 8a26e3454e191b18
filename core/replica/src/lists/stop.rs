use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

use rusqlite::Connection;
use saddlebag_records::codes::delivery_flag;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::position::Position;
use serde::Serialize;

use super::item::{self, Item};
use super::on_the_way;
use crate::error::Result;
use crate::project::spot::{self, Spot, SpotOf};
use crate::store::records::{self, OnRoute, UNORDERED};

/// A place or a household, with all that there is to do at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Stop {
    /// By what the stop is told from others, from one reading to the next.
    pub key: String,
    /// The place.
    pub place: Option<RecordId>,
    /// The household.
    pub household: Option<RecordId>,
    /// The household's name, masked.
    pub household_name: String,
    /// The place's names, by language.
    pub place_names: BTreeMap<String, String>,
    /// The language of the household, such as `kk-Arab`.
    pub language: Option<String>,
    /// Where it is.
    pub position: Option<Position>,
    /// Whether that is the village's position, since theirs is not known.
    pub is_near: bool,
    /// What one sees from afar.
    pub landmark: String,
    /// What is to do, in the order of the route.
    pub items: Vec<RouteItem>,
    /// Deliveries to hand over.
    pub to_hand_over: u32,
    /// Pickups to collect.
    pub to_collect: u32,
    /// Errands.
    pub errands: u32,
    /// Cases to follow up.
    pub follow_ups: u32,
    /// Deliveries that waited too long at the drop point.
    pub overdue: u32,
    /// Cash to be collected here, in fen.
    pub cash_fen: i64,
    /// Whether something of it must stay cold.
    pub cold_chain: bool,
    /// Since when the oldest cold thing is under way, UTC milliseconds.
    pub cold_since_ms: Option<i64>,
    /// Whether something of it is urgent.
    pub urgent: bool,
    /// Whether it is ridden to before all that are neither urgent nor cold.
    pub comes_first: bool,
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
    fn on_route(self) -> OnRoute {
        match self {
            Self::Mine => OnRoute::Mine,
            Self::OverdueAtDropPoint => OnRoute::AtDropPoint,
            Self::FollowUp => OnRoute::FollowUp,
        }
    }
}

/// What tells a stop from others: whom or what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StopKey {
    Household(RecordId),
    Place(RecordId),
    Record(RecordId),
}

impl fmt::Display for StopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Household(id) => write!(f, "household-{id}"),
            Self::Place(id) => write!(f, "place-{id}"),
            Self::Record(id) => write!(f, "record-{id}"),
        }
    }
}

impl FromStr for StopKey {
    type Err = saddlebag_records::id::BadId;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (of, id) = text.split_once('-').ok_or(saddlebag_records::id::BadId)?;
        let id = id.parse()?;
        match of {
            "household" => Ok(Self::Household(id)),
            "place" => Ok(Self::Place(id)),
            "record" => Ok(Self::Record(id)),
            _ => Err(saddlebag_records::id::BadId),
        }
    }
}

/// A stop as it is read, with what ordering it needs beside what screens show.
#[derive(Clone, Debug)]
pub(crate) struct ReadStop {
    pub(crate) key: StopKey,
    pub(crate) stop: Stop,
    /// The first place that any of its items has on the route; none while nobody put it in order.
    pub(crate) order: Option<u64>,
    /// Each item's own.
    pub(crate) orders: Vec<Option<u64>>,
    pub(crate) spots: Vec<Spot>,
    /// Since when something waits here too long that this person has to answer for, UTC milliseconds.
    pub(crate) theirs_since_ms: Option<i64>,
}

/// What may be done until which times, UTC milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until {
    /// Now: what waits at a drop point is due by then.
    pub(crate) now_ms: i64,
    /// The end of the courier's day.
    pub(crate) day_ends_ms: i64,
}

impl Until {
    fn of(self, why: Why) -> i64 {
        match why {
            Why::OverdueAtDropPoint => self.now_ms,
            Why::Mine | Why::FollowUp => self.day_ends_ms,
        }
    }
}

/// The stops of the route in their order.
pub(crate) fn stops(connection: &Connection, until: Until) -> Result<Vec<ReadStop>> {
    let mut stops = Stops::default();
    for why in [Why::Mine, Why::OverdueAtDropPoint, Why::FollowUp] {
        stops.add(connection, why, until)?;
    }
    let mut stops = stops.stops;
    for stop in &mut stops {
        stop.find(until.now_ms);
    }
    // Whom the ride does not pass is asked by somebody else, and so is what waits at a drop point fetched.
    on_the_way::keep(&mut stops, until.now_ms);
    // What lies on the way is ridden where it was put; where nobody put it, what is urgent or cold before all that was,
    // and the rest after it.
    stops.sort_by_key(|stop| match stop.order {
        Some(order) => (1, order),
        None => (if stop.stop.comes_first { 0 } else { 2 }, 0),
    });
    Ok(stops)
}

/// What this person has with them for this stop and may not deliver before another day.
pub(crate) fn later(connection: &Connection, key: StopKey, until: Until) -> Result<Vec<Item>> {
    let with_them = "on_route = 1 AND on_route > 0 AND due_from_ms >= ?1 AND in_my_bag = 1
        ORDER BY due_from_ms, id";
    let items = item::items(connection, with_them, &[&until.of(Why::Mine)])?;
    let why = Why::Mine;
    let of_this = items.into_iter().map(|item| RouteItem { why, item });
    Ok(of_this
        .filter(|item| key_of(item) == key)
        .map(|item| item.item)
        .collect())
}

/// The stops read so far.
#[derive(Default)]
struct Stops {
    stops: Vec<ReadStop>,
    at: HashMap<StopKey, usize>,
}

impl Stops {
    /// Adds what is on the route for this reason and due.
    fn add(&mut self, connection: &Connection, why: Why, until: Until) -> Result<()> {
        // The index of the route holds every column, so nothing else is read, and of it only what is due.
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {}, route_order, language, found_at, cold_since_ms FROM records INDEXED BY route
             WHERE on_route > 0 AND on_route = ?1 AND due_from_ms < ?2
             ORDER BY route_order, due_until_ms, due_from_ms, id",
            item::COLUMNS
        ))?;
        let mut rows = statement.query([why.on_route() as i64, until.of(why)])?;
        while let Some(row) = rows.next()? {
            let item = RouteItem {
                item: item::read(row)?,
                why,
            };
            let order = Some(row.get::<_, i64>(16)?).filter(|order| *order != UNORDERED);
            let order = order.and_then(|order| u64::try_from(order).ok());
            let theirs_since_ms = match why {
                Why::OverdueAtDropPoint => on_the_way::theirs_since_ms(connection, item.item.record)?,
                Why::Mine | Why::FollowUp => None,
            };
            let Some(stop) = self.stop_of(&item) else { continue };
            stop.theirs_since_ms = [stop.theirs_since_ms, theirs_since_ms]
                .into_iter()
                .flatten()
                .min();
            if stop.spots.is_empty() {
                stop.spots = spot::from_bytes(row.get_ref(18)?.as_blob().unwrap_or_default());
            }
            if stop.stop.language.is_none() {
                let language = row.get_ref(17)?.as_str().unwrap_or_default();
                stop.stop.language = (!language.is_empty()).then(|| language.to_owned());
            }
            stop.put(item, order, row.get(19)?);
        }
        Ok(())
    }

    fn stop_of(&mut self, item: &RouteItem) -> Option<&mut ReadStop> {
        let key = key_of(item);
        let at = *self.at.entry(key).or_insert_with(|| {
            self.stops.push(ReadStop::begin(key, &item.item));
            self.stops.len() - 1
        });
        self.stops.get_mut(at)
    }
}

/// What has neither place nor household is a stop of its own. What waits at a drop point is fetched there, and what was
/// collected from a household is brought to the place.
fn key_of(item: &RouteItem) -> StopKey {
    let RouteItem { why, item } = item;
    let goes_to_place = *why == Why::OverdueAtDropPoint || records::is_under_way(item.kind, &item.status);
    match (item.household.filter(|_| !goes_to_place), item.place) {
        (Some(household), _) => StopKey::Household(household),
        (None, Some(place)) => StopKey::Place(place),
        (None, None) => StopKey::Record(item.record),
    }
}

impl ReadStop {
    fn begin(key: StopKey, first: &Item) -> Self {
        let is_of_household = matches!(key, StopKey::Household(_));
        let stop = Stop {
            key: key.to_string(),
            place: first.place,
            household: first.household.filter(|_| is_of_household),
            household_name: if is_of_household {
                first.household_name.clone()
            } else {
                String::new()
            },
            place_names: first.place_names.clone(),
            language: None,
            position: None,
            is_near: false,
            landmark: String::new(),
            items: Vec::new(),
            to_hand_over: 0,
            to_collect: 0,
            errands: 0,
            follow_ups: 0,
            overdue: 0,
            cash_fen: 0,
            cold_chain: false,
            cold_since_ms: None,
            urgent: false,
            comes_first: false,
        };
        Self {
            key,
            stop,
            order: None,
            orders: Vec::new(),
            spots: Vec::new(),
            theirs_since_ms: None,
        }
    }

    fn put(&mut self, item: RouteItem, order: Option<u64>, cold_since_ms: i64) {
        let stop = &mut self.stop;
        // What waited too long is fetched back, and paid by nobody.
        if item.why == Why::Mine {
            stop.cash_fen = stop.cash_fen.saturating_add(item.item.cash_fen);
        }
        match (item.why, item.item.kind) {
            (Why::OverdueAtDropPoint, _) => stop.overdue += 1,
            (Why::FollowUp, _) => stop.follow_ups += 1,
            (Why::Mine, RecordKind::Delivery) => stop.to_hand_over += 1,
            (Why::Mine, RecordKind::Pickup) if item.item.status == "planned" => stop.to_collect += 1,
            (Why::Mine, RecordKind::Errand) => stop.errands += 1,
            (Why::Mine, _) => {}
        }
        stop.cold_chain |= item.item.flags & delivery_flag::COLD_CHAIN != 0;
        stop.urgent |= item.item.flags & delivery_flag::URGENT != 0;
        stop.comes_first = stop.cold_chain || stop.urgent;
        if cold_since_ms != 0 {
            stop.cold_since_ms = Some(
                stop.cold_since_ms
                    .map_or(cold_since_ms, |since| since.min(cold_since_ms)),
            );
        }
        self.order = match (self.order, order) {
            (Some(first), Some(order)) => Some(first.min(order)),
            (first, order) => first.or(order),
        };
        self.orders.push(order);
        stop.items.push(item);
    }

    /// Where it is at this time.
    fn find(&mut self, now_ms: i64) {
        if let Some((best, placed)) = spot::best(&self.spots, now_ms) {
            self.stop.landmark.clone_from(&best.landmark);
            self.stop.position = placed.and_then(Spot::position);
            self.stop.is_near = placed.is_some_and(|spot| spot.of == SpotOf::Village);
        }
    }
}
