//! Who sees a record: asked again whenever something of it, of what is joined to it, or of what names it changes.

mod gather;
mod named;

use std::collections::BTreeSet;

use saddlebag_records::access::{Audience, Cause, Grant, grants};
use saddlebag_records::id::{PersonId, RecordId};

use crate::store::{ReadTx, StoreError, WriteTx};
use gather::{Gathered, Known, References};
use named::Namers;

/// Asks again who sees these records, and those that hang on them, and writes in the log what changed.
pub(crate) fn refresh(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    touched: impl IntoIterator<Item = RecordId>,
) -> Result<(), StoreError> {
    let mut asking = Asking {
        now_ms,
        known: Known::at(now_ms),
        open: BTreeSet::new(),
        named: BTreeSet::new(),
    };
    let mut couriers = BTreeSet::new();
    for record in touched {
        couriers.extend(asking.note_references(tx, record)?);
        asking.open.insert(record);
    }
    // Money that moved here may have settled, or opened, what is elsewhere.
    for courier in couriers {
        let moved = asking.moved(tx, courier)?;
        let settled = asking.known.ledgers.settled_with(tx, courier, &asking.open)?;
        asking.open.extend(moved.into_iter().chain(settled));
    }
    let mut asked = BTreeSet::new();
    while let Some(record) = asking.open.pop_first() {
        if asked.insert(record) {
            but_for_damage(asking.ask(tx, record, None))?;
        }
    }
    // Last, since who sees these hangs on who sees what names them.
    let (mut asked, mut namers) = (BTreeSet::new(), Namers::default());
    while let Some(record) = asking.named.pop_first() {
        if asked.insert(record) {
            but_for_damage(asking.ask(tx, record, Some(&mut namers)))?;
        }
    }
    Ok(())
}

/// What is damaged stays as visible as it was: it must not keep others from being served.
fn but_for_damage(asked: Result<(), StoreError>) -> Result<(), StoreError> {
    match asked {
        Err(StoreError::Damaged(what)) => {
            tracing::error!(what, "damaged: who sees a record was not asked again");
            Ok(())
        }
        asked => asked,
    }
}

/// Asks again about records whose grants have ended by now. Says whether there may be more.
pub(crate) fn sweep(tx: &mut dyn WriteTx, now_ms: i64, limit: usize) -> Result<bool, StoreError> {
    let expired = tx.expired_grants(now_ms, limit)?;
    let more = expired.len() == limit;
    refresh(tx, now_ms, expired)?;
    Ok(more)
}

/// The deliveries that wait overdue at a drop point now.
pub(crate) fn overdue(tx: &dyn ReadTx, now_ms: i64) -> Result<Vec<RecordId>, StoreError> {
    gather::overdue(tx, &mut Known::at(now_ms))
}

/// One round of questions.
struct Asking {
    now_ms: i64,
    known: Known,
    open: BTreeSet<RecordId>,
    named: BTreeSet<RecordId>,
}

impl Asking {
    /// Brings what a record names up to date. Gives the couriers whose money is in it.
    fn note_references(
        &mut self,
        tx: &mut dyn WriteTx,
        record: RecordId,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        let Some(row) = tx.record(record)? else {
            return Ok(BTreeSet::new());
        };
        let References { names, couriers } = gather::references_of(tx, &mut self.known, &row)?;
        let before = tx.references_from(record)?;
        if before != names {
            tx.put_references(record, &names)?;
            if named::opens_what_it_names(row.kind) {
                for other in before.into_iter().chain(names) {
                    self.named.extend(named::hanging_on(tx, other)?);
                }
            }
        }
        Ok(couriers)
    }

    /// Asks who sees a record and lets that hold. What is seen because others name it is put off until there are
    /// `namers`.
    fn ask(
        &mut self,
        tx: &mut dyn WriteTx,
        record: RecordId,
        namers: Option<&mut Namers>,
    ) -> Result<(), StoreError> {
        let Some(row) = tx.record(record)? else {
            return Ok(());
        };
        let namers = namers.filter(|_| named::may_be_named(row.kind));
        if namers.is_none() && named::may_be_named(row.kind) {
            self.named.insert(record);
            return Ok(());
        }
        let gathered = gather::gather(tx, &mut self.known, &row)?;
        let mut wanted = grants(&gathered.about);
        if let Some(namers) = namers {
            wanted.extend(namers.grants(tx, &row, &gathered)?);
        }
        wanted.retain(|grant| grant.holds_at(self.now_ms));
        wanted.sort();
        let Gathered { about, joined, .. } = gathered;
        match named::may_be_named(row.kind) {
            true => self.named.extend(joined),
            false => self.open.extend(joined),
        }
        let mut held: Vec<Grant> = tx.grants(record)?.into_iter().map(|row| row.grant).collect();
        held.sort();
        if held == wanted && row.ended_ms == about.ended_ms {
            return Ok(());
        }
        if row.ended_ms != about.ended_ms {
            tx.set_ended(record, about.ended_ms)?;
        }
        if held != wanted {
            if wanted
                .iter()
                .any(|grant| grant.cause.is_by_waybill() && !held.contains(grant))
            {
                tx.append_audit(None, "granted_by_waybill", Some(record), "")?;
            }
            tx.replace_grants(record, &wanted)?;
        }
        if named::opens_what_it_names(row.kind) {
            for other in tx.references_from(record)? {
                self.named.extend(named::hanging_on(tx, other)?);
            }
        }
        Ok(())
    }

    /// The records that hold unsettled money of a courier and are not shown to them for it, and the other way round.
    fn moved(&mut self, tx: &dyn ReadTx, courier: PersonId) -> Result<BTreeSet<RecordId>, StoreError> {
        let unsettled = self.known.ledgers.of(tx, courier)?.clone();
        let mut moved = BTreeSet::new();
        for record in tx.references_to(courier.into())? {
            let shown = tx.grants(record)?.iter().any(|row| {
                row.grant.cause == Cause::Unsettled && row.grant.audience == Audience::Person(courier)
            });
            if shown != unsettled.contains(&record) {
                moved.insert(record);
            }
        }
        Ok(moved)
    }
}
