//! Packing a batch.

use super::rows::{LeanChange, Object, OpId, Place, Row, What};
use super::{FORM_LEAN, FORM_WHOLE, IndexedChange, SharedChange, VERSION, WireChange, digest, lane};
use crate::id::{ActorId, RecordId};
use crate::kind::RecordKind;
use crate::leb128::{write_int, write_uint};
use crate::plan::chunk::{ChangeHash, Chunk};
use crate::plan::op::{self, Scalar};
use crate::plan::start::start;

/// Packs changes of many records with a list of the records before them.
pub fn pack(changes: &[WireChange]) -> Vec<u8> {
    let mut records: Vec<(RecordId, RecordKind)> = Vec::new();
    let mut indexed = Vec::with_capacity(changes.len());
    for change in changes {
        let record = (change.record, change.kind);
        let place = records.iter().rposition(|other| *other == record);
        let place = place.unwrap_or_else(|| {
            records.push(record);
            records.len() - 1
        });
        indexed.push(IndexedChange {
            record: place,
            bytes: change.bytes.clone(),
        });
    }
    let mut out = Vec::new();
    write_uint(&mut out, VERSION);
    write_uint(&mut out, records.len() as u64);
    records.iter().for_each(|(record, _)| out.extend(record.0));
    out.extend(records.iter().map(|(_, kind)| *kind as u8));
    let kinds: Vec<_> = records.iter().map(|(_, kind)| *kind).collect();
    out.extend(pack_body(&kinds, &indexed, |_, _| None));
    out
}

/// Packs changes of records that the caller lists, with the kind of each record of that list. `shared` says of a
/// record's change whether the receiver surely knows it.
pub fn pack_body(
    kinds: &[RecordKind],
    changes: &[IndexedChange],
    shared: impl Fn(usize, &ChangeHash) -> Option<SharedChange>,
) -> Vec<u8> {
    let (mut names, mut rows) = (Names::default(), RowColumns::default());
    let mut columns = ChangeColumns::default();
    let mut before: Vec<(ChangeHash, u64)> = Vec::new();
    for change in changes {
        let Some((hash, lean)) = lean(&change.bytes) else {
            columns.whole(&change.bytes);
            continue;
        };
        let start = kinds.get(change.record).and_then(|kind| start(*kind));
        let name = |dep: &ChangeHash| match start.filter(|start| start.hash == *dep) {
            Some(start) => Dep::Start(start.max_op),
            None => match before.iter().rev().zip(0..).find(|((hash, _), _)| hash == dep) {
                Some(((_, max_op), back)) => Dep::Before(back, *max_op),
                None => shared(change.record, dep).map_or(Dep::Hash(*dep), Dep::Shared),
            },
        };
        let deps: Vec<_> = lean.deps.iter().map(name).collect();
        columns.lean(&lean, &deps, &mut names);
        before.push((hash, lean.max_op()));
        lean.rows
            .into_iter()
            .for_each(|row| rows.add(row, lean.start_op, &mut names));
    }
    let mut out = Vec::new();
    write_uint(&mut out, names.actors.len() as u64);
    names.actors.iter().for_each(|actor| out.extend(actor.0));
    write_uint(&mut out, changes.len() as u64);
    let mut last = -1;
    for change in changes {
        let record = i64::try_from(change.record).unwrap_or(i64::MAX);
        write_int(&mut out, record - std::mem::replace(&mut last, record));
    }
    columns.finish(&mut out);
    write_uint(&mut out, names.keys.len() as u64);
    names
        .keys
        .iter()
        .for_each(|key| write_uint(&mut out, key.len() as u64));
    names.keys.iter().for_each(|key| out.extend(key.as_bytes()));
    rows.finish(&mut out);
    out.extend(digest(before.iter().map(|(hash, _)| *hash)));
    out
}

/// How a dependency is named, with its max_op where the receiver will know it.
enum Dep {
    Hash(ChangeHash),
    Start(u64),
    Shared(SharedChange),
    Before(u64, u64),
}

/// The change without what the receiver works out, if that gives the same bytes back.
fn lean(bytes: &[u8]) -> Option<(ChangeHash, LeanChange<'_>)> {
    let chunk = Chunk::read(bytes).ok()?;
    let ops = op::read(&chunk).ok()?;
    let lean = LeanChange::of(&chunk, &ops)?;
    (lean.chunk() == bytes).then_some((chunk.hash, lean))
}

/// The actors and keys that a batch names by number, in the order in which they come up.
#[derive(Default)]
struct Names<'a> {
    actors: Vec<ActorId>,
    keys: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn actor(&mut self, actor: ActorId) -> u64 {
        if actor == ActorId::ZERO {
            return 0;
        }
        number(&mut self.actors, actor) as u64 + 1
    }

    fn key(&mut self, key: &'a str) -> usize {
        number(&mut self.keys, key)
    }
}

fn number<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|other| *other == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

