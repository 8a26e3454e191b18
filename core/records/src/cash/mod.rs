//! Who owes how much: cash has its own custody, counted fact by fact.

mod account;
mod book;
pub(crate) mod pass;
pub(crate) mod settlement;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use account::Account;
pub use book::{Book, BookKind, BookLine, book};
pub use settlement::Settlement;

use crate::discrepancy::{Code, Discrepancy};
use crate::fact::{Fact, MAX_FEN, field, schema_of};
use crate::id::{FactId, PersonId, RecordId};
use crate::kind::RecordKind;
use crate::status::Counted;

/// Sums that are not cash any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CashError {
    /// A sum is beyond 64 bits.
    #[error("sums of money overflow")]
    Overflow,
}

impl CashError {
    /// The stable codes of these errors.
    pub const CODES: [&str; 1] = ["cash_overflow"];

    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Overflow => "cash_overflow",
        }
    }
}

/// What cash facts come to.
///
/// Every movement is written twice, from one party and to another, so all that is owed is nothing together. A
/// courier owes what they collected or took over, less what they passed on or handed in; who paid them is owed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Ledger {
    accounts: BTreeMap<RecordId, BTreeMap<RecordId, Movement>>,
    /// Passes of cash that moved nothing yet, by their records: the giver owes until both agree.
    pub open_passes: Vec<OpenPass>,
    /// The hand-ins and counts, by courier and number.
    pub settlements: Vec<Settlement>,
    /// What does not fit together across records and is not explained, sorted.
    pub discrepancies: Vec<Discrepancy>,
}

/// What one record moved for one party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
struct Movement {
    fen: i64,
    /// The latest movement, UTC milliseconds.
    at_ms: i64,
}

/// A pass of cash that giver and taker do not both confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct OpenPass {
    /// The record.
    pub record: RecordId,
    /// Who gave or took, as its facts say, sorted.
    pub parties: Vec<PersonId>,
    /// Who of them gave, as its facts say, sorted.
    pub givers: Vec<PersonId>,
    /// Whether the facts contradict each other; else one of the two is missing.
    pub differs: bool,
}

/// What these facts move, in any sequence and with any repeats; those that move no cash do no harm.
///
/// A pass of cash moves it once giver and taker say the same on two devices, a hand-in once its settlement is
/// closed, by what was counted; every other fact at once. Facts whose fields are missing or out of range move
/// nothing.
pub fn cash<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Result<Ledger, CashError> {
    let movements = Movements::of(facts);
    let mut ledger = Ledger::default();
    for (record, fact) in movements.counting {
        ledger.add(record, fact)?;
    }
    for pass in movements.open_passes {
        ledger
            .open_passes
            .push(open_pass(pass.record, &pass.words, pass.differs));
    }
    for (settlement, _) in movements.settlements {
        if settlement.differs() {
            ledger
                .discrepancies
                .push(Discrepancy::new(Code::SettlementDiffers, settlement.facts()));
        }
        ledger.settlements.push(settlement);
    }
    ledger.discrepancies.sort();
    Ok(ledger)
}

/// Facts that say that cash moved, and which of them count.
struct Movements<'a> {
    /// Those that count, with the records that they count for.
    counting: Vec<(RecordId, &'a Fact)>,
    open_passes: Vec<Open<'a>>,
    /// The hand-ins and counts, by courier and number, with a fact of each.
    settlements: Vec<(Settlement, Option<&'a Fact>)>,
}

/// A pass of cash on which giver and taker do not agree.
struct Open<'a> {
    record: RecordId,
    words: Vec<&'a Fact>,
    differs: bool,
}

