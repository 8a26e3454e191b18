use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use saddlebag_records::access::{Audience, Cause, Grant, RecordForAccess, Role, Who};
use saddlebag_records::cash::{Account, CashError, Settlement};
use saddlebag_records::fact::{Fact, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;

use super::contents::facts_of;
use super::story::{MOST_JOINED, link};
use super::{Known, People, Story, moves_money};
use crate::store::{ReadTx, RecordRow, StoreError};

/// What couriers owe. Each is counted once, and then told of what changes.
#[derive(Default)]
pub(in crate::visibility) struct Ledgers(HashMap<PersonId, Kept>);

struct Kept {
    account: Account,
    /// What it says is unsettled; none until it is asked.
    unsettled: Option<BTreeSet<RecordId>>,
    /// What it said when the records were last asked about that had come or gone since; none if they never were.
    asked: Option<BTreeSet<RecordId>>,
    /// Records that hold unsettled money of theirs and that they were not shown for it when those were last asked about.
    hidden: BTreeSet<RecordId>,
}

impl Ledgers {
    /// The records that hold unsettled money of a courier.
    pub(in crate::visibility) fn unsettled(
        &mut self,
        tx: &dyn ReadTx,
        courier: PersonId,
    ) -> Result<&BTreeSet<RecordId>, StoreError> {
        self.kept(tx, courier)?.unsettled()
    }

    /// The records that hold unsettled money of a courier and are not shown to them for it, and the other way round.
    pub(in crate::visibility) fn moved(
        &mut self,
        tx: &dyn ReadTx,
        courier: PersonId,
    ) -> Result<BTreeSet<RecordId>, StoreError> {
        let kept = self.kept(tx, courier)?;
        let now = kept.unsettled()?.clone();
        if let Some(before) = &kept.asked {
            let hidden = kept.hidden.intersection(&now);
            let moved = before.symmetric_difference(&now).chain(hidden).copied().collect();
            kept.asked = Some(now);
            return Ok(moved);
        }
        let mut moved = BTreeSet::new();
        for record in tx.references_to(courier.into())? {
            let shown = tx
                .grants(record)?
                .iter()
                .any(|row| is_for_money_of(&row.grant, courier));
            if shown != now.contains(&record) {
                moved.insert(record);
            }
        }
        kept.asked = Some(now);
        Ok(moved)
    }

    /// Notes to whom a record that holds unsettled money of these is shown for it.
    pub(in crate::visibility) fn shown(&mut self, record: RecordId, couriers: &[Who], grants: &[Grant]) {
        for courier in couriers {
            let Some(kept) = self.0.get_mut(&courier.person) else {
                continue;
            };
            if grants.iter().any(|grant| is_for_money_of(grant, courier.person)) {
                kept.hidden.remove(&record);
            } else {
                kept.hidden.insert(record);
            }
        }
    }

    /// The hand-ins and counts that belong together with some of these.
    pub(in crate::visibility) fn settled_with(
        &mut self,
        tx: &dyn ReadTx,
        courier: PersonId,
        records: &BTreeSet<RecordId>,
    ) -> Result<Vec<RecordId>, StoreError> {
        let settlements = self.kept(tx, courier)?.account.settlements().iter();
        let concerned = settlements.filter(|its| its.records.iter().any(|record| records.contains(record)));
        Ok(concerned.flat_map(|its| its.records.iter().copied()).collect())
    }

    /// The hand-ins and counts of a courier.
    pub(in crate::visibility) fn settlements(
        &mut self,
        tx: &dyn ReadTx,
        courier: PersonId,
    ) -> Result<&[Settlement], StoreError> {
        Ok(self.kept(tx, courier)?.account.settlements())
    }

    fn kept(&mut self, tx: &dyn ReadTx, courier: PersonId) -> Result<&mut Kept, StoreError> {
        Ok(match self.0.entry(courier) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Kept {
                account: counted(tx, courier)?,
                unsettled: None,
                asked: None,
                hidden: BTreeSet::new(),
            }),
        })
    }
}

impl Kept {
    fn unsettled(&mut self) -> Result<&BTreeSet<RecordId>, StoreError> {
        let now = match self.unsettled.take() {
            Some(known) => known,
            None => self.account.unsettled().map_err(overflow)?,
        };
        Ok(self.unsettled.insert(now))
    }

    fn put<'a>(
        &mut self,
        records: impl IntoIterator<Item = (RecordId, Vec<&'a Fact>, bool)>,
    ) -> Result<(), StoreError> {
        if self.account.put(records).map_err(overflow)? {
            self.unsettled = None;
        }
        Ok(())
    }

    fn leave_out(&mut self, record: RecordId) -> Result<(), StoreError> {
        if self.account.leave_out(record).map_err(overflow)? {
            self.unsettled = None;
        }
        Ok(())
    }
}

fn is_for_money_of(grant: &Grant, courier: PersonId) -> bool {
    grant.cause == Cause::Unsettled && grant.audience == Audience::Person(courier)
}

fn overflow(_: CashError) -> StoreError {
    StoreError::Conflict("sums of money")
}

