use std::collections::BTreeMap;

use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::{PlanValue, PlanView};
use saddlebag_records::position::Position;
use saddlebag_records::status::Phase;
use serde::Serialize;

use super::way;
use crate::error::Result;
use crate::project::{Known, Reader};
use crate::replica::Replica;
use crate::store::{identity, records};

/// A station, drop point, rest station or transfer ground.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct PlaceEntry {
    /// The place.
    pub record: RecordId,
    /// A code of `place_kind`.
    pub kind: Option<u64>,
    /// Who lends it its room: a code of `drop_point_host`.
    pub host: Option<u64>,
    /// Its names, by language.
    pub names: BTreeMap<String, String>,
    /// Where it is.
    pub position: Option<Position>,
    /// When somebody is there.
    pub hours: String,
    /// Codes of `rest_service`.
    pub services: Vec<u64>,
    /// How many days it keeps a parcel.
    pub keeping_days: Option<u64>,
    /// Who keeps it.
    pub keeper: String,
    /// Whether a phone number of it is here.
    pub is_callable: bool,
    /// How far it is as the crow flies, in metres.
    pub metres: Option<f64>,
    /// In which direction, in degrees from north over east.
    pub bearing_deg: Option<f64>,
    /// Whether it was not closed.
    pub is_open: bool,
}

impl Replica {
    /// The places that this phone knows, the nearest to where it is first, or else to the person's station; where nobody
    /// knows either, by name. Those whose position nobody knows come last.
    ///
    /// # Errors
    ///
    /// As of the store.
    pub fn places(&self, from: Option<Position>) -> Result<Vec<PlaceEntry>> {
        self.read(|connection| {
            let author = identity::author(connection)?;
            let from = way::start(connection, &author, from)?.map(|(_, from)| from);
            let reader = Reader::of(&author);
            let mut places = Vec::new();
            for record in records::of_kind(connection, RecordKind::Place)? {
                let known = Known::load(connection, &reader, record, RecordKind::Place)?;
                let nothing = PlanView::empty(RecordKind::Place);
                places.push(entry(&known, known.plan.as_ref().unwrap_or(&nothing), from));
            }
            let far = |place: &PlaceEntry| place.metres.unwrap_or(f64::INFINITY);
            places.sort_by(|a, b| {
                let nearer = far(a).total_cmp(&far(b));
                nearer.then_with(|| (&a.names, a.record).cmp(&(&b.names, b.record)))
            });
            Ok(places)
        })
    }
}

fn entry(known: &Known, plan: &PlanView, from: Option<Position>) -> PlaceEntry {
    let text = |name| plan.text(name).unwrap_or_default().to_owned();
    let position = plan.position("position");
    let way = from.zip(position);
    let services = plan.list("services").iter().filter_map(|code| match code {
        PlanValue::Integer(code) => u64::try_from(*code).ok(),
        _ => None,
    });
    PlaceEntry {
        record: known.record,
        kind: plan.uint("kind"),
        host: plan.uint("host"),
        names: plan.texts("names"),
        position,
        hours: text("hours"),
        services: services.collect(),
        keeping_days: plan.uint("keeping_days"),
        keeper: text("keeper"),
        is_callable: !known.phones().is_empty(),
        metres: way.map(|(from, to)| from.metres_to(to)),
        bearing_deg: way.and_then(|(from, to)| from.bearing_to(to)),
        is_open: known.status.phase != Phase::Ended,
    }
}
