use std::collections::BTreeSet;

use rusqlite::params;
use saddlebag_protocol::{ChangeReceipt, FactReceipt, ForgetReason, Outcome, Receipts};
use saddlebag_records::id::DeviceNumber;

use super::answer::Applying;
use super::edits_anew::{NAME_TAKEN, SUPERSEDED};
use super::pending::{Pending, PendingChange};
use crate::error::Result;
use crate::store::column::{count, signed};
use crate::store::state::State;
use crate::store::{facts, granted_before, identity, plans};

/// The county has the fact under another name, which it once had here.
const KNOWN_AS: &str = "known_by_another_name";
/// The county does not know the number as this person's: it was voided, or the county was restored to before it.
const FOREIGN_AUTHOR: &str = "foreign_author";

impl Applying<'_> {
    /// Takes what became of a push. `position`: the log's last row after it.
    pub(super) fn receipts(&mut self, pushed: &Pending, receipts: &Receipts, position: u64) -> Result<()> {
        granted_before::brought(self.connection)?;
        for receipt in &receipts.facts {
            self.fact_receipt(receipt, position)?;
        }
        // What was built on a change that was not taken went with it.
        let mut out = BTreeSet::new();
        for change in &pushed.changes {
            let (record, actor, seq) = (change.change.record, change.actor, change.seq);
            match receipt_of(change, &receipts.changes) {
                _ if out.contains(&(record, actor)) => {}
                None | Some(Outcome::Admitted) => self.change_came(change, State::County, position)?,
                Some(Outcome::Held(_)) => self.change_came(change, State::Held, position)?,
                Some(Outcome::Refused(code)) if code == NAME_TAKEN => {
                    out.insert((record, actor));
                    self.make_anew(record, actor, seq)?;
                }
                Some(Outcome::Refused(code)) => {
                    out.insert((record, actor));
                    self.give_up(change, code)?;
                }
                Some(Outcome::Superseded) => {
                    out.insert((record, actor));
                    self.give_up(change, SUPERSEDED)?;
                }
                Some(Outcome::Gone) => self.forget(record, ForgetReason::Person)?,
                Some(Outcome::Later) => {}
            }
        }
        Ok(())
    }

    fn fact_receipt(&mut self, receipt: &FactReceipt, position: u64) -> Result<()> {
        let author = DeviceNumber(receipt.device);
        if !identity::is_own(self.connection, author)? {
            return Ok(());
        }
        let state = match &receipt.outcome {
            Outcome::Admitted => State::County,
            Outcome::Held(_) => State::Held,
            Outcome::Refused(code) if code == KNOWN_AS => State::County,
            Outcome::Refused(_) | Outcome::Superseded => State::Refused,
            Outcome::Gone => State::Gone,
            Outcome::Later => return Ok(()),
        };
        if author.is_one_time()
            && matches!(&receipt.outcome, Outcome::Refused(code) if code == FOREIGN_AUTHOR)
        {
            self.await_another_number(author)?;
        }
        let records = facts::came(
            self.connection,
            author,
            (receipt.from, receipt.to),
            state,
            position,
        )?;
        if let (State::Held | State::Refused, Outcome::Held(code) | Outcome::Refused(code)) =
            (state, &receipt.outcome)
        {
            let mut keep = self.connection.prepare_cached(
                "INSERT OR REPLACE INTO fact_verdicts (device, n, code)
                 SELECT device, n, ?4 FROM facts WHERE device = ?1 AND n BETWEEN ?2 AND ?3",
            )?;
            keep.execute(params![
                signed(author),
                count(receipt.from),
                count(receipt.to),
                code
            ])?;
        } else {
            let mut drop = self
                .connection
                .prepare_cached("DELETE FROM fact_verdicts WHERE device = ?1 AND n BETWEEN ?2 AND ?3")?;
            drop.execute(params![signed(author), count(receipt.from), count(receipt.to)])?;
        }
        for record in records {
            match state {
                State::Gone => self.forget(record, ForgetReason::Person)?,
                _ => self.touch(record),
            }
        }
        Ok(())
    }

    fn change_came(&mut self, change: &PendingChange, state: State, position: u64) -> Result<()> {
        let record = change.change.record;
        plans::change_came(self.connection, record, change.actor, change.seq, state, position)?;
        self.touch(record);
        Ok(())
    }

    /// Below `first_unsent` everything is confirmed, so that nothing looks there again.
    pub(super) fn advance_first_unsent(&mut self) -> Result<()> {
        let number = identity::author(self.connection)?.device;
        let first = facts::first_unsent(self.connection, number, self.own.first_unsent)?;
        self.own.first_unsent = first.unwrap_or(self.own.next_n);
        Ok(())
    }
}

/// The receipt that names a change; none for one that was admitted with the others.
fn receipt_of<'r>(change: &PendingChange, receipts: &'r [ChangeReceipt]) -> Option<&'r Outcome> {
    let names = |receipt: &&ChangeReceipt| {
        receipt.record == change.change.record.0
            && receipt.actor == change.actor.0
            && (receipt.from..=receipt.to).contains(&change.seq)
    };
    receipts.iter().find(names).map(|receipt| &receipt.outcome)
}
