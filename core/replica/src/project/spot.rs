//! Where something is to be brought: its household's camps, its place, or else the village that it belongs to.
//!
//! Which of them it is hangs on the day, so a row keeps them all, and whoever reads it chooses.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;
use saddlebag_records::position::Position;

use crate::error::Result;
use crate::store::{plans, records};

/// How far ahead of this phone's time another phone's may be and still be believed.
const AHEAD_MS: i64 = 10 * 60 * 1000;

/// What a spot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum SpotOf {
    /// A camp of the household.
    #[n(0)]
    Camp,
    /// The place that the plan names.
    #[n(1)]
    Place,
    /// Where the village's things go: what has no position of its own is ridden with it.
    #[n(2)]
    Village,
}

/// A spot where something may be found.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Spot {
    #[n(0)]
    pub(crate) of: SpotOf,
    /// The camp or place.
    #[n(1)]
    record: ByteArray<16>,
    /// [`Position::to_bytes`].
    #[n(2)]
    position: Option<ByteArray<8>>,
    #[n(3)]
    pub(crate) landmark: String,
    #[n(4)]
    from_ms: Option<i64>,
    #[n(5)]
    until_ms: Option<i64>,
    /// When the household moved in.
    #[n(6)]
    moved_in_ms: Option<i64>,
}

impl Spot {
    pub(crate) fn record(&self) -> RecordId {
        RecordId(*self.record)
    }

    pub(crate) fn position(&self) -> Option<Position> {
        self.position
            .as_ref()
            .and_then(|bytes| Position::from_bytes(**bytes))
    }

    fn new(of: SpotOf, record: RecordId, plan: Option<&PlanView>) -> Self {
        let position = plan.and_then(|plan| plan.position("position"));
        let landmark = plan.and_then(|plan| plan.text("landmark"));
        Self {
            of,
            record: record.0.into(),
            position: position.map(|position| position.to_bytes().into()),
            landmark: landmark.unwrap_or_default().to_owned(),
            from_ms: plan.and_then(|plan| plan.int("valid_from_ms")),
            until_ms: plan.and_then(|plan| plan.int("valid_until_ms")),
            moved_in_ms: None,
        }
    }

    /// The better one is the smaller one: where the household stays and may stay at this time, then where it ought to
    /// stay, then where it moved in whatever the dates say; of two the one that it moved to last.
    fn rank(&self, now_ms: i64) -> impl Ord + use<> {
        let is_in_season = self.from_ms.is_none_or(|from| from <= now_ms)
            && self.until_ms.is_none_or(|until| now_ms <= until);
        let is_dated = self.from_ms.is_some() || self.until_ms.is_some();
        let fit = match (self.of, self.moved_in_ms.is_some(), is_in_season) {
            (SpotOf::Camp, true, true) => 0,
            (SpotOf::Camp, false, true) if is_dated => 1,
            (SpotOf::Camp, true, false) => 2,
            (SpotOf::Camp, ..) => 3,
            (SpotOf::Place | SpotOf::Village, ..) => 4,
        };
        // Whoever's clock was far ahead says nothing of when they moved in.
        let moved_in_ms = self
            .moved_in_ms
            .filter(|ms| *ms <= now_ms.saturating_add(AHEAD_MS));
        (self.of, fit, std::cmp::Reverse(moved_in_ms), self.record())
    }
}

/// Where it is to be brought at this time: the best spot, and the best that has a position, if another one must lend it.
pub(crate) fn best(spots: &[Spot], now_ms: i64) -> Option<(&Spot, Option<&Spot>)> {
    let best = spots.iter().min_by_key(|spot| spot.rank(now_ms))?;
    let placed = spots
        .iter()
        .filter(|spot| spot.position().is_some())
        .min_by_key(|spot| spot.rank(now_ms));
    Some((best, placed))
}

/// Every spot of something that is for this household and place.
pub(crate) fn spots(
    connection: &Connection,
    household: Option<RecordId>,
    place: Option<RecordId>,
) -> Result<Vec<Spot>> {
    let mut spots = Vec::new();
    if let Some(household) = household {
        spots.extend(camps(connection, household)?);
    }
    if let Some(place) = place {
        let plan = plans::view(connection, place)?;
        let is_camp = records::kind_of(connection, place)? == Some(RecordKind::Camp);
        let of = if is_camp { SpotOf::Camp } else { SpotOf::Place };
        if !spots.iter().any(|spot| spot.record() == place) {
            spots.push(Spot::new(of, place, plan.as_ref()));
        }
        if let Some(station) = plan.and_then(|plan| plan.record("station")) {
            spots.push(village(connection, station)?);
        }
    }
    if let Some(household) = household {
        let plan = plans::view(connection, household)?;
        if let Some(drop_point) = plan.and_then(|plan| plan.record("drop_point")) {
            spots.push(village(connection, drop_point)?);
        }
    }
    Ok(spots)
}

fn village(connection: &Connection, place: RecordId) -> Result<Spot> {
    let plan = plans::view(connection, place)?;
    Ok(Spot::new(SpotOf::Village, place, plan.as_ref()))
}

fn camps(connection: &Connection, household: RecordId) -> Result<Vec<Spot>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, status, touched_ms FROM records
         WHERE household = ?1 AND household <> x'' AND kind = ?2 AND status <> 'moved_on'",
    )?;
    let mut rows = statement.query(params![household.0, RecordKind::Camp as u8])?;
    let mut camps = Vec::new();
    while let Some(row) = rows.next()? {
        let camp = RecordId(row.get(0)?);
        let moved_in = row.get_ref(1)?.as_str().unwrap_or_default() == "moved_in";
        let touched_ms: i64 = row.get(2)?;
        let plan = plans::view(connection, camp)?;
        camps.push(Spot {
            moved_in_ms: moved_in.then_some(touched_ms),
            ..Spot::new(SpotOf::Camp, camp, plan.as_ref())
        });
    }
    Ok(camps)
}

/// As they stand in a row, where nothing at all means that nobody looked for them.
pub(crate) fn to_bytes(spots: &[Spot]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = minicbor::encode(spots, &mut bytes);
    bytes
}

/// What [`to_bytes`] wrote; of anything else nothing.
pub(crate) fn from_bytes(bytes: &[u8]) -> Vec<Spot> {
    minicbor::decode(bytes).unwrap_or_default()
}

/// Those on the route that have a spot at this camp or place.
pub(super) fn on_route_with(connection: &Connection, place: RecordId) -> Result<Vec<RecordId>> {
    let mut statement = connection
        .prepare_cached("SELECT record, found_at FROM records INDEXED BY route WHERE on_route > 0")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let spots = from_bytes(row.get_ref(1)?.as_blob().unwrap_or_default());
        if spots.iter().any(|spot| spot.record() == place) {
            found.push(RecordId(row.get(0)?));
        }
    }
    Ok(found)
}
