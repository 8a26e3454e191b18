use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{CashError, Ledger, Movement, Settlement, cash, covering, moves_cash};
use crate::fact::Fact;
use crate::id::{PersonId, RecordId};
use crate::kind::RecordKind;
use crate::status::is_link;

/// What cash comes to for one person, told record by record: the same as [`cash`] says of all the facts, without
/// counting anew what has not changed.
#[derive(Clone, Debug)]
pub struct Account {
    person: PersonId,
    /// What was moved by records whose cash hangs on no other record.
    alone: BTreeMap<RecordId, Movement>,
    /// The same records, those of the latest movement first.
    latest: BTreeSet<(Reverse<i64>, RecordId)>,
    /// What the person owes by them, and by records that are there no more, in fen.
    owed: i128,
    /// The facts of all others: passes meet by what two say, hand-ins and counts by their number, parcels by links.
    together: BTreeMap<RecordId, Vec<Fact>>,
    /// What those come to.
    ledger: Ledger,
}

impl Account {
    /// Nothing was moved yet.
    pub fn of(person: PersonId) -> Self {
        Self {
            person,
            alone: BTreeMap::new(),
            latest: BTreeSet::new(),
            owed: 0,
            together: BTreeMap::new(),
            ledger: Ledger::default(),
        }
    }

    /// Adds what the person owed by records that are there no more, in fen. All of it was settled, so no record holds it.
    pub fn carry(&mut self, fen: i64) {
        self.owed += i128::from(fen);
    }

    /// Replaces what records say, each with all of its facts, and says whether that changed anything. The third is
    /// whether a fact of another record, or one of its own, joins it to another one or parts facts to it: both must be
    /// put in then.
    pub fn put<'a>(
        &mut self,
        records: impl IntoIterator<Item = (RecordId, Vec<&'a Fact>, bool)>,
    ) -> Result<bool, CashError> {
        let (mut changed, mut together) = (false, false);
        for (record, facts, joined) in records {
            let hangs = joined || facts.iter().any(|fact| hangs_together(fact));
            if hangs || self.together.contains_key(&record) {
                self.set_alone(record, None);
                self.together.insert(record, facts.into_iter().cloned().collect());
                together = true;
                continue;
            }
            let movement = match facts.iter().any(|fact| moves_cash(fact)) {
                true => cash(facts)?.movement(self.person, record),
                false => None,
            };
            changed |= self.set_alone(record, movement);
        }
        if together {
            self.count_together()?;
        }
        Ok(changed || together)
    }

    /// Leaves out a record that does not name the person any more. Whether that changed anything.
    pub fn leave_out(&mut self, record: RecordId) -> Result<bool, CashError> {
        if self.together.remove(&record).is_some() {
            self.count_together()?;
            return Ok(true);
        }
        Ok(self.set_alone(record, None))
    }

    /// What the person owes, in fen; negative where it is owed to them.
    pub fn owed(&self) -> Result<i64, CashError> {
        let owed = self.owed + i128::from(self.ledger.owed(self.person)?);
        i64::try_from(owed).map_err(|_| CashError::Overflow)
    }

    /// The records that hold unsettled money of theirs, as in [`Ledger::unsettled`].
    pub fn unsettled(&self) -> Result<BTreeSet<RecordId>, CashError> {
        let mut alone = self.latest.iter().copied().peekable();
        let mut others = self.ledger.latest(self.person).into_iter().peekable();
        let in_turn = std::iter::from_fn(|| {
            let alone_is_next = match (alone.peek(), others.peek()) {
                (Some(alone), Some((other, _))) => alone < other,
                (alone, _) => alone.is_some(),
            };
            if !alone_is_next {
                return others
                    .next()
                    .map(|((_, record), movement)| (record, movement.fen));
            }
            let (_, record) = alone.next()?;
            Some((record, self.alone.get(&record)?.fen))
        });
        let mut unsettled = covering(self.owed()?, in_turn);
        unsettled.extend(self.ledger.open_of(self.person));
        Ok(unsettled)
    }

    /// Hand-ins and counts, by courier and number.
    pub fn settlements(&self) -> &[Settlement] {
        &self.ledger.settlements
    }

    fn set_alone(&mut self, record: RecordId, movement: Option<Movement>) -> bool {
        if self.alone.get(&record) == movement.as_ref() {
            return false;
        }
        if let Some(old) = self.alone.remove(&record) {
            self.latest.remove(&(Reverse(old.at_ms), record));
            self.owed -= i128::from(old.fen);
        }
        if let Some(new) = movement {
            self.alone.insert(record, new);
            self.latest.insert((Reverse(new.at_ms), record));
            self.owed += i128::from(new.fen);
        }
        true
    }

    fn count_together(&mut self) -> Result<(), CashError> {
        self.ledger = cash(self.together.values().flatten())?;
        Ok(())
    }
}

/// Whether what a fact moves is known from its record together with others alone.
fn hangs_together(fact: &Fact) -> bool {
    let kinds = [RecordKind::CashPass, RecordKind::HandIn, RecordKind::Count];
    fact.kind.record().is_some_and(|kind| kinds.contains(&kind)) || is_link(fact.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_on_is_owed_by_no_record() {
        let record = |at: u8| RecordId([at; 16]);
        let mut account = Account::of(PersonId([9; 16]));
        // 500 collected, 500 handed in, 300 collected: the first two are forgotten one after the other.
        for (at, fen) in [(1, 500), (2, -500), (3, 300)] {
            let at_ms = i64::from(at);
            account.set_alone(record(at), Some(Movement { fen, at_ms }));
        }
        let stays_as_it_was = |account: &Account| {
            assert_eq!(account.owed(), Ok(300));
            assert_eq!(account.unsettled(), Ok(BTreeSet::from([record(3)])));
        };
        stays_as_it_was(&account);
        for (at, fen) in [(1, 500), (2, -500)] {
            account.set_alone(record(at), None);
            account.carry(fen);
            stays_as_it_was(&account);
        }
    }
}
