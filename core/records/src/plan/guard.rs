//! The guard: judges one hostile plan change in O(bytes), before Automerge sees it.
//!
//! Automerge 0.12 accepts a wrong checksum, panics on a gap in an actor's sequence numbers, expands 69 bytes to
//! 20 million operations, and spoils a save where a counter is near its limit. So nothing reaches it that the guard
//! has not passed: every rule here is one that an honest client never breaks.

use std::collections::HashMap;

use super::change::{ChangeHeader, SoundChange};
use super::chunk::ChangeHash;
use super::op::Key;
use super::refusal::GuardRefusal;
use super::start;
use crate::id::ActorId;
use crate::kind::RecordKind;

/// How far above its dependencies a change may begin to count. Automerge begins right above them.
pub const START_OP_SLACK: u64 = 16;

/// An actor's latest change in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatestChange {
    /// Its sequence number.
    pub seq: u64,
    /// Its hash.
    pub hash: ChangeHash,
}

/// What is known of the plan that a change belongs to, such as from rows of (hash, max_op, actor, seq).
pub trait KnownChanges {
    /// The counter of a known change's last operation. The golden starts need not be known.
    fn max_op(&self, change: &ChangeHash) -> Option<u64>;
    /// The actor's latest change.
    fn latest(&self, actor: &ActorId) -> Option<LatestChange>;
}

/// The known changes of a plan, in memory.
#[derive(Clone, Debug, Default)]
pub struct PlanHistory {
    max_ops: HashMap<ChangeHash, u64>,
    latest: HashMap<ActorId, LatestChange>,
}

impl PlanHistory {
    /// A plan that knows nothing but its golden starts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a change that was admitted.
    pub fn add(&mut self, header: &ChangeHeader) {
        self.add_row(header.hash, header.max_op, header.actor, header.seq);
    }

    /// Adds a change that was admitted, from its row.
    pub fn add_row(&mut self, hash: ChangeHash, max_op: u64, actor: ActorId, seq: u64) {
        self.max_ops.insert(hash, max_op);
        let latest = self.latest.entry(actor).or_insert(LatestChange { seq, hash });
        if latest.seq < seq {
            *latest = LatestChange { seq, hash };
        }
    }
}

impl KnownChanges for PlanHistory {
    fn max_op(&self, change: &ChangeHash) -> Option<u64> {
        self.max_ops.get(change).copied()
    }

    fn latest(&self, actor: &ActorId) -> Option<LatestChange> {
        self.latest.get(actor).copied()
    }
}

/// Where a change came from, which says who may have written it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender<'a> {
    /// A device, which writes as the actors that it announced.
    Device(&'a [ActorId]),
    /// The county, which passes on what anybody wrote and alone brings later golden starts.
    County,
}

/// What the guard says of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It may be tried.
    Fit(ChangeHeader),
    /// It is in the plan already.
    Known(ChangeHeader),
    /// It hangs on changes that are not here; keep it and ask for them.
    Waiting {
        /// The change.
        header: ChangeHeader,
        /// What it waits for.
        missing: Vec<ChangeHash>,
    },
    /// It is not taken.
    Refused(GuardRefusal),
}

/// Judges one change of a plan of this kind.
pub fn judge(kind: RecordKind, bytes: &[u8], sender: Sender<'_>, known: &impl KnownChanges) -> Judgement {
    match SoundChange::read(kind, bytes) {
        Ok(change) => judge_sound(&change, sender, known),
        Err(refusal) => Judgement::Refused(refusal),
    }
}

pub(crate) fn judge_sound(
    change: &SoundChange<'_>,
    sender: Sender<'_>,
    known: &impl KnownChanges,
) -> Judgement {
    let header = change.header.clone();
    let places = match sender {
        Sender::Device(actors) => check_author(&header, actors).and_then(|()| place(&header, change, known)),
        Sender::County if header.actor == ActorId::ZERO => place_later_start(change, known),
        Sender::County => place(&header, change, known),
    };
    match places {
        Err(refusal) => Judgement::Refused(refusal),
        Ok(Place::Next) => Judgement::Fit(header),
        Ok(Place::Known) => Judgement::Known(header),
        Ok(Place::Missing(missing)) => Judgement::Waiting { header, missing },
    }
}