impl<'a> Movements<'a> {
    fn of(facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut passes: BTreeMap<RecordId, Vec<&Fact>> = BTreeMap::new();
        let mut settled: BTreeMap<RecordId, Vec<&Fact>> = BTreeMap::new();
        let mut rest = Vec::new();
        for fact in facts {
            match fact.kind.record() {
                Some(RecordKind::CashPass) => passes.entry(fact.record).or_default().push(fact),
                Some(RecordKind::HandIn | RecordKind::Count) => {
                    settled.entry(fact.record).or_default().push(fact)
                }
                Some(RecordKind::Delivery | RecordKind::Pickup | RecordKind::Errand) => rest.push(fact),
                _ => {}
            }
        }
        let rest = Counted::of(rest);
        let at_once = rest.facts().filter(|fact| moves_cash(fact));
        let mut counting: Vec<_> = at_once.map(|fact| (rest.home(fact), fact)).collect();
        let mut open_passes = Vec::new();
        for (record, facts) in passes {
            let mut open = |words, differs| {
                open_passes.push(Open {
                    record,
                    words,
                    differs,
                });
            };
            match pass::of(&Counted::of(facts)) {
                pass::Pass::Agreed(fact) => counting.push((record, fact)),
                pass::Pass::Nothing => {}
                pass::Pass::Waiting(words) => open(words, false),
                pass::Pass::Differs(words) => open(words, true),
            }
        }
        let settlements = settlement::all(&settled);
        let closed = settlements.iter().filter(|(settlement, _)| settlement.closed);
        counting.extend(closed.filter_map(|(_, fact)| fact.map(|fact| (fact.record, fact))));
        Self {
            counting,
            open_passes,
            settlements,
        }
    }
}

/// Whether a fact says from whom to whom how much cash went, within its limits.
pub(crate) fn moves_cash(fact: &Fact) -> bool {
    schema_of(fact.kind).is_some_and(|schema| schema.moves_money())
        && fen(fact).is_some()
        && fact.body.record(field::FROM).is_some()
        && fact.body.record(field::TO).is_some()
}

/// The sum that a fact moves, if it is one.
fn fen(fact: &Fact) -> Option<i64> {
    fact.body
        .uint(field::FEN)
        .filter(|fen| *fen <= MAX_FEN)
        .and_then(|fen| i64::try_from(fen).ok())
}

fn open_pass(record: RecordId, facts: &[&Fact], differs: bool) -> OpenPass {
    let named = |keys: &[_]| -> Vec<PersonId> {
        let all = facts
            .iter()
            .flat_map(|fact| keys.iter().map(|key| fact.body.person(*key)));
        all.flatten().collect::<BTreeSet<_>>().into_iter().collect()
    };
    OpenPass {
        record,
        parties: named(&[field::FROM, field::TO]),
        givers: named(&[field::FROM]),
        differs,
    }
}

impl Ledger {
    /// What a party owes, in fen; negative where it is owed.
    pub fn owed(&self, party: impl Into<RecordId>) -> Result<i64, CashError> {
        let records = self
            .accounts
            .get(&party.into())
            .into_iter()
            .flat_map(BTreeMap::values);
        let mut sum = 0i64;
        for movement in records {
            sum = sum.checked_add(movement.fen).ok_or(CashError::Overflow)?;
        }
        Ok(sum)
    }

    /// Every party that cash moved from or to, and what it owes, in fen: together nothing.
    pub fn balances(&self) -> Result<BTreeMap<RecordId, i64>, CashError> {
        self.accounts
            .keys()
            .map(|party| Ok((*party, self.owed(*party)?)))
            .collect()
    }

    /// The records that hold unsettled money of a party: those that what it owes, or is owed, came from last, its
    /// open passes, and its open hand-ins and counts.
    pub fn unsettled(&self, party: PersonId) -> Result<BTreeSet<RecordId>, CashError> {
        let records = self.latest(party).into_iter();
        let mut unsettled = covering(
            self.owed(party)?,
            records.map(|((_, record), movement)| (record, movement.fen)),
        );
        unsettled.extend(self.open_of(party));
        Ok(unsettled)
    }

    /// What each record moved for a party, the latest first.
    fn latest(&self, party: PersonId) -> Vec<((Reverse<i64>, RecordId), Movement)> {
        let records = self.accounts.get(&party.into()).into_iter().flatten();
        let mut records: Vec<_> = records
            .map(|(record, movement)| ((Reverse(movement.at_ms), *record), *movement))
            .collect();
        records.sort_unstable_by_key(|(place, _)| *place);
        records
    }

