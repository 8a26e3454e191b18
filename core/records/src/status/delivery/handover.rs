//! Handing over on the trail: two people, two phones, and often no network between them.

use crate::discrepancy::Code;
use crate::fact::{Fact, FactKind, field, kinds::delivery as kind};
use crate::status::concurrent::Meaning;
use crate::status::contest::Contest;
use crate::status::reading::Reading;

/// What somebody does who has it with them.
const IN_HAND: [FactKind; 5] = [
    kind::LOADED_OUT,
    kind::ATTEMPTED,
    kind::REFUSED,
    kind::HANDED_OVER,
    kind::TAKEN_OVER,
];

/// What somebody can do only after it came to them.
const TAKES_HAVING_IT: [FactKind; 9] = [
    kind::LOADED_OUT,
    kind::ATTEMPTED,
    kind::REFUSED,
    kind::HANDED_OVER,
    kind::TAKEN_OVER,
    kind::PLACED_AT_DROP_POINT,
    kind::DELIVERED,
    kind::DELIVERED_TO_PROXY,
    kind::RETURNED_TO_STATION,
];

/// What two facts mean that were written apart, where one of them says who gave or who took.
pub(super) fn meaning(reading: &Reading<'_>, a: &Fact, b: &Fact) -> Option<Meaning> {
    match (a.kind, b.kind) {
        (kind::HANDED_OVER, kind::TAKEN_OVER) if differs(reading, a, b) => Some(DIFFERS),
        (kind::TAKEN_OVER, kind::HANDED_OVER) if differs(reading, b, a) => Some(DIFFERS),
        (kind::HANDED_OVER, kind::TAKEN_OVER) => Some(Meaning::SecondFollows),
        (kind::TAKEN_OVER, kind::HANDED_OVER) => Some(Meaning::FirstFollows),
        _ => match (follows(reading, a, b), follows(reading, b, a)) {
            (true, false) => Some(Meaning::SecondFollows),
            (false, true) => Some(Meaning::FirstFollows),
            _ => None,
        },
    }
}

const DIFFERS: Meaning = Meaning::Discrepancy(Code::HandoverDiffers, true);

/// Finds what was taken over, in sight of it, from somebody else than had it, or by somebody else than it was
/// handed to. It matters as long as nothing moved it since.
pub(super) fn check(reading: &Reading<'_>, contest: &mut Contest<'_>) {
    let taken: Vec<&Fact> = contest
        .standing
        .iter()
        .copied()
        .filter(|fact| fact.kind == kind::TAKEN_OVER)
        .collect();
    for taken in taken {
        let before = contest
            .contenders
            .iter()
            .filter(|fact| IN_HAND.contains(&fact.kind) && reading.order.is_before(fact.id, taken.id));
        let last = reading.order.heads(before.map(|fact| fact.id));
        for given in last.into_iter().filter_map(|id| reading.fact(id)) {
            let fits = match given.kind {
                kind::HANDED_OVER => !differs(reading, given, taken),
                _ => is_from_author(reading, taken, given).unwrap_or(true),
            };
            if !fits {
                contest.add(reading, Code::HandoverDiffers, [given, taken], true);
            }
        }
    }
}

/// Whether giver and taker are known to name others than each other.
fn differs(reading: &Reading<'_>, given: &Fact, taken: &Fact) -> bool {
    let to_taker = reading
        .author(taken)
        .map(|taker| given.body.person(field::TO) == Some(taker));
    to_taker == Some(false) || is_from_author(reading, taken, given) == Some(false)
}

/// Whether it was taken over from whoever wrote `given`, where that is known.
fn is_from_author(reading: &Reading<'_>, taken: &Fact, given: &Fact) -> Option<bool> {
    Some(taken.body.person(field::FROM) == Some(reading.author(given)?))
}

/// Whether `later` is what came of `earlier`, though it was written apart from it: the one to whom it was handed
/// went on with it, or somebody says that they took it over from whoever wrote `earlier`.
fn follows(reading: &Reading<'_>, earlier: &Fact, later: &Fact) -> bool {
    let handed_to_author = earlier.kind == kind::HANDED_OVER
        && TAKES_HAVING_IT.contains(&later.kind)
        && reading
            .author(later)
            .is_some_and(|author| earlier.body.person(field::TO) == Some(author));
    let taken_from_author = later.kind == kind::TAKEN_OVER
        && IN_HAND.contains(&earlier.kind)
        && is_from_author(reading, later, earlier) == Some(true);
    handed_to_author || taken_from_author
}
