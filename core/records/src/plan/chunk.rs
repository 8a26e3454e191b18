//! An Automerge change chunk, read without Automerge.
//!
//! Format: <https://automerge.org/automerge-binary-format-spec/> ("Change chunk"). Read in O(bytes); nothing is
//! allocated but the lists of dependencies and actors, whose lengths are checked first.

use std::fmt;

use sha2::{Digest, Sha256};

use super::refusal::GuardRefusal;
use crate::id::ActorId;
use crate::leb128::{Reader, write_int, write_uint};

/// The longest change, in bytes.
pub const MAX_CHANGE_BYTES: usize = 16 * 1024;
/// The most changes that one change may depend on directly.
pub const MAX_DEPENDENCIES: usize = 8;

pub(crate) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
pub(crate) const TYPE_CHANGE: u8 = 1;
const MAX_OTHER_ACTORS: u64 = 64;
/// Far above what [`MAX_PLAN_OPS`](super::trial::MAX_PLAN_OPS) lets a plan reach, far below what spoils a save.
pub(crate) const MAX_COUNTER: u64 = 1 << 24;

/// A change's name: the SHA-256 of its chunk without magic and checksum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeHash(pub [u8; 32]);

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The columns of a change, by what they hold. A column that is absent is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns<'a> {
    pub(crate) obj_actor: &'a [u8],
    pub(crate) obj_ctr: &'a [u8],
    pub(crate) key_actor: &'a [u8],
    pub(crate) key_ctr: &'a [u8],
    pub(crate) key_str: &'a [u8],
    pub(crate) insert: &'a [u8],
    pub(crate) action: &'a [u8],
    pub(crate) value_meta: &'a [u8],
    pub(crate) value: &'a [u8],
    pub(crate) pred_count: &'a [u8],
    pub(crate) pred_actor: &'a [u8],
    pub(crate) pred_ctr: &'a [u8],
}

impl<'a> Columns<'a> {
    /// The column with this number in Automerge's format. The two that only formatting marks use are not here.
    fn slot(&mut self, specification: u64) -> Option<&mut &'a [u8]> {
        Some(match specification {
            0x01 => &mut self.obj_actor,
            0x02 => &mut self.obj_ctr,
            0x11 => &mut self.key_actor,
            0x13 => &mut self.key_ctr,
            0x15 => &mut self.key_str,
            0x34 => &mut self.insert,
            0x42 => &mut self.action,
            0x56 => &mut self.value_meta,
            0x57 => &mut self.value,
            0x70 => &mut self.pred_count,
            0x71 => &mut self.pred_actor,
            0x73 => &mut self.pred_ctr,
            _ => return None,
        })
    }

    pub(crate) fn in_order(&self) -> [(u64, &'a [u8]); 12] {
        [
            (0x01, self.obj_actor),
            (0x02, self.obj_ctr),
            (0x11, self.key_actor),
            (0x13, self.key_ctr),
            (0x15, self.key_str),
            (0x34, self.insert),
            (0x42, self.action),
            (0x56, self.value_meta),
            (0x57, self.value),
            (0x70, self.pred_count),
            (0x71, self.pred_actor),
            (0x73, self.pred_ctr),
        ]
    }
}

/// A plain change chunk whose frame is sound: hash and checksum agree, header read, columns found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chunk<'a> {
    pub(crate) hash: ChangeHash,
    pub(crate) deps: Vec<ChangeHash>,
    pub(crate) actor: ActorId,
    pub(crate) others: Vec<ActorId>,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) columns: Columns<'a>,
}

