//! 转款: cash passed from one courier to another.

use crate::cash::{distinct_sums, moves_cash};
use crate::discrepancy::Closings;
use crate::fact::{Fact, kinds::cash_pass as kind};
use crate::status::Counted;

/// What the facts of one pass come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pass<'a> {
    /// Nobody said anything.
    Nothing,
    /// Giver or taker did, but not both: the giver owes.
    Waiting(Vec<&'a Fact>),
    /// Both say the same, or a dispatcher closed it: this fact counts.
    Agreed(&'a Fact),
    /// They do not say the same: the giver owes.
    Differs(Vec<&'a Fact>),
}

/// What the facts of one pass come to.
pub(crate) fn of<'a>(counted: &Counted<'a>) -> Pass<'a> {
    let order = counted.order();
    let facts: Vec<_> = counted.facts().collect();
    read(&facts, &Closings::of(counted, &order, &facts))
}

/// What they come to, once it is known which count and what was closed.
pub(crate) fn read<'a>(facts: &[&'a Fact], closings: &Closings) -> Pass<'a> {
    let of_cash = facts
        .iter()
        .copied()
        .filter(|fact| moves_cash(fact) && !closings.set_aside(fact.id));
    let words: Vec<&Fact> = of_cash.collect();
    let mut decided = words.iter().filter(|fact| closings.stands(fact.id));
    if let (Some(fact), None) = (decided.next(), decided.next()) {
        return Pass::Agreed(fact);
    }
    if distinct_sums(words.iter().copied()).len() > 1 {
        return Pass::Differs(words);
    }
    let passed = words.iter().find(|fact| fact.kind == kind::PASSED);
    let Some(first) = passed.or(words.first()) else {
        return Pass::Nothing;
    };
    // One device's word is not two people's.
    let taken = words
        .iter()
        .any(|fact| fact.kind == kind::TAKEN && fact.id.device != first.id.device);
    if passed.is_some() && taken {
        Pass::Agreed(first)
    } else {
        Pass::Waiting(words)
    }
}
