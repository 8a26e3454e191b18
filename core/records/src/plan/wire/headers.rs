//! Reading what a batch says of its lean changes, and building them.

use std::vec::IntoIter;

use super::row_reader::RowReader;
use super::rows::LeanChange;
use super::{SharedChange, WireError, lane};
use crate::id::ActorId;
use crate::kind::RecordKind;
use crate::leb128::{Malformed, Reader};
use crate::plan::chunk::{ChangeHash, Chunk, MAX_COUNTER, MAX_DEPENDENCIES};
use crate::plan::start::start;

/// The columns of the lean changes, to be taken change by change.
pub(super) struct Headers {
    actor: IntoIter<u64>,
    seq: IntoIter<u64>,
    deps: IntoIter<u64>,
    dep: IntoIter<u64>,
    hash: IntoIter<ChangeHash>,
    shared_actor: IntoIter<u64>,
    shared_seq: IntoIter<u64>,
    start: IntoIter<i64>,
    rows: IntoIter<u64>,
}

impl Headers {
    pub(super) fn read(from: &mut Reader<'_>, changes: usize) -> Result<Self, Malformed> {
        let (actor, seq) = (lane::uints(from, changes)?, lane::uints(from, changes)?);
        let deps = lane::uints(from, changes)?;
        if deps.iter().any(|count| *count > MAX_DEPENDENCIES as u64) {
            return Err(Malformed);
        }
        let dep = lane::uints(from, deps.iter().sum::<u64>() as usize)?;
        let of = |number: u64| dep.iter().filter(|dep| **dep == number).count();
        let hash: Vec<_> = (0..of(0))
            .map(|_| from.array().map(ChangeHash))
            .collect::<Result<_, _>>()?;
        let (shared_actor, shared_seq) = (lane::uints(from, of(2))?, lane::uints(from, of(2))?);
        let (start, rows) = (lane::ints(from, changes)?, lane::uints(from, changes)?);
        Ok(Self {
            actor: actor.into_iter(),
            seq: seq.into_iter(),
            deps: deps.into_iter(),
            dep: dep.into_iter(),
            hash: hash.into_iter(),
            shared_actor: shared_actor.into_iter(),
            shared_seq: shared_seq.into_iter(),
            start: start.into_iter(),
            rows: rows.into_iter(),
        })
    }

    /// How many rows the changes have together.
    pub(super) fn rows(&self) -> Result<usize, Malformed> {
        let mut rows = self.rows.as_slice().iter();
        rows.try_fold(0_usize, |sum, rows| sum.checked_add(usize::try_from(*rows).ok()?))
            .ok_or(Malformed)
    }
}

/// The lean changes, built one after the other, as a later one may hang on an earlier.
pub(super) struct Building<'a, F> {
    headers: Headers,
    rows: RowReader<'a>,
    actors: &'a [ActorId],
    find: F,
    /// Hash and last counter of each that was built.
    before: Vec<(ChangeHash, u64)>,
}

impl<'a, F: Fn(usize, ActorId, u64) -> Option<SharedChange>> Building<'a, F> {
    pub(super) fn new(headers: Headers, rows: RowReader<'a>, actors: &'a [ActorId], find: F) -> Self {
        Self {
            headers,
            rows,
            actors,
            find,
            before: Vec::new(),
        }
    }

    /// The chunk of the next lean change.
    pub(super) fn next(&mut self, record: usize, kind: Option<RecordKind>) -> Result<Vec<u8>, WireError> {
        let actor = actor_of(self.actors, self.headers.actor.next().ok_or(Malformed)?)?;
        let seq = self.headers.seq.next().ok_or(Malformed)?;
        let (mut deps, mut reached) = (Vec::new(), 0);
        for _ in 0..self.headers.deps.next().ok_or(Malformed)? {
            let (hash, max_op) = self.dep(record, kind)?;
            deps.push(hash);
            reached = reached.max(max_op);
        }
        let above = self.headers.start.next().ok_or(Malformed)?;
        let start_op = reached.saturating_add(1).checked_add_signed(above);
        let start_op = start_op
            .filter(|start_op| (1..=MAX_COUNTER).contains(start_op))
            .ok_or(Malformed)?;
        let rows = self
            .rows
            .take(self.headers.rows.next().ok_or(Malformed)?, start_op)?;
        let change = LeanChange {
            actor,
            seq,
            start_op,
            deps,
            rows,
        };
        let chunk = change.chunk();
        let hash = Chunk::read(&chunk).map_err(|_| Malformed)?.hash;
        self.before.push((hash, change.max_op()));
        Ok(chunk)
    }

    /// The next dependency, and its max_op where that is known from the batch or from both sides.
    fn dep(&mut self, record: usize, kind: Option<RecordKind>) -> Result<(ChangeHash, u64), WireError> {
        match self.headers.dep.next().ok_or(Malformed)? {
            0 => Ok((self.headers.hash.next().ok_or(Malformed)?, 0)),
            1 => kind
                .and_then(start)
                .map(|start| (start.hash, start.max_op))
                .ok_or(WireError::Malformed),
            2 => {
                let actor = actor_of(self.actors, self.headers.shared_actor.next().ok_or(Malformed)?)?;
                let seq = self.headers.shared_seq.next().ok_or(Malformed)?;
                let shared = (self.find)(record, actor, seq).ok_or(WireError::NotShared)?;
                Ok((shared.hash, shared.max_op))
            }
            back => {
                let back = usize::try_from(back - 3).map_err(|_| Malformed)?;
                self.before
                    .iter()
                    .rev()
                    .nth(back)
                    .copied()
                    .ok_or(WireError::Malformed)
            }
        }
    }

    pub(super) fn hashes(&self) -> impl Iterator<Item = ChangeHash> {
        self.before.iter().map(|(hash, _)| *hash)
    }
}

/// The actor with this number; 0 is the zero actor.
pub(super) fn actor_of(actors: &[ActorId], number: u64) -> Result<ActorId, Malformed> {
    let Some(place) = number.checked_sub(1) else {
        return Ok(ActorId::ZERO);
    };
    usize::try_from(place)
        .ok()
        .and_then(|place| actors.get(place))
        .copied()
        .ok_or(Malformed)
}
