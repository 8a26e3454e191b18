use std::collections::{BTreeMap, BTreeSet};

use minicbor::bytes::ByteVec;
use saddlebag_protocol::{AuthorOf, Forget, Page, RemovedSide, to_frame};
use saddlebag_records::fact::{Batch, Fact, SideValue, pack};
use saddlebag_records::id::{DeviceNumber, FactId, PersonId, RecordId};
use saddlebag_records::plan::wire::{self, WireChange};

use super::LEVEL;
use super::pull::Place;

/// Something for a device, and how far it has read once it has it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) what: Vec<Piece>,
    pub(super) place: Place,
}

/// A piece of a page.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// A fact, with those of its side values that the device may see.
    Fact(Box<Fact>, Vec<SideValue>),
    /// A plan change.
    Change(WireChange),
    /// A record that leaves.
    Forget(Forget),
    /// A side value that leaves.
    RemovedSide(RemovedSide),
}

impl Entry {
    /// What it weighs before compression, about.
    pub(super) fn weight(&self) -> usize {
        let weight = |piece: &Piece| match piece {
            Piece::Fact(_, sides) => 96 + sides.iter().map(|side| 8 + side.value.len()).sum::<usize>(),
            Piece::Change(change) => change.bytes.len(),
            Piece::Forget(_) => 22,
            Piece::RemovedSide(_) => 36,
        };
        self.what.iter().map(weight).sum()
    }
}

/// Whose devices wrote what the entries bring, as far as the reader is told.
pub(super) type Authors = BTreeMap<DeviceNumber, PersonId>;

/// The page of these entries. A fact that several of them bring comes once, with the side values of all.
pub(super) fn page_of(entries: &[Entry], whose: &Authors) -> Page {
    let mut batch = Batch::default();
    let mut sides: BTreeMap<FactId, Vec<SideValue>> = BTreeMap::new();
    let mut forget: BTreeMap<RecordId, Forget> = BTreeMap::new();
    let (mut changes, mut removed) = (Vec::new(), Vec::new());
    for piece in entries.iter().flat_map(|entry| &entry.what) {
        match piece {
            Piece::Fact(fact, its) => {
                if !sides.contains_key(&fact.id) {
                    batch.facts.push(Fact::clone(fact));
                }
                let all = sides.entry(fact.id).or_default();
                all.extend(
                    its.iter()
                        .filter(|side| !all.contains(side))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
            }
            Piece::Change(change) => changes.push(change.clone()),
            Piece::Forget(its) => drop(forget.insert(RecordId(its.record), *its)),
            Piece::RemovedSide(side) => removed.push(*side),
        }
    }
    batch.side = batch
        .facts
        .iter()
        .flat_map(|fact| sides.remove(&fact.id).unwrap_or_default())
        .collect();
    let authors: BTreeSet<DeviceNumber> = batch.facts.iter().map(|fact| fact.id.device).collect();
    let authors = authors.into_iter().filter_map(|device| {
        Some(AuthorOf {
            device: device.0,
            person: whose.get(&device)?.0,
        })
    });
    Page {
        authors: some(authors.collect(), |authors| authors),
        facts: some(batch.facts, |facts| {
            ByteVec::from(pack(&Batch {
                facts,
                side: batch.side,
            }))
        }),
        changes: some(changes, |changes| ByteVec::from(wire::pack(&changes))),
        forget: some(forget.into_values().collect(), |forget| forget),
        removed_side: some(removed, |removed| removed),
    }
}

fn some<T, U>(list: Vec<T>, then: impl FnOnce(Vec<T>) -> U) -> Option<U> {
    (!list.is_empty()).then(|| then(list))
}

/// The most of these entries, from the first on, whose page stays within so many bytes, compressed; one at least.
pub(super) fn fill(entries: &[Entry], whose: &Authors, budget: usize) -> (usize, Page, usize) {
    let mut count = entries.len();
    loop {
        let page = page_of(entries.get(..count).unwrap_or_default(), whose);
        let size = to_frame(&page, LEVEL).len();
        if size <= budget || count <= 1 {
            return (count, page, size);
        }
        // Compression is even enough that the first guess mostly holds.
        count = (count * budget / size * 15 / 16).clamp(1, count - 1);
    }
}