impl<'a> Chunk<'a> {
    /// Reads one chunk, which must be all of `bytes`.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, GuardRefusal> {
        if bytes.len() > MAX_CHANGE_BYTES {
            return Err(GuardRefusal::TooLarge);
        }
        let mut from = Reader::new(bytes);
        if from.array::<4>()? != MAGIC {
            return Err(GuardRefusal::NotPlain);
        }
        let checksum = from.array::<4>()?;
        let hashed = from.rest();
        if from.byte()? != TYPE_CHANGE {
            return Err(GuardRefusal::NotPlain);
        }
        let length = from.uint()?;
        match length.cmp(&(from.remaining() as u64)) {
            std::cmp::Ordering::Less => return Err(GuardRefusal::TrailingBytes),
            std::cmp::Ordering::Greater => return Err(GuardRefusal::Malformed),
            std::cmp::Ordering::Equal => {}
        }
        let hash: [u8; 32] = Sha256::digest(hashed).into();
        if !hash.starts_with(&checksum) {
            return Err(GuardRefusal::Checksum);
        }
        Self::read_contents(from, ChangeHash(hash))
    }

    fn read_contents(mut from: Reader<'a>, hash: ChangeHash) -> Result<Self, GuardRefusal> {
        let deps = read_deps(&mut from)?;
        let actor = read_actor(&mut from, GuardRefusal::ActorLength)?;
        let (seq, start_op) = (from.uint()?, from.uint()?);
        if !(1..=MAX_COUNTER).contains(&seq) {
            return Err(GuardRefusal::Sequence);
        }
        if !(1..=MAX_COUNTER).contains(&start_op) {
            return Err(GuardRefusal::StartOp);
        }
        if from.int()? != 0 {
            return Err(GuardRefusal::Time);
        }
        if from.uint()? != 0 {
            return Err(GuardRefusal::Message);
        }
        let others = read_others(&mut from, actor)?;
        let columns = read_columns(&mut from)?;
        if !from.is_empty() {
            return Err(GuardRefusal::TrailingBytes);
        }
        Ok(Self {
            hash,
            deps,
            actor,
            others,
            seq,
            start_op,
            columns,
        })
    }

    /// The chunk's bytes, made from its parts; `hash` is not looked at.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut contents = Vec::new();
        write_uint(&mut contents, self.deps.len() as u64);
        for dep in &self.deps {
            contents.extend(dep.0);
        }
        write_actor(&mut contents, self.actor);
        write_uint(&mut contents, self.seq);
        write_uint(&mut contents, self.start_op);
        write_int(&mut contents, 0);
        write_uint(&mut contents, 0);
        write_uint(&mut contents, self.others.len() as u64);
        for other in &self.others {
            write_actor(&mut contents, *other);
        }
        let columns = self.columns.in_order();
        let present = || columns.iter().filter(|(_, data)| !data.is_empty());
        write_uint(&mut contents, present().count() as u64);
        for (specification, data) in present() {
            write_uint(&mut contents, *specification);
            write_uint(&mut contents, data.len() as u64);
        }
        for (_, data) in present() {
            contents.extend(*data);
        }
        frame(&contents).0
    }
}

/// A change chunk around these contents, and its hash.
pub(crate) fn frame(contents: &[u8]) -> (Vec<u8>, ChangeHash) {
    let mut hashed = vec![TYPE_CHANGE];
    write_uint(&mut hashed, contents.len() as u64);
    hashed.extend(contents);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    let [a, b, c, d, ..] = hash;
    let mut bytes = Vec::with_capacity(8 + hashed.len());
    bytes.extend(MAGIC);
    bytes.extend([a, b, c, d]);
    bytes.extend(hashed);
    (bytes, ChangeHash(hash))
}

fn read_deps(from: &mut Reader<'_>) -> Result<Vec<ChangeHash>, GuardRefusal> {
    let count = from.uint()?;
    if count > MAX_DEPENDENCIES as u64 {
        return Err(GuardRefusal::Dependencies);
    }
    let mut deps = Vec::with_capacity(MAX_DEPENDENCIES);
    for _ in 0..count {
        let dep = ChangeHash(from.array()?);
        if deps.contains(&dep) {
            return Err(GuardRefusal::Dependencies);
        }
        deps.push(dep);
    }
    Ok(deps)
}

fn read_actor(from: &mut Reader<'_>, otherwise: GuardRefusal) -> Result<ActorId, GuardRefusal> {
    if from.uint()? != 16 {
        return Err(otherwise);
    }
    Ok(ActorId(from.array()?))
}

fn write_actor(to: &mut Vec<u8>, actor: ActorId) {
    write_uint(to, 16);
    to.extend(actor.0);
}

fn read_others(from: &mut Reader<'_>, author: ActorId) -> Result<Vec<ActorId>, GuardRefusal> {
    let count = from.uint()?;
    if count > MAX_OTHER_ACTORS {
        return Err(GuardRefusal::OtherActors);
    }
    let mut others: Vec<ActorId> = Vec::new();
    for _ in 0..count {
        let other = read_actor(from, GuardRefusal::OtherActors)?;
        if other == author || others.last().is_some_and(|last| *last >= other) {
            return Err(GuardRefusal::OtherActors);
        }
        others.push(other);
    }
    Ok(others)
}

fn read_columns<'a>(from: &mut Reader<'a>) -> Result<Columns<'a>, GuardRefusal> {
    let mut columns = Columns::default();
    let count = from.uint()?;
    if count > columns.in_order().len() as u64 {
        return Err(GuardRefusal::UnknownColumn);
    }
    let mut lengths = Vec::new();
    for _ in 0..count {
        let (specification, length) = (from.uint()?, from.uint()?);
        let after = lengths.last().is_none_or(|(last, _)| *last < specification);
        if !after || columns.slot(specification).is_none() {
            return Err(GuardRefusal::UnknownColumn);
        }
        lengths.push((specification, length));
    }
    for (specification, length) in lengths {
        let data = from.take(length)?;
        if let Some(slot) = columns.slot(specification) {
            *slot = data;
        }
    }
    Ok(columns)
}