#[derive(Default)]
struct ChangeColumns {
    form: Vec<u8>,
    whole_length: Vec<u8>,
    whole: Vec<u8>,
    actor: Vec<u8>,
    seq: Vec<u8>,
    deps: Vec<u8>,
    dep: Vec<u8>,
    hash: Vec<u8>,
    shared_actor: Vec<u8>,
    shared_seq: Vec<u8>,
    start: Vec<u8>,
    rows: Vec<u8>,
}

impl ChangeColumns {
    fn whole(&mut self, bytes: &[u8]) {
        self.form.push(FORM_WHOLE);
        write_uint(&mut self.whole_length, bytes.len() as u64);
        self.whole.extend(bytes);
    }

    fn lean(&mut self, change: &LeanChange<'_>, deps: &[Dep], names: &mut Names<'_>) {
        self.form.push(FORM_LEAN);
        write_uint(&mut self.actor, names.actor(change.actor));
        write_uint(&mut self.seq, change.seq);
        write_uint(&mut self.deps, deps.len() as u64);
        let mut reached = 0;
        for dep in deps {
            let (number, max_op) = match dep {
                Dep::Hash(hash) => {
                    self.hash.extend(hash.0);
                    (0, 0)
                }
                Dep::Start(max_op) => (1, *max_op),
                Dep::Shared(shared) => {
                    write_uint(&mut self.shared_actor, names.actor(shared.actor));
                    write_uint(&mut self.shared_seq, shared.seq);
                    (2, shared.max_op)
                }
                Dep::Before(back, max_op) => (back + 3, *max_op),
            };
            write_uint(&mut self.dep, number);
            reached = reached.max(max_op);
        }
        write_int(&mut self.start, difference(change.start_op, reached + 1));
        write_uint(&mut self.rows, change.rows.len() as u64);
    }

    fn finish(self, out: &mut Vec<u8>) {
        out.extend([self.form, self.whole_length, self.whole, self.actor, self.seq].concat());
        out.extend([self.deps, self.dep, self.hash, self.shared_actor, self.shared_seq].concat());
        out.extend([self.start, self.rows].concat());
    }
}

/// Counters of changes that could be read are far below 2^63.
fn difference(a: u64, b: u64) -> i64 {
    (a as i64).wrapping_sub(b as i64)
}

#[derive(Default)]
struct RowColumns<'a> {
    what: Vec<u8>,
    object: Vec<u8>,
    key: Vec<u8>,
    place: Vec<u8>,
    preds: Vec<u8>,
    id_actor: Vec<u8>,
    id_back: Vec<u8>,
    /// By number of the key.
    values: Vec<Vec<Scalar<'a>>>,
    inserted: Vec<Scalar<'a>>,
    text_length: Vec<u8>,
    text: Vec<u8>,
}

impl<'a> RowColumns<'a> {
    fn add(&mut self, row: Row<'a>, start_op: u64, names: &mut Names<'a>) {
        let mut ids: Vec<OpId> = Vec::new();
        let object = match row.object {
            Object::Root => 0,
            Object::Id(id) => {
                ids.push(id);
                1
            }
            Object::Golden(counter) => counter + 2,
        };
        write_uint(&mut self.object, object);
        let place = row.place();
        if let Some(place) = place {
            write_uint(
                &mut self.place,
                match place {
                    Place::Head => 0,
                    Place::Before => 1,
                    Place::Id(id) => {
                        ids.push(id);
                        2
                    }
                },
            );
        }
        let preds = match (row.preds.as_slice(), place) {
            ([], _) => 0,
            ([pred], Some(Place::Id(id))) if *pred == id => 1,
            (preds, _) => {
                ids.extend(preds);
                preds.len() as u64 + 1
            }
        };
        write_uint(&mut self.preds, preds);
        for id in ids {
            write_uint(&mut self.id_actor, names.actor(id.actor));
            write_int(&mut self.id_back, difference(start_op, id.ctr));
        }
        write_uint(
            &mut self.what,
            match row.what {
                What::Set(key, value) => {
                    let number = names.key(key);
                    write_uint(&mut self.key, number as u64);
                    self.values.resize(self.values.len().max(number + 1), Vec::new());
                    self.values
                        .iter_mut()
                        .skip(number)
                        .take(1)
                        .for_each(|lane| lane.push(value));
                    0
                }
                What::Delete(key) => {
                    write_uint(&mut self.key, names.key(key) as u64);
                    1
                }
                What::InsertText(_, text) => {
                    write_uint(&mut self.text_length, text.len() as u64);
                    self.text.extend(text.as_bytes());
                    2
                }
                What::InsertValue(_, value) => {
                    self.inserted.push(value);
                    3
                }
                What::InsertMap(_) => 4,
                What::DeletePlace(_) => 5,
            },
        );
    }

    fn finish(self, out: &mut Vec<u8>) {
        let Self {
            what,
            object,
            key,
            place,
            preds,
            id_actor,
            id_back,
            values,
            inserted,
            text_length,
            text,
        } = self;
        out.extend([what, object, key, place, preds, id_actor, id_back].concat());
        values.iter().for_each(|values| lane::write(out, values));
        lane::write(out, &inserted);
        out.extend(text_length);
        out.extend(text);
    }
}
