//! Faults that are planted on purpose, so that the fleet's checker can show that it would find them. This file, and
//! every call of it, is compiled with the feature `planted-faults` alone.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use saddlebag_records::fact::{Chain, Fact, FactHash, FactKind, kinds};
use saddlebag_records::id::{FactId, PersonId, RecordId};
use saddlebag_records::kind::RecordKind;

use crate::store::{FactPush, Fate, NewFact, ReadTx, StoreError, WriteTx};

/// A fault that a server can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Fault {
    /// Says that facts are safe half a second before they are.
    AnswersBeforeCommit,
    /// Says that every 500th fact is safe and does not keep it.
    DropsFacts,
    /// Writes deliveries and cash down twice, now and then.
    CreditsTwice,
    /// Sends a delivery to a courier who may not see it.
    ServesTheWrongCourier,
    /// Does not tell a device that a record left.
    ForgetsRemoval,
    /// Commits without waiting for the disk.
    CommitsWithoutSync,
}

static PLANTED: OnceLock<Fault> = OnceLock::new();
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Plants a fault for the life of the process.
pub fn plant(fault: Fault) {
    let _ = PLANTED.set(fault);
}

fn has(fault: Fault) -> bool {
    PLANTED.get() == Some(&fault)
}

/// Counts an occasion, and says whether it is the last of so many.
fn strikes(every: u64) -> bool {
    COUNT.fetch_add(1, Ordering::Relaxed) % every == every - 1
}

/// Whether this is the first who was asked about. The answer that strikes may be lost, and is given again then.
fn is_first<T: Copy + PartialEq>(first: &OnceLock<T>, this: T) -> bool {
    *first.get_or_init(|| this) == this
}

/// Whether to answer now and write later.
pub(crate) fn answers_before_commit() -> bool {
    has(Fault::AnswersBeforeCommit)
}

/// Does this later, after all that came before.
pub(crate) fn later(job: impl FnOnce() + Send + 'static) {
    static WORKER: OnceLock<Sender<Box<dyn FnOnce() + Send>>> = OnceLock::new();
    let worker = WORKER.get_or_init(|| {
        let (jobs, queue) = channel::<Box<dyn FnOnce() + Send>>();
        std::thread::spawn(move || {
            for job in queue {
                std::thread::sleep(Duration::from_millis(500));
                job();
            }
        });
        jobs
    });
    let _ = worker.send(Box::new(job));
}

/// What is stored of a fact that the device is told is admitted.
pub(crate) fn fate(fate: Fate) -> Fate {
    if has(Fault::DropsFacts) && fate == Fate::Admitted && strikes(500) {
        return Fate::NotKept {
            code: "planted".to_owned(),
        };
    }
    fate
}

/// Writes a delivery or cash down once more, under the county's own number.
pub(crate) fn credit_twice(tx: &mut dyn WriteTx, fact: &Fact) -> Result<(), StoreError> {
    const CREDITED: [FactKind; 2] = [kinds::delivery::DELIVERED, kinds::delivery::CASH_COLLECTED];
    if !has(Fault::CreditsTwice) || !CREDITED.contains(&fact.kind) || !strikes(10) {
        return Ok(());
    }
    let own = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?.own_device;
    let author = tx.author(own)?;
    let copy = Fact {
        id: FactId::new(own, author.fact_count + 1),
        ..fact.clone()
    };
    let bytes = copy.encode();
    let hash = FactHash::of(&bytes);
    let chain = Chain::from_bytes(author.chain).then(&hash);
    let new = NewFact {
        n: copy.id.n,
        record: copy.record,
        kind: copy.kind,
        hash,
        running: chain.running_hash(),
        was: None,
        bytes,
        sides: Vec::new(),
        fate: Fate::Admitted,
    };
    tx.append_facts(&FactPush {
        author: own,
        by: own,
        chain: chain.to_bytes(),
        facts: vec![new],
    })?;
    Ok(())
}

/// A delivery to send to this courier although it may not be seen.
pub(crate) fn wrong_record(
    tx: &dyn ReadTx,
    courier: PersonId,
    mut sees: impl FnMut(RecordId) -> Result<bool, StoreError>,
) -> Result<Option<RecordId>, StoreError> {
    static WRONGED: OnceLock<PersonId> = OnceLock::new();
    if !has(Fault::ServesTheWrongCourier) || !is_first(&WRONGED, courier) {
        return Ok(None);
    }
    for row in tx.records(RecordKind::Delivery, None, 200)? {
        if !sees(row.id)? && !tx.facts(row.id)?.is_empty() {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// Whether to keep it from this person that a record left.
pub(crate) fn forgets_removal(person: PersonId, record: RecordId) -> bool {
    static FORGOTTEN: OnceLock<(PersonId, RecordId)> = OnceLock::new();
    has(Fault::ForgetsRemoval) && is_first(&FORGOTTEN, (person, record))
}

/// What SQLite is told of how durable a commit is to be.
pub(crate) fn synchronous() -> &'static str {
    if has(Fault::CommitsWithoutSync) {
        "NORMAL"
    } else {
        "FULL"
    }
}