/// Counts every movement from and to a courier: the records of their money name them.
fn counted(tx: &dyn ReadTx, courier: PersonId) -> Result<Account, StoreError> {
    let (mut records, mut joined) = (BTreeMap::new(), BTreeSet::new());
    let named_by = tx.references_to(courier.into())?;
    for record in &named_by {
        let facts = facts_of(tx, *record)?;
        let links = facts.iter().filter_map(|told| link(&told.fact));
        joined.extend(links.flat_map(|other| [*record, other]));
        if facts.iter().any(|told| moves_money(&told.fact)) {
            records.insert(*record, facts);
        }
    }
    for record in named_by.iter().filter(|record| joined.contains(record)) {
        records.insert(*record, facts_of(tx, *record)?);
    }
    let mut account = Account::of(courier);
    account.carry(tx.cash_carried(courier)?);
    let records = records.iter().map(|(record, facts)| {
        let facts = facts.iter().map(|told| &told.fact).collect();
        (*record, facts, joined.contains(record))
    });
    account.put(records).map_err(overflow)?;
    Ok(account)
}

/// Tells the accounts that are kept what a record says now. `before` and `names`: what it named, and names.
pub(in crate::visibility) fn note(
    tx: &dyn ReadTx,
    known: &mut Known,
    row: &RecordRow,
    before: &[RecordId],
    names: &[RecordId],
) -> Result<(), StoreError> {
    let named: BTreeSet<RecordId> = before.iter().chain(names).copied().collect();
    let couriers: Vec<PersonId> = named
        .into_iter()
        .map(PersonId::from)
        .filter(|person| known.ledgers.0.contains_key(person))
        .collect();
    if couriers.is_empty() {
        return Ok(());
    }
    let facts = known.contents.facts(tx, row.id)?;
    let is_new = |courier: &PersonId| !before.contains(&RecordId::from(*courier));
    let may_be_joined = couriers.iter().any(is_new)
        || facts
            .iter()
            .any(|told| moves_money(&told.fact) || link(&told.fact).is_some());
    let joined = match row.kind == RecordKind::Delivery && may_be_joined {
        true => Story::of(tx, known, row)?.joined().clone(),
        false => BTreeSet::new(),
    };
    for courier in couriers {
        let its = RecordId::from(courier);
        let Some(kept) = known.ledgers.0.get_mut(&courier) else {
            continue;
        };
        if joined.len() >= MOST_JOINED {
            // More may hang together than was found.
            known.ledgers.0.remove(&courier);
            continue;
        }
        if !names.contains(&its) {
            kept.leave_out(row.id)?;
            continue;
        }
        let mut records = vec![(row.id, Arc::clone(&facts), !joined.is_empty())];
        for other in &joined {
            if tx.references_from(*other)?.contains(&its) {
                records.push((*other, known.contents.facts(tx, *other)?, true));
            }
        }
        kept.put(records.iter().map(|(record, facts, joined)| {
            let facts = facts.iter().map(|told| &told.fact).collect();
            (*record, facts, *joined)
        }))?;
    }
    Ok(())
}

/// The couriers that money of a record comes from or goes to.
pub(in crate::visibility) fn parties<'a>(
    tx: &dyn ReadTx,
    people: &mut People,
    facts: impl IntoIterator<Item = &'a Fact>,
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut parties = BTreeSet::new();
    for fact in facts.into_iter().filter(|fact| moves_money(fact)) {
        for party in [field::FROM, field::TO]
            .into_iter()
            .filter_map(|key| fact.body.person(key))
        {
            parties.extend(
                people
                    .who(tx, party)?
                    .filter(|who| who.role == Role::Courier)
                    .map(|who| who.person),
            );
        }
    }
    Ok(parties)
}

/// Of a hand-in and a count: whose it is, where it was counted, whether both are there, and when it was settled.
pub(super) fn settlement(
    tx: &dyn ReadTx,
    known: &mut Known,
    row: &RecordRow,
    story: &Story,
    plan: Option<&PlanView>,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    let said = story.facts().find_map(|fact| fact.body.person(field::FROM));
    let Some(courier) = said.or(plan.and_then(|plan| plan.person("courier"))) else {
        return Ok(());
    };
    about.cash_of = known.people.who(tx, courier)?.into_iter().collect();
    let settlements = known.ledgers.kept(tx, courier)?.account.settlements();
    let its = settlements
        .iter()
        .find(|settlement| settlement.records.contains(&row.id))
        .cloned();
    let Some(its) = its else {
        return counted_at(tx, known, row, story, about);
    };
    about.matched = its.handed_in.is_some() && its.counted.is_some();
    let mut settled_ms = None;
    for record in &its.records {
        let Some(other) = tx.record(*record)? else {
            continue;
        };
        let other = Story::of(tx, known, &other)?;
        counted_at(tx, known, row, &other, about)?;
        settled_ms = settled_ms.max(other.facts().filter_map(|fact| other.received_ms(fact.id)).max());
    }
    about.ended_ms = settled_ms.filter(|_| its.closed);
    Ok(())
}

/// Adds the stations of whoever counted.
fn counted_at(
    tx: &dyn ReadTx,
    known: &mut Known,
    row: &RecordRow,
    story: &Story,
    about: &mut RecordForAccess,
) -> Result<(), StoreError> {
    debug_assert!(matches!(row.kind, RecordKind::HandIn | RecordKind::Count));
    for fact in story.facts().filter(|fact| fact.kind == kinds::count::COUNTED) {
        if let Some(person) = story.writer(tx, &mut known.people, fact.id)? {
            about
                .stations
                .extend(known.people.who(tx, person)?.and_then(|who| who.station));
        }
    }
    about.stations.sort();
    about.stations.dedup();
    Ok(())
}
