//! 诉求: couriers' own matters. What they say is sealed to the liaison's key: here are only their kinds and states.

use saddlebag_records::id::RecordId;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{State, appeal};
use serde::Serialize;

use super::record::{Record, each};
use super::{AdminError, looking, tips};
use crate::county::County;
use crate::store::Person;

/// An appeal as the request list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The appeal.
    pub appeal: RecordId,
    /// When the county got it, UTC milliseconds.
    pub received_ms: i64,
    /// What it is about.
    pub kind: Option<String>,
    /// How far it is.
    #[serde(flatten)]
    pub stage: appeal::Stage,
    /// The how manyeth round, from 1.
    pub round: u32,
}

/// Every appeal, oldest first, for a liaison.
pub fn list(county: &County, person: &Person) -> Result<Vec<Listed>, AdminError> {
    looking::sees_all(person, RecordKind::Appeal)?;
    county.store().read_blocking(|tx| {
        let mut appeals = Vec::new();
        each(tx, RecordKind::Appeal, |row| {
            if let State::Appeal(state) = Record::read(tx, row)?.status.state {
                appeals.push(Listed {
                    appeal: row.id,
                    received_ms: row.created_ms,
                    kind: state.appeal_kind.map(|kind| tips::shown(kind, "appeal_kind")),
                    stage: state.stage,
                    round: state.round,
                });
            }
            Ok::<_, AdminError>(())
        })?;
        appeals.sort_by_key(|appeal| (appeal.received_ms, appeal.appeal));
        Ok(appeals)
    })
}
