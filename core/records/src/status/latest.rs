use std::cmp::Reverse;

use crate::fact::Fact;
use crate::id::FactId;
use crate::status::Counted;

/// The most facts that one fact can follow.
pub const MAX_LATEST: usize = 16;

/// What a new fact of a record is written after: the latest of these facts, sorted, as their writer sees them. Hand
/// in all that the device holds of the record and of those joined to it, kinds that it does not know too.
///
/// Where more than 16 stand apart, the 16 with the latest stamps.
pub fn latest<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Vec<FactId> {
    let counted = Counted::of(facts);
    let all = counted.all();
    let mut heads = counted.order().heads(all.keys().copied());
    heads.sort_by_key(|id| {
        let stamp = all.get(id).map(|fact| (fact.stamp.hlc_ms, fact.stamp.hlc_count));
        (Reverse(stamp), *id)
    });
    heads.truncate(MAX_LATEST);
    heads.sort_unstable();
    heads
}
