//! Which of the acts that stand in a journal were done.

use std::collections::HashMap;

use saddlebag_records::fact::Fact;
use saddlebag_records::id::ActorId;
use saddlebag_records::plan::claimed;

use crate::county::{Item, Written};

/// What an act's items are called: no two acts that were done share a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Name {
    Fact(u64, u64),
    Change([u8; 16], ActorId, u64),
}

/// Which acts of a journal were done. One is written there before it is committed, so that it may stand there and not
/// have been: then a later one has its names.
#[derive(Default)]
pub(super) struct Claims {
    acts: usize,
    last: HashMap<Name, (usize, blake3::Hash)>,
}

impl Claims {
    pub(super) fn note(&mut self, written: &Written) {
        for (name, hash) in names(written) {
            self.last.insert(name, (self.acts, hash));
        }
        self.acts += 1;
    }

    /// Whether the act, the how manyeth of the journal from 0, was done.
    pub(super) fn was_done(&self, act: usize, written: &Written) -> bool {
        names(written).all(|(name, hash)| {
            let last = self.last.get(&name);
            last.is_none_or(|(by, other)| *by == act || *other == hash)
        })
    }
}

fn names(written: &Written) -> impl Iterator<Item = (Name, blake3::Hash)> {
    written.items.iter().filter_map(|item| match item {
        Item::Fact { bytes, .. } => {
            let fact = Fact::decode(bytes).ok()?;
            Some((Name::Fact(fact.id.device.0, fact.id.n), blake3::hash(bytes)))
        }
        Item::Change { record, bytes, .. } => {
            let (actor, seq) = claimed(bytes)?;
            Some((Name::Change(*record, actor, seq), blake3::hash(bytes)))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use minicbor::bytes::ByteVec;
    use saddlebag_records::clock::{ClockSource, Stamp};
    use saddlebag_records::fact::{Body, kinds};
    use saddlebag_records::id::{DeviceNumber, FactId, RecordId};

    use super::*;

    /// An act with one fact, the how manyeth of its author, at a time.
    fn act(n: u64, hlc_ms: i64) -> Written {
        let fact = Fact {
            id: FactId::new(DeviceNumber(1), n),
            record: RecordId([4; 16]),
            kind: kinds::delivery::ANNOUNCED,
            version: 1,
            after: Vec::new(),
            stamp: Stamp {
                hlc_ms,
                hlc_count: 0,
                source: ClockSource::County,
            },
            observed: None,
            was: None,
            body: Body::new(),
        };
        Written {
            at_ms: hlc_ms,
            items: vec![Item::Fact {
                bytes: ByteVec::from(fact.encode()),
                sides: Vec::new(),
            }],
        }
    }

    #[test]
    fn of_two_acts_that_claim_one_name_the_later_was_done() {
        let acts = [act(1, 10), act(2, 20), act(2, 30), act(3, 40), act(3, 40)];
        let mut claims = Claims::default();
        for act in &acts {
            claims.note(act);
        }
        let done: Vec<bool> = acts
            .iter()
            .enumerate()
            .map(|(at, act)| claims.was_done(at, act))
            .collect();
        // The last two are the same, which harms nothing.
        assert_eq!(done, [true, false, true, true, true]);
    }
}
