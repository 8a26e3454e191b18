use std::collections::{BTreeMap, BTreeSet};

use saddlebag_records::cash::cash;
use saddlebag_records::fact::Fact;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::retention::{Due, Lived, Moment, Money, Named, due, of_record};
use saddlebag_records::status::Status;

use super::gather::{Known, Story, moves_money, parties};
use super::named::opens_what_it_names;
use crate::plans::view_of;
use crate::store::{ReadTx, RecordRow, StoreError};

/// What decides when records may be forgotten, read once for all that are asked about in one read.
pub(crate) struct Lives {
    known: Known,
}

/// What became of a record.
pub(crate) struct Life {
    /// When it may be forgotten.
    pub(crate) due: Due,
    /// What it is.
    pub(crate) status: Status,
    /// The records that count with it, itself among them: they are forgotten together, or a part would tell something
    /// else than the whole did.
    pub(crate) together: BTreeSet<RecordId>,
}

impl Lives {
    /// As of this time, UTC milliseconds.
    pub(crate) fn at(now_ms: i64) -> Self {
        Self {
            known: Known::at(now_ms),
        }
    }

    pub(crate) fn of(&mut self, tx: &dyn ReadTx, row: &RecordRow) -> Result<Life, StoreError> {
        let plan = view_of(tx, row.id)?;
        let story = Story::of(tx, &mut self.known, row)?;
        let status = story.status(plan.as_ref());
        let own: Vec<&Fact> = story.facts().filter(|fact| fact.record == row.id).collect();
        let received = own.iter().filter_map(|fact| story.received_ms(fact.id)).max();
        let mut together = story.joined().clone();
        together.insert(row.id);
        let lived = Lived {
            kind: row.kind,
            status: &status,
            plan: plan.as_ref(),
            ended_ms: row.ended_ms,
            written_ms: received.max(last_edit_ms(tx, row)?).unwrap_or(row.created_ms),
            money: self.money(tx, row, &story, &mut together)?,
            named: named(tx, row.id, &together)?,
        };
        Ok(Life {
            due: due(&lived),
            status,
            together,
        })
    }

    /// What became of the money in a record. A hand-in goes together with its count.
    fn money(
        &mut self,
        tx: &dyn ReadTx,
        row: &RecordRow,
        story: &Story,
        together: &mut BTreeSet<RecordId>,
    ) -> Result<Money, StoreError> {
        let moving: Vec<&Fact> = story.facts().filter(|fact| moves_money(fact)).collect();
        let couriers = parties(tx, &mut self.known.people, moving.iter().copied())?;
        let moved_ms = moving.iter().filter_map(|fact| story.received_ms(fact.id)).max();
        let Some(moved_ms) = moved_ms else {
            return Ok(Money::None);
        };
        let mut at_ms = moved_ms;
        for courier in couriers {
            if self.known.ledgers.unsettled(tx, courier)?.contains(&row.id) {
                return Ok(Money::Unsettled);
            }
            let mut closed_ms: Option<i64> = None;
            for settlement in self.known.ledgers.settlements(tx, courier)? {
                if settlement.records.contains(&row.id) {
                    together.extend(&settlement.records);
                }
                for record in settlement.records.iter().filter(|_| settlement.closed) {
                    let closed = tx.record(*record)?.and_then(|row| row.ended_ms);
                    let after = closed.filter(|closed| *closed >= moved_ms);
                    closed_ms = closed_ms.into_iter().chain(after).min();
                }
            }
            at_ms = at_ms.max(closed_ms.unwrap_or(at_ms));
        }
        Ok(Money::Settled { at_ms })
    }

    /// What couriers owe by these records alone, in fen: what is to be carried on when they are forgotten. Nobody knows what
    /// those say that are damaged, and the others count without them.
    pub(crate) fn owed_by(
        &mut self,
        tx: &dyn ReadTx,
        records: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<PersonId, i64>, StoreError> {
        let mut facts = Vec::new();
        for record in records {
            let told = match self.known.contents.facts(tx, *record) {
                Err(StoreError::Damaged(what)) => {
                    tracing::error!(what, "damaged: what was owed by a record is not carried on");
                    continue;
                }
                told => told?,
            };
            facts.extend(told.iter().map(|told| told.fact.clone()));
        }
        let conflict = |_| StoreError::Conflict("sums of money");
        let ledger = cash(&facts).map_err(conflict)?;
        let couriers = parties(tx, &mut self.known.people, &facts)?;
        let owed = couriers.into_iter().map(|courier| {
            let fen = ledger.owed(courier).map_err(conflict)?;
            Ok((courier, fen))
        });
        owed.filter(|owed| owed.as_ref().map_or(true, |(_, fen)| *fen != 0))
            .collect()
    }
}

/// When the county last got a change of its plan, where that counts as a use.
fn last_edit_ms(tx: &dyn ReadTx, row: &RecordRow) -> Result<Option<i64>, StoreError> {
    let counts = of_record(row.kind).is_some_and(|kept| kept.from == Moment::Used);
    if !counts {
        return Ok(None);
    }
    let changes = tx.changes(row.id)?;
    Ok(changes.iter().map(|change| change.received_ms).max())
}

fn named(tx: &dyn ReadTx, record: RecordId, but: &BTreeSet<RecordId>) -> Result<Named, StoreError> {
    let mut named = Named::default();
    for namer in tx.references_to(record)? {
        let Some(namer) = tx.record(namer)?.filter(|namer| !but.contains(&namer.id)) else {
            continue;
        };
        named.any = true;
        if opens_what_it_names(namer.kind) {
            named.open |= namer.ended_ms.is_none();
            named.last_end_ms = named.last_end_ms.max(namer.ended_ms);
        }
    }
    Ok(named)
}
