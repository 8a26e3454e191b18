//! No clock but the wrong ones is far off in what was stamped.

use super::{Evidence, Findings};

/// What a received or a wrong clock may put a stamp off by, milliseconds.
const MOST_MS: u64 = 10 * 60_000;

/// Compares what phones stamped with when it truly was.
pub(crate) fn check(evidence: &Evidence<'_>, found: &mut Findings) {
    for saved in &evidence.ledger.facts {
        let off = saved.fact.stamp.hlc_ms.abs_diff(saved.at_ms);
        if off > MOST_MS && !saved.may_be_far_off {
            let (id, kind) = (saved.fact.id, saved.fact.kind);
            found.misdated(format!(
                "{kind} {id} of {:?} is stamped {} min off",
                saved.by,
                off / 60_000
            ));
        }
    }
}
