use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use saddlebag_records::access::{RecordForAccess, Role};
use saddlebag_records::cash::{Settlement, cash};
use saddlebag_records::fact::{Fact, field, kinds};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::PlanView;

use super::{Known, People, Story, facts_of, moves_money};
use crate::store::{ReadTx, RecordRow, StoreError};

/// What couriers owe, counted once each.
#[derive(Default)]
pub(in crate::visibility) struct Ledgers(HashMap<PersonId, Account>);

struct Account {
    unsettled: BTreeSet<RecordId>,
    settlements: Vec<Settlement>,
}

impl Ledgers {
    /// The records that hold unsettled money of a courier.
    pub(in crate::visibility) fn of(
        &mut self,
        tx: &dyn ReadTx,
        courier: PersonId,
    ) -> Result<&BTreeSet<RecordId>, StoreError> {
        Ok(&self.account(tx, courier)?.unsettled)
    }

    /// The hand-ins and counts that belong together with some of these.
    pub(in crate::visibility) fn settled_with(
        &mut self,
        tx: &dyn ReadTx,
        courier: PersonId,
        records: &BTreeSet<RecordId>,
    ) -> Result<Vec<RecordId>, StoreError> {
        let settlements = self.account(tx, courier)?.settlements.iter();
        let concerned = settlements.filter(|its| its.records.iter().any(|record| records.contains(record)));
        Ok(concerned.flat_map(|its| its.records.iter().copied()).collect())
    }

    fn account(&mut self, tx: &dyn ReadTx, courier: PersonId) -> Result<&Account, StoreError> {
        Ok(match self.0.entry(courier) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Account::of(tx, courier)?),
        })
    }
}

impl Account {
    /// Counts every movement from and to a courier: the records of their money name them.
    fn of(tx: &dyn ReadTx, courier: PersonId) -> Result<Self, StoreError> {
        let mut facts = Vec::new();
        for record in tx.references_to(courier.into())? {
            facts.extend(facts_of(tx, record)?);
        }
        let ledger = cash(&facts).map_err(|_| StoreError::Conflict("sums of money"))?;
        let unsettled = ledger
            .unsettled(courier)
            .map_err(|_| StoreError::Conflict("sums of money"))?;
        Ok(Self {
            unsettled,
            settlements: ledger.settlements,
        })
    }
}

/// The couriers that money of a record comes from or goes to.
pub(super) fn parties(
    tx: &dyn ReadTx,
    people: &mut People,
    facts: &[Fact],
) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut parties = BTreeSet::new();
    for fact in facts.iter().filter(|fact| moves_money(fact)) {
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
    let settlements = known.ledgers.account(tx, courier)?.settlements.iter();
    let its = settlements
        .into_iter()
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
        let other = Story::of(tx, &mut known.people, &other)?;
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
