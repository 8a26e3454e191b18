//! Whether a record is on this person's route, and why.

use rusqlite::Connection;
use saddlebag_records::codes::delivery_flag;
use saddlebag_records::fact::kinds;
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{Holder, Phase, State, case, delivery, pickup};

use super::{Known, Reader};
use crate::error::Result;
use crate::store::records::{OnRoute, Row};
use crate::store::{own_order, plans};

/// Puts a record on the route or takes it off.
pub(super) fn place(connection: &Connection, reader: &Reader, known: &Known, row: &mut Row) -> Result<()> {
    row.on_route = match known.kind {
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand => match row.phase {
            Phase::Open if known.handed_on_by(reader.person).is_some() => OnRoute::HandedOver,
            Phase::Open if is_for(connection, reader, known, row)? => OnRoute::Mine,
            Phase::Waiting => OnRoute::AtDropPoint,
            _ => OnRoute::No,
        },
        RecordKind::Case if awaits_follow_up(known) => OnRoute::FollowUp,
        _ => OnRoute::No,
    };
    if row.on_route == OnRoute::No {
        return Ok(());
    }
    row.handed_to = known.handed_on_by(reader.person);
    // What is not theirs to order in its plan may have been ordered on this phone alone.
    if row.assignee != Some(reader.person)
        && let Some(order) = own_order::of(connection, known.record)?
    {
        row.route_order = order;
    }
    row.cold_since_ms = cold_since_ms(known, row);
    // What was collected goes to the station next.
    if matches!(&known.status.state, State::Pickup(pickup) if pickup.stage != pickup::Stage::Planned) {
        row.place = reader.station.or(row.place);
    }
    if let State::Delivery(state @ delivery::State::AtDropPoint { place, .. }) = &known.status.state {
        row.place = place.or(row.place);
        let plan = row
            .place
            .map(|place| plans::view(connection, place))
            .transpose()?
            .flatten();
        let keeping_days = plan.and_then(|plan| plan.uint("keeping_days"));
        // What waits is due when it has been kept long enough, not when it ought to have been delivered.
        row.due_from_ms = state.overdue_from_ms(keeping_days).unwrap_or(0);
    }
    Ok(())
}

/// Whoever has it does it, whomever the plan names; what nobody has with them is for whom the plan names.
fn is_for(connection: &Connection, reader: &Reader, known: &Known, row: &Row) -> Result<bool> {
    if row.in_my_bag || known.is_handed_to(reader.person) {
        return Ok(true);
    }
    if known.is_in_a_bag() {
        return Ok(false);
    }
    Ok(row.assignee == Some(reader.person) || is_their_own(connection, reader, known, row)?)
}

/// Whether it is a pickup or an errand that they noted themselves and that nobody has been given.
fn is_their_own(connection: &Connection, reader: &Reader, known: &Known, row: &Row) -> Result<bool> {
    if !matches!(known.kind, RecordKind::Pickup | RecordKind::Errand) || row.assignee.is_some() {
        return Ok(false);
    }
    if known.facts.is_empty() {
        return Ok(!row.granted || plans::is_written_here(connection, known.record)?);
    }
    let mut authors = known
        .facts
        .iter()
        .map(|fact| known.authors.person(fact.id.device));
    Ok(authors.all(|author| author == Some(reader.person)))
}

/// Since when something cold is out of the cold: since somebody last took it along. 0 where it is not.
fn cold_since_ms(known: &Known, row: &Row) -> i64 {
    if row.flags & i64::from(delivery_flag::COLD_CHAIN) == 0 || known.status.phase != Phase::Open {
        return 0;
    }
    let counted = known.counted();
    let taken_along = counted.facts_of(known.record).filter(|fact| {
        [
            kinds::delivery::LOADED_OUT,
            kinds::delivery::TAKEN_OVER,
            kinds::pickup::COLLECTED,
        ]
        .contains(&fact.kind)
    });
    taken_along
        .filter(|_| known.status.holders.iter().any(Holder::is_somebody))
        .map(|fact| fact.stamp.hlc_ms)
        .max()
        .unwrap_or(0)
}

/// Whether a case was handled and nobody asked yet how it went.
fn awaits_follow_up(known: &Known) -> bool {
    matches!(&known.status.state, State::Case(case) if case.stage == case::Stage::Handled)
}
