use std::collections::BTreeMap;

use rusqlite::Connection;
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanValue;
use saddlebag_records::position::Position;
use serde::Serialize;

use super::map_links::MapLinks;
use super::names::{names, names_of};
use super::today::Moment;
use crate::error::{Error, Result};
use crate::project::spot::{self, Spot, SpotOf};
use crate::replica::Replica;
use crate::store::identity::{self, Author};
use crate::store::{plans, records};

/// How to get somewhere, without a network.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Way {
    /// The camp or place.
    pub to: RecordId,
    /// A place's names, by language.
    pub names: BTreeMap<String, String>,
    /// Where it is.
    pub position: Option<Position>,
    /// Whether that is the village's position, since theirs is not known.
    pub is_near: bool,
    /// From where distance and bearing count.
    pub from: Option<WayFrom>,
    /// How far it is as the crow flies.
    pub metres: Option<f64>,
    /// In which direction it is, in degrees from north over east.
    pub bearing_deg: Option<f64>,
    /// What one sees from afar.
    pub landmark: String,
    /// How to get there.
    pub directions: String,
    /// From where one cannot ride there directly.
    pub not_direct: Vec<NotDirect>,
    /// Links that open it in another map app.
    pub map_links: Option<MapLinks>,
}

/// From where a distance counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum WayFrom {
    /// From where the phone is.
    Here,
    /// From the person's station, since nobody knows where the phone is.
    Station,
}

/// A place from which one cannot ride directly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct NotDirect {
    /// The place.
    pub place: RecordId,
    /// Its names, by language.
    pub names: BTreeMap<String, String>,
    /// What is between.
    pub reason: String,
}

impl Replica {
    /// How to get to a camp or place, to a household where it stays now, or to where a record is to be brought. None
    /// where nothing tells. `from`: where the phone is.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`].
    pub fn way_to(&self, record: RecordId, from: Option<Position>) -> Result<Option<Way>> {
        let moment = self.moment()?;
        self.read(|connection| {
            let row = records::load(connection, record)?
                .ok_or(Error::UnknownRecord(record))?
                .row;
            let (household, place) = match row.kind {
                RecordKind::Household => (Some(record), None),
                RecordKind::Place | RecordKind::Camp => (None, Some(record)),
                _ => (row.household, row.place),
            };
            let spots = spot::spots(connection, household, place)?;
            let author = identity::author(connection)?;
            way(connection, &author, &spots, moment, from)
        })
    }
}

/// The way to the best of these spots.
pub(super) fn way(
    connection: &Connection,
    author: &Author,
    spots: &[Spot],
    moment: Moment,
    from: Option<Position>,
) -> Result<Option<Way>> {
    let Some((best, placed)) = spot::best(spots, moment.now_ms) else {
        return Ok(None);
    };
    let to = best.record();
    let plan = plans::view(connection, to)?;
    let position = placed.and_then(Spot::position);
    let start = start(connection, author, from)?;
    let ends = start.as_ref().map(|(_, start)| *start).zip(position);
    let mut not_direct = Vec::new();
    for item in plan.iter().flat_map(|plan| plan.items("not_direct")) {
        if let Some(PlanValue::Record(place)) = item.values.get("place") {
            let reason = match item.values.get("reason") {
                Some(PlanValue::Text(reason)) => reason.clone(),
                _ => String::new(),
            };
            not_direct.push(NotDirect {
                place: *place,
                names: names_of(connection, *place)?,
                reason,
            });
        }
    }
    let names = plan.as_ref().map(names).unwrap_or_default();
    let name = names.get("zh-Hans").or(names.values().next());
    let is_places = best.of != SpotOf::Camp;
    let directions = plan.as_ref().and_then(|plan| plan.text("directions"));
    Ok(Some(Way {
        to,
        map_links: position
            .map(|position| MapLinks::to(position, name.filter(|_| is_places).map(String::as_str))),
        position,
        is_near: placed.is_some_and(|spot| spot.of == SpotOf::Village),
        from: ends.and(start.map(|(from, _)| from)),
        metres: ends.map(|(from, to)| from.metres_to(to)),
        bearing_deg: ends.and_then(|(from, to)| from.bearing_to(to)),
        landmark: best.landmark.clone(),
        directions: directions.unwrap_or_default().to_owned(),
        not_direct,
        names: if is_places { names } else { BTreeMap::new() },
    }))
}

/// Where one sets out: where the phone is, or else the station.
pub(crate) fn start(
    connection: &Connection,
    author: &Author,
    here: Option<Position>,
) -> Result<Option<(WayFrom, Position)>> {
    if let Some(here) = here {
        return Ok(Some((WayFrom::Here, here)));
    }
    let station = author.station.map(|station| plans::view(connection, station));
    let station = station.transpose()?.flatten();
    let position = station.and_then(|plan| plan.position("position"));
    Ok(position.map(|position| (WayFrom::Station, position)))
}
