use std::collections::BTreeSet;

use std::sync::Arc;

use saddlebag_protocol::{ErrorCode, FactReceipt, Fork, SyncRequest};
use saddlebag_records::fact::{Chain, SideValue};
use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

use super::fork::fork;
use super::judge::{Judge, Judged};
use super::push::{Author, Pushed};
use super::receipts::{FactReceipts, GONE, outcome_of};
use super::sender::{Sender, Standing};
use super::word::Word;
use crate::county::County;
use crate::failure::Failure;
use crate::store::{FactPush, Fate, ForgetReason, NewFact, Number, Seq, StoreError, WriteTx};
use crate::visibility;

/// What became of the facts of a request.
pub(super) enum FactsTaken {
    /// They are judged and durable.
    Taken {
        /// What became of each; none without a push.
        receipts: Option<Vec<FactReceipt>>,
        /// New one-time numbers.
        one_time: Option<Vec<u64>>,
        /// The log's last row before them.
        before: Seq,
        /// What marks the rows of the log that all came from the device's own number; none where others did.
        own_rows: Option<[u8; 8]>,
    },
    /// Nothing was taken: the device's past is not the county's.
    Forked(Fork),
}

/// Gives a device another number: its own is of an earlier epoch, or it has lost a fact of its own. What it pushes it
/// writes anew under that.
pub(super) fn renumber(
    county: &County,
    sender: &Sender,
    nonce: [u8; 8],
    push: Option<&Pushed>,
) -> Result<Fork, Failure> {
    let (its, whose, sender) = (county.clone(), Some(sender.number), sender.clone());
    let pushed = push.map(firsts).unwrap_or_default();
    let job = move |tx: &mut dyn WriteTx| fork(tx, &its, &sender, nonce, &pushed);
    county.store().write_for(whose, county.moment(), job).wait()
}

/// Takes the facts of a request, and all that it says beside its push, in one job of the writer.
pub(super) fn take(
    county: &County,
    sender: &Sender,
    request: &SyncRequest,
    push: Option<&Arc<Pushed>>,
) -> Result<FactsTaken, Failure> {
    let whose = Some(sender.number);
    let (its, sender, push) = (county.clone(), sender.clone(), push.cloned());
    let word = Word::of(request);
    #[cfg(feature = "planted-faults")]
    if crate::fault::answers_before_commit()
        && let Some(push) = push.clone().filter(|push| !push.authors.is_empty())
    {
        return answer_first(its, sender, word, push);
    }
    let moment = county.moment();
    let job = move |tx: &mut dyn WriteTx| take_in(tx, &its, &sender, &word, push.as_deref(), moment.nonce);
    county.store().write_for(whose, moment, job).wait()
}

#[cfg(feature = "planted-faults")]
fn answer_first(
    county: County,
    sender: Sender,
    word: Word,
    push: Arc<Pushed>,
) -> Result<FactsTaken, Failure> {
    let mut receipts = FactReceipts::default();
    for incoming in push.authors.iter().flat_map(|author| &author.facts) {
        receipts.add(incoming.fact.id, outcome_of(&Fate::Admitted));
    }
    let before = county.store().read_blocking(|tx| tx.log_head())?;
    crate::fault::later(move || {
        let its = county.clone();
        let moment = county.moment();
        let job = move |tx: &mut dyn WriteTx| take_in(tx, &its, &sender, &word, Some(&push), moment.nonce);
        let _ = county.store().write(moment, job).wait();
    });
    Ok(FactsTaken::Taken {
        receipts: Some(receipts.into_vec()),
        one_time: None,
        before,
        own_rows: None,
    })
}

fn take_in(
    tx: &mut dyn WriteTx,
    county: &County,
    sender: &Sender,
    word: &Word,
    push: Option<&Pushed>,
    nonce: [u8; 8],
) -> Result<FactsTaken, Failure> {
    let before = tx.log_head()?;
    let mut authors = Vec::new();
    if let Some(push) = push {
        // A number that forked takes nothing more, whoever of its clones asks.
        if sender.standing == Standing::Forked {
            return forked(tx, county, sender, push);
        }
        for author in &push.authors {
            let past = author.past(tx, sender, push)?;
            if let Past::Another = past {
                return forked(tx, county, sender, push);
            }
            authors.push((author, past));
        }
    }
    let one_time = word.note(tx, county, sender)?;
    let mut receipts = FactReceipts::default();
    let mut touched = BTreeSet::new();
    for (author, past) in authors {
        match past {
            Past::Heard(known) => author.take(tx, sender, &known, &mut receipts, &mut touched)?,
            // Nothing may be noted under a number that is somebody else's.
            Past::Foreign | Past::Another => author.refuse(tx, &mut receipts)?,
        }
    }
    visibility::refresh(tx, county.now_ms(), touched)?;
    let is_own = |push: &Pushed| push.authors.iter().all(|author| author.number == sender.number);
    Ok(FactsTaken::Taken {
        receipts: push.map(|_| receipts.into_vec()),
        one_time,
        before,
        own_rows: push.filter(|push| is_own(push)).map(|_| nonce),
    })
}

fn forked(
    tx: &mut dyn WriteTx,
    county: &County,
    sender: &Sender,
    push: &Pushed,
) -> Result<FactsTaken, Failure> {
    let fork = fork(tx, county, sender, push.nonce, &firsts(push))?;
    Ok(FactsTaken::Forked(fork))
}

