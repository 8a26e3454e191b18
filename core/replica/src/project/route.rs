//! Whether a record is on this person's route, and why.

use rusqlite::Connection;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{Phase, State, case, delivery};

use super::{Known, Reader};
use crate::error::Result;
use crate::store::plans;
use crate::store::records::{OnRoute, Row};

/// How long a drop point keeps a parcel where its plan does not say.
const KEEPING_DAYS: u64 = 7;

/// Puts a record on the route or takes it off.
pub(super) fn place(connection: &Connection, reader: &Reader, known: &Known, row: &mut Row) -> Result<()> {
    row.on_route = match known.kind {
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand => match row.phase {
            Phase::Open if is_for(reader, known, row) => OnRoute::Mine,
            Phase::Waiting => OnRoute::AtDropPoint,
            _ => OnRoute::No,
        },
        RecordKind::Case if awaits_follow_up(known) => OnRoute::FollowUp,
        _ => OnRoute::No,
    };
    if let State::Delivery(state @ delivery::State::AtDropPoint { place, .. }) = &known.status.state {
        row.place = place.or(row.place);
        let plan = row
            .place
            .map(|place| plans::view(connection, place))
            .transpose()?
            .flatten();
        let keeping_days = plan
            .and_then(|plan| plan.uint("keeping_days"))
            .unwrap_or(KEEPING_DAYS);
        // What waits is due when it has been kept long enough, not when it ought to have been delivered.
        row.due_from_ms = state.overdue_from_ms(keeping_days).unwrap_or(0);
    }
    Ok(())
}

fn is_for(reader: &Reader, known: &Known, row: &Row) -> bool {
    row.in_my_bag || row.assignee == Some(reader.person) || known.is_handed_to(reader.person)
}

/// Whether a case was handled and nobody asked yet how it went.
fn awaits_follow_up(known: &Known) -> bool {
    matches!(&known.status.state, State::Case(case) if case.stage == case::Stage::Handled)
}
