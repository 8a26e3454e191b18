//! What this person has done, so that a day's work can be counted.

use saddlebag_records::fact::field;
use saddlebag_records::fact::kinds::delivery::{PLACED_AT_DROP_POINT, RETURNED_TO_STATION, SCANNED_IN};
use saddlebag_records::id::{DeviceNumber, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::status::Phase;

use super::{Known, Reader};

/// When this person did what there was to do with a delivery, a pickup or an errand, UTC milliseconds by the clock of
/// their phone; 0 where they did not, or not yet. What waits at a drop point is done by whoever brought it there.
pub(super) fn by_me_ms(reader: &Reader, known: &Known) -> i64 {
    let is_work = matches!(
        known.kind,
        RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand
    );
    if !is_work || known.status.phase == Phase::Open {
        return 0;
    }
    let is_theirs = |device: DeviceNumber| known.authors.person(device) == Some(reader.person);
    let counted = known.counted();
    let done = counted
        .facts_of(known.record)
        .filter(|fact| match known.status.phase {
            Phase::Ended => known.status.ended_by.contains(&fact.id),
            Phase::Waiting => fact.kind == PLACED_AT_DROP_POINT,
            Phase::Open => false,
        });
    done.filter(|fact| is_theirs(fact.id.device))
        .map(|fact| fact.stamp.hlc_ms)
        .max()
        .unwrap_or(0)
}

/// When it was last brought to this station, UTC milliseconds; 0 where nobody brought it there.
pub(super) fn brought_ms(known: &Known, station: Option<RecordId>) -> i64 {
    let Some(station) = station else { return 0 };
    let counted = known.counted();
    let brought = counted.facts_of(known.record).filter(|fact| {
        [SCANNED_IN, RETURNED_TO_STATION].contains(&fact.kind)
            && fact.body.record(field::PLACE) == Some(station)
    });
    brought.map(|fact| fact.stamp.hlc_ms).max().unwrap_or(0)
}
