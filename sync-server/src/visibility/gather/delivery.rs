use saddlebag_records::access::{RecordForAccess, Role, Scan};
use saddlebag_records::fact::{field, kinds::delivery as kind};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::order::Order;
use saddlebag_records::plan::PlanView;
use saddlebag_records::status::Holder;

use super::{Known, Story};
use crate::store::{ReadTx, StoreError};

/// What opens a delivery to somebody who came to it by its waybill: a scan where it lay, and the word of somebody of
/// the county that they have it.
pub(super) fn claims(
    tx: &dyn ReadTx,
    known: &mut Known,
    story: &Story,
    plan: Option<&PlanView>,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    for fact in story.facts() {
        match fact.kind {
            kind::SCANNED_IN | kind::LOADED_OUT => {
                let Some(person) = story.writer(tx, &mut known.people, fact.id)? else {
                    continue;
                };
                let who = known
                    .people
                    .who(tx, person)?
                    .filter(|who| who.role == Role::Courier);
                let Some(who) = who else { continue };
                let lay_at = lay_at(tx, known, story, plan, fact.id, person)?;
                about.scans.push(Scan { who, lay_at });
            }
            kind::DISCREPANCY_CLOSED => {
                let Some(stands) = fact.body.fact(field::STANDS) else {
                    continue;
                };
                if let Some(person) = story.writer(tx, &mut known.people, stands)? {
                    about.confirmed.extend(known.people.who(tx, person)?);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The station at which it lay when this person scanned it, by the word of others.
fn lay_at(
    tx: &dyn ReadTx,
    known: &mut Known,
    story: &Story,
    plan: Option<&PlanView>,
    scan: saddlebag_records::id::FactId,
    person: PersonId,
) -> Result<Option<RecordId>, StoreError> {
    let order = Order::of(story.facts().map(|fact| (fact.id, fact.after.clone())));
    let mut others = Vec::new();
    for fact in story.facts().filter(|fact| !order.is_before(scan, fact.id)) {
        if story.writer(tx, &mut known.people, fact.id)? != Some(person) {
            others.push(fact.id);
        }
    }
    let status = story.status_of(plan, |fact| others.contains(&fact.id));
    match status.holders.as_slice() {
        [Holder::Place(place)] => known.people.station_of(tx, &mut known.contents, *place),
        _ => Ok(None),
    }
}
