use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::mask;
use saddlebag_records::status::State;
use serde::Serialize;

use super::names::names_of;
use super::today::Moment;
use crate::error::Result;
use crate::project::{Known, Reader};
use crate::store::column::Id;

/// What a household agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct ConsentEntry {
    /// The consent.
    pub record: RecordId,
    /// A code of `consent_scope`.
    pub scope: Option<u64>,
    /// Who may take what is theirs, masked for those who do not hold a task of the household.
    pub proxy: Option<String>,
    /// Where it may be left.
    pub drop_point: Option<RecordId>,
    /// That place's names, by language.
    pub drop_point_names: BTreeMap<String, String>,
    /// Until when, UTC milliseconds; none until it is withdrawn.
    pub until_ms: Option<i64>,
    /// The name of its state.
    pub status: String,
    /// Whether it covers anything now: given, not withdrawn, not past its end.
    pub stands: bool,
}

/// The consents of a household, those that stand first, the latest first.
pub(super) fn consents(
    connection: &Connection,
    reader: &Reader,
    household: RecordId,
    moment: Moment,
    is_whole: bool,
) -> Result<Vec<ConsentEntry>> {
    let mut statement = connection.prepare_cached(
        "SELECT record, status FROM records WHERE household = ?1 AND household <> x'' AND kind = ?2
         ORDER BY touched_ms DESC, id DESC",
    )?;
    let of = params![Id::from(household), RecordKind::Consent as u8];
    let rows = statement.query_map(of, |row| Ok((RecordId(row.get(0)?), row.get(1)?)))?;
    let mut consents = Vec::new();
    for row in rows {
        let (record, status) = row?;
        let known = Known::load(connection, reader, record, RecordKind::Consent)?;
        let plan = known.plan.as_ref();
        let drop_point = plan.and_then(|plan| plan.record("drop_point"));
        let stands = match &known.status.state {
            State::Consent(state) => state.holds_at(plan, moment.now_ms),
            _ => false,
        };
        let proxy = plan.and_then(|plan| plan.text("proxy"));
        consents.push(ConsentEntry {
            record,
            scope: plan.and_then(|plan| plan.uint("to")),
            proxy: proxy.map(|name| {
                if is_whole {
                    name.to_owned()
                } else {
                    mask::name(name)
                }
            }),
            drop_point,
            drop_point_names: match drop_point {
                Some(place) => names_of(connection, place)?,
                None => BTreeMap::new(),
            },
            until_ms: plan.and_then(|plan| plan.int("until_ms")),
            status,
            stands,
        });
    }
    consents.sort_by_key(|consent| !consent.stands);
    Ok(consents)
}
