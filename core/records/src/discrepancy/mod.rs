//! Facts that cannot both be true. All are kept and shown until a dispatcher closes the matter by another fact.

mod closing;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use closing::Closings;

use crate::id::FactId;

/// What does not fit together. The names are stable: screens translate them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Delivered, or collected from a drop point, more than once.
    DeliveredTwice,
    /// Delivered, and brought back to a station or sent back to its sender.
    DeliveredAndReturned,
    /// Delivered although it was cancelled, before or after.
    DeliveredAndCancelled,
    /// Something moved a parcel that had been delivered or returned, in sight of that.
    MovedAfterEnd,
    /// Two people have it.
    InTwoBags,
    /// It lies at two places, or at one and in a bag.
    InTwoPlaces,
    /// Taken over by somebody else than it was handed to, or from somebody else than had it.
    HandoverDiffers,
    /// The cash collected is not what the plan asks for.
    CashDiffers,
    /// A record is said to be the same as two others.
    JoinedToTwo,
    /// Facts are said to belong to two other records.
    PartedToTwo,
    /// A reading outside the plan's limits.
    TemperatureOutOfLimits,
    /// Two people collected it from the sender.
    CollectedTwice,
    /// Collected, and refused as prohibited.
    CollectedAndRefused,
    /// Handed to a carrier under two waybill numbers.
    SentTwice,
    /// A carrier took it and a carrier refused it.
    SentAndRefused,
    /// Sent although it was cancelled, before or after.
    SentAndCancelled,
    /// Sent, and spoiled before it was sent.
    SentAndSpoiled,
    /// A subsidy claimed twice, for different sums.
    ClaimedTwice,
    /// A subsidy granted and refused.
    GrantedAndRefused,
    /// A subsidy granted twice, for different sums.
    GrantedTwice,
    /// A subsidy paid out twice.
    PaidTwice,
    /// A subsidy paid out that is not what was granted.
    SubsidyDiffers,
    /// Two people accepted one errand.
    AcceptedTwice,
    /// One item of an errand bought twice.
    BoughtTwice,
    /// Giver and taker of cash do not say the same.
    CashPassDiffers,
    /// Two hand-ins under one number that do not say the same.
    HandInDiffers,
    /// Two counts under one number that do not say the same.
    CountDiffers,
    /// A hand-in and its count are different sums, and nobody explained it yet.
    SettlementDiffers,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Facts that do not fit together, and nobody closed it yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
pub struct Discrepancy {
    /// What does not fit.
    pub code: Code,
    /// The facts, sorted. A `discrepancy_closed` whose `facts` hold all of them closes it; a new fact that does
    /// not fit opens it again.
    pub facts: Vec<FactId>,
}

impl Discrepancy {
    /// These facts do not fit together.
    pub(crate) fn new(code: Code, facts: impl IntoIterator<Item = FactId>) -> Self {
        let mut facts: Vec<_> = facts.into_iter().collect();
        facts.sort_unstable();
        facts.dedup();
        Self { code, facts }
    }

    /// Pairs of one code that share facts, as one discrepancy each.
    pub(crate) fn grouped(pairs: impl IntoIterator<Item = (Code, [FactId; 2])>) -> Vec<Self> {
        let mut groups: Vec<(Code, BTreeSet<FactId>)> = Vec::new();
        for (code, pair) in pairs {
            let touches = |(of, facts): &(Code, BTreeSet<FactId>)| {
                *of == code && pair.iter().any(|id| facts.contains(id))
            };
            let mut joined = BTreeSet::from(pair);
            while let Some(at) = groups.iter().position(touches) {
                joined.append(&mut groups.swap_remove(at).1);
            }
            groups.push((code, joined));
        }
        let mut found: Vec<_> = groups
            .into_iter()
            .map(|(code, facts)| Self::new(code, facts))
            .collect();
        found.sort();
        found
    }
}