    fn movement(&self, party: PersonId, record: RecordId) -> Option<Movement> {
        self.accounts.get(&party.into())?.get(&record).copied()
    }

    /// The records of a party's open passes, and of its open hand-ins and counts.
    fn open_of(&self, party: PersonId) -> impl Iterator<Item = RecordId> {
        let passes = self
            .open_passes
            .iter()
            .filter(move |pass| pass.parties.contains(&party))
            .map(|pass| pass.record);
        let open = self
            .settlements
            .iter()
            .filter(move |its| !its.closed && its.courier == party);
        passes.chain(open.flat_map(|its| its.records.iter().copied()))
    }

    fn add(&mut self, record: RecordId, fact: &Fact) -> Result<(), CashError> {
        let parties = (
            fact.body.record(field::FROM),
            fact.body.record(field::TO),
            fen(fact),
        );
        let (Some(from), Some(to), Some(fen)) = parties else {
            return Ok(());
        };
        for (party, fen) in [(from, -fen), (to, fen)] {
            let movement = self.accounts.entry(party).or_default().entry(record).or_default();
            movement.fen = movement.fen.checked_add(fen).ok_or(CashError::Overflow)?;
            movement.at_ms = movement.at_ms.max(fact.stamp.hlc_ms);
        }
        Ok(())
    }
}

/// Of records and what they moved, the latest first, those that what is owed, or owed to one, came from.
fn covering(owed: i64, latest: impl IntoIterator<Item = (RecordId, i64)>) -> BTreeSet<RecordId> {
    let mut left = owed;
    let mut found = Vec::new();
    for (record, fen) in latest {
        if left == 0 {
            break;
        }
        if fen != 0 && fen.signum() == left.signum() {
            found.push(record);
            let covered = left.unsigned_abs().saturating_sub(fen.unsigned_abs());
            left = left
                .signum()
                .saturating_mul(i64::try_from(covered).unwrap_or(i64::MAX));
        }
    }
    found.into_iter().collect()
}

/// Every different way in which facts name from whom, to whom and how much.
fn distinct_sums<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> BTreeMap<Sum, Vec<FactId>> {
    let mut sums: BTreeMap<Sum, Vec<FactId>> = BTreeMap::new();
    for fact in facts {
        let sum = (
            fact.body.record(field::FROM),
            fact.body.record(field::TO),
            fen(fact),
        );
        sums.entry(sum).or_default().push(fact.id);
    }
    sums
}

type Sum = (Option<RecordId>, Option<RecordId>, Option<i64>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ClockSource, Stamp};
    use crate::fact::Body;
    use crate::fact::kinds::delivery::CASH_COLLECTED;
    use crate::id::DeviceNumber;

    #[test]
    fn sums_that_overflow_are_an_error() {
        let (from, to) = (RecordId([1; 16]), RecordId([2; 16]));
        let body = Body::new().with(field::FROM, from).with(field::TO, to);
        let fact = Fact {
            id: FactId::new(DeviceNumber(1), 1),
            record: from,
            kind: CASH_COLLECTED,
            version: 1,
            after: Vec::new(),
            stamp: Stamp {
                hlc_ms: 0,
                hlc_count: 0,
                source: ClockSource::County,
            },
            observed: None,
            was: None,
            body: body.with(field::FEN, 1u64),
        };
        let full = |record| {
            BTreeMap::from([(
                record,
                Movement {
                    fen: i64::MAX,
                    at_ms: 0,
                },
            )])
        };
        let mut ledger = Ledger {
            accounts: BTreeMap::from([(to, full(from))]),
            ..Ledger::default()
        };
        assert_eq!(ledger.owed(to), Ok(i64::MAX));
        assert_eq!(ledger.add(from, &fact), Err(CashError::Overflow));
        assert_eq!(ledger.add(to, &fact), Ok(()));
        assert_eq!(ledger.owed(to), Err(CashError::Overflow));
        assert_eq!(ledger.balances(), Err(CashError::Overflow));
        assert_eq!(CashError::Overflow.code(), "cash_overflow");
    }
}
