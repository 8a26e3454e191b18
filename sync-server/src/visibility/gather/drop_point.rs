use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::access::{RecordForAccess, Role};
use saddlebag_records::codes::place_kind;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::{State, Status};

use super::{Known, Story};
use crate::plans::view_of;
use crate::store::{ReadTx, StoreError};

/// Who passes each drop point next, as far as somebody was asked about it.
pub(in crate::visibility) type Passing = BTreeMap<RecordId, BTreeSet<PersonId>>;

/// Whose route passes the drop point at which a delivery waits overdue.
pub(super) fn next_there(
    tx: &dyn ReadTx,
    known: &mut Known,
    status: &Status,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    let Some(place) = overdue_at(tx, known, status)? else {
        return Ok(());
    };
    if !known.passing.contains_key(&place) {
        let passing = passing(tx, known, place)?;
        known.passing.insert(place, passing);
    }
    for person in known.passing.get(&place).cloned().unwrap_or_default() {
        about.next_there.extend(known.people.who(tx, person)?);
    }
    Ok(())
}

/// The drop point at which a delivery waits past its keeping days.
fn overdue_at(tx: &dyn ReadTx, known: &mut Known, status: &Status) -> Result<Option<RecordId>, StoreError> {
    let State::Delivery(state) = &status.state else {
        return Ok(None);
    };
    let saddlebag_records::status::delivery::State::AtDropPoint {
        place: Some(place), ..
    } = state
    else {
        return Ok(None);
    };
    let keeping_days = known
        .contents
        .plan(tx, *place)?
        .and_then(|plan| plan.uint("keeping_days"));
    let overdue = state
        .overdue_from_ms(keeping_days)
        .is_some_and(|from| from <= known.now_ms);
    Ok(overdue.then_some(*place))
}

/// The couriers who are to bring something there, or to fetch it.
fn passing(tx: &dyn ReadTx, known: &mut Known, place: RecordId) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut couriers = BTreeSet::new();
    for record in tx.references_to(place)? {
        let carried = [RecordKind::Delivery, RecordKind::Pickup, RecordKind::Errand];
        let open = tx
            .record(record)?
            .filter(|row| row.ended_ms.is_none() && carried.contains(&row.kind));
        let Some(row) = open else { continue };
        let plan = view_of(tx, record)?.filter(|plan| plan.record("place") == Some(place));
        let Some(assignee) = plan.as_ref().and_then(|plan| plan.person("assignee")) else {
            continue;
        };
        let story = Story::of(tx, known, &row)?;
        let waits_there = matches!(
            story.status(plan.as_ref()).state,
            State::Delivery(saddlebag_records::status::delivery::State::AtDropPoint { .. })
        );
        let courier = known
            .people
            .who(tx, assignee)?
            .filter(|who| who.role == Role::Courier && !waits_there);
        couriers.extend(courier.map(|who| who.person));
    }
    Ok(couriers)
}

/// The deliveries that wait overdue at drop points, and those that are still shown as if they did.
pub(in crate::visibility) fn overdue(
    tx: &dyn ReadTx,
    known: &mut Known,
) -> Result<Vec<RecordId>, StoreError> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let places = tx.records(RecordKind::Place, after, 100)?;
        let Some(last) = places.last() else {
            return Ok(found);
        };
        after = Some(last.id);
        for place in &places {
            let kind = view_of(tx, place.id)?.and_then(|plan| plan.uint("kind"));
            if kind == Some(place_kind::DROP_POINT.into()) {
                overdue_there(tx, known, place.id, &mut found)?;
            }
        }
    }
}

fn overdue_there(
    tx: &dyn ReadTx,
    known: &mut Known,
    place: RecordId,
    found: &mut Vec<RecordId>,
) -> Result<(), StoreError> {
    for record in tx.references_to(place)? {
        let open = tx
            .record(record)?
            .filter(|row| row.ended_ms.is_none() && row.kind == RecordKind::Delivery);
        let Some(row) = open else { continue };
        let story = Story::of(tx, known, &row)?;
        let status = story.status(view_of(tx, record)?.as_ref());
        if overdue_at(tx, known, &status)? == Some(place) {
            found.push(record);
        }
    }
    Ok(())
}
