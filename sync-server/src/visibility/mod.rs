//! Who sees a record: asked again whenever something of it, of what is joined to it, or of what names it changes.

mod gather;
mod lived;
mod named;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use saddlebag_records::access::{Grant, grants};
use saddlebag_records::id::{PersonId, RecordId};

use crate::store::{ReadTx, RecordRow, StoreError, WriteTx};
use gather::{Gathered, Known, References};
pub(crate) use lived::Lives;

/// Asks again who sees these records, and those that hang on them, and writes in the log what changed. Every job that
/// takes facts or plan changes of a record in names it here: what is known of it from earlier jobs is read anew.
pub(crate) fn refresh(
    tx: &mut dyn WriteTx,
    now_ms: i64,
    touched: impl IntoIterator<Item = RecordId>,
) -> Result<(), StoreError> {
    let touched: BTreeSet<RecordId> = touched.into_iter().collect();
    if touched.is_empty() {
        return Ok(());
    }
    match round(tx, now_ms, &touched) {
        Err(StoreError::Damaged(_)) => touched
            .iter()
            .try_for_each(|record| but_for_damage(round(tx, now_ms, &BTreeSet::from([*record])))),
        asked => asked,
    }
}

/// Asks about all of these records.
fn round(tx: &mut dyn WriteTx, now_ms: i64, touched: &BTreeSet<RecordId>) -> Result<(), StoreError> {
    let known = tx.recall().and_then(|left| left.downcast::<Known>().ok());
    let mut asking = Asking {
        now_ms,
        known: known.map_or_else(|| Known::at(now_ms), |known| known.later(now_ms)),
        rows: HashMap::new(),
        open: BTreeSet::new(),
        named: BTreeSet::new(),
    };
    asking.about(tx, touched)?;
    asking.known.contents.drop_of(touched);
    // Only of a round that went through: what it worked out on the way to an error may be half of the truth.
    tx.leave(Box::new(asking.known));
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
    /// The rows of the records that were touched, until they are asked about.
    rows: HashMap<RecordId, RecordRow>,
    open: BTreeSet<RecordId>,
    named: BTreeSet<RecordId>,
}

impl Asking {
    fn about(&mut self, tx: &mut dyn WriteTx, touched: &BTreeSet<RecordId>) -> Result<(), StoreError> {
        let mut couriers = BTreeSet::new();
        self.known.contents.drop_of(touched);
        for record in touched.iter().copied() {
            couriers.extend(self.note_references(tx, record)?);
            self.open.insert(record);
        }
        // Money that moved here may have settled, or opened, what is elsewhere.
        for courier in couriers {
            let moved = self.known.ledgers.moved(tx, courier)?;
            let settled = self.known.ledgers.settled_with(tx, courier, &self.open)?;
            self.open.extend(moved.into_iter().chain(settled));
        }
        let mut asked = BTreeSet::new();
        while let Some(record) = self.open.pop_first() {
            if asked.insert(record) {
                but_for_damage(self.ask(tx, record, false))?;
            }
        }
        // Last, since who sees these hangs on who sees what names them.
        let mut asked = BTreeSet::new();
        while let Some(record) = self.named.pop_first() {
            if asked.insert(record) {
                but_for_damage(self.ask(tx, record, true))?;
            }
        }
        Ok(())
    }

    fn hanging_on<'a>(
        &mut self,
        tx: &dyn ReadTx,
        named: impl IntoIterator<Item = &'a RecordId>,
    ) -> Result<(), StoreError> {
        for named in named {
            self.named.extend(self.known.named.hanging_on(tx, *named)?);
        }
        Ok(())
    }

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
            self.known.named.names(tx, &row, &before, &names)?;
            if named::opens_what_it_names(row.kind) {
                let gone = before.iter().filter(|before| !names.contains(before));
                let new = names.iter().filter(|name| !before.contains(name));
                self.hanging_on(tx, gone.chain(new))?;
            }
        }
        gather::note(tx, &mut self.known, &row, &before, &names)?;
        self.rows.insert(record, row);
        Ok(couriers)
    }

    /// Asks who sees a record and lets that hold. What is seen because others name it is put off until the others have
    /// been asked about.
    fn ask(
        &mut self,
        tx: &mut dyn WriteTx,
        record: RecordId,
        others_are_asked: bool,
    ) -> Result<(), StoreError> {
        let row = match self.rows.remove(&record) {
            Some(row) => Some(row),
            None => tx.record(record)?,
        };
        let Some(row) = row else { return Ok(()) };
        let may_be_named = named::may_be_named(row.kind);
        if may_be_named && !others_are_asked {
            self.named.insert(record);
            return Ok(());
        }
        let gathered = gather::gather(tx, &mut self.known, &row)?;
        let mut wanted = grants(&gathered.about);
        if may_be_named {
            wanted.extend(self.known.named.grants(tx, &row, &gathered)?);
        }
        wanted.retain(|grant| grant.holds_at(self.now_ms));
        wanted.sort();
        let Gathered { about, joined, .. } = gathered;
        self.known.ledgers.shown(record, &about.unsettled, &wanted);
        match may_be_named {
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
            let names = tx.references_from(record)?;
            let before = named::namer(&row, row.ended_ms, &held);
            let now = named::namer(&row, about.ended_ms, &wanted);
            self.known.named.seen(&names, &before, &now);
            if !now.opens_as(&before) {
                self.hanging_on(tx, &names)?;
            }
        }
        Ok(())
    }
}
