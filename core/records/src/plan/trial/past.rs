//! What a change may know of: the changes that it hangs on, and theirs.

use std::collections::{HashMap, HashSet};

use crate::id::ActorId;
use crate::kind::RecordKind;
use crate::plan::change::{ChangeHeader, SoundChange};
use crate::plan::chunk::ChangeHash;
use crate::plan::start::{Golden, starts};

/// The changes of a plan and what each hangs on.
pub(super) struct Past {
    changes: HashMap<ChangeHash, Known>,
}

struct Known {
    actor: ActorId,
    start_op: u64,
    max_op: u64,
    deps: Vec<ChangeHash>,
}

impl Past {
    pub(super) fn new(kind: RecordKind, headers: &[ChangeHeader]) -> Self {
        let start = |golden: &Golden| {
            let known = Known {
                actor: ActorId::ZERO,
                start_op: 1,
                max_op: golden.max_op,
                deps: Vec::new(),
            };
            (golden.hash, known)
        };
        let mut past = Self {
            changes: starts(kind).iter().map(start).collect(),
        };
        headers.iter().for_each(|header| past.add(header));
        past
    }

    pub(super) fn add(&mut self, header: &ChangeHeader) {
        let ChangeHeader {
            hash,
            actor,
            start_op,
            max_op,
            deps,
            ..
        } = header.clone();
        self.changes.insert(
            hash,
            Known {
                actor,
                start_op,
                max_op,
                deps,
            },
        );
    }

    /// Whether every operation of others that the change names was made by a change that it hangs on. If one were
    /// not, the change would be sound in one order of arrival and not in another.
    pub(super) fn holds_what_is_named(&self, change: &SoundChange<'_>) -> bool {
        let mut named = change.named_of_others();
        let mut turn = change.header.deps.clone();
        let mut seen: HashSet<ChangeHash> = turn.iter().copied().collect();
        while let Some(hash) = turn.pop() {
            if named.is_empty() {
                return true;
            }
            let Some(known) = self.changes.get(&hash) else {
                continue;
            };
            named.retain(|(actor, counter)| {
                *actor != known.actor || !(known.start_op..=known.max_op).contains(counter)
            });
            turn.extend(known.deps.iter().filter(|dep| seen.insert(**dep)).copied());
        }
        named.is_empty()
    }
}
