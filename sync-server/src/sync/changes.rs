//! Plan changes: judged and tried on a copy outside the writer, kept by the writer if the plan has not changed since.

mod attempt;
mod keep;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use saddlebag_protocol::limits::TRIAL_MS;
use saddlebag_protocol::{ChangeReceipt, ErrorCode, Outcome};
use saddlebag_records::id::{ActorId, RecordId};
use saddlebag_records::kind::RecordKind;
use saddlebag_records::plan::claimed;
use saddlebag_records::plan::wire::Unpacked;

use super::sender::Sender;
use crate::county::County;
use crate::failure::Failure;
use crate::store::StoreError;
use attempt::attempt;

/// Why a change is held or refused, beyond the codes of the guard. Frozen: they stand in receipts.
mod code {
    pub(super) const OTHER_KIND: &str = "change_of_other_kind";
    pub(super) const MAY_NOT_CREATE: &str = "may_not_create";
    pub(super) const MISSING: &str = "missing_dependency";
    pub(super) const LATE: &str = "late";
    pub(super) const LOST_DEVICE: &str = "lost_device";
    pub(super) const HELD_FULL: &str = "held_full";
}

/// Why a change waits that a later version may know.
pub(super) const NEWER: &str = "newer_field";

/// How often a record is tried again because its plan changed meanwhile. The rest is answered `later`.
const ROUNDS: usize = 8;

/// The changes of one plan in a push, in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    record: RecordId,
    /// None of a kind that is newer than this server.
    kind: Option<RecordKind>,
    changes: Vec<Change>,
}

/// A change and the name that it claims.
#[derive(Clone, Debug)]
struct Change {
    actor: ActorId,
    seq: u64,
    bytes: Vec<u8>,
}

/// Takes the plan changes of a push. Gives receipts for those that were not admitted.
pub(super) fn take(
    county: &County,
    sender: &Sender,
    changes: &[Incoming],
) -> Result<Vec<ChangeReceipt>, Failure> {
    let mut open = changes.to_vec();
    let mut receipts = Vec::new();
    let until = Instant::now() + Duration::from_millis(TRIAL_MS);
    for _ in 0..ROUNDS {
        if open.is_empty() {
            break;
        }
        let (mut attempts, mut damaged) = (Vec::new(), BTreeSet::new());
        let tried = county.store().read_blocking(|tx| {
            let actors = sender.actors(tx)?;
            for (at, incoming) in open.iter().enumerate() {
                if Instant::now() >= until {
                    return Ok(at);
                }
                match attempt(tx, sender, &actors, incoming) {
                    Ok(attempt) => attempts.push(attempt),
                    // Its plan, or something that is held of it, until that is mended: the rest of the push is not to
                    // wait for it.
                    Err(StoreError::Damaged(what)) => {
                        tracing::error!(what, "a plan change cannot be tried");
                        damaged.insert(incoming.record);
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(open.len())
        })?;
        let stale = keep::keep(county, sender, attempts, &mut receipts)?;
        let mut left = Vec::new();
        for (at, incoming) in open.into_iter().enumerate() {
            if damaged.contains(&incoming.record) {
                for change in &incoming.changes {
                    receipts.add(incoming.record, change, Outcome::Later);
                }
            } else if at >= tried || stale.contains(&incoming.record) {
                left.push(incoming);
            }
        }
        open = left;
        if Instant::now() >= until {
            break;
        }
    }
    for incoming in &open {
        for change in &incoming.changes {
            receipts.add(incoming.record, change, Outcome::Later);
        }
    }
    Ok(receipts)
}

/// Tries the changes that are held of a plan.
pub(super) fn try_held(
    county: &County,
    sender: &Sender,
    record: RecordId,
    kind: RecordKind,
) -> Result<(), Failure> {
    let changes = Vec::new();
    take(
        county,
        sender,
        &[Incoming {
            record,
            kind: Some(kind),
            changes,
        }],
    )
    .map(drop)
}

/// The changes of a push by their records.
///
/// # Errors
/// [`ErrorCode::Malformed`] for what no receipt could name.
pub(super) fn by_record(changes: &Unpacked) -> Result<Vec<Incoming>, ErrorCode> {
    let known = changes.changes.iter();
    let known = known.map(|change| (change.record, Some(change.kind), &change.bytes));
    let newer = changes.newer.iter();
    let newer = newer.map(|change| (change.record, None, &change.bytes));
    let mut places: BTreeMap<RecordId, usize> = BTreeMap::new();
    let mut incoming: Vec<Incoming> = Vec::new();
    for (record, kind, bytes) in known.chain(newer) {
        let (actor, seq) = claimed(bytes).ok_or(ErrorCode::Malformed)?;
        let place = *places.entry(record).or_insert_with(|| {
            incoming.push(Incoming {
                record,
                kind,
                changes: Vec::new(),
            });
            incoming.len() - 1
        });
        let Some(its) = incoming.get_mut(place).filter(|its| its.kind == kind) else {
            return Err(ErrorCode::Malformed);
        };
        its.changes.push(Change {
            actor,
            seq,
            bytes: bytes.clone(),
        });
    }
    Ok(incoming)
}

/// Receipts of changes that were not admitted, in ranges.
trait Receipts {
    fn add(&mut self, record: RecordId, change: &Change, outcome: Outcome);
}

impl Receipts for Vec<ChangeReceipt> {
    fn add(&mut self, record: RecordId, change: &Change, outcome: Outcome) {
        if let Some(last) = self.last_mut()
            && last.record == record.0
            && last.actor == change.actor.0
            && last.to.checked_add(1) == Some(change.seq)
            && last.outcome == outcome
        {
            last.to = change.seq;
            return;
        }
        let (record, actor) = (record.0, change.actor.0);
        self.push(ChangeReceipt {
            record,
            actor,
            from: change.seq,
            to: change.seq,
            outcome,
        });
    }
}