/// Where a change stands in the plan.
enum Place {
    Next,
    Known,
    Missing(Vec<ChangeHash>),
}

fn check_author(header: &ChangeHeader, actors: &[ActorId]) -> Result<(), GuardRefusal> {
    if header.actor == ActorId::ZERO {
        Err(GuardRefusal::ZeroActor)
    } else if actors.contains(&header.actor) {
        Ok(())
    } else {
        Err(GuardRefusal::ForeignActor)
    }
}

fn place(
    header: &ChangeHeader,
    change: &SoundChange<'_>,
    known: &impl KnownChanges,
) -> Result<Place, GuardRefusal> {
    if known.max_op(&header.hash).is_some() {
        return Ok(Place::Known);
    }
    if header.deps.is_empty() {
        return Err(GuardRefusal::Dependencies);
    }
    let latest = known.latest(&header.actor);
    if latest.is_some_and(|latest| header.seq <= latest.seq) {
        return Err(GuardRefusal::SequenceReused);
    }
    let golden = start::starts(change.schema.kind);
    let max_op = |dep: &ChangeHash| {
        let golden = golden.iter().find(|golden| golden.hash == *dep);
        golden.map(|golden| golden.max_op).or_else(|| known.max_op(dep))
    };
    let missing: Vec<_> = header
        .deps
        .iter()
        .filter(|dep| max_op(dep).is_none())
        .copied()
        .collect();
    if !missing.is_empty() {
        return Ok(Place::Missing(missing));
    }
    let follows = match latest {
        None => header.seq == 1,
        Some(latest) => header.seq == latest.seq + 1 && header.deps.contains(&latest.hash),
    };
    if !follows {
        return Err(GuardRefusal::Sequence);
    }
    let reached = header.deps.iter().filter_map(max_op).max().unwrap_or(0);
    let in_reach = (reached + 1..=reached + START_OP_SLACK).contains(&header.start_op);
    if in_reach {
        Ok(Place::Next)
    } else {
        Err(GuardRefusal::StartOp)
    }
}

/// A golden start: known, or the next one, which makes new root objects and does nothing else.
fn place_later_start(change: &SoundChange<'_>, known: &impl KnownChanges) -> Result<Place, GuardRefusal> {
    let golden = start::starts(change.schema.kind);
    let header = &change.header;
    if golden.iter().any(|golden| golden.hash == header.hash) || known.max_op(&header.hash).is_some() {
        return Ok(Place::Known);
    }
    let [dep] = header.deps[..] else {
        return Err(GuardRefusal::ZeroActor);
    };
    let makes_objects = change.ops.iter().all(|op| {
        let new = matches!(op.key, Key::Prop(key) if change.schema.field_by_key(key).is_none());
        let plain = op.obj.is_none() && !op.insert && op.preds.is_empty();
        new && plain && op.action.makes_object()
    });
    if !makes_objects || !change.chunk.others.is_empty() {
        return Err(GuardRefusal::ZeroActor);
    }
    let last_known = golden
        .last()
        .map(|golden| (golden.seq, golden.hash, golden.max_op));
    let latest = known
        .latest(&ActorId::ZERO)
        .and_then(|latest| Some((latest.seq, latest.hash, known.max_op(&latest.hash)?)));
    let Some((seq, hash, max_op)) = latest.max(last_known) else {
        return Err(GuardRefusal::ZeroActor);
    };
    if header.seq > seq + 1 {
        return Ok(Place::Missing(vec![dep]));
    }
    let follows = header.seq == seq + 1 && dep == hash && header.start_op == max_op + 1;
    if follows {
        Ok(Place::Next)
    } else {
        Err(GuardRefusal::ZeroActor)
    }
}
