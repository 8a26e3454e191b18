use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use serde::Serialize;

use super::camps::{CampEntry, camp};
use super::consent_entry::{ConsentEntry, consents};
use super::item::{Item, items};
use super::names::names_of;
use super::page::is_for_their_eyes;
use super::today::Moment;
use crate::error::{Error, Result};
use crate::project::spot::{self, SpotOf};
use crate::project::{Known, Phone, Reader};
use crate::replica::Replica;
use crate::store::column::Id;
use crate::store::{identity, records};

/// A household, with all that hangs on it.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct HouseholdPage {
    /// The household.
    pub record: RecordId,
    /// The name it goes by here; masked for those who do not hold a task of theirs.
    pub name: String,
    /// Whether name and phones are whole.
    pub is_whole: bool,
    /// The name of its state.
    pub status: String,
    /// Their language, such as `kk-Arab`.
    pub language: Option<String>,
    /// Where their parcels go when nobody is there.
    pub drop_point: Option<RecordId>,
    /// That place's names, by language.
    pub drop_point_names: BTreeMap<String, String>,
    /// Phone numbers that are not known to be wrong; empty where names are masked.
    pub phones: Vec<Phone>,
    /// Whether any is known.
    pub phones_known: bool,
    /// Their camps: the one where they stay now, those to come, those that they left.
    pub camps: Vec<CampEntry>,
    /// What they agreed to, what stands first.
    pub consents: Vec<ConsentEntry>,
    /// What is open for them.
    pub items: Vec<Item>,
}

impl Replica {
    /// Everything about one household.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownRecord`] for what is no household, or not here.
    pub fn household(&self, record: RecordId) -> Result<HouseholdPage> {
        let moment = self.moment()?;
        self.read(|connection| {
            let found =
                records::load(connection, record)?.filter(|found| found.row.kind == RecordKind::Household);
            let row = found.ok_or(Error::UnknownRecord(record))?.row;
            let author = identity::author(connection)?;
            let reader = Reader::of(&author);
            let known = Known::load(connection, &reader, record, row.kind)?;
            let is_whole = is_for_their_eyes(connection, &author, &known, &row)?;
            let phones = known.phones();
            let plan = known.plan.as_ref();
            let drop_point = plan.and_then(|plan| plan.record("drop_point"));
            Ok(HouseholdPage {
                record,
                name: if is_whole {
                    row.title
                } else {
                    mask::name(&row.title)
                },
                is_whole,
                status: row.status,
                language: plan.and_then(|plan| plan.text("language")).map(str::to_owned),
                drop_point,
                drop_point_names: match drop_point {
                    Some(place) => names_of(connection, place)?,
                    None => BTreeMap::new(),
                },
                phones_known: !phones.is_empty(),
                phones: if is_whole { phones } else { Vec::new() },
                camps: camps(connection, record, moment)?,
                consents: consents(connection, &reader, record, moment, is_whole)?,
                items: open(connection, record)?,
            })
        })
    }
}

/// The camp where they stay comes first, and those that they left last.
fn camps(connection: &Connection, household: RecordId, moment: Moment) -> Result<Vec<CampEntry>> {
    let spots = spot::spots(connection, Some(household), None)?;
    let now = spot::best(&spots, moment.now_ms)
        .filter(|(best, _)| best.of == SpotOf::Camp)
        .map(|(best, _)| best.record());
    let mut statement = connection.prepare_cached(
        "SELECT record FROM records WHERE household = ?1 AND household <> x'' AND kind = ?2",
    )?;
    let of = params![Id::from(household), RecordKind::Camp as u8];
    let mut camps = Vec::new();
    for record in statement.query_map(of, |row| row.get(0).map(RecordId))? {
        camps.extend(camp(connection, record?)?);
    }
    camps.sort_by_key(|camp| {
        let left = camp.status == "moved_on";
        (
            Some(camp.record) != now,
            left,
            std::cmp::Reverse(camp.valid_from_ms),
            camp.record,
        )
    });
    Ok(camps)
}

fn open(connection: &Connection, household: RecordId) -> Result<Vec<Item>> {
    let work = "household = ?1 AND household <> x'' AND phase < 2 AND kind IN (?2, ?3, ?4)
        ORDER BY kind, due_until_ms, id";
    let [delivery, pickup, errand] =
        [RecordKind::Delivery, RecordKind::Pickup, RecordKind::Errand].map(|kind| kind as u8);
    items(
        connection,
        work,
        params![Id::from(household), delivery, pickup, errand],
    )
}