/// Each author of a push, with the first of its facts.
fn firsts(push: &Pushed) -> Vec<(DeviceNumber, u64)> {
    push.authors
        .iter()
        .map(|author| (author.number, author.first()))
        .collect()
}

/// What the county heard of an author's facts before.
enum Past {
    /// The number is not the device's, or is void.
    Foreign,
    /// The device tells another past of the number than the county heard.
    Another,
    /// These of the pushed ones, from the first on.
    Heard(Vec<Number>),
}

impl Author {
    fn past(&self, tx: &dyn WriteTx, sender: &Sender, push: &Pushed) -> Result<Past, Failure> {
        if !self.is_known(tx)? || !self.is_senders(tx, sender)? {
            return Ok(Past::Foreign);
        }
        self.heard(tx, sender, push)
    }

    /// Whether the number is the device's own, or a one-time number that it may go on under.
    fn is_senders(&self, tx: &dyn WriteTx, sender: &Sender) -> Result<bool, StoreError> {
        if self.number == sender.number {
            return Ok(true);
        }
        match tx.one_time_number(self.number)? {
            Some(known) => sender.goes_on_for(tx, known.device),
            None => Ok(false),
        }
    }

    /// Whether the county has what the facts come after. Of a one-time number's it may not, where it was restored or the
    /// phone was damaged: then the number counts as void, and its device writes on under another.
    fn is_known(&self, tx: &dyn WriteTx) -> Result<bool, StoreError> {
        if !self.number.is_one_time() {
            return Ok(true);
        }
        let before = self.first().saturating_sub(1);
        Ok(tx.running_at(self.number, before)?.is_some())
    }

    fn first(&self) -> u64 {
        self.facts.first().map_or(1, |incoming| incoming.fact.id.n)
    }

    /// What the county never heard, or heard before it was restored, and what the device does not hold any more, is
    /// another past too.
    ///
    /// # Errors
    /// [`ErrorCode::Malformed`] for a gap within the push, or a chain that is missing: no device makes either.
    fn heard(&self, tx: &dyn WriteTx, sender: &Sender, push: &Pushed) -> Result<Past, Failure> {
        let first = self.first();
        let in_order = self
            .facts
            .iter()
            .zip(first..)
            .all(|(incoming, n)| incoming.fact.id.n == n);
        let before = first
            .checked_sub(1)
            .filter(|_| in_order)
            .ok_or(ErrorCode::Malformed)?;
        let Some(running) = tx.running_at(self.number, before)? else {
            return Ok(Past::Another);
        };
        if self.number == sender.number && push.chain.ok_or(ErrorCode::Malformed)? != running {
            return Ok(Past::Another);
        }
        let last = before.saturating_add(self.facts.len() as u64);
        let known = tx.numbers(self.number, first, last)?;
        let is_another = known
            .iter()
            .zip(&self.facts)
            .any(|(known, incoming)| !incoming.hash.0.starts_with(&known.hash_start));
        Ok(if is_another {
            Past::Another
        } else {
            Past::Heard(known)
        })
    }

    /// The number is somebody else's, void, or went with its record.
    fn refuse(&self, tx: &dyn WriteTx, receipts: &mut FactReceipts) -> Result<(), StoreError> {
        for incoming in &self.facts {
            let stone = tx.tombstone(incoming.fact.record)?;
            let destroyed = stone.is_some_and(|stone| stone.reason == ForgetReason::Person);
            let code = if destroyed { GONE } else { "foreign_author" }.to_owned();
            receipts.add(incoming.fact.id, outcome_of(&Fate::NotKept { code }));
        }
        Ok(())
    }

    fn take(
        &self,
        tx: &mut dyn WriteTx,
        sender: &Sender,
        known: &[Number],
        receipts: &mut FactReceipts,
        touched: &mut BTreeSet<RecordId>,
    ) -> Result<(), Failure> {
        for number in known {
            receipts.add(FactId::new(self.number, number.n), outcome_of(&number.fate));
        }
        let Some(new) = self.facts.get(known.len()..).filter(|new| !new.is_empty()) else {
            return Ok(());
        };
        let mut chain = Chain::from_bytes(tx.author(self.number)?.chain);
        let mut judge = Judge::new(sender);
        let mut facts = Vec::with_capacity(new.len());
        for incoming in new {
            let sides: Vec<&SideValue> = incoming.sides.iter().collect();
            let Judged { fate, sides } = judge.judge(tx, &incoming.fact, incoming.bytes.len(), &sides)?;
            chain = chain.then(&incoming.hash);
            receipts.add(incoming.fact.id, outcome_of(&fate));
            #[cfg(feature = "planted-faults")]
            let fate = crate::fault::fate(fate);
            if fate == Fate::Admitted {
                touched.insert(incoming.fact.record);
            }
            facts.push(NewFact {
                n: incoming.fact.id.n,
                record: incoming.fact.record,
                kind: incoming.fact.kind,
                hash: incoming.hash,
                running: chain.running_hash(),
                was: incoming.fact.was,
                bytes: incoming.bytes.clone(),
                sides,
                fate,
            });
        }
        let chain = chain.to_bytes();
        tx.append_facts(&FactPush {
            author: self.number,
            by: sender.number,
            chain,
            facts,
        })?;
        #[cfg(feature = "planted-faults")]
        for incoming in new {
            crate::fault::credit_twice(tx, &incoming.fact)?;
        }
        Ok(())
    }
}
